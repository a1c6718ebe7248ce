"""Learning a platform's batch-ship template from its blank file, and the built-in ones."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from daifa.areas.logistics.rules.ship_file import Several, ShipColumn, ShipFormat
from daifa.kit.errors import Invalid
from daifa.kit.tabular.headers import header_key
from daifa.kit.values import dataclass
from daifa.ports.sheet import ShipTemplate

# Headers seen on templates, in compared form; the order of the list decides between values.
_EXACT: Mapping[str, frozenset[str]] = {
    value: frozenset("".join(names).split("|"))
    for value, names in {
        "line_no": ("子订单编号|子订单号|商品单号|子单号|商品订单编号|商品订单号",),
        "order_no": (
            "订单号|订单编号|主订单编号|主订单号|父订单号|订单ID|订单id|平台订单号|平台单号|交易编号",
            "|商户订单号",
        ),
        "courier_code": (
            "快递公司编码|物流公司编码|快递公司编号|物流公司编号|快递编码|物流编码|快递公司代码",
            "|物流公司代码|快递公司ID|承运商编号",
        ),
        "courier": ("快递公司|物流公司|快递公司名称|物流公司名称|承运商|快递|物流|配送公司|快递名称|承运商名称",),
        "tracking_no": (
            "快递单号|物流单号|运单号|运单编号|快递运单号|物流运单号|单号|快递单号/运单号|配送单号|发货单号",
        ),
        "quantity": ("发货数量|数量|商品数量|发货件数|本次发货数量",),
    }.items()
}
_INSIDE: tuple[tuple[str, str], ...] = (
    (r"子订单(编)?号", "line_no"),
    (r"订单(编)?号", "order_no"),
    (r"(快递|物流)公司?(编码|代码|编号)", "courier_code"),
    (r"(快递|物流|运)单(编)?号", "tracking_no"),
    (r"(快递|物流)公司|承运商", "courier"),
    (r"发货(数量|件数)", "quantity"),
)
_REMARK = re.compile(r"\(.*?\)|\[.*?\]|必填|选填|非必填|\*")
NEEDED = ("tracking_no",)
LOOK_DOWN = 25


@dataclass(frozen=True, slots=True)
class LearnedTemplate:
    """What a blank template says: the format, columns a person should look at, and remarks (Chinese)."""

    form: ShipFormat
    header_row: int
    asked: tuple[str, ...]
    notes: tuple[str, ...]


def value_of_header(header: object) -> tuple[str, bool]:
    """Which of our values a header takes ('' = none known), and whether that is certain."""
    key = header_key(header)
    bare = _REMARK.sub("", key)
    for value, names in _EXACT.items():
        if key in names or bare in names:
            return value, True
    for pattern, value in _INSIDE:
        if re.search(pattern, bare):
            return value, False
    return "", False


def learn(
    rows: Sequence[Sequence[object]],
    *,
    sheet: str = "Sheet1",
    file_type: str = "xlsx",
    told: Mapping[int, str] | None = None,
) -> LearnedTemplate:
    """The format of a blank template: the first row that names an order and a tracking number is its header.

    ``told`` is a person's correction: column (0-based) -> value or ''. What stands above the header stays above it;
    example rows below are dropped, their constant texts become fixed values a person should confirm.
    Raises Invalid when no row looks like the header.
    """
    at = _header_row(rows)
    if at is None:
        raise Invalid(
            "template_not_understood",
            "这张表里找不到同时有“订单号”和“快递单号”的表头行。请拖入平台“批量发货”页面下载的空模板。",
        )
    headers = _trimmed(rows[at])
    samples = [r for r in rows[at + 1 :] if any(_text(c) for c in r)]
    columns, asked = [], []
    taken = set[str]()
    for i, header in enumerate(headers):
        value, sure = value_of_header(header)
        if told is not None and i in told:
            value, sure = told[i], True
        if value in taken:
            value, sure = "", False
        fixed = "" if value else _constant(samples, i)
        taken |= {value} - {""}
        columns.append(ShipColumn(_text(header), value, fixed))
        if (value and not sure) or fixed:
            asked.append(_text(header))
    form = ShipFormat(
        columns=tuple(columns),
        titles=tuple(tuple(_text(c) for c in _trimmed(r)) for r in rows[:at]),
        sheet=sheet,
        file_type=file_type,
        line_level="line_no" in taken,
        row_limit=_row_limit(rows[: at + 1]),
        source="learned",
    )
    return LearnedTemplate(form, at + 1, tuple(asked), _remarks(form, samples))


def built_in(template: ShipTemplate) -> ShipFormat:
    """The format of a platform's built-in template (未核实 until somebody confirms it)."""
    columns = []
    for header, key in template.columns:
        value = "courier_code" if key == "courier" and template.courier_by == "code" else key
        columns.append(ShipColumn(header, value))
    return ShipFormat(
        columns=tuple(columns),
        file_type=template.file_type,
        line_level=template.line_level,
        row_limit=template.row_limit,
        verified=template.verified,
        source=template.source,
    )


def document_of(form: ShipFormat) -> dict[str, object]:
    """The JSON document that a row keeps."""
    return {
        "columns": [{"header": c.header, "value": c.value, "fixed": c.fixed} for c in form.columns],
        "titles": [list(t) for t in form.titles],
        "sheet": form.sheet,
        "file_type": form.file_type,
        "line_level": form.line_level,
        "row_limit": form.row_limit,
        "one_courier": form.one_courier,
        "several": form.several.value,
        "verified": form.verified,
        "source": form.source,
    }


def form_of(document: Mapping[str, object]) -> ShipFormat:
    """The format of a document. Raises Invalid when it is none."""
    try:
        columns = tuple(
            ShipColumn(str(c["header"]), str(c.get("value", "")), str(c.get("fixed", "")))
            for c in document["columns"]  # type: ignore[attr-defined]
        )
        titles = tuple(tuple(str(x) for x in t) for t in document.get("titles", ()))  # type: ignore[attr-defined]
        return ShipFormat(
            columns=columns,
            titles=titles,
            sheet=str(document.get("sheet", "Sheet1")),
            file_type=str(document.get("file_type", "xlsx")),
            line_level=bool(document.get("line_level", False)),
            row_limit=int(str(document.get("row_limit", 0))),
            one_courier=bool(document.get("one_courier", False)),
            several=Several(str(document.get("several", "row_each"))),
            verified=bool(document.get("verified", False)),
            source=str(document.get("source", "")),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Invalid("bad_document", "发货模板的设置读不懂，请重新拖入平台的空模板。") from error


def _header_row(rows: Sequence[Sequence[object]]) -> int | None:
    for at, row in enumerate(rows[:LOOK_DOWN]):
        values = {value_of_header(c)[0] for c in row if len(_text(c)) <= 20}
        if "tracking_no" in values and values & {"order_no", "line_no"}:
            return at
    return None


def _constant(samples: Sequence[Sequence[object]], column: int) -> str:
    said = {_text(r[column]) for r in samples if column < len(r)} - {""}
    return said.pop() if len(said) == 1 else ""


def _row_limit(rows: Sequence[Sequence[object]]) -> int:
    text = " ".join(_text(c) for r in rows for c in r)
    match = re.search(r"(?:最多|不超过|不能超过|上限为?|不得超过)\D{0,12}?(\d{2,5})\s*[条行单个]", text)
    return int(match[1]) if match else 0


def _remarks(form: ShipFormat, samples: Sequence[object]) -> tuple[str, ...]:
    notes = []
    if form.row_limit:
        notes.append(f"模板写着一次最多 {form.row_limit} 行，超过会自动分文件。")
    if samples:
        notes.append(f"模板里有 {len(samples)} 行示例，不会带进文件。")
    if form.line_level:
        notes.append("这个模板按子订单发货，一行一个子订单。")
    return tuple(notes)


def _trimmed(row: Sequence[object]) -> list[object]:
    cells = list(row)
    while cells and not _text(cells[-1]):
        cells.pop()
    return cells


def _text(cell: object) -> str:
    return "" if cell is None else str(cell).strip()
