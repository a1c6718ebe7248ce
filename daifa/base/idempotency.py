"""Once-only POSTs: the same key with the same body gets the first answer again, with another body a 409."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from daifa.base import bulk, resealing, vault
from daifa.base.models import Answered
from daifa.kit import clock
from daifa.kit.errors import Conflict, Invalid
from daifa.kit.ids import uuid7

KEEP = timedelta(hours=48)
LONGEST_KEY = 200


def body_digest(request: HttpRequest) -> str:
    """What a request says, as a keyed digest: a body may hold a phone number, which a plain hash would betray.

    An upload is compared by its fields and files, because the boundary between them differs at each try.
    """
    made = hmac.new(settings.SECRET_KEY.encode(), digestmod=hashlib.sha256)
    for part in _parts(request):
        made.update(len(part).to_bytes(8) + part)
    return made.hexdigest()


def _parts(request: HttpRequest) -> Iterable[bytes]:
    yield request.META.get("QUERY_STRING", "").encode()
    if not (request.content_type or "").startswith("multipart/"):
        yield request.body
        return
    for name in sorted(request.POST):
        yield from (f"{name}={value}".encode() for value in request.POST.getlist(name))
    for name in sorted(request.FILES):
        for file in request.FILES.getlist(name):
            if isinstance(file, UploadedFile):
                yield f"{name}:{file.name}".encode() + _content_digest(file)


def _content_digest(file: UploadedFile[Any]) -> bytes:
    made = hashlib.sha256()
    for chunk in file.chunks():
        made.update(chunk)
    file.seek(0)
    return made.digest()


def begin(key: str, route: str, digest: str) -> tuple[int, str] | None:
    """Claim a key in the caller's transaction; returns the stored (status, answer) when it was used before.

    A second request at the same moment waits here until the first has committed. Raises Conflict for another body,
    Invalid for a key that is too long.
    """
    if len(key) > LONGEST_KEY:
        raise Invalid("key_too_long", f"Idempotency-Key 不能超过 {LONGEST_KEY} 个字符。")
    written = bulk.insert(
        Answered,
        ("id", "created_at", "key", "route", "body_digest", "status", "answer"),
        [(uuid7(), clock.now(), key, route, digest, 0, b"")],
        on_conflict="(tenant_id, route, key) DO NOTHING",
    )
    if written:
        return None
    stored = Answered.objects.get(route=route, key=key)
    if stored.body_digest != digest:
        raise Conflict("key_reused", "这个 Idempotency-Key 已用于另一个请求，请换一个。")
    return stored.status, vault.unseal(bytes(stored.answer), _purpose(stored)).decode()


def _purpose(row: Answered) -> str:
    return f"answered:{row.id}"


def finish(key: str, route: str, status: int, answer: str) -> None:
    """Remember the answer under its key, sealed, in the transaction that did the work."""
    row = Answered.objects.get(route=route, key=key)
    row.status, row.answer = status, vault.seal(answer.encode(), _purpose(row))
    row.save(update_fields=["status", "answer"])


def release(key: str, route: str) -> None:
    """Give a key back: what was answered is a file, asking again makes it again."""
    Answered.objects.filter(route=route, key=key).delete()


def forget_old() -> int:
    """Remove answers nobody will ask for again; returns how many."""
    return Answered.objects.filter(created_at__lt=clock.now() - KEEP).delete()[0]


def reseal(*, limit: int = 500) -> int:
    """Seal up to ``limit`` answers with the newest key; returns how many there were."""
    return resealing.reseal(Answered, "answer", lambda i: f"answered:{i}", limit=limit)
