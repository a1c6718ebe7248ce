"""/metrics says what the status page says, to this machine or with the token, and nobody's name or number."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from daifa.areas.accounts.services import connections, positions
from daifa.areas.mailroom.services import calls, comparisons, inbox, outbox
from daifa.areas.mailroom.services.calls import Made
from daifa.areas.mailroom.services.comparisons import Compared
from daifa.areas.mailroom.services.inbox import Arrived
from daifa.areas.mailroom.services.outbox import Want
from daifa.areas.mailroom.tests.test_boxes import connected
from daifa.base.tenancy import tenant
from daifa.kit import clock
from daifa.kit.ids import uuid7
from tests.browser import Company

TOKEN = "a-token-of-enough-letters"
NOW = clock.beijing(2026, 11, 20, 12)
NAME, ACCOUNT, ORDER = "小鹿的家居小店", "987654321", "6901234567890123456"


def _world(number: int) -> UUID:
    """A connection in every kind of trouble."""
    with tenant(number):
        where = connected(ACCOUNT, NAME)
        connections.note_quota(where, {"decrypt": {"left": 40, "limit": 100}, "text": "无"})
        positions.advance(where, "orders", NOW - timedelta(seconds=90))
        for _ in range(5):
            connections.note_failure(where, "x", "连不上", counts=True)
        inbox.store(where, "poll", [Arrived("orders", "k", ORDER, b"?")])
        inbox.park([(i.id, "读不懂") for i in inbox.take(where)])
        [deed] = outbox.want([Want("ship:1", "ship", where, uuid7())])
        assert outbox.claim(deed)
        outbox.settle(deed, "unknown", before=("calling",))
        for ms in (100, 300):
            calls.record(Made(where, "douyin", "order.searchList", NOW, ms, "ok"))
        calls.record(Made(where, "douyin", "order.searchList", NOW - timedelta(minutes=9), 9000, "unavailable"))
        calls.record(Made(where, "douyin", "order.orderDetail", NOW - timedelta(minutes=9), 90, "not_there"))
        calls.record(Made(where, "douyin", "order.searchList", NOW - timedelta(minutes=61), 90, "unavailable"))
        comparisons.keep(clock.business_day(NOW), Compared(where, "ok", strange=[ORDER]))
    return where


def _get(client: Client, path: str = "/metrics", **headers: str) -> Any:
    return client.get(path, headers=headers)


def _figures(number: int) -> dict[tuple[str, ...], float]:
    answer = _get(Client())
    assert answer.status_code == 200
    return {
        (s.name.removeprefix("daifa_"), *(v for k, v in sorted(s.labels.items()) if k not in {"tenant", "connection"})):
        s.value
        for family in text_string_to_metric_families(answer.content.decode())
        for s in family.samples if s.labels["tenant"] == str(number)
    }  # fmt: skip


def test_the_facts_of_the_status_page(transactional_db: None) -> None:
    with clock.frozen(NOW):
        company = Company()
        _world(company.number)
        got = _figures(company.number)
    assert got["connection_working", "douyin", "working"] == 1
    assert got["connection_breaker_open", "douyin"] == 1
    assert got["connection_failures", "douyin"] == 5
    assert got["connection_error_age_seconds", "douyin"] == 0
    # The record of the last hour, without what was merely not there.
    assert got["connection_errors", "douyin"] == 1
    assert got["connection_token_days", "douyin", "access"] == pytest.approx(2 / 24)
    assert got["connection_quota_left", "douyin", "decrypt"] == 40
    assert ("connection_quota_left", "douyin", "text") not in got
    assert got["feed_lag_seconds", "orders", "douyin"] == 90
    assert got["feed_failing", "orders", "douyin"] == 0
    assert (got["comparison_differs", "douyin", "ours"], got["comparison_differs", "douyin", "platform"]) == (1, 0)
    assert (got["inbox_items", "parked"], got["inbox_items", "new"]) == (1, 0)
    assert (got["outbox_items", "unknown"], got["outbox_items", "person"]) == (1, 0)
    assert got["purchases", "duplicates"] == 0
    # Only the last minutes count.
    assert (got["call_seconds_count", "ok", "douyin"], got["call_seconds_sum", "ok", "douyin"]) == (2, 0.4)
    assert got["call_seconds_max", "ok", "douyin"] == 0.3
    assert ("call_seconds_max", "unavailable", "douyin") not in got


def test_no_name_account_or_order_stands_in_it(transactional_db: None) -> None:
    with clock.frozen(NOW):
        company = Company()
        _world(company.number)
        told = _get(Client()).content.decode()
    assert f'tenant="{company.number}"' in told
    assert not [w for w in (NAME, ACCOUNT, ORDER, company.mark, company.owner_login) if w in told]


def test_only_this_machine_or_the_token(transactional_db: None, settings: Any) -> None:
    stranger = Client(REMOTE_ADDR="10.9.8.7")
    assert _get(stranger).status_code == 403
    assert _get(stranger, authorization="Bearer ").status_code == 403
    assert _get(Client(REMOTE_ADDR="::1")).status_code == 200
    assert _get(Client(), **{"x-forwarded-for": "10.9.8.7"}).status_code == 403, "a proxy that nobody told us of"
    settings.PROXY_HOPS = 1
    assert _get(Client(), **{"x-forwarded-for": "10.9.8.7"}).status_code == 403
    settings.METRICS_TOKEN = TOKEN
    assert _get(stranger, authorization=f"Bearer {TOKEN}").status_code == 200
    assert _get(stranger, authorization=f"Bearer {TOKEN}x").status_code == 403
    assert _get(stranger).status_code == 403
