"""What becomes of the holds of an order when it is screened again. Pure and idempotent."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from daifa.areas.orders.types import Clearance, HoldFinding, HoldKind, OpenHold, Settled

type Key = tuple[HoldKind, UUID | None]
SCREEN = "screen"


def settle(open_holds: Iterable[OpenHold], clearances: Iterable[Clearance], findings: Iterable[HoldFinding]) -> Settled:
    """Bring what stands and what was found together.

    A derived hold closes by itself when its fact goes; one whose facts changed stays the same hold with its new
    reason; what a person cleared is not raised again for the very facts that they judged; a hold that a person
    raised is closed by people only.
    """
    cleared = {(c.kind, c.line_id, c.fingerprint) for c in clearances}
    wanted: dict[Key, HoldFinding] = {}
    # One hold per kind and line; should two findings meet there, the same one wins in any order.
    for finding in sorted(findings, key=lambda f: (f.fingerprint, f.reason)):
        if (finding.kind, finding.line_id, finding.fingerprint) not in cleared:
            wanted[finding.kind, finding.line_id] = finding
    to_change: list[tuple[OpenHold, HoldFinding]] = []
    to_close: list[OpenHold] = []
    kept: list[OpenHold] = []
    for hold in sorted(open_holds, key=lambda h: _rank(h.kind, h.line_id)):
        fresh = wanted.pop((hold.kind, hold.line_id), None)
        if fresh is None:
            (to_close if hold.raised_by == SCREEN else kept).append(hold)
        elif hold.raised_by == SCREEN and (hold.fingerprint, hold.reason) != (fresh.fingerprint, fresh.reason):
            to_change.append((hold, fresh))
        else:
            kept.append(hold)
    to_open = tuple(sorted(wanted.values(), key=lambda f: _rank(f.kind, f.line_id)))
    return Settled(to_open, tuple(to_change), tuple(to_close), tuple(kept))


_ORDER = {kind: n for n, kind in enumerate(HoldKind)}


def _rank(kind: HoldKind, line_id: UUID | None) -> tuple[int, str]:
    return (_ORDER[kind], str(line_id or ""))
