"""Rows of an order file to ShopOrders: lines, states, waits, money counted once, and what the file does not say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from operator import attrgetter

from daifa.areas.mailroom.rules.grid import Grid
from daifa.areas.mailroom.rules.lines import LineTable, read_lines
from daifa.areas.mailroom.rules.recipients import recipient
from daifa.areas.mailroom.rules.states import read_refunds, read_states, roll_up, roll_up_refund
from daifa.kit.clock import beijing
from daifa.kit.money import Fen
from daifa.ports.sheet import ExportProfile, Parsed, RowError, StateMeaning, Totals
from daifa.ports.shop import OrderState, Recipient, RefundState, ShopLine, ShopOrder, WaitReason

_COD = re.compile(r"货到付款|到付")
_NUMBERS = re.compile(r"[,，;；、\s|]+")
_NO_MARK = re.compile(r"^(?:No|单号)[:：.]", re.IGNORECASE)
_PRESALE = re.compile(r"预售|定金")
_NO_CONSOLIDATION = frozenset({"", "否", "无", "普通", "非集运", "不集运", "国内", "0"})
_MERCHANT_TIMES = ("ordered_at", "paid_at", "shipped_at", "finished_at")
_EACH = ("commission", "platform_fee", "insurance")
_ORDER_MONEY = ("amount", "paid", "receivable", "refunded", "freight", "borne")
_PERSON = ("recipient_name", "recipient_phone", "recipient_tel", "province", "city", "district", "street", "address")
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
        self.times = {
            key: grid.moment(key)
            for key in ("ordered_at", "paid_at", "ship_by", "ship_not_before", "shipped_at", "finished_at")
        }
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

    # --- one order -----------------------------------------------------------------------------------------------

    def _one_money(self, key: str, rows: Rows) -> Fen | None:
        """An order-level amount, repeated on the order's rows: counted once. Contradiction refuses the order."""
        column = self.money[key]
        if column is None:
            return None
        if len(rows) == 1:
            return column[rows[0]]
        said = {v for at in rows if (v := column[at]) is not None}
        if len(said - {0}) > 1:
            self._contradiction(key, rows)
        return max(said) if said else None

    def _contradiction(self, key: str, rows: Rows) -> None:
        grid = self.grid
        name = grid.column_name((grid.where.get(key) or grid.where["receivable_settled"])[0])
        row = grid.numbers[rows[0]]
        reason = f"第 {row} 行订单的“{name}”在它的几行里不一样，不能当作整单金额"
        fix = f"如果这一列是每行商品各自的金额，请把它对应到“{name}(本行)”后重新导入。"
        grid.fail(rows[0], RowError(row, name, "", reason, fix))

    def _time(self, key: str, rows: Rows, *, latest: bool) -> datetime | None:
        column = self.times[key]
        if column is None:
            return None
        if len(rows) == 1:
            return column[rows[0]]
        said = [v for at in rows if (v := column[at]) is not None]
        return (max(said) if latest else min(said)) if said else None

    def state(self, rows: Rows) -> tuple[OrderState, tuple[WaitReason, ...]]:
        """The order's state rolled up from its rows, with every reason to wait while it may still be shipped."""
        said: list[StateMeaning] = [self.states[at] for at in rows]
        state = said[0].state if len(rows) == 1 else roll_up(m.state for m in said)
        if state.rank > OrderState.PART_SHIPPED.rank:
            return state, ()
        found = [w for at in rows for w in (*self.states[at].waits, *self.waits[at])]
        return state, tuple(sorted(set(found), key=list(WaitReason).index)) if found else ()

    def order(self, number: str, rows: Rows, as_of: datetime | None) -> ShopOrder:
        """Put one order together from its rows (positions, ascending)."""
        one = rows[0] if len(rows) == 1 else None
        lines = self.lines.of(rows)
        state, waits = self.state(rows)
        money = {key: self._one_money(key, rows) for key in _ORDER_MONEY}
        amount, paid, receivable, refunded, freight = _settle(money, lines, self.lines.freight(rows))
        refund = self._refund(rows, refunded, paid)
        flag = self.flag[rows[0]] if one is not None else _joined(self.flag, rows)
        return ShopOrder(
            platform=self.grid.guess.platform,
            external_id=number,
            state=state,
            refund=refund,
            waits=waits,
            shop_name=_joined(self.shop_name, rows),
            shop_external_id=_joined(self.shop_no, rows),
            as_of=as_of,
            ordered_at=self._time("ordered_at", rows, latest=False),
            paid_at=self._time("paid_at", rows, latest=False),
            ship_by=self._time("ship_by", rows, latest=False),
            ship_not_before=self._time("ship_not_before", rows, latest=True),
            shipped_at=self._time("shipped_at", rows, latest=True),
            finished_at=self._time("finished_at", rows, latest=True),
            cash_on_delivery=self.cod is not None and any(self.cod[at] for at in rows),
            amount_fen=amount,
            freight_fen=freight,
            paid_fen=paid,
            receivable_fen=receivable,
            refunded_fen=refunded,
            commission_fen=self._sum("commission", rows),
            platform_fee_fen=self._sum("platform_fee", rows),
            insurance_fen=self._sum("insurance", rows),
            buyer_nick=_joined(self.nick, rows),
            buyer_note=_joined(self.note, rows) if self.grid.has("buyer_note") else None,
            seller_memo=_joined(self.memo, rows) if self.grid.has("seller_memo") else None,
            flag=flag if self.grid.has("flag") else None,
            courier_demand=_joined(self.courier_demand, rows),
            consolidation=_joined(self.consolidation, rows),
            recipient=self.people[one] if one is not None else _best_person(self.people[at] for at in rows),
            parcels=self._parcels(rows),
            lines=lines,
            lines_missing=not lines,
            extra=self.extra[one] if one is not None else _union(self.extra[at] for at in rows),
            rows=tuple(self.grid.numbers[at] for at in rows),
        )

    def _sum(self, key: str, rows: Rows) -> Fen | None:
        column = self.money[key]
        said = [v for at in rows if (v := column[at]) is not None] if column is not None else []
        return sum(said) if said else None

    def _refund(self, rows: Rows, refunded: Fen | None, paid: Fen | None) -> RefundState | None:
        said = [r for at in rows if (r := self.refunds[at]) is not None]
        found = roll_up_refund(said) if said else None
        if refunded and found in (None, RefundState.NONE, RefundState.FULL):
            if paid is not None and refunded < paid:
                return RefundState.PARTLY
            return RefundState.FULL
        return found

    def _parcels(self, rows: Rows) -> tuple[tuple[str, str], ...]:
        found: set[tuple[str, str]] = set()
        for at in rows:
            if self.tracking[at]:
                numbers = (_NO_MARK.sub("", n) for n in _NUMBERS.split(self.tracking[at]))
                found.update((self.courier[at], n) for n in numbers if n)
        return tuple(sorted(found)) if found else ()


def _settle(
    money: dict[str, Fen | None], lines: tuple[ShopLine, ...], line_freight: Fen | None
) -> tuple[Fen | None, Fen | None, Fen | None, Fen | None, Fen | None]:
    """Amount, paid, receivable, refunded, freight: the order's own columns, else the sums of its lines."""
    paid = money["paid"] if money["paid"] is not None else _total(lines, "paid_fen")
    receivable = money["receivable"] if money["receivable"] is not None else _total(lines, "receivable_fen")
    if receivable is None and paid is not None and money["borne"] is not None:
        receivable = paid + money["borne"]
    return (
        money["amount"] if money["amount"] is not None else _total(lines, "amount_fen"),
        paid,
        receivable,
        money["refunded"] if money["refunded"] is not None else _total(lines, "refunded_fen"),
        money["freight"] if money["freight"] is not None else line_freight,
    )


def _total(lines: tuple[ShopLine, ...], name: str) -> Fen | None:
    get = attrgetter(name)
    if len(lines) == 1:
        found: Fen | None = get(lines[0])
        return found
    said = [v for line in lines if (v := get(line)) is not None]
    return sum(said) if said else None


def _joined(column: list[str], rows: Rows) -> str:
    if len(rows) == 1:
        return column[rows[0]]
    return "；".join(sorted({t for at in rows if (t := column[at])}))


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
    groups: dict[str, list[int]] = {}
    for at, number in enumerate(table.order_no):
        if number:
            groups.setdefault(number, []).append(at)
    orders: list[ShopOrder] = []
    held: list[tuple[int, int]] = []
    for number, group in groups.items():
        rows = table.lines.without_repeats(group, grid) if len(group) > 1 else group
        order = None if any(at in grid.errors for at in rows) else table.order(number, rows, as_of)
        bad = next((at for at in rows if at in grid.errors), None)
        if order is not None and bad is None:
            orders.append(order)
        elif bad is not None:
            held += [(grid.numbers[at], grid.numbers[bad]) for at in rows if at not in grid.errors]
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
