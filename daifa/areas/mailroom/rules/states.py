"""Status words to states, and states of lines to their order's state. An unknown word is an error naming it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from daifa.areas.mailroom.rules.grid import Grid
from daifa.kit.tabular.headers import header_key
from daifa.ports.sheet import ExportProfile, RowError, StateMeaning
from daifa.ports.shop import GONE, OrderState, RefundState, WaitReason

# A sheet without any status column lists what has to be shipped: paid.
ASSUMED = StateMeaning(OrderState.PAID)
_FIX = "请在导入卡片的“状态对照”里告诉系统它是什么意思，再重新导入。"
# What a person can say of a word nobody knew: key, label, meaning.
STATE_MEANINGS: Mapping[str, tuple[str, StateMeaning]] = {
    "paid": ("待发货", ASSUMED),
    "under_review": ("已付款，暂不能发货", StateMeaning(OrderState.PAID, (WaitReason.UNDER_REVIEW,))),
    "unpaid": ("待付款", StateMeaning(OrderState.UNPAID)),
    "part_shipped": ("部分发货", StateMeaning(OrderState.PART_SHIPPED)),
    "shipped": ("已发货", StateMeaning(OrderState.SHIPPED)),
    "finished": ("已完成", StateMeaning(OrderState.FINISHED)),
    "cancelled": ("已关闭", StateMeaning(OrderState.CANCELLED)),
}
REFUND_MEANINGS: Mapping[str, tuple[str, RefundState]] = {
    "none": ("没有售后", RefundState.NONE),
    "applied": ("售后处理中", RefundState.APPLIED),
    "withdrawn": ("售后已撤销", RefundState.WITHDRAWN),
    "partly": ("部分退款成功", RefundState.PARTLY),
    "full": ("全额退款成功", RefundState.FULL),
}


def choices_of(field: str) -> Mapping[str, tuple[str, object]]:
    """What a word of this column can be said to mean."""
    return REFUND_MEANINGS if field == "refund_state" else STATE_MEANINGS


def read_states(grid: Grid, profile: ExportProfile | None) -> list[StateMeaning]:
    """What each row's status word means; unknown and empty words become row errors."""
    if not grid.has("state"):
        return [ASSUMED] * len(grid)
    table = {**_by_key(profile.states if profile else {}), **_said(grid, "state", STATE_MEANINGS)}
    suffixes = _by_key(profile.state_suffixes if profile else {})
    words = grid.raw_text("state")
    memo = {word: _meaning(word, table, suffixes) for word in set(words)}
    for at, word in enumerate(words):
        if memo[word] is None:
            _unknown(grid, at, "state", word, "订单状态")
    return [memo[word] or ASSUMED for word in words]


def _by_key[T](table: Mapping[str, T]) -> dict[str, T]:
    return {header_key(word): meaning for word, meaning in table.items()}


def _said[T](grid: Grid, field: str, meanings: Mapping[str, tuple[str, T]]) -> dict[str, T]:
    return {word: meanings[key][1] for (of, word), key in grid.guess.words.items() if of == field and key in meanings}


def _meaning(word: str, table: Mapping[str, StateMeaning], suffixes: Mapping[str, RefundState]) -> StateMeaning | None:
    key = header_key(word)
    if key in table:
        return table[key]
    head, _, tail = key.rpartition(",")
    if head in table and tail in suffixes:
        found = table[head]
        return StateMeaning(found.state, found.waits, suffixes[tail])
    return None


def _unknown(grid: Grid, at: int, key: str, word: str, what: str) -> None:
    name = grid.column_name(grid.where[key][0])
    row = grid.numbers[at]
    if word:
        grid.unknown[key, word] += 1
    said = f"“{word}”是没见过的{what}" if word else f"没有写{what}"
    grid.fail(at, RowError(row, name, word, f"第 {row} 行“{name}”：{said}", _FIX))


def read_refunds(
    grid: Grid, profile: ExportProfile | None, states: list[StateMeaning] | None = None
) -> list[RefundState | None]:
    """What each row's after-sale word means; None where the file says nothing.

    A refund that the status itself tells (未发货，退款成功) stands where the after-sale column says there is none.
    """
    by_state: list[RefundState | None] = [s.refund for s in states] if states else [None] * len(grid)
    if not grid.has("refund_state"):
        return by_state
    table = {"": RefundState.NONE, "-": RefundState.NONE, **_by_key(profile.refund_states if profile else {})}
    table |= _said(grid, "refund_state", REFUND_MEANINGS)
    words = grid.raw_text("refund_state")
    memo = {word: table.get(header_key(word)) for word in set(words)}
    for at, word in enumerate(words):
        if memo[word] is None:
            _unknown(grid, at, "refund_state", word, "售后状态")
    return [
        told if told is not None and memo[word] in (None, RefundState.NONE) else memo[word]
        for word, told in zip(words, by_state, strict=True)
    ]


def roll_up(states: Iterable[OrderState]) -> OrderState:
    """The state of an order from the states of its lines: cancelled lines count only when all are."""
    live = {s for s in states if s != OrderState.CANCELLED}
    if not live:
        return OrderState.CANCELLED
    if len(live) == 1:
        return live.pop()
    waiting = live & {OrderState.UNPAID, OrderState.PAID}
    gone = live & {OrderState.PART_SHIPPED, *GONE}
    if (waiting and gone) or OrderState.PART_SHIPPED in gone:
        return OrderState.PART_SHIPPED
    # All waiting, or all gone: the order is as far as its slowest line.
    return min(live, key=lambda s: s.rank)


def roll_up_refund(states: Iterable[RefundState]) -> RefundState:
    """The refund of an order from its lines: one that is open shows; full only when every line is."""
    said = set(states)
    if RefundState.APPLIED in said:
        return RefundState.APPLIED
    if said == {RefundState.FULL}:
        return RefundState.FULL
    if said & {RefundState.FULL, RefundState.PARTLY}:
        return RefundState.PARTLY
    return RefundState.WITHDRAWN if RefundState.WITHDRAWN in said else RefundState.NONE


_SPLIT = re.compile(r"[,，、;；/\n]+")


def split_words(text: str) -> tuple[str, ...]:
    """A cell that lists several words."""
    return tuple(w.strip() for w in _SPLIT.split(text) if w.strip())
