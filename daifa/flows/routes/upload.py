"""上传平台: a card per shop, files made and taken home in one action, what the platform made of them."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema

from daifa.areas.accounts.services import settings
from daifa.areas.accounts.types import CONNECTION
from daifa.areas.logistics.rules.couriers import courier_name
from daifa.areas.logistics.rules.lifecycles import REPORT, SHIP_FILE
from daifa.areas.logistics.services import reports
from daifa.areas.logistics.services.reports import ShipFileView
from daifa.base.web import REFUSALS, Given, May, actor_of, download
from daifa.flows import reporting
from daifa.flows.reporting import ShopPlan
from daifa.kit import clock
from daifa.kit.errors import Invalid
from daifa.ports.shop import GONE
from daifa.reads import upload_desk
from daifa.reads.upload_desk import ShopCounts, Telling

router = Router(tags=["upload"])
SEE = May("logistics.view")
EDIT = May("logistics.edit")
MOST_LEFT = 100
LATELY = timedelta(days=1)


class UploadDone(Schema):
    """What an action says; ``ids`` are files to take home."""

    message: str
    undo: str | None = None
    ids: list[UUID] = []


class LeftOut(Schema):
    """A parcel that is in no file, and why; ``shipped_there``: a person may say that its number need not go."""

    report_id: UUID
    order_no: str
    order_id: UUID
    tracking_number: str
    courier_name: str
    reason: str
    shipped_there: bool


class ShipFileOut(Schema):
    """One batch-ship file."""

    id: UUID
    name: str
    rows: int
    state: str
    state_label: str
    created_at: datetime
    downloaded_at: datetime | None
    uploaded_at: datetime | None


class TemplateOut(Schema):
    """The template a shop uses: its name, whether somebody confirmed it, whether it was learned from a blank file."""

    name: str
    verified: bool
    learned: bool
    file_type: str
    columns: list[str]
    row_limit: int


class ByApi(Schema):
    """A shop that is told by API: whether it works now (``why`` if not), and how the telling stands.

    ``told``: boxes of the last day.
    """

    connection_id: UUID
    working: bool
    state_label: str
    why: str
    waiting: int
    asking: int
    stuck: int
    told: int


class ShopCard(Schema):
    """A shop on the upload screen; ``api`` where it is told by API, and files are the way out only.

    ``in_files``: boxes in files that are not marked as uploaded. ``at_suppliers``: its orders whose numbers the
    suppliers have not given yet.
    """

    shop_id: UUID
    shop: str
    platform: str
    ready_orders: int
    ready_rows: int
    parts: int
    left_out: list[LeftOut]
    left_count: int
    notes: list[str]
    template: TemplateOut
    files: list[ShipFileOut]
    in_files: int
    uploaded: int
    late: int
    at_suppliers: int
    api: ByApi | None


class UploadBoard(Schema):
    """The upload screen."""

    shops: list[ShopCard]
    ready_orders: int
    ready_shops: int
    late: int
    late_hours: int


class OpenReportOut(Schema):
    """A number that a shop was told and that is not settled."""

    id: UUID
    order_id: UUID
    shop_id: UUID
    shop: str
    platform: str
    order_no: str
    courier_name: str
    tracking_number: str
    state: str
    state_label: str
    refusal: str
    told_at: datetime | None
    file: str
    due_by: datetime | None
    risk_fen: int
    late: bool
    note: str


class OpenReports(Schema):
    """Told and not settled."""

    items: list[OpenReportOut]


class ShopIds(Given):
    """Which shops; none named = all that are not told by API by themselves."""

    shop_ids: list[UUID] = []


class Ids(Given):
    """Which ones."""

    ids: list[UUID]
    reason: str = ""


def _file(f: ShipFileView) -> ShipFileOut:
    return ShipFileOut(
        id=f.id, name=f.name, rows=f.rows, state=f.state, state_label=SHIP_FILE.labels[f.state],
        created_at=f.created_at, downloaded_at=f.downloaded_at, uploaded_at=f.uploaded_at,
    )  # fmt: skip


def _by_api(shop_ids: list[UUID]) -> dict[UUID, ByApi]:
    lines = reporting.by_api(shop_ids)
    telling = upload_desk.telling([h.id for h in lines.values()], since=clock.now() - LATELY)
    found = {}
    for shop, held in lines.items():
        stands = telling.get(held.id, Telling())
        found[shop] = ByApi(
            connection_id=held.id, working=held.state == "working", state_label=CONNECTION.labels[held.state],
            why=held.state_reason, waiting=stands.waiting, asking=stands.asking, stuck=stands.stuck, told=stands.told,
        )  # fmt: skip
    return found


def _card(
    plan: ShopPlan, own: list[ShipFileView], counts: ShopCounts, at_suppliers: int, api: ByApi | None
) -> ShopCard:
    left = [
        LeftOut(
            report_id=x.report_id,
            order_no=x.order_no,
            order_id=plan.waiting[x.report_id].order_id,
            tracking_number=plan.waiting[x.report_id].tracking_number,
            courier_name=courier_name(plan.waiting[x.report_id].courier),
            reason=x.reason,
            shipped_there=plan.waiting[x.report_id].order_state in GONE,
        )
        for x in plan.files.left_out[:MOST_LEFT]
    ]
    form = plan.form
    return ShopCard(
        shop_id=plan.shop.id,
        shop=plan.shop.name,
        platform=plan.shop.platform,
        ready_orders=plan.orders,
        ready_rows=sum(len(s.rows) for s in plan.files.sheets),
        parts=len(plan.files.sheets),
        left_out=left,
        left_count=len(plan.files.left_out),
        notes=list(plan.files.notes),
        template=TemplateOut(
            name=plan.template, verified=form.verified, learned=plan.learned, file_type=form.file_type,
            columns=[c.header for c in form.columns], row_limit=form.row_limit,
        ),
        files=[_file(f) for f in own],
        in_files=counts.in_file,
        uploaded=counts.uploaded,
        late=counts.late,
        at_suppliers=at_suppliers,
        api=api,
    )  # fmt: skip


@router.get("/upload", response={200: UploadBoard, **REFUSALS}, auth=SEE)
def board(request: HttpRequest) -> UploadBoard:
    """A card per shop: what is ready, what stays out and why, files, and what is not confirmed."""
    shops = reporting.shops_of(actor_of(request))
    ids = [s.id for s in shops]
    hours = settings.number("upload_unconfirmed_hours")
    counts = upload_desk.counts(ids, hours=hours, now=clock.now())
    files: dict[UUID, list[ShipFileView]] = {i: [] for i in ids}
    for one in reports.open_files(ids):
        files[one.shop_id].append(one)
    api, waiting = _by_api(ids), upload_desk.at_suppliers(ids)
    cards = [
        _card(p, files[p.shop.id], counts.get(p.shop.id, ShopCounts()), waiting.get(p.shop.id, 0), api.get(p.shop.id))
        for p in reporting.plans(shops)
    ]
    by_file = [c for c in cards if c.api is None or not c.api.working]
    return UploadBoard(
        shops=cards,
        ready_orders=sum(c.ready_orders for c in by_file),
        ready_shops=sum(1 for c in by_file if c.ready_rows),
        late=sum(c.late for c in cards),
        late_hours=hours,
    )


@router.get("/upload/reports", response={200: OpenReports, **REFUSALS}, auth=SEE)
def open_reports(request: HttpRequest, shop: UUID | None = None) -> OpenReports:
    """Numbers that were told and are not confirmed, and refused ones."""
    shops = reporting.shops_of(actor_of(request), [shop] if shop else [])
    found = upload_desk.open_reports(
        [s.id for s in shops], hours=settings.number("upload_unconfirmed_hours"), now=clock.now()
    )
    return OpenReports(
        items=[
            OpenReportOut(
                id=r.id, order_id=r.order_id, shop_id=r.shop_id, shop=r.shop, platform=r.platform,
                order_no=r.order_no, courier_name=courier_name(r.courier), tracking_number=r.tracking_number,
                state=r.state, state_label=REPORT.labels[r.state], refusal=r.refusal, told_at=r.told_at, file=r.file,
                due_by=r.due_by, risk_fen=r.risk_fen, late=r.late, note=r.note,
            )
            for r in found
        ]
    )  # fmt: skip


@router.post("/upload/files", response={200: UploadDone, **REFUSALS}, auth=EDIT)
def make_files(request: HttpRequest, body: ShopIds) -> UploadDone:
    """Make the files of all shops that need them (or of the named ones); the ids are to be downloaded at once."""
    by = actor_of(request)
    shops = reporting.shops_of(by, body.shop_ids)
    made = reporting.make(shops if body.shop_ids else reporting.by_file(shops), by=by)
    rows = sum(f.rows for f in made.files)
    left = f"，{made.left_out} 个没有放进去（卡片上写着原因）" if made.left_out else ""
    return UploadDone(message=f"生成了 {len(made.files)} 个文件，{rows} 行{left}。", ids=[f.id for f in made.files])


@router.get("/upload/files/download", auth=EDIT, include_in_schema=True)
def download_files(request: HttpRequest, ids: str) -> HttpResponse:
    """One file, or several in a zip; from now on they count as downloaded."""
    try:
        wanted = [UUID(i) for i in ids.split(",") if i]
    except ValueError as error:
        raise Invalid("bad_id", "文件编号不对，请刷新后再试。") from error
    if not wanted:
        raise Invalid("no_files", "没有选文件。")
    name, data = reporting.hand_out(wanted, by=actor_of(request))
    return download(data, name)


@router.post("/upload/files/uploaded", response={200: UploadDone, **REFUSALS}, auth=EDIT)
def mark_uploaded(request: HttpRequest, body: Ids) -> UploadDone:
    """A person uploaded these files."""
    token = reporting.uploaded(body.ids, by=actor_of(request))
    return UploadDone(message="已记为上传，等下一次订单导出确认。", undo=token)


@router.post("/upload/files/void", response={200: UploadDone, **REFUSALS}, auth=EDIT)
def void_files(request: HttpRequest, body: Ids) -> UploadDone:
    """Throw files away before upload; their rows wait again."""
    orders = reporting.void(body.ids, by=actor_of(request), reason=body.reason)
    return UploadDone(message=f"文件已作废，{orders} 单放回待上传。")


@router.post("/upload/reports/refuse", response={200: UploadDone, **REFUSALS}, auth=EDIT)
def refuse_reports(request: HttpRequest, body: Ids) -> UploadDone:
    """The platform did not take these rows."""
    orders = reporting.refuse(body.ids, reason=body.reason, by=actor_of(request))
    return UploadDone(message=f"{orders} 单记为平台未通过。")


@router.post("/upload/reports/again", response={200: UploadDone, **REFUSALS}, auth=EDIT)
def tell_again(request: HttpRequest, body: Ids) -> UploadDone:
    """Refused ones are told again: by API at once, else in the next file."""
    orders = reporting.again(body.ids, by=actor_of(request))
    return UploadDone(message=f"{orders} 单放回待上传：按接口上传的店铺马上重传，其他的在下一个文件里。")


@router.post("/upload/reports/not-needed", response={200: UploadDone, **REFUSALS}, auth=EDIT)
def numbers_not_needed(request: HttpRequest, body: Ids) -> UploadDone:
    """The platform has these orders as shipped already: their numbers need not go."""
    orders, token = reporting.not_needed(body.ids, by=actor_of(request))
    return UploadDone(message=f"{orders} 单记为平台已发货，不用上传。", undo=token)


@router.post("/upload/reports/confirm", response={200: UploadDone, **REFUSALS}, auth=EDIT)
def confirm_reports(request: HttpRequest, body: Ids) -> UploadDone:
    """A person saw on the platform that they are shipped."""
    orders = reporting.confirm_by_hand(body.ids, by=actor_of(request))
    return UploadDone(message=f"{orders} 单已确认。")
