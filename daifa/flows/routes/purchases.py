"""采购单: the list, one purchase with its versions, the supplier's answers, recalls and changes."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema

from daifa.areas.orders.services import history
from daifa.areas.purchasing.rules.lifecycles import AMENDMENT, HANDED_LABELS, LINE, PLACEMENT, PURCHASE
from daifa.areas.purchasing.services import amendments, dispatches, placements
from daifa.base.actor import Actor
from daifa.base.web import REFUSALS, Given, May, actor_of
from daifa.flows import binding, dispatching, recalling
from daifa.flows.steps import buy
from daifa.kit.errors import Invalid, NotFound
from daifa.reads import purchase_desk
from daifa.reads.purchase_desk import PurchaseFilter

router = Router(tags=["purchases"])
VIEW, SEND = May("purchasing.view"), May("purchasing.send")


class PurchaseQuery(Schema):
    """The filters of the list; several values are joined by commas."""

    numbers: str = ""
    supplier: str = ""
    shop: str = ""
    day_from: date | None = None
    day_to: date | None = None
    shipped_from: date | None = None
    shipped_to: date | None = None
    late: bool = False
    owing: bool = False

    def filter(self) -> PurchaseFilter:
        """As the reads take it. Raises Invalid."""
        return PurchaseFilter(
            numbers=[n.strip() for n in self.numbers.split(",") if n.strip()][:500],
            supplier=_ids(self.supplier),
            shop=_ids(self.shop),
            day_from=self.day_from,
            day_to=self.day_to,
            shipped_from=self.shipped_from,
            shipped_to=self.shipped_to,
            late=self.late,
            owing=self.owing,
        )


def _ids(text: str) -> list[UUID]:
    try:
        return [UUID(x) for x in text.split(",") if x]
    except ValueError as error:
        raise Invalid("bad_filter", "筛选条件无效，请清除后重试。") from error


class PurchaseCardLine(Schema):
    """One line: goods, pieces, the supplier's answer."""

    id: UUID
    order_id: UUID
    order_number: str
    title: str
    spec: str
    code: str
    supplier_code: str
    quantity: int
    shipped: int
    unit_fen: int | None
    goods_fen: int | None
    state: str
    state_label: str
    answer: str
    live: bool
    next: list[str]


class PurchaseCard(Schema):
    """One purchase. Money in fen. ``factory``: the factory on the shop's platform that it is handed to by API."""

    id: UUID
    number: str
    supplier_id: UUID
    supplier: str
    shop_id: UUID
    shop_name: str
    platform: str
    state: str
    state_label: str
    handover: bool
    factory: str
    quantity: int
    goods_fen: int | None
    freight_fen: int | None
    due_by: datetime | None
    created_at: datetime
    sent_at: datetime | None
    answered_at: datetime | None
    shipped_at: datetime | None
    note: str
    version: int
    changes: int
    lines: list[PurchaseCardLine]
    next: list[str]


class PurchasePage(Schema):
    """A page of purchases."""

    items: list[PurchaseCard]
    next_cursor: str | None
    total: int | None


class PurchaseCounts(Schema):
    """How many each tab holds."""

    counts: dict[str, int]


class PurchaseAmendment(Schema):
    """One change after sending; ``next`` are the states it may take."""

    id: UUID
    n: int
    kind: str
    kind_label: str
    text: str
    state: str
    state_label: str
    answer: str
    created_at: datetime
    answered_at: datetime | None
    next: list[str]


class PurchaseSending(Schema):
    """One sending that the purchase was in."""

    id: UUID
    run: str
    version: int
    channel: str
    state: str
    resend: bool
    created_at: datetime
    sent_at: datetime | None
    sent_by: str
    opened_at: datetime | None
    answered_at: datetime | None


class PurchaseHappened(Schema):
    """One fact of the purchase's orders."""

    at: datetime
    text: str
    by: str


class PurchasePlacing(Schema):
    """One attempt to place it at the supplier's platform, and its orders there. Money in fen."""

    reference: str
    state: str
    state_label: str
    pay_state: str
    pay_url: str
    external_ids: list[str]
    total_fen: int | None
    by_hand: bool
    reason: str
    placed_at: datetime | None
    paid_at: datetime | None


class PurchaseDetail(Schema):
    """One purchase opened. ``not_bindable``: why no order of the platform can be bound to it now, "" when one can.

    ``places_at``: when it is placed by API; until then it may be cancelled. None when it is not waiting for that.
    """

    purchase: PurchaseCard
    places_at: datetime | None
    placings: list[PurchasePlacing]
    not_bindable: str
    amendments: list[PurchaseAmendment]
    sendings: list[PurchaseSending]
    history: list[PurchaseHappened]


class PurchaseSaid(Schema):
    """What was done, as a sentence."""

    message: str


class PurchaseWhy(Given):
    """PurchaseWhy."""

    why: str


class PurchaseAnswer(Given):
    """The supplier's answer to lines, as a person was told it."""

    line_ids: list[UUID]
    answer: str
    reason: str = ""


class PurchaseRecallAnswer(Given):
    """Whether the supplier lets it go."""

    agreed: bool
    words: str = ""


class PurchaseAmend(Given):
    """A change after sending."""

    kind: str
    text: str


class PurchaseMove(Given):
    """What became of a change."""

    state: str
    words: str = ""


def _out(row: purchase_desk.PurchaseRow) -> PurchaseCard:
    lines = [
        PurchaseCardLine.model_validate(
            {**{k: getattr(x, k) for k in x.__dataclass_fields__}, "next": list(LINE.table[x.state])}
        )
        for x in row.lines
    ]
    given = {k: getattr(row, k) for k in row.__dataclass_fields__ if k != "lines"}
    return PurchaseCard.model_validate({**given, "lines": lines, "next": list(PURCHASE.table[row.state])})


@router.get("/purchases", response={200: PurchasePage, **REFUSALS}, auth=VIEW)
def purchase_list(
    request: HttpRequest, asked: Query[PurchaseQuery], tab: str = "all", cursor: str = "", limit: int | None = None
) -> PurchasePage:
    """A page of purchases, the newest first."""
    by, wanted = actor_of(request), asked.filter()
    found = purchase_desk.page(wanted, by, tab=tab, cursor=cursor, limit=limit)
    total = purchase_desk.counts(wanted, by).get(tab)
    return PurchasePage(items=[_out(r) for r in found.items], next_cursor=found.next or None, total=total)


@router.get("/purchases/counts", response={200: PurchaseCounts, **REFUSALS}, auth=VIEW)
def purchase_counts(request: HttpRequest, asked: Query[PurchaseQuery]) -> PurchaseCounts:
    """How many purchases each tab holds."""
    return PurchaseCounts(counts=purchase_desk.counts(asked.filter(), actor_of(request)))


def _found(purchase_id: UUID, by: Actor) -> purchase_desk.PurchaseRow:
    row = purchase_desk.one(purchase_id, by)
    if row is None:
        raise NotFound("no_such_purchase", "没有这张采购单。")
    return row


@router.get("/purchases/{purchase_id}", response={200: PurchaseDetail, **REFUSALS}, auth=VIEW)
def purchase_detail(request: HttpRequest, purchase_id: UUID) -> PurchaseDetail:
    """One purchase: lines, changes, sendings, what happened."""
    row = _found(purchase_id, actor_of(request))
    changes = [
        PurchaseAmendment.model_validate(
            {**{k: getattr(a, k) for k in a.__dataclass_fields__}, "next": list(AMENDMENT.table[a.state])}
        )
        for a in amendments.of_purchases([purchase_id])
    ]
    facts = [f for order in sorted({x.order_id for x in row.lines}) for f in history.of_order(order)]
    told = [f for f in facts if f.kind in {"routed", "sent", "answered", "purchase"} and row.number in f.text]
    seen = {(f.at, f.text): f for f in told if f.at}
    labels = HANDED_LABELS if row.factory else PLACEMENT.labels
    return PurchaseDetail(
        purchase=_out(row),
        places_at=buy.places_at(purchase_id),
        placings=[
            PurchasePlacing.model_validate(
                {**{k: getattr(x, k) for k in x.__dataclass_fields__}, "state_label": labels[x.state]}
            )
            for x in placements.of_purchases([purchase_id]).get(purchase_id, [])
        ],
        not_bindable=binding.refusal(purchase_id),
        amendments=changes,
        sendings=[PurchaseSending.model_validate(d, from_attributes=True) for d in dispatches.of_purchase(purchase_id)],
        history=[PurchaseHappened(at=at, text=f.text, by=f.by_name or f.by) for (at, _), f in sorted(seen.items())],
    )


@router.post("/purchases/{purchase_id}/cancel", response={200: PurchaseSaid, **REFUSALS}, auth=May("purchasing.edit"))
def cancel(request: HttpRequest, purchase_id: UUID, body: PurchaseWhy) -> PurchaseSaid:
    """Cancel a purchase that was not sent."""
    row = _found(purchase_id, actor_of(request))
    dispatching.withdraw(
        by=actor_of(request), purchase_ids=[purchase_id], why=f"取消采购 {row.number}：{body.why.strip() or '人工取消'}"
    )
    return PurchaseSaid(message=f"{row.number} 已取消，货回到待派单")


@router.post("/purchases/{purchase_id}/recall", response={200: PurchaseSaid, **REFUSALS}, auth=SEND)
def recall(request: HttpRequest, purchase_id: UUID, body: PurchaseWhy) -> PurchaseSaid:
    """Ask a purchase back."""
    _found(purchase_id, actor_of(request))
    return PurchaseSaid(message=recalling.recall(by=actor_of(request), purchase_id=purchase_id, why=body.why))


@router.post("/purchases/{purchase_id}/recall/answer", response={200: PurchaseSaid, **REFUSALS}, auth=SEND)
def recall_answer(request: HttpRequest, purchase_id: UUID, body: PurchaseRecallAnswer) -> PurchaseSaid:
    """What the supplier said to the recall."""
    _found(purchase_id, actor_of(request))
    said = recalling.recall_answered(
        by=actor_of(request), purchase_id=purchase_id, agreed=body.agreed, words=body.words
    )
    return PurchaseSaid(message=said)


@router.post("/purchases/{purchase_id}/close", response={200: PurchaseSaid, **REFUSALS}, auth=SEND)
def close(request: HttpRequest, purchase_id: UUID) -> PurchaseSaid:
    """Nothing more is expected of it."""
    _found(purchase_id, actor_of(request))
    return PurchaseSaid(message=recalling.close(by=actor_of(request), purchase_id=purchase_id))


@router.post("/purchases/{purchase_id}/answer", response={200: PurchaseSaid, **REFUSALS}, auth=SEND)
def answer(request: HttpRequest, purchase_id: UUID, body: PurchaseAnswer) -> PurchaseSaid:
    """The supplier's answer to lines, entered by us."""
    row = _found(purchase_id, actor_of(request))
    mine = {x.id for x in row.lines}
    lines = [i for i in body.line_ids if i in mine]
    n = recalling.answer(by=actor_of(request), line_ids=lines, answer=body.answer, words=body.reason)
    return PurchaseSaid(message=f"已记下 {n} 行的答复")


@router.post("/purchases/{purchase_id}/amendments", response={200: PurchaseSaid, **REFUSALS}, auth=SEND)
def amend(request: HttpRequest, purchase_id: UUID, body: PurchaseAmend) -> PurchaseSaid:
    """Note a change after sending."""
    _found(purchase_id, actor_of(request))
    made = recalling.amend(by=actor_of(request), purchase_id=purchase_id, kind=body.kind, text=body.text)
    return PurchaseSaid(message=f"已记下变更 {made.n}（{made.kind_label}），请通知供应商")


@router.post("/purchases/{purchase_id}/amendments/{amendment_id}", response={200: PurchaseSaid, **REFUSALS}, auth=SEND)
def move_amendment(request: HttpRequest, purchase_id: UUID, amendment_id: UUID, body: PurchaseMove) -> PurchaseSaid:
    """Told to the supplier, or the supplier's answer."""
    _found(purchase_id, actor_of(request))
    moved = recalling.amendment_moved(
        by=actor_of(request), amendment_id=amendment_id, state=body.state, words=body.words
    )
    return PurchaseSaid(message=f"变更 {moved.n}：{moved.state_label}")
