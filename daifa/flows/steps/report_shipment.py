"""Reported by API: each box is told to its shop once, under our reference, after its orders were read again; then the
platform's own word is read back. Several orders in one box are told in one call where the shop can be told so."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID, uuid5

from daifa.areas.logistics.rules.couriers import courier_name
from daifa.areas.logistics.services import reports
from daifa.areas.mailroom.services import outbox
from daifa.areas.mailroom.services.outbox import Want
from daifa.areas.mailroom.types import OutboxItem
from daifa.areas.orders.services import history, standing
from daifa.areas.orders.services.history import Fact
from daifa.base.tenancy import tenant
from daifa.connectors import registry
from daifa.flows import advance, connect, placing, rereading
from daifa.flows.placing import LOOK_AGAIN, Failed
from daifa.flows.reporting import blocked, by_api
from daifa.kit import clock, log
from daifa.kit.errors import AppError
from daifa.kit.values import dataclass
from daifa.ports.card import Capability
from daifa.ports.errors import RemoteError
from daifa.ports.shop import GONE
from daifa.ports.shop_api import SharedShipment, Shipment, ShipPiece, ShopApi, Told
from daifa.reads import ship_facts
from daifa.reads.ship_facts import WaitingReport

KIND = "ship"
# Noted on a row after the whole box was refused.
ALONE = "alone"
_log = log.get("daifa.report_shipment")


def queue(order_ids: Sequence[UUID]) -> list[UUID]:
    """Boxes of these orders whose shops can be told by API are to be told, each once. Returns connections."""
    lines = by_api(ship_facts.shops_waiting(order_ids))
    wanted = set(order_ids)
    wants = []
    for r in ship_facts.waiting(list(lines)) if lines else ():
        if r.order_id in wanted:
            held = lines[r.shop_id]
            wants.append(
                Want(
                    key=f"{KIND}:{r.id}", kind=KIND, connection_id=held.id, subject_id=r.id, order_id=r.order_id,
                    reference=f"{r.order_no}:{r.tracking_number}",
                )
            )  # fmt: skip
    outbox.want(wants)
    return sorted({w.connection_id for w in wants})


@dataclass(frozen=True, slots=True)
class Member:
    """One order's part of a box: its row and what is to be told."""

    item: OutboxItem
    report: WaitingReport


def do(tenant_id: int, item: OutboxItem) -> None:
    """Tell the shop of one box whose turn it is, of all its orders at once where the shop can be told so."""
    with tenant(tenant_id):
        report = _report(item)
        if report is None:
            outbox.settle(item.id, "void", before=("ready",), reason="这个包裹不用再告诉平台")
            return
        others = _others(item, report)
    named = [(m.report.shop_id, m.report.order_no) for m in (Member(item, report), *others)]
    if placing.first(tenant_id, item, lambda: rereading.orders(tenant_id, named)) is None:
        return
    with tenant(tenant_id):
        standing.lock([report.order_id, *(m.report.order_id for m in others)])
        members = _claim(item, others)
        for m in members:
            reports.calling(m.report.id)
        advance.settle([m.report.order_id for m in members])
    if members:
        _call(tenant_id, members)


def _report(item: OutboxItem) -> WaitingReport | None:
    return next(iter(ship_facts.by_id([item.subject_id])), None)


def _others(item: OutboxItem, report: WaitingReport) -> list[Member]:
    """Other orders in this box that may be told in the same call."""
    if Capability.SHIP_TOGETHER not in _capabilities(item) or not _together(item, report):
        return []
    found = {r.id: r for r in ship_facts.by_id(ship_facts.same_box(report.id))}
    rows = [x for x in outbox.of_subject(found) if x.kind == KIND and x.state == "ready" and x.due_at <= clock.now()]
    mine = [Member(x, found[x.subject_id]) for x in rows if x.connection_id == item.connection_id]
    return [m for m in mine if _together(m.item, m.report) and not blocked(m.report, by_api=True)]


def _capabilities(item: OutboxItem) -> frozenset[Capability]:
    return registry.connector(connect.platform_of(item.connection_id)).card.capabilities


def _together(item: OutboxItem, report: WaitingReport) -> bool:
    """Not after a no of the whole box, not another number or an extra box, not without knowing the pieces."""
    known = bool(report.lines) and all(number for number, *_ in report.lines)
    return known and not report.replaces and not _extra(report) and not item.result.get(ALONE)


def _extra(report: WaitingReport) -> bool:
    """One more box of an order that the platform has as shipped whole."""
    return report.order_state in GONE and not report.replaces


def _claim(item: OutboxItem, others: Sequence[Member]) -> list[Member]:
    """Judge once more what was just read, and claim: the row whose turn it is, and those that go with it."""
    report = _report(item)
    if report is None:
        outbox.settle(item.id, "void", before=("ready",), reason="平台已确认，或这个包裹不用再告诉平台")
        return []
    if why := blocked(report, by_api=True, adds=Capability.SHIP_EXTRA in _capabilities(item)):
        placing.wait(item, why, LOOK_AGAIN)
        return []
    soon = clock.now() + timedelta(seconds=60)
    if not outbox.claim(item.id, visible_at=soon):
        return []
    members = [Member(item, report)]
    for m in others:
        again = _report(m.item)
        if again is not None and not blocked(again, by_api=True) and outbox.claim(m.item.id, visible_at=soon):
            members.append(Member(m.item, again))
    return members


def _call(tenant_id: int, members: Sequence[Member]) -> None:
    first = members[0].item
    try:
        with connect.use(tenant_id, first.connection_id, outbox_id=first.id, attempt=first.tries + 1) as line:
            told = _tell(line.shop(), members)
    except RemoteError as error:
        with tenant(tenant_id):
            standing.lock([m.report.order_id for m in members])
            for m in members:
                _failed(m.item, m.report, error, together=len(members) > 1)
        return
    with tenant(tenant_id):
        standing.lock([m.report.order_id for m in members])
        for m in members:
            _told(m.item, m.report, told)
    _read_back(tenant_id, [m.report for m in members])


def _tell(shop: ShopApi, members: Sequence[Member]) -> Told:
    if len(members) > 1:
        return shop.ship_together(_box(members))
    report = members[0].report
    return shop.ship_extra(_shipment(report)) if _extra(report) else shop.ship(_shipment(report))


def _shipment(r: WaitingReport) -> Shipment:
    return Shipment(
        reference=str(r.id),
        order_id=r.order_no,
        courier=r.courier,
        courier_name=courier_name(r.courier),
        tracking_number=r.tracking_number,
        pieces=_pieces(r),
        whole=r.pending == 0 and r.only_box,
        replaces=r.replaces,
        pack_id=r.pack_id,
    )


def _pieces(r: WaitingReport) -> tuple[ShipPiece, ...]:
    """In the shop's units: what the box ships, of a shipped order what it has something of."""
    told = ((no, boxed if _extra(r) else ships) for no, ships, boxed in r.lines if no)
    return tuple(ShipPiece(no, n) for no, n in told if n)


def _box(members: Sequence[Member]) -> SharedShipment:
    """The box of several orders; its reference is made of what is in it, so that telling it again is the same deed."""
    inside = sorted((m.report for m in members), key=lambda r: r.id)
    first = inside[0]
    return SharedShipment(
        reference=str(uuid5(first.id, ",".join(str(r.id) for r in inside))),
        courier=first.courier,
        courier_name=courier_name(first.courier),
        tracking_number=first.tracking_number,
        orders=tuple((r.order_no, _pieces(r)) for r in inside),
    )


def _told(item: OutboxItem, report: WaitingReport, told: Told) -> None:
    if not outbox.settle(item.id, "confirmed", before=("calling", "unknown"), result={"pack_id": told.pack_id}):
        return
    reports.told(report.id, pack_id=told.pack_id)
    if _extra(report):
        # The order was shipped before and need not show this box: the platform's yes is its word.
        reports.confirm([report.id])
    text = f"发货单号已告诉平台：{courier_name(report.courier)} {report.tracking_number}"
    history.write([Fact(report.order_id, "report", text, by="api")])
    advance.settle([report.order_id])


def _read_back(tenant_id: int, told: Sequence[WaitingReport]) -> None:
    """The platform's own word counts: read the orders again, which confirms the reports (``reporting.confirm``)."""
    try:
        rereading.orders(tenant_id, [(r.shop_id, r.order_no) for r in told], always=True)
    except (RemoteError, AppError) as error:
        _log.info("report.read_back.later", error=type(error).__name__)


def _failed(item: OutboxItem, report: WaitingReport, error: RemoteError, *, together: bool) -> None:
    """``together``: which of several orders was refused nobody says, so that each is told by itself."""
    if together and error.happened is False and not error.again and error.who == "operator":
        why = f"几单一个包裹一起告诉平台没有成功（{error.said}），逐单再告诉"
        if outbox.settle(item.id, "ready", before=("calling",), reason=why, result={ALONE: True}, due_at=clock.now()):
            reports.wait_again(report.id)
            advance.settle([report.order_id])
        return
    what = placing.failed(item, error)
    if what is Failed.UNKNOWN:
        return
    if what is Failed.AGAIN:
        reports.wait_again(report.id)
    elif what is Failed.REFUSED:
        reports.refuse([report.id], error.text)
        text = f"平台没有接受发货单号 {report.tracking_number}：{error.text}"
        history.write([Fact(report.order_id, "report", text, by="api")])
    advance.settle([report.order_id])


def ask(tenant_id: int, item: OutboxItem) -> None:
    """Did the shop take it? Its order says so; the same reference is safe to tell again."""
    with tenant(tenant_id):
        report = next(iter(ship_facts.by_id([item.subject_id], calling=True)), None)
        if report is None:
            outbox.settle(item.id, "confirmed", before=("unknown",), reason="平台已确认")
            return
    named = [(report.shop_id, report.order_no)]
    if placing.look(tenant_id, item, lambda: rereading.orders(tenant_id, named, always=True)) is None:
        return
    with tenant(tenant_id):
        standing.lock([report.order_id])
        report = next(iter(ship_facts.by_id([item.subject_id], calling=True)), None)
        if report is None:
            outbox.settle(item.id, "confirmed", before=("unknown",), reason="平台已确认")
        elif outbox.settle(
            item.id, "ready", before=("unknown",), reason="平台还没有这个单号，再传一次", due_at=clock.now()
        ):
            reports.wait_again(report.id)
            advance.settle([report.order_id])


def done_by_hand(item: OutboxItem) -> None:
    """A person told the shop in its own back office; the next reading confirms it."""
    reports.told(item.subject_id)
