"""Status words that mean the same everywhere. Words whose meaning differs by platform are not here."""

from __future__ import annotations

from daifa.ports.sheet import StateMeaning
from daifa.ports.shop import OrderState, RefundState, WaitReason

_UNPAID = "待付款 未付款 待支付 未支付 等待买家付款 等待付款"
_PAID = "待发货 已付款 已支付 未发货 待出库 等待出库 买家已付款 等待卖家发货 备货中 待配货 买家已付款,等待卖家发货"
_SHIPPED = """
已发货 待收货 待签收 卖家已发货 卖家已发货,等待买家确认 已发货,待签收 已发货,待收货 等待买家确认收货 运输中 已出库
"""
_FINISHED = "已完成 交易成功 已签收 已收货 完成 交易完成"
_CANCELLED = "已取消 已关闭 交易关闭 取消 关闭"

STATES = {
    **{w: StateMeaning(OrderState.UNPAID) for w in _UNPAID.split()},
    **{w: StateMeaning(OrderState.PAID) for w in _PAID.split()},
    **{w: StateMeaning(OrderState.SHIPPED) for w in _SHIPPED.split()},
    **{w: StateMeaning(OrderState.FINISHED) for w in _FINISHED.split()},
    **{w: StateMeaning(OrderState.CANCELLED) for w in _CANCELLED.split()},
    "部分发货": StateMeaning(OrderState.PART_SHIPPED),
    "货到付款": StateMeaning(OrderState.PAID),
    "审核中": StateMeaning(OrderState.PAID, (WaitReason.UNDER_REVIEW,)),
    "待成团": StateMeaning(OrderState.PAID, (WaitReason.GROUP_PENDING,)),
    "待审核": StateMeaning(OrderState.PAID, (WaitReason.UNDER_REVIEW,)),
    "已退款": StateMeaning(OrderState.CANCELLED, (), RefundState.FULL),
    "退款中": StateMeaning(OrderState.PAID, (), RefundState.APPLIED),
}

REFUND_STATES = {
    **dict.fromkeys(("", "-", "无", "无售后", "未申请", "没有申请退款", "无退款"), RefundState.NONE),
    **dict.fromkeys(("退款中", "售后中", "售后处理中", "处理中", "待处理", "申请退款"), RefundState.APPLIED),
    **dict.fromkeys(("退款成功", "已退款", "全额退款", "退款完成", "已全额退款"), RefundState.FULL),
    **dict.fromkeys(("部分退款", "已部分退款", "部分退款成功"), RefundState.PARTLY),
    **dict.fromkeys(("退款关闭", "已撤销", "售后关闭", "退款失败", "售后取消", "已取消"), RefundState.WITHDRAWN),
}
