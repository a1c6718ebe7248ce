"""A floor that a new column has broken is found here, not when somebody measures again."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from django.apps import apps

PIPELINE = Path(__file__).resolve().parents[2] / "benchmarks" / "pipeline.py"
INSERT = re.compile(r"INSERT INTO (\w+) \(([^)]+)\)")


def _floor() -> tuple[str, ...]:
    """The plain SQL that the pipeline is measured against; read, not imported: a benchmark chooses its own home."""
    for node in ast.parse(PIPELINE.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == "FLOOR":
            found: tuple[str, ...] = ast.literal_eval(node.value)
            return found
    raise AssertionError("no floor")


def test_the_floor_names_every_column_that_must_be_filled() -> None:
    models = {m._meta.db_table: m for m in apps.get_models()}
    named = [(m[1], {c.strip() for c in m[2].split(",")}) for sql in _floor() for m in INSERT.finditer(sql)]
    assert {"orders_demand", "purchasing_purchaseorder", "purchasing_purchaseline"} <= {table for table, _ in named}
    for table, columns in named:
        must = {f.column for f in models[table]._meta.concrete_fields if not f.null and not f.has_db_default()}
        assert not must - columns, (table, must - columns)
