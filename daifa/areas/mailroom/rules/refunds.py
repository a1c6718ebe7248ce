"""Rows of a refund or after-sale export to ShopRefunds."""

from __future__ import annotations

from daifa.areas.mailroom.rules.grid import Grid
from daifa.areas.mailroom.rules.orders import as_of_of
from daifa.areas.mailroom.rules.states import read_refunds
from daifa.ports.sheet import ExportProfile, Parsed, RowError, Totals
from daifa.ports.shop import RefundState, ShopRefund


def parse_refunds(grid: Grid, profile: ExportProfile | None) -> Parsed:
    """Every refund of the grid. Without a refund number the order (and line) number stands for it."""
    order_no, refund_no, line_no = grid.id("order_no"), grid.id("refund_no"), grid.id("line_no")
    states, words = read_refunds(grid, profile), grid.raw_text("refund_state")
    amounts = grid.money("refund_amount", refund=True)
    paid = grid.money("order_paid")
    parts, kinds, reasons = grid.text("refund_part"), grid.text("needs_return"), grid.text("refund_reason")
    applied, finished = grid.moment("applied_at"), grid.moment("refunded_at")
    courier, tracking = grid.text("return_courier"), grid.id("return_tracking")
    name = grid.column_name(grid.where["order_no"][0])
    found: dict[str, tuple[int, ShopRefund]] = {}
    for at, number in enumerate(order_no):
        row = grid.numbers[at]
        if not number and at not in grid.errors:
            grid.fail(at, RowError(row, name, "", f"第 {row} 行没有订单号", "请补上订单号后重新导入这一行。"))
        if at in grid.errors:
            continue
        amount = amounts[at] if amounts else None
        refund = ShopRefund(
            platform=grid.guess.platform,
            external_id=refund_no[at] or f"{number}/{line_no[at]}".rstrip("/"),
            order_external_id=number,
            state=_state(states[at], amount, parts[at], paid[at] if paid else None),
            line_external_id=line_no[at],
            amount_fen=amount,
            needs_return=_needs_return(kinds[at]),
            reason=reasons[at],
            platform_state=words[at],
            applied_at=applied[at] if applied else None,
            finished_at=finished[at] if finished else None,
            return_courier=courier[at],
            return_tracking=tracking[at],
            rows=(row,),
        )
        _keep(found, refund, at, grid)
    refunds = [r for _, r in found.values()]
    times = [t for column in (applied, finished) if column for t in column if t]
    done = [r.amount_fen for r in refunds if r.amount_fen is not None and r.state in _PAID_BACK]
    return Parsed(
        refunds=tuple(refunds),
        errors=tuple(grid.row_errors()),
        totals=Totals(refunded_fen=sum(done) if amounts is not None else None),
        rows=len(grid),
        dropped=tuple(grid.dropped),
        as_of=as_of_of(grid, max(times, default=None)),
        first_at=min(times, default=None),
        last_at=max(times, default=None),
    )


_PAID_BACK = (RefundState.PARTLY, RefundState.FULL)
_RANK = (RefundState.NONE, RefundState.APPLIED, RefundState.WITHDRAWN, RefundState.PARTLY, RefundState.FULL)


def _keep(found: dict[str, tuple[int, ShopRefund]], refund: ShopRefund, at: int, grid: Grid) -> None:
    """The same refund twice in a file is one: the row that is further along stays."""
    before = found.get(refund.external_id)
    if before is None:
        found[refund.external_id] = (at, refund)
        return

    def weight(r: ShopRefund) -> tuple[int, int, str]:
        return _RANK.index(r.state), r.amount_fen or 0, r.platform_state

    other_at, other = before
    if weight(refund) > weight(other):
        found[refund.external_id] = (at, refund)
        grid.dropped.append((grid.numbers[other_at], f"和第 {grid.numbers[at]} 行是同一张售后单，只算一次"))
    else:
        grid.dropped.append((grid.numbers[at], f"和第 {grid.numbers[other_at]} 行是同一张售后单，只算一次"))


def _state(said: RefundState | None, amount: int | None, part: str, paid: int | None) -> RefundState:
    """A finished refund is full or partly by the file's own word, else by comparing with what was paid."""
    state = said if said is not None else RefundState.APPLIED
    if state != RefundState.FULL:
        return state
    if "部分" in part or (amount is not None and paid is not None and amount < paid):
        return RefundState.PARTLY
    return RefundState.FULL


def _needs_return(word: str) -> bool | None:
    """退货退款 and 需要退货 are yes; 仅退款, 未发货退款, 不需要 are no; anything else is not said."""
    if not word:
        return None
    if any(w in word for w in ("不需要", "仅退款", "未发货", "已发货退款", "无需", "否")):
        return False
    return True if "退货" in word or word in ("是", "需要") else None
