"""Files dropped on 回填单号: chat texts and sheets, taken at once where nothing has to be asked."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from daifa.areas.logistics.rules.claims import claims_of
from daifa.areas.mailroom.rules import parse, recognise
from daifa.areas.mailroom.services import imports
from daifa.areas.mailroom.types import ImportView
from daifa.areas.purchasing.services import suppliers
from daifa.base.actor import Actor
from daifa.base.scope import current_tenant
from daifa.connectors import registry
from daifa.flows import import_run, intake, tracking, tracking_desk
from daifa.kit import clock
from daifa.kit.errors import Invalid
from daifa.kit.tabular import read_file
from daifa.kit.values import dataclass
from daifa.ports.sheet import ImportKind, TrackingRow

# Larger files go to the worker, with a bar in the corner.
AT_ONCE = 1_000_000
_INSTEAD = "请在“下载表格”里的表上填快递公司和快递单号再传，或把单号粘贴到输入框里。"


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one dropped file: taken (with the token for 撤销), under way (task), or asking (``why``)."""

    name: str
    message: str = ""
    undo: str = ""
    task_id: UUID | None = None
    import_id: UUID | None = None
    why: str = ""


def take(*, by: Actor, name: str, data: bytes, password: str = "", supplier_id: UUID | None = None) -> list[Taken]:
    """Take one dropped file: every sheet with numbers in it. What has to be asked waits on the import screen.

    ``supplier_id`` is whose it is, when the person said so. Raises NotAllowed for one outside the scope.
    """
    if name.lower().endswith(".txt"):
        task_id, outcome = tracking_desk.paste(_text(data, name), by=by, supplier_id=supplier_id, name=name)
        return [Taken(name, outcome.message, outcome.undo, task_id)]
    if supplier_id is not None:
        by.need_supplier(supplier_id)
    whose = suppliers.get(supplier_id).name if supplier_id else ""
    import_id = intake.receive(by=by, name=name, data=data, password=password, later=False)
    file_id = imports.get(import_id).file_id
    return [_sheet(row, by, len(data), whose) for row in imports.list_open() if row.file_id == file_id]


def take_of_supplier(*, by: Actor, supplier_id: UUID, name: str, data: bytes) -> str:
    """A file from the supplier's own link: read as tracking numbers and nothing else; what became of it, in words.

    Raises Invalid for a file that is too large or has no column of numbers that we know: nobody is there to ask.
    """
    if len(data) > AT_ONCE:
        raise Invalid("file_too_large", "文件超过 1 MB。请只留今天要发的行，或把单号粘贴到输入框里。")
    if name.lower().endswith(".txt"):
        return tracking_desk.paste(_text(data, name), by=by, supplier_id=supplier_id, name=name)[1].message
    sheets = [s for s in read_file(data, name) if s.rows and not s.hidden]
    profiles = registry.profiles()
    guesses = recognise(sheets, profiles, kind=ImportKind.TRACKING, now=clock.now())
    chosen = [(s, g) for s, g in zip(sheets, guesses, strict=True) if g.chosen]
    try:
        read = [parse(s, g, profiles) for s, g in chosen]
    except Invalid as error:
        raise Invalid("numbers_unclear", f"看不出“{name}”里哪一列是快递单号。{_INSTEAD}") from error
    rows = [r for parsed in read for r in parsed.records if isinstance(r, TrackingRow)]
    refused = [claim for parsed in read for claim in tracking.unreadable(name, parsed)]
    _, outcome = tracking_desk.lay(
        lambda known: claims_of(rows, own_numbers=known.own),
        by=by,
        supplier_id=supplier_id,
        name=name,
        data=data,
        refused=refused,
    )
    return outcome.message


def _text(data: bytes, name: str) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Invalid("text_unreadable", f"“{name}”的文字编码认不出来。请打开它，复制后粘贴到输入框里。")


def _sheet(row: ImportView, by: Actor, size: int, whose: str) -> Taken:
    name = str(row.guess.get("name") or row.file_name)
    if row.state == "waiting" and (not row.kind or (whose and row.kind == ImportKind.TRACKING)):
        said = replace(intake.said_of(row), kind=ImportKind.TRACKING.value, supplier=whose)
        intake.correct(by=by, import_id=row.id, said=said)
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
