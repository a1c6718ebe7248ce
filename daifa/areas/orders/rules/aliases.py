"""Which line of a reading is which line of the order: a number arriving later is an alias, never a second line."""

from __future__ import annotations

from collections.abc import Mapping

from daifa.areas.orders.rules.ranking import rank
from daifa.areas.orders.rules.readings import (
    NO_STAMP,
    Document,
    Reading,
    Stamp,
    Value,
    Values,
    line_key,
    line_keys,
    split_key,
    whole_lines,
)

# What makes two lines the same goods, strongest first. An empty first field says nothing.
_SIGNS = (("listing_key",), ("merchant_code",), ("title", "spec"))


def aligned(document: Document, reading: Reading) -> tuple[Document, Values]:
    """The document and the reading's values with the reading's lines under the keys the document uses for them."""
    spoken = line_keys(reading.values)
    there = whole_lines(document.values)
    if not spoken or spoken <= there:
        return document, reading.values
    alias = _aliases(document.values, there, reading.values, spoken)
    if not alias:
        return document, reading.values
    return _moved(document, alias), {_renamed(k, alias): v for k, v in reading.values.items()}


def _aliases(
    document: Mapping[str, Value], there: set[str], reading: Mapping[str, Value], spoken: set[str]
) -> dict[str, str]:
    numbers = {str(n): key for key in there if (n := document.get(line_key(key, "external_id")))}
    alias = {key: numbers[key] for key in spoken - there if key in numbers}
    mine = whole_lines(reading)
    strangers = sorted((k for k in mine - there if k not in alias), key=lambda k: _place(reading, k))
    free = sorted(there - mine - set(alias.values()), key=lambda k: _place(document, k))
    for sign in _SIGNS:
        for key in list(strangers):
            found = next((d for d in free if _same_goods(reading, key, document, d, sign)), None)
            if found is not None:
                alias[key] = found
                strangers.remove(key)
                free.remove(found)
    return alias


def _place(values: Mapping[str, Value], key: str) -> tuple[int, str]:
    # Twins are paired in the order of their numbers, which does not depend on which file came first.
    name = str(values.get(line_key(key, "external_id")) or key)
    return len(name), name


def _same_goods(
    one: Mapping[str, Value], key: str, two: Mapping[str, Value], other: str, sign: tuple[str, ...]
) -> bool:
    if one.get(line_key(key, "external_id")) and two.get(line_key(other, "external_id")):
        return False
    if not one.get(line_key(key, sign[0])):
        return False
    names = (*sign, "quantity", "is_gift")
    return all(one.get(line_key(key, n)) == two.get(line_key(other, n)) for n in names)


def _renamed(key: str, alias: Mapping[str, str]) -> str:
    if not key.startswith("l:"):
        return key
    name, field = split_key(key)
    return line_key(alias[name], field) if name in alias else key


def _moved(document: Document, alias: Mapping[str, str]) -> Document:
    """What was said of a number before anybody knew its line now belongs to that line."""
    if not any(k.startswith("l:") and split_key(k)[0] in alias for k in document.values):
        return document
    values: Values = {}
    stamps: dict[str, Stamp] = {}
    for key, value in document.values.items():
        name, stamp = _renamed(key, alias), document.stamps.get(key, NO_STAMP)
        if name not in values or rank(name, value, stamp) > rank(name, values[name], stamps[name]):
            values[name], stamps[name] = value, stamp
    return Document(values, stamps)
