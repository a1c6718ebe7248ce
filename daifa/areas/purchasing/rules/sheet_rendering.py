"""A sending in the form of a supplier's sheet, or in our own. A recipient that is masked is never written down.

重发 stands in every row of an order that was sent before, wherever the sheet has room for words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal

from daifa.areas.purchasing.rules.dispatch_view import (
    GOODS,
    NUMBERS,
    ORDER_VALUES,
    DispatchLine,
    DispatchOrder,
    DispatchView,
    RenderedSheet,
    SheetCell,
    SheetColumn,
    SheetFormat,
    SheetGrain,
    courier_words,
)
from daifa.kit.clock import BEIJING
from daifa.kit.values import dataclass
from daifa.ports.shop import Recipient, RecipientState

RESEND = "【重发】"
HANDOVER = "厂家代打，凭单号打单发货"
_SLOT_DATE = re.compile(r"\{date(?::([^}]*))?\}")
# Where words may go when a row must carry a mark, in order of preference.
_WORDY = ("note", "goods_text", "title_spec", "title", "spec", "recipient_text", "number", "our_number")


@dataclass(frozen=True, slots=True)
class _Row:
    """One row's sources: the order, its place in the sending, and the lines the row speaks of."""

    view: DispatchView
    order: DispatchOrder
    index: int
    lines: tuple[DispatchLine, ...]
    form: SheetFormat


def render(form: SheetFormat, view: DispatchView) -> RenderedSheet:
    """The sheet of a sending. Orders that this sheet cannot carry are left out with the reason: a masked recipient
    outside 代打, or a 代打 order in a sheet that has no column for a number."""
    rows: list[tuple[SheetCell, ...]] = []
    left: list[tuple[str, str]] = []
    sent = 0
    pieces = 0
    for order in view.orders:
        if reason := _why_not(form, order):
            left.append((order.number, reason))
            continue
        sent, pieces = sent + 1, pieces + order.pieces
        groups = [order.lines] if form.grain is SheetGrain.ORDER else [(line,) for line in order.lines]
        for n, lines in enumerate(groups):
            rows.append(_row(_Row(view, order, sent, lines, form), later=n > 0))
    if form.totals and rows:
        rows.append(_totals(form, rows))
    return RenderedSheet(
        name=form.sheet,
        titles=_titles(form, view, sent, pieces),
        header=tuple(c.header for c in form.columns),
        rows=tuple(rows),
        left_out=tuple(left),
    )


def render_default(view: DispatchView) -> RenderedSheet:
    """The sheet for a supplier that has no format of its own: complete, and easy to send back with numbers."""
    return render(DEFAULT, view)


DEFAULT = SheetFormat(
    columns=tuple(
        SheetColumn(header, value)
        for header, value in (
            ("采购单号", "our_number"),
            ("平台单号", "order_no"),
            ("收件人", "name"),
            ("电话", "phone"),
            ("省", "province"),
            ("市", "city"),
            ("区县", "district"),
            ("详细地址", "address_detail"),
            ("商品", "title"),
            ("规格", "spec"),
            ("货号", "supplier_code"),
            ("数量", "quantity"),
            ("备注", "note"),
            ("快递公司", "blank"),
            ("快递单号", "blank"),
        )
    ),
    titles=(
        ("{merchant} 代发单 {date:%Y-%m-%d}，共 {orders} 单 {pieces} 件。请在最后两列填快递公司和快递单号后发回。",),
    ),
)


def _why_not(form: SheetFormat, order: DispatchOrder) -> str:
    values = {c.value for c in form.columns}
    if order.handover and not values & NUMBERS:
        return "厂家代打的订单要凭单号发货，但这家的表没有单号列。请在表里加一列单号，或改用链接发送。"
    if not order.handover and order.recipient.state is not RecipientState.PLAIN:
        return "收件人是脱敏或缺失的，不能写给供应商。请先补全收件人，或改为厂家代打。"
    if (order.resend or order.change) and not values & set(_WORDY):
        return "这家的表没有能写“重发”和变更的列（备注、商品、规格都没有）。请加一列备注，或改用链接发送。"
    if values & GOODS and not form.counts_pieces and any(line.quantity > 1 for line in order.lines):
        return "这家的表没有数量列，多件的单写不出件数。请重新学一次他家的表并指定数量列，或改用链接发送。"
    return ""


def _row(row: _Row, *, later: bool) -> tuple[SheetCell, ...]:
    cells: list[SheetCell] = []
    for column in row.form.columns:
        hidden = later and row.form.first_row_only and column.value in ORDER_VALUES
        cells.append("" if hidden else _cell(column, row))
    marks = [RESEND] if row.order.resend else []
    if row.order.change:
        marks.append(f"【{row.order.change}】")
    if row.order.handover and not any(c.value == "note" for c in row.form.columns):
        marks.append(f"【{HANDOVER}】")
    if marks:
        _mark("".join(marks), row, cells)
    return tuple(cells)


def _mark(mark: str, row: _Row, cells: list[SheetCell]) -> None:
    """Put the mark where words may stand; every row of the order carries it."""
    places = {c.value: i for i, c in reversed(list(enumerate(row.form.columns))) if not c.fixed}
    for value in _WORDY:
        if value in places:
            at = places[value]
            cells[at] = f"{mark}{cells[at]}"
            return


def _cell(column: SheetColumn, row: _Row) -> SheetCell:
    if column.fixed:
        return column.fixed
    return _CELLS[column.value](row) if column.value in _CELLS else ""


def _person(read: Callable[[Recipient], str]) -> Callable[[_Row], SheetCell]:
    """A cell of the recipient: empty unless the recipient may be written down."""
    return lambda row: read(row.order.recipient) if row.order.addressed else ""


def _moment(read: Callable[[DispatchOrder], datetime | None]) -> Callable[[_Row], SheetCell]:
    def cell(row: _Row) -> SheetCell:
        at = read(row.order)
        return at.astimezone(BEIJING).strftime(row.form.date_form) if at else ""

    return cell


def _joined(read: Callable[[DispatchLine], str]) -> Callable[[_Row], SheetCell]:
    """A word of every line of the row; several items are kept apart, so that the lists of a row stay in step."""

    def cell(row: _Row) -> SheetCell:
        words = [read(line) for line in row.lines]
        return row.form.glue.join(words) if any(words) else ""

    return cell


def full_address(to: Recipient) -> str:
    """Province to street and the detail, without saying a region twice."""
    parts = [p for p in (to.province, to.city, to.district, to.street) if p]
    head = "".join(dict.fromkeys(parts))
    detail = to.address
    return detail if to.province and detail.startswith(to.province) else head + detail


def detail_address(to: Recipient) -> str:
    """The address without its regions, for sheets that have columns for them."""
    detail = to.address
    for part in (to.province, to.city, to.district):
        detail = detail.removeprefix(part) if part else detail
    return f"{to.street}{detail}" if to.street and to.street not in detail else detail


def goods_of(line: DispatchLine) -> str:
    """``陶瓷杯 白色×2``."""
    return f"{_title_spec(line)}×{line.quantity}"


def _title_spec(line: DispatchLine) -> str:
    return " ".join(p for p in (line.title, line.spec) if p)


def _number(row: _Row) -> SheetCell:
    order = row.order
    return "，".join(order.order_numbers) if order.handover and order.order_numbers else order.number


def _note(row: _Row) -> SheetCell:
    order = row.order
    said = [HANDOVER] if order.handover else []
    said += [order.note] if order.note else []
    if order.courier and not any(c.value == "courier" for c in row.form.columns):
        said.append(courier_words(order.courier))
    return "；".join(said)


def _money(read: Callable[[DispatchLine], Decimal | None]) -> Callable[[_Row], SheetCell]:
    def cell(row: _Row) -> SheetCell:
        known = [v for line in row.lines if (v := read(line)) is not None]
        return sum(known, Decimal(0)) if len(known) == len(row.lines) else ""

    return cell


def _price(row: _Row) -> SheetCell:
    prices = {line.unit_price for line in row.lines}
    one = next(iter(prices)) if len(prices) == 1 else None
    return "" if one is None else one


_CELLS: Mapping[str, Callable[[_Row], SheetCell]] = {
    "number": _number,
    "our_number": lambda r: r.order.number,
    "order_no": lambda r: "，".join(r.order.order_numbers),
    "index": lambda r: r.index,
    "date": lambda r: r.view.on.strftime(r.form.date_form.split(" ", maxsplit=1)[0]),
    "ordered_at": _moment(lambda o: o.ordered_at),
    "paid_at": _moment(lambda o: o.paid_at),
    "due_by": _moment(lambda o: o.due_by),
    "shop": lambda r: r.order.shop,
    "platform": lambda r: r.order.platform,
    "merchant": lambda r: r.view.merchant,
    "supplier": lambda r: r.view.supplier,
    "name": _person(lambda to: to.name),
    "phone": _person(lambda to: to.phone),
    "province": _person(lambda to: to.province),
    "city": _person(lambda to: to.city),
    "district": _person(lambda to: to.district),
    "address_detail": _person(detail_address),
    "address": _person(full_address),
    "recipient_text": _person(lambda to: f"{to.name} {to.phone} {full_address(to)}"),
    "title": _joined(lambda x: x.title),
    "spec": _joined(lambda x: x.spec),
    "title_spec": _joined(_title_spec),
    "goods_text": _joined(goods_of),
    "supplier_code": _joined(lambda x: x.supplier_code),
    "our_code": _joined(lambda x: x.our_code),
    "quantity": lambda r: sum(line.quantity for line in r.lines),
    "unit_price": _price,
    "amount": _money(lambda x: None if x.amount_fen is None else Decimal(x.amount_fen) / 100),
    "note": _note,
    "buyer_note": lambda r: r.order.buyer_note,
    "courier": lambda r: r.order.courier,
    "resend": lambda r: "重发" if r.order.resend else "",
}


def _totals(form: SheetFormat, rows: list[tuple[SheetCell, ...]]) -> tuple[SheetCell, ...]:
    """The row of totals, as the sample had one."""
    cells: list[SheetCell] = [""] * len(form.columns)
    for i, column in enumerate(form.columns):
        if column.value in {"quantity", "amount"}:
            values = [r[i] for r in rows if isinstance(r[i], (int, Decimal))]
            cells[i] = sum(values, Decimal(0)) if column.value == "amount" else sum(int(v) for v in values)
    first = next((i for i, c in enumerate(cells) if c == ""), None)
    if first is not None:
        cells[first] = "合计"
    return tuple(cells)


def _titles(form: SheetFormat, view: DispatchView, orders: int, pieces: int) -> tuple[tuple[str, ...], ...]:
    """The title rows with day and counts filled in; a later version says so in the first of them."""
    titles = [[_slots(c, view, orders, pieces) for c in t] for t in form.titles]
    if view.version > 1 and titles and titles[0]:
        titles[0][0] = f"{titles[0][0]}（第 {view.version} 版）"
    return tuple(tuple(t) for t in titles)


def _slots(text: str, view: DispatchView, orders: int, pieces: int) -> str:
    text = _SLOT_DATE.sub(lambda m: _day(view.on, m[1] or "%Y-%m-%d"), text)
    return text.replace("{orders}", str(orders)).replace("{pieces}", str(pieces)).replace("{merchant}", view.merchant)


def _day(day: date, form: str) -> str:
    return day.strftime(form.split(" ", maxsplit=1)[0] if "%H" in form else form)
