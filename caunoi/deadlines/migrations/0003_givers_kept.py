"""How long the names of givers are kept is a row of the table too."""

from importlib import import_module

from django.db import migrations

load = import_module("caunoi.deadlines.migrations.0002_first_table").load


class Migration(migrations.Migration):
    dependencies = [("deadlines", "0002_first_table")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
