"""After a refund or cancel meets a purchase: the steps that are due until the money is explained. Pure.

Every purchase concerned stands at one stage of ``STAGES``; a stage either has a step with owner, deadline and money,
or is an end. Nothing is shipped by silence: while a recall or an intercept is unanswered the order stays frozen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from daifa.flows.aftersales_words import Hours, StepKind
from daifa.flows.undo_policy import NO_WAY, Undo, Way
from daifa.kit.money import Fen, format_yuan
from daifa.kit.values import dataclass
from daifa.ports.shop import OrderState, RefundState


class Wish(StrEnum):
    """What the buyer's side wants now: nothing, the goods after all, a refund not yet decided, or it is over."""

    NONE = "none"
    KEEPS = "keeps"
    APPLIED = "applied"
    OVER = "over"


class Answer(StrEnum):
    """What became of a question to the supplier (recall or intercept)."""

    NOT_ASKED = "not_asked"
    ASKED = "asked"
    YES = "yes"
    NO = "no"


class Stage(StrEnum):
    """Where the pursuit of one purchase stands."""

    UNTOUCHED = "untouched"
    NEVER_SENT = "never_sent"
    GONE_BEFORE = "gone_before"
    UNSENT = "unsent"
    TO_UNDO = "to_undo"
    UNDOING = "undoing"
    TO_RECALL = "to_recall"
    RECALLING = "recalling"
    TO_INTERCEPT = "to_intercept"
    INTERCEPTING = "intercepting"
    TO_RESUME = "to_resume"
    WITH_BUYER = "with_buyer"
    COMING_BACK = "coming_back"
    LOST = "lost"
    TO_ASK_MONEY = "to_ask_money"
    OWED = "owed"
    EXPLAINED = "explained"


@dataclass(frozen=True, slots=True)
class StageInfo:
    """A stage: its step (None: an end, or only the buyer's side is due), who does it, hours, and what it says.

    ``freezes``: its parcels must not be reported to the shop, its pieces not sent to a supplier again.
    ``money``: the supplier's money is still out.
    """

    text: str
    step: StepKind | None = None
    owner: str = ""
    freezes: bool = False
    money: bool = False


STAGES: Mapping[Stage, StageInfo] = {
    Stage.UNTOUCHED: StageInfo("没有退款，{number} 照常发货"),
    Stage.NEVER_SENT: StageInfo("{number} 已撤下，供应商没有收到"),
    Stage.GONE_BEFORE: StageInfo("{supplier} 没有接 {number}，不产生货款"),
    Stage.UNSENT: StageInfo("{number} 还没有发给 {supplier}，撤下即可", StepKind.WITHDRAW, "operator", freezes=True),
    Stage.TO_UNDO: StageInfo(
        "{why}，{number} 可以在供应商平台撤单：{there}（{money}）", StepKind.UNDO, "operator", freezes=True, money=True
    ),
    Stage.UNDOING: StageInfo(
        "{number} 在供应商平台撤单：{there}（{money}）；有结果前不上传单号、不再发货",
        StepKind.UNDO_RESULT, "platform", freezes=True, money=True,
    ),
    Stage.TO_RECALL: StageInfo(
        "{why}，请马上通知 {supplier} 停发 {number}{because}（{money}）",
        StepKind.RECALL, "operator", freezes=True, money=True,
    ),
    Stage.RECALLING: StageInfo(
        "等 {supplier} 答复能否停发 {number}（{money}）；没有答复前不上传单号、不再发货",
        StepKind.RECALL_ANSWER, "supplier", freezes=True, money=True,
    ),
    Stage.TO_INTERCEPT: StageInfo(
        "{why}，{number} 已发出，请 {supplier} 让快递拦截退回（{money}）",
        StepKind.INTERCEPT, "operator", freezes=True, money=True,
    ),
    Stage.INTERCEPTING: StageInfo(
        "等 {supplier} 答复 {number} 能否拦截（{money}）；没有答复前不上传单号",
        StepKind.INTERCEPT_ANSWER, "supplier", freezes=True, money=True,
    ),
    Stage.TO_RESUME: StageInfo("这些货不退了，请通知 {supplier} 照常发 {number}", StepKind.RESUME, "operator"),
    Stage.WITH_BUYER: StageInfo("{number} 的货追不回，先在平台处理买家的退款申请"),
    Stage.COMING_BACK: StageInfo(
        "等 {number} 的货退回 {supplier}，收到后才能要回货款（{money}）",
        StepKind.RETURN_PARCEL, "supplier", freezes=True, money=True,
    ),
    Stage.LOST: StageInfo(
        "{why}，{number} 的货在买家手里、不退回：向 {supplier} 索赔，或写明由自己承担（{money}）",
        StepKind.CLAIM, "buyer", money=True,
    ),
    Stage.TO_ASK_MONEY: StageInfo(
        "{number} 的货已退回 {supplier}，可以在供应商平台申请退款（{money}）",
        StepKind.ASK_MONEY, "operator", freezes=True, money=True,
    ),
    Stage.OWED: StageInfo(
        "{supplier} 应退回或不计 {number} 的货款{because}（{money}）",
        StepKind.SUPPLIER_REFUND, "finance", freezes=True, money=True,
    ),
    Stage.EXPLAINED: StageInfo("{number} 的货款已经说清", freezes=True),
}  # fmt: skip
_UNANSWERED = frozenset(
    {Stage.TO_UNDO, Stage.UNDOING, Stage.TO_RECALL, Stage.RECALLING, Stage.TO_INTERCEPT, Stage.INTERCEPTING}
)
ENDS = frozenset({Stage.UNTOUCHED, Stage.NEVER_SENT, Stage.GONE_BEFORE, Stage.EXPLAINED})
# Closed without a parcel: the supplier had refused it.
_REFUSED = frozenset({"refused", "closed"})
_SHIPPED = frozenset({"part_shipped", "shipped"})


@dataclass(frozen=True, slots=True)
class PurchaseFacts:
    """One purchase of the order, as far as the refund concerns it.

    ``state`` is the purchase's; ``wish`` is of the pieces it buys. ``owed_fen`` is what those pieces cost us, freight
    included (None: unknown), ``refunded_fen`` what the supplier has given back or struck off. ``explained``: a person
    said how the money is explained. ``returned``: the parcel is back at the supplier. ``resumed``: since the last
    question the supplier was told to go on after all, so that the question no longer stands. ``there``: how its
    platform takes it back before it ships, ``money_there``: how it gives the money of returned goods.
    """

    purchase_id: UUID
    number: str
    supplier: str
    state: str
    wish: Wish
    recall: Answer = Answer.NOT_ASKED
    intercept: Answer = Answer.NOT_ASKED
    shipped: bool = False
    delivered: bool = False
    returned: bool = False
    resumed: bool = False
    owed_fen: Fen | None = None
    refunded_fen: Fen = 0
    explained: bool = False
    there: Way = NO_WAY
    money_there: Way = NO_WAY


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """The order's side: its state and refund, what the buyer asks back, and whether goods must come back.

    ``needs_return`` None: the file does not say; then nobody may assume that the goods are lost. ``answer_by``: then
    the platform answers the buyer by itself.
    """

    state: OrderState
    refund: RefundState
    needs_return: bool | None = None
    asked_fen: Fen | None = None
    answer_by: datetime | None = None


@dataclass(frozen=True, slots=True)
class StepDue:
    """One step that is due: what, for which purchase (None: the order), why, whose, how long, how much is out.

    ``due_by``: the platform's own deadline, where it is nearer.
    """

    kind: StepKind
    purchase_id: UUID | None
    reason: str
    owner: str
    hours: int
    amount_fen: Fen | None
    due_by: datetime | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything due because of a refund; ``ended`` says why nothing is.

    ``frozen``: purchases whose parcels must not be reported and whose pieces must not be sent again.
    ``outstanding_fen`` adds the known money that is out; ``unknown`` counts purchases whose cost nobody knows.
    ``kept``: the buyer's side asks nothing back any more.
    """

    steps: tuple[StepDue, ...]
    stages: tuple[tuple[UUID, Stage, str], ...]
    frozen: frozenset[UUID]
    kept: bool
    outstanding_fen: Fen
    unknown: int
    ended: str


def wish_of(state: OrderState, refund: RefundState, lines: Iterable[RefundState] = ()) -> Wish:
    """What is wanted of the pieces of one purchase: the order's word, or the strongest of its own lines'."""
    if state is OrderState.CANCELLED or refund is RefundState.FULL:
        return Wish.OVER
    found = set(lines)
    if RefundState.FULL in found:
        return Wish.OVER
    if refund is RefundState.APPLIED or RefundState.APPLIED in found:
        return Wish.APPLIED
    # Taken back, or part of the money without the goods: what was stopped for it goes on.
    kept = {RefundState.WITHDRAWN, RefundState.PARTLY}
    return Wish.KEEPS if refund in kept or found & kept else Wish.NONE


def outstanding(purchase: PurchaseFacts) -> Fen | None:
    """What the supplier still has of our money for it; never negative, None while the cost is unknown."""
    if purchase.explained:
        return 0
    return None if purchase.owed_fen is None else max(purchase.owed_fen - purchase.refunded_fen, 0)


def stage_of(purchase: PurchaseFacts, needs_return: bool | None = None) -> Stage:
    """Where the pursuit of one purchase stands; facts of later things win over earlier ones."""
    if purchase.state == "draft":
        return Stage.UNSENT if _wanted_back(purchase) else Stage.UNTOUCHED
    if purchase.state == "cancelled":
        return Stage.NEVER_SENT
    shipped = purchase.shipped or purchase.delivered or purchase.returned or purchase.state in _SHIPPED
    if purchase.state in _REFUSED and not shipped:
        return Stage.GONE_BEFORE
    stopped = (purchase.recall is Answer.YES or purchase.state == "recalled") and not shipped
    if stopped or purchase.returned:
        return _money_stage(purchase)
    if purchase.intercept is Answer.YES and not purchase.delivered:
        return _until_back(purchase)
    if not _wanted_back(purchase):
        return _not_wanted(purchase, shipped=shipped)
    if shipped or purchase.recall is Answer.NO:
        return _under_way(purchase, needs_return)
    if purchase.there.undo in (Undo.UNDER_WAY, Undo.WAITING):
        return Stage.UNDOING
    if _recall_open(purchase):
        return Stage.RECALLING
    return Stage.TO_UNDO if purchase.there.undo is Undo.CAN else Stage.TO_RECALL


def _money_stage(purchase: PurchaseFacts) -> Stage:
    """Stopped or back at the supplier: only its money is left to talk about."""
    if outstanding(purchase) == 0:
        return Stage.EXPLAINED
    return Stage.TO_ASK_MONEY if purchase.money_there.undo is Undo.CAN else Stage.OWED


def _wanted_back(purchase: PurchaseFacts) -> bool:
    return purchase.wish in (Wish.APPLIED, Wish.OVER)


def _recall_open(purchase: PurchaseFacts) -> bool:
    asked = purchase.recall is Answer.ASKED or (purchase.state == "recalling" and purchase.recall is Answer.NOT_ASKED)
    return asked and not purchase.resumed


def _intercept_open(purchase: PurchaseFacts) -> bool:
    return purchase.intercept is Answer.ASKED and not purchase.resumed


def _until_back(purchase: PurchaseFacts) -> Stage:
    return Stage.EXPLAINED if outstanding(purchase) == 0 else Stage.COMING_BACK


def _not_wanted(purchase: PurchaseFacts, *, shipped: bool) -> Stage:
    if purchase.there.undo is Undo.UNDER_WAY and not shipped:
        # It is being taken back there: what comes of that decides, then the pieces are bought again or come.
        return Stage.UNDOING
    recall, intercept = _recall_open(purchase) and not shipped, _intercept_open(purchase)
    if purchase.delivered or not (recall or intercept):
        return Stage.UNTOUCHED
    if purchase.wish is Wish.KEEPS:
        return Stage.TO_RESUME
    # The merchant's own recall, without a refund: its answer is awaited all the same.
    return Stage.INTERCEPTING if intercept else Stage.RECALLING


def _under_way(purchase: PurchaseFacts, needs_return: bool | None) -> Stage:
    """On the road or with the buyer: to be caught, to come back, or lost to us."""
    if not purchase.delivered and purchase.intercept is not Answer.NO:
        return Stage.INTERCEPTING if _intercept_open(purchase) else Stage.TO_INTERCEPT
    if purchase.wish is Wish.APPLIED:
        return Stage.WITH_BUYER
    if needs_return is False and outstanding(purchase) != 0:
        return Stage.LOST
    return _until_back(purchase)


def plan(case: CaseFacts, purchases: Sequence[PurchaseFacts], hours: Hours | None = None) -> Plan:
    """What is due for one order, in the order of its purchases, the buyer's side first."""
    hours = hours or Hours()
    over = case.state is OrderState.CANCELLED or case.refund is RefundState.FULL
    known = [replace(p, wish=Wish.OVER) if over else p for p in purchases]
    staged = [(p, stage_of(p, case.needs_return)) for p in known]
    steps = [_step(p, stage, hours) for p, stage in staged if STAGES[stage].step is not None]
    if case.refund is RefundState.APPLIED or any(p.wish is Wish.APPLIED for p in known):
        steps = steps if over else [_buyer(case, [stage for _, stage in staged], hours), *steps]
    out = [outstanding(p) for p, stage in staged if STAGES[stage].money]
    stages = tuple((p.purchase_id, stage, _text(p, stage)) for p, stage in staged)
    return Plan(
        steps=tuple(steps),
        stages=stages,
        frozen=frozenset(p.purchase_id for p, stage in staged if STAGES[stage].freezes),
        kept=not over and case.refund in (RefundState.NONE, RefundState.WITHDRAWN),
        outstanding_fen=sum(fen for fen in out if fen is not None),
        unknown=sum(fen is None for fen in out),
        ended="" if steps else "；".join(text for _, _, text in stages) or "没有采购，不用追回",
    )


def _step(purchase: PurchaseFacts, stage: Stage, hours: Hours) -> StepDue:
    info = STAGES[stage]
    assert info.step is not None
    amount = outstanding(purchase) if info.money else 0
    text = _text(purchase, stage)
    return StepDue(info.step, purchase.purchase_id, text, info.owner, hours.of(info.step), amount)


def _text(purchase: PurchaseFacts, stage: Stage) -> str:
    out = outstanding(purchase)
    money = "成本未知" if out is None else f"还差 {format_yuan(out)}"
    why = "买家已取消或全额退款" if purchase.wish is Wish.OVER else "买家申请退款"
    words = purchase.money_there.words if stage is Stage.OWED else purchase.there.words
    because = f"：{words}" if words else ""
    return STAGES[stage].text.format(
        number=purchase.number, supplier=purchase.supplier, money=money, why=why, there=words, because=because
    )


def _buyer(case: CaseFacts, stages: Sequence[Stage], hours: Hours) -> StepDue:
    asked = f"买家申请退 {format_yuan(case.asked_fen)}" if case.asked_fen is not None else "买家申请退款"
    if _UNANSWERED.intersection(stages):
        what = "供应商还没有答复能否停下，先别向平台答“已拦下”"
    elif any(s is Stage.WITH_BUYER for s in stages):
        what = "货已发出拦不下，请在平台协商退货，或凭运单号拒绝"
    elif any(s is Stage.COMING_BACK for s in stages):
        what = "包裹正在退回，可以在平台同意"
    else:
        what = "没有货在路上，可以在平台同意"
    kind = StepKind.ANSWER_BUYER
    return StepDue(kind, None, f"{asked}：{what}", "support", hours.of(kind), case.asked_fen, case.answer_by)
