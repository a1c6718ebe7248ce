"""No request's body may say what nobody reads: a misspelt field would be passed over, and mean "all" or "none"."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson

from daifa.entry.commands.product import document


def _named(node: Any) -> Iterator[str]:
    """Every schema that this part of the document refers to."""
    if isinstance(node, dict):
        if isinstance(ref := node.get("$ref"), str):
            yield ref.rpartition("/")[2]
        for inner in node.values():
            yield from _named(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from _named(inner)


def _lenient(spec: dict[str, Any]) -> set[str]:
    """The schemas within any JSON body that take unknown fields."""
    schemas = spec["components"]["schemas"]
    bodies = [
        operation["requestBody"]["content"]["application/json"]
        for operations in spec["paths"].values() for operation in operations.values()
        if "application/json" in operation.get("requestBody", {}).get("content", {})
    ]  # fmt: skip
    reached, waiting = set[str](), {name for body in bodies for name in _named(body)}
    while waiting:
        name = waiting.pop()
        reached.add(name)
        waiting |= set(_named(schemas[name])) - reached
    assert len(reached) > 50
    return {n for n in reached if "properties" in schemas[n] and schemas[n].get("additionalProperties") is not False}


def test_every_body_refuses_fields_that_nobody_knows() -> None:
    spec = orjson.loads(document())
    assert _lenient(spec) == set()
    del spec["components"]["schemas"]["ImportRun"]["additionalProperties"]
    assert _lenient(spec) == {"ImportRun"}
