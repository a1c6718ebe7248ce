"""Taking back what was counted as shipped: a number that was recorded wrongly leaves no trace in the counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from daifa.base import bulk
from daifa.kit.errors import Conflict


def unship_lines(pieces: Sequence[tuple[UUID, int]]) -> list[UUID]:
    """Pieces of assignments that had not left after all: counts on line and demand move back together.

    States go back to where they were before a number came (this corrects our record, so the life cycle is not asked).
    Returns the purchases concerned. Raises Conflict when a line is no longer live; less than nothing is refused by
    the database.
    """
    total: dict[UUID, int] = defaultdict(int)
    for assignment, qty in pieces:
        total[assignment] += qty
    found = bulk.select(
        "WITH s AS (SELECT * FROM unnest(%s::uuid[], %s::int[]) AS s(assignment_id, n)),"
        " l AS (UPDATE purchasing_purchaseline AS l SET shipped_qty = l.shipped_qty - s.n, state = CASE"
        " WHEN l.shipped_qty - s.n > 0 THEN 'part_shipped' WHEN p.answered_at IS NOT NULL THEN 'accepted'"
        " ELSE 'open' END FROM s, purchasing_purchaseorder AS p"
        " WHERE l.tenant_id = {tenant} AND p.tenant_id = {tenant} AND p.id = l.purchase_id"
        " AND l.assignment_id = s.assignment_id AND l.live RETURNING l.purchase_id, l.assignment_id, s.n),"
        " d AS (UPDATE orders_demand AS d SET shipped_qty = d.shipped_qty - x.n FROM"
        " (SELECT a.demand_id, sum(l.n)::int AS n FROM l JOIN purchasing_assignment a"
        " ON a.tenant_id = {tenant} AND a.id = l.assignment_id GROUP BY a.demand_id) AS x"
        " WHERE d.tenant_id = {tenant} AND d.id = x.demand_id RETURNING d.id)"
        " SELECT l.purchase_id, (SELECT count(*) FROM d) FROM l",
        [list(total), list(total.values())],
    )
    if len(found) != len(total):
        raise Conflict("not_live", "有的商品已经不在有效采购单里，不能撤销。")
    purchase_ids = sorted({p for p, _ in found})
    _step_back(purchase_ids)
    return purchase_ids


def _step_back(purchase_ids: Sequence[UUID]) -> None:
    bulk.select(
        "UPDATE purchasing_purchaseorder AS p SET shipped_at = NULL, version = p.version + 1, state = CASE"
        " WHEN x.shipped > 0 THEN 'part_shipped' WHEN p.answered_at IS NOT NULL THEN 'accepted' ELSE 'sent' END"
        " FROM (SELECT purchase_id, sum(shipped_qty) AS shipped FROM purchasing_purchaseline"
        " WHERE tenant_id = {tenant} AND live AND purchase_id = ANY(%s::uuid[]) GROUP BY purchase_id) AS x"
        " WHERE p.tenant_id = {tenant} AND p.id = x.purchase_id AND p.state IN ('shipped', 'part_shipped')"
        " RETURNING p.id",
        [list(purchase_ids)],
    )
