"""The screen 操作日志: who did what to what, why, from where; searched and paged, newest first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import orjson

from daifa.base import bulk
from daifa.kit import clock, paging
from daifa.kit.errors import Invalid
from daifa.kit.values import dataclass

# What a verb is about, by the word before its dot.
TOPICS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "entrance": ("登录与账号", ("sign_in", "session", "password", "totp", "token")),
    "people": ("成员与角色", ("member", "role")),
    "private": ("打开隐私", ("sealed",)),
    "files": ("导入与文件", ("import", "file", "template", "task", "export")),
    "orders": ("订单与异常", ("order", "orders", "hold", "match", "mapping", "tag", "recipient")),
    "purchasing": ("采购与供应商", ("purchasing", "purchase", "supplier", "offer", "dispatch")),
    "shipping": ("发货", ("parcel", "tracking", "ship_file", "upload", "logistics")),
    "aftersales": ("售后与钱", ("support", "case", "rate", "finance")),
    "records": ("商品与店铺", ("sku", "product", "shop", "category")),
    "rules": ("规则与设置", ("settings", "rule", "platform_rule", "exemption", "blocklist")),
    "undo": ("撤销", ("undo",)),
}
MOST_COUNTED = 10_000


@dataclass(frozen=True, slots=True)
class Filter:
    """What is asked of the log. Empty fields ask nothing; days are Beijing days, both included.

    ``only``: an actor's key, beyond whom nothing is shown.
    """

    only: str = ""
    who: str = ""
    topic: str = ""
    kind: str = ""
    object_id: UUID | None = None
    text: str = ""
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One deed."""

    id: UUID
    at: datetime
    actor: str
    actor_name: str
    verb: str
    topic: str
    kind: str
    object_id: UUID | None
    summary: str
    reason: str
    data: dict[str, Any] = field(default_factory=dict)
    address: str = ""


_COLUMNS = "id, at, actor, actor_name, verb, kind, object_id, summary, reason, data, address"


def _like(text: str) -> str:
    return "%" + text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"


def _where(asked: Filter) -> tuple[str, dict[str, Any]]:
    parts, given = ["tenant_id = {tenant}"], dict[str, Any]()
    if asked.only:
        parts.append("actor = %(only)s")
        given["only"] = asked.only
    if asked.who.strip():
        parts.append("(actor = %(who)s OR actor_name ILIKE %(who_like)s)")
        given |= {"who": asked.who.strip(), "who_like": _like(asked.who.strip())}
    if asked.topic:
        if asked.topic not in TOPICS:
            raise Invalid("unknown_topic", f"没有“{asked.topic}”这一类日志。")
        parts.append("split_part(verb, '.', 1) = ANY(%(verbs)s)")
        given["verbs"] = list(TOPICS[asked.topic][1])
    if asked.kind:
        parts.append("kind = %(kind)s")
        given["kind"] = asked.kind
    if asked.object_id:
        parts.append("object_id = %(object)s")
        given["object"] = asked.object_id
    if asked.text.strip():
        parts.append("(summary ILIKE %(text)s OR reason ILIKE %(text)s)")
        given["text"] = _like(asked.text.strip())
    if asked.first:
        parts.append("at >= %(first)s")
        given["first"] = clock.day_start(asked.first)
    if asked.last:
        parts.append("at < %(end)s")
        given["end"] = clock.day_start(asked.last + timedelta(days=1))
    return " AND ".join(parts), given


def _after(cursor: str) -> tuple[str, dict[str, Any]]:
    if not cursor:
        return "", {}
    at, row = paging.decode(cursor, 2)
    try:
        given = {"at": datetime.fromisoformat(str(at)), "row": UUID(str(row))}
    except ValueError as error:
        raise Invalid("bad_cursor", "翻页位置无效，请回到第一页。") from error
    return " AND (at < %(at)s OR (at = %(at)s AND id > %(row)s))", given


def page(asked: Filter, *, cursor: str = "", limit: int | None = None) -> paging.Page[Entry]:
    """One page of deeds. Raises Invalid for an unknown topic or cursor."""
    size = paging.limit_of(limit)
    where, given = _where(asked)
    more, place = _after(cursor)
    rows = bulk.select_named(
        f"SELECT {_COLUMNS} FROM base_auditentry WHERE {where}{more} ORDER BY at DESC, id LIMIT %(limit)s",
        {**given, **place, "limit": size + 1},
    )
    found = [_entry(r) for r in rows[:size]]
    following = paging.encode([found[-1].at.isoformat(), str(found[-1].id)]) if len(rows) > size else ""
    return paging.Page(found, following)


def count(asked: Filter) -> int | None:
    """How many deeds there are; None beyond ten thousand, where counting would cost more than the page."""
    where, given = _where(asked)
    sql = f"SELECT 1 FROM base_auditentry WHERE {where} LIMIT %(most)s"
    found = bulk.select_named(f"SELECT count(*) FROM ({sql}) AS found", {**given, "most": MOST_COUNTED + 1})
    return None if found[0][0] > MOST_COUNTED else int(found[0][0])


def _entry(row: tuple[Any, ...]) -> Entry:
    i, at, actor, name, verb, kind, object_id, summary, reason, data, address = row
    return Entry(i, at, actor, name, verb, topic_of(verb), kind, object_id, summary, reason, _json(data), address)


def _json(data: Any) -> dict[str, Any]:
    return orjson.loads(data) if isinstance(data, str) else dict(data or {})


def topic_of(verb: str) -> str:
    """The Chinese name of what a verb is about."""
    word = verb.split(".", maxsplit=1)[0]
    return next((label for label, verbs in TOPICS.values() if word in verbs), "其他")
