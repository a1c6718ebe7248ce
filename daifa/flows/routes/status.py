"""运行状态: queues, outcomes nobody knows, what waits for a person, and the proof that nothing is bought twice."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from daifa.areas.accounts.types import CONNECTION
from daifa.areas.mailroom.types import OUTBOX
from daifa.base.web import REFUSALS, Given, May, actor_of
from daifa.flows import automatic, deciding, paying_together, switching
from daifa.flows.alarm_rules import stops
from daifa.flows.deciding import To
from daifa.flows.routes.connections import ConnectionSaid
from daifa.flows.steps import buy
from daifa.flows.switching import HeldDeed, Offered
from daifa.kit import clock
from daifa.reads import connection_desk, status_desk
from daifa.reads.status_desk import DOUBTFUL, STUCK, DeedRow

router = Router(tags=["status"])
VIEW, EDIT = May("connections.view"), May("connections.edit")


class SwitchOut(Schema):
    """Another supplier for a held placing. ``delta_fen``: its landed cost against what is asked now, signed fen.

    ``days``: how much later it leaves (negative: earlier); null where not known. ``said`` both in short, ``text`` why.
    """

    supplier_id: UUID
    name: str
    landed_fen: int | None
    delta_fen: int | None
    days: int | None
    late: bool
    said: str
    text: str


class DeedOut(Schema):
    """One thing to be done outside that is not done yet.

    ``called_seconds``: real seconds since it was called, however the world's clock goes; null before. Moments are the
    world's. ``visible_at``: from then on a look surely finds what was done; before, nobody may say that it was not.
    ``result``: of a held placing ``mend`` and ``things`` say what is mended at its supplier's offers, see OrderStopped.
    ``switches``: who could supply a held placing instead, the best first; ``no_switch`` says that nobody could,
    ``no_switch_text`` why each of the others could not.
    """

    id: UUID
    kind: str
    connection_id: UUID
    name: str
    reference: str
    state: str
    state_label: str
    reason: str
    tries: int
    asks: int
    due_at: datetime
    called_seconds: float | None
    visible_at: datetime | None
    created_at: datetime
    order_id: UUID | None
    order_number: str | None
    purchase_id: UUID | None
    purchase_number: str | None
    supplier_id: UUID | None
    result: dict[str, Any]
    switches: list[SwitchOut] = []
    no_switch: str = ""
    no_switch_text: str = ""


class ParkedOut(Schema):
    """One thing that arrived and could not be read."""

    id: UUID
    connection_id: UUID
    feed: str
    object_id: str
    reason: str
    attempts: int
    created_at: datetime


class QueuesOut(Schema):
    """How deep the queues are and how old the oldest is, in seconds."""

    jobs_waiting: int
    jobs_oldest_seconds: float | None
    inbox_new: int
    inbox_parked: int
    outbox: dict[str, int]
    outbox_oldest_seconds: float | None


class StatusOut(Schema):
    """The status page. ``proof``: placements, unknown, duplicates, waiting for payment."""

    queues: QueuesOut
    proof: dict[str, int]
    stuck: list[DeedOut]
    doubtful: list[DeedOut]
    parked: list[ParkedOut]


@router.get("/status", response={200: StatusOut, **REFUSALS}, auth=VIEW)
def status(request: HttpRequest, order: UUID | None = None) -> Any:
    """Queues, what nobody knows the outcome of, what waits for a person, what could not be read.

    With ``order`` the deeds about that order alone.
    """
    by = actor_of(request)
    stuck = status_desk.deeds(by, STUCK, order=order)
    others = switching.offered(
        [
            HeldDeed(d.id, d.purchase_id, switching.quoted(d.result))
            for d in stuck
            if d.state == "held" and d.kind == buy.KIND and d.purchase_id is not None
        ],
        within=by.suppliers,
    )
    return {
        "queues": status_desk.queues(by),
        "proof": status_desk.proof(by),
        "stuck": [_deed(d, others.get(d.id)) for d in stuck],
        "doubtful": [_deed(d) for d in status_desk.deeds(by, DOUBTFUL, order=order)],
        "parked": status_desk.parked(by),
    }


def _deed(row: DeedRow, others: Offered | None = None) -> dict[str, Any]:
    more = {"switches": others.choices, "no_switch": others.why, "no_switch_text": others.text} if others else {}
    shown = {f: getattr(row, f) for f in row.__slots__ if f != "called_at"}
    since = status_desk.age(row.called_at, clock.wall())
    return {**shown, "called_seconds": since, "state_label": OUTBOX.labels[row.state], **more}


class DecisionIn(Given):
    """A person's word: approve (the price), switch, again, done (it was done there), not_done, or drop; with why.

    A purchase that was placed there is bound by its order instead (``/purchases/{id}/bind``). ``switch`` names the
    supplier, and the landed cost that was shown (fen): dearer than that nothing is bought.
    """

    answer: str
    why: str = ""
    supplier_id: UUID | None = None
    seen_fen: int | None = None


@router.post("/outbox/{outbox_id}/decide", response={200: ConnectionSaid, **REFUSALS}, auth=May("purchasing.send"))
def decide(request: HttpRequest, outbox_id: UUID, body: DecisionIn) -> Any:
    """Decide what the machine may not."""
    to = To(body.supplier_id, body.seen_fen) if body.supplier_id else None
    said = deciding.decide(by=actor_of(request), outbox_id=outbox_id, answer=body.answer, why=body.why, to=to)
    return {"message": said}


class PayTogetherIn(Given):
    """Which payments, of one account at a supplier's platform."""

    ids: list[UUID]


@router.post("/outbox/pay-together", response={200: ConnectionSaid, **REFUSALS}, auth=May("purchasing.send"))
def pay_together(request: HttpRequest, body: PayTogetherIn) -> Any:
    """Have one page made where a person pays all of these."""
    paying_together.ask(by=actor_of(request), ids=body.ids)
    return {"message": f"正在生成 {len(set(body.ids))} 单的付款页"}


class BySheetIn(Given):
    """Which deeds: placings that are held."""

    ids: list[UUID]


@router.post("/outbox/by-sheet", response={200: ConnectionSaid, **REFUSALS}, auth=May("purchasing.send"))
def by_sheet(request: HttpRequest, body: BySheetIn) -> Any:
    """Send held purchases to their suppliers by sheet instead of placing them by API."""
    return {"message": deciding.by_sheet(by=actor_of(request), ids=body.ids)}


class AgainIn(Given):
    """Which parked things to read again."""

    ids: list[UUID]


@router.post("/inbox/again", response={200: ConnectionSaid, **REFUSALS}, auth=EDIT)
def parked_again(request: HttpRequest, body: AgainIn) -> Any:
    """Read parked things again."""
    return {"message": deciding.again(by=actor_of(request), ids=body.ids)}


class DryRunOut(Schema):
    """What "automatic" would do with a shop's orders now. Money in fen."""

    orders: int
    would_buy: int
    cost_fen: int
    margin_fen: int
    by_supplier: list[tuple[str, int]]
    stays: list[tuple[str, int]]


@router.get("/shops/{shop_id}/dry-run", response={200: DryRunOut, **REFUSALS}, auth=VIEW)
def dry_run(request: HttpRequest, shop_id: UUID) -> Any:
    """What the dial at "automatic" would do now."""
    actor_of(request).need_shop(shop_id)
    return automatic.dry_run(shop_id)


class ConnectionCount(Schema):
    """How many connections need somebody: shown on every screen."""

    broken: int
    reasons: list[str]
    stops: str


@router.get("/connections/broken", response={200: ConnectionCount, **REFUSALS}, auth=May())
def broken(request: HttpRequest) -> Any:
    """Connections of mine that stopped, with what stops working."""
    held = [c for c in connection_desk.connections(actor_of(request)) if c.state in {"expired", "revoked"}]
    return {
        "broken": len(held),
        "reasons": [f"{c.name}：{CONNECTION.labels[c.state]}" for c in held],
        "stops": stops(c.shop_id is not None for c in held),
    }
