"""Files as they were: stored sealed, found again, shredded when their time is over."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from daifa.areas.mailroom.models import Import, StoredFile, Task
from daifa.base import blobs, vault
from daifa.base.actor import Actor
from daifa.kit import clock
from daifa.kit.errors import NotFound
from daifa.kit.values import dataclass


@dataclass(frozen=True, slots=True)
class FileView:
    """A stored file without its content. ``keep_until`` None: its content is shredded."""

    id: UUID
    name: str
    size: int
    digest: str
    purpose: str
    direction: str
    keep_until: datetime | None
    created_by: str


def view(row: StoredFile) -> FileView:
    """A row as a value."""
    return FileView(
        row.id, row.name, row.size, row.digest, row.purpose, row.direction, row.keep_until, row.created_by
    )  # fmt: skip


def store(*, by: Actor, data: bytes, name: str, purpose: str, direction: str = "in", keep_days: int = 180) -> FileView:
    """Keep a file sealed; the same bytes under the same name and purpose are the same file."""
    digest = blobs.put(data)
    keep_until = clock.now() + timedelta(days=keep_days)
    row = StoredFile.objects.filter(digest=digest, name=name, purpose=purpose, direction=direction).first()
    if row is None:
        row = StoredFile.objects.create(
            direction=direction,
            purpose=purpose,
            name=name,
            digest=digest,
            size=len(data),
            keep_until=keep_until,
            created_by=by.key,
        )
    else:
        row.keep_until = keep_until
        row.save(update_fields=["keep_until"])
    return view(row)


def get(file_id: UUID) -> FileView:
    """A stored file's row. Raises NotFound."""
    row = StoredFile.objects.filter(id=file_id).first()
    if row is None:
        raise NotFound("no_such_file", "没有这个文件。")
    return view(row)


def views(ids: Iterable[UUID]) -> dict[UUID, FileView]:
    """Stored files by id; unknown ids are left out."""
    return {r.id: view(r) for r in StoredFile.objects.filter(id__in=list(set(ids)))}


def forget_unused(file_id: UUID) -> bool:
    """Shred and remove an uploaded file that nothing refers to any more; returns whether it went."""
    used = Import.objects.filter(Q(file_id=file_id) | Q(error_file_id=file_id)).exists()
    used = used or Task.objects.filter(Q(file_id=file_id) | Q(error_file_id=file_id)).exists()
    row = None if used else StoredFile.objects.filter(id=file_id, purpose="import").first()
    if row is None:
        return False
    if not StoredFile.objects.filter(digest=row.digest).exclude(id=row.id).exists():
        blobs.remove(row.digest)
    StoredFile.objects.filter(id=row.id).delete()
    return True


def forget_bytes(data: bytes) -> None:
    """Shred bytes that a refused command left behind, unless some file has them."""
    digest = vault.digest(data)
    if not StoredFile.objects.filter(digest=digest).exists():
        blobs.remove(digest)


def content(file_id: UUID) -> bytes:
    """The bytes of a stored file. Raises NotFound when it is gone."""
    return blobs.get(get(file_id).digest)


def shred_old(limit: int = 500) -> int:
    """Remove the content of files whose retention is over; the rows stay. Returns how many."""
    old = list(StoredFile.objects.filter(keep_until__lt=clock.now())[:limit])
    for row in old:
        if not StoredFile.objects.filter(digest=row.digest, keep_until__gte=clock.now()).exists():
            blobs.remove(row.digest)
    StoredFile.objects.filter(id__in=[r.id for r in old]).update(keep_until=None)
    return len(old)
