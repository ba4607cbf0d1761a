"""A running simulator for tests: in a thread, or in a process of its own that can be killed."""

import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx
import uvicorn

from simulator.app import create_app
from simulator.client import ControlClient, wait_for


def free_port() -> int:
    """-> a loopback port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class RunningSimulator(ControlClient):
    """`with RunningSimulator() as simulator:` - `simulator.url` answers from then on.

    *own_process*: run `python -m simulator`, so that `kill` and `restart` are the real thing.
    *state*: keep the memory there; without it a temporary folder is used and removed.
    """

    def __init__(
        self, *, seed: int = 1, state: Path | None = None, own_process: bool = False, port: int = 0
    ) -> None:
        self._scratch = None if state else tempfile.TemporaryDirectory(prefix="simulator-")
        self.state = state or Path(str(self._scratch and self._scratch.name))
        self.seed, self.port = seed, port or free_port()
        self._own_process = own_process
        self._process: subprocess.Popen[bytes] | None = None
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None
        super().__init__(f"http://127.0.0.1:{self.port}")

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
        self.close()
        if self._scratch is not None:
            self._scratch.cleanup()

    def start(self) -> None:
        """Run, and return when it answers. Raises TimeoutError when it does not."""
        if self._own_process:
            self._start_process()
        else:
            self._start_thread()
        try:
            wait_for(self._answers, seconds=20)
        except TimeoutError:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop as a good server does; what was answered is kept."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(timeout=10)
            self._process = None
        if self._server is not None and self._thread is not None:
            self._server.should_exit = True
            self._thread.join(timeout=10)
            self._server = self._thread = None

    def kill(self) -> None:
        """Kill the process at once. Only with own_process."""
        if self._process is None:
            raise RuntimeError("only a simulator with own_process=True can be killed")
        self._process.kill()
        self._process.wait(timeout=10)
        self._process = None

    def restart(self) -> None:
        """Stop and start on the same port, with the same memory."""
        self.stop()
        self.start()

    def _answers(self) -> bool:
        try:
            return bool(self.health()["ok"])
        except httpx.TransportError:
            return False

    def _start_process(self) -> None:
        words = ["--port", str(self.port), "--state", str(self.state), "--seed", str(self.seed)]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "simulator", *words],
            cwd=Path(__file__).resolve().parent.parent,
        )

    def _start_thread(self) -> None:
        app = create_app(self.state, seed=self.seed)
        config = uvicorn.Config(
            app,
            host="127.0.0.1",
            port=self.port,
            http="h11",
            log_level="warning",
            timeout_graceful_shutdown=1,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, name="simulator", daemon=True)
        self._thread.start()
