"""How commands speak: a table for people, JSON for programs."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence

import orjson

from daifa.kit.errors import AppError


def say(text: str) -> None:
    """One line on standard output."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def as_json(value: object) -> None:
    """A JSON document on standard output."""
    sys.stdout.write(orjson.dumps(value, default=str, option=orjson.OPT_INDENT_2).decode() + "\n")
    sys.stdout.flush()


def show(
    arguments: argparse.Namespace,
    rows: Sequence[Mapping[str, object]],
    columns: Mapping[str, str],
    *,
    more: bool = False,
) -> None:
    """Rows as JSON or as a table with Chinese column titles. ``more``: a limit cut them off, which a person is told."""
    if arguments.json:
        as_json(list(rows))
        return
    say("\t".join(columns.values()))
    for row in rows:
        say("\t".join("" if row.get(k) is None else str(row.get(k)) for k in columns))
    say(f"只列出前 {len(rows)} 条，后面还有；--limit 0 是全部" if more else f"共 {len(rows)} 条")


def refuse(arguments: argparse.Namespace, error: AppError) -> None:
    """A refusal with its reason."""
    if arguments.json:
        as_json({"refused": True, "code": error.code, "message": error.message_zh, "data": dict(error.data)})
    else:
        sys.stderr.write(f"没有执行：{error.message_zh}\n")
