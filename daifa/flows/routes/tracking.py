"""回填单号: paste or drop what suppliers sent, say yes, no or what it should be."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest
from ninja import File, Form, Router, Schema
from ninja.files import UploadedFile

from daifa.base.web import REFUSALS, Given, May, actor_of
from daifa.flows import tracking_desk, tracking_files
from daifa.flows.tracking_desk import Word

router = Router(tags=["tracking"])
EDIT = May("logistics.edit")


class PasteIn(Given):
    """Chat text; ``supplier_id`` when the person said whose it is."""

    text: str
    supplier_id: UUID | None = None


class TrackingDone(Schema):
    """What an action says; ``undo`` is the token for 撤销."""

    message: str
    undo: str | None = None
    task_id: UUID | None = None


class TakenFile(Schema):
    """What became of one dropped file; ``why`` says what has to be asked first."""

    name: str
    message: str
    undo: str | None
    task_id: UUID | None
    import_id: UUID | None
    why: str


class TakenFiles(TrackingDone):
    """What became of dropped files."""

    files: list[TakenFile]


class WordIn(Given):
    """A person's word on a doubtful number; what is left out stays as suggested."""

    purchase_id: UUID | None = None
    tracking_no: str = ""
    courier: str = ""
    shared: bool = False
    sure: bool = False

    def word(self) -> Word:
        """As the flow knows it."""
        return Word(self.purchase_id, self.tracking_no.strip(), self.courier, self.shared, self.sure)


class ClaimIds(Given):
    """Which claims."""

    ids: list[UUID]


@router.post("/tracking/text", response={200: TrackingDone, **REFUSALS}, auth=EDIT)
def paste_text(request: HttpRequest, body: PasteIn) -> TrackingDone:
    """Take pasted chat text."""
    task_id, outcome = tracking_desk.paste(body.text, by=actor_of(request), supplier_id=body.supplier_id)
    return TrackingDone(message=outcome.message, undo=outcome.undo or None, task_id=task_id)


@router.post("/tracking/files", response={200: TakenFiles, **REFUSALS}, auth=EDIT)
def drop_files(
    request: HttpRequest,
    files: File[list[UploadedFile]],
    password: Form[str] = "",
    supplier_id: Form[UUID | None] = None,
) -> TakenFiles:
    """Take dropped files, of one supplier when the person said so; what has to be asked waits on the import screen."""
    by = actor_of(request)
    taken = [
        one
        for f in files
        for one in tracking_files.take(
            by=by, name=f.name or "回单", data=f.read(), password=password, supplier_id=supplier_id
        )
    ]
    done = [t for t in taken if not t.why]
    only = taken[0].undo if len(taken) == 1 else ""
    said = "；".join(f"{t.name}：{t.message or t.why}" for t in taken) if len(taken) > 1 else ""
    message = said or (taken[0].message or taken[0].why if taken else "文件里没有数据。")
    return TakenFiles(
        message=message,
        undo=only or None,
        task_id=done[0].task_id if len(done) == 1 else None,
        files=[
            TakenFile(
                name=t.name, message=t.message, undo=t.undo or None, task_id=t.task_id, import_id=t.import_id, why=t.why
            )
            for t in taken
        ],
    )


@router.post("/tracking/claims/{claim_id}/accept", response={200: TrackingDone, **REFUSALS}, auth=EDIT)
def accept_claim(request: HttpRequest, claim_id: UUID, body: WordIn) -> TrackingDone:
    """Yes: record it as suggested, or as corrected."""
    settled = tracking_desk.accept(claim_id, body.word(), by=actor_of(request))
    return TrackingDone(message=settled.message, undo=settled.undo or None)


@router.post("/tracking/claims/dismiss", response={200: TrackingDone, **REFUSALS}, auth=EDIT)
def dismiss_claims(request: HttpRequest, body: ClaimIds) -> TrackingDone:
    """No: set them aside."""
    settled = tracking_desk.dismiss(body.ids, by=actor_of(request))
    return TrackingDone(message=settled.message, undo=settled.undo or None)


@router.post("/tracking/parcels", response={200: TrackingDone, **REFUSALS}, auth=EDIT)
def register_parcel(request: HttpRequest, body: WordIn) -> TrackingDone:
    """A number typed by hand for one purchase."""
    settled = tracking_desk.register(body.word(), by=actor_of(request))
    return TrackingDone(message=settled.message, undo=settled.undo or None)
