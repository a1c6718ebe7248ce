"""What writing a seller's memo looks at, and how the last writing of an order fares."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from daifa.base import bulk
from daifa.connectors import registry
from daifa.kit.values import dataclass
from daifa.ports.card import Capability

# How an outbox state is said of a memo; of the rest it is being written.
STATES = {"confirmed": "written", "refused": "refused", "held": "refused", "person": "refused", "void": "void"}


@dataclass(frozen=True, slots=True)
class MemoHome:
    """Where an order lives."""

    order_id: UUID
    shop_id: UUID
    number: str


@dataclass(frozen=True, slots=True)
class MemoOut:
    """The last writing of memo and flag: ``writing``, ``written``, ``refused``, ``void`` or ``here`` (kept here only).

    ``text``: whether a memo was written (it is sealed); ``flag`` "" was left as it was.
    """

    state: str
    reason: str
    text: bool
    flag: str
    by: str
    at: datetime


def homes(order_ids: Sequence[UUID]) -> list[MemoHome]:
    """Shops and numbers of these orders, by id."""
    found = bulk.select(
        "SELECT id, shop_id, external_id FROM orders_order WHERE tenant_id = {tenant} AND id = ANY(%s::uuid[])"
        " ORDER BY id",
        [list(order_ids)],
    )
    return [MemoHome(*r) for r in found]


def can_be_told(shop_id: UUID) -> bool:
    """Whether the shop is connected by an interface that takes memos."""
    found = bulk.select(
        "SELECT platform FROM accounts_connection WHERE tenant_id = {tenant} AND shop_id = %s AND live", [shop_id]
    )
    return any(Capability.MEMO in registry.connector(p).card.capabilities for (p,) in found)


def last(order_id: UUID, edits: Any) -> MemoOut | None:
    """How the last writing fares; None where nobody wrote. ``edits``: the order's own column."""
    mark = (orjson.loads(edits) if isinstance(edits, str | bytes) else edits).get("memo")
    if not mark:
        return None
    state, reason = "here", ""
    if not mark["here"]:
        found = bulk.select(
            "SELECT state, reason FROM mailroom_outbox WHERE tenant_id = {tenant} AND key = %s",
            [f"memo:{order_id}:{mark['n']}"],
        )
        state, reason = (STATES.get(found[0][0], "writing"), found[0][1]) if found else ("writing", "")
    at = datetime.fromisoformat(mark["at"])
    return MemoOut(state, "" if state == "written" else reason, mark["text"], mark["flag"], mark["by_name"], at)
