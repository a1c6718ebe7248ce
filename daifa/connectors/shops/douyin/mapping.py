"""Douyin's words for states, in ours. A word that is not here is a row error, never a guess.

Seen in real exports: 待发货, 已发货, 已完成, 已关闭 (public parsers, 2023–2026). The others are the open platform's
order_status texts (1 待支付, 105 已支付, 2 备货中, 101 部分发货, 3 已发货, 4 已取消, 5 已完成).
"""

from __future__ import annotations

from daifa.ports.sheet import StateMeaning
from daifa.ports.shop import OrderState, RefundState, WaitReason

STATES = {
    "待支付": StateMeaning(OrderState.UNPAID),
    "待付款": StateMeaning(OrderState.UNPAID),
    "待确认": StateMeaning(OrderState.UNPAID),
    # 105 is paid and not yet released to ship: risk review or an open group buy (inferred).
    "已支付": StateMeaning(OrderState.PAID, (WaitReason.UNDER_REVIEW,)),
    "待成团": StateMeaning(OrderState.PAID, (WaitReason.GROUP_PENDING,)),
    "审核中": StateMeaning(OrderState.PAID, (WaitReason.UNDER_REVIEW,)),
    "风控中": StateMeaning(OrderState.PAID, (WaitReason.RISK,)),
    "待发货": StateMeaning(OrderState.PAID),
    "备货中": StateMeaning(OrderState.PAID),
    "部分发货": StateMeaning(OrderState.PART_SHIPPED),
    "已发货": StateMeaning(OrderState.SHIPPED),
    "待收货": StateMeaning(OrderState.SHIPPED),
    "已收货": StateMeaning(OrderState.FINISHED),
    "已完成": StateMeaning(OrderState.FINISHED),
    "已关闭": StateMeaning(OrderState.CANCELLED),
    "已取消": StateMeaning(OrderState.CANCELLED),
}

REFUND_STATES = {
    "": RefundState.NONE,
    "-": RefundState.NONE,
    "无售后": RefundState.NONE,
    "未售后": RefundState.NONE,
    "待商家处理": RefundState.APPLIED,
    "待商家同意": RefundState.APPLIED,
    "待买家处理": RefundState.APPLIED,
    "待买家退货": RefundState.APPLIED,
    "待买家退货处理": RefundState.APPLIED,
    "待商家收货": RefundState.APPLIED,
    "待商家二次同意": RefundState.APPLIED,
    "商家拒绝": RefundState.APPLIED,
    "待商家发货": RefundState.APPLIED,
    "待买家收货": RefundState.APPLIED,
    "平台处理中": RefundState.APPLIED,
    "售后处理中": RefundState.APPLIED,
    "售后中": RefundState.APPLIED,
    "退款中": RefundState.APPLIED,
    "售后待处理": RefundState.APPLIED,
    "同意退款,退款成功": RefundState.FULL,
    "退款成功": RefundState.FULL,
    "已全额退款": RefundState.FULL,
    "售后成功": RefundState.FULL,
    "退货退款成功": RefundState.FULL,
    "部分退款": RefundState.PARTLY,
    "已部分退款": RefundState.PARTLY,
    "售后关闭": RefundState.WITHDRAWN,
    "售后已关闭": RefundState.WITHDRAWN,
    "售后取消": RefundState.WITHDRAWN,
    "退款关闭": RefundState.WITHDRAWN,
    "退款失败": RefundState.WITHDRAWN,
    # Goods come again, no money goes back.
    "换货成功": RefundState.NONE,
    "补寄成功": RefundState.NONE,
    "维修成功": RefundState.NONE,
}
