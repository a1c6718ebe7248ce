"""绑定平台订单: an order that a person placed by hand at a supplier's platform is read, compared, and bound.

The reading is a task (no company is called inside a request). What it compared stands in the task, masked; binding
needs such a comparison that is fresh, so that nobody binds what nobody looked at. One order there binds once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from daifa.areas.accounts.services import connections
from daifa.areas.mailroom.services import outbox, tasks
from daifa.areas.mailroom.types import OutboxItem, TaskView
from daifa.areas.orders.rules.addressing import in_columns
from daifa.areas.orders.services import history, recipients, standing
from daifa.areas.orders.services.history import Fact
from daifa.areas.purchasing.rules.binding import (
    another_order,
    compare_lines,
    line_warnings,
    money_warnings,
    recipient_warnings,
)
from daifa.areas.purchasing.rules.lifecycles import PLACEMENT, PURCHASE, SUPPLIER_ORDER
from daifa.areas.purchasing.services import linking, placements, purchases, suppliers
from daifa.base import audit
from daifa.base.actor import Actor
from daifa.base.jobs import tenant_task
from daifa.base.tenancy import tenant
from daifa.flows import answered, connect, outbox_run, placing, supplier_intake
from daifa.flows.answered import Answer
from daifa.flows.placing import Outcome
from daifa.flows.steps import buy
from daifa.kit import clock
from daifa.kit.errors import AppError, Conflict, Invalid, NotFound
from daifa.ports.errors import LoginExpired, NotThere, RemoteError
from daifa.ports.shop import Recipient
from daifa.ports.supplier_api import PurchaseState, SupplierOrder
from daifa.reads import buy_facts, offer_desk
from daifa.reads.buy_facts import BuyPurchase

KIND = "bind"
OPEN = frozenset({"draft", "sent", "accepted"})
# A comparison that is older shows what was, not what is.
FRESH = timedelta(minutes=10)


# --- whether it may be bound -------------------------------------------------------------------------------------


def _purchase(purchase_id: UUID) -> BuyPurchase:
    found = buy_facts.load([purchase_id])
    if not found:
        raise NotFound("no_such_purchase", "没有这张采购单。")
    return found[0]


def _account(p: BuyPurchase) -> UUID | None:
    """The buyer's account through which this supplier's orders are seen."""
    return p.connection_id or suppliers.get(p.supplier_id).connection_id


def _item(purchase_id: UUID) -> OutboxItem | None:
    """The placing that is still open, if any."""
    rows = [x for x in outbox.of_subject([purchase_id]) if x.kind == buy.KIND]
    return next((x for x in reversed(rows) if x.state not in {"confirmed", "void"}), None)


def refusal(purchase_id: UUID) -> str:
    """Why no order can be bound to this purchase now, and what to do; "" when one can."""
    p = _purchase(purchase_id)
    if p.handover:
        return "厂家代打的采购单只回单号，不用绑定。"
    if p.state not in OPEN:
        return f"采购单现在是“{PURCHASE.labels[p.state]}”，不能再绑定平台订单。"
    account = _account(p)
    if account is None:
        return f"{p.supplier} 还没有接口授权，读不到他平台上的订单。先在“授权”里接上采购账号。"
    if (held := connections.get(account)).state != "working":
        return f"采购账号 {held.account_name or held.account} 现在不能用，请到“授权”里处理。"
    item = _item(purchase_id)
    if item is not None and item.state == "calling":
        return "正在自动下单，等它有了结果再看。"
    standing_ones = [
        x for x in placements.of_purchases([purchase_id]).get(purchase_id, []) if x.state in placements.LIVE
    ]
    mine = {item.reference} if item is not None and item.state in {"person", "unknown"} else set()
    other = next((x for x in standing_ones if x.reference not in mine), None)
    if other is not None:
        return (
            f"这张采购单的下单“{PLACEMENT.labels[other.state]}”：{'、'.join(other.external_ids) or other.reference}。"
        )
    return ""


# --- reading and comparing ---------------------------------------------------------------------------------------


def ask(*, by: Actor, purchase_id: UUID, number: str) -> UUID:
    """Have an order at the supplier's platform read and compared; returns the task. Raises Invalid, Conflict."""
    if not (said := number.strip()) or len(said) > 64:
        raise Invalid("number_missing", "请填写供应商平台的订单号。", fields={"number": "请填写"})
    if why := refusal(purchase_id):
        raise Conflict("not_bindable", why)
    task = tasks.start(
        by=by, kind=KIND, title=f"核对平台订单 {said}", params={"purchase": str(purchase_id), "number": said}
    )
    compare.enqueue(task_id=str(task.id), purchase_id=str(purchase_id), number=said)
    return task.id


@tenant_task("purchases.compare", queue="outside")
def compare(*, tenant_id: int, task_id: str, purchase_id: str, number: str) -> None:
    """Read the order and lay both sides next to each other; what came of it stands in the task."""
    purchase = UUID(purchase_id)

    def find(_: TaskView) -> Answer:
        with tenant(tenant_id):
            account = _account(_purchase(purchase))
        if account is None:
            raise Conflict("not_connected", "这家供应商的授权已移除，请到“授权”里处理。")
        order = connect.ask(tenant_id, account, partial(supplier_intake.fetched, number))
        with tenant(tenant_id):
            return Answer("已读到，请核对", {"compared": _compared(_purchase(purchase), account, order)})

    link = f"/purchases?open={purchase_id}"
    answered.carry_out(tenant_id, UUID(task_id), find, told=partial(_told, number), link=link)


def _told(number: str, error: RemoteError | AppError) -> str:
    if isinstance(error, NotThere):
        return f"采购账号里没有平台订单 {number}。请核对订单号，以及是不是用这个采购账号下的单。"
    if isinstance(error, LoginExpired):
        return "采购账号的授权已失效。请到“授权”里重新授权，再核对一次。"
    return answered.words(error)


def _compared(p: BuyPurchase, account: UUID, order: SupplierOrder) -> dict[str, object]:
    """Both sides as a document: goods, money, who receives (masked), what to look at, and what forbids it."""
    ours = [(x.offer_ref, x.spec_ref, x.qty, x.supplier_sku) for x in p.lines]
    lines = compare_lines(ours, order.named_lines)
    planned = p.planned_fen
    opened = recipients.open_for_sending([p.order_id]).get(p.order_id)
    person = in_columns(opened.recipient) if opened else Recipient()
    differs = recipient_warnings(person, order.recipient)
    return {
        "external_id": order.external_id,
        "state": order.state.value,
        "state_label": SUPPLIER_ORDER.labels[order.state.value],
        "created_at": order.created_at.isoformat() if order.created_at else None,
        "reference": order.reference,
        "lines": [
            {**asdict(x), "words": option_words(p.supplier_id, x.offer_ref, x.spec_ref) or x.words} for x in lines
        ],
        "planned_fen": planned,
        "total_fen": order.total_fen,
        "freight_fen": order.freight_fen,
        "recipient_ours": shown(person),
        "recipient_theirs": shown(order.recipient) if order.recipient else "",
        "recipient_same": None if differs is None else not differs,
        "warnings": [
            *line_warnings(lines, sum(x.qty for x in p.lines), sum(n for _, _, n in order.lines)),
            *money_warnings(planned, order.total_fen),
            *(["收件人无法自动核对，请到平台上看一眼"] if differs is None else differs),
            *_seller_warnings(p, order),
        ],
        "forbidden": _forbidden(p, account, order) or another_order(lines, None if differs is None else bool(differs)),
    }


def option_words(supplier_id: UUID, offer_ref: str, spec_ref: str) -> str:
    """What the seller calls an option of an offer that we have read; "" where we have not."""
    try:
        offer = linking.get(supplier_id, offer_ref)
    except NotFound:
        return ""
    found = next((o for o in offer.options if str(o.get("spec_id") or "") == spec_ref), None)
    pairs: Any = found.get("attributes") if found else ()
    return f"{offer.title} {offer_desk.words_of(pairs)}" if found else ""


def shown(recipient: Recipient) -> str:
    """Who receives, masked, in one line."""
    person = recipients.masked(recipient)
    parts = (person.name, person.phone, person.province, person.city, person.district, person.address)
    return " ".join(x for x in parts if x)


def _seller_warnings(p: BuyPurchase, order: SupplierOrder) -> list[str]:
    known = linking.sellers_of(p.supplier_id)
    if not order.seller or not known or order.seller in known:
        return []
    return [f"卖家是 {order.seller}，和 {p.supplier} 关联货源的卖家不同"]


def _forbidden(p: BuyPurchase, account: UUID, order: SupplierOrder) -> str:
    if order.state is PurchaseState.CLOSED:
        return "这张平台订单已经关闭，不会发货，不能绑定。"
    try:
        placements.free_for(p.id, account, order.external_id)
    except Conflict as error:
        return error.message_zh
    made = placements.by_reference(order.reference) if order.reference else None
    if made is not None and made.purchase_id != p.id:
        return f"这张平台订单是系统替另一张采购单（编号 {order.reference}）下的，不能绑到这里。"
    item = _item(p.id)
    if item is not None and item.state == "unknown" and order.reference != item.reference:
        return f"系统正在按编号 {item.reference} 查证自己下的单，查清之前不能绑定别的订单，免得买两次。"
    return ""


# --- binding -----------------------------------------------------------------------------------------------------


def compared_of(*, by: Actor, purchase_id: UUID, task_id: UUID) -> Mapping[str, Any]:
    """What a reading compared. Raises NotFound, Conflict when it is not done or too old to rely on."""
    task = tasks.get(task_id, by=by)
    document = task.result.get("compared")
    if task.kind != KIND or task.params.get("purchase") != str(purchase_id):
        raise NotFound("no_such_comparison", "没有这次核对，请重新读取。")
    if not isinstance(document, Mapping) or task.finished_at is None:
        raise Conflict("not_compared", "还没有读到平台订单，请等一下或重新读取。")
    if clock.now() - task.finished_at > FRESH:
        raise Conflict("comparison_old", "核对已经过去太久，请重新读取再绑定。")
    return document


def bind(*, by: Actor, purchase_id: UUID, task_id: UUID) -> str:
    """A person compared and says: this order is the purchase's placing. Raises NotFound, Conflict."""
    document = compared_of(by=by, purchase_id=purchase_id, task_id=task_id)
    standing.lock(purchases.orders_of([purchase_id]).get(purchase_id, []))
    if why := str(document["forbidden"]) or refusal(purchase_id):
        raise Conflict("not_bindable", why)
    p, number = _purchase(purchase_id), str(document["external_id"])
    account = _account(p)
    assert account is not None
    placements.free_for(p.id, account, number)
    outcome = Outcome((number,), document["total_fen"], document["freight_fen"])
    item = _item(p.id)
    said = f"{p.number} 绑定平台订单 {number}"
    if item is not None and _settle(item, number, f"{by.name}：{said}"):
        placing.placed(item, outcome)
    else:
        placing.bound(p.id, account, outcome, by_name=by.name)
    _record(by, p, said, document["warnings"])
    follow.enqueue(connection_id=str(account), number=number)
    outbox_run.queue([account])
    return f"已绑定平台订单 {number}，付款、物流和单号都跟着它走"


def _settle(item: OutboxItem, number: str, why: str) -> bool:
    """The machine's own placing is over: found by a person, or not needed. Whether its attempt is the one that stands.

    Raises Conflict when it went on meanwhile.
    """
    if item.state in {"person", "unknown"}:
        outbox.decide(item.id, "confirmed", why, {"external_ids": [number]})
        return placements.by_reference(item.reference) is not None
    if not outbox.void([item.key], why):
        raise Conflict("settled_meanwhile", "系统刚刚开始自动下单，请等它有了结果再看。")
    return False


def _record(by: Actor, p: BuyPurchase, said: str, warnings: Sequence[str]) -> None:
    history.write([Fact(o.id, "placing", f"{said}（{by.name}）", by=by.key, by_name=by.name) for o in p.orders])
    audit.record(
        by, "purchase.bind", said, kind="purchase", object_id=p.id, data={"warnings": [[], list(warnings)]}
    )  # fmt: skip


@tenant_task("purchases.follow", queue="outside")
def follow(*, tenant_id: int, connection_id: str, number: str) -> None:
    """Take in how the bound order stands: paid, shipped with which numbers."""
    supplier_intake.fetch(tenant_id, UUID(connection_id), [number])
