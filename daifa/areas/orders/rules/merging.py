"""The merge rule: many readings of one order, in any order and any number of times, give the same order.

An order is a flat map of values; each value remembers the stamp (as-of, state rank, digest) of the reading it came
from. Each field takes the value of the greatest stamp; a state only moves on along the life cycle; cancelled and fully
refunded are absorbing; a fuller recipient is never replaced by a poorer one; what a reading does not say changes
nothing. ``settled`` then draws the refund of order and lines from everything said of it.
"""

from __future__ import annotations

from daifa.areas.orders.rules.aliases import aligned
from daifa.areas.orders.rules.ranking import by_person, moved_since, rank
from daifa.areas.orders.rules.readings import (
    CIPHER,
    NO_STAMP,
    PLATFORM_RECIPIENT,
    RECIPIENT,
    Document,
    Reading,
    Stamp,
    Value,
    Values,
)
from daifa.areas.orders.rules.refunds import settled


def first(reading: Reading) -> Document:
    """The document of an order seen for the first time."""
    return Document(reading.values, dict.fromkeys(reading.values, reading.stamp))


def merge(document: Document, reading: Reading) -> tuple[Document, tuple[str, ...]]:
    """The document after one more reading, and the keys whose settled values changed. Idempotent, order-free."""
    base, said = aligned(document, reading)
    values, stamps = dict(base.values), dict(base.stamps)
    touched = base is not document
    for key, value in said.items():
        if key == RECIPIENT and (by_person(value) or by_person(values.get(key))):
            touched = _keep_both(values, stamps, value, reading.stamp) or touched
        elif key not in values:
            values[key], stamps[key] = value, reading.stamp
            touched = True
        else:
            before, stamp = values[key], stamps.get(key, NO_STAMP)
            if rank(key, value, reading.stamp) > rank(key, before, stamp):
                values[key], stamps[key] = value, reading.stamp
                touched = touched or before != value
    after = Document(values, stamps)
    return after, changes(document, after) if touched else ()


def _keep_both(values: Values, stamps: dict[str, Stamp], value: Value, stamp: Stamp) -> bool:
    """A person's recipient stands above whatever sources say, and theirs is merged beside it. Whether one changed."""
    held, kept = values.get(RECIPIENT), by_person(values.get(RECIPIENT))
    if moved_since(held, value) and stamp > stamps.get(RECIPIENT, NO_STAMP):
        # What the platform opened for us is no longer where the parcel goes: its newer word stands.
        values[RECIPIENT], stamps[RECIPIENT] = value, stamp
        values.pop(PLATFORM_RECIPIENT, None)
        stamps.pop(PLATFORM_RECIPIENT, None)
        return True
    key = RECIPIENT if by_person(value) else PLATFORM_RECIPIENT
    if by_person(value) and not kept and RECIPIENT in values:
        values[PLATFORM_RECIPIENT], stamps[PLATFORM_RECIPIENT] = held, stamps.get(RECIPIENT, NO_STAMP)
    elif key in values and rank(RECIPIENT, value, stamp) <= rank(RECIPIENT, values[key], stamps.get(key, NO_STAMP)):
        return False
    before = values.get(key)
    values[key], stamps[key] = value, stamp
    return before != value


def without_edit(document: Document) -> Document:
    """The document with the platform's recipient again in the place of the one that a person typed."""
    if not by_person(document.values.get(RECIPIENT)):
        return document
    values, stamps = dict(document.values), dict(document.stamps)
    del values[RECIPIENT], stamps[RECIPIENT]
    if PLATFORM_RECIPIENT in values:
        values[RECIPIENT] = values.pop(PLATFORM_RECIPIENT)
        stamps[RECIPIENT] = stamps.pop(PLATFORM_RECIPIENT)
    return Document(values, stamps)


def changes(before: Document, after: Document) -> tuple[str, ...]:
    """The keys whose settled values differ."""
    old, new = settled(before), settled(after)
    gone = [k for k in old if k not in new]
    return tuple(k for k, v in new.items() if k not in old or (old[k] != v and k != CIPHER)) + tuple(gone)
