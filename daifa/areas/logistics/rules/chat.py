"""What a supplier pastes into a chat, as claims: ``李四 尾号1234 中通 7312…``, one a line or run together.

Words are only proposals: a name found here means nothing until a purchase of that name is found.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise

from daifa.areas.logistics.rules.chat_words import Kind, Token, tokens_of
from daifa.areas.logistics.types import OwnNumbers, TrackingClaim

__all__ = ["Kind", "parse_tracking_text"]

_WHO = frozenset({Kind.OWN, Kind.ORDER, Kind.NAME, Kind.TAIL, Kind.PHONE})
_OPENS = frozenset({Kind.OWN, Kind.ORDER, Kind.NAME})
_CLAUSE = re.compile(r"[;。|]+")


def no_own_numbers(text: str) -> list[tuple[int, int, str]]:
    """For callers without purchase numbers."""
    return []


class _Side(StrEnum):
    BEFORE = "before"
    AFTER = "after"


@dataclass(slots=True)
class _Record:
    """One number with the words that belong to it; ``said`` holds all lines of it."""

    row: int
    said: str
    number: Token | None = None
    words: list[Token] = field(default_factory=list)

    def has(self, kind: Kind) -> bool:
        return any(w.kind is kind for w in self.words)

    @property
    def identified(self) -> bool:
        return any(w.kind in _WHO for w in self.words)


def parse_tracking_text(
    text: str, *, own_numbers: OwnNumbers = no_own_numbers, order_numbers: frozenset[str] = frozenset()
) -> list[TrackingClaim]:
    """Claims in the order of the text; ``row`` is the line (1-based). A line without any number gives none.

    Lines may hold several records, a record may stretch over two lines (who, then number, or the other way round), a
    line that names only a courier names it for the lines below. ``order_numbers`` are known platform numbers.
    """
    records = list[_Record]()
    pending = list[Token]()
    before = list[str]()
    courier: Token | None = None
    waiting: _Record | None = None
    for row, clause in _clauses(text):
        if not clause.strip():
            pending, before, waiting = [], [], None
            continue
        tokens = tokens_of(clause, own_numbers, order_numbers)
        if not any(t.kind is Kind.TRACKING for t in tokens):
            if tokens and all(t.kind is Kind.COURIER for t in tokens):
                courier = tokens[0]
            elif waiting is not None and any(t.kind in _WHO for t in tokens):
                waiting.words += tokens
                waiting.said = f"{waiting.said}\n{clause.strip()}"
                waiting = None
            elif any(t.kind in _WHO for t in tokens):
                pending, before = [*pending, *tokens], [*before, clause.strip()]
            continue
        found = _records(row, clause, tokens)
        if pending and not found[0].identified:
            found[0].words = [*pending, *found[0].words]
            found[0].said = "\n".join([*before, found[0].said])
            _inherit(found)
        pending, before = [], []
        for record in found:
            if courier is not None and not record.has(Kind.COURIER):
                record.words.append(courier)
        waiting = found[-1] if not found[-1].identified else None
        records += found
    return [_claim(r) for r in records]


def _clauses(text: str) -> Iterator[tuple[int, str]]:
    for row, line in enumerate(text.splitlines(), start=1):
        plain = unicodedata.normalize("NFKC", line).translate(_MARKS)
        for clause in _CLAUSE.split(plain):
            if clause.strip() or not plain.strip():
                yield row, clause


_MARKS = str.maketrans({"—": "-", "–": "-", "−": "-", "‐": "-", "\u200b": None, "\ufeff": None, "、": ","})


def _records(row: int, clause: str, tokens: list[Token]) -> list[_Record]:
    """One record per number: its words stand before it when the clause begins with who, else behind it."""
    at = [i for i, t in enumerate(tokens) if t.kind is Kind.TRACKING]
    who_first = any(t.kind in _WHO for t in tokens[: at[0]])
    side = _Side.BEFORE if who_first or not any(t.kind in _WHO for t in tokens) else _Side.AFTER
    records = [_Record(row, clause.strip(), tokens[i]) for i in at]
    bounds = [-1, *at, len(tokens)]
    for n in range(len(at) + 1):
        between = tokens[bounds[n] + 1 : bounds[n + 1]]
        if n == 0:
            records[0].words += between
        elif n == len(at):
            records[-1].words += between
        elif side is _Side.BEFORE:
            _share_before(between, records[n - 1], records[n])
        else:
            _share_after(between, records[n - 1], records[n])
    _inherit(records)
    return records


def _share_before(between: list[Token], previous: _Record, current: _Record) -> None:
    """Tails, counts and couriers behind a number stay with it, when somebody else is named after them."""
    opens = next((i for i, t in enumerate(between) if t.kind in _OPENS), None)
    for i, token in enumerate(between):
        belongs = opens is not None and i < opens and not previous.has(token.kind)
        (previous if belongs else current).words.append(token)


def _share_after(between: list[Token], previous: _Record, current: _Record) -> None:
    """A courier right before a number is that number's; all else belongs to the number before."""
    if between and between[-1].kind is Kind.COURIER:
        current.words.append(between[-1])
        between = between[:-1]
    previous.words += between


def _inherit(records: list[_Record]) -> None:
    """A number after another one, with nobody named for it, is a further parcel of the same person."""
    for previous, record in pairwise(records):
        if record.identified:
            continue
        record.words += [w for w in previous.words if w.kind in _WHO]
        if not record.has(Kind.COURIER):
            record.words += [w for w in previous.words if w.kind is Kind.COURIER]


def _claim(record: _Record) -> TrackingClaim:
    def first(kind: Kind) -> str:
        return next((w.value for w in record.words if w.kind is kind), "")

    phone = first(Kind.PHONE)
    quantity = first(Kind.QUANTITY)
    return TrackingClaim(
        row=record.row,
        tracking_no=record.number.value if record.number else "",
        courier=first(Kind.COURIER),
        our_number=first(Kind.OWN),
        order_no=first(Kind.ORDER),
        names=tuple(dict.fromkeys(w.value for w in record.words if w.kind is Kind.NAME)),
        phone=phone,
        phone_tail=first(Kind.TAIL) or phone[-4:],
        quantity=int(quantity) if quantity else None,
        said=record.said,
    )
