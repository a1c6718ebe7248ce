"""What plain SQL of the owner makes (the job queue) the product's role may use. Runs before the queue is made."""

from __future__ import annotations

from typing import Any

from django.db import migrations

from daifa.base.pg.schema import app_role


def grant(apps: Any, schema_editor: Any) -> None:
    role = schema_editor.quote_name(app_role())
    for what, on in (
        ("SELECT, INSERT, UPDATE, DELETE", "TABLES"),
        ("USAGE, SELECT", "SEQUENCES"),
        ("EXECUTE", "FUNCTIONS"),
    ):
        schema_editor.execute(f"ALTER DEFAULT PRIVILEGES GRANT {what} ON {on} TO {role}", None)
    schema_editor.execute(f"GRANT SELECT ON django_migrations TO {role}", None)


class Migration(migrations.Migration):
    initial = True
    run_before = [("procrastinate", "0001_initial")]
    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
