"""Orders, lines, sealed recipients, demands, holds, rules and the append-only history."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from daifa.areas.orders.types import HOLD, ORDER, WISH
from daifa.base.tenancy import AppendOnly, TenantForeignKey, TenantModel
from daifa.ports.shop import RecipientState, RefundState

TABS = (
    "unpaid",
    "match",
    "hold",
    "dispatch",
    "supplier",
    "report",
    "shipped",
    "aftersale",
    "done",
    "closed",
)


class Order(TenantModel):
    """One platform order. ``space`` is the number space: the platform, or ``shop:<id>`` for a sheet of no platform.

    ``step``/``tab``/``step_reason`` are what ``next_step`` last said (derived, rebuilt by ``advance``).
    ``merge`` holds, per field, which reading its value came from (``rules/merge``).
    ``ruled`` is what operators' rules last put on it, taken off when they end (``rules/ruling``).
    """

    shop = TenantForeignKey("accounts.Shop", on_delete=models.PROTECT, db_index=False)
    platform = models.TextField()
    space = models.TextField()
    external_id = models.TextField()
    state = models.TextField()
    refund = models.TextField(default="none")
    waits = models.TextField(default="")
    ordered_at = models.DateTimeField(null=True)
    paid_at = models.DateTimeField(null=True)
    ship_by = models.DateTimeField(null=True)
    ship_not_before = models.DateTimeField(null=True)
    shipped_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    cash_on_delivery = models.BooleanField(default=False)
    amount_fen = models.BigIntegerField(null=True)
    freight_fen = models.BigIntegerField(null=True)
    paid_fen = models.BigIntegerField(null=True)
    receivable_fen = models.BigIntegerField(null=True)
    refunded_fen = models.BigIntegerField(null=True)
    commission_fen = models.BigIntegerField(null=True)
    platform_fee_fen = models.BigIntegerField(null=True)
    insurance_fen = models.BigIntegerField(null=True)
    # Whether somebody promoted it; NULL: no source tells.
    promoted = models.BooleanField(null=True)
    flag = models.TextField(default="")
    has_note = models.BooleanField(default=False)
    has_memo = models.BooleanField(default=False)
    courier_demand = models.TextField(default="")
    consolidation = models.TextField(default="")
    parcels = models.TextField(default="")
    recipient_state = models.TextField(default="absent")
    recipient_path = models.TextField(default="")
    recipient_masked = models.TextField(default="")
    province = models.TextField(default="")
    city = models.TextField(default="")
    district = models.TextField(default="")
    lines_missing = models.BooleanField(default=False)
    quantity = models.IntegerField(default=0)
    title = models.TextField(default="")
    due_by = models.DateTimeField(null=True)
    due_source = models.TextField(default="")
    risk_fen = models.BigIntegerField(default=0)
    step = models.TextField(default="match")
    tab = models.TextField(default="match")
    step_reason = models.TextField(default="")
    # Why the machine could not route it when it last tried; a person may, or it tries again later.
    unrouted = models.TextField(default="")
    unrouted_at = models.DateTimeField(null=True)
    hold_kinds = models.TextField(default="")
    # What held it when a person had asked the buyer: while just that holds it, it waits for the answer.
    asked = models.TextField(default="")
    margin_fen = models.BigIntegerField(null=True)
    margin_note = models.TextField(default="")
    cost_fen = models.BigIntegerField(null=True)
    tags = models.TextField(default="")
    remark = models.TextField(default="")
    priority = models.IntegerField(default=0)
    person_hash = models.BinaryField(default=b"")
    merge = models.JSONField(default=dict)
    edits = models.JSONField(default=dict)
    ruled = models.JSONField(default=dict)
    imported = TenantForeignKey("mailroom.Import", on_delete=models.PROTECT, null=True, db_index=False)
    day = models.DateField(null=True)
    updated_at = models.DateTimeField()
    version = models.IntegerField(default=1)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "space", "external_id"], name="order_number"),
            models.CheckConstraint(name="order_state", condition=Q(state__in=list(ORDER.states))),
            models.CheckConstraint(
                name="order_refund",
                condition=Q(refund__in=[s.value for s in RefundState]),
            ),
            models.CheckConstraint(
                name="order_recipient",
                condition=Q(recipient_state__in=[s.value for s in RecipientState]),
            ),
            models.CheckConstraint(
                name="order_path",
                condition=Q(recipient_path__in=["", "file", "handover", "wait"]),
            ),
            models.CheckConstraint(name="order_tab", condition=Q(tab__in=TABS)),
            models.CheckConstraint(
                name="order_amounts",
                condition=Q(amount_fen__gte=0) & Q(paid_fen__gte=0) & Q(refunded_fen__gte=0) & Q(freight_fen__gte=0),
            ),
        ]
        indexes = [
            models.Index(fields=["tenant_id", "tab", "due_by", "id"], name="order_tab_due"),
            models.Index(fields=["tenant_id", "shop", "-paid_at"], name="order_shop_paid"),
            models.Index(fields=["tenant_id", "day", "id"], name="order_day"),
            models.Index(fields=["tenant_id", "-ordered_at", "id"], name="order_ordered"),
            models.Index(fields=["tenant_id", "external_id"], name="order_external"),
            models.Index(fields=["tenant_id", "imported"], name="order_import"),
            models.Index(
                fields=["tenant_id", "person_hash", "paid_at"], name="order_person", condition=~Q(person_hash=b"")
            ),
        ]


class OrderPerson(TenantModel):
    """The sealed part of an order (recipient, nick, notes, memo) and the keyed hashes that find it."""

    order = TenantForeignKey(Order, on_delete=models.CASCADE, db_index=False)
    sealed = models.BinaryField()
    key_id = models.IntegerField()
    phone_hash = models.BinaryField(default=b"")
    tail_hash = models.BinaryField(default=b"")
    name_hash = models.BinaryField(default=b"")
    person_hash = models.BinaryField(default=b"")
    shredded_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant_id", "order"], name="person_order")]
        indexes = [
            models.Index(fields=["tenant_id", "phone_hash"], name="person_phone"),
            models.Index(fields=["tenant_id", "tail_hash"], name="person_tail"),
            models.Index(fields=["tenant_id", "name_hash"], name="person_name"),
            models.Index(fields=["tenant_id", "person_hash"], name="person_person"),
        ]


class Line(TenantModel):
    """One line of a platform order."""

    order = TenantForeignKey(Order, on_delete=models.CASCADE, db_index=False)
    shop = TenantForeignKey("accounts.Shop", on_delete=models.PROTECT, db_index=False)
    line_key = models.TextField()
    external_id = models.TextField(default="")
    n = models.IntegerField(default=0)
    listing_key = models.TextField()
    item_id = models.TextField(default="")
    sku_id = models.TextField(default="")
    title = models.TextField()
    spec = models.TextField(default="")
    merchant_code = models.TextField(default="")
    image_url = models.TextField(default="")
    quantity = models.IntegerField()
    unit_price_fen = models.BigIntegerField(null=True)
    amount_fen = models.BigIntegerField(null=True)
    paid_fen = models.BigIntegerField(null=True)
    receivable_fen = models.BigIntegerField(null=True)
    refunded_fen = models.BigIntegerField(null=True)
    state = models.TextField(default="")
    refund = models.TextField(default="none")
    is_gift = models.BooleanField(default=False)
    # Pieces that left, by the platform's word, whoever sent them.
    gone = models.IntegerField(null=True)
    match = models.TextField(default="none")
    mapping = TenantForeignKey("catalog.ListingSkuMapping", on_delete=models.PROTECT, null=True, db_index=False)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "order", "line_key"], name="line_key"),
            models.UniqueConstraint(
                fields=["tenant_id", "order", "external_id"],
                name="line_external",
                condition=~Q(external_id=""),
            ),
            models.CheckConstraint(name="line_quantity", condition=Q(quantity__gt=0)),
            models.CheckConstraint(name="line_match", condition=Q(match__in=["none", "matched", "no_ship"])),
        ]
        indexes = [
            models.Index(fields=["tenant_id", "shop", "listing_key"], name="line_listing"),
            # Whether a platform moved a line to another order.
            models.Index(fields=["tenant_id", "shop", "external_id"], name="line_number", condition=~Q(external_id="")),
            models.Index(
                fields=["tenant_id", "match"],
                name="line_unmatched",
                condition=Q(match="none"),
            ),
        ]


class Demand(TenantModel):
    """What must be supplied: pieces of one of our SKUs because of a line (or a cause); frozen when matched.

    ``assigned_qty`` moves in the same statement as the assignment it counts.
    """

    order = TenantForeignKey(Order, on_delete=models.PROTECT)
    line = TenantForeignKey(Line, on_delete=models.PROTECT, null=True, db_index=False)
    cause = models.TextField(default="line")
    sku = TenantForeignKey("catalog.Sku", on_delete=models.PROTECT, db_index=False)
    n = models.IntegerField(default=0)
    qty = models.IntegerField()
    assigned_qty = models.IntegerField(default=0)
    shipped_qty = models.IntegerField(default=0)
    closed_cause = models.TextField(default="")

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "order", "line", "cause", "sku", "n"],
                name="demand_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(name="demand_qty", condition=Q(qty__gt=0)),
            models.CheckConstraint(
                name="demand_assigned",
                condition=Q(assigned_qty__gte=0) & Q(assigned_qty__lte=F("qty")),
            ),
            models.CheckConstraint(
                name="demand_shipped",
                condition=Q(shipped_qty__gte=0) & Q(shipped_qty__lte=F("assigned_qty")),
            ),
        ]
        indexes = [
            models.Index(fields=["tenant_id", "sku"], name="demand_sku"),
            models.Index(fields=["tenant_id", "line"], name="demand_line"),
        ]


class Hold(TenantModel):
    """One reason why an order (or a line) waits. Derived holds close with their fact; people clear with a why."""

    order = TenantForeignKey(Order, on_delete=models.CASCADE)
    line = TenantForeignKey("orders.Line", on_delete=models.CASCADE, null=True, db_index=False)
    kind = models.TextField()
    reason = models.TextField()
    remedy = models.TextField(default="")
    fingerprint = models.TextField()
    state = models.TextField(default="open")
    raised_by = models.TextField(default="screen")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.TextField(default="")
    closed_why = models.TextField(default="")

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "order", "line", "kind"],
                name="hold_open_once",
                condition=Q(state="open"),
                nulls_distinct=False,
            ),
            models.CheckConstraint(name="hold_state", condition=Q(state__in=list(HOLD.states))),
            models.CheckConstraint(
                name="hold_closed_says_why",
                condition=Q(state="open") | (Q(closed_at__isnull=False) & ~Q(closed_by="") & ~Q(closed_why="")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["tenant_id", "kind", "order"],
                name="hold_kind_open",
                condition=Q(state="open"),
            ),
            # Whoever takes a line out is asked by the database whether a hold names it.
            models.Index(fields=["tenant_id", "line"], name="hold_line", condition=Q(line__isnull=False)),
        ]


class AddressWish(TenantModel):
    """A buyer's wish to have the order sent elsewhere; ``sealed`` is the new address, ``event_key`` how it was told."""

    order = TenantForeignKey(Order, on_delete=models.CASCADE, db_index=False)
    event_key = models.TextField()
    state = models.TextField(default="open")
    sealed = models.BinaryField()
    masked = models.TextField(default="")
    province = models.TextField(default="")
    city = models.TextField(default="")
    district = models.TextField(default="")
    asked_at = models.DateTimeField()
    answer_by = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_why = models.TextField(default="")
    by_name = models.TextField(default="")

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "order", "event_key"], name="wish_once"),
            models.UniqueConstraint(fields=["tenant_id", "order"], name="wish_open_once", condition=Q(state="open")),
            models.CheckConstraint(name="wish_state", condition=Q(state__in=WISH.states)),
            models.CheckConstraint(
                name="wish_ended_when",
                condition=Q(state="open", ended_at=None) | (~Q(state="open") & Q(ended_at__isnull=False)),
            ),
        ]


class History(AppendOnly, TenantModel):
    """One fact or decision about an order, never personal data; append only."""

    order_id = models.UUIDField()
    at = models.DateTimeField()
    kind = models.TextField()
    text = models.TextField()
    data = models.JSONField(default=dict)
    by = models.TextField(default="system")
    by_name = models.TextField(default="")
    batch_id = models.UUIDField(null=True)
    file_id = models.UUIDField(null=True)
    row = models.IntegerField(null=True)

    class Meta(TenantModel.Meta):
        indexes = [
            models.Index(fields=["tenant_id", "order_id", "at"], name="history_order"),
            models.Index(fields=["tenant_id", "batch_id"], name="history_batch"),
        ]


class Batch(TenantModel):
    """One deed on many orders that can be undone: what it was, what it changed, until when."""

    verb = models.TextField()
    title = models.TextField()
    by = models.TextField(default="")
    by_name = models.TextField(default="")
    count = models.IntegerField(default=0)
    undo = models.JSONField(default=dict)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.TextField(default="")

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["tenant_id", "-created_at"], name="batch_created")]


class Rule(TenantModel):
    """A condition → action row that an operator edits."""

    position = models.IntegerField()
    name = models.TextField()
    enabled = models.BooleanField(default=False)
    definition = models.JSONField()
    version = models.IntegerField(default=1)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant_id", "name"], name="rule_name")]
