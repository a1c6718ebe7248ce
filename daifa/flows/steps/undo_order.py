"""Taking back an order at a supplier's platform: closed while unpaid, its money asked back once paid.

Three facts bring one here: an order that is there twice over (``surplus``), a refund or cancel after the purchase
(``undo``), and goods that came back after they were shipped (``back``). Each is one row; everything is read again
before the call, and a lost answer is looked up in the order itself, so that nothing is closed or asked back twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from uuid import UUID

from daifa.areas.mailroom.services import outbox
from daifa.areas.mailroom.types import OutboxItem
from daifa.areas.orders.services import history
from daifa.areas.orders.services.history import Fact
from daifa.areas.purchasing.services import placements, purchases, recalls
from daifa.base.tenancy import tenant
from daifa.flows import advance, connect, placing, rereading, supplier_intake
from daifa.flows.placing import LOOK_AGAIN, Failed
from daifa.flows.steps import undo_purchase
from daifa.flows.undo_policy import ASKED
from daifa.kit import clock
from daifa.kit.errors import AppError
from daifa.kit.money import format_yuan
from daifa.ports.errors import RemoteError
from daifa.ports.supplier_api import PurchaseState, RefundStage, SupplierOrder
from daifa.reads import buy_facts

CANCEL, REFUND = undo_purchase.CANCEL, undo_purchase.REFUND
# A refund that the seller refused stays open at the platform for days; no second one is taken meanwhile.
REFUSED_STANDS = timedelta(hours=6)


def do(tenant_id: int, item: OutboxItem) -> None:
    """Close or ask back one order whose turn it is; ``reference`` is the supplier's own number."""
    order = placing.first(tenant_id, item, lambda: _ready(tenant_id, item))
    if order is None:
        return
    with tenant(tenant_id):
        if _over(item, order) or _not_now(item, order):
            return
        if not outbox.claim(item.id, visible_at=clock.now() + timedelta(seconds=60)):
            return
    why = str(item.data.get("why") or "不需要了")
    try:
        with connect.use(tenant_id, item.connection_id, outbox_id=item.id, attempt=item.tries + 1) as line:
            if order.state is PurchaseState.UNPAID:
                line.supplier().cancel(order.external_id, why)
                case = ""
            else:
                case = line.supplier().ask_refund(order.external_id, order.total_fen or 0, why, item.key)
    except RemoteError as error:
        _look(tenant_id, item, error)
        return
    with tenant(tenant_id):
        outbox.settle(item.id, "confirmed", before=("calling", "unknown"), result={"case": case})
        if case:
            placements.refund_asked(item.connection_id, order.external_id, case)
        done = f"已申请退款 {format_yuan(order.total_fen or 0)}（{case}）" if case else "已关闭"
        _tell(item, f"供应商平台订单 {order.external_id} {done}：{why}")
    _look(tenant_id, item)


def _ready(tenant_id: int, item: OutboxItem) -> SupplierOrder | None:
    """Read both sides again: whether it is still wanted back, and how it stands there. None: not wanted any more."""
    if item.data.get("undo"):
        with tenant(tenant_id):
            found = buy_facts.load([item.subject_id])
            named = [(o.shop_id, o.number) for p in found for o in p.orders]
        rereading.orders(tenant_id, named, always=True)
        rereading.cases(tenant_id, named)
        with tenant(tenant_id):
            if why := _not_wanted(item):
                outbox.settle(item.id, "void", before=("ready",), reason=why)
                _settle(item, undo_purchase.ended(item.subject_id, gone=False, why=why))
                return None
    return supplier_intake.fetch(tenant_id, item.connection_id, [item.reference])[0]


def _not_wanted(item: OutboxItem) -> str:
    """Why it is not to be taken back any more; "" while it is."""
    if not item.data.get("back") and recalls.get(item.subject_id).state not in {"recalling", "recalled"}:
        return "采购单不再追回"
    there = undo_purchase.load([item.subject_id]).get(item.subject_id)
    return "" if there is not None and there.wanted else "买家不退了"


def _not_now(item: OutboxItem, order: SupplierOrder) -> bool:
    """Whether to look again later: a payment that nobody knows of, or a refused refund that still stands."""
    there = undo_purchase.load([item.subject_id]).get(item.subject_id)
    if there is not None and there.paying:
        placing.wait(item, "付款的结果还没查清", LOOK_AGAIN)
        return True
    if item.data.get("undo") and there is not None and order.state is PurchaseState.PAID and not there.whole:
        outbox.settle(item.id, "held", before=("ready",), reason="已付款，里面还有要发的商品，平台只能整单退")
        _settle(item, undo_purchase.ended(item.subject_id, gone=False, why="已付款，里面还有要发的商品"))
        return True
    if order.refund is RefundStage.REFUSED:
        placing.wait(item, "供应商拒绝过退款，平台上那一笔结束后再申请", REFUSED_STANDS)
        return True
    return False


def _over(item: OutboxItem, order: SupplierOrder) -> bool:
    """Whether nothing is left to do."""
    if order.state is PurchaseState.CLOSED or order.refund in ASKED:
        outbox.settle(item.id, "confirmed", before=("ready", "unknown", "calling"), reason="已关闭或已在退款")
        _settle(item)
        return True
    if order.state in {PurchaseState.SHIPPED, PurchaseState.DONE} and not item.data.get("back"):
        outbox.settle(item.id, "ready", before=("unknown", "calling"), reason="供应商已经发货")
        if outbox.settle(item.id, "void", before=("ready",), reason="供应商已经发货，请走拦截或退货"):
            _tell(item, f"供应商平台订单 {order.external_id} 已经发货，不能取消，请联系供应商拦截")
        _settle(item)
        return True
    return False


def _failed(item: OutboxItem, error: RemoteError) -> None:
    if placing.failed(item, error) is Failed.REFUSED:
        _tell(item, f"供应商平台订单 {item.reference} 没有取消成功：{error.text}")
        if item.data.get("undo") and not item.data.get("back"):
            undo_purchase.ended(item.subject_id, gone=False, why=f"平台没有接受：{error.text}")


def _look(tenant_id: int, item: OutboxItem, error: RemoteError | None = None) -> None:
    """Take in what became of it at once; where that fails, polling brings it. A no may mean that it was done before."""
    order = None
    if error is None or (error.happened is not None and not error.again):
        with suppress(RemoteError, AppError):
            [order] = supplier_intake.fetch(tenant_id, item.connection_id, [item.reference])
    with tenant(tenant_id):
        if error is not None and (order is None or not _over(item, order)):
            _failed(item, error)
        _settle(item)


def _orders(item: OutboxItem) -> list[UUID]:
    return purchases.orders_of([item.subject_id]).get(item.subject_id, [])


def _tell(item: OutboxItem, text: str) -> None:
    history.write([Fact(i, "placing", text) for i in _orders(item)])


def _settle(item: OutboxItem, orders: Sequence[UUID] = ()) -> None:
    advance.settle(orders or _orders(item))


def ask(tenant_id: int, item: OutboxItem) -> None:
    """Was it taken? The order says so; if not, it is tried again."""
    found = placing.look(
        tenant_id, item, lambda: supplier_intake.fetch(tenant_id, item.connection_id, [item.reference])
    )
    if found is None:
        return
    with tenant(tenant_id):
        if not _over(item, found[0]):
            outbox.settle(item.id, "ready", before=("unknown",), reason="查过还没有取消", due_at=clock.now())
