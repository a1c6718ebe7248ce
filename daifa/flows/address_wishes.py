"""Buyers' wishes to have an order sent elsewhere: taken from pushes, judged, answered by a person or the dial."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from daifa.areas.accounts.services import connections
from daifa.areas.accounts.types import ConnectionView
from daifa.areas.mailroom.services import inbox, outbox
from daifa.areas.mailroom.services.outbox import Want
from daifa.areas.mailroom.types import OUTBOX, InboxItem, OutboxItem
from daifa.areas.orders.services import history, recording, standing, wishes
from daifa.areas.orders.services.history import Fact
from daifa.areas.orders.services.wishes import WishView
from daifa.base import audit
from daifa.base.actor import Actor
from daifa.base.tenancy import tenant
from daifa.connectors import registry
from daifa.flows import advance, api_intake, connect, outbox_run, recalling
from daifa.flows.address_policy import Asked, MoveFacts, Verdict, judge
from daifa.flows.order_files import space_of
from daifa.flows.steps import answer_wish, screen
from daifa.kit import clock
from daifa.kit.errors import Conflict, Invalid
from daifa.kit.values import dataclass
from daifa.ports.card import Capability
from daifa.ports.errors import BadReply
from daifa.ports.shop import OVER
from daifa.ports.shop_api import RefuseReason, WishTold
from daifa.reads import order_bonds, order_desk, wish_facts

FEED = "wish:"
FEEDS = tuple(FEED + w.value for w in WishTold)
AT_ONCE = 100
UNSEEN = "这个改地址申请的订单还没有收到，收到后自动处理"
BY = Actor(key="automatic", name="自动答复", permissions=frozenset({"*"}), via="system")
# A moment for a person to take it back, and for the platform's clock to move on from the order's last change.
AUTOMATIC_AFTER = timedelta(seconds=5)
_OPEN = ("ready", "calling", "unknown", "person", "held")


# --- taking in ---------------------------------------------------------------------------------------------------


def take_in(tenant_id: int, connection_id: UUID) -> None:
    """Act on what pushes told of wishes; one whose order is not here yet waits for it. Opens its own transaction."""
    with tenant(tenant_id):
        api_intake.take_up_awaited(connection_id)
        items = inbox.take(connection_id, feeds=FEEDS, limit=AT_ONCE)
        if not items:
            return
        held = connections.get(connection_id)
        if held.shop_id is None:
            inbox.park([(i.id, "这个授权不是店铺的") for i in items])
            return
        known = recording.find(space_of(held.platform, held.shop_id), [i.object_id for i in items])
        standing.lock(sorted(known.values()))
        inbox.wait_for([(i.id, i.object_id) for i in items if i.object_id not in known], UNSEEN)
        fresh: list[WishView] = []
        for item in sorted(items, key=lambda i: (i.modified or clock.now(), i.feed)):
            if order_id := known.get(item.object_id):
                fresh += _act(held, item, order_id)
        advance.settle(sorted(known.values()))
        for wish in fresh:
            _by_itself(held, wish)


def _act(held: ConnectionView, item: InboxItem, order_id: UUID) -> list[WishView]:
    """Record one thing told; returns the wish that is new."""
    if item.feed == FEED + WishTold.MOVED.value:
        wish = wishes.open_of(order_id)
        ended = wish is not None and (item.modified is None or wish.asked_at <= item.modified)
        if wish is not None and ended and wishes.end(wish.id, "settled", "平台上地址已经改了"):
            history.write([Fact(order_id, "wish", "平台上收货地址已经改了，改地址申请结束", by="api")])
        inbox.done([(item.id, "settled" if ended else "nothing")])
        return []
    try:
        told = connect.shop_dialect(held.platform).wish(item.raw)
    except BadReply as error:
        inbox.park([(item.id, error.text)])
        return []
    moved = FEED + WishTold.MOVED.value
    if told.asked_at and inbox.told_since(held.id, moved, item.object_id, told.asked_at):
        # Messages come in any order: this wish was fulfilled before it arrived.
        inbox.done([(item.id, "overtaken")])
        return []
    made = wishes.open_one(order_id, item.event_key, told)
    inbox.done([(item.id, "new" if made else "unchanged")])
    return [made] if made else []


def _by_itself(held: ConnectionView, wish: WishView) -> None:
    """Agree where the dial and the policy say so."""
    if wishes.get(wish.id).state != "open" or _why_not(held) or not judged(wish).by_itself:
        return
    _want(BY, held, wish, approved=True, code="", delay=AUTOMATIC_AFTER)
    said = "自动同意买家改地址：还没有派单，新地址检查通过"
    history.write([Fact(wish.order_id, "wish", said, by=BY.key, by_name=BY.name)])


# --- judging -----------------------------------------------------------------------------------------------------


def judged(wish: WishView) -> Verdict:
    """What may be answered to a wish as everything stands now."""
    order = wish_facts.of_order(wish.order_id)
    if order is None:
        raise Conflict("no_such_order", "没有这个订单。")
    return judge(
        MoveFacts(
            automatic=order.automatic,
            assigned=order.drafted,
            sent=order.sent,
            shipped=order.shipped,
            gone=order.state in OVER,
            refund=order.refund in {"applied", "full"},
            against=tuple(screen.against(wish.order_id, wishes.opened(wish.id))),
            asked=_asked(wish),
        )
    )


def _asked(wish: WishView) -> Asked:
    sent = order_bonds.sent_purchases(wish.order_id)
    said = wish_facts.answers(sent, wish.asked_at)
    if not sent or not said:
        return Asked.NOT_ASKED
    states = [said.get(p, "created") for p in sent]
    if any(s in {"refused", "too_late"} for s in states):
        return Asked.NO
    return Asked.YES if all(s == "acknowledged" for s in states) else Asked.WAITING


@dataclass(frozen=True, slots=True)
class WishDesk:
    """A wish as it may be answered. ``why_not``: why not from here; ``answered``: what is on its way or was said;
    ``open``: an answer is on its way."""

    wish: WishView
    verdict: Verdict | None
    why_not: str
    answered: str
    open: bool
    reasons: tuple[RefuseReason, ...]


def of_order(*, by: Actor, order_id: UUID) -> list[WishDesk]:
    """The wishes of an order, the newest first. Raises NotFound, NotAllowed."""
    order_desk.one(order_id, by)
    shop_id, _ = order_bonds.shop_of(order_id)
    held = connections.of_shops([shop_id]).get(shop_id)
    return [_desk(w, held) for w in wishes.of_order(order_id)]


def _desk(wish: WishView, held: ConnectionView | None) -> WishDesk:
    rows = _answers(wish.id)
    last = rows[-1] if rows else None
    if wish.state != "open":
        return WishDesk(wish, None, "", "", open=False, reasons=())
    why = _why_not(held)
    return WishDesk(
        wish=wish,
        verdict=judged(wish),
        why_not=why,
        answered=_said(last) if last else "",
        open=last is not None and last.state in _OPEN,
        reasons=reasons_of(held) if held and not why else (),
    )


def _answers(wish_id: UUID) -> list[OutboxItem]:
    return [r for r in outbox.of_subject([wish_id]) if r.kind == answer_wish.KIND]


def _said(item: OutboxItem) -> str:
    word = "同意" if item.data.get("approved") else "拒绝"
    return f"{word}，{OUTBOX.labels[item.state]}" + (f"：{item.reason}" if item.reason else "")


def _why_not(held: ConnectionView | None) -> str:
    if held is None:
        return "这家店没有接口授权，请在平台后台处理，处理完点“平台上已处理”"
    if Capability.ANSWER_ADDRESS not in registry.connector(held.platform).card.capabilities:
        return "这个平台的接口不能答复改地址，请在平台后台处理，处理完点“平台上已处理”"
    return "" if held.state == "working" else held.state_reason or "店铺授权不可用，请到“授权”里处理"


def reasons_of(held: ConnectionView) -> tuple[RefuseReason, ...]:
    """By which reasons a wish may be refused, in the words that the company gave them."""
    return connect.shop_dialect(held.platform).wish_reasons(connections.credentials(held.id).settings)


# --- answering ---------------------------------------------------------------------------------------------------


def answer(*, by: Actor, wish_id: UUID, approved: bool, code: str = "") -> str:
    """A person's answer, told to the platform. Raises Invalid for a missing reason, Conflict when it cannot be."""
    wish, held = _mine(by, wish_id)
    why = _why_not(held)
    if held is None or why:
        raise Conflict("not_by_api", f"{why}。")
    if any(r.state in _OPEN for r in _answers(wish.id)):
        raise Conflict("answer_on_its_way", "答复正在发给平台，等结果出来再改。")
    if approved and not (verdict := judged(wish)).may_agree:
        raise Conflict("cannot_agree", f"{verdict.advice}。")
    known = {r.code: r.words for r in reasons_of(held)}
    if not approved and known and code not in known:
        raise Invalid("reason_missing", "请选择拒绝的原因。", fields={"code": "请选择"})
    said = "同意买家改地址" if approved else f"拒绝买家改地址（{known.get(code, code)}）"
    _want(by, held, wish, approved=approved, code="" if approved else code)
    _note(by, wish, said)
    return f"{said}，正在告诉平台"


def _mine(by: Actor, wish_id: UUID) -> tuple[WishView, ConnectionView | None]:
    """The open wish, locked with its order, and its shop's line. Raises NotFound, NotAllowed, Conflict."""
    by.need("orders.edit")
    wish = wishes.get(wish_id)
    order_desk.one(wish.order_id, by)
    shop_id, _ = order_bonds.shop_of(wish.order_id)
    standing.lock([wish.order_id])
    wish = wishes.get(wish_id, lock=True)
    if wish.state != "open":
        raise Conflict("wish_over", f"这个申请{wish.state_label}，请刷新。")
    return wish, connections.of_shops([shop_id]).get(shop_id)


def _want(
    by: Actor, held: ConnectionView, wish: WishView, *, approved: bool, code: str, delay: timedelta = timedelta()
) -> None:
    rows = _answers(wish.id)
    outbox.void([r.key for r in rows], "重新答复")
    number = order_bonds.numbers([wish.order_id])[wish.order_id]
    outbox.want(
        [
            Want(
                key=f"{answer_wish.KIND}:{wish.id}:{len(rows) + 1}", kind=answer_wish.KIND, connection_id=held.id,
                subject_id=wish.id, order_id=wish.order_id, reference=number, by=by.key,
                due_at=clock.now() + delay,
                data=answer_wish.data_of(approved=approved, code=code, by_name=by.name),
            )
        ]
    )  # fmt: skip
    outbox_run.queue([held.id])


def _note(by: Actor, wish: WishView, said: str, why: str = "") -> None:
    audit.record(by, "wish.answer", said, kind="order", object_id=wish.order_id, reason=why)
    history.write([Fact(wish.order_id, "wish", said, by=by.key, by_name=by.name)])


def ask_suppliers(*, by: Actor, wish_id: UUID) -> str:
    """Note a change of address for every purchase that a supplier has: they are asked before the buyer is answered."""
    wish, _ = _mine(by, wish_id)
    if not judged(wish).may_ask:
        raise Conflict("nothing_to_ask", "没有要问的供应商，请刷新后再看。")
    purchases: Sequence[UUID] = order_bonds.sent_purchases(wish.order_id)
    number = order_bonds.numbers([wish.order_id])[wish.order_id]
    region = wish.region.replace(" ", "")
    text = f"订单 {number} 的买家要改收货地址{f'到 {region}' if region else ''}，请先别发，还能改请答复"
    for purchase_id in purchases:
        recalling.amend(by=by, purchase_id=purchase_id, kind="address", text=text)
    _note(by, wish, f"问供应商能不能改地址（{len(purchases)} 张采购单）")
    return f"已记下 {len(purchases)} 张采购单的改地址变更，到“发给供应商”通知，等答复"


def close(*, by: Actor, wish_id: UUID, why: str) -> str:
    """A person answered in the platform's own back office. Raises Invalid without a why, Conflict while one is told."""
    if not why.strip():
        raise Invalid("reason_missing", "请写明平台上是怎么处理的。", fields={"why": "请写明"})
    wish, _ = _mine(by, wish_id)
    rows = _answers(wish.id)
    if any(r.state in {"calling", "unknown"} for r in rows):
        raise Conflict("answer_on_its_way", "答复正在发给平台，等结果出来再改。")
    outbox.void([r.key for r in rows], "平台上已处理")
    wishes.end(wish.id, "settled", why.strip(), by_name=by.name)
    _note(by, wish, f"改地址申请：平台上已处理（{why.strip()}）", why.strip())
    advance.settle([wish.order_id])
    return "已结束这个改地址申请"
