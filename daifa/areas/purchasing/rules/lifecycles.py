"""The life cycles of purchasing as tables; the database CHECKs and the buttons on screen follow them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from daifa.kit.states import LifeCycle

PURCHASE = LifeCycle(
    name="采购单",
    start="draft",
    table={
        "draft": ("sent", "cancelled"),
        # sent -> shipped is legal: many suppliers answer with a tracking number and nothing else.
        "sent": ("accepted", "refused", "part_shipped", "shipped", "recalling", "recalled"),
        "accepted": ("refused", "part_shipped", "shipped", "recalling"),
        # A supplier that said no may find the goods after all.
        "refused": ("accepted", "closed"),
        # The rest of a part shipment may be refused or recalled: what was shipped stays, the purchase closes.
        "part_shipped": ("shipped", "recalling", "closed"),
        "shipped": ("recalling", "closed"),
        "recalling": ("recalled", "accepted", "part_shipped", "shipped", "closed"),
        "recalled": (),
        "cancelled": (),
        "closed": (),
    },
    labels={
        "draft": "待发送",
        "sent": "已发给供应商",
        "accepted": "已接单",
        "refused": "已拒单",
        "part_shipped": "部分发货",
        "shipped": "已发货",
        "recalling": "追回中",
        "recalled": "已追回",
        "cancelled": "已取消",
        "closed": "已完结",
    },
)

LINE = LifeCycle(
    name="采购明细",
    start="open",
    table={
        "open": ("accepted", "refused", "out_of_stock", "part_shipped", "shipped", "recalled", "cancelled"),
        "accepted": ("refused", "out_of_stock", "part_shipped", "shipped", "recalled"),
        "refused": ("accepted",),
        "out_of_stock": ("accepted", "part_shipped", "shipped"),
        "part_shipped": ("shipped", "recalled"),
        "shipped": (),
        "recalled": (),
        "cancelled": (),
    },
    labels={
        "open": "待答复",
        "accepted": "已接单",
        "refused": "已拒绝",
        "out_of_stock": "缺货",
        "part_shipped": "部分发货",
        "shipped": "已发货",
        "recalled": "已追回",
        "cancelled": "已取消",
    },
)

DISPATCH = LifeCycle(
    name="发送记录",
    start="ready",
    table={"ready": ("sent", "withdrawn"), "sent": (), "withdrawn": ()},
    labels={"ready": "待下载", "sent": "已发送", "withdrawn": "已撤回"},
)

AMENDMENT = LifeCycle(
    name="变更单",
    start="created",
    table={
        "created": ("sent", "too_late"),
        "sent": ("acknowledged", "too_late", "refused"),
        # A supplier that said no may still find the box and change it.
        "refused": ("acknowledged",),
        "too_late": (),
        "acknowledged": (),
    },
    labels={
        "created": "待通知供应商",
        "sent": "等供应商确认",
        "acknowledged": "供应商已确认",
        "too_late": "来不及，已发货",
        "refused": "供应商不同意",
    },
)

PLACEMENT = LifeCycle(
    name="接口下单",
    start="intended",
    table={
        "intended": ("placed", "unknown", "refused"),
        "unknown": ("placed", "refused"),
        "placed": ("shipped", "done", "closed"),
        "shipped": ("done", "closed"),
        "done": (),
        # Closed before or after payment: nothing is coming, the pieces may be bought elsewhere.
        "closed": (),
        "refused": (),
    },
    labels={
        "intended": "正在下单",
        "unknown": "结果未知",
        "placed": "已下单",
        "shipped": "已发货",
        "done": "已完成",
        "closed": "已关闭",
        "refused": "下单被拒",
    },
)

# The same states where the purchase is handed to a factory on the shop's platform.
HANDED_LABELS: Mapping[str, str] = {
    "intended": "正在交给厂家",
    "placed": "已交给厂家",
    "unknown": "结果未知",
    "shipped": "厂家已发货",
    "done": "厂家已发货",
    "closed": "已取消",
    "refused": "没有交成",
}

SUPPLIER_ORDER = LifeCycle(
    name="供应商平台订单",
    start="unpaid",
    table={
        "unpaid": ("paid", "shipped", "done", "closed"),
        "paid": ("shipped", "done", "closed"),
        "shipped": ("done", "closed"),
        "done": ("closed",),
        "closed": (),
    },
    labels={"unpaid": "待付款", "paid": "已付款", "shipped": "已发货", "done": "已完成", "closed": "已关闭"},
)

ALL = (PURCHASE, LINE, DISPATCH, AMENDMENT, PLACEMENT, SUPPLIER_ORDER)

# Pieces in these line states are still to come; in the others the demand is free again or fulfilled.
LINE_WAITING = frozenset({"open", "accepted", "part_shipped"})
LINE_DEAD = frozenset({"refused", "out_of_stock", "recalled", "cancelled"})


def purchase_state_of(lines: Sequence[str], *, sent: bool) -> str:
    """The state of a purchase order that its lines' states imply (recalling is a person's step and not implied).

    Dead lines do not hold the others back: with the rest shipped, the purchase is shipped.
    """
    living = [s for s in lines if s not in LINE_DEAD]
    if not living:
        dead = set(lines)
        if dead & {"refused", "out_of_stock"}:
            return "refused"
        return "recalled" if "recalled" in dead and sent else "cancelled"
    if all(s == "shipped" for s in living):
        return "shipped"
    if any(s in {"shipped", "part_shipped"} for s in living):
        return "part_shipped"
    if all(s == "accepted" for s in living):
        return "accepted"
    return "sent" if sent else "draft"
