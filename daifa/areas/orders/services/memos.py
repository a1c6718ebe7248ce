"""The seller's memo and flag as a person wrote them here: the text sealed with the order's other notes, the last wins.

Whether the platform has it is not known here: that stands in the outbox, and in what is read of the order.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from daifa.areas.orders.models import Order
from daifa.areas.orders.rules.note_words import normal
from daifa.areas.orders.rules.readings import OWN_MEMO, partial_reading
from daifa.areas.orders.services import history, recording, rows, standing
from daifa.areas.orders.services.history import Fact
from daifa.areas.orders.services.recording import Source
from daifa.base import bulk
from daifa.base.actor import Actor
from daifa.kit import clock
from daifa.kit.values import dataclass


@dataclass(frozen=True, slots=True)
class Written:
    """What a person wrote last. ``n`` rises with every writing; ``text`` None leaves the memo, ``flag`` "" the flag.

    ``here``: it stays here, because the shop cannot be told.
    """

    n: int
    text: str | None
    flag: str
    here: bool


def write(
    *, by: Actor, order_ids: Sequence[UUID], text: str | None, flag: str, here: bool, untold: Collection[UUID] = ()
) -> dict[UUID, int]:
    """Keep what a person wrote on these orders; returns the number of the writing for each.

    Of an order whose last writing is still ``untold`` what the new one leaves alone is taken over from it.
    """
    standing.lock(order_ids)
    found = list(Order.objects.filter(id__in=list(order_ids)).order_by("id"))
    if text is not None:
        _seal(by, found, text)
    now = clock.now().isoformat()
    made, changes = {}, []
    for order in found:
        n = int(_mark(order.edits).get("n", 0)) + 1
        before = _mark(order.edits) if here or order.id in untold else {}
        mark = {
            "n": n, "flag": flag or before.get("flag", ""), "text": text is not None or before.get("text", False),
            "here": here, "by": by.key, "by_name": by.name, "at": now,
        }  # fmt: skip
        made[order.id] = n
        changes.append((order.id, {**order.edits, "memo": mark}))
    bulk.update(Order, ("edits",), changes)
    words = "、".join([*(["卖家备注"] if text is not None else []), *([f"{flag}旗"] if flag else [])])
    where = "只记在本系统，平台上没有" if here else "正在写回平台"
    history.write([Fact(i, "memo", f"写了{words}，{where}", by=by.key, by_name=by.name) for i in made])
    return made


def _seal(by: Actor, orders: Sequence[Order], text: str) -> None:
    now = clock.now()
    homes: dict[tuple[UUID, str, str], list[str]] = {}
    for order in orders:
        homes.setdefault((order.shop_id, order.platform, order.space), []).append(order.external_id)
    for (shop, platform, space), numbers in homes.items():
        source = Source(shop, platform, space, by=by.key, by_name=by.name)
        recording.record(source, [partial_reading(n, {OWN_MEMO: text}, now) for n in numbers], may_create=False)


def _mark(edits: object) -> dict[str, Any]:
    mark = edits.get("memo") if isinstance(edits, dict) else None
    return mark if isinstance(mark, dict) else {}


def last(order_id: UUID) -> Written | None:
    """What was written last on one order, opened for telling the platform; None when nobody wrote."""
    edits = Order.objects.filter(id=order_id).values_list("edits", flat=True).first()
    mark = _mark(edits)
    if not mark:
        return None
    values = rows.load_persons([order_id])[order_id].values if mark.get("text") else {}
    text = str(values.get(OWN_MEMO) or "") if mark.get("text") else None
    return Written(int(mark["n"]), text, str(mark.get("flag") or ""), bool(mark.get("here")))


def platform_memo(order_id: UUID) -> str:
    """The memo that the platform showed last, opened for telling it again beside a new flag."""
    return str(rows.load_persons([order_id])[order_id].values.get("p:seller_memo") or "")


def shown(values: Mapping[str, object]) -> object:
    """The memo that people see: the platform's, else what was written here."""
    return values.get("p:seller_memo") or values.get(OWN_MEMO)


def is_ours(values: Mapping[str, object]) -> bool:
    """Whether the platform's memo is word for word the one that a person wrote here."""
    ours, theirs = values.get(OWN_MEMO), values.get("p:seller_memo")
    return bool(ours) and normal(str(ours)) == normal(str(theirs or ""))
