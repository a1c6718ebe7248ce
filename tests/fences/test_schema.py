"""Every table against the rules of tenancy, read from the database itself: what code forgets, this refuses."""

from __future__ import annotations

import os

import pytest
from django.apps import apps
from django.db import connection

from daifa.areas.orders.services import taking_out
from daifa.base.pg.schema import app_role, is_append_only, is_shared, is_tenant

OURS = [m for m in apps.get_models() if m.__module__.startswith("daifa.")]
TENANT_TABLES = sorted(m._meta.db_table for m in OURS if is_tenant(m))
APPEND_ONLY = sorted(m._meta.db_table for m in OURS if is_append_only(m))
# What is looked at before a tenant is known, or belongs to the installation.
WITHOUT_TENANT = {"accounts_usersession", "base_workerbeat"}


def _rows(sql: str, *params: str | list[str]) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        found: list[tuple[object, ...]] = cursor.fetchall()
        return found


def test_every_table_is_a_tenants_or_declared_shared() -> None:
    undeclared = {m._meta.db_table for m in OURS if not is_tenant(m) and not is_shared(m)} - WITHOUT_TENANT
    assert not undeclared, f"{undeclared}: inherit TenantModel, or say Shared"


@pytest.mark.parametrize("table", TENANT_TABLES)
def test_row_security_is_forced_with_the_policy(tenant_number: int, table: str) -> None:
    flags = _rows("SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE oid = %s::regclass", table)
    assert flags == [(True, True)]
    policies = _rows(
        "SELECT cmd, permissive, roles::text, qual, with_check FROM pg_policies WHERE tablename = %s", table
    )
    assert len(policies) == 1, "a second policy would widen the first"
    command, permissive, roles, reads, writes = policies[0]
    assert (command, permissive, roles) == ("ALL", "PERMISSIVE", "{public}")
    for rule in (reads, writes):
        assert "tenant_id = " in str(rule)
        assert "current_setting('app.tenant'::text, true)" in str(rule)
        assert " OR " not in str(rule)


@pytest.mark.parametrize("table", TENANT_TABLES)
def test_keys_and_constraints_start_with_the_tenant(tenant_number: int, table: str) -> None:
    found = _rows(
        "SELECT c.conname, c.contype, pg_get_constraintdef(c.oid), f.relname FROM pg_constraint c"
        " LEFT JOIN pg_class f ON f.oid = c.confrelid WHERE c.conrelid = %s::regclass AND c.contype IN ('p','u','f')",
        table,
    )
    assert [d for _, kind, d, _ in found if kind == "p"] == ["PRIMARY KEY (tenant_id, id)"]
    for name, kind, definition, target in found:
        if kind == "f" and target not in TENANT_TABLES:
            continue
        assert "(tenant_id, " in str(definition).split("REFERENCES")[0], f"{name}: {definition}"
        if kind == "f":
            assert f"{target}(tenant_id, id)" in str(definition), f"{name}: {definition}"
    unique = _rows("SELECT indexdef FROM pg_indexes WHERE tablename = %s AND indexdef LIKE 'CREATE UNIQUE%%'", table)
    assert all("(tenant_id" in str(d) for (d,) in unique), unique


@pytest.mark.parametrize("table", sorted(t for t, _ in taking_out.TABLES))
def test_what_refers_to_rows_that_are_taken_out_has_an_index(tenant_number: int, table: str) -> None:
    # Without one every row that goes costs a look at all rows of the table that may refer to it.
    found = _rows(
        "SELECT c.conrelid::regclass::text, c.conname FROM pg_constraint c"
        " WHERE c.contype = 'f' AND c.confrelid = %s::regclass AND NOT EXISTS (SELECT 1 FROM pg_index i"
        " WHERE i.indrelid = c.conrelid AND (i.indkey::int2[])[0:cardinality(c.conkey) - 1] @> c.conkey)",
        table,
    )
    assert found == []


def test_the_products_role_owns_nothing_and_cannot_bypass(tenant_number: int) -> None:
    role = app_role()
    flags = _rows("SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = %s", role)
    assert flags == [(False, False, False, False)]
    assert _rows("SELECT current_user::text") == [(role,)], "tests must run as the product does"
    owned = _rows("SELECT relname FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner WHERE r.rolname = %s", role)
    assert owned == []
    member_of = _rows(
        "SELECT rolname FROM pg_roles WHERE rolname <> %s AND rolname NOT LIKE 'pg\\_%%'"
        " AND pg_has_role(%s, oid, 'MEMBER')",
        role,
        role,
    )
    assert member_of == [], "a role that may become the owner is not bound"


def test_no_function_lends_its_owners_rights(tenant_number: int) -> None:
    lending = _rows(
        "SELECT proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
        " WHERE prosecdef AND n.nspname = 'public'"
    )
    assert lending == []


@pytest.mark.parametrize("table", sorted(m._meta.db_table for m in OURS))
def test_grants_are_what_the_table_promises(tenant_number: int, table: str) -> None:
    held = {
        what
        for what in ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "TRIGGER", "REFERENCES", "MAINTAIN")
        if _rows("SELECT has_table_privilege(%s, %s, %s)", app_role(), table, what) == [(True,)]
    }
    allowed = {"SELECT", "INSERT"} if table in APPEND_ONLY else {"SELECT", "INSERT", "UPDATE", "DELETE"}
    # Of an owner's rights one: to have it analysed when much was written. Citus keeps that to itself.
    assert held - {"MAINTAIN"} == allowed
    assert ("MAINTAIN" in held) == (table in TENANT_TABLES and "CITUS_WORKERS" not in os.environ)


def test_what_must_never_change_is_append_only() -> None:
    assert {"base_auditentry", "orders_history"} <= set(APPEND_ONLY)


def test_there_are_no_triggers(tenant_number: int) -> None:
    """They do not travel to a distributed database."""
    tables = tuple(TENANT_TABLES)
    found = _rows(
        "SELECT tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
        " WHERE NOT tgisinternal AND c.relname = ANY(%s)",
        list(tables),
    )
    assert found == []
