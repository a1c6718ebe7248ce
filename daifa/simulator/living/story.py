"""What happened, in a line of Chinese, for whoever watches the page."""

from __future__ import annotations

from collections.abc import Mapping

from daifa.ports.books import BuyerOrder, Case, Entity, Parcel, ScanKind, SupplierOrder
from daifa.ports.world import What

_ORDERS: Mapping[What, str] = {
    What.DEPOSIT_PAID: "预售单付定金",
    What.ORDER_PAID: "买家付款",
    What.ORDER_RELEASED: "审核通过，可以发货",
    What.ORDER_CLOSED: "订单关闭",
    What.ORDER_PART_SHIPPED: "部分发货",
    What.ORDER_SHIPPED: "已发货",
    What.LOGISTICS_CHANGED: "物流变更",
    What.ORDER_FINISHED: "交易完成",
    What.ADDRESS_ASKED: "买家申请改地址",
    What.ADDRESS_CHANGED: "收货地址已改",
    What.MEMO_CHANGED: "商家备注",
}
_CASES: Mapping[What, str] = {
    What.CASE_OPENED: "买家申请售后",
    What.CASE_AGREED: "售后已同意",
    What.CASE_SENT_BACK: "买家已寄回",
    What.CASE_REFUSED: "售后被拒绝",
    What.CASE_REFUNDED: "退款成功",
    What.CASE_CLOSED: "售后关闭",
}
_SUPPLIES: Mapping[What, str] = {
    What.SUPPLY_CREATED: "向供应商下单",
    What.SUPPLY_PAID: "供应商单已付款",
    What.SUPPLY_SHIPPED: "供应商已发货",
    What.SUPPLY_CLOSED: "供应商单关闭",
    What.NUMBER_CHANGED: "供应商改了运单号",
}
_SCANS: Mapping[ScanKind, str] = {
    ScanKind.SIGNED: "签收",
    ScanKind.REFUSED: "拒收",
    ScanKind.LOST: "遗失",
    ScanKind.RETURNED: "退回",
}


def line(what: What, entity: Entity) -> str | None:
    """The line, or None for what nobody would watch."""
    if isinstance(entity, BuyerOrder) and what in _ORDERS:
        fen = entity.presale.deposit_fen if what is What.DEPOSIT_PAID and entity.presale else entity.paid_fen
        more = f"（{entity.close_reason}）" if what is What.ORDER_CLOSED else f" ¥{fen / 100:.2f}"
        return f"{_ORDERS[what]}：{entity.number}{more}"
    if isinstance(entity, Case) and what in _CASES:
        return f"{_CASES[what]}：{entity.order.split('/', 1)[1]} ¥{entity.asked_fen / 100:.2f}（{entity.reason}）"
    if isinstance(entity, SupplierOrder) and what in _SUPPLIES:
        return f"{_SUPPLIES[what]}：{entity.seller} {entity.number} {entity.close_reason}".rstrip()
    if isinstance(entity, Parcel) and what is What.PARCEL_SCANNED and entity.last is not None and entity.last in _SCANS:
        return f"包裹{_SCANS[entity.last]}：{entity.number}"
    return None
