"""The filters of the order desk as SQL: one place for the list, its counts, its export and batch deeds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import date, datetime, timedelta
from uuid import UUID

from daifa.base.actor import Actor
from daifa.kit import clock
from daifa.kit.values import dataclass
from daifa.reads import person_search, scope, telling

# Tabs whose orders still have a deadline to meet.
MOVING = ("match", "hold", "dispatch", "supplier", "report")
# What counts as a sale: a cancelled order is none, though what it has cost stays in the margin.
SOLD = "o.state NOT IN ('unpaid', 'cancelled')"
EARNING = "(o.state NOT IN ('unpaid', 'cancelled') OR (o.state = 'cancelled' AND o.paid_at IS NOT NULL))"
# A deadline that can still be missed: what is uploaded waits for nobody.
OPEN_DEADLINE = "o.tab = ANY(%(moving)s::text[]) AND o.step <> 'confirm'"
DUE_WITHIN_HOUR = "o.due_by >= %(due_hour)s AND o.due_by < %(due_hour)s + interval '1 hour'"
# Purchases by API that wait for a person, and where each goes on ("": a decision about the deed itself).
STOPPED = "b.tenant_id = {tenant} AND b.kind = 'buy' AND b.state IN ('held', 'person')"
MENDED = "CASE WHEN b.state = 'held' THEN coalesce(b.result ->> 'mend', '') ELSE '' END"
DECIDE = "decide"
# What each figure of the board counts. They go with days, whose index finds the orders.
COUNTED = {
    "sold": SOLD,
    "refunded": f"{SOLD} AND o.refunded_fen > 0",
    "margin": f"{EARNING} AND o.margin_fen IS NOT NULL",
    "no_margin": f"{EARNING} AND o.margin_fen IS NULL",
    "unsupplied": (
        f"{EARNING} AND o.margin_fen IS NOT NULL AND NOT EXISTS (SELECT 1 FROM purchasing_assignment a"
        " WHERE a.tenant_id = {tenant} AND a.order_id = o.id AND a.live)"
    ),
}


# An order, as ``o``, whose buyer was asked about just what holds it.
WAITS_FOR_BUYER = "(o.asked <> '' AND o.asked = o.hold_kinds)"
# A flag that stays here, because the shop cannot be told, stands above what files say.
OWN_FLAG = (
    "CASE WHEN o.edits -> 'memo' ->> 'here' = 'true' THEN coalesce(nullif(o.edits -> 'memo' ->> 'flag', ''), o.flag)"
    " ELSE o.flag END"
)


@dataclass(frozen=True, slots=True)
class OrderFilter:
    """What a person asked for; empty fields ask nothing. Money in fen, days in Asia/Shanghai.

    ``counted``: the orders behind one figure of the board (``COUNTED``). ``due_today``: deadline before the day ends.
    ``due_hour``: deadline within the hour from then.
    ``stopped``: where its stopped purchase goes on (``link``, ``compare``, ``decide``).
    ``to_tell``: its number is for a person to bring to the platform.
    """

    numbers: Sequence[str] = ()
    shop: Sequence[UUID] = ()
    platform: Sequence[str] = ()
    supplier: Sequence[UUID] = ()
    step: Sequence[str] = ()
    hold: Sequence[str] = ()
    stopped: Sequence[str] = ()
    province: Sequence[str] = ()
    text: str = ""
    flag: str = ""
    tag: str = ""
    urgent: bool = False
    unfinished: bool = False
    note: str = ""
    refund: Sequence[str] = ()
    recipient: Sequence[str] = ()
    person: str = ""
    imported: UUID | None = None
    outcome: str = ""
    paid_from: date | None = None
    paid_to: date | None = None
    paid_min_fen: int | None = None
    paid_max_fen: int | None = None
    losing: bool = False
    late: bool = False
    due_today: bool = False
    due_hour: datetime | None = None
    to_tell: bool = False
    counted: str = ""


@dataclass(slots=True)
class Where:
    """Conditions over ``o`` (orders_order) with their parameters."""

    clauses: list[str] = field(default_factory=list)
    params: dict[str, object] = field(default_factory=dict)

    def add(self, clause: str, **params: object) -> None:
        """One more condition."""
        self.clauses.append(clause)
        self.params.update(params)

    @property
    def sql(self) -> str:
        """The conditions, beginning with the tenant's."""
        return " AND ".join(["o.tenant_id = {tenant}", *self.clauses])


# Orders by number. One look-up in an index per way a number may be meant; an OR over them would read every order.
BY_NUMBER = """
SELECT x.id AS order_id, x.external_id AS number FROM orders_order x
WHERE x.tenant_id = {tenant} AND x.external_id = ANY(%(numbers)s::text[])
UNION SELECT l.order_id, p.number FROM purchasing_purchaseorder p
JOIN purchasing_purchaseline l ON l.tenant_id = {tenant} AND l.purchase_id = p.id
WHERE p.tenant_id = {tenant} AND p.number = ANY(%(numbers)s::text[])
UNION SELECT l.order_id, p.plain_number FROM purchasing_purchaseorder p
JOIN purchasing_purchaseline l ON l.tenant_id = {tenant} AND l.purchase_id = p.id
WHERE p.tenant_id = {tenant} AND p.plain_number = ANY(%(numbers)s::text[])
UNION SELECT l.order_id, p.tracking_number FROM logistics_parcel p
JOIN logistics_parcelline l ON l.tenant_id = {tenant} AND l.parcel_id = p.id
WHERE p.tenant_id = {tenant} AND p.live AND p.tracking_number = ANY(%(numbers)s::text[])
UNION SELECT l.order_id, n.tracking_number FROM logistics_parcelnumber n
JOIN logistics_parcelline l ON l.tenant_id = {tenant} AND l.parcel_id = n.parcel_id
WHERE n.tenant_id = {tenant} AND n.live AND n.tracking_number = ANY(%(numbers)s::text[])
"""
_LISTS = {
    "shop": "o.shop_id = ANY(%(shop)s::uuid[])",
    "platform": "o.platform = ANY(%(platform)s::text[])",
    "step": "o.step = ANY(%(step)s::text[])",
    "province": "o.province = ANY(%(province)s::text[])",
    "refund": "o.refund = ANY(%(refund)s::text[])",
    "recipient": "o.recipient_state = ANY(%(recipient)s::text[])",
    "numbers": f"o.id IN (SELECT f.order_id FROM ({BY_NUMBER}) f)",
    "supplier": (
        "o.id IN (SELECT a.order_id FROM purchasing_assignment a WHERE a.tenant_id = {tenant} AND a.live"
        " AND a.supplier_id = ANY(%(supplier)s::uuid[]))"
    ),
    "hold": (
        "o.id IN (SELECT h.order_id FROM orders_hold h WHERE h.tenant_id = {tenant} AND h.state = 'open'"
        " AND h.kind = ANY(%(hold)s::text[]))"
    ),
    "stopped": (
        f"o.id IN (SELECT b.order_id FROM mailroom_outbox b WHERE {STOPPED}"
        f" AND coalesce(nullif({MENDED}, ''), '{DECIDE}') = ANY(%(stopped)s::text[]))"
    ),
}


# Titles are searched by listing, not by line: one probe of the index per listing SKU ever sold (thousands), never a
# scan of all lines (millions), which row security would force upon LIKE.
LISTINGS_LIKE = """o.id IN (
  WITH RECURSIVE sold(shop_id, listing_key, title, spec, code) AS (
    (SELECT l.shop_id, l.listing_key, l.title, l.spec, l.merchant_code FROM orders_line l
     WHERE l.tenant_id = {tenant} ORDER BY l.shop_id, l.listing_key LIMIT 1)
    UNION ALL
    SELECT n.shop_id, n.listing_key, n.title, n.spec, n.merchant_code FROM sold s CROSS JOIN LATERAL (
      SELECT l.shop_id, l.listing_key, l.title, l.spec, l.merchant_code FROM orders_line l
      WHERE l.tenant_id = {tenant} AND (l.shop_id, l.listing_key) > (s.shop_id, s.listing_key)
      ORDER BY l.shop_id, l.listing_key LIMIT 1) n
  )
  SELECT l.order_id FROM sold s JOIN orders_line l
    ON l.tenant_id = {tenant} AND l.shop_id = s.shop_id AND l.listing_key = s.listing_key
  WHERE s.title LIKE %(like)s OR s.spec LIKE %(like)s OR s.code = %(text)s)"""


def literal(text: str) -> str:
    """A text to be found as it is: LIKE's own signs mean themselves."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def where(asked: OrderFilter, actor: Actor) -> Where:
    """The conditions of a filter, within the person's data scope."""
    made = Where()
    mine, params = scope.orders(actor)
    if mine:
        made.add(mine.removeprefix(" AND "), **params)
    for name, clause in _LISTS.items():
        if values := list(getattr(asked, name)):
            made.add(clause, **{name: values})
    _texts(asked, made)
    _ranges(asked, made)
    return made


def _texts(asked: OrderFilter, made: Where) -> None:
    if asked.text:
        made.add(LISTINGS_LIKE, like=f"%{literal(asked.text)}%", text=asked.text)
    if asked.flag:
        made.add(f"{OWN_FLAG} = %(flag)s", flag=asked.flag)
    if asked.tag:
        made.add("(',' || o.tags || ',') LIKE %(tag)s", tag=f"%,{asked.tag},%")
    if asked.urgent:
        made.add("o.priority > 0")
    if asked.note == "yes":
        made.add("(o.has_note OR o.has_memo)")
    if asked.note == "no":
        made.add("NOT (o.has_note OR o.has_memo)")
    if asked.imported is not None:
        made.add(
            "o.id IN (SELECT r.object_id FROM mailroom_importrow r WHERE r.tenant_id = {tenant}"
            " AND r.imported_id = %(imported)s AND (%(outcome)s = '' OR r.outcome = %(outcome)s))",
            imported=asked.imported,
            outcome=asked.outcome,
        )
    if asked.person:
        column, hashes = person_search.opened(asked.person)
        made.add(
            "o.id IN (SELECT s.order_id FROM orders_orderperson s WHERE s.tenant_id = {tenant}"
            f" AND s.{column} = ANY(%(person)s::bytea[]))",
            person=hashes,
        )


def _ranges(asked: OrderFilter, made: Where) -> None:
    if asked.paid_from is not None:
        made.add("o.day >= %(paid_from)s", paid_from=asked.paid_from)
    if asked.paid_to is not None:
        made.add("o.day <= %(paid_to)s", paid_to=asked.paid_to)
    if asked.paid_min_fen is not None:
        made.add("o.paid_fen >= %(paid_min)s", paid_min=asked.paid_min_fen)
    if asked.paid_max_fen is not None:
        made.add("o.paid_fen <= %(paid_max)s", paid_max=asked.paid_max_fen)
    if asked.losing:
        made.add("o.margin_fen < 0")
    if asked.unfinished:
        made.add("o.tab = ANY(%(moving)s::text[])", moving=list(MOVING))
    if asked.late:
        made.add(f"o.due_by < %(now)s AND {OPEN_DEADLINE}", now=clock.now(), moving=list(MOVING))
    if asked.due_today:
        end = clock.day_start(clock.business_day(clock.now()) + timedelta(days=1))
        made.add(f"o.due_by < %(end)s AND {OPEN_DEADLINE}", end=end, moving=list(MOVING))
    if asked.due_hour is not None:
        made.add(f"{DUE_WITHIN_HOUR} AND {OPEN_DEADLINE}", due_hour=asked.due_hour, moving=list(MOVING))
    if asked.to_tell:
        made.add(telling.BY_PERSON, **telling.params())
    if asked.counted:
        made.add(COUNTED[asked.counted])


def described(asked: OrderFilter) -> Mapping[str, object]:
    """The non-empty parts of a filter, for the audit log (never a person's name or phone)."""
    return {
        name: value
        for name in OrderFilter.__dataclass_fields__
        if (value := getattr(asked, name)) not in ("", (), [], None, False) and name != "person"
    }
