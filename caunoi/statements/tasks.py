"""Jobs of statements: looking at a large file, and running it."""

from datetime import datetime

from django.utils.translation import gettext_noop
from procrastinate.contrib.django import app

from caunoi.kit import clock, jobs
from caunoi.statements import actions, actions_forgetting, actions_undoing, running
from caunoi.statements.models import StatementFile
from caunoi.statements.terms import FileState


@app.task(name=actions.CHECK_JOB)
def check(file_id: str) -> None:
    """Look at every line of a file."""
    file = StatementFile.objects.filter(pk=file_id, state=FileState.CHECKING).first()
    if file is not None:
        actions.check(file=file, at=clock.now())


@app.task(name=actions.RUN_JOB)
def run(file_id: str) -> None:
    """Write the rest of a file; started again after a crash it goes on where it stopped."""
    file = StatementFile.objects.filter(pk=file_id).first()
    if file is not None:
        running.run(file=file, at=clock.now())


@app.task(name=actions_undoing.UNDO_JOB)
def undo(file_id: str) -> None:
    """Take a whole file back."""
    file = StatementFile.objects.filter(pk=file_id, state=FileState.UNDOING).first()
    if file is not None:
        actions_undoing.undo(file=file, at=clock.now())


@jobs.every(
    "16 19 * * *", title=gettext_noop("Forget whose transfers to campaigns of long ago were")
)
def forget_givers(at: datetime) -> int:
    return actions_forgetting.forget_givers(at=at)
