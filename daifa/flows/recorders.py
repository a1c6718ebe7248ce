"""From parsed rows to records: one recorder per kind of file, each a sequence of short transactions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from uuid import UUID

from daifa.areas.mailroom.rules.errors_file import write_errors
from daifa.areas.mailroom.services import files, imports
from daifa.areas.mailroom.types import ImportView
from daifa.base.actor import SYSTEM
from daifa.base.tenancy import tenant
from daifa.flows import catalog_files, order_files, ship_templates, tracking
from daifa.flows.reading import Understood
from daifa.kit.errors import Invalid
from daifa.ports.sheet import Parsed, RowError

type Fate = tuple[int, str, UUID | None, str, str, str]
type Recorder = Callable[[int, ImportView, Parsed], dict[str, object]]


def record(tenant_id: int, row: ImportView, one: Understood) -> dict[str, object]:
    """Record every row of an import; returns what its summary adds to the counts. Raises Cancelled, AppError."""
    if one.parsed is None:
        raise Invalid("not_parsed", one.problem or "文件读不懂，请重新确认列。")
    recorder = RECORDERS.get(row.kind)
    if recorder is None:
        raise Invalid("kind_not_supported", f"“{row.kind}”这类文件不能在这里导入。")
    result = recorder(tenant_id, row, one.parsed)
    with tenant(tenant_id):
        _refusals(row.id, one.parsed)
        if data := _error_file(row, one):
            stored = files.store(
                by=SYSTEM, data=data, name=f"失败原因-{row.file_name.rsplit('.', 1)[0]}.xlsx", purpose="errors",
                direction="out",
            )  # fmt: skip
            result["error_file"] = str(stored.id)
    return result


def _refusals(import_id: UUID, parsed: Parsed) -> None:
    first: dict[int, RowError] = {}
    for error in parsed.errors:
        first.setdefault(error.row, error)
    fates: list[Fate] = [(e.row, "rejected", None, e.column, e.reason, e.fix) for e in first.values()]
    fates += [
        (row, "rejected", None, "", f"同一订单的第 {other} 行有错，整单一起退回", "改好那一行后一起重新导入。")
        for row, other in parsed.held_back
        if row not in first
    ]
    imports.record_rows(import_id, fates)


def _error_file(row: ImportView, one: Understood) -> bytes:
    assert one.parsed is not None
    early = {e.row for e in one.parsed.errors} | {r for r, _ in one.parsed.held_back}
    late = [
        RowError(n, column, "", reason, fix)
        for n, column, reason, fix in imports.rejected_rows(row.id)
        if n not in early
    ]
    parsed = one.parsed if not late else _with_errors(one.parsed, late)
    return write_errors(one.sheet, one.guess, parsed)


def _with_errors(parsed: Parsed, late: Sequence[RowError]) -> Parsed:
    return replace(parsed, errors=(*parsed.errors, *late))


RECORDERS: dict[str, Recorder] = {
    "orders": order_files.record_orders,
    "refunds": order_files.record_refunds,
    "recipients": order_files.record_recipients,
    "goods": catalog_files.record_goods,
    "suppliers": catalog_files.record_suppliers,
    "prices": catalog_files.record_prices,
    "links": catalog_files.record_links,
    "tracking": tracking.record_tracking,
    "ship_template": ship_templates.record_template,
}
