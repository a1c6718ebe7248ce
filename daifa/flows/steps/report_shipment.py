"""Reported by API: each box is told to its shop once, under our reference, after the order was read again; then the
platform's own word is read back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from daifa.areas.accounts.services import connections
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
from daifa.flows.reporting import blocked
from daifa.flows.tracking import courier_name
from daifa.kit import clock, log
from daifa.kit.errors import AppError
from daifa.ports.card import Capability
from daifa.ports.errors import RemoteError
from daifa.ports.shop_api import Shipment, ShipPiece, Told
from daifa.reads import ship_facts
from daifa.reads.ship_facts import WaitingReport

KIND = "ship"
_log = log.get("daifa.report_shipment")


def queue(order_ids: Sequence[UUID]) -> list[UUID]:
    """Boxes of these orders whose shops can be told by API are to be told, each once. Returns connections."""
    shops = ship_facts.shops_waiting(order_ids)
    lines = {
        shop: held
        for shop, held in connections.of_shops(shops).items()
        if Capability.SHIP in registry.connector(held.platform).card.capabilities
    }
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


def do(tenant_id: int, item: OutboxItem) -> None:
    """Tell the shop of one box whose turn it is."""
    with tenant(tenant_id):
        report = _report(item)
        if report is None:
            outbox.settle(item.id, "void", before=("ready",), reason="这个包裹不用再告诉平台")
            return
    try:
        rereading.orders(tenant_id, [(report.shop_id, report.order_no)])
    except RemoteError as error:
        placing.later_without_verdict(tenant_id, item, error)
        return
    except AppError as error:
        placing.postpone(tenant_id, item, error.message_zh, LOOK_AGAIN)
        return
    with tenant(tenant_id):
        standing.lock([report.order_id])
        report = _report(item)
        if report is None:
            outbox.settle(item.id, "void", before=("ready",), reason="平台已确认，或这个包裹不用再告诉平台")
            return
        if why := blocked(report):
            placing.wait(item, why, LOOK_AGAIN)
            return
        if not outbox.claim(item.id, visible_at=clock.now() + timedelta(seconds=60)):
            return
        reports.calling(report.id)
        advance.settle([report.order_id])
    _call(tenant_id, item, report)


def _report(item: OutboxItem) -> WaitingReport | None:
    return next(iter(ship_facts.by_id([item.subject_id])), None)


def _call(tenant_id: int, item: OutboxItem, report: WaitingReport) -> None:
    try:
        with connect.use(tenant_id, item.connection_id, outbox_id=item.id, attempt=item.tries + 1) as line:
            told = line.shop().ship(_shipment(report))
    except RemoteError as error:
        with tenant(tenant_id):
            _failed(item, report, error)
        return
    with tenant(tenant_id):
        _told(item, report, told)
    _read_back(tenant_id, report)


def _shipment(r: WaitingReport) -> Shipment:
    return Shipment(
        reference=str(r.id),
        order_id=r.order_no,
        courier=r.courier,
        courier_name=courier_name(r.courier),
        tracking_number=r.tracking_number,
        pieces=tuple(ShipPiece(no, n) for no, n in r.lines if no),
        whole=r.pending == 0 and r.only_box,
        replaces=r.replaces,
        pack_id=r.pack_id,
    )


def _told(item: OutboxItem, report: WaitingReport, told: Told) -> None:
    standing.lock([report.order_id])
    if not outbox.settle(item.id, "confirmed", before=("calling", "unknown"), result={"pack_id": told.pack_id}):
        return
    reports.told(report.id, pack_id=told.pack_id)
    text = f"发货单号已告诉平台：{courier_name(report.courier)} {report.tracking_number}"
    history.write([Fact(report.order_id, "report", text, by="api")])
    advance.settle([report.order_id])


def _read_back(tenant_id: int, report: WaitingReport) -> None:
    """The platform's own word counts: read the order again, which confirms the report (``reporting.confirm``)."""
    try:
        rereading.orders(tenant_id, [(report.shop_id, report.order_no)], always=True)
    except (RemoteError, AppError) as error:
        _log.info("report.read_back.later", error=type(error).__name__)


def _failed(item: OutboxItem, report: WaitingReport, error: RemoteError) -> None:
    standing.lock([report.order_id])
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

    def read() -> bool:
        rereading.orders(tenant_id, named, always=True)
        return True

    if not placing.look(tenant_id, item, read):
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


def lost(item: OutboxItem) -> None:
    """Whoever claimed it died: look whether the shop has it."""
    outbox.settle(item.id, "unknown", before=("calling",), reason="途中程序中断，正在查证", due_at=clock.now())


def done_by_hand(item: OutboxItem) -> None:
    """A person told the shop in its own back office; the next reading confirms it."""
    reports.told(item.subject_id)
