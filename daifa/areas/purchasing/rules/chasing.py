"""催单: what a supplier still owes numbers for, as a text to paste into a chat. Nobody's name or address is in it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from daifa.kit.clock import short_time
from daifa.kit.values import dataclass


@dataclass(frozen=True, slots=True)
class OwedPurchase:
    """One purchase without all of its numbers: ours and the platform's, the goods with what is left of them."""

    number: str
    orders: tuple[str, ...]
    goods: tuple[tuple[str, int], ...]
    due_by: datetime | None


def chase_text(supplier: str, owed: Sequence[OwedPurchase], now: datetime) -> str:
    """The text, in the order given; empty where nothing is owed."""
    if not owed:
        return ""
    late = sum(1 for p in owed if p.due_by is not None and p.due_by <= now)
    head = f"{supplier}，下面 {len(owed)} 单还没有快递单号" + (f"，其中 {late} 单已经超时" if late else "")
    lines = [f"{head}，麻烦尽快发货并回单号："]
    for n, one in enumerate(owed, start=1):
        lines.append(f"{n}. {one.number}（平台单号 {'，'.join(one.orders)}）")
        lines += [f"   {name}×{left}" for name, left in one.goods]
        if one.due_by is not None:
            lines.append(f"   {'已超时，最晚' if one.due_by <= now else '最晚'} {short_time(one.due_by)} 发出")
    lines.append("发货后请回：单号 快递 运单号，一单一行。")
    return "\n".join(lines)
