"""The refund of an order and its lines, drawn from the order's own word, its lines' and every refund case.

Nothing here depends on the order of arrival: it is a function of merged values and their stamps.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from daifa.areas.orders.rules.readings import (
    NO_STAMP,
    Document,
    Stamp,
    Value,
    Values,
    line_key,
    split_key,
    whole_lines,
)
from daifa.kit.money import Fen
from daifa.kit.values import dataclass
from daifa.ports.shop import OrderState, RefundState

_DONE = (RefundState.FULL, RefundState.PARTLY)


@dataclass(frozen=True, slots=True)
class _Case:
    state: RefundState
    stamp: Stamp
    fen: Fen | None
    line: str


@dataclass(frozen=True, slots=True)
class _Word:
    """What an order (or line) says of its own refund, and what was paid for it."""

    state: RefundState | None
    stamp: Stamp
    paid: Fen | None


def settled(document: Document) -> Values:
    """The values with refund states and refunded money of order and lines as everything said together implies.

    Keys without a column (refund cases) are left out.
    """
    values = document.values
    # Nearly every order has neither a case nor a refund: what it said stands as it is.
    if not any(_speaks(key, value) for key, value in values.items() if "refund" in key or key.startswith("r:")):
        return values
    return weighed(document)


def weighed(document: Document) -> Values:
    """What ``settled`` gives, without its short way for an order of which no refund is told."""
    values = document.values
    out = {k: v for k, v in values.items() if not k.startswith("r:")}
    cases = _cases(document)
    states: list[tuple[str, RefundState | None]] = []
    lines = sorted(whole_lines(values))
    for key in lines:
        state, refunded = _line(document, key, _of_line(values, key, cases, alone=len(lines) == 1))
        states.append((key, state))
        _put(out, line_key(key, "refund"), state.value if state else None)
        _put(out, line_key(key, "refunded_fen"), refunded)
    order = _of(_word(document, "refund", values.get("paid_fen")), cases, whole=[c for c in cases if not c.line])
    _put(out, "refund", _rolled(values, order, states))
    of_lines = _sum(_fen(out.get(line_key(key, "refunded_fen"))) for key in lines)
    told = [_fen(values.get("refunded_fen")) or 0, _sum(c.fen for c in cases if c.state in _DONE), of_lines]
    _put(out, "refunded_fen", max(told) or values.get("refunded_fen"))
    return out


def _speaks(key: str, value: Value) -> bool:
    """Whether this is a refund's word that may move another: a case, or anything but "none" of order or line."""
    if key.startswith("r:"):
        return True
    if key == "refund" or (key.startswith("l:") and key.endswith(":refund")):
        return value is not None and value != RefundState.NONE.value
    return key.startswith("l:") and key.endswith(":refunded_fen") and bool(value)


def _put(out: Values, key: str, value: Value) -> None:
    if value is not None:
        out[key] = value


def _fen(value: Value) -> Fen | None:
    return value if isinstance(value, int) else None


def _sum(amounts: Iterable[Fen | None]) -> Fen:
    return sum(a for a in amounts if a)


def _cases(document: Document) -> list[_Case]:
    found: dict[str, dict[str, Value]] = {}
    stamps: dict[str, Stamp] = {}
    for key, value in document.values.items():
        if key.startswith("r:"):
            name, field = split_key(key)
            found.setdefault(name, {})[field] = value
            if field == "state":
                stamps[name] = document.stamps.get(key, NO_STAMP)
    return [
        _Case(RefundState(str(c["state"])), stamps[n], _fen(c.get("fen")), str(c.get("line") or ""))
        for n, c in sorted(found.items())
        if "state" in c
    ]


def _word(document: Document, key: str, paid: Value) -> _Word:
    said = document.values.get(key)
    state = RefundState(str(said)) if said is not None else None
    return _Word(state, document.stamps.get(key, NO_STAMP), _fen(paid))


def _line(document: Document, key: str, cases: Sequence[_Case]) -> tuple[RefundState | None, Fen | None]:
    values = document.values
    word = _word(document, line_key(key, "refund"), values.get(line_key(key, "paid_fen")))
    own = _fen(values.get(line_key(key, "refunded_fen")))
    paid_back = _sum(c.fen for c in cases if c.state in _DONE)
    refunded = max(own or 0, paid_back) if own is not None or paid_back else None
    return (_of(word, cases, whole=cases) if word.state is not None or cases else None), refunded


def _of_line(values: Mapping[str, Value], key: str, cases: Sequence[_Case], *, alone: bool) -> list[_Case]:
    """The cases of one line: those that name its number, and all that name any when it is the only line."""
    number = str(values.get(line_key(key, "external_id")) or key)
    return [c for c in cases if c.line and (alone or c.line in (number, key))]


def _of(word: _Word, cases: Sequence[_Case], *, whole: Sequence[_Case]) -> RefundState | None:
    """One refund state from a word and the cases that belong to it; a finished case of ``whole`` may cover it all."""
    if word.state is None and not cases:
        return None
    done = [c for c in cases if c.state in _DONE]
    if word.state is RefundState.FULL or _covers(done, [c for c in whole if c.state in _DONE], word.paid):
        return RefundState.FULL
    if _is_open(word, cases):
        return RefundState.APPLIED
    if done or word.state is RefundState.PARTLY:
        return RefundState.PARTLY
    if word.state is RefundState.WITHDRAWN or any(c.state is not RefundState.NONE for c in cases):
        return RefundState.WITHDRAWN
    return RefundState.NONE


def _covers(done: Sequence[_Case], whole: Sequence[_Case], paid: Fen | None) -> bool:
    """Whether finished cases gave everything back: by money where both sums are known, else by the case's word."""
    if paid and any(c.fen for c in done):
        return _sum(c.fen for c in done) >= paid
    return any(c.state is RefundState.FULL for c in whole)


def _is_open(word: _Word, cases: Sequence[_Case]) -> bool:
    """Whether a wish stands: one that nothing newer has answered."""
    last = max((c.stamp for c in cases), default=NO_STAMP)
    if word.state is RefundState.APPLIED and (not cases or word.stamp > last):
        return True
    answered = word.stamp if word.state is not None and word.state is not RefundState.APPLIED else NO_STAMP
    return any(c.state is RefundState.APPLIED and c.stamp > answered for c in cases)


def _rolled(
    values: Mapping[str, Value], order: RefundState | None, lines: Sequence[tuple[str, RefundState | None]]
) -> str | None:
    """The order's refund with its lines': full when every living line is, open when one is."""
    if order is RefundState.FULL:
        return order.value
    cancelled = OrderState.CANCELLED.value
    living = [s for key, s in lines if values.get(line_key(key, "state")) != cancelled]
    said = [s for s in living if s is not None]
    if living and all(s is RefundState.FULL for s in living):
        return RefundState.FULL.value
    if order is RefundState.APPLIED or RefundState.APPLIED in said:
        return RefundState.APPLIED.value
    if order is RefundState.PARTLY or any(s in _DONE for s in said):
        return RefundState.PARTLY.value
    return order.value if order is not None else None
