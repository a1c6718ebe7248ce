"""What suppliers send back: tracking files in their own shapes, and chat text; mostly right, a few rows spoiled.

A parcel's courier and number follow from world, order and supplier, so that a return may be written again, and the
platforms' next exports can confirm it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from random import Random

from daifa.kit.clock import BEIJING
from daifa.kit.values import dataclass
from daifa.simulator.couriers import nickname, tracking_number
from daifa.simulator.sheets import Merge, Row, csv_bytes, workbook
from daifa.simulator.supplier_sheets import Dispatched
from daifa.simulator.suppliers import Channel, Supplier, Temper
from daifa.simulator.world import World

# The ways in which a returned row can be spoiled.
DIRT = ("scientific", "wrong_length", "reused", "no_courier")


@dataclass(frozen=True, slots=True)
class ReturnedParcel:
    """The truth of one returned row: ``tracking_no`` is the true number, ``written`` what the file says instead."""

    our_number: str
    order_no: str
    courier: str
    courier_name: str
    tracking_no: str
    written: str
    dirt: str = ""


@dataclass(frozen=True, slots=True)
class Returned:
    """One returned file (or chat text, ending ``.txt``) and what it holds; ``missing`` are lines not shipped yet."""

    supplier: str
    name: str
    data: bytes
    parcels: tuple[ReturnedParcel, ...]
    missing: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The chat text."""
        return self.data.decode("utf-8")


def parcel_of(world: World, supplier: Supplier, order_no: str) -> tuple[str, str]:
    """Courier code and number that a supplier uses for an order."""
    pick = Random(f"{world.seed}:{supplier.code}:{order_no}")
    weights = (6, 3, 1)[: len(supplier.couriers)]
    code = pick.choices(supplier.couriers, weights)[0]
    return code, tracking_number(code, world.seed, supplier.code, order_no)


def tracking_return(
    world: World, supplier_code: str, lines: Sequence[Dispatched], at: datetime, *, dirt: Sequence[str] = ()
) -> Returned:
    """What this supplier sends back for these lines at a moment, in its shape.

    ``dirt``: which kinds of spoiled rows to put in (one each, as far as there are rows); none = a clean return. The
    silent supplier leaves out its last order, the slow one a third of them.
    """
    supplier = world.suppliers[supplier_code]
    orders = list(dict.fromkeys((x.our_number, x.order_no) for x in lines))
    late = {Temper.SILENT: 1, Temper.SLOW: len(orders) // 3}.get(supplier.temper, 0)
    late = late if len(orders) > late else 0
    shipped, missing = orders[: len(orders) - late], orders[len(orders) - late :]
    parcels = [_parcel(world, supplier, ours, theirs) for ours, theirs in shipped]
    spoiled = _spoil(parcels, dirt)
    # One row per parcel: its first line's goods, with the pieces of all of them.
    pieces: dict[str, int] = {}
    for x in lines:
        pieces[x.our_number] = pieces.get(x.our_number, 0) + x.quantity
    first = {x.our_number: replace(x, quantity=pieces[x.our_number]) for x in reversed(lines)}
    name, data = _write(supplier, [(p, first[p.our_number]) for p in spoiled], at)
    return Returned(supplier.code, name, data, tuple(spoiled), tuple(ours for ours, _ in missing))


def _parcel(world: World, supplier: Supplier, our_number: str, order_no: str) -> ReturnedParcel:
    code, number = parcel_of(world, supplier, order_no or our_number)
    said = nickname(code, sum(map(ord, number)))
    return ReturnedParcel(our_number, order_no, code, said, number, number)


def _spoil(parcels: Sequence[ReturnedParcel], dirt: Sequence[str]) -> list[ReturnedParcel]:
    found = list(parcels)
    for kind in dirt:
        # From the end, so that a reused number has an earlier owner; Excel only spoils numbers without letters.
        able = [
            at
            for at in range(1, len(found))
            if not found[at].dirt and (kind != "scientific" or found[at].tracking_no.isdigit())
        ]
        if able:
            found[able[-1]] = _spoiled(found[able[-1]], found[0], kind)
    return found


def _spoiled(parcel: ReturnedParcel, other: ReturnedParcel, kind: str) -> ReturnedParcel:
    written, said = parcel.tracking_no, parcel.courier_name
    if kind == "scientific":
        written = f"{written[0]}.{written[1:6]}E+{len(written) - 1}"
    elif kind == "wrong_length":
        written = written[:-3]
    elif kind == "reused":
        written, said = other.written, other.courier_name
    else:
        said = ""
    return ReturnedParcel(parcel.our_number, parcel.order_no, parcel.courier, said, parcel.tracking_no, written, kind)


def _write(supplier: Supplier, rows: Sequence[tuple[ReturnedParcel, Dispatched]], at: datetime) -> tuple[str, bytes]:
    day = at.astimezone(BEIJING)
    stem = f"{supplier.name}_{day:%m%d_%H%M}回单"
    if supplier.channel is Channel.CHAT:
        return f"{stem}.txt", chat_text(rows).encode()
    if supplier.layout == "two_headers":
        body: list[Row] = [["来源单号", "承运", "", "姓名"], ["订单号", "快递公司", "快递单号", "收件人"]]
        body += [[x.order_no, p.courier_name, p.written, x.name] for p, x in rows]
        return f"{stem}.csv", csv_bytes(body, "gb18030")
    if supplier.layout == "merged_title":
        title = f"佳塑 {day:%m月%d日} 发货回单"
        body = [[title], ["单号", "品名", "数量", "收件人", "快递", "运单号"]]
        body += [[p.our_number, x.title, x.quantity, x.name, p.courier_name, p.written] for p, x in rows]
        body.append(["合计", "", sum(x.quantity for _, x in rows)])
        return f"{stem}.xlsx", workbook(body, sheet="回单", merges=(Merge(0, 0, 0, 5, title),))
    if supplier.layout == "one_cell":
        # Courier and number share a cell, orders are named by recipient and phone only.
        body = [["货号", "收货信息", "快递单号", "备注"]]
        body += [
            [x.their_code, f"{x.name} {x.phone}".strip(), f"{p.courier_name} {p.written}".strip(), p.our_number]
            for p, x in rows
        ]
        return f"{stem}.xlsx", workbook(body)
    if supplier.layout == "plain_short":
        body = [["订单号", "收货人", "物流公司", "物流单号"]]
        body += [[x.order_no, x.name, p.courier_name, p.written] for p, x in rows]
        return f"{stem}.xlsx", workbook(body, sheet="发货")
    body = [["采购单号", "收件人", "数量", "快递公司", "快递单号", "发货时间"]]
    body += [[p.our_number, x.name, x.quantity, p.courier_name, p.written, f"{day:%Y-%m-%d %H:%M}"] for p, x in rows]
    return f"{stem}.xlsx", workbook(body, sheet="发货")


def chat_text(rows: Sequence[tuple[ReturnedParcel, Dispatched]]) -> str:
    """What a supplier types into the chat: ``李四 尾号1234 中通 7312…``, or our number where no name is known."""
    lines = ["老板今天的单号："]
    for parcel, line in rows:
        who = f"{line.name} 尾号{line.phone[-4:]}" if line.name and line.phone else parcel.our_number
        lines.append(" ".join(x for x in (who, parcel.courier_name, parcel.written) if x))
    lines.append("其余明天发")
    return "\n".join(lines)
