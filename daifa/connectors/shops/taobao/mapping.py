"""Taobao's words for states, in ours: as the 已卖出的宝贝 reports write them, long and short forms.

交易关闭 does not say whether it was paid: with a payment time it was refunded in full, else never paid.
"""

from __future__ import annotations

from daifa.ports.sheet import StateMeaning
from daifa.ports.shop import OrderState, RefundState, WaitReason

STATES = {
    "等待买家付款": StateMeaning(OrderState.UNPAID),
    "待付款": StateMeaning(OrderState.UNPAID),
    "没有创建支付宝交易": StateMeaning(OrderState.UNPAID),
    "定金未付尾款未付": StateMeaning(OrderState.UNPAID),
    "定金已付尾款未付": StateMeaning(OrderState.UNPAID, (WaitReason.PRESALE,)),
    "买家已付款,等待卖家发货": StateMeaning(OrderState.PAID),
    "买家已付款": StateMeaning(OrderState.PAID),
    "等待卖家发货": StateMeaning(OrderState.PAID),
    "待发货": StateMeaning(OrderState.PAID),
    # Open platform PAID_FORBID_CONSIGN: paid, must not be shipped (group buy or hold).
    "已付款,禁止发货": StateMeaning(OrderState.PAID, (WaitReason.GROUP_PENDING,)),
    "拼团中": StateMeaning(OrderState.PAID, (WaitReason.GROUP_PENDING,)),
    "卖家部分发货": StateMeaning(OrderState.PART_SHIPPED),
    "部分发货": StateMeaning(OrderState.PART_SHIPPED),
    "卖家已发货,等待买家确认": StateMeaning(OrderState.SHIPPED),
    "卖家已发货,等待买家确认收货": StateMeaning(OrderState.SHIPPED),
    "卖家已发货": StateMeaning(OrderState.SHIPPED),
    "已发货": StateMeaning(OrderState.SHIPPED),
    "买家已签收": StateMeaning(OrderState.SHIPPED),
    "交易成功": StateMeaning(OrderState.FINISHED),
    "已完成": StateMeaning(OrderState.FINISHED),
    "交易关闭": StateMeaning(OrderState.CANCELLED),
    "已取消": StateMeaning(OrderState.CANCELLED),
    "已退款": StateMeaning(OrderState.CANCELLED, (), RefundState.FULL),
    "退货退款": StateMeaning(OrderState.CANCELLED, (), RefundState.FULL),
}

REFUND_STATES = {
    **dict.fromkeys(("", "-", "没有申请退款", "无", "无退款", "未申请退款"), RefundState.NONE),
    "买家已经申请退款,等待卖家同意": RefundState.APPLIED,
    "买家申请退款,等待卖家同意": RefundState.APPLIED,
    "等待卖家同意": RefundState.APPLIED,
    "退款待处理": RefundState.APPLIED,
    "退款处理中": RefundState.APPLIED,
    "退款中": RefundState.APPLIED,
    "卖家已经同意退款,等待买家退货": RefundState.APPLIED,
    "等待买家退货": RefundState.APPLIED,
    "买家已经退货,等待卖家确认收货": RefundState.APPLIED,
    "等待卖家确认收货": RefundState.APPLIED,
    "卖家拒绝退款": RefundState.APPLIED,
    "卖家拒绝确认收货": RefundState.APPLIED,
    "退款关闭": RefundState.WITHDRAWN,
    "退款撤销": RefundState.WITHDRAWN,
    "退款成功": RefundState.FULL,
    "退款完成": RefundState.FULL,
    "部分退款成功": RefundState.PARTLY,
}
