"""Opening sealed personal data: a permission, a reason, a limit per person and hour, and an audit entry each time."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from daifa.base import audit
from daifa.base.actor import Actor
from daifa.base.models import AuditEntry
from daifa.base.tenancy import alone
from daifa.kit import clock
from daifa.kit.errors import Invalid, TooMany

PERMISSION = "orders.open"
VERB = "sealed.open"
WINDOW = timedelta(hours=1)
SHORTEST_REASON, LONGEST_REASON = 2, 200


def allow(*, by: Actor, kind: str, object_id: UUID, what: str, reason: str, limit: int) -> None:
    """Let ``by`` open one sealed thing, and write that down in the same transaction. Call it before unsealing.

    ``kind`` and ``object_id`` name the thing, ``what`` is a Chinese noun with its number ("订单 123 的收件人"), never
    the data itself; ``limit`` is the setting ``openings_per_hour``. Raises NotAllowed, Invalid (no reason), TooMany.
    """
    by.need(PERMISSION)
    said = " ".join(reason.split())
    if not SHORTEST_REASON <= len(said) <= LONGEST_REASON:
        raise Invalid(
            "reason_missing",
            f"请写明打开的原因（{SHORTEST_REASON} 到 {LONGEST_REASON} 个字），例如“联系买家”。",
            fields={"reason": "请写明原因"},
        )
    _one_at_a_time(by)
    since = clock.now() - WINDOW
    if AuditEntry.objects.filter(actor=by.key, verb=VERB, at__gt=since).count() >= limit:
        raise TooMany(
            "too_many_openings",
            f"您一小时内已打开 {limit} 次隐私信息，达到上限。请稍后再试，或请店主在“设置”里调高上限。",
            retry_after=int(WINDOW.total_seconds()),
        )
    audit.record(by, VERB, f"打开{what}", kind=kind, object_id=object_id, reason=said)


def _one_at_a_time(by: Actor) -> None:
    # Two openings at the same moment must not both see the last free place.
    alone(f"opening:{by.key}")
