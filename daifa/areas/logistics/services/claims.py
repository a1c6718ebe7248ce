"""Claims that a person must look at: what a supplier said (sealed), why it could not be used, what we think."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from uuid import UUID

from daifa.areas.logistics.models import TrackingClaim as ClaimRow
from daifa.areas.logistics.rules.lifecycles import CLAIM
from daifa.areas.logistics.types import Content, Suggestion, TrackingClaim
from daifa.base import bulk, vault
from daifa.kit import clock
from daifa.kit.errors import Conflict, NotFound
from daifa.kit.ids import uuid7
from daifa.kit.masking import mask_name, scrub
from daifa.kit.values import dataclass

SEAL = "tracking.claim"
REPEAT_DAYS = 30
_FIELDS = (
    "tracking_no", "courier", "our_number", "order_no", "line_no", "names", "phone", "phone_tail", "quantity", "title",
    "spec",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class NewClaim:
    """One claim to be kept: its words, which pile (doubtful, unusable), which kind of trouble, reason, suggestions."""

    claims: tuple[TrackingClaim, ...]
    state: str
    kind: str
    reason: str
    suggestions: tuple[Suggestion, ...] = ()


@dataclass(frozen=True, slots=True)
class ClaimView:
    """A kept claim. ``said`` is masked; ``tracking_no`` is the number it names ('' when unusable as one)."""

    id: UUID
    supplier_id: UUID | None
    task_id: UUID | None
    file_id: UUID | None
    row: int
    state: str
    kind: str
    reason: str
    said: str
    tracking_no: str
    suggestions: tuple[Suggestion, ...]
    created_at: datetime
    decided_by: str


def keep(
    claims: Sequence[NewClaim],
    *,
    supplier_id: UUID | None,
    task_id: UUID | None = None,
    file_id: UUID | None = None,
) -> int:
    """Keep claims for a person; one that was kept before (whatever became of it) is not kept twice. Returns how many
    are new."""
    at = clock.now()
    marks = [_mark(c, supplier_id) for c in claims]
    known = {
        m
        for (m,) in bulk.select(
            "SELECT suggestion->>'mark' FROM logistics_trackingclaim"
            " WHERE tenant_id = {tenant} AND created_at > %s AND suggestion->>'mark' = ANY(%s)",
            [at - timedelta(days=REPEAT_DAYS), marks],
        )
    }
    rows = []
    for mark, claim in zip(marks, claims, strict=True):
        if mark in known:
            continue
        known.add(mark)
        claim_id = uuid7()
        document = {"mark": mark, "kind": claim.kind, "suggestions": [_document(s) for s in claim.suggestions]}
        sealed = vault.seal_json({"claims": [asdict(c) for c in claim.claims]}, f"{SEAL}:{claim_id}")
        rows.append(
            (
                claim_id, at, task_id, supplier_id, file_id, claim.claims[0].row, sealed, claim.state, claim.reason,
                document, "", None,
            )
        )  # fmt: skip
    columns = (
        "id", "created_at", "task_id", "supplier_id", "file_id", "row", "sealed", "state", "reason", "suggestion",
        "decided_by", "decided_at",
    )  # fmt: skip
    bulk.insert(ClaimRow, columns, rows)
    return len(rows)


def _mark(claim: NewClaim, supplier_id: UUID | None) -> str:
    said = "|".join(",".join(str(getattr(c, f) or "") for f in _FIELDS) for c in claim.claims)
    return vault.lasting_hash("claim", f"{supplier_id}|{said}").hex()


def _document(s: Suggestion) -> dict[str, object]:
    return {
        "purchase_id": str(s.purchase_id),
        "shown": s.shown,
        "tracking_no": s.tracking_no,
        "courier": s.courier,
        "contents": [[str(c.line_id), c.quantity] for c in s.contents],
        "why": s.why,
    }


def _suggestion(d: Mapping[str, object]) -> Suggestion:
    contents = d["contents"]
    assert isinstance(contents, list)
    return Suggestion(
        UUID(str(d["purchase_id"])),
        str(d["shown"]),
        str(d["tracking_no"]),
        str(d["courier"]),
        tuple(Content(UUID(str(line)), int(n)) for line, n in contents),
        str(d["why"]),
    )


def masked_words(claim: TrackingClaim) -> str:
    """What a claim says, as people may see it: names and phones masked."""
    parts = (
        claim.our_number,
        claim.order_no,
        "、".join(mask_name(n) for n in claim.names),
        f"尾号{claim.phone_tail}" if claim.phone_tail else "",
        f"{claim.title} {claim.spec}".strip(),
        f"{claim.quantity} 件" if claim.quantity is not None else "",
        claim.courier,
        claim.tracking_no,
    )
    return scrub(" ".join(p for p in parts if p))


def _opened(row: ClaimRow) -> list[TrackingClaim]:
    found = vault.unseal_json(bytes(row.sealed), f"{SEAL}:{row.id}")["claims"]
    assert isinstance(found, list)
    return [TrackingClaim(**{**c, "names": tuple(c["names"])}) for c in found]


def view(row: ClaimRow) -> ClaimView:
    """A row as a value."""
    claims = _opened(row)
    document = row.suggestion
    return ClaimView(
        id=row.id,
        supplier_id=row.supplier_id,
        task_id=row.task_id,
        file_id=row.file_id,
        row=row.row,
        state=row.state,
        kind=str(document.get("kind", "")),
        reason=row.reason,
        said=" / ".join(masked_words(c) for c in claims),
        tracking_no=claims[0].tracking_no,
        suggestions=tuple(_suggestion(s) for s in document.get("suggestions", [])),
        created_at=row.created_at,
        decided_by=row.decided_by,
    )


def get(claim_id: UUID, *, lock: bool = False) -> ClaimView:
    """One claim. Raises NotFound."""
    rows = ClaimRow.objects.select_for_update() if lock else ClaimRow.objects.all()
    row = rows.filter(id=claim_id).first()
    if row is None:
        raise NotFound("no_such_claim", "没有这条回单，可能已被处理。请刷新。")
    return view(row)


def words(claim_id: UUID) -> list[TrackingClaim]:
    """What a kept claim says, opened: for rules to compare, never to be shown."""
    return _opened(ClaimRow.objects.get(id=claim_id))


def listed(*, states: Sequence[str], file_ids: Collection[UUID] = (), limit: int = 500) -> list[ClaimView]:
    """Claims in these states (of these files, where any is named), newest first."""
    rows = ClaimRow.objects.filter(state__in=list(states)).order_by("-created_at", "row", "id")
    rows = rows.filter(file_id__in=list(file_ids)) if file_ids else rows
    return [view(r) for r in rows[:limit]]


def decide(claim_id: UUID, state: str, *, by: str) -> None:
    """Accepted, dismissed, or open again. Raises NotFound, Conflict when it was decided otherwise."""
    row = ClaimRow.objects.select_for_update().filter(id=claim_id).first()
    if row is None:
        raise NotFound("no_such_claim", "没有这条回单，可能已被处理。请刷新。")
    if row.state == state:
        raise Conflict("already_decided", f"这条回单已经是“{CLAIM.labels[state]}”，请刷新。")
    CLAIM.check(row.state, state)
    row.state, row.decided_by, row.decided_at = state, by, clock.now()
    row.save(update_fields=["state", "decided_by", "decided_at"])


def reopen(claim_id: UUID, state: str) -> None:
    """An undone decision: the claim waits again as it did."""
    ClaimRow.objects.filter(id=claim_id, state__in=("accepted", "dismissed")).update(
        state=state, decided_by="", decided_at=None
    )
