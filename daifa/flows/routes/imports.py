"""The import screen: files arrive, are shown as cards, corrected, run, and their results looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import File, Form, Router, Schema
from ninja.files import UploadedFile

from daifa.areas.accounts.services import shops
from daifa.areas.mailroom.services import imports
from daifa.base.web import REFUSALS, Given, May, actor_of, download
from daifa.flows import handing, import_cards, intake
from daifa.flows.reading import Said
from daifa.flows.routes.import_words import StatusWord
from daifa.kit.errors import Invalid
from daifa.kit.paging import limit_of
from daifa.ports.card import GENERIC
from daifa.ports.sheet import ImportKind

router = Router(tags=["imports"])
MAX_FILES = 50


class FileColumn(Schema):
    """One column of a file: its name, what it is taken for, how sure that is, three (masked) samples, and why."""

    index: int
    column: str
    field: str | None
    label: str | None
    word: str | None
    asked: bool
    samples: list[str]
    why: str


class FirstFileRows(Schema):
    """The first rows as we understood them."""

    columns: list[str]
    rows: list[list[str]]


class FileRowProblem(Schema):
    """Why one row will not enter, and what to do."""

    row: int
    column: str
    value: str = ""
    reason: str
    fix: str


class FileShopRef(Schema):
    """A shop's name and platform."""

    id: UUID
    platform: str
    name: str


class ImportCard(Schema):
    """One sheet of one file on its way in. ``why_not`` is empty when it is ready to run."""

    id: UUID
    state: str
    name: str
    file: str
    sheet: str
    kind: str | None
    kind_label: str
    label: str
    platform: str | None
    shop: FileShopRef | None
    needs_shop: bool
    shop_hint: str | None
    needs_supplier: bool
    supplier: str
    header_row: int
    rows: int
    orders: int
    lines: int
    date_from: datetime | None
    date_to: datetime | None
    as_of: datetime | None
    as_of_asked: bool
    asked: int
    errors: int
    template: str | None
    unknown_words: int
    notes: list[str]
    ready: bool
    why_not: str
    imported_before: datetime | None
    task_id: UUID | None
    created_at: datetime
    finished_at: datetime | None
    counts: dict[str, Any]


class OpenImports(Schema):
    """The cards on the table."""

    items: list[ImportCard]
    ready: int


class ImportDetail(ImportCard):
    """A card opened: columns (doubtful first), first rows, problems."""

    columns: list[FileColumn]
    first: FirstFileRows
    problems: list[FileRowProblem]
    words: list[StatusWord]
    totals: dict[str, Any]


class ImportPage(Schema):
    """A page of all imports."""

    items: list[ImportCard]
    next_cursor: str | None
    total: int | None


class ImportCounts(Schema):
    """How many each tab has."""

    counts: dict[str, int]


class ImportActed(Schema):
    """What an action says, and the task that goes on."""

    message: str | None = None
    task_id: UUID | None = None


class ImportsReceived(ImportActed):
    """The imports that files became."""

    ids: list[UUID]


@router.post("/imports", response={200: ImportsReceived, **REFUSALS}, auth=May("imports.run"))
def upload(
    request: HttpRequest, files: File[list[UploadedFile]], kind: Form[str] = "", supplier: Form[str] = ""
) -> Any:
    """Take files in; each sheet that is something becomes a card."""
    actor = actor_of(request)
    if len(files) > MAX_FILES:
        raise Invalid("too_many_files", f"一次最多 {MAX_FILES} 个文件，请分几次拖入。")
    if kind and kind not in set(ImportKind):
        raise Invalid("unknown_kind", f"没有“{kind}”这种导入类型。")
    said = Said(kind=kind, supplier=supplier) if supplier else None
    ids = [
        intake.receive(by=actor, name=file.name or "文件", data=_content(file), kind=kind, said=said) for file in files
    ]
    return {"ids": list(dict.fromkeys(ids)), "message": None}


def _content(file: UploadedFile) -> bytes:
    if (file.size or 0) > settings.UPLOAD_LIMIT:
        limit = settings.UPLOAD_LIMIT // 1024 // 1024
        raise Invalid(
            "file_too_large", f"文件“{file.name}”超过 {limit} MB。请按时间分成几个文件再导入。", file=file.name
        )
    data: bytes = file.read()
    if not data:
        raise Invalid("file_empty", f"文件“{file.name}”是空的。请重新从平台导出后再导入。", file=file.name)
    return data


@router.get("/imports/open", response={200: OpenImports, **REFUSALS}, auth=May("imports.run"))
def open_imports(request: HttpRequest) -> Any:
    """The files that wait for a person or are under way."""
    cards = import_cards.cards(imports.list_open(handing.within(actor_of(request))))
    return {"items": cards, "ready": sum(bool(c["ready"]) for c in cards)}


@router.get("/imports", response={200: ImportPage, **REFUSALS}, auth=May("imports.run"))
def list_imports(
    request: HttpRequest,
    tab: str = "all",
    kind: str = "",
    shop: UUID | None = None,
    text: str = "",
    cursor: str = "",
    limit: int | None = None,
) -> Any:
    """All imports, newest first."""
    scope = handing.within(actor_of(request))
    found = imports.page(
        within=scope, tab=tab, kind=kind, shop_id=shop, text=text, cursor=cursor, limit=limit_of(limit)
    )  # fmt: skip
    total = imports.counts(within=scope, kind=kind, shop_id=shop, text=text).get(tab)
    return {"items": import_cards.cards(found.items), "next_cursor": found.next or None, "total": total}


@router.get("/imports/counts", response={200: ImportCounts, **REFUSALS}, auth=May("imports.run"))
def count_imports(request: HttpRequest, kind: str = "", shop: UUID | None = None, text: str = "") -> Any:
    """How many imports each tab has."""
    scope = handing.within(actor_of(request))
    return {"counts": imports.counts(within=scope, kind=kind, shop_id=shop, text=text)}


@router.get("/imports/{uuid:import_id}", response={200: ImportDetail, **REFUSALS}, auth=May("imports.run"))
def get_import(request: HttpRequest, import_id: UUID) -> Any:
    """One card opened."""
    return import_cards.detail(handing.own_import(actor_of(request), import_id))


class FileShop(Given):
    """A shop to be made for a file."""

    platform: str
    name: str


class ImportCorrection(Given):
    """A person's word over the guess; what is left out stays as it was said before. ``columns``: index → field."""

    kind: str | None = None
    platform: str | None = None
    header_row: int | None = None
    shop_id: UUID | None = None
    new_shop: FileShop | None = None
    supplier: str | None = None
    as_of: datetime | None = None
    columns: dict[int, str | None] | None = None
    words: dict[str, str] = {}
    password: str = ""
    template_name: str = ""


@router.post("/imports/{uuid:import_id}/correct", response={200: ImportDetail, **REFUSALS}, auth=May("imports.run"))
def correct_import(request: HttpRequest, import_id: UUID, body: ImportCorrection) -> Any:
    """Say what a file is, or what its columns mean; it is read again at once."""
    actor = actor_of(request)
    before = intake.said_of(handing.own_import(actor, import_id))
    said = _said(before, body)
    if body.new_shop is not None:
        actor.need("shops.edit")
        platform = body.new_shop.platform or GENERIC
        said = replace(said, shop_id=shops.create_shop(by=actor, platform=platform, name=body.new_shop.name).id)
    intake.correct(by=actor, import_id=import_id, said=said, password=body.password, template_name=body.template_name)
    return import_cards.detail(imports.get(import_id))


def _said(before: Said, body: ImportCorrection) -> Said:
    """What was said before, with what is said now; another kind or header row makes the columns new ones."""
    if body.kind and body.kind not in set(ImportKind):
        raise Invalid("unknown_kind", f"没有“{body.kind}”这种导入类型。")
    other_sheet = (body.kind is not None and body.kind != before.kind) or (
        body.header_row is not None and body.header_row != before.header_row
    )
    columns: Mapping[str, str | None] = {} if other_sheet else before.columns
    if body.columns is not None:
        columns = {**columns, **{str(i): f for i, f in body.columns.items()}}
    return Said(
        kind=before.kind if body.kind is None else body.kind,
        platform=before.platform if body.platform is None else body.platform,
        header_row=before.header_row if body.header_row is None else body.header_row,
        shop_id=body.shop_id or before.shop_id,
        columns=columns,
        as_of=body.as_of or before.as_of,
        supplier=before.supplier if body.supplier is None else body.supplier.strip(),
        words={**before.words, **body.words},
    )


@router.post("/imports/{uuid:import_id}/discard", response={200: ImportActed, **REFUSALS}, auth=May("imports.run"))
def discard_import(request: HttpRequest, import_id: UUID) -> Any:
    """Throw away a file that wrote nothing."""
    actor = actor_of(request)
    handing.own_import(actor, import_id)
    intake.discard(by=actor, import_id=import_id)
    return {"message": "已移除；需要时再拖进来一次就行"}


@router.post("/imports/{uuid:import_id}/again", response={200: ImportActed, **REFUSALS}, auth=May("imports.run"))
def import_again(request: HttpRequest, import_id: UUID) -> Any:
    """Bring a cancelled or failed import back to its card."""
    actor = actor_of(request)
    handing.own_import(actor, import_id)
    intake.again(by=actor, import_id=import_id)
    return {"message": "已重新读取，看过后可以接着导入"}


class ImportRun(Given):
    """Which cards to import; none named: all that are ready."""

    ids: list[UUID] | None = None


class ImportsStarted(ImportActed):
    """The tasks that go on, and the files left behind with the reason."""

    task_ids: list[UUID]
    import_ids: list[UUID]
    left: list[tuple[str, str]]


@router.post("/imports/run", response={200: ImportsStarted, **REFUSALS}, auth=May("imports.run"))
def run_imports(request: HttpRequest, body: ImportRun) -> Any:
    """Import all cards that are ready, in the order that fits."""
    started = intake.run(by=actor_of(request), import_ids=body.ids)
    return {
        "message": f"开始导入 {len(started.tasks)} 个文件",
        "task_id": started.tasks[0],
        "task_ids": list(started.tasks),
        "import_ids": list(started.imports),
        "left": list(started.left),
    }


class RejectedFileRow(FileRowProblem):
    """A refused row; ``value`` is what it says now (masked), ``mendable`` whether it can be mended in place."""

    mendable: bool


class ImportOutcome(Schema):
    """A number of the result that opens its list."""

    key: str
    label: str
    value: int
    to: str | None


class ImportResult(Schema):
    """How an import ended: counts that open their lists, refused rows, the way on, the token that takes it back.

    ``to_look``: rows of a file of numbers that still wait for a person.
    """

    card: ImportCard
    outcomes: list[ImportOutcome]
    rejected: list[RejectedFileRow]
    rejected_total: int
    to_look: int
    error_file: str | None
    error_file_asks: bool
    message: str
    undo: str
    next: dict[str, str] | None


@router.get("/imports/{uuid:import_id}/result", response={200: ImportResult, **REFUSALS}, auth=May("imports.run"))
def import_result(request: HttpRequest, import_id: UUID) -> Any:
    """How an import ended."""
    return import_cards.result(handing.own_import(actor_of(request), import_id))


class MendedRows(Given):
    """Corrected cells of refused rows: row → column name → value."""

    rows: dict[int, dict[str, str]]


@router.post("/imports/{uuid:import_id}/mend", response={200: ImportsStarted, **REFUSALS}, auth=May("imports.run"))
def mend_rows(request: HttpRequest, import_id: UUID, body: MendedRows) -> Any:
    """Import refused rows again with the cells corrected in place."""
    actor = actor_of(request)
    handing.own_import(actor, import_id)
    started = import_cards.mend(by=actor, import_id=import_id, cells=body.rows)
    return {
        "message": f"正在重新导入改好的 {len(body.rows)} 行",
        "task_id": started.tasks[0],
        "task_ids": list(started.tasks),
        "import_ids": list(started.imports),
        "left": [],
    }


@router.get("/imports/{uuid:import_id}/error-file", response={200: bytes, **REFUSALS}, auth=May("imports.run"))
def import_error_file(request: HttpRequest, import_id: UUID, reason: str = "") -> HttpResponse:
    """The refused rows as they were, with 行号/列/原因/怎么改; ``reason`` where people may be in them."""
    return download(*handing.of_import(by=actor_of(request), import_id=import_id, errors=True, reason=reason))


@router.get("/imports/{uuid:import_id}/file", response={200: bytes, **REFUSALS}, auth=May("imports.run"))
def import_file(request: HttpRequest, import_id: UUID, reason: str = "") -> HttpResponse:
    """The uploaded file as it was; ``reason`` where people may be in it."""
    return download(*handing.of_import(by=actor_of(request), import_id=import_id, reason=reason))
