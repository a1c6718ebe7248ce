"""The bell: what a person must be told of, each with its one action, until they say that they know."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from daifa.base.web import REFUSALS, Given, May, actor_of
from daifa.flows import alarms
from daifa.flows.routes.connections import ConnectionSaid

router = Router(tags=["status"])
VIEW = May("connections.view")


class AlarmOut(Schema):
    """One alarm. ``level`` bad (something has stopped) or warn; ``facts`` go back when the person knows it."""

    key: str
    kind: str
    level: str
    title: str
    todo: str
    action: str
    screen: str
    query: dict[str, str]
    facts: str
    known: bool


class AlarmsOut(Schema):
    """Everything of the bell: how many somebody does not know yet, and all of them."""

    fresh: int
    alarms: list[AlarmOut]


@router.get("/alarms", response={200: AlarmsOut, **REFUSALS}, auth=VIEW)
def list_alarms(request: HttpRequest) -> Any:
    """What I must be told of, what has stopped first."""
    found = alarms.current(actor_of(request))
    return {
        "fresh": sum(not known for _, known in found),
        "alarms": [
            {
                **{f: getattr(a, f) for f in a.__slots__},
                "level": a.level.value,
                "query": dict(a.query),
                "known": known,
            }
            for a, known in found
        ],
    }


class KnownIn(Given):
    """Alarms that I know: key → facts, as they were shown."""

    keys: dict[str, str]


@router.post("/alarms/known", response={200: ConnectionSaid, **REFUSALS}, auth=VIEW)
def know_alarms(request: HttpRequest, body: KnownIn) -> Any:
    """I know these; they come back when their facts change."""
    alarms.know(by=actor_of(request), keys=body.keys)
    return {"message": "知道了，情况有变化再提醒"}
