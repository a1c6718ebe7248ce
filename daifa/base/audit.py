"""Writing the audit log: who did what to what, why, from where. Never personal data."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from daifa.base.actor import Actor
from daifa.base.models import AuditEntry
from daifa.kit import clock
from daifa.kit.masking import scrub


def record(
    actor: Actor,
    verb: str,
    summary: str,
    *,
    kind: str = "",
    object_id: UUID | None = None,
    reason: str = "",
    data: Mapping[str, object] | None = None,
) -> None:
    """Append one entry in the caller's transaction; ``summary`` is a Chinese sentence, ``data`` before → after.

    Phone numbers that somebody typed into a sentence are masked on the way.
    """
    AuditEntry.objects.create(
        at=clock.now(),
        actor=actor.key,
        actor_name=actor.name,
        verb=verb,
        kind=kind,
        object_id=object_id,
        summary=scrub(summary),
        reason=scrub(reason),
        data=dict(data or {}),
        address=actor.address,
    )
