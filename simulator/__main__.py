"""`python -m simulator --port 8700 --state DIR --seed 1`"""

import argparse
from ipaddress import ip_address
from pathlib import Path

import uvicorn

from simulator.app import create_app


def loopback_host(text: str) -> str:
    """-> the address. Raises ArgumentTypeError for one that others could reach."""
    try:
        fine = text == "localhost" or ip_address(text).is_loopback
    except ValueError:
        fine = False
    if not fine:
        raise argparse.ArgumentTypeError(f"{text} is not a loopback address")
    return text


def read_arguments(words: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="simulator", description=__doc__)
    parser.add_argument("--host", type=loopback_host, default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8700)
    parser.add_argument("--smpp-port", type=int, default=0, help="of the carrier; 0: port + 75")
    parser.add_argument("--smtp-port", type=int, default=0, help="of the mail server; 0: port + 25")
    parser.add_argument("--state", type=Path, required=True, help="folder of the memory")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args(words)


def main() -> None:
    """Run until stopped."""
    chosen = read_arguments()
    address = f"http://{chosen.host}:{chosen.port}"
    smpp_port = chosen.smpp_port or chosen.port + 75
    app = create_app(
        chosen.state,
        seed=chosen.seed,
        address=address,
        smpp_port=smpp_port,
        smtp_port=chosen.smtp_port or chosen.port + 25,
    )
    uvicorn.run(
        app,
        host=chosen.host,
        port=chosen.port,
        http="h11",
        log_level="warning",
        timeout_graceful_shutdown=2,
    )


if __name__ == "__main__":
    main()
