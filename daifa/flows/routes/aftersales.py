"""售后: open steps of refunds that met a purchase; do one, note the answer, explain the money."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema

from daifa.base.web import REFUSALS, Given, May, actor_of
from daifa.flows import aftersales, case_answers
from daifa.flows.aftersales_words import STEP_LABELS, StepKind
from daifa.flows.case_answers import CaseDesk
from daifa.kit.errors import Invalid
from daifa.reads import aftersales_desk
from daifa.reads.aftersales_desk import StepFilter, StepRow

router = Router(tags=["aftersales"])
# What a step needs beyond seeing it depends on its kind; the flow asks for it.
VIEW = May("support.view")
ANSWER = May("support.edit")
OWNERS = {
    "operator": "运营",
    "supplier": "供应商",
    "buyer": "采购",
    "finance": "财务",
    "support": "客服",
    "platform": "供应商平台",
}


class AftersaleQuery(Schema):
    """The filters of the list; several values are joined by commas."""

    numbers: str = ""
    shop: str = ""
    supplier: str = ""

    def filter(self) -> StepFilter:
        """As the reads take it. Raises Invalid."""
        numbers = [n.strip() for n in self.numbers.split(",") if n.strip()][:500]
        return StepFilter(numbers, _ids(self.shop), _ids(self.supplier))


def _ids(text: str) -> list[UUID]:
    try:
        return [UUID(x) for x in text.split(",") if x]
    except ValueError as error:
        raise Invalid("bad_filter", "筛选条件无效，请清除后重试。") from error


class AftersaleStep(Schema):
    """One open step. ``asks``: do (one press), answer (yes or no), money, case (its cases
    are answered), or none (it ends by itself).
    Money in fen, null when unknown."""

    id: UUID
    order_id: UUID
    order_number: str
    platform: str
    shop_name: str
    purchase_id: UUID | None
    purchase_number: str
    supplier: str
    kind: str
    kind_label: str
    asks: str
    verb: str
    text: str
    owner: str
    owner_label: str
    due_by: datetime | None
    amount_fen: int | None
    created_at: datetime


class AftersalePage(Schema):
    """A page of steps."""

    items: list[AftersaleStep]
    next_cursor: str | None
    total: int | None


class AftersaleCounts(Schema):
    """How many each tab holds; what suppliers still have of our money in fen, of how many purchases nobody knows it,
    and how many steps are late."""

    counts: dict[str, int]
    outstanding_fen: int
    unknown: int
    late: int


class AftersaleSaid(Schema):
    """What was done, as a sentence."""

    message: str


class AftersaleAnswer(Given):
    """The supplier's answer."""

    agreed: bool
    words: str = ""


class AftersaleMoney(Given):
    """What came back in fen; without it the rest is written off for the reason in ``words``."""

    refunded_fen: int | None = None
    words: str = ""


class RefuseReasonOut(Schema):
    """A reason of the platform's; ``evidence``: it takes a picture."""

    code: str
    words: str
    evidence: bool


class CaseOut(Schema):
    """An open case of the order and how it may be answered from here; ``reasons`` null while they are being read."""

    id: UUID
    number: str
    platform_state: str
    amount_fen: int | None
    needs_return: bool | None
    reason: str
    applied_at: datetime | None
    answer_by: datetime | None
    return_tracking: str
    reasons: list[RefuseReasonOut] | None
    why_not: str
    answered: str
    open: bool
    return_address_id: str


class CaseAnswer(Given):
    """Agree or refuse; ``words`` goes to the buyer, what else is needed depends on the case."""

    direction: str
    words: str = ""
    reason_code: str = ""
    evidence_url: str = ""
    return_address_id: str = ""


def _case_out(desk: CaseDesk) -> CaseOut:
    case = desk.case
    reasons = None
    if case.reasons is not None:
        reasons = [RefuseReasonOut(code=c, words=w, evidence=e) for c, w, e in case.reasons]
    return CaseOut(
        id=case.id, number=case.external_id, platform_state=case.platform_state, amount_fen=case.amount_fen,
        needs_return=case.needs_return, reason=case.reason, applied_at=case.applied_at, answer_by=case.answer_by,
        return_tracking=case.return_tracking, reasons=reasons, why_not=desk.why_not, answered=desk.answered,
        open=desk.open, return_address_id=desk.return_address_id,
    )  # fmt: skip


def _out(row: StepRow) -> AftersaleStep:
    kind = StepKind(row.kind)
    asks = "do" if kind in aftersales.DO_VERBS else "answer" if kind in aftersales.ASK_KINDS else "none"
    given = {k: getattr(row, k) for k in row.__dataclass_fields__}
    more = {
        "kind_label": STEP_LABELS[kind],
        "asks": "case" if kind is StepKind.ANSWER_BUYER else "money" if kind in aftersales.MONEY_KINDS else asks,
        "verb": aftersales.DO_VERBS.get(kind, ""),
        "owner_label": OWNERS.get(row.owner, row.owner),
    }
    return AftersaleStep.model_validate({**given, **more})


@router.get("/aftersales", response={200: AftersalePage, **REFUSALS}, auth=VIEW)
def aftersale_list(
    request: HttpRequest, asked: Query[AftersaleQuery], tab: str = "all", cursor: str = "", limit: int | None = None
) -> AftersalePage:
    """A page of open steps, the earliest deadline first."""
    by, wanted = actor_of(request), asked.filter()
    found = aftersales_desk.page(wanted, by, tab=tab, cursor=cursor, limit=limit)
    total = aftersales_desk.counts(wanted, by).get(tab)
    return AftersalePage(items=[_out(r) for r in found.items], next_cursor=found.next or None, total=total)


@router.get("/aftersales/counts", response={200: AftersaleCounts, **REFUSALS}, auth=VIEW)
def aftersale_counts(request: HttpRequest, asked: Query[AftersaleQuery]) -> AftersaleCounts:
    """How many open steps each tab holds."""
    wanted, by = asked.filter(), actor_of(request)
    out = aftersales_desk.outstanding(wanted, by)
    return AftersaleCounts(
        counts=aftersales_desk.counts(wanted, by), outstanding_fen=out.fen, unknown=out.unknown, late=out.late
    )


@router.get("/aftersales/{step_id}/cases", response={200: list[CaseOut], **REFUSALS}, auth=ANSWER)
def aftersale_cases(request: HttpRequest, step_id: UUID) -> list[CaseOut]:
    """The open cases of the order whose buyer waits."""
    return [_case_out(d) for d in case_answers.of_step(by=actor_of(request), step_id=step_id)]


@router.post("/aftersale-cases/{case_id}/look", response={200: AftersaleSaid, **REFUSALS}, auth=ANSWER)
def aftersale_case_look(request: HttpRequest, case_id: UUID) -> AftersaleSaid:
    """Read the case and its reasons for refusing anew."""
    case_answers.look(by=actor_of(request), case_id=case_id)
    return AftersaleSaid(message="正在读取平台的售后单")


@router.post("/aftersale-cases/{case_id}/answer", response={200: AftersaleSaid, **REFUSALS}, auth=ANSWER)
def aftersale_case_answer(request: HttpRequest, case_id: UUID, body: CaseAnswer) -> AftersaleSaid:
    """Agree or refuse."""
    said = case_answers.answer(by=actor_of(request), case_id=case_id, **body.dict())
    return AftersaleSaid(message=said)


@router.post("/aftersales/{step_id}/do", response={200: AftersaleSaid, **REFUSALS}, auth=VIEW)
def aftersale_do(request: HttpRequest, step_id: UUID) -> AftersaleSaid:
    """It is done: withdrawn, asked, told, or arrived."""
    return AftersaleSaid(message=aftersales.do(by=actor_of(request), step_id=step_id))


@router.post("/aftersales/{step_id}/answer", response={200: AftersaleSaid, **REFUSALS}, auth=VIEW)
def aftersale_answer(request: HttpRequest, step_id: UUID, body: AftersaleAnswer) -> AftersaleSaid:
    """What the supplier said to the recall or the intercept."""
    said = aftersales.answer(by=actor_of(request), step_id=step_id, agreed=body.agreed, words=body.words)
    return AftersaleSaid(message=said)


@router.post("/aftersales/{step_id}/money", response={200: AftersaleSaid, **REFUSALS}, auth=VIEW)
def aftersale_money(request: HttpRequest, step_id: UUID, body: AftersaleMoney) -> AftersaleSaid:
    """What the supplier gave back, or why we bear it."""
    said = aftersales.settle_money(
        by=actor_of(request), step_id=step_id, refunded_fen=body.refunded_fen, why=body.words
    )
    return AftersaleSaid(message=said)
