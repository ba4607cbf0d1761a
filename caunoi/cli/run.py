"""``caunoi up``: start everything and watch over it until Ctrl+C."""

import argparse
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from caunoi.cli import first_page, home, prepare
from caunoi.cli.output import OK, CommandError, complain, say
from caunoi.kit import postgres
from config import database

STOP_SECONDS = 15
BACKOFF_SECONDS = (0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
STEADY_SECONDS = 30


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--no-simulator", action="store_true", help="demo mode without the outside world"
    )
    parser.add_argument("--bind", default=os.environ.get("CAUNOI_BIND", "127.0.0.1"))


@dataclass
class Child:
    """One watched process; it and all it started form a group that is ended together."""

    name: str
    command: list[str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    failures: int = 0
    due_at: float = field(default=0.0)

    def start(self) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=postgres.die_with_parent(signal.SIGTERM),
            )
        self.started_at = time.monotonic()

    def dead(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def end(self, how: signal.Signals) -> None:
        """Signal the whole group; nothing happens when it is gone already."""
        if self.process is None:
            return
        try:
            os.killpg(self.process.pid, how)
        except ProcessLookupError:
            return

    def wait(self, seconds: float) -> None:
        if self.process is None:
            return
        try:
            self.process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            self.end(signal.SIGKILL)
            self.process.wait(timeout=5)


class Supervisor:
    """Keeps the database and the children running; restarts what dies, with growing pauses."""

    def __init__(self, server: postgres.Server | None, children: list[Child], folder: Path) -> None:
        self.server = server
        self.children = children
        self.folder = folder
        self.stopping = False

    def note_processes(self) -> None:
        """Write ``processes.json`` (name → process number), for operators and for tests that kill."""
        numbers = {c.name: c.process.pid for c in self.children if c.process is not None}
        if self.server is not None and self.server.process is not None:
            numbers["postgres"] = self.server.process.pid
        fresh = self.folder / "processes.json.new"
        fresh.write_text(json.dumps(numbers), encoding="utf-8")
        fresh.replace(self.folder / "processes.json")

    def ask_to_stop(self, _signal: int, _frame: FrameType | None) -> None:
        self.stopping = True

    def watch(self) -> None:
        """Look four times a second until asked to stop."""
        while not self.stopping:
            if self.server is not None and not self.server.alive():
                complain("PostgreSQL ended unexpectedly; starting it again.")
                self.server.start()
                self.note_processes()
            for child in self.children:
                self._revive(child)
            time.sleep(0.25)

    def _revive(self, child: Child) -> None:
        now = time.monotonic()
        if not child.dead():
            if child.failures and now - child.started_at > STEADY_SECONDS:
                child.failures = 0
            return
        if not child.due_at:
            child.end(signal.SIGKILL)  # what the dead parent left behind still holds its port
            pause = BACKOFF_SECONDS[min(child.failures, len(BACKOFF_SECONDS) - 1)]
            child.due_at, child.failures = now + pause, child.failures + 1
            complain(
                f"{child.name} ended unexpectedly; starting it again in {pause} s. Log: {child.log}"
            )
        elif now >= child.due_at:
            child.due_at = 0.0
            child.start()
            self.note_processes()

    def stop(self) -> None:
        """End the children in reverse order, then the database."""
        for child in reversed(self.children):
            child.end(signal.SIGTERM)
        for child in reversed(self.children):
            child.wait(STOP_SECONDS)
            child.end(signal.SIGKILL)
        if self.server is not None:
            self.server.stop()
        (self.folder / "processes.json").unlink(missing_ok=True)


def run(options: argparse.Namespace) -> int:
    """Run until Ctrl+C or SIGTERM. Raises CommandError when the port is taken by something else."""
    folder = database.home()
    home.prepare_secrets(folder)
    server = _start_database(folder)
    if server is None and database.embedded():
        say(first_page.already_running())
        return OK
    supervisor = Supervisor(server, [], folder)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, supervisor.ask_to_stop)
    try:
        _check_ports(options)
        _start_children(supervisor, options)
        say(first_page.text())
        supervisor.watch()
    finally:
        say("\nĐang dừng… / Stopping…")
        home.close_connections()
        supervisor.stop()
    return OK


def _start_children(supervisor: Supervisor, options: argparse.Namespace) -> None:
    """Start the simulator, the web and the worker, each as early as it can be of use.

    Loading a process is what takes the time, and two processors do not load five at once: the simulator, which needs
    nothing of ours, loads while the database is looked over, and the worker only when the web answers.
    """
    for child in children(supervisor.folder, options):
        if child.name == "web":
            prepare.everything(say, with_demo=not options.no_simulator)
        child.start()
        supervisor.children.append(child)
        supervisor.note_processes()
        if child.name == "web":
            simulated = any(c.name == "simulator" for c in supervisor.children)
            prepare.outside_world(say, with_simulator=simulated)
            _wait_until_web_answers(supervisor)


def _start_database(folder: Path) -> postgres.Server | None:
    """Start the embedded server; None when the database is outside, or when this copy already runs."""
    if not database.embedded():
        if not home.answers(database.url()):
            raise CommandError("The database named by DATABASE_URL does not answer.")
        return None
    server = home.server(folder)
    try:
        server.start()
    except postgres.AlreadyRunning:
        return None
    home.prepare_database(server)
    return server


def children(folder: Path, options: argparse.Namespace) -> list[Child]:
    """Return web, worker and (demo mode) simulator, not yet started."""
    from django.conf import settings

    logs = folder / "logs"
    python = sys.executable
    web = [
        *(python, "-m", "granian", "--interface", "wsgi", "--host", options.bind),
        *("--port", str(settings.PORT), "--workers", "2", "--blocking-threads", "4"),
        *("--respawn-failed-workers", "--no-ws", "config.wsgi:application"),
    ]
    watched = [
        Child("web", web, logs / "web.log"),
        Child("worker", [python, "-m", "caunoi.cli", "worker"], logs / "worker.log"),
    ]
    if settings.DEMO and not options.no_simulator:
        state = folder / "simulator"
        state.mkdir(parents=True, exist_ok=True)
        outside = [
            python,
            "-m",
            "simulator",
            "--port",
            str(settings.SIMULATOR_PORT),
            "--state",
            str(state),
        ]
        watched.insert(0, Child("simulator", outside, logs / "simulator.log"))
    return watched


def _check_ports(options: argparse.Namespace) -> None:
    """Raises CommandError when a port is taken: another copy's simulator on ours would be mistaken for our own."""
    from config import env

    port = env.number("PORT", 8000)
    _check_port(options.bind, port, f"Port {port} is in use. Choose another: PORT=8100 make run")
    if env.text("CAUNOI_MODE", "demo") == "demo" and not options.no_simulator:
        outside = env.number("SIMULATOR_PORT", port + 700)
        _check_port(
            "127.0.0.1",
            outside,
            f"Port {outside} of the simulator is in use. Choose another: SIMULATOR_PORT=8900 make run",
        )


def _check_port(bind: str, port: int, otherwise: str) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((bind, port))
        except OSError as error:
            raise CommandError(otherwise) from error


def _wait_until_web_answers(supervisor: Supervisor, seconds: float = 30) -> None:
    """Wait for a whole answer, not for an open port: that is open before the application is loaded."""
    from django.conf import settings

    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and not supervisor.stopping:
        ask = http.client.HTTPConnection("127.0.0.1", settings.PORT, timeout=5)
        try:
            ask.request("GET", "/healthz")
            if ask.getresponse().status < 500:
                return
        except (OSError, http.client.HTTPException):
            pass
        finally:
            ask.close()
        time.sleep(0.05)
