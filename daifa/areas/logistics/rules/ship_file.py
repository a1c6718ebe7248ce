"""A platform's batch-ship file: parcels into the rows of its template, in files of the size it takes.

What cannot go in is left out by name and reason, never sent half-right.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from enum import StrEnum
from uuid import UUID

from daifa.areas.logistics.rules.couriers import courier_table
from daifa.areas.logistics.types import CourierKind
from daifa.kit.values import dataclass


class Several(StrEnum):
    """What the platform takes when an order travels in several parcels."""

    ROW_EACH = "row_each"
    FIRST_ONLY = "first_only"


@dataclass(frozen=True, slots=True)
class ShipColumn:
    """One column of the template: its header, which of our values it takes ('' = none), or a fixed text.

    Values: order_no, line_no, courier, courier_code, tracking_no, quantity.
    """

    header: str
    value: str = ""
    fixed: str = ""


@dataclass(frozen=True, slots=True)
class ShipFormat:
    """How one shop's batch-ship file looks, and what the platform makes of it.

    ``line_level``: a row ships one sub-order where it is known; otherwise a row ships the whole order, whatever is
    in the box.
    ``row_limit`` 0 = not known, nothing is split. ``one_courier``: each file may hold one courier only.
    """

    columns: tuple[ShipColumn, ...]
    titles: tuple[tuple[str, ...], ...] = ()
    sheet: str = "Sheet1"
    file_type: str = "xlsx"
    line_level: bool = False
    row_limit: int = 0
    one_courier: bool = False
    several: Several = Several.ROW_EACH
    verified: bool = False
    source: str = ""


@dataclass(frozen=True, slots=True)
class ShipLine:
    """Pieces of one platform sub-order in a parcel."""

    line_no: str
    quantity: int


@dataclass(frozen=True, slots=True)
class ShipParcel:
    """One parcel to be told to the shop. ``pending`` = pieces of the order that have no number yet, ``missing`` says
    which; ``urgent``: the deadline is so near that a part must be told now; ``blocked`` says why it must not go."""

    report_id: UUID
    order_no: str
    courier: str
    tracking_no: str
    lines: tuple[ShipLine, ...] = ()
    pending: int = 0
    missing: str = ""
    urgent: bool = False
    blocked: str = ""


@dataclass(frozen=True, slots=True)
class CourierNaming:
    """How this platform calls couriers: the merchant's corrections by our code, else the built-in names and codes.

    ``system`` is the code system of the built-in table (taobao, pdd, …), '' when none is known.
    """

    platform: str
    names: Mapping[str, str] = field(default_factory=dict)
    codes: Mapping[str, str] = field(default_factory=dict)
    system: str = ""


@dataclass(frozen=True, slots=True)
class ShipRow:
    """One row of a file and the report it stands for."""

    report_id: UUID
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShipSheet:
    """One file: ``part`` counts from 1, ``courier`` is set where files are split by courier."""

    part: int
    courier: str
    rows: tuple[ShipRow, ...]


@dataclass(frozen=True, slots=True)
class ShipLeftOut:
    """A parcel that is in no file, and why."""

    report_id: UUID
    order_no: str
    reason: str


@dataclass(frozen=True, slots=True)
class ShipFiles:
    """The files, what was left out, and what the person should know."""

    sheets: tuple[ShipSheet, ...]
    left_out: tuple[ShipLeftOut, ...]
    notes: tuple[str, ...] = ()


def fill(form: ShipFormat, parcels: Iterable[ShipParcel], naming: CourierNaming) -> ShipFiles:
    """Rows for all parcels, the orders in their given order, an order's rows together in one file where they fit."""
    left: list[ShipLeftOut] = []
    groups: dict[tuple[str, str], list[list[ShipRow]]] = {}
    for order_no, own in _by_order(parcels).items():
        sent = _sendable(form, order_no, own, left)
        rows = dict[str, list[ShipRow]]()
        for parcel in sent:
            if isinstance(cells := _rows(form, parcel, naming), str):
                left.append(ShipLeftOut(parcel.report_id, order_no, cells))
            else:
                rows.setdefault(parcel.courier if form.one_courier else "", []).extend(cells)
        for courier, found in rows.items():
            groups.setdefault((courier, ""), []).append(found)
    sheets: list[ShipSheet] = []
    for (courier, _), orders in sorted(groups.items()):
        for rows_of_file in _pack(orders, form.row_limit):
            sheets.append(ShipSheet(len(sheets) + 1, courier, tuple(rows_of_file)))
    return ShipFiles(tuple(sheets), tuple(left), _notes(form, sheets))


def courier_word(code: str, naming: CourierNaming, *, as_code: bool) -> str:
    """How the platform calls a courier, '' when nobody knows."""
    if as_code:
        known = courier_table().get(code)
        return naming.codes.get(code, "") or (known.codes.get(naming.system, "") if known and naming.system else "")
    courier = courier_table().get(code)
    return naming.names.get(code, "") or (courier.name if courier and courier.code != "OTHER" else "")


def _by_order(parcels: Iterable[ShipParcel]) -> dict[str, list[ShipParcel]]:
    found: dict[str, list[ShipParcel]] = {}
    for parcel in parcels:
        found.setdefault(parcel.order_no, []).append(parcel)
    return found


def _sendable(form: ShipFormat, order_no: str, own: Sequence[ShipParcel], left: list[ShipLeftOut]) -> list[ShipParcel]:
    sent: list[ShipParcel] = []
    for parcel in own:
        if reason := _why_not(form, parcel, sent):
            left.append(ShipLeftOut(parcel.report_id, order_no, reason))
        else:
            sent.append(parcel)
    return sent


def _why_not(form: ShipFormat, parcel: ShipParcel, sent: Sequence[ShipParcel]) -> str:
    if parcel.blocked:
        return parcel.blocked
    if not parcel.order_no or not parcel.tracking_no:
        return "缺订单号或快递单号"
    if any(p.tracking_no == parcel.tracking_no and _overlap(form, p, parcel) for p in sent):
        return f"{parcel.tracking_no} 已在文件里，不重复写"
    if form.line_level and parcel.lines:
        return ""
    if not any(c.value == "order_no" for c in form.columns):
        return "模板按子订单发货，但这个包裹没有对应的子订单号"
    if parcel.pending and not parcel.urgent:
        which = f"：{parcel.missing}" if parcel.missing else ""
        return f"在等同一单的另外 {parcel.pending} 件{which}。这个模板一行就把整单标成已发货，单号齐了自动放进文件"
    if sent and form.several is Several.FIRST_ONLY:
        return f"这个模板一单只收一个单号，已写 {sent[0].tracking_no}；这个单号请在平台后台补“追加包裹”"
    return ""


def _overlap(form: ShipFormat, one: ShipParcel, other: ShipParcel) -> bool:
    """Whether two parcels of one number would be told by the same row."""
    mine, theirs = ({x.line_no for x in p.lines} for p in (one, other))
    return not form.line_level or not mine or not theirs or bool(mine & theirs)


def _rows(form: ShipFormat, parcel: ShipParcel, naming: CourierNaming) -> list[ShipRow] | str:
    """The rows of one parcel, or why it cannot be written."""
    wanted = {c.value for c in form.columns}
    kind = courier_table()[parcel.courier].kind if parcel.courier in courier_table() else CourierKind.CARRIER
    name = courier_word(parcel.courier, naming, as_code=False)
    code = courier_word(parcel.courier, naming, as_code=True)
    if "courier" in wanted and not name:
        return f"不知道 {naming.platform} 怎么叫快递“{parcel.courier}”。请在“快递名称对照”里补上"
    if "courier_code" in wanted and not code:
        return f"{naming.platform} 没有{name or parcel.courier}的编码。请在“快递名称对照”里补上"
    if kind is CourierKind.NONE and "courier" not in wanted:
        return "无需物流的订单不能用这个模板，请在平台后台发货"
    values = {
        "order_no": parcel.order_no,
        "courier": name,
        "courier_code": code,
        "tracking_no": parcel.tracking_no,
        "quantity": str(sum(line.quantity for line in parcel.lines)) if parcel.lines else "",
    }
    lines: Sequence[ShipLine | None] = (parcel.lines if form.line_level else ()) or (None,)
    rows = []
    for line in lines:
        own = {"line_no": line.line_no, "quantity": str(line.quantity)} if line else {"line_no": ""}
        cells = tuple(c.fixed or (values | own).get(c.value, "") for c in form.columns)
        rows.append(ShipRow(parcel.report_id, cells))
    return rows


def _pack(orders: Sequence[Sequence[ShipRow]], limit: int) -> list[list[ShipRow]]:
    """Orders into files of at most ``limit`` rows; an order longer than a file is cut."""
    files: list[list[ShipRow]] = []
    for rows in orders:
        if files and (not limit or len(files[-1]) + len(rows) <= limit):
            files[-1].extend(rows)
        elif limit and len(rows) > limit:
            files += [list(rows[at : at + limit]) for at in range(0, len(rows), limit)]
        else:
            files.append(list(rows))
    return files


def _notes(form: ShipFormat, sheets: Sequence[ShipSheet]) -> tuple[str, ...]:
    notes = []
    if not form.verified:
        notes.append("这个模板未核实：请先用一两单试传，成功后点“模板可用”。也可以把平台的空模板拖进来，按它填。")
    if len(sheets) > 1:
        why = "按快递" if form.one_courier and not form.row_limit else f"每个最多 {form.row_limit} 行"
        notes.append(f"分成 {len(sheets)} 个文件（{why}），请逐个上传。")
    return tuple(notes)
