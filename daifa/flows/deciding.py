"""What a person decides about connections and about deeds outside whose outcome the machine may not settle."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from daifa.areas.accounts.services import connections
from daifa.areas.accounts.types import CONNECTION, ConnectionView
from daifa.areas.mailroom.services import inbox, outbox
from daifa.areas.mailroom.types import OutboxItem
from daifa.areas.orders.services import history, standing
from daifa.areas.orders.services.history import Fact
from daifa.areas.purchasing.services import factories, purchases, suppliers
from daifa.base import audit
from daifa.base.actor import Actor
from daifa.flows import (
    advance,
    api_hints,
    api_intake,
    goods_intake,
    outbox_run,
    placing,
    reading_one,
    reading_span,
    reporting,
    supplier_intake,
    switching,
)
from daifa.flows.steps import buy, report_shipment
from daifa.kit import clock
from daifa.kit.errors import Conflict, Invalid, NotAllowed, NotFound
from daifa.kit.values import dataclass
from daifa.ports.shop_api import Feed
from daifa.reads import buy_facts, connection_desk, status_desk


def in_scope(by: Actor, connection_id: UUID) -> ConnectionView:
    """The connection, if the actor may see it. Raises NotFound, NotAllowed."""
    held = connections.get(connection_id)
    if held.shop_id is not None:
        by.need_shop(held.shop_id)
    if not connection_desk.may_see(by, connection_id):
        raise NotAllowed("connection_out_of_scope", "这个授权不在您的数据范围内。")
    return held


def set_connection(*, by: Actor, connection_id: UUID, state: str) -> str:
    """Pause, resume or remove. Raises Invalid, Conflict."""
    held = in_scope(by, connection_id)
    if state not in {"paused", "working", "removed"}:
        raise Invalid("unknown_state", f"没有“{state}”这种操作。")
    if state == "working" and held.state != "paused":
        raise Conflict("authorize_again", "授权已失效，请点“重新授权”。")
    connections.move(connection_id, state, by=by)
    if state == "removed":
        suppliers.by_sheet_again(connection_id, by=by)
        if held.shop_id is not None:
            factories.drafts(held.shop_id)
    return f"{held.account_name or held.account}：{CONNECTION.labels[state]}"


def working(by: Actor, connection_id: UUID) -> ConnectionView:
    """The connection, if the actor may see it and it can be asked. Raises NotFound, NotAllowed, Conflict."""
    held = in_scope(by, connection_id)
    if held.state != "working":
        raise Conflict("connection_not_working", held.state_reason or "授权不可用，请先处理授权。")
    return held


def read_now(*, by: Actor, connection_id: UUID, number: str = "") -> tuple[str, UUID | None]:
    """Read one order (what is said, and the task that will tell of it), or everything that changed, by jobs.

    Raises Invalid, Conflict.
    """
    held = working(by, connection_id)
    if said := number.strip():
        return f"正在读取订单 {said}", reading_one.ask(by=by, held=held, number=said)
    if held.shop_id is not None:
        for feed in Feed:
            api_intake.poll.nudge(
                f"poll:{connection_id}:{feed.value}", connection_id=str(connection_id), feed=feed.value
            )
    if held.shop_id is None or held.shop_id in factories.shops():
        supplier_intake.poll.nudge(f"supplier:{connection_id}", connection_id=str(connection_id))
    return "正在读取，结果看拉取记录", None


def read_span(*, by: Actor, connection_id: UUID, since: date, until: date) -> tuple[str, UUID]:
    """Read a shop's orders and after-sales of these days again. Raises Invalid, Conflict."""
    held = working(by, connection_id)
    return f"正在补拉 {since} 至 {until}", reading_span.ask(by=by, held=held, since=since, until=until)


def read_goods(*, by: Actor, connection_id: UUID) -> str:
    """Read a shop's goods now, by a job. Raises Conflict, Invalid."""
    if not goods_intake.readable(working(by, connection_id)):
        raise Invalid("no_goods", "这个授权读不到店铺商品。请用商品文件导入。")
    goods_intake.ask(connection_id)
    return "正在读取店铺商品，结果看拉取记录"


def again(*, by: Actor, ids: Sequence[UUID]) -> str:
    """Have parked things read again. Raises NotFound for what is not parked within the actor's scope."""
    if len(status_desk.parked(by, ids=ids)) < len(set(ids)):
        raise NotFound("not_parked", "其中有已经处理的，或不在您数据范围内的来件，请刷新。")
    for connection_id in inbox.again(ids):
        api_hints.again(connection_id)
    return f"{len(ids)} 条重新处理"


ANSWERS = {
    "approve": "同意", "switch": "换供应商", "again": "再试一次", "done": "已在对方平台完成", "not_done": "没有完成",
    "drop": "不做了",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class To:
    """The supplier that a held purchase goes to instead, and the landed cost that the person saw (fen)."""

    supplier_id: UUID
    seen_fen: int | None = None


def decide(*, by: Actor, outbox_id: UUID, answer: str, why: str = "", to: To | None = None) -> str:
    """A person's word over one deed. Raises Invalid, Conflict."""
    if answer not in ANSWERS:
        raise Invalid("unknown_answer", f"没有“{answer}”这种答复。")
    item = outbox.get(outbox_id)
    if not status_desk.may_decide(by, outbox_id):
        raise NotAllowed("deed_out_of_scope", "这个对外动作不在您的数据范围内。")
    if answer in {"drop", "done"} and not why.strip():
        raise Invalid("reason_missing", "请写明依据（例如在对方后台看到的单号）。", fields={"why": "请写明依据"})
    # Orders before the deed, as whoever carries it out locks them.
    standing.lock(_orders(item))
    item = outbox.get(outbox_id, lock=True)
    _need_known(item, answer)
    said = _switch(by, item, to) if answer == "switch" else _carry_out(by, item, answer, why.strip())
    history.write([Fact(i, "placing", f"{said}（{by.name}）", by=by.key, by_name=by.name) for i in _orders(item)])
    audit.record(by, f"outbox.{answer}", said, kind="outbox", object_id=item.id, reason=why)
    advance.settle(_orders(item))
    outbox_run.queue([item.connection_id])
    return said


def by_sheet(*, by: Actor, ids: Sequence[UUID]) -> str:
    """Purchases that are held before placing go out by sheet, all of them or none. Raises Conflict, Invalid."""
    wanted = sorted(set(ids))
    if not wanted:
        raise Invalid("nothing_chosen", "请先选要改发表格的采购单。")
    items = [outbox.get(i) for i in wanted]
    if not all(status_desk.may_decide(by, i) for i in wanted):
        raise NotAllowed("deed_out_of_scope", "其中有不在您数据范围内的采购单。")
    orders = sorted({order for item in items for order in _orders(item)})
    standing.lock(orders)
    items = [outbox.get(i, lock=True) for i in wanted]
    said = switching.by_sheet(by=by, items=items)
    history.write([Fact(i, "placing", f"{said}（{by.name}）", by=by.key, by_name=by.name) for i in orders])
    for item in items:
        audit.record(by, "outbox.by_sheet", said, kind="outbox", object_id=item.id)
    advance.settle(orders)
    return said


def _need_known(item: OutboxItem, answer: str) -> None:
    """What may have been done is never simply done again: somebody has looked first, late enough to have seen it.

    A factory's platform knows again what was handed over before.
    """
    if answer == "again" and item.state in {"unknown", "calling", "person"} and not _with_a_factory(item):
        raise Conflict("still_unknown", "结果还没有查清，不能直接再试。先核对对方平台，确实没有再答“核对过没有”。")
    if answer != "not_done" or item.state != "unknown":
        return
    seen_by = outbox.visible_at(item.id)
    if seen_by is not None and clock.now() < seen_by:
        minutes = math.ceil((seen_by - clock.now()).total_seconds() / 60)
        raise Conflict("too_early", f"刚发出不久，对方平台上可能还看不到。请 {minutes} 分钟后再决定。")


def _with_a_factory(item: OutboxItem) -> bool:
    return item.kind == buy.KIND and any(p.factory for p in buy_facts.load([item.subject_id]))


def _switch(by: Actor, item: OutboxItem, to: To | None) -> str:
    if to is None:
        raise Invalid("supplier_missing", "请选要换给哪家供应商。")
    return switching.switch(by=by, item=item, supplier_id=to.supplier_id, seen_fen=to.seen_fen)


def _orders(item: OutboxItem) -> list[UUID]:
    return purchases.orders_of([item.subject_id]).get(item.subject_id, []) or ([item.order_id] if item.order_id else [])


def _carry_out(by: Actor, item: OutboxItem, answer: str, why: str) -> str:
    if answer == "approve":
        return buy.approve(item.id, by_name=by.name)
    if answer == "again" and item.kind == report_shipment.KIND and item.state == "refused":
        # A refused number is told as a new version; the refused one itself is over.
        reporting.again([item.subject_id], by=by)
        return f"{item.reference} 重新上传"
    if answer == "again":
        outbox.decide(item.id, "ready", f"{by.name}：再试一次")
        return f"{item.reference} 再试一次"
    if answer == "not_done":
        # A person looked: it is surely not there, so the same reference may be used once more.
        outbox.decide(item.id, "ready", f"{by.name} 核对过，对方没有")
        return f"{item.reference} 核对过没有下单，再下一次"
    if answer == "drop":
        return _drop(by, item, why)
    return _done(by, item, why)


def _drop(by: Actor, item: OutboxItem, why: str) -> str:
    if item.state in {"unknown", "calling"}:
        raise Conflict("still_unknown", "结果还没有查清，不能取消。先到对方平台核对。")
    outbox.decide(item.id, "void", f"{by.name}：{why}")
    if item.kind == buy.KIND:
        for p in buy_facts.load([item.subject_id]):
            standing.left_to_people(
                [o.id for o in p.orders], f"{by.name} 不再向 {p.supplier} 下单：{why}，要买请手动派单"
            )
            if p.state == "draft":
                purchases.withdraw_drafts([p.id])
            else:
                placing.give_up(p, item.reference, why)
    return f"{item.reference} 不做了：{why}"


def _done(by: Actor, item: OutboxItem, why: str) -> str:
    if _with_a_factory(item):
        raise Conflict("ask_again", "请点“核对过没有”：已经交给这家厂家的会认出来，不会交第二次。")
    if item.kind == buy.KIND:
        raise Conflict("bind_it", "请到采购单里点“绑定平台订单”，读出对方的订单核对后再绑定。")
    outbox.decide(item.id, "confirmed", f"{by.name}：{why}")
    if item.kind == report_shipment.KIND:
        report_shipment.done_by_hand(item)
    return f"{item.reference} 已在对方平台完成：{why}"
