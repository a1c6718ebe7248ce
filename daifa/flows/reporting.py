"""Shops are told: one file per shop in its own template, and what the platform's next export confirms."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from daifa.areas.accounts.services import connections, settings, shops
from daifa.areas.accounts.types import ConnectionView, ShopView
from daifa.areas.logistics.rules.confirming import is_confirmed, platform_numbers
from daifa.areas.logistics.rules.couriers import courier_name
from daifa.areas.logistics.rules.ship_file import ShipFiles, ShipFormat, ShipLine, ShipParcel, ShipSheet, fill
from daifa.areas.logistics.services import parcels, reports, templates
from daifa.areas.logistics.services.reports import ShipFileView
from daifa.areas.mailroom.services import files, outbox, tasks
from daifa.areas.orders.services import history, standing
from daifa.areas.orders.services.history import Fact
from daifa.base import audit
from daifa.base.actor import Actor
from daifa.connectors import registry
from daifa.flows import advance, undo
from daifa.kit import clock
from daifa.kit.errors import Conflict, Invalid, NotAllowed
from daifa.kit.tabular.write import Table, write_csv, write_xlsx
from daifa.kit.values import dataclass
from daifa.ports.card import Capability
from daifa.ports.shop import GONE
from daifa.reads import ship_facts, ship_forms, ship_missing
from daifa.reads.ship_facts import WaitingReport
from daifa.reads.touched import Touched

UPLOADED = "ship_file.uploaded"
NOT_NEEDED = "report.not_needed"
KEEP_DAYS = 180


@dataclass(frozen=True, slots=True)
class ShopPlan:
    """What a shop's file would hold now: sheets, what is left out and why, and the template used."""

    shop: ShopView
    form: ShipFormat
    template: str
    learned: bool
    files: ShipFiles
    waiting: Mapping[UUID, WaitingReport]

    @property
    def orders(self) -> int:
        """How many orders would be told."""
        told = {row.report_id for sheet in self.files.sheets for row in sheet.rows}
        return len({self.waiting[i].order_id for i in told})


@dataclass(frozen=True, slots=True)
class Made:
    """Files that were made, and how many parcels stayed out (each with its reason on the card)."""

    files: tuple[ShipFileView, ...]
    left_out: int


def plans(shop_list: Sequence[ShopView]) -> list[ShopPlan]:
    """What each shop's files would hold, without writing anything."""
    by_shop: dict[UUID, list[WaitingReport]] = {s.id: [] for s in shop_list}
    for report in ship_facts.waiting(list(by_shop)):
        by_shop[report.shop_id].append(report)
    own = templates.of_shops(list(by_shop))
    urgent_before = clock.now() + timedelta(hours=settings.number("deadline_near_hours"))
    first_goes = bool(settings.get_all()["upload_first_parcel"])
    missing = ship_missing.of({r.order_id for own_reports in by_shop.values() for r in own_reports if r.pending})
    made = []
    for shop in shop_list:
        known = own.get(shop.id)
        form, name = (known.form, known.name) if known else ship_forms.of_platform(shop.platform)
        naming = templates.naming_of(shop.platform, form, templates.names_of(shop.platform))
        # What is said of it is said to people: by its name, not by its key.
        naming = replace(naming, platform=registry.label_of(shop.platform))
        waiting = by_shop[shop.id]
        filled = fill(
            form, [_parcel(r, urgent_before, first_goes, missing.get(r.order_id, "")) for r in waiting], naming
        )
        learned = bool(known and known.file_id)
        made.append(ShopPlan(shop, form, name, learned, filled, {r.id: r for r in waiting}))
    return made


def _parcel(r: WaitingReport, urgent_before: datetime, first_goes: bool, missing: str) -> ShipParcel:
    return ShipParcel(
        report_id=r.id,
        order_no=r.order_no,
        courier=r.courier,
        tracking_no=r.tracking_number,
        lines=tuple(ShipLine(no, boxed) for no, _, boxed in r.lines),
        pending=r.pending,
        missing=missing,
        urgent=first_goes or (r.due_by is not None and r.due_by <= urgent_before),
        blocked=blocked(r),
    )


def blocked(r: WaitingReport, *, by_api: bool = False, adds: bool = False) -> str:
    """Why an order must not be told as shipped now; never by silence.

    By API a shipped order's number may still be replaced by the one that its box goes by now, and where the platform
    takes it (``adds``) a box is added; a file only ships.
    """
    if r.order_state == "cancelled":
        return "订单已取消，没有放进文件。请到“售后”里追回或拦截"
    if r.refund == "full":
        return "订单已全额退款，没有放进文件。请到“售后”里追回或拦截"
    if r.refund == "applied":
        return "买家申请了退款，没有放进文件。先到“售后”里处理，撤销后会自动放回"
    counted = by_api and r.lines and not r.replaces and not any(ships for _, ships, _ in r.lines)
    if counted and r.order_state not in GONE:
        return "里面的商品已经随另一个单号算发货；整单发完以后，这个单号自动作为追加包裹告诉平台"
    if r.order_state in GONE and not (by_api and r.replaces) and not adds:
        if r.replaces:
            return f"平台上整单已是“已发货”。请在平台后台把单号 {r.replaces} 改成 {r.tracking_number}"
        return "平台上整单已是“已发货”。多出的包裹请在平台后台追加"
    return ""


def by_api(shop_ids: Collection[UUID]) -> dict[UUID, ConnectionView]:
    """Of these shops those that can be told by API, with the connection; whether it works now is in its state."""
    return {
        shop: held
        for shop, held in connections.of_shops(shop_ids).items()
        if Capability.SHIP in registry.connector(held.platform).card.capabilities
    }


def by_file(shop_list: Sequence[ShopView]) -> list[ShopView]:
    """Those of the shops that need files: the others are told by API by themselves."""
    lines = by_api([s.id for s in shop_list])
    return [s for s in shop_list if s.id not in lines or lines[s.id].state != "working"]


def make(shop_list: Sequence[ShopView], *, by: Actor) -> Made:
    """Write one file per shop (several over its limit) for all that waits. Raises Invalid when nothing can go."""
    parcels.one_at_a_time()
    found = plans(shop_list)
    made = [_write(plan, sheet, by) for plan in found for sheet in plan.files.sheets]
    left = sum(len(p.files.left_out) for p in found)
    if not made:
        raise Invalid("nothing_to_tell", _nothing(found, left))
    told = sorted({r.order_id for p in found for i, r in p.waiting.items() if i in _told(p)})
    advance.settle(told)
    audit.record(by, "ship_file.make", f"生成 {len(made)} 个发货上传文件", kind="ship_file")
    written = tuple(reports.get(made))
    for one in written:
        result = {"succeeded": one.rows, "message": f"{one.rows} 行，等您上传到平台"}
        tasks.record(by=by, kind="export", title=one.name, file_id=one.file_id, result=result, link="/upload")
    return Made(written, left)


def _told(plan: ShopPlan) -> set[UUID]:
    return {row.report_id for sheet in plan.files.sheets for row in sheet.rows}


def _nothing(found: Sequence[ShopPlan], left: int) -> str:
    if not left:
        return "没有新的单号要上传。先在“回填单号”里登记供应商的单号。"
    first = next(p.files.left_out[0] for p in found if p.files.left_out)
    return f"{left} 个单号现在都不能放进文件，例如订单 {first.order_no}：{first.reason}。"


def _write(plan: ShopPlan, sheet: ShipSheet, by: Actor) -> UUID:
    form = plan.form
    table = Table(form.sheet, [c.header for c in form.columns], [r.cells for r in sheet.rows], form.titles)
    csv = form.file_type == "csv"
    data = write_csv(table, keep_digits=False) if csv else write_xlsx([table])
    name = _name(plan, sheet, "csv" if csv else "xlsx")
    stored = files.store(by=by, data=data, name=name, purpose="ship", direction="out", keep_days=KEEP_DAYS)
    first: dict[UUID, int] = {}
    for at, row in enumerate(sheet.rows, start=1):
        first.setdefault(row.report_id, at)
    return reports.make(
        shop_id=plan.shop.id,
        file_id=stored.id,
        name=name,
        rows=list(first.items()),
        count=len(sheet.rows),
        by=by.key,
    )


def _name(plan: ShopPlan, sheet: ShipSheet, ending: str) -> str:
    at = clock.now().astimezone(clock.BEIJING)
    part = f"-{sheet.part}" if len(plan.files.sheets) > 1 else ""
    courier = f"-{courier_name(sheet.courier)}" if sheet.courier else ""
    clean = "".join(c for c in plan.shop.name if c not in '\\/:*?"<>|')
    return f"发货-{clean}-{at:%m%d-%H%M%S}{courier}{part}.{ending}"


def hand_out(ids: Collection[UUID], *, by: Actor) -> tuple[str, bytes]:
    """One file, or several in one zip; from now on they count as downloaded. Raises NotFound, Conflict."""
    for one in reports.get(ids):
        by.need_shop(one.shop_id)
    if by.suppliers is not None:
        raise NotAllowed("ship_file_out_of_scope", "上传文件是整个店铺的，不在您的数据范围内。")
    taken = reports.downloaded(ids)
    if len(taken) == 1:
        return taken[0].name, files.content(taken[0].file_id)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for one in taken:
            archive.writestr(one.name, files.content(one.file_id))
    at = clock.now().astimezone(clock.BEIJING)
    return f"发货上传-{at:%m%d-%H%M}.zip", out.getvalue()


def uploaded(ids: Collection[UUID], *, by: Actor) -> str:
    """A person says that files are on the platform; returns the token for 撤销."""
    found = reports.get(ids)
    for one in found:
        by.need_shop(one.shop_id)
    orders = reports.uploaded(ids, by=by.key)

    def said(own: Collection[UUID]) -> str:
        return f"发货单号已上传平台（{'、'.join(f.name for f in found if f.id in own)}）"

    history.write([Fact(i, "report", said(own), by=by.key, by_name=by.name) for i, own in orders.items()])
    advance.settle(list(orders))
    return undo.offer(
        by=by,
        verb=UPLOADED,
        title=f"标记 {len(found)} 个文件已上传",
        count=len(orders),
        data={"files": [str(i) for i in ids]},
    )


def _not_uploaded(data: Mapping[str, object], by: Actor) -> str:
    ids = data.get("files")
    assert isinstance(ids, list)
    advance.settle(reports.not_uploaded([UUID(i) for i in ids]))
    return f"{len(ids)} 个文件改回“已下载，未上传”。"


def _shops_of_files(data: Mapping[str, object]) -> Touched:
    ids = data.get("files")
    assert isinstance(ids, list)
    return Touched(shops=[f.shop_id for f in reports.get([UUID(i) for i in ids])])


undo.register(UPLOADED, "logistics.edit", _not_uploaded, _shops_of_files)


def void(ids: Collection[UUID], *, by: Actor, reason: str = "") -> int:
    """Throw files away before upload; their rows wait again. Returns how many orders. Raises NotFound, Conflict."""
    for one in reports.get(ids):
        by.need_shop(one.shop_id)
    orders = reports.void(ids)
    advance.settle(orders)
    audit.record(by, "ship_file.void", f"作废 {len(ids)} 个发货上传文件", kind="ship_file", reason=reason)
    return len(orders)


def refuse(report_ids: Collection[UUID], *, reason: str, by: Actor) -> int:
    """The platform did not take these rows, with its reason; returns how many orders. Raises Invalid, Conflict."""
    if not reason.strip():
        raise Invalid("reason_missing", "请填写平台给出的失败原因。")
    _in_scope(report_ids, by)
    orders = reports.refuse(report_ids, reason.strip())
    text = f"平台未通过发货：{reason.strip()}"
    history.write([Fact(i, "report", text, by=by.key, by_name=by.name) for i in orders])
    advance.settle(orders)
    return len(orders)


def again(report_ids: Collection[UUID], *, by: Actor) -> int:
    """Refused ones are told again, by API or in the next file, as a new version; returns how many orders.

    Raises Conflict.
    """
    _in_scope(report_ids, by)
    orders = reports.again(report_ids)
    # What a person was asked about the refused version is answered by this.
    outbox.void([x.key for x in outbox.of_subject(report_ids)], f"{by.name}：重新上传")
    history.write([Fact(i, "report", "重新上传发货单号", by=by.key, by_name=by.name) for i in orders])
    advance.settle(orders)
    return len(orders)


def confirm(order_ids: Collection[UUID]) -> list[UUID]:
    """Take the platform's word from an export that was just merged; returns the orders confirmed. Settling is the
    caller's."""
    found = [
        r
        for r in ship_facts.told(order_ids)
        if is_confirmed(r.order_state, platform_numbers(r.parcels), r.tracking_number, r.state)
    ]
    if not found:
        return []
    standing.lock(sorted({r.order_id for r in found}))
    orders = reports.confirm([r.id for r in found])
    history.write(
        [Fact(r.order_id, "report", f"平台已确认发货：{courier_name(r.courier)} {r.tracking_number}") for r in found]
    )
    return orders


def confirm_by_hand(report_ids: Collection[UUID], *, by: Actor) -> int:
    """A person looked at the platform's page; returns how many orders."""
    _in_scope(report_ids, by)
    orders = reports.confirm(report_ids)
    history.write([Fact(i, "report", "人工核对：平台已发货", by=by.key, by_name=by.name) for i in orders])
    advance.settle(orders)
    return len(orders)


def not_needed(report_ids: Collection[UUID], *, by: Actor) -> tuple[int, str]:
    """The platform has these orders as shipped already: their numbers need not go. Returns orders, token for 撤销.

    Raises Conflict where an order is not shipped there: its number must go in the file.
    """
    _in_scope(report_ids, by)
    waiting = ship_facts.by_id(report_ids)
    standing.lock(sorted({r.order_id for r in waiting}))
    waiting = ship_facts.by_id(report_ids)
    if not waiting:
        raise Conflict("report_taken", "这些单号已经处理过了，请刷新。")
    if unsent := [r.order_no for r in waiting if r.order_state not in GONE]:
        raise Conflict("not_shipped_there", f"订单 {unsent[0]} 在平台上还没有发货，单号要上传。")
    ids = [r.id for r in waiting]
    orders = reports.confirm(ids)
    history.write(
        [
            Fact(
                r.order_id, "report", f"平台已发货，{courier_name(r.courier)} {r.tracking_number} 不用上传",
                by=by.key, by_name=by.name,
            )
            for r in waiting
        ]
    )  # fmt: skip
    advance.settle(orders)
    title = f"{len(ids)} 个单号不用上传（平台已发货）"
    audit.record(by, NOT_NEEDED, title, kind="order", object_id=orders[0] if len(orders) == 1 else None)
    token = undo.offer(by=by, verb=NOT_NEEDED, title=title, count=len(orders), data={"reports": [str(i) for i in ids]})
    return len(orders), token


def _needed(data: Mapping[str, object], by: Actor) -> str:
    ids = data.get("reports")
    assert isinstance(ids, list)
    orders = reports.needed_again([UUID(i) for i in ids])
    history.write([Fact(i, "report", "撤销“不用上传”", by=by.key, by_name=by.name) for i in orders])
    advance.settle(orders)
    return f"{len(orders)} 单放回待上传。"


def _shops_of_reports(data: Mapping[str, object]) -> Touched:
    ids = data.get("reports")
    assert isinstance(ids, list)
    return Touched(shops=reports.shops_of([UUID(i) for i in ids]))


undo.register(NOT_NEEDED, "logistics.edit", _needed, _shops_of_reports)


def _in_scope(report_ids: Collection[UUID], by: Actor) -> None:
    for shop_id in reports.shops_of(report_ids):
        by.need_shop(shop_id)


def shops_of(by: Actor, wanted: Collection[UUID] = ()) -> list[ShopView]:
    """The active shops this person may see, or just the wanted ones. Raises NotAllowed."""
    for shop_id in wanted:
        by.need_shop(shop_id)
    if by.suppliers is not None:
        # What a platform is told is told for a whole shop, whoever supplied it.
        return []
    return [
        s
        for s in shops.list_shops()
        if s.active and (not wanted or s.id in wanted) and (by.shops is None or s.id in by.shops)
    ]
