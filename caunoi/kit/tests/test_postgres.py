"""The embedded server survives what happens to servers."""

import os
import signal
import subprocess
import time

import psycopg
import pytest

from caunoi.kit import postgres


@pytest.fixture
def server():
    with postgres.temporary({}) as running:
        yield running


def test_a_killed_postmaster_starts_again_with_its_committed_rows(server):
    with psycopg.connect(server.url(), autocommit=True) as connection:
        connection.execute("CREATE TABLE kept (n int)")
        connection.execute("INSERT INTO kept VALUES (456)")
    assert server.process is not None
    os.kill(server.process.pid, signal.SIGKILL)
    time.sleep(0.05)

    server.start()

    with psycopg.connect(server.url()) as connection:
        assert connection.execute("SELECT n FROM kept").fetchone() == (456,)


def test_a_stale_lock_naming_a_foreign_process_is_cleared(server):
    server.stop()
    (server.data / "postmaster.pid").write_text(f"{os.getpid()}\n{server.data}\n")

    server.start()

    assert server.alive()


def test_a_second_copy_on_the_same_folder_is_told_what_to_do(server):
    second = postgres.Server(server.root)

    with pytest.raises(postgres.PostgresError, match="CAUNOI_HOME"):
        second.start()


def test_a_long_folder_name_still_gives_a_short_socket(tmp_path):
    deep = tmp_path / ("x" * 60) / ("y" * 60)

    assert len(str(postgres.socket_dir(deep))) < 100


def test_an_orphan_left_by_a_killed_launcher_is_stopped_and_replaced(server):
    orphan, lock = server.process, server._lock
    os.close(lock)
    successor = postgres.Server(server.root)

    successor.start()

    assert orphan.wait(timeout=10) == 0
    assert successor.alive()
    successor.stop()
    server._lock = None


def test_stopping_twice_is_no_error(server):
    server.stop()

    server.stop()

    assert not server.alive()


def test_programs_that_lie_in_a_closed_folder_run_from_a_whole_copy(tmp_path, monkeypatch):
    monkeypatch.setattr(postgres, "unprivileged", lambda: object())
    monkeypatch.setattr(postgres, "_everybody_may_enter", lambda _path: False)
    monkeypatch.setattr(postgres, "COPIES", tmp_path / "programs")

    program = postgres.Server(tmp_path / "copy").binary("postgres")
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)

    assert program.startswith(str(tmp_path / "programs"))
    assert said.stdout.startswith("postgres (PostgreSQL) 18")
