"""What a store's program may ask and do: orders, refunds, parcels. Money in yuan text, moments in Beijing time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from daifa.kit.clock import BEIJING
from daifa.ports.books import BuyerOrder, Case, CaseKind, CasePhase, Line, OrderPhase, Shipment
from daifa.ports.world import World

from .doors import KEY, Fail

SIZE = 50
STATUS = {
    OrderPhase.UNPAID: "WAIT_PAY", OrderPhase.PENDING: "HOLD", OrderPhase.TO_SHIP: "WAIT_SHIP",
    OrderPhase.PART_SHIPPED: "PART_SENT", OrderPhase.SHIPPED: "SENT", OrderPhase.FINISHED: "DONE",
    OrderPhase.CLOSED: "CLOSED",
}  # fmt: skip
WISHES = {CasePhase.DONE: "PAID_BACK", CasePhase.CLOSED: "WITHDRAWN", CasePhase.REFUSED: "REFUSED"}
CARRIERS = {
    "ZTO": "zto", "YTO": "yto", "STO": "sto", "YUNDA": "yunda", "JTSD": "jt", "SF": "sf", "POSTB": "post",
    "DBKD": "deppon",
}  # fmt: skip
type Said = Mapping[str, Any]


def _yuan(fen: int) -> str:
    return f"{fen / 100:.2f}"


def _at(moment: datetime | None) -> str:
    return moment.astimezone(BEIJING).isoformat(timespec="seconds") if moment else ""


def _wish(case: Case | None) -> str:
    return WISHES.get(case.phase, "OPEN") if case else ""


def _order(world: World, order: BuyerOrder) -> dict[str, Any]:
    cases = sorted(world.books.cases_of(order.id), key=lambda c: c.created_at)
    by_line = {n: c for c in cases for n in c.lines}
    to, borne = order.receiver, sum(x.platform_fen + x.talent_fen + x.channel_fen for x in order.lines)
    return {
        "no": order.number, "store": order.shop, "status": STATUS[order.phase],
        "refund": _wish(cases[-1] if cases else None),
        "created": _at(order.created_at), "paid": _at(order.paid_at), "changed": _at(order.updated_at),
        "ship_by": _at(order.ship_by), "goods_money": _yuan(order.amount_fen),
        "freight_money": _yuan(order.freight_fen),
        "buyer_money": _yuan(order.paid_fen), "store_money": _yuan(order.paid_fen + borne), "note": order.words,
        "ship_to": {
            "name": to.name, "mobile": to.phone, "province": to.province, "city": to.city, "district": to.district,
            "street": to.street, "address": to.detail,
        },
        "parcels": [{"carrier": CARRIERS.get(s.courier, "other"), "number": s.number} for s in order.shipments],
        "items": [_line(x, by_line.get(x.number)) for x in order.lines],
    }  # fmt: skip


def _line(line: Line, case: Case | None) -> dict[str, Any]:
    return {
        "no": line.number, "goods": line.item_no, "sku": line.sku_no, "title": line.title, "spec": line.spec,
        "code": line.merchant_code, "count": line.quantity, "price": _yuan(line.price_fen),
        "buyer_money": _yuan(line.paid_fen), "closed": line.closed, "refund": _wish(case),
    }  # fmt: skip


def _case(case: Case) -> dict[str, Any]:
    return {
        "no": case.id.split("/", 1)[1], "order": case.order.split("/", 1)[1], "items": case.lines,
        "status": _wish(case),
        "asked_money": _yuan(case.asked_fen), "given_money": "" if case.real_fen is None else _yuan(case.real_fen),
        "goods_back": case.kind is CaseKind.RETURN, "why": case.reason, "created": _at(case.created_at),
        "changed": _at(case.updated_at), "ended": _at(case.settled_at),
    }  # fmt: skip


def _window[T: (BuyerOrder, Case)](said: Said, found: list[T]) -> tuple[list[T], str]:
    """One page of what changed in the window, by (changed, number); the cursor names the last row of the page."""
    first, last = datetime.fromisoformat(said["from"]), datetime.fromisoformat(said["to"])
    rows = sorted((x for x in found if first <= x.updated_at <= last), key=lambda x: (x.updated_at, x.id))
    if after := said.get("after"):
        rows = [x for x in rows if f"{x.updated_at.isoformat()}|{x.id}" > after]
    page = rows[:SIZE]
    return page, f"{page[-1].updated_at.isoformat()}|{page[-1].id}" if len(rows) > SIZE else ""


def orders_changed(world: World, store: str, said: Said) -> dict[str, Any]:
    """A page of orders."""
    page, cursor = _window(said, list(world.books.orders(KEY, store)))
    return {"rows": [_order(world, x) for x in page], "next": cursor}


def refunds_changed(world: World, store: str, said: Said) -> dict[str, Any]:
    """A page of refunds."""
    page, cursor = _window(said, list(world.books.cases(KEY, store)))
    return {"rows": [_case(x) for x in page], "next": cursor}


def _known(world: World, store: str, number: object) -> BuyerOrder:
    found = world.books.order(KEY, str(number))
    if found is None or found.shop != store:
        raise Fail("NO_SUCH")
    return found


def _wanted(world: World, store: str, number: object) -> Case:
    found = world.books.case(KEY, str(number))
    if found is None or found.shop != store:
        raise Fail("NO_SUCH")
    return found


def one_order(world: World, store: str, said: Said) -> dict[str, Any]:
    """One order."""
    return _order(world, _known(world, store, said.get("no")))


def one_refund(world: World, store: str, said: Said) -> dict[str, Any]:
    """One refund."""
    return _case(_wanted(world, store, said.get("no")))


def answer(world: World, store: str, said: Said) -> dict[str, Any]:
    """The store agrees or refuses."""
    case = _wanted(world, store, said.get("no"))
    if case.phase is not CasePhase.APPLIED or case.extra.get("agreed"):
        raise Fail("CASE_OVER")
    if said.get("agree"):
        world.cases.agree(case)
    else:
        world.cases.refuse(case, str(said.get("why", "")))
    return {}


def add_parcel(world: World, store: str, said: Said) -> dict[str, Any]:
    """A box left; the same key again gives the first answer."""
    order = _known(world, store, said.get("order"))
    used = f"{store}:{order.number}:{said.get('key', '')}"
    if (before := world.books.doc(KEY, "key", used)) is not None:
        return before
    if world.cases.pending(order) is not None:
        raise Fail("REFUND_OPEN", "refund is open")
    if order.phase not in (OrderPhase.TO_SHIP, OrderPhase.PART_SHIPPED):
        raise Fail("NOT_SHIPPABLE", STATUS[order.phase])
    left = {x.number: x.quantity - x.shipped for x in order.lines if not x.closed and x.shipped < x.quantity}
    pieces = {str(x["no"]): int(x["count"]) for x in said.get("items") or ()} or left
    if any(count < 1 or count > left.get(number, 0) for number, count in pieces.items()):
        raise Fail("NOT_SHIPPABLE", "count")
    told = {"parcel": f"P{world.number('meiri_parcel'):08d}"}
    number = str(said.get("number", ""))
    world.books.put_doc(KEY, "key", used, told)
    world.orders.ship(order, Shipment(told["parcel"], number, _ours(said), number, world.now(), pieces))
    return told


def renumber(world: World, store: str, said: Said) -> dict[str, Any]:
    """A box has another number."""
    order = _known(world, store, said.get("order"))
    box = next((s for s in order.shipments if s.number == said.get("old_number")), None)
    if box is None:
        raise Fail("NO_SUCH")
    world.orders.renumber(order, box.pack, _ours(said), str(said.get("number", "")))
    return {}


def _ours(said: Said) -> str:
    for ours, carrier in CARRIERS.items():
        if carrier == said.get("carrier"):
            return ours
    raise Fail("NOT_SHIPPABLE", "carrier")
