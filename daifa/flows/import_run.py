"""Running one import: whole objects in short transactions, safe to take up again after a crash, to be cancelled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from django.db import InterfaceError, OperationalError

from daifa.areas.mailroom.services import files, imports, tasks, templates
from daifa.areas.mailroom.types import ImportView
from daifa.base.jobs import tenant_task
from daifa.base.tenancy import tenant
from daifa.flows import import_undo, reading, recorders
from daifa.flows.reading import Said, Understood
from daifa.kit.collecting import patient_collector
from daifa.kit.errors import AppError, Conflict

CANCELLED = "已取消：已经导入的留下了，其余的没有动。重新读取后可以接着导入。"


@tenant_task("intake.run")
def run_imports(*, tenant_id: int, import_ids: Sequence[str]) -> None:
    """Record imports one after the other, in the order given; safe to run again after a crash.

    One job for all of them: what waits for a lock is looked at only every other second. A fault of ours in one
    import does not keep the others from running; it is raised at the end.
    """
    faults: list[Exception] = []
    for import_id in import_ids:
        try:
            perform(tenant_id, UUID(import_id))
        except (OperationalError, InterfaceError):
            raise
        except Exception as fault:  # noqa: BLE001  # raised when the others are done
            faults.append(fault)
    if faults:
        raise faults[0]


def stop(tenant_id: int, import_id: UUID) -> None:
    """An import whose own process was interrupted ends as cancelled; what is in stays until it is taken out."""
    with tenant(tenant_id):
        row = imports.get(import_id)
    if row.task_id is not None and row.state in {"queued", "running"}:
        _finish(tenant_id, import_id, row.task_id, "cancelled", {"message": CANCELLED})


def perform(tenant_id: int, import_id: UUID) -> None:
    """Run one queued import to its end (done, failed or cancelled). Opens its own transactions.

    A lost database raises, so that the job is tried again; any other fault ends the import as failed and raises.
    """
    row = _begin(tenant_id, import_id)
    if row is None or row.task_id is None:
        return
    task_id = row.task_id
    try:
        with patient_collector():
            result = recorders.record(tenant_id, row, _understood(tenant_id, row))
        _finish(tenant_id, import_id, task_id, "done", result)
    except tasks.Cancelled:
        _finish(tenant_id, import_id, task_id, "cancelled", {"message": CANCELLED})
    except AppError as error:
        _finish(tenant_id, import_id, task_id, "failed", {"message": error.message_zh})
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        told = "程序出错，导入停下了；已经导入的是完整的。请重新读取后再试，还不行请联系管理员。"
        _finish(tenant_id, import_id, task_id, "failed", {"message": told})
        raise


def _begin(tenant_id: int, import_id: UUID) -> ImportView | None:
    """Take the import up, unless it is over or was cancelled while it waited."""
    with tenant(tenant_id):
        if not imports.exists(import_id):
            return None
        row = imports.get(import_id, lock=True)
        if row.task_id is not None and row.state == "cancelled" and not row.counts:
            # Cancelled while its worker was silent: what had come in is counted now, and can be taken out again.
            _finish(tenant_id, import_id, row.task_id, "cancelled", {"message": CANCELLED})
        if row.task_id is None or row.state not in {"queued", "running"}:
            return None
        if tasks.begin(row.task_id) is None:
            imports.finish(import_id, tasks.get(row.task_id).state, imports.object_outcomes(import_id), None)
            return None
        imports.set_state(import_id, "running")
        tasks.progress(row.task_id, 0, 0, "正在读取文件")
        return row


def _understood(tenant_id: int, row: ImportView) -> Understood:
    """The file under the belief that was shown. Raises Conflict when its columns would mean something else now."""
    with tenant(tenant_id):
        said = row.guess.get("said")
        data, known, password = (
            files.content(row.file_id),
            templates.documents(),
            reading.open_password(row.guess.get("password")),
        )
    found = reading.understand(
        data,
        str(row.guess.get("name") or row.file_name),
        said=Said.of(said if isinstance(said, Mapping) else {}),
        password=password,
        templates=known,
        sheet=row.sheet,
    )
    if len(found) != 1 or reading.mapping_of(found[0].guess) != row.guess.get("mapping"):
        raise Conflict("mapping_changed", "列的对应关系在确认之后变了，没有导入。请重新读取，看过后再导入。")
    one = found[0]
    return replace(one, guess=replace(one.guess, as_of=row.as_of or one.guess.as_of))


def _finish(tenant_id: int, import_id: UUID, task_id: UUID, state: str, result: Mapping[str, object]) -> None:
    with tenant(tenant_id):
        counts = imports.object_outcomes(import_id)
        rejected = imports.outcomes(import_id).get("rejected", 0)
        summary = {**counts, "rejected": rejected, **result}
        if token := import_undo.offer(imports.get(import_id), int(str(counts.get("new", 0)))):
            summary["undo"] = token
        error_file = summary.pop("error_file", None)
        error_id = UUID(str(error_file)) if error_file else None
        imports.finish(import_id, state, summary, error_id)
        tasks.finish(task_id, state=state, result=summary, error_file=error_id, link=f"/import?done={import_id}")
