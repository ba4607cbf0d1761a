"""Jobs of the answers library."""

from datetime import datetime

from django.utils.translation import gettext_noop
from procrastinate.contrib.django import app

from caunoi.answers import actions_import, index
from caunoi.answers.import_models import AnswerImport
from caunoi.kit import clock, jobs


@jobs.every("*/15 * * * *", title=gettext_noop("Index the answered questions anew"))
def reindex(at: datetime) -> int:
    """Build the index again when the word lists changed with a new release; most rounds find nothing to do."""
    del at
    return 0 if index.is_current() else index.rebuild()


@app.task(name=actions_import.JOB)
def run_import(import_id: str) -> None:
    """Publish or take back the rest of an import, batch by batch; started again after a crash it goes on where it stopped."""
    made = AnswerImport.objects.filter(pk=import_id).first()
    while made is not None and actions_import.work_on(made=made, at=clock.now()):
        pass
