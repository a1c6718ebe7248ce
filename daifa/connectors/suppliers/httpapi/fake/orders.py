"""Orders by the merchant's reference: placed once, cancelled before shipping, followed to the door."""

from __future__ import annotations

import hashlib
from dataclasses import fields
from datetime import datetime
from typing import Any

import orjson

from daifa.connectors.suppliers.httpapi.fake.stock import priced, unit_fen
from daifa.connectors.suppliers.httpapi.fake.words import KEY, Ask, No
from daifa.ports.books import Parcel, Receiver, SupplierOrder, SupplyLine, SupplyPhase

_STATE = {
    SupplyPhase.UNPAID: "accepted", SupplyPhase.PAID: "accepted", SupplyPhase.PART_SHIPPED: "shipped",
    SupplyPhase.SHIPPED: "shipped", SupplyPhase.RECEIVED: "shipped", SupplyPhase.CLOSED: "cancelled",
}  # fmt: skip
_REASON = {"sellerGoodsLack": ("out_of_stock", "缺货"), "merchant": ("merchant", "商家取消")}
_NAMES = {
    "ZTO": "中通快递", "YTO": "圆通速递", "STO": "申通快递", "YUNDA": "韵达快递", "JTSD": "极兔速递", "SF": "顺丰速运",
    "POSTB": "邮政快递包裹", "DBKD": "德邦快递",
}  # fmt: skip
MOST_REFERENCE = 64


def _reference(said: Any) -> str:
    if not isinstance(said, str) or not 0 < len(said) <= MOST_REFERENCE or "/" in said:
        raise No(400, "malformed", f"reference 应是 1 到 {MOST_REFERENCE} 个字符的文本，不含 /")
    return said


def _receiver(said: Any) -> Receiver:
    names = [f.name for f in fields(Receiver)]
    if not isinstance(said, dict) or not all(isinstance(said.get(n, ""), str) for n in names):
        raise No(400, "malformed", "receiver 不正确")
    if not all(said.get(n) for n in ("name", "phone", "province", "city", "detail")):
        raise No(400, "malformed", "receiver 缺少 name、phone、province、city 或 detail")
    return Receiver(**{n: said.get(n, "") for n in names})


def _digest(said: dict[str, Any]) -> str:
    """What makes two placements the same: everything but the price limit."""
    same = {k: said.get(k) for k in ("lines", "receiver", "note")}
    return hashlib.sha256(orjson.dumps(same, option=orjson.OPT_SORT_KEYS)).hexdigest()


def find(ask: Ask, reference: str) -> SupplierOrder | None:
    """The order of a reference."""
    kept = ask.world.books.doc(KEY, "reference", reference)
    return ask.world.books.supply(KEY, kept["order"]) if kept is not None else None


def place(ask: Ask) -> tuple[int, Any]:
    """Made at once and on account. The same reference is the same order for ever, also a cancelled one."""
    said = ask.body()
    reference, digest = _reference(said.get("reference")), _digest(said)
    order = find(ask, reference)
    if order is not None:
        if order.extra["digest"] != digest:
            raise No(409, "reference_conflict", "同一 reference 已有内容不同的订单", reference=reference)
        return 200, told(ask, order)
    who, lines = _receiver(said.get("receiver")), ask.lines(said.get("lines"))
    cost = priced(ask, lines, who.province)
    limit = said.get("most_fen")
    if limit is not None and (not isinstance(limit, int) or cost["total_fen"] > limit):
        raise No(422, "price_above_limit", "总价超过 most_fen，未下单", total_fen=cost["total_fen"])
    world, now = ask.world, ask.world.now()
    number = f"YJ{now:%Y%m%d}{world.number('httpapi.order'):07d}"
    made = [SupplyLine(str(n), o.sku, o.their_code, c, unit_fen(o, c)) for n, (o, c) in enumerate(lines, 1)]
    order = SupplierOrder(
        f"{KEY}/{number}", KEY, ask.seller, "merchant", number, reference, now, now, who, made, cost["freight_fen"],
        memo=str(said.get("note") or ""), extra={"digest": digest},
    )  # fmt: skip
    world.books.put_doc(KEY, "reference", reference, {"order": number})
    world.sellers.place(order)
    world.sellers.pay(order)
    return 201, told(ask, order)


def _must(ask: Ask) -> SupplierOrder:
    order = find(ask, ask.reference)
    if order is None:
        raise No(404, "not_found", "没有这个 reference 的订单", reference=ask.reference)
    return order


def one(ask: Ask) -> tuple[int, Any]:
    """The order of a reference; 404 means that it was never made."""
    return 200, told(ask, _must(ask))


def cancel(ask: Ask) -> tuple[int, Any]:
    """Over, if nothing has left; again is the same answer."""
    order = _must(ask)
    if order.phase in (SupplyPhase.SHIPPED, SupplyPhase.PART_SHIPPED, SupplyPhase.RECEIVED):
        raise No(409, "already_shipped", "已发货，不能取消", reference=order.reference)
    ask.world.sellers.close(order, "merchant", refund=True)
    return 200, told(ask, order)


def changed(ask: Ask) -> tuple[int, Any]:
    """What changed since a moment, oldest change first, in pages: for who lost webhooks."""
    query = ask.request.pairs
    try:
        since = datetime.fromisoformat(query["changed_since"].replace(" ", "+"))
        size = min(max(int(query.get("limit", "50")), 1), 200)
    except (KeyError, ValueError) as error:
        raise No(400, "malformed", "changed_since 应是带时区的 ISO 8601 时刻") from error
    if since.tzinfo is None:
        raise No(400, "malformed", "changed_since 应是带时区的 ISO 8601 时刻")
    after = (since, query.get("after", ""))
    found = sorted(
        (o for o in ask.world.books.supplies(KEY) if (o.updated_at, o.number) > after),
        key=lambda o: (o.updated_at, o.number),
    )
    page = found[:size]
    more = {"changed_since": page[-1].updated_at.isoformat(), "after": page[-1].number} if found[size:] else None
    return 200, {"orders": [told(ask, o) for o in page], "next": more}


def tracking(ask: Ask) -> tuple[int, Any]:
    """Every parcel with everything the courier scanned."""
    order = _must(ask)
    found = [(_parcel(order, p), p) for p in _parcels(ask, order)]
    events = [
        {**parcel, "events": [{"at": s.at.isoformat(), "kind": s.kind.value, "place": s.place, "text": s.text}
                              for s in p.scans]}
        for parcel, p in found
    ]  # fmt: skip
    return 200, {"reference": order.reference, "parcels": events}


def _parcels(ask: Ask, order: SupplierOrder) -> list[Parcel]:
    found = [ask.world.books.parcel(n) for n in order.parcels]
    return [p for p in found if p is not None]


def _parcel(order: SupplierOrder, parcel: Parcel) -> dict[str, Any]:
    inside = [x for x in order.lines if x.sku in parcel.contents] or order.lines
    return {
        "courier": _NAMES[parcel.courier], "number": parcel.number, "shipped_at": parcel.made_at.isoformat(),
        "lines": [{"sku": x.their_code, "quantity": x.quantity} for x in inside],
    }  # fmt: skip


def told(ask: Ask, order: SupplierOrder) -> dict[str, Any]:
    """An order as every answer shows it."""
    code, text = _REASON.get(order.close_reason, ("other", order.close_reason))
    return {
        "reference": order.reference, "number": order.number, "state": _STATE[order.phase],
        "created_at": order.created_at.isoformat(), "updated_at": order.updated_at.isoformat(),
        "lines": [{"sku": x.their_code, "quantity": x.quantity, "unit_fen": x.price_fen} for x in order.lines],
        "freight_fen": order.freight_fen, "total_fen": order.total_fen,
        "cancelled": {"code": code, "message": text} if order.phase is SupplyPhase.CLOSED else None,
        "parcels": [_parcel(order, p) for p in _parcels(ask, order)],
    }  # fmt: skip
