"""The database holds what the models name: every table, column, constraint, index and reference."""

import pytest
from django.apps import apps
from django.db import connection

pytestmark = pytest.mark.django_db
OURS = [m for m in apps.get_models() if m.__module__.startswith("caunoi.") and m._meta.managed]


def asked(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return {tuple(row) for row in cursor.fetchall()}


def test_every_column_there_is_and_no_other():
    there = asked("SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema()")  # fmt: skip
    named = {(m._meta.db_table, f.column) for m in OURS for f in m._meta.local_concrete_fields}

    tables = {m._meta.db_table for m in OURS}
    assert len(OURS) > 150
    assert named - there == set()
    assert {one for one in there if one[0] in tables} - named == set()


def test_every_constraint_and_index_has_its_name_there():
    there = asked("SELECT conrelid::regclass::text, conname FROM pg_constraint") | asked(
        "SELECT indrelid::regclass::text, indexrelid::regclass::text FROM pg_index"
    )
    named = {
        (m._meta.db_table, one.name)
        for m in OURS
        for one in (*m._meta.constraints, *m._meta.indexes)
    }

    assert len(named) > 300
    assert named - there == set()


def test_every_reference_is_one():
    there = asked(
        "SELECT c.conrelid::regclass::text, a.attname, c.confrelid::regclass::text FROM pg_constraint c"
        " JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey) WHERE c.contype = 'f'"
    )
    named = {
        (m._meta.db_table, f.column, f.related_model._meta.db_table)
        for m in OURS
        for f in m._meta.local_concrete_fields
        if f.is_relation and f.db_constraint
    }

    assert len(named) > 150
    assert named - there == set()
