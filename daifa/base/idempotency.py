"""Once-only POSTs: the same key with the same body gets the first answer again, with another body a 409."""

from __future__ import annotations

from daifa.base import bulk
from daifa.base.models import Answered
from daifa.kit import clock
from daifa.kit.errors import Conflict
from daifa.kit.ids import uuid7


def begin(key: str, route: str, body_digest: str) -> Answered | None:
    """Claim a key in the caller's transaction; returns the stored answer when it was used before.

    A second request at the same moment waits here until the first has committed. Raises Conflict for another body.
    """
    written = bulk.insert(
        Answered,
        ("id", "created_at", "key", "route", "body_digest", "status", "answer"),
        [(uuid7(), clock.now(), key, route, body_digest, 0, "")],
        on_conflict="(tenant_id, route, key) DO NOTHING",
    )
    if written:
        return None
    stored = Answered.objects.get(route=route, key=key)
    if stored.body_digest != body_digest:
        raise Conflict("key_reused", "这个 Idempotency-Key 已用于另一个请求，请换一个。")
    return stored


def finish(key: str, route: str, status: int, answer: str) -> None:
    """Remember the answer under its key, in the transaction that did the work."""
    Answered.objects.filter(route=route, key=key).update(status=status, answer=answer)
