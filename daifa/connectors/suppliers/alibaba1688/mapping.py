"""1688's words for order states, in ours."""

from __future__ import annotations

from daifa.ports.sheet import StateMeaning
from daifa.ports.shop import OrderState

STATES = {
    "等待买家付款": StateMeaning(OrderState.UNPAID),
    "待付款": StateMeaning(OrderState.UNPAID),
    "等待卖家发货": StateMeaning(OrderState.PAID),
    "买家已付款": StateMeaning(OrderState.PAID),
    "待发货": StateMeaning(OrderState.PAID),
    "等待物流揽件": StateMeaning(OrderState.PAID),
    "部分发货": StateMeaning(OrderState.PART_SHIPPED),
    "等待买家确认收货": StateMeaning(OrderState.SHIPPED),
    "等待买家收货": StateMeaning(OrderState.SHIPPED),
    "卖家已发货": StateMeaning(OrderState.SHIPPED),
    "已发货": StateMeaning(OrderState.SHIPPED),
    "待收货": StateMeaning(OrderState.SHIPPED),
    "等待买家签收": StateMeaning(OrderState.SHIPPED),
    "已收货": StateMeaning(OrderState.FINISHED),
    "交易成功": StateMeaning(OrderState.FINISHED),
    "交易关闭": StateMeaning(OrderState.CANCELLED),
    "交易取消": StateMeaning(OrderState.CANCELLED),
    "交易终止": StateMeaning(OrderState.CANCELLED),
    "已取消": StateMeaning(OrderState.CANCELLED),
}
