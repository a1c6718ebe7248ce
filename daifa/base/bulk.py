"""The one way to write many rows of a tenant's table: arrays in, rows out (``unnest``), one statement per batch.

COPY and temporary tables do not go with row security on a distributed database; arrays do. Every statement names
its tenant as a constant and returns something (a distributed INSERT … SELECT without RETURNING becomes COPY).
"""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from typing import Any
from uuid import UUID

import orjson
from django.db import connection, models

from daifa.base import statistics
from daifa.base.scope import current_tenant

BATCH = 5000
MANY = 50

# Array-typed and json columns travel as text and are cast in the select list.
_CAST_IN_SELECT = ("jsonb",)


def _column(model: type[models.Model], name: str) -> tuple[str, str, Any]:
    field: Any = model._meta.get_field(name)
    kind = (field.rel_db_type if field.is_relation else field.db_type)(connection)
    return field.column, kind.split("(")[0], field


def _arrays(fields: Sequence[Any], rows: Sequence[Sequence[Any]]) -> list[Any]:
    return [
        _array(kind, field, values) for (_, kind, field), values in zip(fields, zip(*rows, strict=True), strict=True)
    ]


def _array(kind: str, field: Any, values: Sequence[Any]) -> Any:
    """One column as a PostgreSQL array: a literal made in a few calls where its type allows, else a list."""
    if kind in _CAST_IN_SELECT:
        return _text_array([None if v is None else _json(v) for v in values])
    if kind == "text":
        return _text_array([v if v is None or v.__class__ is str else field.get_prep_value(v) for v in values])
    if (form := _FORMS.get(kind)) is not None:
        if values[0] is values[-1] and values.count(values[0]) == len(values):
            # A batch's moment, shop or file: one text for all its rows.
            texts = ["NULL" if values[0] is None else form(values[0])] * len(values)
        else:
            texts = ["NULL" if v is None else form(v) for v in values]
        return "{" + ",".join(texts) + "}"
    return [None if v is None else field.get_prep_value(v) for v in values]


def _text_array(values: Sequence[str | None]) -> Any:
    """All texts quoted and escaped at once; texts with our own two marks (or a NUL, to be refused) go the long way."""
    joined = "\x1f".join(["\x1e" if v is None else v for v in values])
    marks = joined.count("\x1f") != len(values) - 1 or joined.count("\x1e") != values.count(None)
    if marks or "\x00" in joined:
        return list(values)
    escaped = joined.replace("\\", "\\\\").replace('"', '\\"').replace("\x1f", '","')
    return ('{"' + escaped + '"}').replace('"\x1e"', "NULL")


# Texts of values whose characters need no quotes inside an array literal.
_FORMS: dict[str, Callable[[Any], str]] = {
    "bigint": lambda v: str(int(v)),
    "integer": lambda v: str(int(v)),
    "boolean": lambda v: "t" if v else "f",
    "uuid": lambda v: f"{v.int:032x}" if v.__class__ is UUID else str(v),
    "timestamp with time zone": lambda v: f'"{v}"',
    "date": str,
    "bytea": lambda v: '"\\\\x' + bytes(v).hex() + '"',
}


def _json(value: Any) -> str:
    # PostgreSQL text cannot hold NUL.
    return orjson.dumps(value).decode().replace("\\u0000", "")


def _source(fields: Sequence[Any]) -> tuple[str, str]:
    casts = ", ".join("%s::" + ("text" if kind in _CAST_IN_SELECT else kind) + "[]" for _, kind, _ in fields)
    names = ", ".join(f"c{i}" for i in range(len(fields)))
    return f"unnest({casts}) AS v({names})", names


def _picked(fields: Sequence[Any]) -> list[str]:
    return [f"v.c{i}::{kind}" if kind in _CAST_IN_SELECT else f"v.c{i}" for i, (_, kind, _) in enumerate(fields)]


def insert(
    model: type[models.Model],
    columns: Sequence[str],
    rows: Sequence[Sequence[Any]],
    *,
    on_conflict: str = "",
    returning: str = "id",
) -> list[tuple[Any, ...]]:
    """Insert rows (tuples in the order of ``columns``, attnames) into a tenant's table.

    ``on_conflict`` is SQL after ON CONFLICT, e.g. ``(tenant_id, space, external_id) DO NOTHING``.
    Returns the ``returning`` columns of the rows that were written.
    """
    if not rows:
        return []
    fields = [_column(model, c) for c in columns]
    written = _run(_insert_sql(model, fields, on_conflict, returning), fields, rows)
    statistics.wrote(int(current_tenant()), model._meta.db_table, len(written))
    return written


def insert_and_then(
    model: type[models.Model],
    columns: Sequence[str],
    rows: Sequence[Sequence[Any]],
    *,
    returning: str,
    then: str,
) -> list[tuple[Any, ...]]:
    """Insert rows and, in the same statement, do ``then`` with them (they are called ``written`` there).

    For counters that must move together with the rows that they count. ``{tenant}`` in ``then`` is the tenant.
    """
    if not rows:
        return []
    fields = [_column(model, c) for c in columns]
    inner = _insert_sql(model, fields, "", returning)
    number = int(current_tenant())
    out = _run(f"WITH written AS ({inner}) {then.replace('{tenant}', str(number))}", fields, rows)
    statistics.wrote(number, model._meta.db_table, len(rows))
    return out


def _insert_sql(model: type[models.Model], fields: Sequence[Any], on_conflict: str, returning: str) -> str:
    source, _ = _source(fields)
    table = connection.ops.quote_name(model._meta.db_table)
    defaults = _defaults(model, {c for c, _, _ in fields})
    names = ", ".join(connection.ops.quote_name(c) for c in [*(c for c, _, _ in fields), *defaults])
    picked = ", ".join([*_picked(fields), *defaults.values()])
    return (
        f"INSERT INTO {table} (tenant_id, {names}) SELECT {int(current_tenant())}, {picked}"
        f" FROM {source}{' ON CONFLICT ' + on_conflict if on_conflict else ''} RETURNING {returning}"
    )


def _defaults(model: type[models.Model], given: Container[str]) -> dict[str, str]:
    """Columns that were not given, with their model defaults as SQL constants."""
    found: dict[str, str] = {}
    for field in model._meta.concrete_fields:
        column = str(field.column)
        if column in given or column == "tenant_id" or not field.has_default():
            continue
        value = field.get_default()
        if isinstance(value, bool):
            found[column] = "true" if value else "false"
        elif isinstance(value, int):
            found[column] = str(value)
        elif isinstance(value, bytes):
            found[column] = f"'\\x{value.hex()}'::bytea"
        elif isinstance(value, (dict, list)):
            found[column] = f"'{_json(value)}'::jsonb"
        elif isinstance(value, str):
            found[column] = "'" + value.replace("'", "''") + "'"
        else:
            raise TypeError(f"{model.__name__}.{field.name}: name this column, its default is not a constant")
    return found


def update(
    model: type[models.Model],
    columns: Sequence[str],
    rows: Sequence[Sequence[Any]],
    *,
    where: str = "",
    extra_set: str = "",
    returning: str = "t.id",
) -> list[tuple[Any, ...]]:
    """Update rows by id: each row is (id, value, …) in the order ``("id", *columns)``.

    ``where`` is an extra condition on ``t`` (the table) and ``v`` (the values), e.g. ``t.state = 'draft'``: a row
    whose state is not the expected one is not hit and not returned. ``extra_set`` e.g. ``version = t.version + 1``.
    """
    if not rows:
        return []
    number = int(current_tenant())
    fields = [_column(model, c) for c in ("id", *columns)]
    source, _ = _source(fields)
    table = connection.ops.quote_name(model._meta.db_table)
    picked = _picked(fields)
    sets = [f"{connection.ops.quote_name(c)} = {p}" for (c, _, _), p in zip(fields[1:], picked[1:], strict=True)]
    if extra_set:
        sets.append(extra_set)
    sql = (
        f"UPDATE {table} AS t SET {', '.join(sets)} FROM {source} WHERE t.tenant_id = {number} AND t.id = v.c0"
        f"{' AND (' + where + ')' if where else ''} RETURNING {returning}"
    )
    return _run(sql, fields, rows)


def _run(sql: str, fields: Sequence[Any], rows: Sequence[Sequence[Any]]) -> list[tuple[Any, ...]]:
    out: list[tuple[Any, ...]] = []
    with connection.cursor() as cursor:
        for start in range(0, len(rows), BATCH):
            cursor.execute(sql, _arrays(fields, rows[start : start + BATCH]))
            out += cursor.fetchall()
    return out


def select(sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """Rows of a hand-written query; ``{tenant}`` in it is replaced by the current tenant as a constant."""
    with connection.cursor() as cursor:
        cursor.execute(sql.replace("{tenant}", str(int(current_tenant()))), [_given(p) for p in params])
        return cursor.fetchall() if cursor.description else []


def select_named(sql: str, params: dict[str, Any]) -> list[tuple[Any, ...]]:
    """As ``select``, with named parameters (``%(name)s``)."""
    with connection.cursor() as cursor:
        given = {name: _given(p) for name, p in params.items()}
        cursor.execute(sql.replace("{tenant}", str(int(current_tenant()))), given)
        return cursor.fetchall() if cursor.description else []


def _given(value: Any) -> Any:
    """A parameter; the ids of many orders become one array literal at once."""
    if value.__class__ is list and len(value) > MANY and all(v.__class__ is UUID for v in value):
        return "{" + ",".join([f"{v.int:032x}" for v in value]) + "}"
    return value
