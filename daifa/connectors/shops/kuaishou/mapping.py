"""Kuaishou's words for states, in ours: the open platform's status texts and the tabs of the shop's back office."""

from __future__ import annotations

from daifa.ports.sheet import StateMeaning
from daifa.ports.shop import OrderState, RefundState, WaitReason

STATES = {
    "待付款": StateMeaning(OrderState.UNPAID),
    "未付款": StateMeaning(OrderState.UNPAID),
    "待支付": StateMeaning(OrderState.UNPAID),
    "定金已付": StateMeaning(OrderState.UNPAID, (WaitReason.PRESALE,)),
    "已付款": StateMeaning(OrderState.PAID),
    "已支付": StateMeaning(OrderState.PAID),
    "待发货": StateMeaning(OrderState.PAID),
    "已付款待发货": StateMeaning(OrderState.PAID),
    "拼团中": StateMeaning(OrderState.PAID, (WaitReason.GROUP_PENDING,)),
    "待成团": StateMeaning(OrderState.PAID, (WaitReason.GROUP_PENDING,)),
    "审核中": StateMeaning(OrderState.PAID, (WaitReason.UNDER_REVIEW,)),
    "风控审核中": StateMeaning(OrderState.PAID, (WaitReason.RISK,)),
    "部分发货": StateMeaning(OrderState.PART_SHIPPED),
    "已发货": StateMeaning(OrderState.SHIPPED),
    "待收货": StateMeaning(OrderState.SHIPPED),
    "已签收": StateMeaning(OrderState.FINISHED),
    "已收货": StateMeaning(OrderState.FINISHED),
    "交易成功": StateMeaning(OrderState.FINISHED),
    "订单成功": StateMeaning(OrderState.FINISHED),
    "已完成": StateMeaning(OrderState.FINISHED),
    "交易关闭": StateMeaning(OrderState.CANCELLED),
    "交易失败": StateMeaning(OrderState.CANCELLED),
    "订单失败": StateMeaning(OrderState.CANCELLED),
    "已关闭": StateMeaning(OrderState.CANCELLED),
    "已取消": StateMeaning(OrderState.CANCELLED),
}

REFUND_STATES = {
    **dict.fromkeys(("", "-", "无", "无售后", "未售后"), RefundState.NONE),
    **dict.fromkeys(
        (
            "售后中",
            "退款中",
            "退款处理中",
            "售后处理中",
            "待商家处理",
            "待卖家处理",
            "买家仅退款申请",
            "买家退货退款申请",
            "商家已拒绝,待买家处理",
            "待买家处理",
            "待买家退货",
            "待商家收货",
            "待商家确认收货",
            "待买家收货",
            "平台介入",
            "平台介入中",
            "平台处理中",
            "退款执行中",
        ),
        RefundState.APPLIED,
    ),
    **dict.fromkeys(("退款成功", "售后成功", "已退款", "售后完成"), RefundState.FULL),
    "部分退款": RefundState.PARTLY,
    "部分退款成功": RefundState.PARTLY,
    **dict.fromkeys(("售后关闭", "退款关闭", "售后取消", "退款失败", "售后失败", "已撤销"), RefundState.WITHDRAWN),
    **dict.fromkeys(("换货成功", "补寄成功", "维修成功"), RefundState.NONE),
}
