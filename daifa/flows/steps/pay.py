"""Paying what was placed: by standing agreement where there is one, else a page where a person pays.

Paying twice is worse than paying late: the supplier's platform is asked what is paid before and after every try.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from daifa.areas.mailroom.services import outbox
from daifa.areas.mailroom.types import OutboxItem
from daifa.areas.orders.services import history
from daifa.areas.orders.services.history import Fact
from daifa.areas.purchasing.services import placements, purchases
from daifa.areas.purchasing.services.placements import PlacementView
from daifa.base.tenancy import tenant
from daifa.flows import advance, connect, placing, rereading, supplier_intake
from daifa.flows.placing import LOOK_AGAIN, Failed
from daifa.kit import clock
from daifa.kit.money import format_yuan
from daifa.ports.errors import RemoteError
from daifa.ports.supplier_api import PurchaseState, SupplierOrder
from daifa.reads import buy_facts
from daifa.reads.buy_facts import BuyPurchase

KIND = "pay"
# The supplier's platform closes what nobody pays; until then the buyer may take the refund back.
UNWANTED = timedelta(minutes=10)


def do(tenant_id: int, item: OutboxItem) -> None:
    """Pay one placement whose turn it is."""
    found = placing.first(tenant_id, item, lambda: _read_all(tenant_id, item))
    if found is None:
        return
    with tenant(tenant_id):
        unpaid = _open(item, found)
        if not unpaid:
            return
        [p] = buy_facts.load([item.subject_id])
        if why := _not_wanted(p):
            # Whether it is closed by itself is after-sales' business (the shop's dial); nobody pays meanwhile.
            placing.wait(item, why, UNWANTED)
            advance.settle([o.id for o in p.orders])
            return
        terms = connect.supplier_dialect(connect.platform_of(item.connection_id)).terms
        if not outbox.claim(item.id, visible_at=clock.now() + terms.visible_after):
            return
        placements.pay_state(item.reference, "paying")
    _call(tenant_id, item, unpaid)


def _read_all(tenant_id: int, item: OutboxItem) -> list[SupplierOrder]:
    """How it stands at the supplier; the buyers' orders are read again besides."""
    orders = _read(tenant_id, item)
    with tenant(tenant_id):
        [p] = buy_facts.load([item.subject_id])
    rereading.orders(tenant_id, [(o.shop_id, o.number) for o in p.orders])
    return orders


def _read(tenant_id: int, item: OutboxItem) -> list[SupplierOrder]:
    with tenant(tenant_id):
        made = placements.by_reference(item.reference)
    assert made is not None
    return supplier_intake.fetch(tenant_id, item.connection_id, made.external_ids)


def _open(item: OutboxItem, orders: Sequence[SupplierOrder]) -> list[SupplierOrder]:
    """What is still to be paid; when nothing is, the fact is settled."""
    unpaid = [o for o in orders if o.state is PurchaseState.UNPAID]
    if unpaid:
        return unpaid
    if all(o.state is PurchaseState.CLOSED for o in orders):
        outbox.settle(item.id, "void", before=("ready", "unknown"), reason="供应商平台的订单已关闭")
    else:
        outbox.settle(item.id, "confirmed", before=("ready", "unknown", "calling"), reason="已付款")
        placements.pay_state(item.reference, "paid")
    return []


def _not_wanted(p: BuyPurchase) -> str:
    for order in p.orders:
        if order.state == "cancelled" or order.refund == "full":
            return f"订单 {order.number} 已取消或全额退款，不再付款"
        if order.refund == "applied":
            return f"订单 {order.number} 的买家申请了退款，先不付款"
    if p.state == "recalling":
        return "采购单正在追回，先不付款"
    return "" if p.orders else "没有还要买的商品"


def not_wanted(item: OutboxItem) -> str:
    """Why a person need not pay this either; "" while it is to be paid."""
    found = buy_facts.load([item.subject_id])
    return _not_wanted(found[0]) if found else "采购单不存在"


def _call(tenant_id: int, item: OutboxItem, unpaid: Sequence[SupplierOrder]) -> None:
    ids = tuple(o.external_id for o in unpaid)
    total = sum(o.total_fen or 0 for o in unpaid)
    try:
        with connect.use(tenant_id, item.connection_id, outbox_id=item.id, attempt=item.tries + 1) as line:
            paid = line.supplier().pay(ids, total, item.key)
    except RemoteError as error:
        with tenant(tenant_id):
            _failed(item, error)
        return
    with tenant(tenant_id):
        if paid.done:
            outbox.settle(item.id, "confirmed", before=("calling", "unknown"), result={"fen": total})
            placements.pay_state(item.reference, "paid")
            _tell(item, f"已付款 {format_yuan(total)}（{'、'.join(ids)}）")
        elif paid.url:
            outbox.settle(item.id, "unknown", before=("calling",), due_at=clock.now() + LOOK_AGAIN)
            outbox.settle(item.id, "person", before=("unknown",), reason="等人到付款页付款", result={"url": paid.url})
            placements.pay_state(item.reference, "due", url=paid.url)
        else:
            # Said no although it may have charged: look before trying again.
            outbox.settle(item.id, "unknown", before=("calling",), reason=paid.said, due_at=clock.now() + _soon())


def _soon() -> timedelta:
    return timedelta(seconds=5)


def _failed(item: OutboxItem, error: RemoteError) -> None:
    what = placing.failed(item, error)
    if what in (Failed.AGAIN, Failed.REFUSED):
        placements.pay_state(item.reference, "due")
    if what is Failed.REFUSED:
        _tell(item, f"付款没有成功：{error.text}")


def _tell(item: OutboxItem, text: str) -> None:
    orders = purchases.orders_of([item.subject_id]).get(item.subject_id, [])
    history.write([Fact(i, "placing", text) for i in orders])


def ask(tenant_id: int, item: OutboxItem) -> None:
    """Was it charged? The order says so; if not, after the platform's delay it is tried again."""
    orders = placing.look(tenant_id, item, lambda: _read(tenant_id, item))
    if orders is None:
        return
    with tenant(tenant_id):
        if not _open(item, orders):
            return
        visible = outbox.visible_at(item.id)
        if visible is not None and clock.now() < visible:
            outbox.asked(item.id, min(visible, clock.now() + timedelta(seconds=20)))
            return
        outbox.settle(item.id, "ready", before=("unknown",), reason="查过没有扣款，再付一次", due_at=clock.now())


def paid_by_hand(made: PlacementView) -> None:
    """The order turned out to be paid: whatever was still to be done about it is done."""
    row = outbox.by_key(f"pay:{made.reference}")
    if row is not None and row.state in {"unknown", "person", "calling"}:
        outbox.settle(row.id, "confirmed", before=("unknown", "person", "calling"), reason="供应商平台显示已付款")


def nothing_to_pay(made: PlacementView) -> None:
    """The order was closed: nobody is asked to pay it any more."""
    row = outbox.by_key(f"pay:{made.reference}")
    if row is not None and row.state in {"ready", "person", "held", "refused"}:
        outbox.settle(row.id, "void", before=("ready", "person", "held", "refused"), reason="供应商平台的订单已关闭")
