"""Entities as JSON and back, by their type hints."""

from __future__ import annotations

import types
import typing
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from functools import cache
from typing import Any

import orjson


def encode(entity: object) -> bytes:
    """The entity as JSON."""
    return orjson.dumps(entity)


def decode(kind: type, data: bytes) -> Any:
    """The entity that was encoded."""
    return _reader(kind)(orjson.loads(data))


@cache
def _reader(hint: Any) -> Callable[[Any], Any]:
    if is_dataclass(hint):
        return _dataclass_reader(typing.cast(type, hint))
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (types.UnionType, typing.Union):
        inner = _reader(next(a for a in arguments if a is not type(None)))
        return lambda v: None if v is None else inner(v)
    if origin is list:
        item = _reader(arguments[0])
        return lambda v: [item(x) for x in v]
    if hint is datetime:
        return datetime.fromisoformat
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint
    return lambda v: v


def _dataclass_reader(kind: type) -> Callable[[Any], Any]:
    hints = typing.get_type_hints(kind)
    readers = {f.name: _reader(hints[f.name]) for f in fields(kind)}
    return lambda v: kind(**{name: read(v[name]) for name, read in readers.items() if name in v})
