"""Deeds on orders: holds, memos, recipients, export; on named orders or on all that a filter finds."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Router, Schema

from daifa.areas.finance.rules import line_margins
from daifa.areas.mailroom.services import tasks
from daifa.base.web import REFUSALS, Given, May, actor_of
from daifa.flows import decrypting, memos, order_batches, order_deeds, order_export, order_people, shop_choice
from daifa.flows.order_deeds import Done
from daifa.flows.recipient_paths import LABELS
from daifa.flows.steps import appraise
from daifa.ports.shop import RecipientState
from daifa.reads import order_desk, order_query
from daifa.reads.order_query import Target

router = Router(tags=["orders"])


class OrderTarget(Given):
    """Which orders: ``ids``, or everything a ``filter`` (as in the address) finds ``except`` some."""

    ids: list[UUID] | None = None
    filter: dict[str, str] = {}
    leave: list[UUID] = Field(default=[], alias="except")

    def value(self) -> Target:
        """As the reads take it."""
        return Target(tuple(self.ids or ()), self.filter if self.ids is None else None, tuple(self.leave))

    def orders(self, request: HttpRequest) -> list[UUID]:
        """The orders, within the person's scope. Raises Invalid."""
        return order_query.orders_of(self.value(), actor_of(request))


class OrderLeft(Schema):
    """An order that a deed left as it was, and why."""

    order_id: UUID
    number: str
    reason: str


class OrderActed(Schema):
    """What an action says, its way back, the task that goes on, and what was left out."""

    message: str | None = None
    undo: str | None = None
    task_id: UUID | None = None
    left: list[OrderLeft] = []


def do(request: HttpRequest, deed: str, target: OrderTarget, **words: object) -> OrderActed:
    """A deed on a target: at once, or as a task where there are thousands."""
    return said(*order_batches.do(by=actor_of(request), deed=deed, order_ids=target.orders(request), **words))


def said(done: Done, task: UUID | None = None) -> OrderActed:
    """The answer of a deed."""
    left = [OrderLeft.model_validate(x, from_attributes=True) for x in done.left]
    return OrderActed(message=done.message, undo=done.undo or None, task_id=task, left=left)


class ClearHolds(Given):
    """Let holds pass: named ones, or those of the target (of these kinds; none: all but what must not ship now)."""

    holds: list[UUID] = []
    target: OrderTarget | None = None
    kinds: list[str] = []
    why: str


@router.post("/orders/clear-holds", response={200: OrderActed, **REFUSALS}, auth=May("orders.edit"))
def clear_holds(request: HttpRequest, body: ClearHolds) -> Any:
    """A person's word that holds need not stop these orders."""
    if body.target and not body.holds:
        return do(request, "clear", body.target, kinds=body.kinds, why=body.why)
    return said(order_deeds.clear_holds(by=actor_of(request), kinds=body.kinds, hold_ids=body.holds, why=body.why))


class ReleaseAsked(Given):
    """Which orders, and the kinds of holds to let pass; none named: all but what must not ship now."""

    target: OrderTarget
    kinds: list[str] = []


class ReleaseKind(Schema):
    """How many orders one kind of hold stands on; ``why`` it stays, "" where it passes."""

    kind: str
    label: str
    orders: int
    why: str


class ReleaseOut(Schema):
    """What a word over these orders lets pass, and what it leaves."""

    passes: list[ReleaseKind]
    stays: list[ReleaseKind]


@router.put("/orders/clear-holds/preview", response={200: ReleaseOut, **REFUSALS}, auth=May("orders.edit"))
def preview_release(request: HttpRequest, body: ReleaseAsked) -> Any:
    """What letting the holds of these orders pass would do."""
    orders = body.target.orders(request)
    release = order_deeds.release_of(by=actor_of(request), order_ids=orders, kinds=body.kinds)
    return ReleaseOut.model_validate(release, from_attributes=True)


class OrderWhy(Given):
    """Orders and a reason."""

    target: OrderTarget
    why: str


@router.post("/orders/hold", response={200: OrderActed, **REFUSALS}, auth=May("orders.edit"))
def hold_orders(request: HttpRequest, body: OrderWhy) -> Any:
    """Stop orders by hand."""
    return do(request, "hold", body.target, why=body.why)


class OrderMemo(Given):
    """The seller's memo (null leaves it, "" clears it) and flag ("" leaves it), as the platform shall have them."""

    target: OrderTarget
    text: str | None = None
    flag: str = ""


@router.post("/orders/memo", response={200: OrderActed, **REFUSALS}, auth=May("orders.edit"))
def write_memo(request: HttpRequest, body: OrderMemo) -> Any:
    """Write the seller's memo and flag, to the platform where its shop can be told."""
    orders = body.target.orders(request)
    return said(memos.write(by=actor_of(request), order_ids=orders, text=body.text, flag=body.flag))


class OrderShop(Given):
    """Whether the order moves to the other shop whose file names its number, or stays."""

    move: bool


@router.post("/orders/{uuid:order_id}/shop", response={200: OrderActed, **REFUSALS}, auth=May("orders.edit"))
def choose_shop(request: HttpRequest, order_id: UUID, body: OrderShop) -> Any:
    """Say whose order it is, where two shops' files name one number."""
    return said(shop_choice.choose(by=actor_of(request), order_id=order_id, move=body.move))


class RecipientIn(Given):
    """A recipient typed by a person; what is empty stays as it is known where the recipient is plain."""

    version: int
    name: str = ""
    phone: str = ""
    province: str = ""
    city: str = ""
    district: str = ""
    address: str = ""


@router.post("/orders/{uuid:order_id}/recipient", response={200: OrderActed, **REFUSALS}, auth=May("orders.edit"))
def edit_recipient(request: HttpRequest, order_id: UUID, body: RecipientIn) -> Any:
    """Give one order a recipient by hand; it stands above what later files say."""
    return {"message": order_people.edit(by=actor_of(request), order_id=order_id, **body.dict())}


class RecipientMasked(Schema):
    """What is known of a recipient, masked but for its region; ``plain`` false: all but the region has to be typed."""

    plain: bool
    name: str
    phone: str
    province: str
    city: str
    district: str
    address: str


@router.get("/orders/{uuid:order_id}/recipient", response={200: RecipientMasked, **REFUSALS}, auth=May("orders.edit"))
def masked_recipient(request: HttpRequest, order_id: UUID) -> RecipientMasked:
    """What is known of the recipient, for the form that corrects it; nothing is opened."""
    known = order_people.masked(by=actor_of(request), order_id=order_id)
    return RecipientMasked(
        plain=known.state is RecipientState.PLAIN, name=known.name, phone=known.phone, province=known.province,
        city=known.city, district=known.district, address=known.address,
    )  # fmt: skip


class OrderReason(Given):
    """OrderWhy something is opened."""

    reason: str


class OrderOpened(Schema):
    """What was sealed."""

    value: str


@router.post("/orders/{uuid:order_id}/open/{what}", response={200: OrderOpened, **REFUSALS}, auth=May("orders.open"))
def open_sealed(request: HttpRequest, order_id: UUID, what: str, body: OrderReason) -> Any:
    """Open the recipient, the notes or the nick of an order; written down with the reason."""
    return {"value": order_people.open_sealed(by=actor_of(request), order_id=order_id, what=what, reason=body.reason)}


class RecipientOther(Schema):
    """A path that is not taken: open, or closed for the reason."""

    path: str
    label: str
    open: bool
    why: str


class RecipientWays(Schema):
    """The path that the recipient takes, and the others."""

    path: str
    label: str
    why: str
    others: list[RecipientOther]


@router.get(
    "/orders/{uuid:order_id}/recipient-ways", response={200: RecipientWays, **REFUSALS}, auth=May("orders.view")
)
def recipient_ways(request: HttpRequest, order_id: UUID) -> RecipientWays:
    """Which path the order's recipient takes, which others are open, and why the rest are not."""
    found = decrypting.ways(by=actor_of(request), order_id=order_id)
    others = [RecipientOther(path=o.path.value, label=LABELS[o.path], open=o.open, why=o.why) for o in found.others]
    return RecipientWays(path=found.taken.value, label=LABELS[found.taken], why=found.why, others=others)


class OrderDecrypt(Given):
    """Whose recipients the platform shall decrypt, and why."""

    target: OrderTarget
    reason: str


@router.post("/orders/decrypt", response={200: OrderActed, **REFUSALS}, auth=May("orders.open"))
def decrypt_recipients(request: HttpRequest, body: OrderDecrypt) -> OrderActed:
    """Have the platform decrypt recipients, so that they can be sent to suppliers; each is written down."""
    by = actor_of(request)
    return said(*decrypting.begin(by=by, order_ids=body.target.orders(request), reason=body.reason))


class RecipientBlock(Given):
    """A pasted text."""

    text: str


class PasteProblem(Schema):
    """A pasted line that could not be used."""

    row: int
    reason: str
    fix: str


class PastedRecipients(Schema):
    """What became of a pasted block."""

    message: str
    joined: int
    unchanged: int
    problems: list[PasteProblem]


@router.post("/orders/paste-recipients", response={200: PastedRecipients, **REFUSALS}, auth=May("orders.edit"))
def paste_recipients(request: HttpRequest, body: RecipientBlock) -> Any:
    """Join pasted recipients (单号 + 姓名 + 电话 + 地址, a line each) to their orders."""
    done = order_people.paste(by=actor_of(request), text=body.text)
    bad = f"，{len(done.problems)} 行有问题" if done.problems else ""
    return {
        "message": f"{done.joined} 单补上了收件人" + (f"，{done.unchanged} 单没有变化" if done.unchanged else "") + bad,
        "joined": done.joined,
        "unchanged": done.unchanged,
        "problems": [{"row": n, "reason": reason, "fix": fix} for n, reason, fix in done.problems],
    }


class OrderExport(Given):
    """Which orders, which columns of the screen, and why recipients are wanted in plain ("" keeps them masked)."""

    target: OrderTarget
    columns: list[str] = []
    plain: bool = False
    reason: str = ""


@router.post("/orders/export", response={200: OrderActed, **REFUSALS}, auth=May("orders.export"))
def export_orders(request: HttpRequest, body: OrderExport) -> Any:
    """Write the list into a workbook; a task goes on."""
    task = order_export.start(
        by=actor_of(request), target=body.target.value(), columns=body.columns, plain=body.plain, reason=body.reason
    )
    return {"message": f"正在导出，{tasks.TOLD_LATER}", "task_id": task}


class OrderMoneyStep(Schema):
    """One bar of the waterfall; ``fen`` null is missing, ``note`` says where it is from."""

    label: str
    fen: int | None
    kind: Literal["step", "total"]
    estimated: bool
    note: str


class OrderMoney(Schema):
    """What an order earns, step by step, and each line's part; ``percent`` of what is kept, as text."""

    steps: list[OrderMoneyStep]
    percent: str | None
    missing: list[str]
    lines: dict[UUID, int | None]


@router.get("/orders/{uuid:order_id}/money", response={200: OrderMoney, **REFUSALS}, auth=May("finance.view"))
def order_money(request: HttpRequest, order_id: UUID) -> Any:
    """From what the merchant gets to what remains of one order."""
    order_desk.one(order_id, actor_of(request))
    facts, margin = appraise.waterfall(order_id)
    shown = [s for s in margin.steps if s.fen != 0 or s.key in ("receivable", "purchase", "freight")]
    steps = [
        {"label": s.label, "fen": s.fen, "kind": "step", "estimated": s.estimated, "note": s.source} for s in shown
    ]
    total = {"label": "毛利", "fen": margin.fen, "kind": "total", "estimated": margin.estimated, "note": ""}
    return {
        "steps": [*steps, total],
        "percent": None if margin.percent is None else str(margin.percent),
        "missing": list(margin.missing),
        "lines": {m.key: m.fen for m in line_margins(facts, margin)},
    }
