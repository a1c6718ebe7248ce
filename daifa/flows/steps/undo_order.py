"""Taking back an order at a supplier's platform: closed while unpaid, its money asked back once paid."""

from __future__ import annotations

from datetime import timedelta

from daifa.areas.mailroom.services import outbox
from daifa.areas.mailroom.types import OutboxItem
from daifa.areas.orders.services import history
from daifa.areas.orders.services.history import Fact
from daifa.areas.purchasing.services import purchases
from daifa.base.tenancy import tenant
from daifa.flows import connect, placing, supplier_intake
from daifa.kit import clock
from daifa.kit.errors import AppError
from daifa.kit.money import format_yuan
from daifa.ports.errors import RemoteError
from daifa.ports.supplier_api import PurchaseState, SupplierOrder

CANCEL, REFUND = "cancel", "refund"
LOOK_AGAIN = timedelta(minutes=2)


def do(tenant_id: int, item: OutboxItem) -> None:
    """Close or ask back one order whose turn it is; ``reference`` is the supplier's own number."""
    order = _read(tenant_id, item)
    if order is None:
        return
    with tenant(tenant_id):
        if _over(item, order):
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
        with tenant(tenant_id):
            _failed(item, error)
        return
    with tenant(tenant_id):
        outbox.settle(item.id, "confirmed", before=("calling", "unknown"), result={"case": case})
        money = f"，申请退款 {format_yuan(order.total_fen or 0)}（{case}）" if case else ""
        _tell(item, f"供应商平台订单 {order.external_id} 已取消{money}：{why}")


def _read(tenant_id: int, item: OutboxItem) -> SupplierOrder | None:
    try:
        found = supplier_intake.fetch(tenant_id, item.connection_id, [item.reference])
    except RemoteError as error:
        placing.later_without_verdict(tenant_id, item, error)
        return None
    except AppError as error:
        placing.postpone(tenant_id, item, error.message_zh, LOOK_AGAIN)
        return None
    return found[0] if found else None


def _over(item: OutboxItem, order: SupplierOrder) -> bool:
    """Whether nothing is left to do."""
    if order.state is PurchaseState.CLOSED or order.refund_state:
        outbox.settle(item.id, "confirmed", before=("ready", "unknown", "calling"), reason="已关闭或已在退款")
        return True
    if order.state in {PurchaseState.SHIPPED, PurchaseState.DONE}:
        outbox.settle(item.id, "void", before=("ready",), reason="供应商已经发货，请走拦截或退货")
        _tell(item, f"供应商平台订单 {order.external_id} 已经发货，不能取消，请联系供应商拦截")
        return True
    return False


def _failed(item: OutboxItem, error: RemoteError) -> None:
    if error.happened is None:
        outbox.settle(
            item.id, "unknown", before=("calling",), reason=error.text, due_at=clock.now() + timedelta(seconds=5)
        )  # fmt: skip
    elif error.again or error.who == "owner":
        outbox.settle(item.id, "ready", before=("calling",), reason=error.text, due_at=placing.next_try(item, error))
    elif outbox.settle(item.id, "refused", before=("calling",), reason=error.text, result={"code": error.code}):
        _tell(item, f"供应商平台订单 {item.reference} 没有取消成功：{error.text}")


def _tell(item: OutboxItem, text: str) -> None:
    orders = purchases.orders_of([item.subject_id]).get(item.subject_id, [])
    history.write([Fact(i, "placing", text) for i in orders])


def ask(tenant_id: int, item: OutboxItem) -> None:
    """Was it taken? The order says so; if not, it is tried again."""
    order = _read(tenant_id, item)
    if order is None:
        with tenant(tenant_id):
            outbox.asked(item.id, clock.now() + LOOK_AGAIN)
        return
    with tenant(tenant_id):
        if not _over(item, order):
            outbox.settle(item.id, "ready", before=("unknown",), reason="查过还没有取消", due_at=clock.now())


def lost(item: OutboxItem) -> None:
    """Whoever claimed it died: look whether it was taken."""
    outbox.settle(item.id, "unknown", before=("calling",), reason="途中程序中断，正在查证", due_at=clock.now())
