"""Rows to order lines: keys that stay the same whatever the row order, money of the row, several items in a cell."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from daifa.areas.mailroom.rules.grid import Grid
from daifa.areas.mailroom.rules.items import cut_items
from daifa.kit.money import Fen
from daifa.ports.sheet import ExportProfile, LinesIn, RowError, StateMeaning
from daifa.ports.shop import OrderState, RefundState, ShopLine

_ITEM = re.compile(r"^(?P<title>.+?)\s*[*x×X]\s*(?P<n>\d{1,6})\s*件?$")
type Money = list[Fen | None]


@dataclass(slots=True)
class LineTable:
    """The lines by row position; rows of an order become its lines through ``of``."""

    lines: list[tuple[ShopLine, ...]]
    freights: Money | None
    numbered: bool
    one_row_per_order: bool

    def of(self, rows: Sequence[int]) -> tuple[ShopLine, ...]:
        """The lines of one order, in an order of their own and with keys that no permutation of rows changes."""
        if len(rows) == 1:
            lines = self.lines[rows[0]]
            if self.numbered or len(lines) <= 1:
                return lines
            found = list(lines)
        else:
            found = [line for at in rows for line in self.lines[at]]
        if all(line.external_id for line in found):
            return tuple(sorted(found, key=lambda line: line.line_key))
        return tuple(_with_ordinals(found))

    def freight(self, rows: Sequence[int]) -> Fen | None:
        """Freight of an order whose rows carry their own."""
        if self.freights is None:
            return None
        said = [v for at in rows if (v := self.freights[at]) is not None]
        return sum(said) if said else None

    def without_repeats(self, rows: list[int], grid: Grid) -> list[int]:
        """Rows without those that say the same line again: of equal line numbers the furthest state stays."""
        kept: dict[str, int] = {}
        out: list[int] = []
        for at in rows:
            line = self.lines[at][0] if self.lines[at] else None
            key = line.external_id if line else ""
            if self.one_row_per_order:
                key = key or "order"
            if not key:
                out.append(at)
            elif key not in kept:
                kept[key] = at
            else:
                better, worse = _better(kept[key], at, self.lines, grid)
                grid.dropped.append((grid.numbers[worse], f"和第 {grid.numbers[better]} 行是同一笔，只算一次"))
                kept[key] = better
        return sorted([*out, *kept.values()])


def _better(a: int, b: int, lines: list[tuple[ShopLine, ...]], grid: Grid) -> tuple[int, int]:
    """Of two rows of the same line first the one that is further along; equal ones by their content."""

    def weight(at: int) -> tuple[bool, int, str]:
        line = lines[at][0] if lines[at] else None
        rank = line.state.rank if line and line.state else -1
        return at not in grid.errors, rank, repr(grid.rows[at])

    return (a, b) if weight(a) >= weight(b) else (b, a)


def _content(line: ShopLine) -> tuple[str, ...]:
    return (line.item_id, line.sku_id, line.spec, line.merchant_code, line.title)


def _with_ordinals(lines: list[ShopLine]) -> list[ShopLine]:
    """Lines without numbers of their own: key = item + spec + ordinal among equal ones, ordered by content."""
    found = sorted(lines, key=lambda x: (_content(x), x.is_gift, x.quantity, x.amount_fen or 0, repr(x)))
    seen: dict[str, int] = {}
    out: list[ShopLine] = []
    for line in found:
        if line.external_id:
            out.append(line)
            continue
        seen[line.line_key] = n = seen.get(line.line_key, 0) + 1
        out.append(line if n == 1 else replace(line, line_key=f"{line.line_key[:-1]}{n}"))
    return out


def read_lines(
    grid: Grid, profile: ExportProfile | None, states: list[StateMeaning], refunds: list[RefundState | None]
) -> LineTable:
    """Every row's line (or lines). Without any goods column the file has none, and its rows give no line."""
    freights = grid.money("line_freight")
    numbered = grid.has("line_no")
    one_row = profile is not None and profile.grain == "order"
    if profile is not None and profile.lines_in == LinesIn.ELSEWHERE:
        return LineTable([()] * len(grid), freights, numbered, one_row)
    rows = _Rows(grid, profile)
    line_state: list[OrderState | None] = (
        [s.state for s in states] if grid.has("state") and not one_row else [None] * len(grid)
    )
    lines: list[tuple[ShopLine, ...]] = [
        (rows.line(at, line_state[at], None if one_row else refunds[at]),) if rows.said(at) else ()
        for at in range(len(grid))
    ]
    if grid.has("items_text"):
        lines = [_split_cell(grid, at, ls, None) for at, ls in enumerate(lines)]
    elif profile is not None and profile.item_separator:
        between = re.compile(re.escape(profile.item_separator))
        lines = [_split_cell(grid, at, ls, between) for at, ls in enumerate(lines)]
    rows.add_gifts(lines)
    return LineTable(lines, freights, numbered, one_row)


class _Rows:
    """The columns of the lines, read once."""

    def __init__(self, grid: Grid, profile: ExportProfile | None) -> None:
        self.grid = grid
        self.line_no = grid.id("line_no")
        self.title = grid.text("title") if grid.has("title") else grid.text("items_text")
        self.item, self.sku = grid.id("item_no"), grid.id("sku_no")
        self.spec = grid.text("spec")
        self.code = grid.id("merchant_code")
        if grid.has("item_code"):
            self.code = [a or b for a, b in zip(self.code, grid.id("item_code"), strict=True)]
        self.quantity = grid.count("quantity")
        self._check_quantities()
        self.price = grid.money("unit_price")
        self._money(profile)
        self.listing = self._listing_keys(profile)

    def _check_quantities(self) -> None:
        if self.grid.has("items_text"):
            # The cell says how many of each; a count beside it is of the whole order.
            self.quantity = None
        for at, n in enumerate(self.quantity or ()):
            if n == 0 or (n is None and self.said(at) and at not in self.grid.errors):
                name = self.grid.column_name(self.grid.where["quantity"][0])
                row = self.grid.numbers[at]
                said = "是 0" if n == 0 else "是空的"
                self.grid.fail(
                    at,
                    RowError(
                        row,
                        name,
                        "" if n is None else "0",
                        f"第 {row} 行“{name}”{said}",
                        "请填上件数后重新导入这一行。",
                    ),
                )

    def _money(self, profile: ExportProfile | None) -> None:
        grid = self.grid
        self.amount = grid.money("line_amount")
        unit = grid.guess.unit_price_is_unit
        if unit is None:
            unit = profile is None or profile.unit_price_is_unit
        if self.amount is None and self.price is not None and unit:
            counts = self.quantity or [1] * len(grid)
            self.amount = [None if p is None else p * (n or 0) for p, n in zip(self.price, counts, strict=True)]
        payable, less = grid.money("line_payable"), grid.money("line_pay_discount")
        self.paid = grid.money("line_paid")
        if self.paid is None and payable is not None:
            self.paid = payable
            if less is not None:
                # A discount larger than the amount is not subtracted below nothing.
                self.paid = [p if p is None or d is None else max(p - d, 0) for p, d in zip(payable, less, strict=True)]
        self.receivable = grid.money("line_receivable")
        borne = grid.money("line_borne")
        base = payable if payable is not None else self.paid
        if self.receivable is None and borne is not None and base is not None:
            self.receivable = [None if p is None else p + (b or 0) for p, b in zip(base, borne, strict=True)]
        self.refunded = grid.money("line_refunded", refund=True)

    def _listing_keys(self, profile: ExportProfile | None) -> list[str]:
        """What a mapping remembers: the SKU id where there is one, else item and spec, else code, else title."""
        columns = {"sku_no": self.sku, "item_no": self.item, "spec": self.spec, "merchant_code": self.code}
        keys = profile.listing_key if profile else ()
        if "sku_no" in keys and any(self.sku):
            return [s or _key(i, p, c, t) for s, i, p, c, t in self._zip()]
        if set(keys) == {"item_no", "spec"}:
            pairs = zip(columns["item_no"], columns["spec"], self.code, self.title, strict=True)
            return [f"{i}|{p}" if i else _key(i, p, c, t) for i, p, c, t in pairs]
        return [s or _key(i, p, c, t) for s, i, p, c, t in self._zip()]

    def _zip(self) -> zip[tuple[str, str, str, str, str]]:
        return zip(self.sku, self.item, self.spec, self.code, self.title, strict=True)

    def said(self, at: int) -> bool:
        """Whether the row names any goods."""
        return bool(self.title[at] or self.item[at] or self.sku[at] or self.code[at] or self.line_no[at])

    def line(self, at: int, state: OrderState | None, refund: RefundState | None) -> ShopLine:
        """The line of one row."""
        number = self.line_no[at]
        item, sku, spec = self.item[at], self.sku[at], self.spec[at]
        code, title = self.code[at], self.title[at]
        base = item or ("" if sku else code or title)
        key = number or f"{base}|{sku or spec}|1"
        return ShopLine(
            line_key=key,
            listing_key=self.listing[at],
            title=title,
            quantity=(self.quantity[at] or 1) if self.quantity else 1,
            external_id=number,
            item_id=item,
            sku_id=sku,
            spec=spec,
            merchant_code=code,
            unit_price_fen=self.price[at] if self.price else None,
            amount_fen=self.amount[at] if self.amount else None,
            paid_fen=self.paid[at] if self.paid else None,
            receivable_fen=self.receivable[at] if self.receivable else None,
            refunded_fen=self.refunded[at] if self.refunded else None,
            state=state,
            refund=refund,
        )

    def add_gifts(self, lines: list[tuple[ShopLine, ...]]) -> None:
        """A gift named in the order's row is a line of its own."""
        if not self.grid.has("gift_title"):
            return
        titles, items = self.grid.text("gift_title"), self.grid.id("gift_item_no")
        specs, counts = self.grid.text("gift_spec"), self.grid.count("gift_quantity")
        for at, title in enumerate(titles):
            if title:
                number = (counts[at] if counts else None) or 1
                base = items[at] or title
                key = f"{base}|{specs[at]}"
                gift = ShopLine(
                    line_key=f"gift|{key}|1",
                    listing_key=f"gift|{key}",
                    title=title,
                    quantity=number,
                    item_id=items[at],
                    spec=specs[at],
                    is_gift=True,
                )
                lines[at] = (*lines[at], gift)


def _key(item: str, spec: str, code: str, title: str) -> str:
    if item:
        return f"{item}|{spec}"
    return code or (f"{title}|{spec}" if spec else title)


def _split_cell(
    grid: Grid, at: int, lines: tuple[ShopLine, ...], between: re.Pattern[str] | None
) -> tuple[ShopLine, ...]:
    """Several items in one cell: ``标题*2;标题2*1``. What does not fit is an error."""
    if not lines:
        return lines
    found: list[tuple[str, int]] = []
    bad = ""
    if between is None:
        found, bad = cut_items(lines[0].title)
    else:
        for part in (p.strip() for p in between.split(lines[0].title)):
            match = _ITEM.match(part)
            if match:
                found.append((match["title"], int(match["n"])))
            elif part:
                bad = bad or part
    if bad or any(n < 1 for _, n in found):
        bad = bad or lines[0].title
        name = grid.column_name((grid.where.get("items_text") or grid.where["title"])[0])
        row = grid.numbers[at]
        reason = f"第 {row} 行“{name}”里“{bad}”看不出件数"
        grid.fail(at, RowError(row, name, bad, reason, "请写成“商品名*件数”，几件之间用原来的分隔符隔开。"))
        return lines
    return tuple(
        replace(
            lines[0], line_key=f"{title}||1", listing_key=title, title=title, quantity=n, amount_fen=None,
            paid_fen=None, receivable_fen=None, unit_price_fen=None, item_id="", sku_id="", spec="",
            merchant_code="", external_id="",
        )
        for title, n in found
    )  # fmt: skip
