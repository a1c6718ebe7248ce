"""The append-only history of orders: every fact, decision and deed, never personal data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import datetime
from uuid import UUID

from daifa.areas.orders.models import History
from daifa.base import bulk
from daifa.kit import clock
from daifa.kit.ids import uuid7
from daifa.kit.values import dataclass


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that happened to an order, as a Chinese sentence without personal data."""

    order_id: UUID
    kind: str
    text: str
    by: str = "system"
    by_name: str = ""
    data: Mapping[str, object] = field(default_factory=dict)
    batch_id: UUID | None = None
    file_id: UUID | None = None
    row: int | None = None
    at: datetime | None = None


def write(facts: Sequence[Fact]) -> None:
    """Append facts."""
    now = clock.now()
    columns = (
        "id", "created_at", "order_id", "at", "kind", "text", "data", "by", "by_name", "batch_id", "file_id", "row",
    )  # fmt: skip
    values = [
        (
            uuid7(), now, f.order_id, f.at or now, f.kind, f.text, dict(f.data), f.by, f.by_name, f.batch_id,
            f.file_id, f.row,
        )
        for f in facts
    ]  # fmt: skip
    bulk.insert(History, columns, values)


def of_order(order_id: UUID) -> list[Fact]:
    """Everything that happened to one order, oldest first."""
    found = History.objects.filter(order_id=order_id).order_by("at", "id")
    return [
        Fact(h.order_id, h.kind, h.text, h.by, h.by_name, h.data, h.batch_id, h.file_id, h.row, h.at) for h in found
    ]
