"""Taking a list home: the same door for every list."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from daifa.areas.mailroom.services import tasks
from daifa.base.web import REFUSALS, Given, May, actor_of
from daifa.flows import list_export

router = Router(tags=["lists"])


class ListTarget(Given):
    """What the list shows now: its filters, tab and order."""

    filter: dict[str, Any] = {}


class ListExport(Given):
    """What to write: the rows the filter finds, the columns on screen in their order."""

    target: ListTarget = ListTarget()
    columns: list[str] = Field(default=[], max_length=60)


class ListExportSaid(Schema):
    """That it has begun, and the task to follow."""

    message: str
    task_id: UUID


@router.post("/lists/{name}/export", response={200: ListExportSaid, **REFUSALS}, auth=May(list_export.EXPORT))
def export_list(request: HttpRequest, name: str, body: ListExport) -> dict[str, object]:
    """Begin the export of one list (purchases, goods, suppliers, parcels …); the task centre holds its file."""
    asked = {str(k): str(v) for k, v in body.target.filter.items() if v not in (None, "", False)}
    task = list_export.start(by=actor_of(request), name=name, asked=asked, columns=body.columns)
    return {"message": f"正在导出，{tasks.TOLD_LATER}", "task_id": task}
