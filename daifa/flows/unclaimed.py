"""两边对着看: our placings whose outcome nobody knows, beside the supplier's orders that belong to nobody.

The reading is a task (no company is called inside a request). What it found stands in the task, people masked; the
order that is the one is then read once more, compared and bound as any order placed by hand (``binding``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from daifa.areas.mailroom.services import tasks
from daifa.areas.mailroom.types import OUTBOX, TaskView
from daifa.areas.orders.rules.addressing import in_columns
from daifa.areas.orders.services import recipients
from daifa.areas.purchasing.rules.lifecycles import SUPPLIER_ORDER
from daifa.areas.purchasing.rules.unclaimed import Side, likeness
from daifa.areas.purchasing.services import placements
from daifa.base.actor import SYSTEM, Actor
from daifa.base.jobs import tenant_task
from daifa.base.tenancy import tenant
from daifa.flows import answered, api_intake, binding, connect, deciding, supplier_intake
from daifa.flows.answered import Answer
from daifa.flows.steps import buy
from daifa.kit import clock
from daifa.kit.errors import AppError, Conflict, Invalid, NotFound
from daifa.kit.values import dataclass
from daifa.ports.errors import BadReply, RemoteError
from daifa.ports.shop import Recipient
from daifa.ports.supplier_api import SupplierOrder
from daifa.reads import buy_facts, status_desk
from daifa.reads.status_desk import DeedRow

KIND = "unclaimed"
# An order made by our call is not older than our intent; clocks differ.
BEFORE = timedelta(hours=1)
BACK = timedelta(days=14)
PAGES = 60
# So many are read whole, the newest first; of the rest the list tells less.
WHOLE, SHOWN = 30, 100


@dataclass(frozen=True, slots=True)
class Ours:
    """One placing of unknown outcome, with what is compared."""

    deed: DeedRow
    side: Side
    words: tuple[tuple[str, int], ...]
    shown: str


def open_placings(by: Actor, connection_id: UUID) -> list[DeedRow]:
    """Placings at one account whose outcome is asked after or waits for a person, within somebody's scope."""
    found = status_desk.deeds(by, ("unknown", "person"))
    return [d for d in found if d.kind == buy.KIND and d.connection_id == connection_id and d.purchase_id]


def ask(*, by: Actor, connection_id: UUID) -> UUID:
    """Have both lists made; returns the task. Raises Invalid, Conflict, NotAllowed."""
    if deciding.in_scope(by, connection_id).shop_id is not None:
        raise Invalid("no_list", "厂商代发按店铺订单去查，没有另外的订单列表。请点“核对过没有”，已经交过的会认出来。")
    held = deciding.working(by, connection_id)
    if not open_placings(by, connection_id):
        raise Conflict("nothing_open", "这个账号没有结果未知的下单，请刷新。")
    name = held.account_name or held.account
    task = tasks.start(by=by, kind=KIND, title=f"两边核对：{name}", params={"connection": str(connection_id)})
    look.enqueue(task_id=str(task.id), connection_id=str(connection_id))
    return task.id


@tenant_task("purchases.unclaimed", queue="outside")
def look(*, tenant_id: int, task_id: str, connection_id: str) -> None:
    """List what the account bought since our oldest open placing, and leave out what is known to be whose."""
    account = UUID(connection_id)

    def find(_: TaskView) -> Answer:
        with tenant(tenant_id):
            deeds = open_placings(SYSTEM, account)
        if not deeds:
            raise Conflict("nothing_open", "这个账号的下单刚刚都查清了，请刷新。")
        since = max(min(d.created_at for d in deeds) - BEFORE, clock.now() - BACK)
        listed, whole = _listed(tenant_id, account, since)
        theirs = _unclaimed(tenant_id, account, listed)
        with tenant(tenant_id):
            ours = _ours(open_placings(SYSTEM, account))
        told = {"since": since.isoformat(), "whole": whole, "theirs": [_theirs(t, ours) for t in theirs]}
        return Answer(f"{len(theirs)} 张平台订单没有主", {"told": told})

    answered.carry_out(tenant_id, UUID(task_id), find, told=_told, link="/status")


def _told(error: RemoteError | AppError) -> str:
    said = answered.words(error)
    return f"读不到供应商平台的订单列表：{said}" if isinstance(error, RemoteError) else said


def _listed(tenant_id: int, connection_id: UUID, since: datetime) -> tuple[dict[str, SupplierOrder], bool]:
    """By number, the account's orders that changed since; and whether that is all of them."""
    with tenant(tenant_id):
        dialect = connect.buying(connect.platform_of(connection_id))
    found: dict[str, SupplierOrder] = {}
    pages = 0
    for start, end in reversed(api_intake.cut(since, clock.now(), dialect.feed.window)):
        cursor = ""
        while True:
            if pages >= PAGES:
                return found, False
            page = connect.ask(tenant_id, connection_id, partial(supplier_intake.changed, start, end, cursor))
            pages += 1
            for item in page.items:
                try:
                    order = dialect.order(item)
                except BadReply:
                    # What cannot be read is parked by the intake; here it is one that cannot be shown.
                    continue
                found.setdefault(order.external_id, order)
            cursor = page.cursor
            if not cursor:
                break
    return found, True


def _unclaimed(tenant_id: int, connection_id: UUID, listed: Mapping[str, SupplierOrder]) -> list[SupplierOrder]:
    """Those that no purchase of known outcome has, newest first, read whole as far as that goes."""
    with tenant(tenant_id):
        known = placements.claimed(connection_id, {n: o.reference for n, o in listed.items()})
    free = [o for n, o in listed.items() if n not in known]
    free.sort(key=lambda o: (o.created_at is not None, o.created_at, o.external_id), reverse=True)
    whole = []
    for order in free[:WHOLE]:
        try:
            whole.append(connect.ask(tenant_id, connection_id, partial(supplier_intake.fetched, order.external_id)))
        except (BadReply, AppError):
            whole.append(order)
    return [*whole, *free[WHOLE:SHOWN]]


def _ours(deeds: Sequence[DeedRow]) -> list[Ours]:
    purchases = {p.id: p for p in buy_facts.load([d.purchase_id for d in deeds if d.purchase_id])}
    people = recipients.open_for_sending([p.order_id for p in purchases.values()])
    made = []
    for deed in deeds:
        p = purchases.get(deed.purchase_id) if deed.purchase_id else None
        if p is None or p.factory:
            continue
        opened = people.get(p.order_id)
        person = in_columns(opened.recipient) if opened else Recipient()
        words = tuple(
            (binding.option_words(p.supplier_id, x.offer_ref, x.spec_ref) or x.offer_ref, x.qty) for x in p.lines
        )
        lines = [(x.offer_ref, x.spec_ref, x.qty, "") for x in p.lines]
        made.append(Ours(deed, Side(deed.reference, lines, p.planned_fen, person), words, binding.shown(person)))
    return made


def _our_row(o: Ours) -> dict[str, object]:
    return {
        "outbox_id": o.deed.id,
        "purchase_id": o.deed.purchase_id,
        "number": o.deed.purchase_number,
        "reference": o.deed.reference,
        "state": o.deed.state,
        "state_label": OUTBOX.labels[o.deed.state],
        "supplier": o.deed.name,
        "order_number": o.deed.order_number,
        "asks": o.deed.asks,
        "wanted_at": o.deed.created_at,
        "visible_at": o.deed.visible_at,
        "goods": o.words,
        "planned_fen": o.side.total_fen,
        "recipient": o.shown,
    }


def _theirs(order: SupplierOrder, ours: Sequence[Ours]) -> dict[str, object]:
    lines = order.named_lines
    side = Side(order.reference, lines, order.total_fen, order.recipient)
    alike = [(str(o.deed.purchase_id), likeness(o.side, side)) for o in ours]
    return {
        "external_id": order.external_id,
        "reference": order.reference,
        "state": order.state.value,
        "state_label": SUPPLIER_ORDER.labels[order.state.value],
        "created_at": order.created_at.isoformat() if order.created_at else None,
        "goods": [[name or offer, n] for offer, _, n, name in lines],
        "total_fen": order.total_fen,
        "seller": order.seller,
        "recipient": binding.shown(order.recipient) if order.recipient else "",
        "alike": [
            {"purchase_id": p, "score": x.score, "agrees": list(x.agrees), "differs": list(x.differs)} for p, x in alike
        ],
    }


def both_of(*, by: Actor, connection_id: UUID, task_id: UUID) -> dict[str, object]:
    """Both lists as they stand: what was settled since the reading is left out. Raises NotFound, Conflict."""
    deciding.in_scope(by, connection_id)
    task = tasks.get(task_id, by=by)
    if task.kind != KIND or task.params.get("connection") != str(connection_id):
        raise NotFound("no_such_list", "没有这次核对，请重新读取。")
    told: Any = task.result.get("told")
    if not isinstance(told, Mapping):
        raise Conflict("not_listed", "还没有读完，请等一下或重新读取。")
    ours = [_our_row(o) for o in _ours(open_placings(by, connection_id))]
    mine = {str(o["purchase_id"]) for o in ours}
    known = placements.claimed(connection_id, {t["external_id"]: t["reference"] for t in told["theirs"]})
    theirs = [
        {**t, "alike": [x for x in t["alike"] if x["purchase_id"] in mine]}
        for t in told["theirs"]
        if t["external_id"] not in known
    ]
    return {"since": told["since"], "whole": told["whole"], "ours": ours, "theirs": theirs}
