"""The order policy, on a page: from the facts of one order to its one next step, with the reason in Chinese.

Pure. Every order is in exactly one step, every step in exactly one tab of the order desk.
"""

from __future__ import annotations

from daifa.areas.orders.rules.steps import TAB_OF, Step
from daifa.kit.values import dataclass
from daifa.ports.shop import GONE, OrderState, RefundState


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """What ``next_step`` looks at; counts of lines, pieces, purchases and reports.

    ``lines`` and ``unmatched`` count lines; ``demanded``, ``open_pieces``, ``unsent`` (in purchases that no supplier
    has), ``waiting`` (with suppliers) and ``shipped`` count pieces; ``reports_*`` parcels by how far the shop knows.
    ``handover``: it is assigned in the platform's own back office, which marks it shipped itself.
    ``automatic``: the shop's dial lets purchases be made without a person. ``unrouted``: why the machine found no way.
    ``handed``: all of it is with factories on the shop's own platform, by API.
    ``presale``: the platform says that it is sold ahead of its goods, paid in two steps.
    ``by_api``: what is unsent goes to its supplier by itself; ``stuck``: why that stopped until a person decides,
    or, where it is ``mended`` at the supplier's offers, until that is done.
    """

    state: OrderState
    refund: RefundState
    cash_on_delivery: bool = False
    lines_missing: bool = False
    lines: int = 0
    unmatched: int = 0
    blocking: tuple[str, ...] = ()
    demanded: int = 0
    open_pieces: int = 0
    closed_elsewhere: int = 0
    unsent: int = 0
    waiting: int = 0
    shipped: int = 0
    reports_new: int = 0
    reports_in_file: int = 0
    reports_told: int = 0
    reports_confirmed: int = 0
    after_sale_steps: int = 0
    handover: bool = False
    automatic: bool = False
    unrouted: str = ""
    by_api: bool = False
    stuck: str = ""
    mended: bool = False
    handed: bool = False
    reports_refused: int = 0
    presale: bool = False


@dataclass(frozen=True, slots=True)
class Next:
    """The one next step and why."""

    step: Step
    reason: str

    @property
    def tab(self) -> str:
        """The tab of the order desk it belongs to."""
        return TAB_OF[self.step]


def is_over(facts: OrderFacts) -> bool:
    """Whether nothing may be bought for it any more (absorbing)."""
    return facts.state is OrderState.CANCELLED or facts.refund is RefundState.FULL


def next_step(facts: OrderFacts) -> Next:
    """The one thing that an order waits for."""
    if is_over(facts):
        if facts.after_sale_steps:
            return Next(Step.AFTERSALE, f"订单已取消或全额退款，还有 {facts.after_sale_steps} 件事要处理")
        return Next(Step.CLOSED, "已取消" if facts.state is OrderState.CANCELLED else "已全额退款")
    if facts.state is OrderState.UNPAID and not facts.cash_on_delivery:
        return Next(Step.PAY, "预售订单，买家还没有付清定金和尾款" if facts.presale else "买家还没有付款")
    if facts.after_sale_steps:
        return Next(Step.AFTERSALE, f"有 {facts.after_sale_steps} 件售后要处理")
    if facts.state in GONE and not _ours(facts):
        return _by_other_hands(facts)
    if facts.state is OrderState.FINISHED:
        return Next(Step.DONE, "买家已收货，交易完成")
    return _to_supply(facts)


def _ours(facts: OrderFacts) -> bool:
    """Whether anything that we bought went out: a piece shipped, or a parcel told to the shop."""
    told = facts.reports_new + facts.reports_in_file + facts.reports_told + facts.reports_confirmed
    return bool(facts.shipped or told)


def _by_other_hands(facts: OrderFacts) -> Next:
    """Shipped there and nothing of it by us: nothing more is bought, and what is under way must not go out as well."""
    if facts.unsent:
        return Next(
            Step.HOLD, f"平台上已经发货（不是我们的单号），采购单还有 {facts.unsent} 件没发出，请撤下，以免重复发货"
        )
    if facts.waiting and facts.handed:
        return Next(Step.TRACKING, "厂家已在平台发货，正在读取单号")
    if facts.waiting:
        return Next(Step.TRACKING, f"平台上已经发货，供应商还有 {facts.waiting} 件没回传单号；不是这家发的请撤回")
    if facts.state is OrderState.FINISHED:
        return Next(Step.DONE, "买家已收货，交易完成")
    return Next(Step.ELSEWHERE, "平台上已经发货，不再采购")


def _to_supply(facts: OrderFacts) -> Next:
    if facts.lines_missing or not facts.lines:
        return Next(Step.LINES, "这个订单文件里没有商品，等商品明细文件导入")
    if facts.unmatched:
        return Next(Step.MATCH, f"{facts.unmatched} 行商品还没有匹配到规格")
    if facts.blocking and (facts.open_pieces or facts.unsent):
        return Next(Step.HOLD, "；".join(facts.blocking[:3]))
    if facts.stuck and (facts.unsent or facts.waiting):
        return Next(Step.HOLD, f"下单停下了{'' if facts.mended else '，到“运行状态”里决定'}：{facts.stuck}")
    if facts.open_pieces:
        if facts.automatic and not facts.unrouted:
            return Next(Step.ROUTE, f"{facts.open_pieces} 件按本店设置自动派单")
        why = f"，自动派单停下了：{facts.unrouted}" if facts.automatic else ""
        return Next(Step.DISPATCH, f"{facts.open_pieces} 件待派单{why}")
    if facts.unsent:
        return Next(Step.SEND, "正在按接口下单" if facts.by_api else "采购单已生成，还没有发给供应商")
    if not facts.demanded and not facts.waiting and not _ours(facts):
        return Next(Step.NO_PARCEL, "全部是不发货的商品，请在平台按“无需物流”发货")
    return _to_report(facts)


def _to_report(facts: OrderFacts) -> Next:
    if facts.reports_refused:
        return Next(Step.REPORT, f"{facts.reports_refused} 个包裹的单号平台没有通过，到“上传平台”看原因、处理")
    if facts.reports_new:
        return Next(Step.REPORT, f"{facts.reports_new} 个包裹的单号还没有放进上传文件")
    if facts.reports_in_file:
        return Next(Step.UPLOAD, "上传文件已生成，等上传到平台")
    if facts.waiting:
        who = "厂家在平台发货" if facts.handed else "供应商发货、回传单号"
        return Next(Step.TRACKING, f"等{who}")
    if facts.state in GONE:
        return Next(Step.FOLLOW, "已发货")
    if facts.reports_told:
        return Next(Step.CONFIRM, "已上传，等平台确认")
    if facts.reports_confirmed:
        return Next(Step.FOLLOW, "已发货")
    if facts.shipped and facts.handed:
        return Next(Step.FOLLOW, "厂家已在平台发货，等平台显示整单已发货")
    if facts.shipped and facts.handover:
        return Next(Step.FOLLOW, "厂家已代发，单号由平台后台登记")
    if facts.shipped:
        return Next(Step.REPORT, f"供应商已发 {facts.shipped} 件，还没有要上传的单号")
    return Next(Step.TRACKING, "等供应商发货、回传单号")
