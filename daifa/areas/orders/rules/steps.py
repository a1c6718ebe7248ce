"""The steps an order can wait at, the tab of the order desk each belongs to, and how people call them."""

from __future__ import annotations

from enum import StrEnum


class Step(StrEnum):
    """What an order waits for."""

    PAY = "pay"
    LINES = "lines"
    MATCH = "match"
    HOLD = "hold"
    ROUTE = "route"
    DISPATCH = "dispatch"
    SEND = "send"
    TRACKING = "tracking"
    REPORT = "report"
    UPLOAD = "upload"
    CONFIRM = "confirm"
    NO_PARCEL = "no_parcel"
    FOLLOW = "follow"
    ELSEWHERE = "elsewhere"
    AFTERSALE = "aftersale"
    DONE = "done"
    CLOSED = "closed"


TAB_OF: dict[Step, str] = {
    Step.PAY: "unpaid",
    Step.LINES: "hold",
    Step.MATCH: "match",
    Step.HOLD: "hold",
    Step.ROUTE: "dispatch",
    Step.DISPATCH: "dispatch",
    Step.SEND: "supplier",
    Step.TRACKING: "supplier",
    Step.REPORT: "report",
    Step.UPLOAD: "report",
    Step.CONFIRM: "report",
    Step.NO_PARCEL: "report",
    Step.FOLLOW: "shipped",
    Step.ELSEWHERE: "shipped",
    Step.AFTERSALE: "aftersale",
    Step.DONE: "done",
    Step.CLOSED: "closed",
}
STEP_LABELS: dict[Step, str] = {
    Step.PAY: "待付款",
    Step.LINES: "缺商品明细",
    Step.MATCH: "待匹配",
    Step.HOLD: "异常",
    Step.ROUTE: "自动派单",
    Step.DISPATCH: "待派单",
    Step.SEND: "待发给供应商",
    Step.TRACKING: "待供应商发货",
    Step.REPORT: "待生成上传文件",
    Step.UPLOAD: "待上传平台",
    Step.CONFIRM: "待平台确认",
    Step.NO_PARCEL: "无需物流",
    Step.FOLLOW: "已发货",
    Step.ELSEWHERE: "平台已发货",
    Step.AFTERSALE: "售后处理中",
    Step.DONE: "已完成",
    Step.CLOSED: "已关闭",
}
TABS: tuple[tuple[str, str], ...] = (
    ("all", "全部"),
    ("match", "待匹配"),
    ("hold", "异常"),
    ("dispatch", "待派单"),
    ("supplier", "待供应商发货"),
    ("report", "上传和确认"),
    ("shipped", "已发货"),
    ("aftersale", "售后"),
    ("unpaid", "待付款"),
    ("done", "已完成"),
    ("closed", "已关闭"),
)
