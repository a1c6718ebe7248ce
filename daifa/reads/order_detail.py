"""One order with everything known of it: what the drawer of the order desk shows. Personal data only masked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from daifa.areas.logistics.rules.lifecycles import REPORT
from daifa.areas.orders.services import history, holds
from daifa.areas.orders.services.holds import HoldView
from daifa.base import bulk
from daifa.base.actor import Actor
from daifa.kit.values import dataclass
from daifa.reads import memo_facts, order_desk
from daifa.reads.memo_facts import MemoOut
from daifa.reads.order_desk import OrderRow


@dataclass(frozen=True, slots=True)
class OrderPartOut:
    """n pieces of one of our SKUs inside one piece of the listing."""

    code: str
    title: str
    spec: str
    quantity: int


@dataclass(frozen=True, slots=True)
class OrderLineOut:
    """One line: what was sold, what it means in our SKUs and why, and its money (None unknown)."""

    id: UUID
    number: str
    title: str
    spec: str
    merchant_code: str
    image_url: str
    quantity: int
    unit_price_fen: int | None
    paid_fen: int | None
    refunded_fen: int | None
    refund: str
    gift: bool
    match: str
    how: str
    parts: list[OrderPartOut]
    cost_fen: int | None


@dataclass(frozen=True, slots=True)
class OrderDecisionOut:
    """What routing said once: the headline, and one line per candidate."""

    at: datetime
    summary: str
    lines: list[dict[str, Any]]
    by: str


@dataclass(frozen=True, slots=True)
class OrderAmendmentOut:
    """One version of a purchase after sending."""

    n: int
    kind: str
    text: str
    state: str
    answer: str
    at: datetime
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class OrderSendingOut:
    """One sending of a purchase to its supplier."""

    run: str
    version: int
    channel: str
    state: str
    resend: bool
    sent_at: datetime | None
    opened_at: datetime | None


@dataclass(frozen=True, slots=True)
class OrderPurchaseOut:
    """One purchase of the order with its versions. Money in fen, None unknown or hidden."""

    id: UUID
    number: str
    supplier: str
    state: str
    quantity: int
    goods_fen: int | None
    freight_fen: int | None
    note: str
    created_at: datetime
    sent_at: datetime | None
    shipped_at: datetime | None
    sendings: list[OrderSendingOut]
    amendments: list[OrderAmendmentOut]


@dataclass(frozen=True, slots=True)
class OrderParcelOut:
    """One parcel on its way, and what the platform was told of it last; "" where it is told nothing."""

    id: UUID
    courier: str
    number: str
    state: str
    quantity: int
    supplier: str
    shipped_at: datetime
    reported: str
    reported_label: str
    reported_at: datetime | None


@dataclass(frozen=True, slots=True)
class OrderCaseOut:
    """One refund case of the platform."""

    id: UUID
    number: str
    state: str
    platform_state: str
    amount_fen: int | None
    reason: str
    applied_at: datetime | None
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class OrderCaseStepOut:
    """One thing to be done because of a refund or cancel."""

    id: UUID
    kind: str
    text: str
    state: str
    due_by: datetime | None
    amount_fen: int | None
    answer: str


@dataclass(frozen=True, slots=True)
class OrderFactOut:
    """One entry of the history, down to the row of the file."""

    at: datetime
    kind: str
    text: str
    by: str
    batch_id: UUID | None
    file_id: UUID | None
    file: str
    row: int | None


@dataclass(frozen=True, slots=True)
class OrderDetail:
    """Everything of one order."""

    order: OrderRow
    lines: list[OrderLineOut]
    holds: list[HoldView]
    decisions: list[OrderDecisionOut]
    purchases: list[OrderPurchaseOut]
    parcels: list[OrderParcelOut]
    cases: list[OrderCaseOut]
    steps: list[OrderCaseStepOut]
    history: list[OrderFactOut]
    may_open: bool
    edited: bool
    shop_path: str
    courier_demand: str
    memo: MemoOut | None
    memo_told: bool


def detail(order_id: UUID, actor: Actor) -> OrderDetail:
    """Everything of one order. Raises NotFound, NotAllowed."""
    row = order_desk.one(order_id, actor)
    money = actor.may(order_desk.MONEY)
    [(edits, shop_path, courier)] = bulk.select(
        "SELECT o.edits, s.recipient_path, o.courier_demand FROM orders_order o JOIN accounts_shop s"
        " ON s.tenant_id = {tenant} AND s.id = o.shop_id WHERE o.tenant_id = {tenant} AND o.id = %s",
        [order_id],
    )
    return OrderDetail(
        order=row,
        lines=_lines(order_id, money),
        holds=holds.of_order(order_id),
        decisions=_decisions(order_id, money),
        purchases=_purchases(order_id, money),
        parcels=_parcels(order_id),
        cases=_cases(order_id),
        steps=_steps(order_id),
        history=_history(order_id),
        may_open=actor.may("orders.open"),
        edited="recipient" in _json(edits),
        shop_path=shop_path,
        courier_demand=courier,
        memo=memo_facts.last(order_id, edits),
        memo_told=memo_facts.can_be_told(row.shop_id),
    )


def _json(value: object) -> Any:
    # Raw SQL gives jsonb as its text.
    return orjson.loads(value) if isinstance(value, str | bytes) else value


def _lines(order_id: UUID, money: bool) -> list[OrderLineOut]:
    parts: dict[object, list[OrderPartOut]] = defaultdict(list)
    for line, *r in bulk.select(
        "SELECT l.id, s.code, p.title, s.spec, m.quantity FROM orders_line l"
        " JOIN catalog_mappingpart m ON m.tenant_id = {tenant} AND m.mapping_id = l.mapping_id"
        " JOIN catalog_sku s ON s.tenant_id = {tenant} AND s.id = m.sku_id"
        " JOIN catalog_product p ON p.tenant_id = {tenant} AND p.id = s.product_id"
        " WHERE l.tenant_id = {tenant} AND l.order_id = %s"
        # What was chosen for this order alone stands in its demands only.
        " UNION ALL SELECT l.id, s.code, p.title, s.spec, (d.qty / l.quantity)::int FROM orders_line l"
        " JOIN orders_demand d ON d.tenant_id = {tenant} AND d.line_id = l.id AND d.cause = 'line' AND d.n = 0"
        " JOIN catalog_sku s ON s.tenant_id = {tenant} AND s.id = d.sku_id"
        " JOIN catalog_product p ON p.tenant_id = {tenant} AND p.id = s.product_id"
        " WHERE l.tenant_id = {tenant} AND l.order_id = %s AND l.mapping_id IS NULL AND l.match = 'matched'"
        " ORDER BY 1, 2",
        [order_id, order_id],
    ):
        parts[line].append(OrderPartOut(*r))
    found = bulk.select(
        "SELECT l.id, l.external_id, l.title, l.spec, l.merchant_code, l.image_url, l.quantity, l.unit_price_fen,"
        " l.paid_fen, l.refunded_fen, l.refund, l.is_gift, l.match,"
        " CASE WHEN l.match = 'matched' AND l.mapping_id IS NULL THEN '只这一单换的' ELSE coalesce(m.reason, '') END,"
        " c.fen"
        " FROM orders_line l"
        " LEFT JOIN catalog_listingskumapping m ON m.tenant_id = {tenant} AND m.id = l.mapping_id"
        " LEFT JOIN (SELECT d.line_id, sum(b.goods_fen) AS fen FROM orders_demand d"
        "  JOIN purchasing_assignment a ON a.tenant_id = {tenant} AND a.demand_id = d.id"
        "  JOIN purchasing_purchaseline b ON b.tenant_id = {tenant} AND b.assignment_id = a.id AND b.live"
        "  WHERE d.tenant_id = {tenant} AND d.order_id = %s GROUP BY d.line_id) c ON c.line_id = l.id"
        " WHERE l.tenant_id = {tenant} AND l.order_id = %s ORDER BY l.n, l.id",
        [order_id, order_id],
    )
    made = []
    for row in found:
        cost = None if row[-1] is None or not money else int(row[-1])
        filled = (*row[:-1], parts[row[0]], cost)
        made.append(OrderLineOut(*filled))
    return made


def _decisions(order_id: UUID, money: bool) -> list[OrderDecisionOut]:
    # The sentences of candidates are made of costs.
    if not money:
        return []
    found = bulk.select(
        "SELECT created_at, summary, lines, by FROM purchasing_decision"
        " WHERE tenant_id = {tenant} AND order_id = %s ORDER BY created_at DESC, id DESC LIMIT 10",
        [order_id],
    )
    return [OrderDecisionOut(at, summary, [dict(c) for c in _json(lines)], by) for at, summary, lines, by in found]


def _purchases(order_id: UUID, money: bool) -> list[OrderPurchaseOut]:
    found = bulk.select(
        "SELECT DISTINCT p.id, p.number, s.name, p.state, p.quantity, p.goods_fen, p.freight_fen, p.note,"
        " p.created_at, p.sent_at, p.shipped_at FROM purchasing_purchaseline l"
        " JOIN purchasing_purchaseorder p ON p.tenant_id = {tenant} AND p.id = l.purchase_id"
        " JOIN purchasing_supplier s ON s.tenant_id = {tenant} AND s.id = p.supplier_id"
        " WHERE l.tenant_id = {tenant} AND l.order_id = %s ORDER BY p.created_at",
        [order_id],
    )
    sendings: dict[object, list[OrderSendingOut]] = defaultdict(list)
    for purchase, *r in bulk.select(
        "SELECT DISTINCT l.purchase_id, d.run, d.version, d.channel, d.state, x.resend, d.sent_at, d.opened_at,"
        " d.created_at FROM purchasing_purchaseline l"
        " JOIN purchasing_dispatchline x ON x.tenant_id = {tenant} AND x.purchase_line_id = l.id"
        " JOIN purchasing_dispatch d ON d.tenant_id = {tenant} AND d.id = x.dispatch_id"
        " WHERE l.tenant_id = {tenant} AND l.order_id = %s ORDER BY d.created_at",
        [order_id],
    ):
        sendings[purchase].append(OrderSendingOut(*r[:-1]))
    amendments: dict[object, list[OrderAmendmentOut]] = defaultdict(list)
    for purchase, *r in bulk.select(
        "SELECT purchase_id, n, kind, text, state, answer, created_at, answered_at FROM purchasing_amendment"
        " WHERE tenant_id = {tenant} AND purchase_id = ANY(%s::uuid[]) ORDER BY purchase_id, n",
        [[row[0] for row in found]],
    ):
        amendments[purchase].append(OrderAmendmentOut(*r))
    made = []
    for row in found:
        sums = row[5:7] if money else (None, None)
        filled = (*row[:5], *sums, *row[7:], sendings[row[0]], amendments[row[0]])
        made.append(OrderPurchaseOut(*filled))
    return made


def _parcels(order_id: UUID) -> list[OrderParcelOut]:
    found = bulk.select(
        "SELECT p.id, coalesce(c.name, p.courier), p.tracking_number, p.state, sum(l.qty), coalesce(s.name, ''),"
        " p.shipped_at, coalesce((array_agg(r.state ORDER BY r.version DESC))[1], ''), max(r.created_at)"
        " FROM logistics_parcelline l"
        " JOIN logistics_parcel p ON p.tenant_id = {tenant} AND p.id = l.parcel_id"
        " LEFT JOIN logistics_courier c ON c.code = p.courier"
        " LEFT JOIN purchasing_supplier s ON s.tenant_id = {tenant} AND s.id = p.supplier_id"
        " LEFT JOIN logistics_shipmentreport r ON r.tenant_id = {tenant} AND r.parcel_id = p.id"
        "  AND r.order_id = l.order_id AND r.state <> 'void'"
        " WHERE l.tenant_id = {tenant} AND l.order_id = %s"
        " GROUP BY p.id, c.name, p.courier, p.tracking_number, p.state, s.name, p.shipped_at ORDER BY p.shipped_at",
        [order_id],
    )
    return [
        OrderParcelOut(i, courier, number, state, int(n), supplier, shipped, told, REPORT.labels.get(told, ""), at)
        for i, courier, number, state, n, supplier, shipped, told, at in found
    ]


def _cases(order_id: UUID) -> list[OrderCaseOut]:
    return [
        OrderCaseOut(*r)
        for r in bulk.select(
            "SELECT id, external_id, state, platform_state, amount_fen, reason, applied_at, finished_at"
            " FROM support_case WHERE tenant_id = {tenant} AND order_id = %s ORDER BY applied_at, id",
            [order_id],
        )
    ]


def _steps(order_id: UUID) -> list[OrderCaseStepOut]:
    return [
        OrderCaseStepOut(*r)
        for r in bulk.select(
            "SELECT id, kind, text, state, due_by, amount_fen, answer FROM support_casestep"
            " WHERE tenant_id = {tenant} AND order_id = %s ORDER BY created_at, id",
            [order_id],
        )
    ]


def _history(order_id: UUID) -> list[OrderFactOut]:
    facts = history.of_order(order_id)
    files = dict(
        bulk.select(
            "SELECT id, name FROM mailroom_storedfile WHERE tenant_id = {tenant} AND id = ANY(%s::uuid[])",
            [sorted({f.file_id for f in facts if f.file_id})],
        )
    )
    names = _names(f.by for f in facts if not f.by_name)
    return [
        OrderFactOut(
            f.at, f.kind, f.text, f.by_name or names.get(f.by, "系统"), f.batch_id, f.file_id,
            str(files.get(f.file_id, "")) if f.file_id else "", f.row,
        )
        for f in facts
        if f.at is not None
    ]  # fmt: skip


def _names(keys: Iterable[str]) -> dict[str, str]:
    """Names of members by their actor keys."""
    members = sorted({UUID(k.removeprefix("member:")) for k in keys if k.startswith("member:")})
    found = bulk.select(
        "SELECT id, name FROM accounts_member WHERE tenant_id = {tenant} AND id = ANY(%s::uuid[])", [members]
    )
    return {f"member:{i}": str(name) for i, name in found}
