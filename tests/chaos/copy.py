"""A whole running copy of the product in its own folder and on its own ports, to be hurt."""

import fcntl
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import IO

import httpx
import psycopg

from caunoi.cli import home
from caunoi.kit import postgres
from tests import template

ROOT = Path(__file__).resolve().parents[2]


PORTS = range(20_000, 32_000)
"""Below the ports the system lends to outgoing connections: none of those can take ours away before we listen."""
_taken: list[IO[str]] = []


def free_port() -> int:
    """Return a port nobody listens on and no other copy of these tests has chosen; it stays ours until we end."""
    folder = Path(tempfile.gettempdir()) / "caunoi-test-ports"
    folder.mkdir(exist_ok=True)
    for port in secrets.SystemRandom().sample(PORTS, 200):
        mark = (folder / str(port)).open("w")
        try:
            fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", port))
        except OSError:
            mark.close()
            continue
        _taken.append(mark)
        return port
    raise AssertionError("no free port")


def _copy(folder: Path, to: Path) -> None:
    """Copy a stopped home with its owners."""
    to.mkdir(exist_ok=True)
    subprocess.run(["cp", "-a", "--reflink=auto", f"{folder}/.", str(to)], check=True)


class RunningCopy:
    """``caunoi up`` as a newcomer starts it; use as a context manager."""

    def __init__(self, *, database: str = "") -> None:
        self.database = database
        self.home = Path(tempfile.mkdtemp(prefix="caunoi-copy-"))
        self.home.chmod(0o711)
        self.port, self.simulator_port = free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.simulator_url = f"http://127.0.0.1:{self.simulator_port}"
        self.process: subprocess.Popen[bytes] | None = None
        self._said_before = 0

    @property
    def environment(self) -> dict[str, str]:
        clean = {
            k: v
            for k, v in os.environ.items()
            if not k.startswith(("CAUNOI_", "DATABASE_URL", "DJANGO_"))
        }
        return clean | {
            "CAUNOI_HOME": str(self.home),
            "PORT": str(self.port),
            "SIMULATOR_PORT": str(self.simulator_port),
            "CAUNOI_INSECURE_PASSKEYS": "1",
            "CAUNOI_MADE": os.environ.get("CAUNOI_MADE", str(self.home / "made")),
            **({"DATABASE_URL": self.database} if self.database else {}),
        }

    def start(self) -> "RunningCopy":
        """Start, and return when the first page is printed and the web answers; nothing happens while it runs."""
        if self.running():
            return self
        if not self.database and not self.log():
            self._take_the_template()
        self._said_before = len(self.log())
        with (self.home / "up.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "caunoi.cli", "up"],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
            )
        try:
            self.wait_for(self.ready, 300, "the copy did not come up")
        except AssertionError:
            self.stop()
            raise
        return self

    def _take_the_template(self) -> None:
        """Give a new copy what this run has loaded already, where it has; tests/outside starts from nothing, step by step."""
        sockets = os.environ.get("CAUNOI_TEST_POSTGRES", "")
        if not sockets:
            return
        loaded = Path(sockets).parent / "loaded"
        with Path(f"{loaded}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not loaded.is_dir():
                self._load(sockets)
                _copy(self.home, loaded)
                return
        _copy(loaded, self.home)

    def _load(self, sockets: str) -> None:
        """Make schema and sample data here, once a run."""
        server = home.server(self.home.resolve())
        server.start()
        try:
            home.prepare_database(server)
            template.load(str(server.sockets), template.dump(sockets), database=home.DATABASE)
            done = self.command("demo")
        finally:
            server.stop()
        if done.returncode:
            raise AssertionError(done.stderr)

    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def ready(self) -> bool:
        if not self.running():
            raise AssertionError(f"caunoi up ended: {self.log()[-3000:]}")
        return "Ctrl+C" in self.log()[self._said_before :] and self.answers("/healthz") == 200

    def answers(self, path: str) -> int | None:
        try:
            return httpx.get(self.url + path, timeout=5).status_code
        except httpx.HTTPError:
            return None

    def outside(self, method: str, path: str, **words) -> httpx.Response:
        """Ask the simulator's controls; one that is being started again is waited for."""
        deadline = time.monotonic() + 20
        while True:
            try:
                return httpx.request(
                    method, f"{self.simulator_url}/_control/{path}", timeout=20, **words
                )
            except httpx.ConnectError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.3)

    def log(self) -> str:
        file = self.home / "up.log"
        return file.read_text(errors="replace") if file.is_file() else ""

    def kill(self, name: str) -> None:
        """``kill -9`` one process of the copy, with all it started."""
        pid = json.loads((self.home / "processes.json").read_text())[name]
        if name == "postgres":
            os.kill(pid, signal.SIGKILL)
        else:
            os.killpg(pid, signal.SIGKILL)

    def rows(self, sql: str, *values: object) -> list[tuple]:
        sockets = postgres.socket_dir(postgres.place(self.home.resolve()))
        own = f"host={sockets} user=caunoi dbname=caunoi"
        with psycopg.connect(self.database or own) as connection:
            return connection.execute(sql, values or None).fetchall()  # type: ignore[arg-type]

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "caunoi.cli", *words],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )

    @staticmethod
    def wait_for(true, seconds: float, otherwise: str) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            try:
                if true():
                    return
            except (psycopg.OperationalError, httpx.HTTPError):
                pass
            time.sleep(0.3)
        raise AssertionError(otherwise)

    def stop(self) -> int | None:
        if self.process is None or not self.running():
            return None
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=60)

    def __enter__(self) -> "RunningCopy":
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()
