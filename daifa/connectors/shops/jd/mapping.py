"""JD's words for states, in ours. ``(锁定)`` = a refund or cancel is pending, do not ship; ``(删除)`` = cancelled."""

from __future__ import annotations

from daifa.ports.sheet import StateMeaning
from daifa.ports.shop import OrderState, RefundState, WaitReason

_PLAIN = {
    "新订单": StateMeaning(OrderState.UNPAID),
    "未付款": StateMeaning(OrderState.UNPAID),
    "等待付款": StateMeaning(OrderState.UNPAID),
    "等待付款确认": StateMeaning(OrderState.UNPAID),
    "等待出库": StateMeaning(OrderState.PAID),
    "待出库": StateMeaning(OrderState.PAID),
    "等待发货": StateMeaning(OrderState.PAID),
    "待发货": StateMeaning(OrderState.PAID),
    "暂停": StateMeaning(OrderState.PAID, (WaitReason.RISK,)),
    "等待确认收货": StateMeaning(OrderState.SHIPPED),
    "等待收货": StateMeaning(OrderState.SHIPPED),
    "已出库": StateMeaning(OrderState.SHIPPED),
    "已发货": StateMeaning(OrderState.SHIPPED),
    "配送退货": StateMeaning(OrderState.SHIPPED),
    "完成": StateMeaning(OrderState.FINISHED),
    "已完成": StateMeaning(OrderState.FINISHED),
    "已取消": StateMeaning(OrderState.CANCELLED),
    "取消": StateMeaning(OrderState.CANCELLED),
    "锁定": StateMeaning(OrderState.PAID, (WaitReason.RISK,), RefundState.APPLIED),
}

STATES = {
    **_PLAIN,
    **{
        f"(锁定){word}": StateMeaning(m.state, (*m.waits, WaitReason.RISK), RefundState.APPLIED)
        for word, m in _PLAIN.items()
    },
    **{f"(删除){word}": StateMeaning(OrderState.CANCELLED) for word in _PLAIN},
}

REFUND_STATES = {
    **dict.fromkeys(("", "-", "无"), RefundState.NONE),
    "待审核": RefundState.APPLIED,
    "未审核": RefundState.APPLIED,
    "审核中": RefundState.APPLIED,
    "待商家审核": RefundState.APPLIED,
    "审核通过": RefundState.APPLIED,
    "待收货": RefundState.APPLIED,
    "待处理": RefundState.APPLIED,
    "处理中": RefundState.APPLIED,
    "退款中": RefundState.APPLIED,
    "退款成功": RefundState.FULL,
    "已退款": RefundState.FULL,
    "完成": RefundState.FULL,
    "已完成": RefundState.FULL,
    "审核不通过": RefundState.WITHDRAWN,
    "已取消": RefundState.WITHDRAWN,
    "取消": RefundState.WITHDRAWN,
    "已关闭": RefundState.WITHDRAWN,
    "换货完成": RefundState.NONE,
}
