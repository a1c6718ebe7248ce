"""From purchases to what a supplier sees: recipients opened (or masked for a preview), what must stay out and why."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from daifa.areas.accounts.services import doors
from daifa.areas.orders.services import recipients
from daifa.areas.purchasing.rules.dispatch_view import (
    DispatchLine,
    DispatchOrder,
    DispatchView,
    RenderedSheet,
    SheetFormat,
)
from daifa.areas.purchasing.rules.sheet_documents import sheet_form_of
from daifa.areas.purchasing.rules.sheet_rendering import render
from daifa.areas.purchasing.rules.sheet_text import render_text
from daifa.areas.purchasing.services import suppliers
from daifa.base.actor import Actor
from daifa.kit import clock
from daifa.kit.tabular import Table, write_csv, write_xlsx
from daifa.kit.values import dataclass
from daifa.ports.shop import Recipient
from daifa.reads import dispatch_facts, sending_board
from daifa.reads.dispatch_facts import SentPurchase


@dataclass(frozen=True, slots=True)
class Stays:
    """A purchase that cannot go out now, why, and the order that it waits for."""

    purchase_id: UUID
    number: str
    reason: str
    order_id: UUID
    order: str


@dataclass(frozen=True, slots=True)
class Made:
    """A sending in its form: the purchases in it, those that stay, the file and (for the text channel) the text."""

    supplier_id: UUID
    name: str
    channel: str
    purchase_ids: tuple[UUID, ...]
    order_ids: frozenset[UUID]
    pieces: int
    stays: tuple[Stays, ...]
    file_name: str = ""
    data: bytes = b""


def merchant() -> str:
    """Our name, as suppliers read it."""
    return doors.company_name()


def view_of(
    supplier: str, bought: Sequence[SentPurchase], *, version: int = 1, resend: bool = False, masked: bool = False
) -> DispatchView:
    """The sending of these purchases. ``masked`` hides recipients in the same shape, for screens."""
    opened = recipients.open_for_sending([p.order_id for p in bought])
    orders = []
    for p in bought:
        person = opened.get(p.order_id)
        to = person.recipient if person else Recipient()
        orders.append(_order(p, recipients.masked(to) if masked else to, resend))
    return DispatchView(supplier, merchant(), clock.business_day(clock.now()), tuple(orders), version)


def _order(p: SentPurchase, to: Recipient, resend: bool) -> DispatchOrder:
    moments = [o.ordered_at for o in p.orders if o.ordered_at]
    paid = [o.paid_at for o in p.orders if o.paid_at]
    return DispatchOrder(
        number=p.number,
        lines=tuple(
            DispatchLine(
                title=line.title,
                spec=line.spec,
                quantity=line.quantity,
                supplier_code=line.supplier_code,
                our_code=line.our_code,
                unit_price=None if line.unit_fen is None else Decimal(line.unit_fen) / 100,
                amount_fen=line.goods_fen,
            )
            for line in p.lines
        ),
        order_numbers=tuple(o.number for o in p.orders),
        shop=p.shop,
        recipient=to,
        handover=p.handover,
        ordered_at=min(moments, default=None),
        paid_at=min(paid, default=None),
        due_by=p.due_by,
        note="合单，一个包裹发出" if len(p.orders) > 1 else "",
        courier="、".join(dict.fromkeys(o.courier for o in p.orders if o.courier)),
        resend=resend,
        change=p.change if resend else "",
    )


def _waits(p: SentPurchase) -> Stays | None:
    """Why a draft must not go out now; None when it may."""
    for order in p.orders:
        if order.step not in sending_board.GOES_OUT:
            why = f"订单 {order.number}：{order.reason or '现在不能发'}"
            return Stays(p.id, p.number, why, order.id, order.number)
    return None


def _left_out(bought: Sequence[SentPurchase], left: Sequence[tuple[str, str]]) -> list[Stays]:
    reasons = dict(left)
    return [
        Stays(p.id, p.number, reasons[p.number], p.orders[0].id, p.orders[0].number)
        for p in bought
        if p.number in reasons
    ]


def staying(by: Actor) -> list[Stays]:
    """Drafts that would go out by a person's hand, were it not for what stops their orders."""
    return [s for p in dispatch_facts.load(sending_board.held(by)) if (s := _waits(p))]


def make(supplier_id: UUID, purchase_ids: Sequence[UUID], *, run: str, version: int = 1, resend: bool = False) -> Made:
    """Write the sending of these purchases in the supplier's channel and format, with recipients opened."""
    supplier = suppliers.get(supplier_id)
    all_of = dispatch_facts.load(purchase_ids)
    held = {p.id: s for p in all_of if not resend and (s := _waits(p))}
    bought = [p for p in all_of if p.id not in held]
    view = view_of(supplier.name, bought, version=version, resend=resend)
    form = sheet_form_of(suppliers.sheet_format(supplier_id))
    stem = f"{supplier.name}-代发单-{run}" + (f"-重发{version}" if version > 1 else "")
    left: Sequence[tuple[str, str]]
    data, name = b"", ""
    if supplier.channel == "text":
        text, left = render_text(view)
        data, name = text.encode(), f"{stem}.txt"
    else:
        sheet = render(form, view)
        left = sheet.left_out
        data, name = _written(form, sheet), f"{stem}.{form.file_type}"
    stays = [*held.values(), *_left_out(bought, left)]
    staying_ids = {s.purchase_id for s in stays}
    gone = [p for p in all_of if p.id not in staying_ids]
    return Made(
        supplier_id=supplier_id,
        name=supplier.name,
        # Who takes orders by API since then gets what went by sheet before by sheet again.
        channel="sheet" if supplier.channel == "api" else supplier.channel,
        purchase_ids=tuple(p.id for p in gone),
        order_ids=frozenset(o.id for p in gone for o in p.orders),
        pieces=sum(line.quantity for p in gone for line in p.lines),
        stays=tuple(stays),
        file_name=name,
        data=data,
    )


def _written(form: SheetFormat, sheet: RenderedSheet) -> bytes:
    table = Table(sheet.name, sheet.header, sheet.rows, sheet.titles)
    return write_csv(table, encoding=form.encoding) if form.file_type == "csv" else write_xlsx([table])


def preview(supplier_id: UUID, purchase_ids: Sequence[UUID]) -> tuple[RenderedSheet, str, tuple[Stays, ...]]:
    """What the supplier will see, recipients masked: the sheet, the chat text, and what stays with the reason."""
    supplier = suppliers.get(supplier_id)
    all_of = dispatch_facts.load(purchase_ids)
    held = [s for p in all_of if (s := _waits(p))]
    out = {s.purchase_id for s in held}
    bought = [p for p in all_of if p.id not in out]
    view = view_of(supplier.name, bought, masked=True)
    sheet = render(sheet_form_of(suppliers.sheet_format(supplier_id)), view)
    text, left_text = render_text(view)
    left = left_text if supplier.channel == "text" else sheet.left_out
    return sheet, text, (*held, *_left_out(bought, left))
