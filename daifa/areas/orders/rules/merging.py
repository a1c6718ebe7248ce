"""The merge rule: many readings of one order, in any order and any number of times, give the same order.

An order is a flat map of values; each value remembers the stamp (as-of, state rank, digest) of the reading it came
from. Each field takes the value of the greatest stamp; a state only moves on along the life cycle; cancelled and fully
refunded are absorbing; a fuller recipient is never replaced by a poorer one; what a reading does not say changes
nothing. Keys: ``paid_fen`` (order), ``p:recipient`` (sealed part), ``l:<line key>:paid_fen`` (line).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime

from daifa.ports.shop import OrderState, RecipientState, RefundState, ShopLine, ShopOrder

type Value = str | int | bool | datetime | dict[str, str] | None
type Stamp = tuple[str, int, str]
type Values = dict[str, Value]

ORDER_FIELDS = (
    "ordered_at", "paid_at", "ship_by", "ship_not_before", "shipped_at", "finished_at", "amount_fen", "freight_fen",
    "paid_fen", "receivable_fen", "refunded_fen", "commission_fen", "platform_fee_fen", "insurance_fen", "flag",
)  # fmt: skip
TRUE_FIELDS = ("cash_on_delivery", "lines_missing")
TEXT_FIELDS = ("courier_demand", "consolidation")
PERSON_FIELDS = ("buyer_note", "seller_memo")
LINE_FIELDS = tuple(f.name for f in fields(ShopLine) if f.name not in {"line_key", "state", "refund"})
_RECIPIENT_RANK = {s.value: n for n, s in enumerate(RecipientState)}
_STATE_RANK = {s.value: s.rank for s in OrderState}
NO_STAMP: Stamp = ("", 0, "")


@dataclass(frozen=True, slots=True)
class Reading:
    """What one source said of one order at one time; only what it said."""

    external_id: str
    stamp: Stamp
    values: Values


@dataclass(frozen=True, slots=True)
class Document:
    """An order as merged so far: values, and where each came from."""

    values: Values
    stamps: Mapping[str, Stamp]


def reading_of(order: ShopOrder, as_of: datetime) -> Reading:
    """What a platform's order says, with its stamp; ``as_of`` is used where the order has none of its own."""
    values: Values = {"state": order.state.value}
    if order.refund is not None:
        values["refund"] = order.refund.value
    # An order that may be shipped now says so: waits are always said.
    values["waits"] = ",".join(sorted(w.value for w in order.waits))
    for name in ORDER_FIELDS:
        value = getattr(order, name)
        if value is not None:
            values[name] = value
    for name in TEXT_FIELDS:
        if value := getattr(order, name):
            values[name] = value
    if order.cash_on_delivery:
        values["cash_on_delivery"] = True
    values["lines_missing"] = order.lines_missing
    if order.buyer_nick:
        values["p:buyer_nick"] = order.buyer_nick
    for name in PERSON_FIELDS:
        value = getattr(order, name)
        if value is not None:
            values[f"p:{name}"] = value
    recipient = order.recipient
    if recipient.state is not RecipientState.ABSENT:
        values["p:recipient"] = {f.name: str(getattr(recipient, f.name)) for f in fields(recipient)}
    if order.parcels:
        values["parcels"] = "\n".join(f"{courier}\t{number}" for courier, number in order.parcels)
    for position, line in enumerate(order.lines):
        _line_values(values, line, position)
    stamp = (_moment(order.as_of or as_of), order.state.rank, _digest(values))
    return Reading(order.external_id, stamp, values)


def _line_values(values: Values, line: ShopLine, position: int) -> None:
    stem = f"l:{line.line_key}:"
    values[stem + "n"] = position
    for name in LINE_FIELDS:
        value = getattr(line, name)
        if value is not None and value != "":
            values[stem + name] = value
    if line.state is not None:
        values[stem + "state"] = line.state.value
    if line.refund is not None:
        values[stem + "refund"] = line.refund.value


def partial_reading(external_id: str, values: Values, as_of: datetime, rank: int = 0) -> Reading:
    """A reading of a few fields (a refund export, a second file with recipients)."""
    return Reading(external_id, (_moment(as_of), rank, _digest(values)), dict(values))


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def _digest(values: Values) -> str:
    text = "\x1e".join(f"{k}\x1f{_plain(values[k])}" for k in sorted(values))
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def _plain(value: Value) -> str:
    if isinstance(value, dict):
        return "\x1d".join(f"{k}={value[k]}" for k in sorted(value))
    return str(value)


def first(reading: Reading) -> Document:
    """The document of an order seen for the first time."""
    return Document(reading.values, dict.fromkeys(reading.values, reading.stamp))


def merge(document: Document, reading: Reading) -> tuple[Document, tuple[str, ...]]:
    """The document after one more reading, and the keys whose values changed. Idempotent, order does not matter."""
    aligned = _aligned(document, reading)
    values, stamps = dict(document.values), dict(document.stamps)
    changed: list[str] = []
    for key, value in aligned.items():
        before = values.get(key)
        known = key in values
        if not known or _rank(key, value, reading.stamp) > _rank(key, before, stamps.get(key, NO_STAMP)):
            stamps[key] = reading.stamp
            values[key] = value
            if not known or before != value:
                changed.append(key)
    return Document(values, stamps), tuple(changed)


def _rank(key: str, value: Value, stamp: Stamp) -> tuple[int, Stamp]:
    name = key.rsplit(":", 1)[-1]
    if name == "state":
        return (_STATE_RANK.get(str(value), 0), stamp)
    if name == "refund":
        return (1 if value == RefundState.FULL.value else 0, stamp)
    if key == "p:recipient" and isinstance(value, dict):
        return (_RECIPIENT_RANK.get(value.get("state", ""), 0), stamp)
    if name in TRUE_FIELDS:
        # Lines that came once are there; an order that said 货到付款 once is one.
        return (int(bool(value) == (name == "cash_on_delivery")), stamp)
    return (0, stamp)


def _aligned(document: Document, reading: Reading) -> Values:
    """The reading with its lines under the keys that the document already uses for them.

    A real sub-order number arriving for a line that had a made-up key (or the other way round) is an alias of it.
    """
    mine = {k.split(":", 2)[1] for k in reading.values if k.startswith("l:")}
    theirs = {k.split(":", 2)[1] for k in document.values if k.startswith("l:")}
    strangers, free = mine - theirs, theirs - mine
    if not strangers or not free:
        return reading.values
    alias: dict[str, str] = {}
    for key in sorted(strangers, key=lambda k: (_number(reading.values, k), k)):
        for other in sorted(free, key=lambda k: (_number(document.values, k), k)):
            if _same_line(reading.values, key, document.values, other):
                alias[key] = other
                free.discard(other)
                break
    if not alias:
        return reading.values
    out: Values = {}
    for name, value in reading.values.items():
        if name.startswith("l:"):
            _, key, field = name.split(":", 2)
            out[f"l:{alias.get(key, key)}:{field}"] = value
        else:
            out[name] = value
    return out


def _number(values: Mapping[str, Value], key: str) -> int:
    n = values.get(f"l:{key}:n", 0)
    return n if isinstance(n, int) else 0


def _same_line(one: Mapping[str, Value], key: str, two: Mapping[str, Value], other: str) -> bool:
    ids = [str(v.get(f"l:{k}:external_id") or "") for v, k in ((one, key), (two, other))]
    if ids[0] and ids[1]:
        return False
    same = [one.get(f"l:{key}:{f}") == two.get(f"l:{other}:{f}") for f in ("listing_key", "quantity", "is_gift")]
    return all(same) and (bool(ids[0]) or bool(ids[1]))


# --- compact storage ---------------------------------------------------------------------------------------------


def pack(document: Document) -> dict[str, object]:
    """The stamps as a small JSON value: distinct stamps once, and per field the number of its stamp (0 unsaid)."""
    distinct = sorted(set(document.stamps.values()))
    if len(distinct) == 1:
        return {"s": [list(distinct[0])]}
    count: dict[Stamp, int] = dict.fromkeys(distinct, 0)
    for stamp in document.stamps.values():
        count[stamp] += 1
    ranked = sorted(distinct, key=lambda s: (-count[s], s))
    index = {s: n for n, s in enumerate(ranked)}
    return {"s": [list(s) for s in ranked], "f": {k: index[s] for k, s in sorted(document.stamps.items()) if index[s]}}


def unpack(packed: Mapping[str, object], values: Values) -> Document:
    """The document of stored values and their packed stamps."""
    raw = packed.get("s")
    listed: list[Stamp] = [(str(a), int(b), str(c)) for a, b, c in raw] if isinstance(raw, list) else []
    marks = packed.get("f")
    index = marks if isinstance(marks, Mapping) else {}
    default = listed[0] if listed else NO_STAMP
    return Document(values, {k: listed[int(index[k])] if k in index else default for k in values})


def knows(packed: Mapping[str, object], reading: Reading) -> bool:
    """Whether this very reading (same time, same content) is the only one the order was made of."""
    raw = packed.get("s")
    return isinstance(raw, list) and len(raw) == 1 and tuple(raw[0]) == reading.stamp
