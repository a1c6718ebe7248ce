"""What a file of nobody's format does not say, in words: what is then taken for granted, or makes it of no use."""

from __future__ import annotations

from collections.abc import Sequence

from daifa.areas.mailroom.rules.samples import GOODS_FIELDS
from daifa.ports.sheet import ColumnGuess, ImportKind
from daifa.ports.sheet_fields import FIELDS, REQUIRED


def missing(kind: ImportKind, columns: Sequence[ColumnGuess]) -> list[str]:
    """What no row can do without and no column means."""
    have = {c.field for c in columns if c.field}
    return [
        f"缺少“{'”或“'.join(FIELDS[k].label for k in choice)}”列" for choice in REQUIRED[kind] if not have & set(choice)
    ]


def lacking(kind: ImportKind | None, columns: Sequence[ColumnGuess]) -> list[str]:
    """All that no column says, and what holds instead."""
    if kind is None:
        return []
    have = {c.field for c in columns if c.field}
    notes = missing(kind, columns)
    if kind == ImportKind.ORDERS and "state" not in have:
        notes.append("没有订单状态列：全部按“已付款、待发货”处理")
    if kind == ImportKind.ORDERS and have & set(GOODS_FIELDS) and not have & {"quantity", "items_text"}:
        notes.append("没有数量列：每行按 1 件算")
    return notes
