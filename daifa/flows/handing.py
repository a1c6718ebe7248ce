"""Stored files handed to a person: whose they are, which right they take, and a reason where people may be in them."""

from __future__ import annotations

from uuid import UUID

from daifa.areas.accounts.services import settings
from daifa.areas.mailroom.services import files, imports, tasks
from daifa.areas.mailroom.services.files import FileView
from daifa.areas.mailroom.types import ImportView, TaskView, Within
from daifa.areas.purchasing.services import suppliers
from daifa.base import audit, opening
from daifa.base.actor import Actor
from daifa.kit.errors import NotFound

# A plain export is not any export: recipients stand in it as they are.
PLAIN, EXPORT, AUDIT = "export_plain", "export", "export_audit"
# Order numbers and why a deed left them out.
LEFT = "left"
# Who may take a stored file home, by what it is. What is not listed here is not handed out by tasks or imports.
RIGHTS = {
    "import": ("imports.run",),
    "errors": ("imports.run",),
    EXPORT: ("orders.export",),
    PLAIN: ("orders.export", opening.PERMISSION),
    LEFT: ("orders.view",),
    AUDIT: ("audit.view", "orders.export"),
    "sheet": ("purchasing.send",),
    "ship": ("logistics.edit",),
}


def within(by: Actor) -> Within:
    """The files that somebody may see, in the mailroom's words (it knows suppliers by the name in the file)."""
    if by.suppliers is None:
        return Within(by.key, by.shops)
    names = suppliers.names()
    return Within(by.key, by.shops, frozenset(names[i] for i in by.suppliers if i in names))


def own_import(by: Actor, import_id: UUID) -> ImportView:
    """One import within somebody's scope. Raises NotFound."""
    return imports.get(import_id, within=within(by))


def of_import(*, by: Actor, import_id: UUID, errors: bool = False, reason: str = "") -> tuple[bytes, str]:
    """The file of an import as it was uploaded, or its refused rows. Raises NotFound, NotAllowed, Invalid, TooMany."""
    row = own_import(by, import_id)
    return _hand(by, _stored(row.error_file_id if errors else row.file_id), reason)


def of_task(*, by: Actor, task_id: UUID, errors: bool = False, reason: str = "") -> tuple[bytes, str]:
    """The file that a task read or made, or the rows it refused; to whoever started it, or has no data scope.

    Raises NotFound, NotAllowed, Invalid, TooMany.
    """
    task = tasks.get(task_id, by=by)
    stored = _stored(task.error_file_id if errors else task.file_id)
    if stored.purpose == PLAIN:
        _plain(by, task, stored, reason)
        return _take(by, stored)
    return _hand(by, stored, reason)


def _stored(file_id: UUID | None) -> FileView:
    found = files.get(file_id) if file_id else None
    if found is None or found.purpose not in RIGHTS:
        raise NotFound("no_such_file", "没有这个文件。")
    return found


def _need(by: Actor, stored: FileView) -> None:
    for permission in RIGHTS[stored.purpose]:
        by.need(permission)


def _plain(by: Actor, task: TaskView, stored: FileView, reason: str) -> None:
    _need(by, stored)
    if task.started_by != by.key:
        raise NotFound("no_such_file", "没有这个文件。含收件人原文的导出只有导出的人能下载，请自己导出一次。")
    # Whoever asked for it said why; each taking is counted and written down with it.
    _open(by, stored, reason or str(task.params.get("reason") or ""))


def _hand(by: Actor, stored: FileView, reason: str) -> tuple[bytes, str]:
    _need(by, stored)
    if stored.purpose in imports.PURPOSES:
        # A file may hold several sheets: all of them must be this person's to see.
        if not imports.all_within(stored.id, within(by)):
            raise NotFound("no_such_file", "没有这个文件。")
        if stored.id in imports.with_people([stored.id]):
            _open(by, stored, reason)
    return _take(by, stored, reason)


def _open(by: Actor, stored: FileView, reason: str) -> None:
    opening.allow(
        by=by, kind="file", object_id=stored.id, what=f"文件 {stored.name}", reason=reason,
        limit=settings.number("openings_per_hour"),
    )  # fmt: skip


def _take(by: Actor, stored: FileView, reason: str = "") -> tuple[bytes, str]:
    data = files.content(stored.id)
    audit.record(by, "file.download", f"下载文件 {stored.name}", kind="file", object_id=stored.id, reason=reason)
    return data, stored.name
