"""Files dropped on 回填单号: chat texts and sheets, taken at once where nothing has to be asked."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from daifa.areas.mailroom.services import imports
from daifa.areas.mailroom.types import ImportView
from daifa.base.actor import Actor
from daifa.base.scope import current_tenant
from daifa.flows import import_run, intake, tracking_desk
from daifa.flows.reading import Said
from daifa.kit.errors import Invalid
from daifa.ports.sheet import ImportKind

# Larger files go to the worker, with a bar in the corner.
AT_ONCE = 1_000_000


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one dropped file: taken (with the token for 撤销), under way (task), or asking (``why``)."""

    name: str
    message: str = ""
    undo: str = ""
    task_id: UUID | None = None
    import_id: UUID | None = None
    why: str = ""


def take(*, by: Actor, name: str, data: bytes, password: str = "") -> list[Taken]:
    """Take one dropped file: every sheet with numbers in it. What has to be asked waits on the import screen."""
    if name.lower().endswith(".txt"):
        task_id, outcome = tracking_desk.paste(_text(data, name), by=by, name=name)
        return [Taken(name, outcome.message, outcome.undo, task_id)]
    import_id = intake.receive(by=by, name=name, data=data, password=password, later=False)
    file_id = imports.get(import_id).file_id
    return [_sheet(row, by, len(data)) for row in imports.list_open() if row.file_id == file_id]


def _text(data: bytes, name: str) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Invalid("text_unreadable", f"“{name}”的文字编码认不出来。请打开它，复制后粘贴到输入框里。")


def _sheet(row: ImportView, by: Actor, size: int) -> Taken:
    name = str(row.guess.get("name") or row.file_name)
    if row.state == "waiting" and not row.kind:
        intake.correct(by=by, import_id=row.id, said=Said(kind=ImportKind.TRACKING.value))
        row = imports.get(row.id)
    if row.kind and row.kind != ImportKind.TRACKING:
        label = ImportKind(row.kind).label
        return Taken(name, import_id=row.id, why=f"这像是{label}文件，不是快递单号。请到“导入”里确认。")
    if why := intake.why_not_ready(row):
        return Taken(name, import_id=row.id, why=why)
    started = intake.run(by=by, import_ids=[row.id], later=size > AT_ONCE)
    if size > AT_ONCE:
        return Taken(name, "正在登记", task_id=started.tasks[0], import_id=row.id)
    import_run.perform(current_tenant(), row.id)
    done = imports.get(row.id)
    if done.state != "done":
        return Taken(
            name, import_id=row.id, why=str(done.counts.get("message") or "没有登记成功，请到“导入”里看原因。")
        )
    counts = done.counts
    return Taken(name, str(counts.get("message", "")), str(counts.get("undo", "")), started.tasks[0], row.id)
