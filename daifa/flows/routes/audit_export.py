"""The audit log as a workbook: what the screen shows, written down like any other export."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Router

from daifa.areas.accounts.services import settings
from daifa.areas.mailroom.services import files, tasks
from daifa.base import audit
from daifa.base.web import REFUSALS, Given, May, actor_of, download
from daifa.flows import handing
from daifa.kit import clock
from daifa.kit.tabular import write
from daifa.reads import audit_log
from daifa.reads.routes.audit import AuditQuery

router = Router(tags=["audit"])
MOST = 20_000
HEADER = ("时间（北京）", "谁", "类别", "做了什么", "原因", "改动", "地址")


def _cells(entry: audit_log.Entry) -> list[write.Out]:
    at = entry.at.astimezone(clock.BEIJING).strftime("%Y-%m-%d %H:%M:%S")
    changes = "；".join(f"{k}：{v}" for k, v in entry.data.items())
    return [at, entry.actor_name, entry.topic, entry.summary, entry.reason, changes, entry.address]


class AuditAsked(AuditQuery, Given):
    """What to write of the log: the filters of its list."""


@router.post("/audit/export", response={200: None, **REFUSALS}, auth=May("audit.view", "orders.export"))
def export_audit(request: HttpRequest, body: AuditAsked) -> HttpResponse:
    """The log that a filter finds, newest first, as a workbook; at most twenty thousand deeds."""
    by, wanted = actor_of(request), body.filter(actor_of(request))
    rows: list[list[write.Out]] = []
    cursor = ""
    while len(rows) < MOST:
        page = audit_log.page(wanted, cursor=cursor, limit=200)
        rows += [_cells(e) for e in page.items]
        cursor = page.next
        if not cursor:
            break
    data = write.write_xlsx([write.Table("操作日志", HEADER, rows, widths=(20, 14, 14, 50, 24, 40, 16))])
    more = f"（只含最新 {MOST} 条）" if cursor else ""
    said = f"导出操作日志 {len(rows)} 条{more}"
    name = f"操作日志-{clock.now().astimezone(clock.BEIJING):%Y%m%d-%H%M}.xlsx"
    keep = settings.number("keep_file_days")
    made = files.store(by=by, data=data, name=name, purpose=handing.AUDIT, direction="out", keep_days=keep)
    task = tasks.record(by=by, kind="export", title=said, file_id=made.id, result={"message": f"{len(rows)} 条{more}"})
    audit.record(by, "export.audit", said, kind="task", object_id=task.id)
    return download(data, name, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
