"""What one source said of one order, flattened to keys, with the stamp that decides who is newer.

Keys: ``paid_fen`` (order), ``p:recipient`` (sealed part), ``region`` (where the newest source says it goes),
``l:<line key>:paid_fen`` (line; the key may hold colons, the field never does), ``r:<case>:state`` (refund case).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import UTC, datetime
from operator import attrgetter

import orjson

from daifa.kit.values import dataclass
from daifa.ports.shop import Recipient, RecipientState, ShopLine, ShopOrder, ShopRefund

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
LINE_FIELDS = tuple(f.name for f in fields(ShopLine) if f.name not in {"line_key", "state", "refund", "is_gift"})
RECIPIENT_FIELDS = tuple(f.name for f in fields(Recipient))
RECIPIENT = "p:recipient"
# What the platform says beside a recipient that a person typed; only there while such a one stands.
PLATFORM_RECIPIENT = "p:platform"
# The platform's ciphertexts of it: new ones at each reading, so that they never count as a change by themselves.
CIPHER = "p:cipher"
# The memo that a person wrote here for the platform to have; what the platform has is ``p:seller_memo``.
OWN_MEMO = "p:own_memo"
NO_STAMP: Stamp = ("", 0, "")
_ORDER = attrgetter(*ORDER_FIELDS)
_LINE = attrgetter(*LINE_FIELDS)
_RECIPIENT = attrgetter(*RECIPIENT_FIELDS)


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


def line_key(name: str, field: str) -> str:
    """The key of a line's value."""
    return f"l:{name}:{field}"


def split_key(key: str) -> tuple[str, str]:
    """``l:<line>:<field>`` or ``r:<case>:<field>`` to (line or case, field); names may hold colons."""
    at = key.rindex(":")
    return key[2:at], key[at + 1 :]


def line_keys(keys: Iterable[str]) -> set[str]:
    """The lines that any of these keys speaks of."""
    return {k[2 : k.rindex(":")] for k in keys if k.startswith("l:")}


def whole_lines(keys: Iterable[str]) -> set[str]:
    """The lines that are there: those whose quantity is known (a refund alone does not make a line)."""
    return {k[2:-9] for k in keys if k.endswith(":quantity") and k.startswith("l:")}


def reading_of(order: ShopOrder, as_of: datetime, *, promoted: bool | None = None) -> Reading:
    """What a platform's order says, with its stamp; ``as_of`` is used where the order has none of its own.

    ``promoted``: whether its file names somebody who promoted it; None: what the order says itself, if anything.
    """
    values: Values = {"state": order.state.value, "lines_missing": order.lines_missing}
    # An order that may be shipped now says so: waits are always said.
    values["waits"] = ",".join(sorted(w.value for w in order.waits)) if order.waits else ""
    if order.refund is not None:
        values["refund"] = order.refund.value
    values.update({k: v for k, v in zip(ORDER_FIELDS, _ORDER(order), strict=True) if v is not None})
    for name in TEXT_FIELDS:
        if text := getattr(order, name):
            values[name] = text
    if order.cash_on_delivery:
        values["cash_on_delivery"] = True
    if (sold := order.promoted if promoted is None else promoted) is not None:
        values["promoted"] = sold
    _person_values(values, order)
    if order.parcels:
        values["parcels"] = "\n".join(f"{courier}\t{number}" for courier, number in order.parcels)
    for position, line in enumerate(order.lines):
        _line_values(values, line, position)
    stamp = (_moment(order.as_of or as_of), order.state.rank, _digest(values))
    return Reading(order.external_id, stamp, values)


def _person_values(values: Values, order: ShopOrder) -> None:
    if order.buyer_nick:
        values["p:buyer_nick"] = order.buyer_nick
    for name in PERSON_FIELDS:
        note = getattr(order, name)
        if note is not None:
            values[f"p:{name}"] = note
    values.update(recipient_values(order.recipient))
    if order.cipher is not None:
        values[CIPHER] = {k: getattr(order.cipher, k) for k in ("name", "phone", "address", "key")}
        if order.cipher.key and isinstance(held := values.get(RECIPIENT), dict):
            values[RECIPIENT] = {**held, "key": order.cipher.key}


def recipient_values(recipient: Recipient) -> Values:
    """What a recipient says: itself, and the region that the newest source names (masked ones name it too)."""
    if recipient.state is RecipientState.ABSENT:
        return {}
    said: Values = {RECIPIENT: dict(zip(RECIPIENT_FIELDS, map(str, _RECIPIENT(recipient)), strict=True))}
    if recipient.province:
        said["region"] = f"{recipient.province}|{recipient.city}|{recipient.district}"
    return said


def _line_values(values: Values, line: ShopLine, position: int) -> None:
    stem = f"l:{line.line_key}:"
    values[stem + "n"] = position
    for name, value in zip(LINE_FIELDS, _LINE(line), strict=True):
        if value is not None and value != "":
            values[stem + name] = value
    if line.is_gift:
        values[stem + "is_gift"] = True
    if line.state is not None:
        values[stem + "state"] = line.state.value
    if line.refund is not None:
        values[stem + "refund"] = line.refund.value


def case_reading(refund: ShopRefund, as_of: datetime) -> Reading:
    """What one refund case says; several cases of one order stand side by side and their money adds up."""
    stem = f"r:{refund.external_id}:"
    values: Values = {stem + "state": refund.state.value}
    if refund.amount_fen is not None:
        values[stem + "fen"] = refund.amount_fen
    if refund.line_external_id:
        values[stem + "line"] = refund.line_external_id
    return partial_reading(refund.order_external_id, values, as_of)


def reading_document(reading: Reading) -> list[object]:
    """A reading as JSON, for what waits until its order comes."""
    return [list(reading.stamp), dict(reading.values)]


def reading_from(external_id: str, document: Sequence[object]) -> Reading:
    """A reading back from its JSON."""
    stamp, values = document
    assert isinstance(stamp, Sequence)
    assert isinstance(values, Mapping)
    at, rank, digest = stamp
    return Reading(external_id, (str(at), int(str(rank)), str(digest)), dict(values))


def partial_reading(external_id: str, values: Values, as_of: datetime, rank: int = 0) -> Reading:
    """A reading of a few fields (a second file with recipients, a reply about one thing)."""
    return Reading(external_id, (_moment(as_of), rank, _digest(values)), dict(values))


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def _digest(values: Values) -> str:
    said = {k: v for k, v in values.items() if k != CIPHER}
    return hashlib.blake2b(orjson.dumps(said, option=orjson.OPT_SORT_KEYS), digest_size=8).hexdigest()
