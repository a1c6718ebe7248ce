"""Douyin's codes of the open platform in our words. An unknown code is a BadReply, never a guess.

order_status, refund and after-sale codes: field comments of the official SDK. That 105 waits for review or an open
group buy is inferred (the texts do not say); what 51 and 53 mean for money too, so the refund state decides there.
"""

from __future__ import annotations

from collections.abc import Mapping

from daifa.ports.errors import BadReply
from daifa.ports.shop import OrderState, RefundState
from daifa.ports.shop_api import Direction

STATES: Mapping[int, OrderState] = {
    1: OrderState.UNPAID,
    105: OrderState.PAID,
    2: OrderState.PAID,
    101: OrderState.PART_SHIPPED,
    3: OrderState.SHIPPED,
    4: OrderState.CANCELLED,
    5: OrderState.FINISHED,
}
PENDING = 105
GROUP_BUY, DEPOSIT_SALE, GIFT = 1, 2, 102
ALLIANCE, OWN_SALE = 2, 8

# seller_remark_stars; 0 is both grey and "never set", so it is read as no flag.
FLAGS: Mapping[int, str] = {0: "", 1: "紫", 2: "青", 3: "绿", 4: "橙", 5: "红"}
# order.addOrderRemark takes so many characters.
LONGEST_MEMO = 60
STARS: Mapping[str, str] = {"灰": "0", "紫": "1", "青": "2", "绿": "3", "橙": "4", "红": "5"}

_OPEN = {3, 6, 7, 8, 11, 13, 27, 29}
_GOODS_AGAIN = 14
CLOSED, DONE = 28, 12
_BY_REFUND = {51, 53}
CASE_WORDS: Mapping[int, str] = {
    3: "换货待买家收货", 6: "待商家同意", 7: "待买家退货", 8: "待商家发货", 11: "待商家二次同意", 12: "售后成功",
    13: "待买家收货", 14: "换货/补寄/维修成功", 27: "商家拒绝", 28: "售后关闭", 29: "商家二次拒绝", 51: "取消成功",
    53: "逆向结束",
}  # fmt: skip
REFUNDED, REFUND_FAILED = 3, 4
# Types of case: whether goods come back; None where no money goes back by itself.
NEEDS_RETURN: Mapping[int, bool | None] = {0: True, 1: False, 2: False, 3: None, 6: False, 7: None, 8: None}
_NO_MONEY = {3, 7, 8}

# afterSale.operate's type by (case type, status, answer). 201/101/301/311 are documented, the others are from memory:
# a setting "operate.<type>.<status>.<agree|refuse>" of the application replaces each.
OPERATE: Mapping[tuple[int, int, Direction], int] = {
    (1, 6, Direction.AGREE): 201,
    (1, 6, Direction.REFUSE): 202,
    (2, 6, Direction.AGREE): 201,
    (2, 6, Direction.REFUSE): 202,
    (0, 6, Direction.AGREE): 101,
    (0, 6, Direction.REFUSE): 102,
    (0, 11, Direction.AGREE): 111,
    (0, 11, Direction.REFUSE): 112,
    (3, 6, Direction.AGREE): 301,
    (3, 6, Direction.REFUSE): 302,
    (3, 11, Direction.AGREE): 311,
    (3, 11, Direction.REFUSE): 312,
}

# Our courier codes in Douyin's (the full live list decides whether such a row exists). Only shunfeng stands in the
# documents' examples; the others are from memory.
COMPANIES: Mapping[str, tuple[str, ...]] = {
    "SF": ("shunfeng",),
    "ZTO": ("zhongtong",),
    "YTO": ("yuantong",),
    "STO": ("shentong",),
    "YUNDA": ("yunda",),
    "JTSD": ("jtexpress", "jitu"),
    "EMS": ("ems",),
    "POSTB": ("youzhengguonei",),
    "JD": ("jd", "jingdong"),
    "DBKD": ("debangkuaidi", "debangwuliu"),
    "DBL": ("debangwuliu", "debangkuaidi"),
}


def state_of(code: int) -> OrderState:
    """An order's or a line's state. Raises BadReply."""
    if code not in STATES:
        raise BadReply(f"抖店订单状态 {code} 不认识", code="order_status")
    return STATES[code]


def case_state(kind: int, status: int, refund: int) -> RefundState:
    """What an after-sale case means for the money. Raises BadReply.

    ``kind`` after-sale type, ``status`` after-sale status, ``refund`` refund status; a withdrawn wish keeps refund 1.
    """
    if status not in CASE_WORDS:
        raise BadReply(f"抖店售后状态 {status} 不认识", code="aftersale_status")
    if kind not in NEEDS_RETURN:
        raise BadReply(f"抖店售后类型 {kind} 不认识", code="aftersale_type")
    if status == CLOSED or refund == REFUND_FAILED:
        return RefundState.WITHDRAWN
    if status == _GOODS_AGAIN:
        return RefundState.NONE
    if refund == REFUNDED or status == DONE:
        # Price protection gives back a part; of goods that come again no money goes back.
        if kind in _NO_MONEY:
            return RefundState.NONE
        return RefundState.PARTLY if kind == 6 else RefundState.FULL
    return RefundState.NONE if status in _BY_REFUND else RefundState.APPLIED
