"""What must be true after whatever happened, asked of the database and of the product's own reads."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from daifa.areas.finance import services as finance
from daifa.areas.finance.rules import line_margins, margin_of
from daifa.areas.purchasing.services.offers import Market
from daifa.base import bulk
from daifa.base.actor import SYSTEM
from daifa.flows import advance, terms
from daifa.flows.next_step import next_step
from daifa.flows.steps import appraise
from daifa.kit import clock
from daifa.reads import money_facts, order_desk, order_facts
from daifa.reads.order_filters import OrderFilter

BOUGHT = """
    SELECT o.id, coalesce(sum(l.goods_fen), 0)::bigint, coalesce(sum(l.freight_fen), 0)::bigint,
        (SELECT coalesce(sum(d.qty - d.assigned_qty), 0) FROM orders_demand d
         WHERE d.tenant_id = {tenant} AND d.order_id = o.id)
    FROM orders_order o JOIN purchasing_purchaseline l ON l.tenant_id = {tenant} AND l.order_id = o.id AND l.live
    WHERE o.tenant_id = {tenant} GROUP BY o.id"""

# Each finds what is wrong; nothing may be found.
BROKEN = {
    "a demand's counter differs from its live assignments": """
        SELECT d.id, d.qty, d.assigned_qty, coalesce(sum(a.qty) FILTER (WHERE a.live), 0)
        FROM orders_demand d LEFT JOIN purchasing_assignment a ON a.tenant_id = {tenant} AND a.demand_id = d.id
        WHERE d.tenant_id = {tenant} GROUP BY d.id, d.qty, d.assigned_qty
        HAVING d.assigned_qty <> coalesce(sum(a.qty) FILTER (WHERE a.live), 0) OR d.assigned_qty > d.qty""",
    "an assignment lives without one live purchase line of its size, or is dead with one": """
        SELECT a.id, a.live, a.qty, coalesce(sum(l.qty) FILTER (WHERE l.live), 0)
        FROM purchasing_assignment a LEFT JOIN purchasing_purchaseline l
        ON l.tenant_id = {tenant} AND l.assignment_id = a.id
        WHERE a.tenant_id = {tenant} GROUP BY a.id, a.live, a.qty
        HAVING count(l.id) FILTER (WHERE l.live) <> CASE WHEN a.live THEN 1 ELSE 0 END
            OR coalesce(sum(l.qty) FILTER (WHERE l.live), 0) <> CASE WHEN a.live THEN a.qty ELSE 0 END""",
    "a demand's shipped pieces differ from its purchase lines', or are more than bought": """
        SELECT d.id, d.assigned_qty, d.shipped_qty, coalesce(sum(l.shipped_qty), 0)
        FROM orders_demand d LEFT JOIN purchasing_assignment a ON a.tenant_id = {tenant} AND a.demand_id = d.id
        LEFT JOIN purchasing_purchaseline l ON l.tenant_id = {tenant} AND l.assignment_id = a.id
        WHERE d.tenant_id = {tenant} GROUP BY d.id, d.assigned_qty, d.shipped_qty
        HAVING d.shipped_qty <> coalesce(sum(l.shipped_qty), 0) OR d.shipped_qty > d.assigned_qty""",
    "a purchase line's shipped pieces are not in its parcels": """
        SELECT l.id, l.shipped_qty FROM purchasing_purchaseline l WHERE l.tenant_id = {tenant}
        AND l.shipped_qty <> coalesce((SELECT sum(c.qty) FROM logistics_parcelline c
            JOIN logistics_parcel p ON p.tenant_id = {tenant} AND p.id = c.parcel_id
            WHERE c.tenant_id = {tenant} AND c.assignment_id = l.assignment_id AND p.state <> 'void'), 0)""",
    "a purchase's money is not its lines'": """
        SELECT p.number, p.goods_fen, p.freight_fen, p.quantity FROM purchasing_purchaseorder p
        JOIN purchasing_purchaseline l ON l.tenant_id = {tenant} AND l.purchase_id = p.id
        WHERE p.tenant_id = {tenant} GROUP BY p.number, p.goods_fen, p.freight_fen, p.quantity
        HAVING p.goods_fen <> sum(l.goods_fen) OR p.freight_fen <> sum(l.freight_fen) OR p.quantity <> sum(l.qty)""",
    "a line went out twice without the mark": """
        SELECT x.purchase_line_id FROM purchasing_dispatchline x
        WHERE x.tenant_id = {tenant} AND x.live AND NOT x.resend GROUP BY x.purchase_line_id HAVING count(*) > 1""",
    "a sent purchase was in no sending, or one that was sent is a draft": """
        SELECT p.number, p.state FROM purchasing_purchaseorder p WHERE p.tenant_id = {tenant}
        AND (p.sent_at IS NULL) <> (p.state IN ('draft', 'cancelled'))""",
    # Another number of the same box is told besides the old one.
    "a parcel is told to the shop twice": """
        SELECT r.parcel_id, r.order_id FROM logistics_shipmentreport r WHERE r.tenant_id = {tenant}
        AND r.state IN ('waiting', 'in_file', 'uploaded', 'confirmed')
        GROUP BY r.parcel_id, r.order_id, r.tracking_number HAVING count(*) > 1""",
}


def hold() -> None:
    """Every invariant of the current tenant; an AssertionError says which is broken and where."""
    for what, sql in BROKEN.items():
        found = bulk.select(sql)
        assert not found, f"{what}: {found[:3]}"
    stands = bulk.select("SELECT id, step, tab, margin_fen FROM orders_order WHERE tenant_id = {tenant} ORDER BY id")
    _tabs(stands)
    _margins({i: fen for i, _, _, fen in stands})


def _tabs(stands: list[tuple[UUID, str, str, int | None]]) -> None:
    """Every order is in exactly one tab, the one of its facts as they are now."""
    counts = order_desk.counts(OrderFilter(), SYSTEM)
    assert counts.pop("all") == len(stands) == sum(counts.values())
    kept = {i: (step, tab) for i, step, tab, _ in stands}
    now = {r.id: next_step(advance.facts_of(r)) for r in order_facts.load(list(kept))}
    assert {i: (n.step.value, n.tab) for i, n in now.items()} == kept


def _margins(kept: Mapping[UUID, int | None]) -> None:
    """The steps add up to the margin, the lines to the steps, and what the list shows is what the drawer shows."""
    facts, rates = (
        appraise.margin_facts(money_facts.load(list(kept)), Market(clock.now())),
        finance.rate_table(terms.rates()),
    )
    bought = {i: (goods, freight, still_open) for i, goods, freight, still_open in bulk.select(BOUGHT)}
    for order_id, shown in kept.items():
        margin = margin_of(facts[order_id], rates)
        assert shown == margin.fen
        if margin.fen is not None:
            assert sum(s.fen or 0 for s in margin.steps) == margin.fen
            assert sum(line.fen or 0 for line in line_margins(facts[order_id], margin)) == margin.fen
        goods, freight, still_open = bought.get(order_id, (0, 0, 0))
        if goods and not still_open:
            # What is bought costs what its live purchase lines say, to the fen.
            spent = {s.key: s.fen for s in margin.steps}
            assert (spent["purchase"], spent["freight"]) == (-goods, -freight)
