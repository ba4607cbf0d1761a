"""Jobs that come round by themselves."""

from datetime import timedelta

import pytest
from django.db import connection
from procrastinate.contrib.django import app

from caunoi.kit import catalogue, jobs
from tests.cast import MONDAY

pytestmark = pytest.mark.django_db
STALLED = "kit.retry_stalled_jobs"


@pytest.fixture
def job():
    """One job, known only inside the test."""
    name = "kit.try_it"
    done = []

    def work(at):
        done.append(at)
        return len(done)

    jobs.SCHEDULE[name] = jobs.Job(name, "*/10 * * * *", "Try it", work)
    yield name, done
    del jobs.SCHEDULE[name]


def shown(name, at):
    title = jobs.SCHEDULE[name].title
    return next(s for s in jobs.shown(at=at) if s.title == title)


def test_what_a_job_did_and_when_is_kept(job):
    name, done = job

    jobs.run(name, at=MONDAY)

    found = shown(name, MONDAY)
    assert done == [MONDAY]
    assert (found.ended_at, found.found, found.is_late) == (MONDAY, 1, False)


def test_a_job_that_did_not_come_round_is_late(job):
    name, _ = job
    jobs.run(name, at=MONDAY)

    assert not shown(name, MONDAY + timedelta(minutes=14)).is_late
    assert shown(name, MONDAY + timedelta(minutes=16)).is_late


def test_a_job_that_fails_says_so_and_is_not_taken_for_done(job):
    name, _ = job
    jobs.run(name, at=MONDAY)
    jobs.SCHEDULE[name] = jobs.Job(name, "* * * * *", "Try it", lambda at: 1 // 0)

    with pytest.raises(ZeroDivisionError):
        jobs.run(name, at=MONDAY + timedelta(minutes=1))

    found = shown(name, MONDAY + timedelta(minutes=1))
    assert found.trouble.startswith("ZeroDivisionError")
    assert jobs.last_ended(name) is None


def test_every_job_is_known_to_the_worker_and_has_a_vietnamese_name():
    known = {name for name, _ in app.periodic_registry.periodic_tasks}
    translated = {
        entry.msgid for room in catalogue.rooms() for entry in catalogue._open(room) if entry.msgstr
    }

    assert set(jobs.SCHEDULE) <= known
    assert {job.title for job in jobs.SCHEDULE.values()} <= translated


def queued(status, *, heartbeat_seconds):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat)"
            " VALUES (now() - make_interval(secs => %s)) RETURNING id",
            [heartbeat_seconds],
        )
        worker = cursor.fetchone()[0]
        cursor.execute(
            "INSERT INTO procrastinate_jobs (task_name, queue_name, status, worker_id)"
            " VALUES ('kit.forget_old_jobs', 'default', %s, %s) RETURNING id",
            [status, worker],
        )
        return cursor.fetchone()[0]


def state_of(number):
    with connection.cursor() as cursor:
        cursor.execute("SELECT status FROM procrastinate_jobs WHERE id = %s", [number])
        return cursor.fetchone()[0]


def test_a_job_whose_worker_was_killed_is_taken_up_within_the_minute():
    number = queued("doing", heartbeat_seconds=45)

    assert jobs.run(STALLED, at=MONDAY) == 1
    assert state_of(number) == "todo"


def test_a_job_whose_worker_lives_is_left_alone():
    number = queued("doing", heartbeat_seconds=5)

    assert jobs.run(STALLED, at=MONDAY) == 0
    assert state_of(number) == "doing"


def test_stalled_jobs_are_looked_for_every_minute():
    assert jobs.SCHEDULE[STALLED].cron == "* * * * *"


def test_old_jobs_are_forgotten_without_harm():
    jobs.run("kit.forget_old_jobs", at=MONDAY)

    assert jobs.last_ended("kit.forget_old_jobs") == MONDAY
