"""The command explains itself: exit codes, JSON, and no traceback for what can be foreseen."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from caunoi.cli import doctor

ROOT = Path(__file__).resolve().parents[3]


def caunoi(*words, home, **environment):
    clean = {
        k: v
        for k, v in os.environ.items()
        if not k.startswith(("CAUNOI_", "DATABASE_URL", "DJANGO_"))
    }
    return subprocess.run(
        [sys.executable, "-m", "caunoi.cli", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env=clean | {"CAUNOI_HOME": str(home)} | environment,
    )


@pytest.mark.parametrize(
    ("words", "environment", "part"),
    [
        (["doctor"], {"CAUNOI_MODE": "prod"}, "write demo or production"),
        (["backup"], {"DATABASE_URL": "postgresql://x@127.0.0.1:1/x"}, "DATABASE_URL"),
        (["restore", "nowhere.tar"], {}, "No such file"),
        (["import-units", "nowhere.csv"], {}, "No such file"),
        (["up"], {"DATABASE_URL": "postgresql://x@127.0.0.1:1/x"}, "DATABASE_URL"),
        (["up"], {"PORT": "eighty"}, "whole number"),
    ],
)
def test_a_foreseeable_error_is_explained_without_a_traceback(tmp_path, words, environment, part):
    done = caunoi(*words, home=tmp_path, **environment)

    assert done.returncode == 1
    assert part in done.stderr + done.stdout
    assert "Traceback" not in done.stderr


def test_a_foreign_simulator_on_our_port_is_not_mistaken_for_our_own(tmp_path):
    with socket.socket() as other, socket.socket() as free:
        other.bind(("127.0.0.1", 0))
        other.listen()
        free.bind(("127.0.0.1", 0))
        ours = str(free.getsockname()[1])
        free.close()

        done = caunoi("up", home=tmp_path, PORT=ours, SIMULATOR_PORT=str(other.getsockname()[1]))

    assert done.returncode == 1
    assert "SIMULATOR_PORT" in done.stderr


def test_an_unknown_command_is_a_usage_error(tmp_path):
    done = caunoi("dance", home=tmp_path)

    assert done.returncode == 2


def test_help_lists_every_command(tmp_path):
    done = caunoi("--help", home=tmp_path)

    for command in (
        "up",
        "worker",
        "demo",
        "simulator",
        "doctor",
        "backup",
        "restore",
        "import-units",
        "import-people",
    ):
        assert command in done.stdout


def test_something_that_is_no_backup_is_refused_before_anything_is_touched(tmp_path):
    file = tmp_path / "holiday.tar"
    file.write_text("no backup")

    done = caunoi("restore", str(file), home=tmp_path)

    assert done.returncode == 1
    assert "not a readable backup" in done.stderr


def test_the_doctor_answers_in_json_on_an_empty_folder(tmp_path):
    tmp_path.chmod(0o711)

    done = caunoi("doctor", "--json", home=tmp_path)

    report = json.loads(done.stdout)
    by_name = {f["what"]: f for f in report["findings"]}
    assert by_name["role"]["found"] == "caunoi"
    assert by_name["role"]["remedy"] == ""
    assert "steps behind" in by_name["schema"]["found"]


def test_the_doctor_names_a_superuser(tmp_path, monkeypatch):
    from caunoi.kit import postgres

    with postgres.temporary() as server:
        done = caunoi("doctor", "--json", home=tmp_path, DATABASE_URL=server.url("postgres"))

    report = json.loads(done.stdout)
    role = next(f for f in report["findings"] if f["what"] == "role")
    assert done.returncode == 1
    assert "superuser" in role["found"]
    assert "CREATE ROLE" in role["remedy"]


GIB = 1024**3


@pytest.mark.parametrize(
    ("finding", "remedy"),
    [
        (doctor.about_disk(free_bytes=GIB, total_bytes=20 * GIB, folder="/x"), "Free some space"),
        (doctor.about_server(number=140011, embedded=False), "PostgreSQL 15"),
        (doctor.about_role(name="x", mighty=True, makes_tables=True), "CREATE ROLE"),
        (doctor.about_role(name="x", mighty=False, makes_tables=False), "OWNER TO caunoi"),
        (
            doctor.about_extensions(known=doctor.EXTENSIONS - {"ltree"}, made=set(), allowed=set()),
            "contrib",
        ),
        (
            doctor.about_extensions(
                known=doctor.EXTENSIONS, made={"ltree"}, allowed={"pg_trgm", "unaccent"}
            ),
            "CREATE EXTENSION btree_gin; CREATE EXTENSION btree_gist;",
        ),
        (doctor.about_letters(encoding="SQL_ASCII", lowers=False), "UTF-8"),
    ],
)
def test_the_doctor_says_what_to_do_about(finding, remedy):
    assert remedy in finding.remedy


@pytest.mark.parametrize(
    "finding",
    [
        doctor.about_disk(free_bytes=9 * GIB, total_bytes=20 * GIB, folder="/x"),
        doctor.about_server(number=150018, embedded=False),
        doctor.about_role(name="caunoi", mighty=False, makes_tables=True),
        doctor.about_extensions(
            known=doctor.EXTENSIONS, made=set(), allowed=set(doctor.EXTENSIONS)
        ),
        doctor.about_letters(encoding="UTF8", lowers=True),
    ],
)
def test_the_doctor_leaves_alone_what_is_well(finding):
    assert finding.remedy == ""


@pytest.mark.django_db
def test_reindexing_says_how_many_answers_it_went_through(monkeypatch, capsys):
    from argparse import Namespace
    from contextlib import nullcontext

    from caunoi.answers import index
    from caunoi.answers.tests.factories import publish
    from caunoi.cli import home, reindex_answers
    from caunoi.units.tests.factories import small_tree

    publish(unit_id=small_tree()["bich_hao"].pk, question="Bao giờ xóm 4 có nước sạch?")
    monkeypatch.setattr(home, "database_answers", nullcontext)
    monkeypatch.setattr(home, "setup_django", lambda: None)

    done = reindex_answers.run(Namespace(json=True, if_needed=False))
    again = reindex_answers.run(Namespace(json=True, if_needed=True))

    first, second = capsys.readouterr().out.replace("}\n{", "}|{").split("|")
    assert (done, json.loads(first)["indexed"]) == (0, 1)
    assert (again, json.loads(second)["indexed"]) == (0, 0)
    assert index.is_current()
