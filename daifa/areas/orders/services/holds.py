"""Holds in the database: settled with what screening found, raised and cleared by people, always with history."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from daifa.areas.orders.models import Hold, Order
from daifa.areas.orders.rules.settling import SCREEN
from daifa.areas.orders.rules.settling import settle as settle_one
from daifa.areas.orders.services import history, standing
from daifa.areas.orders.services.history import Fact
from daifa.areas.orders.types import HOLDS, Clearance, HoldFinding, HoldKind, OpenHold
from daifa.base import audit, bulk
from daifa.base.actor import SYSTEM, Actor
from daifa.kit import clock
from daifa.kit.errors import Conflict, Invalid, NotFound
from daifa.kit.ids import uuid7
from daifa.kit.values import dataclass

FACT_GONE = "原因已消除"
FACT_CHANGED = "情况有变化"
_RANK = {kind: n for n, kind in enumerate(HoldKind)}
_COLUMNS = (
    "id", "created_at", "order_id", "line_id", "kind", "reason", "remedy", "fingerprint", "state", "raised_by",
    "closed_at", "closed_by", "closed_why",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Moved:
    """How many holds were opened, changed their reason, and closed by themselves; and on which orders."""

    opened: int = 0
    changed: int = 0
    closed: int = 0
    orders: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Cleared:
    """What a person's word did: the holds cleared, their orders, and what stays with the reason why."""

    hold_ids: tuple[UUID, ...] = ()
    orders: tuple[UUID, ...] = ()
    refused: tuple[tuple[UUID, str], ...] = ()


@dataclass(frozen=True, slots=True)
class HoldView:
    """A hold as a screen shows it."""

    id: UUID
    order_id: UUID
    line_id: UUID | None
    kind: HoldKind
    label: str
    reason: str
    remedy: str
    state: str
    clearable: bool
    permission: str
    raised_by: str
    created_at: datetime
    closed_at: datetime | None
    closed_by: str
    closed_why: str


def settle(findings: Mapping[UUID, Sequence[HoldFinding]]) -> Moved:
    """Bring the holds of these orders to what screening found now; every order screened is a key, also without any.

    The orders are locked. Calling it again changes nothing. New facts make a new hold in the old one's place, so that
    nobody clears by a stale screen what they have not seen.
    """
    ids = sorted(findings)
    if not ids:
        return Moved()
    standing.lock(ids)
    stands, cleared = _standing(ids)
    facts: list[Fact] = []
    opens: list[tuple[UUID, HoldFinding]] = []
    reworded: list[tuple[UUID, str, str]] = []
    closes: dict[str, list[UUID]] = {FACT_GONE: [], FACT_CHANGED: []}
    for order_id in ids:
        settled = settle_one(stands[order_id], cleared[order_id], findings[order_id])
        for found in settled.to_open:
            opens.append((order_id, found))
            verb = "挂起" if found.blocks else "提醒"
            facts.append(_said(order_id, found.kind, f"{verb}“{HOLDS[found.kind].label}”：{found.reason}"))
        for hold, found in settled.to_change:
            if hold.fingerprint == found.fingerprint:
                reworded.append((hold.id, found.reason, found.remedy))
                continue
            closes[FACT_CHANGED].append(hold.id)
            opens.append((order_id, found))
            facts.append(_said(order_id, found.kind, f"“{HOLDS[found.kind].label}”有变化：{found.reason}"))
        for hold in settled.to_close:
            closes[FACT_GONE].append(hold.id)
            facts.append(_said(order_id, hold.kind, f"“{HOLDS[hold.kind].label}”自动解除：{FACT_GONE}", "unheld"))
    bulk.update(Hold, ("reason", "remedy"), reworded, where="t.state = 'open'")
    for why, hold_ids in closes.items():
        _close(hold_ids, "closed", SYSTEM, why)
    _open(opens, SCREEN)
    # Something new was found: the buyer was asked about something else.
    bulk.update(Order, ("asked",), [(i, "") for i in sorted({i for i, _ in opens})], where="t.asked <> ''")
    history.write(facts)
    touched = tuple(sorted({f.order_id for f in facts}))
    refresh_kinds(touched)
    changed = len(closes[FACT_CHANGED])
    return Moved(len(opens) - changed, changed, len(closes[FACT_GONE]), touched)


def _said(order_id: UUID, kind: HoldKind, text: str, fact: str = "held", by: Actor = SYSTEM, why: str = "") -> Fact:
    data: dict[str, object] = {"hold": kind.value}
    if why:
        data["why"] = why
    return Fact(order_id, fact, text, by=by.key, by_name=by.name, data=data)


def _standing(
    order_ids: Sequence[UUID],
) -> tuple[Mapping[UUID, list[OpenHold]], Mapping[UUID, list[Clearance]]]:
    stands: dict[UUID, list[OpenHold]] = defaultdict(list)
    cleared: dict[UUID, list[Clearance]] = defaultdict(list)
    found = bulk.select(
        "SELECT order_id, state, id, kind, line_id, fingerprint, reason, raised_by FROM orders_hold"
        " WHERE tenant_id = {tenant} AND order_id = ANY(%s::uuid[]) AND state IN ('open', 'cleared')",
        [list(order_ids)],
    )
    for order_id, state, i, kind, line_id, print_, reason, raised_by in found:
        if state == "open":
            stands[order_id].append(OpenHold(i, HoldKind(kind), line_id, print_, reason, raised_by))
        else:
            cleared[order_id].append(Clearance(HoldKind(kind), line_id, print_))
    return stands, cleared


def _open(found: Sequence[tuple[UUID, HoldFinding]], raised_by: str) -> None:
    at = clock.now()
    rows = [
        (uuid7(), at, i, f.line_id, f.kind.value, f.reason, f.remedy, f.fingerprint, "open", raised_by, None, "", "")
        for i, f in found
    ]
    bulk.insert(Hold, _COLUMNS, rows)


def _close(hold_ids: Sequence[UUID], state: str, by: Actor, why: str) -> list[UUID]:
    at = clock.now()
    rows = [(i, state, at, by.key, why) for i in hold_ids]
    columns = ("state", "closed_at", "closed_by", "closed_why")
    return [i for (i,) in bulk.update(Hold, columns, rows, where="t.state = 'open'")]


def refresh_kinds(order_ids: Sequence[UUID]) -> None:
    """Keep ``orders.hold_kinds`` (kinds of open holds, comma between, in reading order) in step with the holds."""
    kinds: dict[UUID, set[str]] = {i: set() for i in order_ids}
    found = bulk.select(
        "SELECT DISTINCT order_id, kind FROM orders_hold"
        " WHERE tenant_id = {tenant} AND state = 'open' AND order_id = ANY(%s::uuid[])",
        [list(order_ids)],
    )
    for order_id, kind in found:
        kinds[order_id].add(kind)
    rows = [(i, ",".join(sorted(kinds[i], key=lambda k: _RANK[HoldKind(k)]))) for i in sorted(kinds)]
    bulk.update(Order, ("hold_kinds",), rows, where="t.hold_kinds <> v.c1")


def hold(*, by: Actor, order_ids: Sequence[UUID], why: str) -> tuple[UUID, ...]:
    """A person holds orders by hand until a person clears it. Returns the orders newly held.

    Raises Invalid without a reason, NotFound when none of the orders exists, NotAllowed outside the scope.
    """
    why = _why(why)
    by.need(HOLDS[HoldKind.MANUAL].permission)
    ids = _in_scope(by, order_ids)
    standing.lock(ids)
    stands, _ = _standing(ids)
    fresh = [i for i in ids if all(h.kind is not HoldKind.MANUAL for h in stands[i])]
    info = HOLDS[HoldKind.MANUAL]
    # The moment is part of the print: a person who holds again after a clearance means it.
    found = [(i, HoldFinding(HoldKind.MANUAL, None, why, clock.now().isoformat(), info.remedy)) for i in fresh]
    _open(found, by.key)
    history.write([_said(i, HoldKind.MANUAL, f"人工挂起：{why}", by=by) for i in fresh])
    refresh_kinds(fresh)
    if fresh:
        audit.record(by, "hold.raise", f"人工挂起 {len(fresh)} 单", kind="order", reason=why)
    return tuple(fresh)


def clear(*, by: Actor, hold_ids: Sequence[UUID], why: str) -> Cleared:
    """A person's word that these holds need not stop the order; kept for the facts they judged.

    What this person may not clear, or nobody can by word alone, stays and is named with the reason. Raises Invalid
    without a reason, NotFound when none is open any more, Conflict when none could be cleared.
    """
    why = _why(why)
    rows = list(Hold.objects.filter(id__in=list(hold_ids), state="open").order_by("order_id", "id"))
    if not rows:
        raise NotFound("no_open_hold", "这些异常已经解除了，请刷新列表。")
    _in_scope(by, sorted({r.order_id for r in rows}))
    standing.lock(sorted({r.order_id for r in rows}))
    refused = {r.id: said for r in rows if (said := _refusal(by, HoldKind(r.kind)))}
    if len(refused) == len(rows):
        raise Conflict("cannot_clear", next(iter(refused.values())))
    done = set(_close([r.id for r in rows if r.id not in refused], "cleared", by, why))
    gone = [r for r in rows if r.id in done]
    history.write(
        [
            _said(r.order_id, HoldKind(r.kind), f"放行“{HOLDS[HoldKind(r.kind)].label}”：{why}", "unheld", by, why)
            for r in gone
        ]
    )
    orders = tuple(sorted({r.order_id for r in gone}))
    refresh_kinds(orders)
    _audit(by, "hold.clear", "放行", [r.kind for r in gone], orders, why)
    return Cleared(tuple(r.id for r in gone), orders, tuple(refused.items()))


def clear_kind(*, by: Actor, kind: HoldKind, why: str, order_ids: Sequence[UUID] | None = None) -> Cleared:
    """Clear every open hold of one kind, of these orders or of all in the person's scope."""
    found = Hold.objects.filter(kind=kind.value, state="open")
    if order_ids is not None:
        found = found.filter(order_id__in=list(order_ids))
    if by.shops is not None:
        found = found.filter(order__shop_id__in=by.shops)
    ids = list(found.values_list("id", flat=True))
    if not ids:
        raise NotFound("no_open_hold", f"没有“{HOLDS[kind].label}”的异常了，请刷新列表。")
    return clear(by=by, hold_ids=ids, why=why)


def unclear(*, by: Actor, hold_ids: Sequence[UUID]) -> Cleared:
    """Take back a clearance: the hold stands again. One that meanwhile stands anew for other facts is left."""
    rows = list(Hold.objects.filter(id__in=list(hold_ids), state="cleared").order_by("order_id", "id"))
    if not rows:
        raise NotFound("no_cleared_hold", "没有可以撤销的放行。")
    ids = _in_scope(by, sorted({r.order_id for r in rows}))
    for kind in sorted({HoldKind(r.kind) for r in rows}, key=_RANK.__getitem__):
        by.need(HOLDS[kind].permission)
    standing.lock(ids)
    stands, _ = _standing(ids)
    taken = {(i, h.kind.value, h.line_id) for i in ids for h in stands[i]}
    back, refused = [], []
    for row in rows:
        key = (row.order_id, row.kind, row.line_id)
        if key in taken:
            refused.append((row.id, "这个异常已经因为新的情况重新挂起"))
        else:
            taken.add(key)
            back.append(row)
    again = [(r.id, "open", None, "", "") for r in back]
    bulk.update(Hold, ("state", "closed_at", "closed_by", "closed_why"), again, where="t.state = 'cleared'")
    history.write(
        [_said(r.order_id, HoldKind(r.kind), f"撤销放行“{HOLDS[HoldKind(r.kind)].label}”", by=by) for r in back]
    )
    orders = tuple(sorted({r.order_id for r in back}))
    refresh_kinds(orders)
    _audit(by, "hold.unclear", "撤销放行", [r.kind for r in back], orders)
    return Cleared(tuple(r.id for r in back), orders, tuple(refused))


def _audit(by: Actor, verb: str, said: str, kinds: Sequence[str], orders: Sequence[UUID], why: str = "") -> None:
    if not orders:
        return
    counts = Counter(HOLDS[HoldKind(k)].label for k in kinds)
    what = "、".join(f"{label} {n} 个" for label, n in counts.most_common())
    only = orders[0] if len(orders) == 1 else None
    audit.record(by, verb, f"{said} {len(orders)} 单的异常：{what}", kind="order", object_id=only, reason=why)


def of_order(order_id: UUID) -> list[HoldView]:
    """Every hold of one order, open ones first, then newest first."""
    rows = sorted(Hold.objects.filter(order_id=order_id), key=lambda r: (r.state != "open", -r.created_at.timestamp()))
    return [_view(row) for row in rows]


def _view(row: Hold) -> HoldView:
    kind = HoldKind(row.kind)
    info = HOLDS[kind]
    return HoldView(
        row.id, row.order_id, row.line_id, kind, info.label, row.reason, row.remedy, row.state, info.clearable,
        info.permission, row.raised_by, row.created_at, row.closed_at, row.closed_by, row.closed_why,
    )  # fmt: skip


def _why(why: str) -> str:
    if not why.strip():
        raise Invalid("why_missing", "请写明原因，它会记在订单的历史里。")
    return why.strip()


def _refusal(by: Actor, kind: HoldKind) -> str:
    info = HOLDS[kind]
    if not info.clearable:
        return f"“{info.label}”不能直接放行，请先处理：事情办好后它会自己解除。"
    if not by.may(info.permission):
        return f"您没有放行“{info.label}”的权限，请联系店主在“成员与权限”里开通。"
    return ""


def _in_scope(by: Actor, order_ids: Sequence[UUID]) -> list[UUID]:
    found = list(Order.objects.filter(id__in=list(order_ids)).order_by("id").values_list("id", "shop_id"))
    if not found:
        raise NotFound("no_such_order", "没有这些订单。")
    for shop_id in sorted({shop for _, shop in found}):
        by.need_shop(shop_id)
    return [i for i, _ in found]
