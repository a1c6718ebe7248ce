"""What is logged while companies are called says which connection, which deed and which attempt it is about."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from typing import Any

import orjson
import pytest

from daifa.areas.mailroom.services import outbox
from daifa.areas.mailroom.services.outbox import Want
from daifa.areas.mailroom.tests.test_boxes import connected as plain_connection
from daifa.base.tenancy import tenant
from daifa.flows import outbox_run
from daifa.kit import log
from daifa.kit.ids import uuid7
from tests.flows.shop_by_api import connected


@pytest.fixture
def lines() -> Iterator[list[dict[str, Any]]]:
    """Every line that is logged meanwhile."""
    root, found = logging.getLogger(), list[dict[str, Any]]()
    handlers, level = list(root.handlers), root.level

    class Ear(io.StringIO):
        def write(self, text: str) -> int:
            found.extend(orjson.loads(part) for part in text.splitlines() if part)
            return len(text)

    log.configure(stream=Ear())
    log.begin(trace="t1")
    yield found
    log.begin()
    root.handlers[:] = handlers
    root.setLevel(level)


def test_a_failed_call_says_whose_it_was(tenant_number: int, lines: list[dict[str, Any]]) -> None:
    with connected(tenant_number) as shop:
        shop.door.post("/faults", {"name": "http_5xx", "company": "douyin", "method": "order.searchList", "count": 1})
        shop.read()
    line = next(x for x in lines if x["event"] == "calling.failed")
    assert (line["connection"], line["platform"], line["trace"]) == (str(shop.connection), "douyin", "t1")
    assert "attempt" not in line, "a question is no deed"


def test_a_broken_deed_says_which_attempt_of_what(tenant_number: int, lines: list[dict[str, Any]]) -> None:
    order, subject = uuid7(), uuid7()
    with tenant(tenant_number):
        where = plain_connection()
        # Nothing of this kind exists under this number: carrying it out breaks.
        outbox.want([Want("odd:1", "odd", where, subject, order_id=order)])
        [item] = outbox.to_act(where)

    outbox_run._one(tenant_number, item)
    log.get("daifa.test").info("after")
    line = next(x for x in lines if x["event"] == "outbox.broken")
    assert (line["connection"], line["order"], line["attempt"]) == (str(where), str(order), 1)
    assert (line["outbox"], line["subject"], line["trace"]) == (str(item.id), str(subject), "t1")
    after = next(x for x in lines if x["event"] == "after")
    assert "order" not in after
