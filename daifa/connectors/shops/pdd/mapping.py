"""Pinduoduo's words for states, in ours. A status may carry a refund behind a comma (未发货，退款成功)."""

from __future__ import annotations

from daifa.ports.sheet import StateMeaning
from daifa.ports.shop import OrderState, RefundState, WaitReason

STATES = {
    "待支付": StateMeaning(OrderState.UNPAID),
    "待付款": StateMeaning(OrderState.UNPAID),
    "未支付": StateMeaning(OrderState.UNPAID),
    "待成团": StateMeaning(OrderState.PAID, (WaitReason.GROUP_PENDING,)),
    "未成团": StateMeaning(OrderState.PAID, (WaitReason.GROUP_PENDING,)),
    "拼团中": StateMeaning(OrderState.PAID, (WaitReason.GROUP_PENDING,)),
    "待分享,待成团": StateMeaning(OrderState.PAID, (WaitReason.GROUP_PENDING,)),
    "审核中": StateMeaning(OrderState.PAID, (WaitReason.UNDER_REVIEW,)),
    "风控审核中": StateMeaning(OrderState.PAID, (WaitReason.RISK,)),
    "待发货": StateMeaning(OrderState.PAID),
    "未发货": StateMeaning(OrderState.PAID),
    "部分发货": StateMeaning(OrderState.PART_SHIPPED),
    "已发货": StateMeaning(OrderState.SHIPPED),
    "已发货,待签收": StateMeaning(OrderState.SHIPPED),
    "已发货,待收货": StateMeaning(OrderState.SHIPPED),
    "待收货": StateMeaning(OrderState.SHIPPED),
    "已签收": StateMeaning(OrderState.FINISHED),
    "已收货": StateMeaning(OrderState.FINISHED),
    "交易成功": StateMeaning(OrderState.FINISHED),
    "已完成": StateMeaning(OrderState.FINISHED),
    "已取消": StateMeaning(OrderState.CANCELLED),
    "交易已取消": StateMeaning(OrderState.CANCELLED),
    "拼团失败": StateMeaning(OrderState.CANCELLED),
    "已关闭": StateMeaning(OrderState.CANCELLED),
    "退款成功": StateMeaning(OrderState.CANCELLED, (), RefundState.FULL),
}

SUFFIXES = {
    "退款成功": RefundState.FULL,
    "部分退款成功": RefundState.PARTLY,
    "退款中": RefundState.APPLIED,
    "售后处理中": RefundState.APPLIED,
    "售后中": RefundState.APPLIED,
}

REFUND_STATES = {
    **dict.fromkeys(("", "-", "无售后", "无售后或售后取消", "无售后/售后取消"), RefundState.NONE),
    "售后处理中": RefundState.APPLIED,
    "退款中": RefundState.APPLIED,
    "退款处理中": RefundState.APPLIED,
    "待商家处理": RefundState.APPLIED,
    "待平台处理": RefundState.APPLIED,
    "平台处理中": RefundState.APPLIED,
    "买家申请退款,待商家处理": RefundState.APPLIED,
    "退货退款,待商家处理": RefundState.APPLIED,
    "商家同意退款,退款中": RefundState.APPLIED,
    "平台同意退款,退款中": RefundState.APPLIED,
    "商家同意退货退款,待买家发货": RefundState.APPLIED,
    "同意退货,待用户发货": RefundState.APPLIED,
    "待买家发货": RefundState.APPLIED,
    "用户已发货,待商家处理": RefundState.APPLIED,
    "买家已发货,待商家收货": RefundState.APPLIED,
    "驳回退款,待用户处理": RefundState.APPLIED,
    "已驳回,待用户处理": RefundState.APPLIED,
    "商家已发货,待消费者确认收货": RefundState.APPLIED,
    "退款成功": RefundState.FULL,
    "部分退款成功": RefundState.PARTLY,
    "售后取消,退款失败": RefundState.WITHDRAWN,
    "售后取消": RefundState.WITHDRAWN,
    "售后关闭": RefundState.WITHDRAWN,
    "买家撤销": RefundState.WITHDRAWN,
    "用户撤销": RefundState.WITHDRAWN,
    "买家逾期未处理,售后失败": RefundState.WITHDRAWN,
    "退款失败": RefundState.WITHDRAWN,
    "换货成功": RefundState.NONE,
    "补寄成功": RefundState.NONE,
    "维修成功": RefundState.NONE,
}
