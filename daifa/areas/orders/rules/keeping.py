"""How a merged order is kept: values in columns, and beside them one small JSON with their stamps.

The columns hold settled values and cannot tell "said: none" from "not said"; what they cannot give back stands in the
JSON: ``s`` distinct stamps, ``f`` key -> number of its stamp (0 unsaid), ``d`` defaults that were said (r refund none,
l every line's refund none, f flag empty), ``o`` key -> raw value (null: derived, nobody said it).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

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
from daifa.areas.orders.rules.refunds import settled
from daifa.ports.shop import RefundState

type Packed = dict[str, object]

_NONE: Final = RefundState.NONE.value
_EMPTY = ("", _NONE)
# An empty text of these was said; columns of other texts are only filled when something was said.
_SAID_EMPTY = frozenset({"waits"})


def pack(document: Document, kept: Values | None = None) -> Packed:
    """The JSON beside the columns of ``settled(document)`` (``kept``, where the caller has it). No personal data."""
    distinct = set(document.stamps.values())
    if len(distinct) == 1:
        packed: Packed = {"s": [list(s) for s in distinct]}
    else:
        packed = _several(document.stamps)
    defaults = _said_defaults(document.values)
    if defaults:
        packed["d"] = defaults
    if raw := _not_in_columns(document, settled(document) if kept is None else kept, defaults):
        packed["o"] = raw
    return packed


def _several(stamps: Mapping[str, Stamp]) -> Packed:
    count: dict[Stamp, int] = {}
    for stamp in stamps.values():
        count[stamp] = count.get(stamp, 0) + 1
    ranked = sorted(count, key=lambda s: (-count[s], s))
    index = {s: n for n, s in enumerate(ranked)}
    return {"s": [list(s) for s in ranked], "f": {k: index[s] for k, s in sorted(stamps.items()) if index[s]}}


def _said_defaults(values: Mapping[str, Value]) -> str:
    said = "r" if values.get("refund") == _NONE else ""
    lines = whole_lines(values)
    if lines and all(values.get(line_key(k, "refund")) == _NONE for k in lines):
        said += "l"
    return said + ("f" if values.get("flag") == "" else "")


def _not_in_columns(document: Document, kept: Values, defaults: str) -> dict[str, Value]:
    values = document.values
    raw: dict[str, Value]
    if kept is values:
        raw = {k: v for k, v in values.items() if v in _EMPTY and not _told(k, v, defaults)}
    else:
        raw = {
            key: value
            for key, value in values.items()
            if key.startswith("r:")
            or (key != "region" and kept.get(key) != value)
            # A column that holds this reads back as "nothing said".
            or (value in _EMPTY and not _told(key, value, defaults))
        }
        raw.update({key: None for key in kept if key not in values})
    raw.pop("region", None)
    if (region := values.get("region")) is not None and region != _region(values.get("p:recipient")):
        raw["region"] = region
    for name in line_keys(values) - whole_lines(values):
        # Said of a number that nobody knows the line of yet: no row to stand in.
        raw.update({k: v for k, v in values.items() if k.startswith(f"l:{name}:") and split_key(k)[0] == name})
    return raw


def _told(key: str, value: Value, defaults: str) -> bool:
    """Whether an empty value comes back: by the letters of ``d``, or because its column can hold it."""
    if key.startswith("p:") or key in _SAID_EMPTY:
        return True
    if value == "":
        return key == "flag" and "f" in defaults
    name = key.rsplit(":", 1)[-1]
    return name != "refund" or (key == "refund" and "r" in defaults) or (key != "refund" and "l" in defaults)


def _region(recipient: Value) -> str:
    if not isinstance(recipient, dict) or not recipient.get("province"):
        return ""
    return "|".join(recipient.get(k, "") for k in ("province", "city", "district"))


def unpack(packed: Mapping[str, object], columns: Mapping[str, Value]) -> Document:
    """The document of stored values (what the columns give back) and the JSON beside them."""
    values = dict(columns)
    said = str(packed.get("d") or "")
    if "r" in said:
        values["refund"] = _NONE
    if "f" in said:
        values["flag"] = ""
    if "l" in said:
        values.update({line_key(k, "refund"): _NONE for k in whole_lines(values)})
    raw = packed.get("o")
    region = _region(values.get("p:recipient"))
    if region:
        values["region"] = region
    for key, value in raw.items() if isinstance(raw, Mapping) else ():
        if value is None:
            values.pop(key, None)
        else:
            values[key] = value
    listed = _stamps(packed)
    default = listed[0] if listed else NO_STAMP
    marks = packed.get("f")
    if not isinstance(marks, Mapping):
        return Document(values, dict.fromkeys(values, default))
    return Document(values, {k: listed[int(marks[k])] if k in marks else default for k in values})


def _stamps(packed: Mapping[str, object]) -> list[Stamp]:
    raw = packed.get("s")
    return [(str(a), int(b), str(c)) for a, b, c in raw] if isinstance(raw, list) else []


def stamp_of(packed: Mapping[str, object], key: str) -> Stamp:
    """The stamp of one value; that of the first reading where nothing else is said."""
    listed, marks = _stamps(packed), packed.get("f")
    if not listed:
        return NO_STAMP
    return listed[int(marks[key])] if isinstance(marks, Mapping) and key in marks else listed[0]


def knows(packed: Mapping[str, object], reading: Reading) -> bool:
    """Whether this very reading (same time, same content) is in the order already."""
    raw = packed.get("s")
    return isinstance(raw, list) and any(tuple(s) == reading.stamp for s in raw)


def again(packed: Mapping[str, object], reading: Reading) -> Mapping[str, object] | None:
    """The JSON after a reading that says nothing new, or None when the order has to be merged.

    ``packed`` itself when the reading is known or older; a fresher stamp when a later file says exactly the same of
    an order that has only one source. Needs no opened data, so that a file imported daily costs next to nothing.
    """
    if knows(packed, reading):
        return packed
    listed = _stamps(packed)
    if len(listed) != 1 or listed[0][1:] != reading.stamp[1:]:
        return None
    return {**packed, "s": [list(reading.stamp)]} if reading.stamp > listed[0] else packed
