"""Going through many migrations at once, as a first start does, without drawing every model anew at every step.

After each step Django draws again all models related to the one it touched. Here nearly all are related, and the drawing took nine tenths of
a first start. A new table, field, index or constraint needs no other model drawn; where a migration does anything else, all are drawn before
it and it runs as usual. That the schema comes out the same is asked by tests/outside/test_migrating.py.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.postgres.operations import CreateExtension
from django.core.management import call_command
from django.db.migrations import Migration
from django.db.migrations import operations as op
from django.db.migrations.state import ProjectState

ALONE = (
    op.CreateModel,
    op.AddField,
    op.AddIndex,
    op.RemoveIndex,
    op.AddConstraint,
    op.RemoveConstraint,
    op.RunSQL,
    CreateExtension,
)
"""Steps after which the other models may stay as they were drawn."""
MARK = "caunoi_drawn_alone"


def migrate() -> None:
    """Apply every migration that is missing."""
    was = gc.isenabled()
    gc.disable()  # looking for garbage among the drawings takes another quarter of the time
    try:
        with drawing_less():
            call_command("migrate", verbosity=0, interactive=False)
    finally:
        if was:
            gc.enable()
        gc.collect()


@contextmanager
def drawing_less() -> Iterator[None]:
    """Let migrations that only add be applied by drawing no more than the model they add to."""
    apply, find = Migration.apply, ProjectState._find_reload_model  # type: ignore[attr-defined]

    def quicker(migration: Migration, state: ProjectState, *args: Any, **kwargs: Any) -> Any:
        if not _only_adds(migration):
            _draw_all(state)
            return apply(migration, state, *args, **kwargs)
        ProjectState._find_reload_model = _only_it  # type: ignore[attr-defined]
        try:
            return apply(migration, state, *args, **kwargs)
        finally:
            ProjectState._find_reload_model = find  # type: ignore[attr-defined]

    Migration.apply = quicker  # type: ignore[assignment,method-assign]
    try:
        yield
    finally:
        Migration.apply = apply  # type: ignore[method-assign]


def _only_adds(migration: Migration) -> bool:
    return all(
        isinstance(step, ALONE) and not getattr(step, "state_operations", None)
        for step in migration.operations
    )


def _only_it(
    state: ProjectState, app_label: str, model_name: str, delay: bool = False
) -> set[tuple[str, str]]:
    """Stand in for Django's own search of all that is related; what is drawn apart is drawn together before anybody looks at it."""
    state.is_delayed = True
    state.__dict__[MARK] = True
    return {(app_label, model_name)}


def _draw_all(state: ProjectState) -> None:
    if state.__dict__.pop(MARK, False):
        state.clear_delayed_apps_cache()
        _ = state.apps
