"""动态: who did what when, batches and tasks together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from daifa.base import bulk
from daifa.base.actor import Actor
from daifa.kit.values import dataclass


@dataclass(frozen=True, slots=True)
class Deed:
    """Who did what when; ``undo`` the token while it can be taken back."""

    at: datetime
    by: str
    text: str
    undo: str


def newest(actor: Actor) -> tuple[Deed, ...]:
    """The last dozen: somebody's own, of everybody for people without a data scope."""
    whose = {"all": actor.everywhere, "me": actor.key}
    batches: Sequence[tuple[datetime, str, str, UUID | None]] = [
        (at, by, f"{title}（{n} 单）" if n else title, None if undone else i)
        for i, at, by, title, n, undone in bulk.select_named(
            "SELECT id, created_at, by_name, title, count, undone_at IS NOT NULL FROM orders_batch"
            " WHERE tenant_id = {tenant} AND (%(all)s OR by = %(me)s) ORDER BY created_at DESC LIMIT 12",
            whose,
        )
    ]
    tasks = [
        # What an export is called is the name of its file, where it is not called 导出….
        (at, by, f"生成文件 {title}" if kind == "export" and not title.startswith("导出") else title, None)
        for at, by, kind, title in bulk.select_named(
            "SELECT created_at, started_by_name, kind, title FROM mailroom_task"
            " WHERE tenant_id = {tenant} AND (%(all)s OR started_by = %(me)s) ORDER BY created_at DESC LIMIT 12",
            whose,
        )
    ]
    merged = sorted([*batches, *tasks], key=lambda d: d[0], reverse=True)[:12]
    return tuple(Deed(at, by, text, str(i) if i else "") for at, by, text, i in merged)
