"""Refusals of the supplier protocol in our errors: what changed nothing, and what stays unknown."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import orjson
import pytest

from daifa.connectors.suppliers.httpapi import mapping
from daifa.connectors.suppliers.httpapi.client import Client
from daifa.ports.errors import (
    BadReply,
    NotGranted,
    NotThere,
    OutcomeUnknown,
    RateLimited,
    Refused,
    RemoteError,
    Unavailable,
)
from daifa.ports.transport import Credentials, Reply, Request

KEYS = Credentials("mk_1", "sk_secret", {"gateway": "https://shop.example/erp/"})


class _Wire:
    def __init__(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
        self.reply, self.sent = Reply(status, body, headers), list[Request]()

    def turn(self, name: str) -> datetime:
        return datetime(2026, 5, 6, tzinfo=UTC)

    def send(self, request: Request) -> Reply:
        self.sent.append(request)
        return self.reply


def client(status: int, said: object, headers: Mapping[str, str] | None = None) -> tuple[Client, _Wire]:
    body = said if isinstance(said, bytes) else orjson.dumps(said)
    wire = _Wire(status, body, headers or {})
    return Client(KEYS, wire), wire


def no(code: str) -> dict[str, object]:
    return {"error": {"code": code, "message": "原话 sk_secret"}}


@pytest.mark.parametrize(
    ("status", "said", "reading", "writing"),
    [
        (422, no("out_of_stock"), Refused, Refused),
        (409, no("already_shipped"), Refused, Refused),
        (409, no("reference_conflict"), Unavailable, OutcomeUnknown),
        (404, no("not_found"), NotThere, NotThere),
        (401, no("unknown_key"), NotGranted, NotGranted),
        (401, no("stale_timestamp"), Unavailable, Unavailable),
        (429, no("too_fast"), RateLimited, RateLimited),
        (503, no("unavailable"), Unavailable, Unavailable),
        (503, b"upstream", Unavailable, OutcomeUnknown),
        (500, no("broken"), Unavailable, OutcomeUnknown),
        (200, b'{"reference":', Unavailable, OutcomeUnknown),
        (200, b"<html>", Unavailable, OutcomeUnknown),
    ],
)
def test_refusals(status: int, said: object, reading: type[RemoteError], writing: type[RemoteError]) -> None:
    one, wire = client(status, said, {"retry-after": "7"})
    with pytest.raises(RemoteError) as asked:
        one.order("CG-1")
    with pytest.raises(RemoteError) as placed:
        one.place({"reference": "CG-1"})
    assert (type(asked.value), type(placed.value)) == (reading, writing)
    assert "sk_secret" not in asked.value.text + placed.value.text
    if isinstance(asked.value, RateLimited):
        assert asked.value.after == 7
    assert wire.sent[0].url == "https://shop.example/erp/v1/orders/CG-1"


def test_what_is_not_as_agreed_is_named() -> None:
    good = {"reference": "CG-1", "number": "1", "state": "accepted", "created_at": "2026-05-06T08:00:00+08:00",
            "updated_at": "2026-05-06T08:00:00+08:00", "lines": [{"sku": "a", "quantity": 1}], "freight_fen": 1,
            "total_fen": 2, "cancelled": None, "parcels": []}  # fmt: skip
    assert mapping.order(good).created_at == datetime(2026, 5, 6, tzinfo=UTC)
    for more in ({"state": "lost"}, {"total_fen": "2"}, {"updated_at": "2026-05-06T08:00:00"}, {"reference": None}):
        with pytest.raises(BadReply):
            mapping.order({**good, **more})
