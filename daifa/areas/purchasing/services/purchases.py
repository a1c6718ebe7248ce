"""Purchase orders: made from routing's plans, answered by suppliers, released when they fall through.

The counters of demand (``assigned_qty``, ``shipped_qty``) move in the same statement as the rows they count, and the
database refuses to assign more than is demanded; a second live purchase line for an assignment cannot exist.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from django.db.models import F

from daifa.areas.purchasing.models import Assignment, Decision, PurchaseLine, PurchaseOrder, Supplier
from daifa.areas.purchasing.rules.lifecycles import LINE, PURCHASE, purchase_state_of
from daifa.areas.purchasing.rules.numbers import purchase_number
from daifa.base import bulk
from daifa.kit import clock
from daifa.kit.errors import Conflict
from daifa.kit.ids import uuid7
from daifa.kit.money import Fen, share
from daifa.kit.values import dataclass


@dataclass(frozen=True, slots=True)
class NewLine:
    """Pieces of one demand that a new purchase buys; money in fen, None when the price is not known."""

    demand_id: UUID
    order_id: UUID
    sku_id: UUID
    supply_link_id: UUID | None
    qty: int
    unit_fen: int | None
    goods_fen: int | None
    freight_fen: int | None


@dataclass(frozen=True, slots=True)
class NewPurchase:
    """What one supplier shall pack for one recipient: one order, or several joined (``order_id`` is the first)."""

    supplier_id: UUID
    shop_id: UUID
    order_id: UUID
    lines: tuple[NewLine, ...]
    freight_fen: int | None
    handover: bool = False
    factory: str = ""
    due_by: datetime | None = None
    note: str = ""
    decided_by: str = "rule"


@dataclass(frozen=True, slots=True)
class Placed:
    """A purchase that now exists."""

    id: UUID
    number: str
    supplier_id: UUID
    order_ids: tuple[UUID, ...]


def place(purchases: Sequence[NewPurchase], *, day: date, run: str) -> list[Placed]:
    """Make draft purchases with their lines and assignments, all or none.

    A demand that is already assigned is refused by the database (``demand_assigned``): nothing is bought twice.
    """
    if not purchases:
        return []
    at = clock.now()
    numbers = _numbers([p.supplier_id for p in purchases], day)
    ids = [uuid7() for _ in purchases]
    parts = _next_parts([line.demand_id for p in purchases for line in p.lines])
    assigned: list[tuple[object, ...]] = []
    bought: list[tuple[object, ...]] = []
    for purchase_id, p in zip(ids, purchases, strict=True):
        for line in p.lines:
            assignment = uuid7()
            assigned.append(
                (
                    assignment, at, line.demand_id, line.order_id, parts[line.demand_id], p.supplier_id,
                    line.supply_link_id, line.sku_id, line.qty, line.unit_fen, line.goods_fen, True, p.decided_by,
                )
            )  # fmt: skip
            parts[line.demand_id] += 1
            bought.append(
                (
                    uuid7(), at, purchase_id, assignment, line.order_id, line.sku_id, line.qty, 0, line.unit_fen,
                    line.goods_fen, line.freight_fen, "open", "", True,
                )
            )  # fmt: skip
    _assign(assigned)
    _insert_purchases(ids, purchases, numbers, at, day, run)
    columns = (
        "id", "created_at", "purchase_id", "assignment_id", "order_id", "sku_id", "qty", "shipped_qty", "unit_fen",
        "goods_fen", "freight_fen", "state", "answer", "live",
    )  # fmt: skip
    bulk.insert(PurchaseLine, columns, bought)
    return [
        Placed(i, n[0], p.supplier_id, tuple(dict.fromkeys(line.order_id for line in p.lines)))
        for i, p, n in zip(ids, purchases, numbers, strict=True)
    ]


def _numbers(supplier_ids: Sequence[UUID], day: date) -> list[tuple[str, str, int]]:
    named = {s.id: s for s in Supplier.objects.select_for_update().filter(id__in=set(supplier_ids)).order_by("id")}
    last: dict[UUID, int] = defaultdict(int)
    for supplier, counter in bulk.select(
        "SELECT s.id, p.counter FROM unnest(%s::uuid[]) AS s(id) CROSS JOIN LATERAL ("
        " SELECT counter FROM purchasing_purchaseorder WHERE tenant_id = {tenant} AND supplier_id = s.id AND day = %s"
        " ORDER BY counter DESC LIMIT 1) p",
        [list(named), day],
    ):
        last[supplier] = counter
    made = []
    for supplier_id in supplier_ids:
        last[supplier_id] += 1
        number = purchase_number(day, named[supplier_id].short, named[supplier_id].code, last[supplier_id])
        made.append((number.shown, number.ascii, last[supplier_id]))
    return made


def _next_parts(demand_ids: Sequence[UUID]) -> dict[UUID, int]:
    found = bulk.select(
        "SELECT demand_id, max(part) + 1 FROM purchasing_assignment"
        " WHERE tenant_id = {tenant} AND demand_id = ANY(%s::uuid[]) GROUP BY demand_id",
        [list(set(demand_ids))],
    )
    return {**dict.fromkeys(demand_ids, 0), **dict(found)}


def _assign(rows: Sequence[Sequence[object]]) -> None:
    columns = (
        "id", "created_at", "demand_id", "order_id", "part", "supplier_id", "supply_link_id", "sku_id", "qty",
        "unit_fen", "goods_fen", "live", "decided_by",
    )  # fmt: skip
    bulk.insert_and_then(
        Assignment,
        columns,
        rows,
        returning="demand_id, qty",
        then=(
            "UPDATE orders_demand AS d SET assigned_qty = d.assigned_qty + w.n"
            " FROM (SELECT demand_id, sum(qty)::int AS n FROM written GROUP BY demand_id) AS w"
            " WHERE d.tenant_id = {tenant} AND d.id = w.demand_id RETURNING d.id"
        ),
    )


def _insert_purchases(
    ids: Sequence[UUID],
    purchases: Sequence[NewPurchase],
    numbers: Sequence[tuple[str, str, int]],
    at: datetime,
    day: date,
    run: str,
) -> None:
    columns = (
        "id", "created_at", "number", "plain_number", "day", "counter", "supplier_id", "shop_id", "order_id", "state",
        "handover", "factory", "quantity", "goods_fen", "freight_fen", "due_by", "note", "run", "version",
    )  # fmt: skip
    rows = [
        (
            i, at, shown, plain, day, counter, p.supplier_id, p.shop_id, p.order_id, "draft", p.handover,
            p.factory, sum(line.qty for line in p.lines), _sum([line.goods_fen for line in p.lines]), p.freight_fen,
            p.due_by, p.note, run, 1,
        )
        for i, p, (shown, plain, counter) in zip(ids, purchases, numbers, strict=True)
    ]  # fmt: skip
    bulk.insert(PurchaseOrder, columns, rows)


def _sum(values: Sequence[int | None]) -> int | None:
    known = [v for v in values if v is not None]
    return sum(known) if len(known) == len(values) else None


def decide(decisions: Sequence[tuple[UUID, str, Sequence[Mapping[str, object]], str]]) -> None:
    """Keep what routing said of orders: (order, headline, candidate lines, by)."""
    at = clock.now()
    rows = [(uuid7(), at, order, summary, list(lines), by) for order, summary, lines, by in decisions]
    bulk.insert(Decision, ("id", "created_at", "order_id", "summary", "lines", "by"), rows)


def mark_sent(purchase_ids: Sequence[UUID]) -> list[UUID]:
    """Draft purchases have left for the supplier; returns those that were drafts."""
    at = clock.now()
    rows = [(i, "sent", at) for i in purchase_ids]
    hit = bulk.update(
        PurchaseOrder, ("state", "sent_at"), rows, where="t.state = 'draft'", extra_set="version = t.version + 1"
    )
    return [i for (i,) in hit]


def answer_lines(answers: Sequence[tuple[UUID, str, str]]) -> list[UUID]:
    """The supplier's answers per line: (line, accepted/refused/out_of_stock/recalled/cancelled, words).

    A dead line frees its pieces: assignment and counter are released together. One that comes back to life takes them
    again, if they are still free. Returns the purchases concerned. Raises Conflict for a line that cannot take the
    answer any more.
    """
    wanted = {line_id: (state, words) for line_id, state, words in answers}
    lines = list(PurchaseLine.objects.select_for_update().filter(id__in=list(wanted)).order_by("id"))
    rows = []
    for line in lines:
        state, words = wanted[line.id]
        LINE.check(line.state, state)
        rows.append((line.id, state, words, state not in DEAD))
    _take_up([line.assignment_id for line in lines if not line.live and wanted[line.id][0] not in DEAD])
    bulk.update(PurchaseLine, ("state", "answer", "live"), rows)
    _release([line.assignment_id for line in lines if wanted[line.id][0] in DEAD])
    purchase_ids = sorted({line.purchase_id for line in lines})
    refresh_states(purchase_ids)
    return purchase_ids


DEAD = frozenset({"refused", "out_of_stock", "recalled", "cancelled"})


def _release(assignment_ids: Sequence[UUID]) -> None:
    if not assignment_ids:
        return
    bulk.select(
        "WITH freed AS (UPDATE purchasing_assignment AS a SET live = false"
        " WHERE a.tenant_id = {tenant} AND a.id = ANY(%s::uuid[]) AND a.live RETURNING a.demand_id, a.qty)"
        " UPDATE orders_demand AS d SET assigned_qty = d.assigned_qty - f.n"
        " FROM (SELECT demand_id, sum(qty)::int AS n FROM freed GROUP BY demand_id) AS f"
        " WHERE d.tenant_id = {tenant} AND d.id = f.demand_id RETURNING d.id",
        [list(assignment_ids)],
    )


def _take_up(assignment_ids: Sequence[UUID]) -> None:
    """A supplier who said no says yes after all: the pieces are theirs again, unless another has them meanwhile."""
    if not assignment_ids:
        return
    found = bulk.select(
        "WITH back AS (UPDATE purchasing_assignment AS a SET live = true"
        " WHERE a.tenant_id = {tenant} AND a.id = ANY(%s::uuid[]) AND NOT a.live RETURNING a.demand_id, a.qty),"
        " d AS (UPDATE orders_demand AS d SET assigned_qty = d.assigned_qty + b.n"
        " FROM (SELECT demand_id, sum(qty)::int AS n FROM back GROUP BY demand_id) AS b"
        " WHERE d.tenant_id = {tenant} AND d.id = b.demand_id AND d.assigned_qty + b.n <= d.qty"
        " AND d.closed_cause = '' RETURNING d.id)"
        " SELECT (SELECT count(DISTINCT demand_id) FROM back) - (SELECT count(*) FROM d)",
        [list(assignment_ids)],
    )
    if found[0][0]:
        raise Conflict("pieces_gone", "拒绝之后这些商品已改派给别家，或买家已不需要，不能再接。请刷新后再看。")


def refresh_states(purchase_ids: Sequence[UUID]) -> None:
    """Bring purchases to the state that their lines imply."""
    states: dict[UUID, list[str]] = defaultdict(list)
    for purchase, state in PurchaseLine.objects.filter(purchase_id__in=list(purchase_ids)).values_list(
        "purchase_id", "state"
    ):
        states[purchase].append(state)
    at = clock.now()
    for row in PurchaseOrder.objects.select_for_update().filter(id__in=list(states)).order_by("id"):
        after = purchase_state_of(states[row.id], sent=row.sent_at is not None)
        if row.state == "recalling" and after not in {"recalled", "shipped", "part_shipped"}:
            continue
        if after != row.state and PURCHASE.allows(row.state, after):
            row.state = after
            row.answered_at = row.answered_at or (at if after in {"accepted", "refused"} else None)
            row.shipped_at = row.shipped_at or (at if after == "shipped" else None)
            row.version += 1
            row.save(update_fields=["state", "answered_at", "shipped_at", "version"])


def ship_lines(pieces: Sequence[tuple[UUID, int]]) -> list[UUID]:
    """Pieces of assignments that left the supplier: counts on line and demand move together.

    More than bought is refused by the database. Returns the purchases concerned.
    """
    total: dict[UUID, int] = defaultdict(int)
    for assignment, qty in pieces:
        total[assignment] += qty
    found = bulk.select(
        "WITH s AS (SELECT * FROM unnest(%s::uuid[], %s::int[]) AS s(assignment_id, n)),"
        " l AS (UPDATE purchasing_purchaseline AS l SET shipped_qty = l.shipped_qty + s.n,"
        " state = CASE WHEN l.shipped_qty + s.n >= l.qty THEN 'shipped' ELSE 'part_shipped' END"
        " FROM s WHERE l.tenant_id = {tenant} AND l.assignment_id = s.assignment_id AND l.live"
        " RETURNING l.purchase_id, l.assignment_id, s.n),"
        " d AS (UPDATE orders_demand AS d SET shipped_qty = d.shipped_qty + x.n FROM"
        " (SELECT a.demand_id, sum(l.n)::int AS n FROM l JOIN purchasing_assignment a"
        " ON a.tenant_id = {tenant} AND a.id = l.assignment_id GROUP BY a.demand_id) AS x"
        " WHERE d.tenant_id = {tenant} AND d.id = x.demand_id RETURNING d.id)"
        " SELECT l.purchase_id, (SELECT count(*) FROM d) FROM l",
        [list(total), list(total.values())],
    )
    if len(found) != len(total):
        raise Conflict("not_live", "有的商品已经不在有效采购单里，请刷新后再试。")
    purchase_ids = sorted({p for p, _ in found})
    refresh_states(purchase_ids)
    return purchase_ids


def withdraw_drafts(purchase_ids: Sequence[UUID]) -> list[UUID]:
    """Cancel purchases that were not sent yet and set their pieces free; returns the orders concerned.

    Raises Conflict when one of them has left already.
    """
    rows = list(PurchaseOrder.objects.select_for_update().filter(id__in=list(purchase_ids)).order_by("id"))
    if gone := [r.number for r in rows if r.state not in {"draft", "cancelled"}]:
        raise Conflict("already_sent", f"{gone[0]} 等 {len(gone)} 张采购单已经发给供应商，不能撤销。请到采购单里追回。")
    lines = PurchaseLine.objects.filter(purchase_id__in=[r.id for r in rows], live=True)
    found = list(lines.values_list("id", "order_id"))
    answer_lines([(line, "cancelled", "派单撤销") for line, _ in found])
    return sorted({order for _, order in found})


def by_sheet(purchase_ids: Sequence[UUID]) -> None:
    """What was to be placed by API goes to its supplier by sheet instead. Raises Conflict when one has left already."""
    rows = list(PurchaseOrder.objects.select_for_update().filter(id__in=list(purchase_ids)).order_by("id"))
    if gone := [r.number for r in rows if r.state != "draft"]:
        raise Conflict(
            "already_sent", f"{gone[0]} 等 {len(gone)} 张采购单已经发给供应商或不用再发，不能改发表格，请刷新。"
        )
    PurchaseOrder.objects.filter(id__in=[r.id for r in rows]).update(by_hand=True, version=F("version") + 1)


def charge(purchase_id: UUID, *, total_fen: Fen, freight_fen: Fen) -> None:
    """What the supplier really charged: goods and freight of the purchase, shared over its living lines."""
    lines = list(PurchaseLine.objects.select_for_update().filter(purchase_id=purchase_id, live=True).order_by("id"))
    weights = [line.goods_fen or line.qty for line in lines]
    goods, freights = share(total_fen - freight_fen, weights), share(freight_fen, weights)
    bulk.update(
        PurchaseLine,
        ("goods_fen", "freight_fen"),
        [(line.id, g, f) for line, g, f in zip(lines, goods, freights, strict=True)],
    )
    PurchaseOrder.objects.filter(id=purchase_id).update(goods_fen=total_fen - freight_fen, freight_fen=freight_fen)


def suppliers_of(purchase_ids: Sequence[UUID]) -> set[UUID]:
    """The suppliers of these purchases."""
    return set(PurchaseOrder.objects.filter(id__in=list(purchase_ids)).values_list("supplier_id", flat=True))


def orders_of(purchase_ids: Sequence[UUID]) -> dict[UUID, list[UUID]]:
    """The orders that each purchase buys for, dead lines included."""
    found: dict[UUID, list[UUID]] = defaultdict(list)
    rows = PurchaseLine.objects.filter(purchase_id__in=list(purchase_ids)).order_by("purchase_id", "order_id")
    for purchase, order in rows.values_list("purchase_id", "order_id").distinct():
        found[purchase].append(order)
    return found
