"""The shared table of couriers."""

from __future__ import annotations

from django.db import connection
from django.test.utils import CaptureQueriesContext

from daifa.areas.logistics.models import Courier
from daifa.areas.logistics.rules.couriers import courier_table
from daifa.areas.logistics.services.couriers import refresh_couriers


def test_a_refresh_mends_what_differs_and_a_second_one_only_looks(in_tenant: int) -> None:
    refresh_couriers()
    Courier.objects.filter(code="SF").update(name="旧")
    Courier.objects.filter(code="ZTO").delete()
    assert refresh_couriers() == 2
    assert Courier.objects.count() >= len(courier_table())
    assert Courier.objects.get(code="SF").name == courier_table()["SF"].name
    with CaptureQueriesContext(connection) as queries:
        assert refresh_couriers() == 0
    assert len(queries) == 1
