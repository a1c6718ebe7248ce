"""Imports as the screen shows them: cards, opened cards, results; and refused rows mended in place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from daifa.areas.accounts.services import shops
from daifa.areas.accounts.types import ShopView
from daifa.areas.logistics.services import claims
from daifa.areas.mailroom.rules.people import may_hold_people
from daifa.areas.mailroom.services import files, imports, templates
from daifa.areas.mailroom.types import ImportView
from daifa.base.actor import Actor
from daifa.flows import intake, reading
from daifa.flows.intake import Started
from daifa.kit.errors import Invalid, NotFound
from daifa.kit.tabular import Table, write_xlsx
from daifa.kit.tabular.columns import cell_text
from daifa.ports.sheet import ImportKind
from daifa.reads import claims_settled, order_bonds

type Json = dict[str, object]

REJECTED_SHOWN = 200
_LISTS = {
    "orders": "/orders",
    "refunds": "/orders",
    "recipients": "/orders",
    "goods": "/goods",
    "suppliers": "/suppliers",
    "prices": "/goods",
    "links": "/goods",
}
_OUTCOMES = (("new", "新增"), ("updated", "更新"), ("unchanged", "无变化"))
# Rows of a file of tracking numbers: with those refused they add up to the file's.
_NUMBERS = (("new", "对上了"), ("doubtful", "请看一下"), ("unchanged", "已登记过"), ("untold", "还没有单号"))
_HELD = ("去处理异常", "/orders?tab=hold")
# Where no order of a file waits for a person.
_FREE = ("去派单", "/dispatch")
_NEXT = {
    "orders": _HELD,
    "refunds": _HELD,
    "recipients": _HELD,
    "tracking": ("去上传平台", "/upload"),
    "goods": ("去看商品", "/goods"),
    "suppliers": ("去看供应商", "/suppliers"),
    "prices": ("去看商品与货源", "/goods"),
    "links": ("去看商品与货源", "/goods"),
}


def cards(rows: Sequence[ImportView]) -> list[Json]:
    """Imports as cards."""
    known = {s.id: s for s in shops.list_shops()}
    return [_card(r, known) for r in rows]


def _dict(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _card(row: ImportView, known: Mapping[UUID, ShopView]) -> Json:
    seen = _dict(row.guess.get("card"))
    why_not = intake.why_not_ready(row)
    shop = known.get(row.shop_id) if row.shop_id else None
    waiting = row.state in ("waiting", "password")
    before = imports.last_done(row.file_id, row.sheet) if waiting else None
    return {
        "id": row.id,
        "state": row.state,
        "name": str(row.guess.get("name") or row.file_name),
        "file": str(seen.get("file") or row.file_name),
        "sheet": row.sheet.partition("::")[2],
        "kind": row.kind or None,
        "kind_label": ImportKind(row.kind).label if row.kind else "认不出",
        "label": str(seen.get("label") or (ImportKind(row.kind).label if row.kind else "")),
        "platform": row.platform or None,
        "shop": {"id": shop.id, "platform": shop.platform, "name": shop.name} if shop else None,
        "needs_shop": bool(row.guess.get("needs_shop")),
        "shop_hint": seen.get("shop_hint"),
        "needs_supplier": bool(row.guess.get("needs_supplier")),
        "supplier": intake.said_of(row).supplier,
        "header_row": row.header_row,
        "rows": row.rows,
        "orders": seen.get("orders") or 0,
        "lines": seen.get("lines") or 0,
        "date_from": seen.get("from"),
        "date_to": seen.get("to"),
        "as_of": row.as_of,
        "as_of_asked": bool(seen.get("as_of_asked")),
        "asked": row.asked,
        "errors": seen.get("rejected") or 0,
        "template": seen.get("template"),
        "unknown_words": sum(not _dict(w).get("meaning") for w in _list(seen.get("words"))),
        "notes": seen.get("notes") or [],
        "ready": not why_not,
        "why_not": why_not if waiting or row.state in ("reading", "failed") else "",
        "imported_before": before.finished_at if before else None,
        "task_id": row.task_id,
        "created_at": row.created_at,
        "finished_at": row.finished_at,
        "counts": dict(row.counts),
    }


def detail(row: ImportView) -> Json:
    """One card opened."""
    seen = _dict(row.guess.get("card"))
    return {
        **cards([row])[0],
        "columns": seen.get("columns") or [],
        "first": seen.get("first") or {"columns": [], "rows": []},
        "problems": seen.get("errors") or [],
        "words": _list(seen.get("words")),
        "totals": dict(row.totals),
    }


def result(row: ImportView) -> Json:
    """How an import ended, every number with the list that it opens."""
    base = _LISTS.get(row.kind)
    looks = _to_look(row)
    outcomes = []
    for key, label in _NUMBERS if row.kind == "tracking" else _OUTCOMES:
        value = row.counts.get(key) or 0
        to = f"{base}?imported={row.id}&outcome={key}" if base and value else None
        if key == "doubtful" and looks:
            to = f"/tracking?imported={row.id}"
        outcomes.append({"key": key, "label": label, "value": value, "to": to})
    refused = imports.rejected_rows(row.id)
    values = _values(row) if refused else {}
    shown = [
        {
            "row": n,
            "column": column,
            "reason": reason,
            "fix": fix,
            "value": values.get((n, column), ""),
            "mendable": bool(column),
        }
        for n, column, reason, fix in refused[:REJECTED_SHOWN]
    ]
    return {
        "card": cards([row])[0],
        "outcomes": outcomes,
        "rejected": shown,
        "rejected_total": len(refused),
        "to_look": looks,
        "error_file": f"/api/imports/{row.id}/error-file" if row.error_file_id else None,
        "error_file_asks": row.error_file_id is not None and may_hold_people([row.kind]),
        "message": str(row.counts.get("message") or ""),
        "undo": str(row.counts.get("undo") or ""),
        "next": _next(row, looks) if row.state == "done" else None,
    }


def _to_look(row: ImportView) -> int:
    """Rows of a file of numbers that still wait for a person: others of the day may have answered some since."""
    if not row.counts.get("doubtful"):
        return 0
    found = claims.listed(states=["doubtful"], file_ids=[row.file_id])
    settled = claims_settled.of(found)
    return len({c.row for c in found if c.id not in settled})


def _next(row: ImportView, looks: int) -> Json:
    """Where the person goes on."""
    found = _NEXT.get(row.kind, ("继续导入", "/import"))
    if looks:
        found = f"先看 {looks} 行", f"/tracking?imported={row.id}"
    elif found == _HELD:
        tabs = order_bonds.steps_of([i for outcome, _ in _OUTCOMES for i in imports.objects_of(row.id, outcome)])
        found = _HELD if tabs.get("hold") or tabs.get("match") else _FREE
    return {"label": found[0], "to": found[1]}


def _values(row: ImportView) -> dict[tuple[int, str], str]:
    """What the refused cells said, masked, as the card kept it."""
    errors = _dict(row.guess.get("card")).get("errors")
    found = errors if isinstance(errors, list) else []
    return {(int(e["row"]), str(e["column"])): str(e["value"]) for e in found}


def mend(*, by: Actor, import_id: UUID, cells: Mapping[int, Mapping[str, str]]) -> Started:
    """Import refused rows again with some cells corrected: a small file of its own, under the same belief.

    Rows that were held back with them go along. Raises Invalid for rows that were not refused, NotFound for a column.
    """
    row = imports.get(import_id)
    refused = {n for n, *_ in imports.rejected_rows(import_id)}
    if not cells or not set(cells) <= refused:
        raise Invalid("row_not_refused", "只能修改被拒绝的行。请刷新后再试。")
    [one] = reading.understand(
        files.content(row.file_id),
        str(row.guess.get("name") or row.file_name),
        said=intake.said_of(row),
        password=reading.open_password(row.guess.get("password")),
        templates=templates.documents(),
        sheet=row.sheet,
    )
    header = [cell_text(c) for c in one.sheet.rows[one.guess.header_row - 1]]
    together = {n for n, other in (one.parsed.held_back if one.parsed else ()) if other in cells}
    lines = []
    for n in sorted(set(cells) | (together & refused)):
        line = [cell_text(c) for c in one.sheet.rows[n - 1]]
        for column, value in cells.get(n, {}).items():
            if column not in header:
                raise NotFound("no_such_column", f"文件里没有“{column}”这一列。")
            line[header.index(column)] = value.strip()
        lines.append(line)
    said = reading.settled(one.guess, row.shop_id, intake.said_of(row), row.as_of)
    data = write_xlsx([Table(name=one.sheet.name or "改好的行", header=header, rows=lines)])
    name = f"改好的 {len(cells)} 行-{row.file_name.rsplit('.', 1)[0]}.xlsx"
    fresh = intake.receive(by=by, name=name, data=data, said=said, later=False)
    return intake.run(by=by, import_ids=[fresh])
