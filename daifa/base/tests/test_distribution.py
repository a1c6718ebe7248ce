"""What `daifa distribute` would do: the plan is pure; the server is asked before anything is touched."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.conf import settings
from django.db import IntegrityError, connections
from hypothesis import given
from hypothesis import strategies as st

from daifa.base.pg import distribution, movers
from daifa.base.pg.distribution import DISTRIBUTED, LOCAL, REFERENCE, Key, plan
from daifa.base.web import _integrity
from daifa.kit.errors import Conflict

ON_CITUS = bool(settings.DATABASES["owner"]["TEST"].get("CITUS_WORKERS"))
WANTED = {"orders_order": DISTRIBUTED, "orders_line": DISTRIBUTED, "accounts_user": REFERENCE}
LINE = Key("orders_line", "line_order_fk", "FOREIGN KEY (tenant_id, order_id) …", "orders_order")
PLACE = Key("orders_order", "order_user_fk", "FOREIGN KEY (user_id) …", "accounts_user")
JOB = Key("procrastinate_events", "job_fk", "FOREIGN KEY (job_id) …", "procrastinate_jobs")


def test_everything_goes_the_references_first_and_only_touched_keys_are_made_again() -> None:
    made = plan(WANTED, {}, [LINE, PLACE, JOB])
    assert made.tables == (("accounts_user", REFERENCE), ("orders_line", DISTRIBUTED), ("orders_order", DISTRIBUTED))
    assert made.keys == (LINE, PLACE)
    assert made.beside == "default"


def test_what_is_there_already_is_left_and_the_rest_lies_beside_it() -> None:
    made = plan(WANTED, {"orders_order": DISTRIBUTED, "accounts_user": REFERENCE}, [LINE, PLACE, JOB])
    assert made.tables == (("orders_line", DISTRIBUTED),)
    assert made.keys == (LINE,), "a key between tables that stay as they are is not touched"
    assert made.beside == "orders_order"


def test_a_table_that_citus_keeps_on_the_coordinator_is_still_to_do() -> None:
    assert plan(WANTED, {"accounts_user": LOCAL}, []).references == ("accounts_user",)


def test_a_table_that_was_spread_otherwise_is_not_touched() -> None:
    for kind in (REFERENCE, "by id"):
        with pytest.raises(Conflict, match="orders_order"):
            plan(WANTED, {"orders_order": kind}, [])


@given(st.sets(st.sampled_from(sorted(WANTED))))
def test_done_in_any_two_parts_is_done(first: set[str]) -> None:
    there = {t: WANTED[t] for t in first}
    made = plan(WANTED, there, [LINE, PLACE, JOB])
    assert {**there, **dict(made.tables)} == WANTED
    again = plan(WANTED, {**there, **dict(made.tables)}, [LINE, PLACE, JOB])
    assert (again.tables, again.keys) == ((), ())


def test_kinds_are_read_from_the_models() -> None:
    found = distribution.kinds(apps.get_models())
    assert found["orders_order"] == DISTRIBUTED
    assert found["accounts_user"] == found["accounts_door"] == REFERENCE
    assert not {t for t in found if t.startswith(("procrastinate_", "django_", "accounts_usersession"))}


@pytest.mark.django_db(databases=["default", "owner"], transaction=True)
@pytest.mark.skipif(ON_CITUS, reason="the refusal of a server without Citus")
def test_a_server_without_citus_is_refused_and_nothing_changes() -> None:
    for deed in (distribution.survey, lambda: distribution.run(lambda _: None)):
        with pytest.raises(Conflict, match="没有 Citus") as refused:
            deed()
        assert refused.value.code == "no_citus"


@pytest.mark.django_db(databases=["default", "owner"], transaction=True)
@pytest.mark.skipif(not ON_CITUS, reason="needs CITUS_WORKERS")
def test_what_the_migrations_made_on_citus_leaves_nothing_to_do() -> None:
    found = distribution.survey()
    assert (found.plan.tables, found.plan.keys, found.hears) == ((), (), True)
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT DISTINCT colocationid FROM pg_dist_partition WHERE partmethod = 'h'")
        assert len(cursor.fetchall()) == 1, "a company's rows lie on one node"
    _, moved = distribution.run(lambda _: None)
    assert moved == []


def test_operators_are_told_of_every_function_that_loses_rows_in_the_owners_hands() -> None:
    told = (Path(__file__).parents[3] / "docs" / "scale.md").read_text()
    assert [name for name in movers.MOVERS if f"'{name}'" not in told] == []


@pytest.mark.parametrize("said", ["order_number", "order_number_102013"])
def test_a_shards_constraint_has_the_tables_name(said: str) -> None:
    error = IntegrityError()
    error.__cause__ = Exception()
    error.__cause__.diag = SimpleNamespace(constraint_name=said)  # type: ignore[attr-defined]  # as psycopg has it
    assert b'"constraint":"order_number"' in _integrity(error).content
