"""What must be true before the first request: schema, translations, static files, and in demo mode the sample data."""

import hashlib
from collections.abc import Callable
from pathlib import Path

from caunoi.cli import home

Say = Callable[[str], None]
AT_ONCE = 2_000
"""So many answers are indexed in a second or two: before the first request rather than after it."""


def everything(say: Say, *, with_demo: bool) -> None:
    """Bring this copy up to the code's state; each step is skipped when nothing changed since the last start."""
    from caunoi.kit import catalogue

    catalogue.compile_all()
    home.setup_django()
    from django.conf import settings

    migrate(say)
    collect_static(say)
    index_answers(say)
    if settings.DEMO and with_demo:
        from caunoi.cli import sample

        sample.load_once(say)


def index_answers(say: Say) -> None:
    """Index a small library anew when the word lists of similar questions changed since; a big one is the worker's (answers.reindex)."""
    from caunoi.answers import index
    from caunoi.answers.models import PublishedAnswer

    if index.is_current():
        return
    if PublishedAnswer.objects.all()[: AT_ONCE + 1].count() > AT_ONCE:
        say("Chỉ mục câu hỏi sẽ được lập lại ở nền… / The index of questions follows…")
        return
    say("Lập lại chỉ mục câu hỏi… / Indexing the answered questions…")
    index.rebuild()


def outside_world(say: Say, *, with_simulator: bool) -> None:
    """Tell the simulator which pages and accounts of the sample data it plays; it keeps what it already knows."""
    if not with_simulator:
        return
    from caunoi.cli import sample

    sample.introduce_to_simulator(say)


def migrate(say: Say) -> None:
    """Apply what is missing."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    from caunoi.kit import migrating

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        say(f"Cập nhật cơ sở dữ liệu: {len(plan)} bước… / Updating the database…")
        migrating.migrate()


def collect_static(say: Say) -> None:
    """Gather and compress the static files when any of them changed."""
    from django.conf import settings
    from django.core.management import call_command

    mark = Path(settings.STATIC_ROOT) / ".fingerprint"
    now = _static_fingerprint()
    if mark.is_file() and mark.read_text() == now:
        return
    say("Gom tệp tĩnh… / Collecting static files…")
    call_command("collectstatic", verbosity=0, interactive=False)
    mark.write_text(now)


def _static_fingerprint() -> str:
    from django.contrib.staticfiles.finders import get_finders

    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in sorted(finder.list([]), key=lambda found: found[0]):
            stat = Path(storage.path(path)).stat()
            digest.update(f"{path}:{stat.st_size}:{stat.st_mtime_ns}".encode())
    return digest.hexdigest()
