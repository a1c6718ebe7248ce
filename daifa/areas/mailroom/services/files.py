"""Files as they were: stored sealed, found again, shredded when their time is over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from daifa.areas.mailroom.models import StoredFile
from daifa.base import blobs
from daifa.base.actor import Actor
from daifa.kit import clock
from daifa.kit.errors import NotFound


@dataclass(frozen=True, slots=True)
class FileView:
    """A stored file without its content."""

    id: UUID
    name: str
    size: int
    digest: str
    purpose: str


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
        StoredFile.objects.filter(id=row.id).update(keep_until=keep_until)
    return FileView(row.id, row.name, row.size, row.digest, row.purpose)


def get(file_id: UUID) -> FileView:
    """A stored file's row. Raises NotFound."""
    row = StoredFile.objects.filter(id=file_id).first()
    if row is None:
        raise NotFound("no_such_file", "没有这个文件。")
    return FileView(row.id, row.name, row.size, row.digest, row.purpose)


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
