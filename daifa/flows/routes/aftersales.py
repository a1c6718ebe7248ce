"""售后: open steps of refunds that met a purchase; do one, note the answer, explain the money."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema

from daifa.base.web import REFUSALS, May, actor_of
from daifa.flows import aftersales
from daifa.flows.aftersales_policy import STEP_LABELS, StepKind
from daifa.kit.errors import Invalid
from daifa.reads import aftersales_desk
from daifa.reads.aftersales_desk import StepFilter, StepRow

router = Router(tags=["aftersales"])
# What a step needs beyond seeing it depends on its kind; the flow asks for it.
VIEW = May("support.view")
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
    """One open step. ``asks``: do (one press), answer (yes or no), money, or none (it ends by the next import).
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


class AftersaleAnswer(Schema):
    """The supplier's answer."""

    agreed: bool
    words: str = ""


class AftersaleMoney(Schema):
    """What came back in fen; without it the rest is written off for the reason in ``words``."""

    refunded_fen: int | None = None
    words: str = ""


def _out(row: StepRow) -> AftersaleStep:
    kind = StepKind(row.kind)
    asks = "do" if kind in aftersales.DO_VERBS else "answer" if kind in aftersales.ASK_KINDS else "none"
    given = {k: getattr(row, k) for k in row.__dataclass_fields__}
    more = {
        "kind_label": STEP_LABELS[kind],
        "asks": "money" if kind in aftersales.MONEY_KINDS else asks,
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
