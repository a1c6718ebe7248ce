"""Routes of the screen 操作日志."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema

from daifa.base.actor import Actor
from daifa.base.web import REFUSALS, May, actor_of
from daifa.reads import audit_log

router = Router(tags=["audit"])


class AuditQuery(Schema):
    """What is asked of the log; ``who`` is part of a name or an actor's key, days are Beijing days."""

    who: str = ""
    topic: str = ""
    kind: str = ""
    object_id: UUID | None = None
    text: str = ""
    at_from: date | None = None
    at_to: date | None = None

    def filter(self, by: Actor) -> audit_log.Filter:
        """As the query knows it; with a data scope, one's own deeds: others' may be about any shop."""
        return audit_log.Filter(
            only="" if by.everywhere else by.key,
            who=self.who, topic=self.topic, kind=self.kind, object_id=self.object_id, text=self.text,
            first=self.at_from, last=self.at_to,
        )  # fmt: skip


class AuditOut(Schema):
    """One deed: who, what (in a sentence), before and after, why, from where."""

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
    data: dict[str, Any]
    address: str


class AuditPage(Schema):
    """A page of the log; ``total`` null beyond ten thousand."""

    items: list[AuditOut]
    next_cursor: str | None
    total: int | None


@router.get("/audit", response={200: AuditPage, **REFUSALS}, auth=May("audit.view"))
def list_audit(request: HttpRequest, asked: Query[AuditQuery], cursor: str = "", limit: int | None = None) -> Any:
    """The log, newest first."""
    wanted = asked.filter(actor_of(request))
    found = audit_log.page(wanted, cursor=cursor, limit=limit)
    return {"items": found.items, "next_cursor": found.next or None, "total": audit_log.count(wanted)}


class Topic(Schema):
    """A kind of deed to filter by."""

    id: str
    name: str


@router.get("/audit/topics", response={200: list[Topic], **REFUSALS}, auth=May("audit.view"))
def topics(request: HttpRequest) -> Any:
    """What can be filtered by."""
    return [{"id": key, "name": label} for key, (label, _) in audit_log.TOPICS.items()]
