"""A supplier's sheet format as the JSON document that its row keeps, and back."""

from __future__ import annotations

from collections.abc import Mapping

from daifa.areas.purchasing.rules.dispatch_view import VALUES, SheetColumn, SheetFormat, SheetGrain
from daifa.areas.purchasing.rules.sheet_rendering import DEFAULT
from daifa.kit.errors import Invalid


def sheet_document(form: SheetFormat) -> dict[str, object]:
    """The document of a format."""
    return {
        "columns": [
            {"header": c.header, "value": c.value, "fixed": c.fixed, "confidence": c.confidence, "why": c.why}
            for c in form.columns
        ],
        "grain": form.grain.value,
        "titles": [list(t) for t in form.titles],
        "date_form": form.date_form,
        "first_row_only": form.first_row_only,
        "totals": form.totals,
        "glue": form.glue,
        "file_type": form.file_type,
        "sheet": form.sheet,
        "encoding": form.encoding,
    }


def sheet_form_of(document: Mapping[str, object]) -> SheetFormat:
    """The format of a document; an empty one is our own sheet. Raises Invalid when it cannot be read."""
    if not document:
        return DEFAULT
    try:
        columns = tuple(_column(c) for c in document["columns"])  # type: ignore[attr-defined]
        titles = tuple(tuple(str(x) for x in t) for t in document.get("titles", ()))  # type: ignore[attr-defined]
        form = SheetFormat(
            columns=columns,
            grain=SheetGrain(str(document.get("grain", "item"))),
            titles=titles,
            date_form=str(document.get("date_form", "%Y-%m-%d")),
            first_row_only=bool(document.get("first_row_only", False)),
            totals=bool(document.get("totals", False)),
            glue=str(document.get("glue", "；")),
            file_type=str(document.get("file_type", "xlsx")),
            sheet=str(document.get("sheet", "代发单")),
            encoding=str(document.get("encoding", "utf-8-sig")),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Invalid("bad_document", "这家供应商的表格格式读不懂，请重新拖入一份样表。") from error
    if not form.columns or any(c.value and c.value not in VALUES for c in form.columns):
        raise Invalid("bad_document", "这家供应商的表格格式里有不认识的列，请重新拖入一份样表。")
    return form


def _column(value: Mapping[str, object]) -> SheetColumn:
    return SheetColumn(
        str(value["header"]),
        str(value.get("value", "")),
        str(value.get("fixed", "")),
        float(str(value.get("confidence", 1.0))),
        str(value.get("why", "")),
    )
