"""The statement guard: in tests, every statement on a tenant's table must reach a constant tenant, or is refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import sqlglot
from django.db.backends.base.base import BaseDatabaseWrapper
from sqlglot import exp

SKIP = re.compile(
    r"^\s*(SAVEPOINT|RELEASE|ROLLBACK|SET |SHOW|BEGIN|COMMIT|EXPLAIN|LISTEN|TRUNCATE|ANALYZE)", re.IGNORECASE
)

# A constant, whatever it is. Not $1: the parser takes two of them for a dollar-quoted text.
PARAMETER = re.compile(r"%\(?\w*\)?s")


@lru_cache(maxsize=1)
def tenant_tables() -> frozenset[str]:
    """Names of every tenant's table."""
    from django.apps import apps

    from daifa.base.pg.schema import is_tenant

    return frozenset(m._meta.db_table for m in apps.get_models() if is_tenant(m))


class ForgotTenant(AssertionError):
    """A statement on a tenant's table that does not name its tenant."""


def every_statement_names_its_tenant(
    execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    """Django execute wrapper: parse, check, run."""
    text = sql if isinstance(sql, str) else sql.as_string(context["connection"].connection)
    if problem := check(text):
        raise ForgotTenant(f"{problem}\n{text[:2000]}")
    return execute(sql, params, many, context)


def watch(*, connection: BaseDatabaseWrapper, **_signal: object) -> None:
    """Guard a connection of the product as it is opened: also a thread's own, a pool's, one after a lost server.

    The owner's, which migrates, has no tenant. First of the wrappers: a test's own come and go at the end of the list.
    """
    if connection.alias == "default" and every_statement_names_its_tenant not in connection.execute_wrappers:
        connection.execute_wrappers.insert(0, every_statement_names_its_tenant)


@lru_cache(maxsize=4096)
def check(text: str) -> str:
    """What is wrong with a statement, or ''."""
    if SKIP.match(text) or not any(t in text for t in tenant_tables()):
        return ""
    tree = sqlglot.parse_one(PARAMETER.sub("0", text), read="postgres")
    if isinstance(tree, exp.Insert):
        target = tree.this
        columns = [c.name for c in target.expressions] if isinstance(target, exp.Schema) else []
        if target.find(exp.Table).name in tenant_tables() and "tenant_id" not in columns:
            return "INSERT without tenant_id"
    ctes = {c.alias for c in tree.find_all(exp.CTE)}
    for table in tree.find_all(exp.Table):
        if table.name not in tenant_tables() or table.name in ctes or _is_insert_target(table):
            continue
        scope = _scope_of(table)
        if scope is None or (table.alias_or_name not in _bound(scope)):
            return f"{table.name} (as {table.alias_or_name}) does not reach a constant tenant"
    return ""


def _is_insert_target(table: exp.Expression) -> bool:
    parent = table.parent
    return isinstance(parent, exp.Insert) or (isinstance(parent, exp.Schema) and isinstance(parent.parent, exp.Insert))


def _scope_of(node: exp.Expression) -> exp.Expression | None:
    return node.find_ancestor(exp.Select, exp.Update, exp.Delete)


def _bound(scope: exp.Expression) -> set[str]:
    """Aliases whose tenant_id reaches a constant through equalities, also those of enclosing scopes."""
    bound: set[str] = set()
    equal: list[tuple[str, str]] = []
    above: exp.Expression | None = scope
    while above is not None:
        for left, right in _equalities(above):
            names = [_alias(side, above) for side in (left, right)]
            if all(names):
                equal.append((str(names[0]), str(names[1])))
            elif any(names) and _constant(right if names[0] else left):
                bound.add(str(names[0] or names[1]))
        above = above.find_ancestor(exp.Select, exp.Update, exp.Delete)
    changed = True
    while changed:
        changed = False
        for a, b in equal:
            if (a in bound) != (b in bound):
                bound |= {a, b}
                changed = True
    return bound


def _equalities(scope: exp.Expression) -> list[tuple[exp.Expression, exp.Expression]]:
    conditions: list[exp.Expression] = []
    where = scope.args.get("where")
    if where:
        conditions.append(where.this)
    for join in scope.args.get("joins") or []:
        if join.args.get("on"):
            conditions.append(join.args["on"])
    source = scope.args.get("from_") or scope.args.get("from")
    if source is not None:
        for join in source.find_all(exp.Join):
            if join.args.get("on"):
                conditions.append(join.args["on"])
    found = []
    for condition in conditions:
        parts = condition.flatten() if isinstance(condition, exp.And) else [condition]
        for raw in parts:
            part = raw.unnest()
            for inner in part.flatten() if isinstance(part, exp.And) else [part]:
                found += _pairs(inner.unnest())
    return found


def _pairs(part: exp.Expr) -> list[tuple[exp.Expression, exp.Expression]]:
    if isinstance(part, exp.EQ):
        left, right = part.this, part.expression
        if isinstance(left, exp.Tuple) and isinstance(right, exp.Tuple):
            return list(zip(left.expressions, right.expressions, strict=False))
        return [(left, right)]
    if isinstance(part, exp.In) and isinstance(part.this, exp.Tuple) and part.expressions:
        first = part.expressions[0]
        return list(zip(part.this.expressions, first.expressions, strict=False)) if isinstance(first, exp.Tuple) else []
    return []


def _alias(side: exp.Expression, scope: exp.Expression) -> str | None:
    if not isinstance(side, exp.Column) or side.name != "tenant_id":
        return None
    if side.table:
        return str(side.table)
    table = scope.this if isinstance(scope, (exp.Update, exp.Delete)) else scope.find(exp.Table)
    return table.alias_or_name if isinstance(table, exp.Table) else None


def _constant(side: exp.Expression) -> bool:
    return isinstance(side.unnest(), (exp.Literal, exp.Parameter, exp.Placeholder, exp.Neg, exp.Cast))
