"""Buyers' wishes to have an order sent elsewhere: the new address sealed, shown masked; open until somebody answers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from daifa.areas.orders.models import AddressWish as Row
from daifa.areas.orders.services import history
from daifa.areas.orders.services.history import Fact
from daifa.areas.orders.types import WISH
from daifa.base import bulk, resealing, vault
from daifa.kit import clock
from daifa.kit.errors import NotFound
from daifa.kit.masking import mask_address, mask_name, mask_phone
from daifa.kit.values import dataclass
from daifa.ports.shop import OVER, AddressWish, Recipient, RecipientState

_PARTS = ("name", "phone", "province", "city", "district", "street", "address")


@dataclass(frozen=True, slots=True)
class WishView:
    """One wish as a screen may show it; ``masked`` without the region."""

    id: UUID
    order_id: UUID
    state: str
    state_label: str
    masked: str
    region: str
    asked_at: datetime
    answer_by: datetime | None
    ended_at: datetime | None
    ended_why: str
    by_name: str


def _purpose(wish_id: UUID) -> str:
    return f"order.wish:{wish_id}"


def _view(row: Row) -> WishView:
    region = " ".join(p for p in (row.province, row.city, row.district) if p)
    return WishView(
        row.id, row.order_id, row.state, WISH.labels[row.state], row.masked, region, row.asked_at, row.answer_by,
        row.ended_at, row.ended_why, row.by_name,
    )  # fmt: skip


def open_one(order_id: UUID, key: str, wish: AddressWish) -> WishView | None:
    """A buyer wants the order sent elsewhere; an older open wish is over with it. None when it is known already."""
    if Row.objects.filter(order_id=order_id, event_key=key).exists():
        return None
    for row in Row.objects.select_for_update().filter(order_id=order_id, state="open"):
        _end(row, "moot", "买家又提了新的地址")
    to = wish.recipient
    row = Row(
        order_id=order_id, event_key=key, masked=_masked(to), province=to.province, city=to.city, district=to.district,
        asked_at=wish.asked_at or clock.now(), answer_by=wish.answer_by,
    )  # fmt: skip
    row.sealed = vault.seal_json({p: getattr(to, p) for p in ("state", *_PARTS)}, _purpose(row.id))
    row.save()
    place = f"{to.province}{to.city}{to.district}" or "新地址"
    history.write([Fact(order_id, "wish", f"买家申请把收货地址改到 {place}", by="api")])
    return _view(row)


def _masked(to: Recipient) -> str:
    if to.state is RecipientState.PLAIN:
        return " ".join((mask_name(to.name), mask_phone(to.phone), mask_address(to.address)))
    # A ciphertext that stands in the place of a masked text tells a person nothing.
    return " ".join(t for t in (to.name, to.phone, to.address) if "*" in t)


def get(wish_id: UUID, *, lock: bool = False) -> WishView:
    """One wish. Raises NotFound."""
    rows = Row.objects.select_for_update() if lock else Row.objects
    row = rows.filter(id=wish_id).first()
    if row is None:
        raise NotFound("no_such_wish", "没有这个改地址申请，请刷新。")
    return _view(row)


def of_order(order_id: UUID) -> list[WishView]:
    """Every wish of an order, the newest first."""
    return [_view(r) for r in Row.objects.filter(order_id=order_id).order_by("-asked_at", "-id")]


def open_of(order_id: UUID) -> WishView | None:
    """The wish that waits for an answer."""
    row = Row.objects.filter(order_id=order_id, state="open").first()
    return _view(row) if row else None


def opened(wish_id: UUID) -> Recipient:
    """Where it shall go, opened for judging it or for a person who was let in. ABSENT once it was destroyed."""
    row = Row.objects.filter(id=wish_id).first()
    if row is None or not row.sealed:
        return Recipient()
    held = vault.unseal_json(bytes(row.sealed), _purpose(wish_id))
    return Recipient(RecipientState(str(held["state"])), *(str(held.get(p) or "") for p in _PARTS))


def end(wish_id: UUID, state: str, why: str, *, by_name: str = "") -> bool:
    """It was answered, or is no question any more; False when it had ended before. Raises Conflict, NotFound."""
    row = Row.objects.select_for_update().filter(id=wish_id).first()
    if row is None or row.state != "open":
        return False
    _end(row, state, why, by_name)
    return True


def _end(row: Row, state: str, why: str, by_name: str = "") -> None:
    WISH.check(row.state, state)
    row.state, row.ended_at, row.ended_why, row.by_name = state, clock.now(), why, by_name
    row.save(update_fields=["state", "ended_at", "ended_why", "by_name"])


def end_over(order_ids: Sequence[UUID]) -> None:
    """Nobody need answer for orders that left or are over."""
    at = clock.now()
    gone = bulk.select(
        "UPDATE orders_addresswish w SET state = 'moot', ended_at = %s, ended_why = '订单已发货或已结束'"
        " FROM orders_order o WHERE w.tenant_id = {tenant} AND w.order_id = ANY(%s::uuid[]) AND w.state = 'open'"
        " AND o.tenant_id = {tenant} AND o.id = w.order_id"
        " AND (o.state = ANY(%s::text[]) OR o.refund = 'full') RETURNING w.order_id",
        [at, list(order_ids), [s.value for s in OVER]],
    )
    history.write([Fact(i, "wish", "改地址申请不用答复了：订单已发货或已结束") for (i,) in gone])


def reseal(*, limit: int = 500) -> int:
    """Seal wishes anew with the newest key, up to ``limit``; returns how many."""
    return resealing.reseal(Row, "sealed", _purpose, limit=limit)


def shred(order_ids: Sequence[UUID]) -> None:
    """Destroy the addresses of these orders' wishes."""
    Row.objects.filter(order_id__in=list(order_ids)).update(sealed=b"", masked="")
