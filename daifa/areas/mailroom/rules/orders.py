"""Rows of an order file to ShopOrders: lines, states, waits, money counted once, and what the file does not say."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields
from datetime import datetime
from itertools import repeat
from operator import attrgetter

from daifa.areas.mailroom.rules.grid import Grid
from daifa.areas.mailroom.rules.lines import LineTable, read_lines
from daifa.areas.mailroom.rules.recipients import recipient
from daifa.areas.mailroom.rules.states import read_refunds, read_states, roll_up, roll_up_refund
from daifa.kit.clock import beijing
from daifa.kit.money import Fen
from daifa.ports.sheet import ExportProfile, Parsed, RowError, Totals
from daifa.ports.shop import OVER, OrderState, Recipient, RefundState, ShopLine, ShopOrder, WaitReason

_COD = re.compile(r"货到付款|到付")
_NUMBERS = re.compile(r"[,，;；、\s|]+")
_NO_MARK = re.compile(r"^(?:No|单号)[:：.]", re.IGNORECASE)
_PRESALE = re.compile(r"预售|定金")
_NO_CONSOLIDATION = frozenset({"", "否", "无", "普通", "非集运", "不集运", "国内", "0"})
_MERCHANT_TIMES = ("ordered_at", "paid_at", "shipped_at", "finished_at")
_EACH = ("commission", "platform_fee", "insurance")
_LINE_MONEY = ("amount_fen", "paid_fen", "receivable_fen", "refunded_fen")
# Of an order's rows: the earliest deadline binds, the latest event counts.
_PICK: dict[str, Callable[[Iterable[datetime]], datetime]] = {
    "ordered_at": min,
    "paid_at": min,
    "ship_by": min,
    "ship_not_before": max,
    "shipped_at": max,
    "finished_at": max,
}
# Texts that are None, not empty, where the file has no such column: field, name in the order, attribute.
_SAID = (("buyer_note", "buyer_note", "note"), ("seller_memo", "seller_memo", "memo"), ("flag", "flag", "flag"))
_ORDER_MONEY = ("amount", "paid", "receivable", "refunded", "freight", "borne")
_PERSON = ("recipient_name", "recipient_phone", "recipient_tel", "province", "city", "district", "street", "address")
# Nothing waits to be shipped any more.
type Rows = Sequence[int]


class OrderTable:
    """The order-level columns of a grid, read once; then whole orders are put together row group by row group."""

    def __init__(self, grid: Grid, profile: ExportProfile | None) -> None:
        self.grid = grid
        self.profile = profile
        self.order_no = grid.id("order_no")
        self._need_numbers()
        self.states = read_states(grid, profile)
        self.refunds = read_refunds(grid, profile, self.states)
        self.lines: LineTable = read_lines(grid, profile, self.states, self.refunds)
        self.money = {key: grid.money(key, refund=key == "refunded") for key in (*_ORDER_MONEY, *_EACH)}
        self._settled()
        self.times = {key: grid.moment(key) for key in _PICK}
        self.shop_name, self.shop_no = grid.text("shop_name"), grid.id("shop_no")
        self.nick, self.flag = grid.text("buyer_nick"), grid.text("flag")
        self.note, self.memo = grid.text("buyer_note"), grid.text("seller_memo")
        self.waits = self._waits()
        self.cod = [bool(t and _COD.search(t)) for t in grid.text("pay_method")] if grid.has("pay_method") else None
        self.courier_demand = self._courier_demand()
        self.consolidation = ["" if t in _NO_CONSOLIDATION else t for t in grid.text("consolidation")]
        self.people = self._people()
        self.courier, self.tracking = grid.text("courier"), grid.id("tracking_no")
        self.extra = self._extra()

    def _need_numbers(self) -> None:
        name = self.grid.column_name(self.grid.where["order_no"][0])
        for at, number in enumerate(self.order_no):
            if not number and at not in self.grid.errors:
                row = self.grid.numbers[at]
                self.grid.fail(at, RowError(row, name, "", f"第 {row} 行没有订单号", "请补上订单号后重新导入这一行。"))

    def _settled(self) -> None:
        """Money paid out so far stands for the receivable only where some was: 0 is "not yet", not "nothing"."""
        settled = self.grid.money("receivable_settled")
        if settled is not None and self.money["receivable"] is None:
            self.money["receivable"] = [v or None for v in settled]

    def _waits(self) -> list[tuple[WaitReason, ...]]:
        none: tuple[WaitReason, ...] = ()
        waits = [none] * len(self.grid)
        for key, reason in (
            ("under_review", WaitReason.UNDER_REVIEW),
            ("group_pending", WaitReason.GROUP_PENDING),
            ("presale", WaitReason.PRESALE),
            ("on_hold", WaitReason.RISK),
        ):
            if (flags := self.grid.yes(key)) is not None and any(flags):
                waits = [(*w, reason) if f else w for w, f in zip(waits, flags, strict=True)]
        kinds = self.grid.text("order_type")
        presale = {t for t in set(kinds) if _PRESALE.search(t)}
        if presale:
            waits = [(*w, WaitReason.PRESALE) if t in presale else w for w, t in zip(waits, kinds, strict=True)]
        if any(dates := self.times["ship_not_before"] or ()):
            waits = [(*w, WaitReason.RESERVED) if d else w for w, d in zip(waits, dates, strict=True)]
        return waits

    def _courier_demand(self) -> list[str]:
        demands = self.grid.text("courier_demand")
        if (paid := self.grid.yes("sf_demand")) is not None:
            demands = [d or ("顺丰" if p else "") for d, p in zip(demands, paid, strict=True)]
        return demands

    def _people(self) -> list[Recipient]:
        g = self.grid
        if not any(map(g.has, _PERSON)):
            return [Recipient()] * len(g)
        name, mobile, tel, *rest = (g.text(k) for k in _PERSON)
        phone = [m or t for m, t in zip(mobile, tel, strict=True)] if g.has("recipient_tel") else mobile
        return list(map(recipient, name, phone, *rest))

    def _extra(self) -> list[tuple[tuple[str, str], ...]]:
        # What has no field of its own in an order stays readable: whether the address was changed, why it was closed.
        extra = self.grid.extras()
        for key in ("address_changed", "cancel_reason", "order_type"):
            for index in self.grid.where.get(key, ()):
                name, values = self.grid.column_name(index), self.grid.text(key)
                if any(values):
                    extra = [(*e, (name, v)) if v else e for e, v in zip(extra, values, strict=True)]
        return extra

    # --- whole orders --------------------------------------------------------------------------------------------

    def check_money(self, groups: Iterable[Rows]) -> None:
        """An order-level amount stands on each row of its order; rows that contradict each other refuse the order."""
        for key in _ORDER_MONEY:
            column = self.money[key]
            if column is None:
                continue
            for rows in groups:
                if len(rows) > 1 and len({v for at in rows if (v := column[at])}) > 1:
                    self._contradiction(key, rows)

    def _contradiction(self, key: str, rows: Rows) -> None:
        grid = self.grid
        name = grid.column_name((grid.where.get(key) or grid.where["receivable_settled"])[0])
        row = grid.numbers[rows[0]]
        reason = f"第 {row} 行订单的“{name}”在它的几行里不一样，不能当作整单金额"
        fix = f"如果这一列是每行商品各自的金额，请把它对应到“{name}(本行)”后重新导入。"
        grid.fail(rows[0], RowError(row, name, "", reason, fix))

    def orders(self, numbers: list[str], groups: list[Rows], as_of: datetime | None) -> list[ShopOrder]:
        """Put the orders together: every field reduced over all orders at once, then one value each."""
        if not groups:
            return []
        lines = [self.lines.of(rows) for rows in groups]
        states = _reduce(groups, [m.state for m in self.states], roll_up)
        money = {key: _reduce_opt(groups, self.money[key], max) for key in _ORDER_MONEY}
        times = {key: _reduce_opt(groups, column, _PICK[key]) for key, column in self.times.items()}
        freights = _reduce_opt(groups, self.lines.freights, sum)
        settled = list(map(_settle, lines, freights, *(money[key] for key in _ORDER_MONEY)))
        amount, paid, receivable, refunded, freight = (list(c) for c in zip(*settled, strict=True))
        refunds = _reduce_opt(groups, self.refunds, roll_up_refund)
        each = {f"{key}_fen": _reduce_opt(groups, self.money[key], sum) for key in _EACH}
        people = _reduce(groups, self.people, _best_person)
        extra = _reduce(groups, self.extra, _union)
        columns: dict[str, Iterable[object]] = {
            "external_id": numbers,
            "state": states,
            "refund": map(_refund, refunds, refunded, paid),
            "waits": self._order_waits(groups, states),
            "shop_name": _texts(groups, self.shop_name),
            "shop_external_id": _texts(groups, self.shop_no),
            **times,
            "cash_on_delivery": [self.cod is not None and any(self.cod[at] for at in rows) for rows in groups],
            "amount_fen": amount,
            "freight_fen": freight,
            "paid_fen": paid,
            "receivable_fen": receivable,
            "refunded_fen": refunded,
            **each,
            "buyer_nick": _texts(groups, self.nick),
            "courier_demand": _texts(groups, self.courier_demand),
            "consolidation": _texts(groups, self.consolidation),
            "recipient": people,
            "parcels": [self._parcels(rows) for rows in groups] if any(self.tracking) else repeat(()),
            "lines": lines,
            "lines_missing": [not found for found in lines],
            "extra": extra,
            "rows": [tuple(self.grid.numbers[at] for at in rows) for rows in groups],
            "platform": repeat(self.grid.guess.platform),
            "as_of": repeat(as_of),
        }
        for key, name, column in _SAID:
            if self.grid.has(key):
                columns[name] = _texts(groups, getattr(self, column))
        # One value per order and field, in the order of the type's fields: no call per order but the type's own.
        values = [columns.get(f.name, repeat(f.default)) for f in fields(ShopOrder)]
        return list(map(ShopOrder, *values))

    def _order_waits(self, groups: list[Rows], states: list[OrderState]) -> list[tuple[WaitReason, ...]]:
        """Every reason to wait while the order may still be shipped, in the enumeration's order."""
        each = [(*m.waits, *w) if m.waits or w else () for m, w in zip(self.states, self.waits, strict=True)]
        if not any(each):
            return [()] * len(groups)
        found = ({w for at in rows for w in each[at]} for rows in groups)
        return [
            () if state in OVER or not said else tuple(w for w in WaitReason if w in said)
            for state, said in zip(states, found, strict=True)
        ]

    def _parcels(self, rows: Rows) -> tuple[tuple[str, str], ...]:
        found: set[tuple[str, str]] = set()
        for at in rows:
            if self.tracking[at]:
                numbers = (_NO_MARK.sub("", n) for n in _NUMBERS.split(self.tracking[at]))
                found.update((self.courier[at], n) for n in numbers if n)
        return tuple(sorted(found)) if found else ()


def _reduce[T](groups: list[Rows], column: list[T], how: Callable[[Iterable[T]], T]) -> list[T]:
    """One value per order: its row's, or what ``how`` makes of its rows'."""
    return [column[rows[0]] if len(rows) == 1 else how(column[at] for at in rows) for rows in groups]


def _reduce_opt[T](
    groups: list[Rows], column: list[T | None] | None, how: Callable[[Iterable[T]], T]
) -> list[T | None]:
    """As ``_reduce`` over what is said; None where nothing is."""
    if column is None:
        return [None] * len(groups)

    def several(values: Iterable[T | None]) -> T | None:
        said = [v for v in values if v is not None]
        return how(said) if said else None

    return _reduce(groups, column, several)


def _texts(groups: list[Rows], column: list[str]) -> Iterable[str]:
    """One text per order; different texts of its rows are joined, in an order of their own."""
    if not any(column):
        return repeat("")
    return _reduce(groups, column, lambda values: "；".join(sorted({v for v in values if v})))


def _settle(
    lines: tuple[ShopLine, ...],
    line_freight: Fen | None,
    amount: Fen | None,
    paid: Fen | None,
    receivable: Fen | None,
    refunded: Fen | None,
    freight: Fen | None,
    borne: Fen | None,
) -> tuple[Fen | None, Fen | None, Fen | None, Fen | None, Fen | None]:
    """Amount, paid, receivable, refunded, freight: the order's own columns, else the sums of its lines."""
    if len(lines) == 1:
        (line,) = lines
        sums = (line.amount_fen, line.paid_fen, line.receivable_fen, line.refunded_fen)
    else:
        sums = tuple(_total(lines, name) for name in _LINE_MONEY)  # type: ignore[assignment]
    paid = paid if paid is not None else sums[1]
    receivable = receivable if receivable is not None else sums[2]
    if receivable is None and paid is not None and borne is not None:
        receivable = paid + borne
    return (
        amount if amount is not None else sums[0],
        paid,
        receivable,
        refunded if refunded is not None else sums[3],
        freight if freight is not None else line_freight,
    )


def _total(lines: tuple[ShopLine, ...], name: str) -> Fen | None:
    get = attrgetter(name)
    said = [v for line in lines if (v := get(line)) is not None]
    return sum(said) if said else None


def _refund(said: RefundState | None, refunded: Fen | None, paid: Fen | None) -> RefundState | None:
    """The after-sale word, made exact by the money: what went back tells full from partly."""
    if refunded and said in (None, RefundState.NONE, RefundState.FULL):
        return RefundState.PARTLY if paid is not None and refunded < paid else RefundState.FULL
    return said


def _best_person(people: Iterable[Recipient]) -> Recipient:
    """Of an order's rows the one that says most, the same whatever the row order."""
    ranks = {"plain": 3, "cipher": 2, "masked": 1, "absent": 0}

    def weight(p: Recipient) -> tuple[int, int, tuple[str, ...]]:
        parts = (p.name, p.phone, p.province, p.city, p.district, p.street, p.address)
        return ranks[p.state.value], sum(map(bool, parts)), parts

    return max(people, key=weight)


def _union(extras: Iterable[tuple[tuple[str, str], ...]]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted({pair for extra in extras for pair in extra}))


def parse_orders(grid: Grid, profile: ExportProfile | None) -> Parsed:
    """Every order of the grid; an order with a row in error is held back whole."""
    table = OrderTable(grid, profile)
    if profile is not None and profile.ordered_on_from_no:
        _days_from_numbers(table, profile.ordered_on_from_no)
    first, last = _span(table)
    as_of = as_of_of(grid, last)
    groups = _groups(table, grid)
    held = _take_out_bad(groups, grid)
    orders = table.orders(list(groups), list(groups.values()), as_of)
    return Parsed(
        orders=tuple(orders),
        errors=tuple(grid.row_errors()),
        totals=totals_of(orders),
        rows=len(grid),
        lines=sum(len(o.lines) for o in orders),
        dropped=tuple(grid.dropped),
        held_back=tuple(held),
        as_of=as_of,
        first_at=first,
        last_at=last,
    )


def _groups(table: OrderTable, grid: Grid) -> dict[str, Rows]:
    """Row positions by order number, without rows that say the same line again."""
    found: dict[str, list[int]] = {}
    for at, number in enumerate(table.order_no):
        if number:
            found.setdefault(number, []).append(at)
    groups: dict[str, Rows] = {
        number: table.lines.without_repeats(rows, grid) if len(rows) > 1 else rows for number, rows in found.items()
    }
    table.check_money(groups.values())
    return groups


def _take_out_bad(groups: dict[str, Rows], grid: Grid) -> list[tuple[int, int]]:
    """Take orders with a row in error out of the groups; their good rows are held back with the bad one's number."""
    held: list[tuple[int, int]] = []
    if not grid.errors:
        return held
    for number, rows in list(groups.items()):
        bad = next((at for at in rows if at in grid.errors), None)
        if bad is not None:
            held += [(grid.numbers[at], grid.numbers[bad]) for at in rows if at not in grid.errors]
            del groups[number]
    return held


def _days_from_numbers(table: OrderTable, pattern: str) -> None:
    """Give orders without an order time the day that their number holds."""
    match = re.compile(pattern).match
    have = table.times["ordered_at"] or [None] * len(table.grid)
    table.times["ordered_at"] = [h or _day(match(n)) for h, n in zip(have, table.order_no, strict=True)]


def _day(found: re.Match[str] | None) -> datetime | None:
    if not found:
        return None
    year, month, day = (int(g) for g in found.groups())
    try:
        return beijing(2000 + year, month, day)
    except ValueError:
        return None


def _span(table: OrderTable) -> tuple[datetime | None, datetime | None]:
    """First order time and the latest thing that happened, as the file tells."""
    first = [t for t in table.times["ordered_at"] or table.times["paid_at"] or () if t]
    happened = [t for key in _MERCHANT_TIMES if (column := table.times[key]) for t in column if t]
    return (min(first) if first else None), (max(happened) if happened else None)


def as_of_of(grid: Grid, last: datetime | None) -> datetime | None:
    """The file's as-of (data.md §4): its stamp; a stamp of a day only is refined by the latest time of that day."""
    stamp = grid.guess.as_of
    if stamp is None:
        return last
    if grid.guess.as_of_day_only and last is not None and 0 <= (last - stamp).total_seconds() < 86_400:
        return last
    return stamp


def totals_of(orders: Sequence[ShopOrder]) -> Totals:
    """Sums over distinct orders; None where no order says anything."""

    def add(name: str) -> Fen | None:
        get = attrgetter(name)
        said = [v for o in orders if (v := get(o)) is not None]
        return sum(said) if said else None

    return Totals(add("amount_fen"), add("paid_fen"), add("receivable_fen"), add("refunded_fen"))
