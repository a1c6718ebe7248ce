"""Tenants' tables made before the product's role was allowed to have them analysed."""

from __future__ import annotations

from typing import Any

from django.db import migrations

from daifa.base.pg.schema import app_role


def grant(apps: Any, schema_editor: Any) -> None:
    if schema_editor.citus:
        return
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relforcerowsecurity"
            " AND relnamespace = 'public'::regnamespace"
        )
        tables = [name for (name,) in cursor.fetchall()]
    for table in tables:
        schema_editor.maintain(table)


class Migration(migrations.Migration):
    dependencies = [("base", "0002_initial")]
    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
