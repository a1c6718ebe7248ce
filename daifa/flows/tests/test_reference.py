"""Reference data at start-up."""

from __future__ import annotations

from django.db import connection
from django.test.utils import CaptureQueriesContext

from daifa.areas.compliance.services.platform_rules import list_rules
from daifa.flows import reference


def test_a_second_start_costs_two_selects(in_tenant: int) -> None:
    reference.refresh()
    assert list_rules()
    with CaptureQueriesContext(connection) as queries:
        reference.refresh()
    said = [q["sql"] for q in queries if "SAVEPOINT" not in q["sql"]]
    assert [sql.split()[0] for sql in said] == ["SELECT", "SELECT"]
