"""Learning a supplier's sheet: drop one of theirs, see our columns land in it, save."""

from __future__ import annotations

import json
from collections.abc import Mapping
from uuid import UUID

from daifa.areas.purchasing.rules.dispatch_view import VALUES, LearnedFormat, SheetGrain
from daifa.areas.purchasing.rules.sheet_documents import sheet_document
from daifa.areas.purchasing.rules.sheet_learning import learn_format
from daifa.areas.purchasing.rules.sheet_rendering import render
from daifa.areas.purchasing.services import dispatches, suppliers
from daifa.base.actor import Actor
from daifa.flows import sending_views
from daifa.kit.errors import Invalid
from daifa.kit.tabular import SheetData, read_file
from daifa.kit.values import dataclass
from daifa.reads import dispatch_facts


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the sample and what of ours lands in it; ``asked``: a person should look."""

    index: int
    header: str
    value: str
    fixed: str
    confidence: float
    why: str
    asked: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing a column can take."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Sample:
    """What a sample taught, and the first rows of what waits for this supplier in that form (recipients masked)."""

    columns: list[Column]
    grain: str
    header_row: int
    notes: list[str]
    choices: list[Choice]
    header: list[str]
    titles: list[list[str]]
    rows: list[list[str]]
    saved: bool


def told_of(text: str) -> dict[int, str]:
    """A person's answers, ``{"3": "phone", "5": ""}``. Raises Invalid."""
    try:
        given = json.loads(text or "{}")
        told = {int(k): str(v) for k, v in given.items()}
    except (ValueError, AttributeError) as error:
        raise Invalid("bad_columns", "列的对应关系读不懂，请重新选择。") from error
    if unknown := [v for v in told.values() if v and v not in VALUES]:
        raise Invalid("unknown_value", f"没有“{unknown[0]}”这种内容。")
    return told


def learn(
    *,
    by: Actor,
    supplier_id: UUID,
    name: str,
    data: bytes,
    told: Mapping[int, str] | None = None,
    grain: str = "",
    save_at: int | None = None,
) -> Sample:
    """Read a sample sheet; with ``save_at`` (the supplier's version) the format is kept.

    Raises Invalid for a file without a header we know, or kept without its count of pieces; Conflict for a stale form.
    """
    sheet = _sheet(name, data)
    learned = learn_format(
        sheet.rows,
        file_type="csv" if name.lower().endswith(".csv") else "xlsx",
        sheet=sheet.name or "代发单",
        encoding="gb18030" if sheet.encoding.lower().startswith("gb") else "utf-8-sig",
        told=told or None,
        told_grain=SheetGrain(grain) if grain in {"item", "order"} else None,
    )
    if save_at is not None:
        if not learned.form.counts_pieces:
            raise Invalid(
                "sample_without_quantity",
                "没有一列写数量，供应商会不知道每样发几件。请给一列选“数量”（或“商品和数量”写在一格），再保存。",
            )
        document = sheet_document(learned.form)
        suppliers.change(by=by, supplier_id=supplier_id, version=save_at, sheet_format=document)
    return _shown(supplier_id, learned, saved=save_at is not None)


def _sheet(name: str, data: bytes) -> SheetData:
    sheets = [s for s in read_file(data, name) if s.rows and not s.hidden]
    if not sheets:
        raise Invalid("sample_empty", f"“{name}”里没有数据。请拖入供应商平时用的发货表。")
    return max(sheets, key=lambda s: len(s.rows))


def _shown(supplier_id: UUID, learned: LearnedFormat, *, saved: bool) -> Sample:
    supplier = suppliers.get(supplier_id)
    drafts = dispatches.drafts([supplier_id]).get(supplier_id, [])[:5]
    view = sending_views.view_of(supplier.name, dispatch_facts.load(drafts), masked=True)
    sheet = render(learned.form, view)
    return Sample(
        columns=[
            Column(i, c.header, c.value, c.fixed, c.confidence, c.why, i in learned.asked)
            for i, c in enumerate(learned.form.columns)
        ],
        grain=learned.form.grain.value,
        header_row=learned.header_row,
        notes=list(learned.notes),
        choices=[Choice(k, v) for k, v in VALUES.items()],
        header=list(sheet.header),
        titles=[list(t) for t in sheet.titles],
        rows=[[str(c) for c in row] for row in sheet.rows],
        saved=saved,
    )


def forget(*, by: Actor, supplier_id: UUID) -> None:
    """Back to our own sheet."""
    version = suppliers.get(supplier_id).version
    suppliers.change(by=by, supplier_id=supplier_id, version=version, sheet_format={})
