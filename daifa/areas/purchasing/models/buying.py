"""Suppliers, offers, assignments, purchase orders, dispatches, amendments and the suppliers' links."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from daifa.base.tenancy import TenantForeignKey, TenantModel

PURCHASE_STATES = (
    "draft", "sent", "accepted", "refused", "part_shipped", "shipped", "closed", "recalling", "recalled", "cancelled",
)  # fmt: skip
# Bought and not over: something may still come of it.
UNDER_WAY = ("draft", "sent", "accepted", "part_shipped", "recalling")
LINE_STATES = (
    "open",
    "accepted",
    "refused",
    "out_of_stock",
    "part_shipped",
    "shipped",
    "recalled",
    "cancelled",
)
AMENDMENT_STATES = ("created", "sent", "acknowledged", "too_late", "refused")


class Supplier(TenantModel):
    """Who ships for us. Freight, regions and sheet format are documents that ``rules`` understands.

    One that takes orders by API (channel api) is reached through ``connection``, where it is known as ``account``.
    """

    name = models.TextField()
    code = models.TextField()
    short = models.TextField()
    contact_sealed = models.BinaryField(null=True)
    channel = models.TextField(default="sheet")
    lead_hours = models.IntegerField(default=48)
    freight = models.JSONField(default=dict)
    regions_not_served = models.JSONField(default=list)
    cut_off = models.TextField(default="")
    connection = TenantForeignKey("accounts.Connection", on_delete=models.PROTECT, null=True, db_index=False)
    account = models.TextField(default="")
    sheet_format = models.JSONField(default=dict)
    remark = models.TextField(default="")
    active = models.BooleanField(default=True)
    version = models.IntegerField(default=1)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "name"], name="supplier_name"),
            models.UniqueConstraint(fields=["tenant_id", "code"], name="supplier_code"),
            models.CheckConstraint(
                name="supplier_channel",
                condition=Q(channel__in=["sheet", "link", "text", "api"]),
            ),
            models.CheckConstraint(name="supplier_by_api", condition=~Q(channel="api") | Q(connection__isnull=False)),
            models.CheckConstraint(name="supplier_lead", condition=Q(lead_hours__gte=0)),
        ]


class TrackRecord(TenantModel):
    """How a supplier did in the last days, counted now and then: what ranks it for one order is read, not counted."""

    supplier = TenantForeignKey(Supplier, on_delete=models.CASCADE, db_index=False)
    sent = models.IntegerField()
    dated = models.IntegerField()
    timely = models.IntegerField()
    lines = models.IntegerField()
    refused = models.IntegerField()
    days = models.IntegerField()
    at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "supplier"], name="track_record_of"),
            models.CheckConstraint(
                name="track_record_counts",
                condition=Q(timely__gte=0, timely__lte=F("dated"), refused__gte=0, refused__lte=F("lines"))
                & Q(dated__lte=F("sent")),
            ),
        ]


class SupplyLink(TenantModel):
    """A supplier can supply a SKU: price tiers, minimum quantity, stock if told, valid from–to. Freight and
    regions not served are of this link where its price list said so, else the supplier's.

    Where the supplier sells by API, ``offer_ref`` is its offer and ``spec_ref`` the option; ``option``,
    ``linked_as`` (title, code, price, picture) and ``fingerprint`` are what it was when a person linked it, and a link
    whose option has changed since is frozen.
    """

    supplier = TenantForeignKey(Supplier, on_delete=models.PROTECT)
    sku = TenantForeignKey("catalog.Sku", on_delete=models.PROTECT, db_index=False)
    offer_ref = models.TextField(default="")
    supplier_sku = models.TextField(default="")
    tiers = models.JSONField()
    tier_by_run = models.BooleanField(default=False)
    min_quantity = models.IntegerField(default=1)
    lead_hours = models.IntegerField(null=True)
    freight = models.JSONField(default=dict)
    regions_not_served = models.JSONField(default=list)
    stock = models.IntegerField(null=True)
    stock_at = models.DateTimeField(null=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    spec_ref = models.TextField(default="")
    option = models.JSONField(default=list)
    linked_as = models.JSONField(default=dict)
    fingerprint = models.TextField(default="")
    frozen = models.JSONField(null=True)
    live = models.BooleanField(default=True)
    version = models.IntegerField(default=1)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "supplier", "sku", "offer_ref", "valid_from"],
                name="supply_link_once",
            ),
            models.CheckConstraint(name="supply_link_min", condition=Q(min_quantity__gt=0)),
            models.CheckConstraint(name="supply_link_stock", condition=Q(stock__gte=0)),
        ]
        indexes = [
            models.Index(
                fields=["tenant_id", "sku"],
                name="supply_link_sku",
                condition=Q(live=True),
            )
        ]


class RouteChoice(TenantModel):
    """A person's remembered choice: this SKU goes to this supplier until they change their mind."""

    sku = TenantForeignKey("catalog.Sku", on_delete=models.PROTECT, db_index=False)
    supplier = TenantForeignKey(Supplier, on_delete=models.PROTECT)
    chosen_by = models.TextField()
    reason = models.TextField(default="")

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant_id", "sku"], name="route_choice_sku")]


class Assignment(TenantModel):
    """This many pieces of this demand go to this supplier, and why."""

    demand = TenantForeignKey("orders.Demand", on_delete=models.PROTECT, db_index=False)
    order = TenantForeignKey("orders.Order", on_delete=models.PROTECT, db_index=False)
    part = models.IntegerField()
    supplier = TenantForeignKey(Supplier, on_delete=models.PROTECT)
    supply_link = TenantForeignKey(SupplyLink, on_delete=models.PROTECT, null=True)
    sku = TenantForeignKey("catalog.Sku", on_delete=models.PROTECT, db_index=False)
    qty = models.IntegerField()
    unit_fen = models.BigIntegerField(null=True)
    goods_fen = models.BigIntegerField(null=True)
    live = models.BooleanField(default=True)
    decision_id = models.UUIDField(null=True)
    decided_by = models.TextField(default="rule")

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "demand", "part"], name="assignment_part"),
            models.CheckConstraint(name="assignment_qty", condition=Q(qty__gt=0)),
            models.CheckConstraint(name="assignment_goods", condition=Q(goods_fen__gte=0)),
        ]
        indexes = [
            models.Index(fields=["tenant_id", "order"], name="assignment_order"),
            models.Index(
                fields=["tenant_id", "supplier"],
                name="assignment_live",
                condition=Q(live=True),
            ),
        ]


class Decision(TenantModel):
    """What routing said of one order: the candidates, each with one readable line, and what was chosen."""

    order = TenantForeignKey("orders.Order", on_delete=models.PROTECT, db_index=False)
    summary = models.TextField()
    lines = models.JSONField()
    by = models.TextField(default="rule")

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["tenant_id", "order", "-created_at"], name="decision_order")]


class PurchaseOrder(TenantModel):
    """What one supplier packs for one recipient of one shop.

    ``handover``: it leaves by the platform's own number, the platform ships the shop's order itself; ``factory``: and
    is handed over by API, to this factory there. ``by_hand``: it goes by sheet although its supplier takes orders by
    API, on a person's word.
    """

    number = models.TextField()
    plain_number = models.TextField()
    day = models.DateField()
    counter = models.IntegerField()
    supplier = TenantForeignKey(Supplier, on_delete=models.PROTECT, db_index=False)
    shop = TenantForeignKey("accounts.Shop", on_delete=models.PROTECT, db_index=False)
    order = TenantForeignKey("orders.Order", on_delete=models.PROTECT, db_index=False)
    state = models.TextField(default="draft")
    handover = models.BooleanField(default=False)
    by_hand = models.BooleanField(default=False, db_default=False)
    factory = models.TextField(default="")
    quantity = models.IntegerField(default=0)
    goods_fen = models.BigIntegerField(null=True)
    freight_fen = models.BigIntegerField(null=True)
    due_by = models.DateTimeField(null=True)
    note = models.TextField(default="")
    sent_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    shipped_at = models.DateTimeField(null=True)
    chased_at = models.DateTimeField(null=True)
    run = models.TextField(default="")
    version = models.IntegerField(default=1)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "number"], name="purchase_number"),
            models.UniqueConstraint(fields=["tenant_id", "plain_number"], name="purchase_plain_number"),
            models.UniqueConstraint(fields=["tenant_id", "supplier", "day", "counter"], name="purchase_counter"),
            models.CheckConstraint(name="purchase_state", condition=Q(state__in=PURCHASE_STATES)),
            models.CheckConstraint(name="purchase_factory", condition=Q(factory="") | Q(handover=True)),
            models.CheckConstraint(
                name="purchase_money",
                condition=Q(goods_fen__gte=0) & Q(freight_fen__gte=0),
            ),
        ]
        indexes = [
            models.Index(fields=["tenant_id", "state", "due_by"], name="purchase_state_due"),
            models.Index(fields=["tenant_id", "supplier", "state"], name="purchase_supplier"),
            models.Index(fields=["tenant_id", "order"], name="purchase_order_of"),
            models.Index(
                fields=["tenant_id", "shop"],
                name="purchase_at_factory",
                condition=~Q(factory="") & Q(state__in=UNDER_WAY),
            ),
        ]


class PurchaseLine(TenantModel):
    """What a purchase buys, for which assignment; at most one live line per assignment."""

    purchase = TenantForeignKey(PurchaseOrder, on_delete=models.PROTECT)
    assignment = TenantForeignKey(Assignment, on_delete=models.PROTECT, db_index=False)
    order = TenantForeignKey("orders.Order", on_delete=models.PROTECT, db_index=False)
    sku = TenantForeignKey("catalog.Sku", on_delete=models.PROTECT, db_index=False)
    qty = models.IntegerField()
    shipped_qty = models.IntegerField(default=0)
    unit_fen = models.BigIntegerField(null=True)
    goods_fen = models.BigIntegerField(null=True)
    freight_fen = models.BigIntegerField(null=True)
    state = models.TextField(default="open")
    answer = models.TextField(default="")
    live = models.BooleanField(default=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "assignment"],
                name="purchase_line_live",
                condition=Q(live=True),
            ),
            models.CheckConstraint(name="purchase_line_qty", condition=Q(qty__gt=0)),
            models.CheckConstraint(
                name="purchase_line_shipped",
                condition=Q(shipped_qty__gte=0) & Q(shipped_qty__lte=F("qty")),
            ),
            models.CheckConstraint(name="purchase_line_state", condition=Q(state__in=LINE_STATES)),
        ]
        indexes = [models.Index(fields=["tenant_id", "order"], name="purchase_line_order")]


class Dispatch(TenantModel):
    """One sending to a supplier (run, version): a sheet, a link's list or a text. ``sent_at`` is the first download,
    copy or opening; downloading again is not sending again."""

    supplier = TenantForeignKey(Supplier, on_delete=models.PROTECT, db_index=False)
    run = models.TextField()
    version = models.IntegerField()
    channel = models.TextField()
    state = models.TextField(default="ready")
    resend = models.BooleanField(default=False)
    lines = models.IntegerField(default=0)
    file = TenantForeignKey("mailroom.StoredFile", on_delete=models.PROTECT, null=True, db_index=False)
    sent_at = models.DateTimeField(null=True)
    sent_by = models.TextField(default="")
    opened_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "supplier", "run", "version"],
                name="dispatch_version",
            ),
            models.CheckConstraint(
                name="dispatch_state",
                condition=Q(state__in=["ready", "sent", "withdrawn"]),
            ),
            models.CheckConstraint(
                name="dispatch_channel",
                condition=Q(channel__in=["sheet", "link", "text"]),
            ),
            models.CheckConstraint(
                name="dispatch_sent_when",
                condition=~Q(state="sent") | Q(sent_at__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["tenant_id", "state", "-created_at"], name="dispatch_state_at")]


class DispatchLine(TenantModel):
    """One purchase line inside a dispatch; in two live dispatches only with the 重发 mark."""

    dispatch = TenantForeignKey(Dispatch, on_delete=models.PROTECT)
    purchase_line = TenantForeignKey(PurchaseLine, on_delete=models.PROTECT, db_index=False)
    resend = models.BooleanField(default=False)
    live = models.BooleanField(default=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "purchase_line"],
                name="dispatch_line_live",
                condition=Q(live=True, resend=False),
            ),
            models.UniqueConstraint(
                fields=["tenant_id", "dispatch", "purchase_line"],
                name="dispatch_line_once",
            ),
        ]


class Amendment(TenantModel):
    """A change after sending (address, quantity, spec, recall), numbered without gaps, and the supplier's answer."""

    purchase = TenantForeignKey(PurchaseOrder, on_delete=models.PROTECT, db_index=False)
    n = models.IntegerField()
    before = TenantForeignKey("purchasing.Amendment", on_delete=models.PROTECT, null=True, db_index=False)
    kind = models.TextField()
    text = models.TextField()
    sealed = models.BinaryField(null=True)
    state = models.TextField(default="created")
    answer = models.TextField(default="")
    answered_at = models.DateTimeField(null=True)
    by = models.TextField(default="")

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "purchase", "n"], name="amendment_n"),
            models.UniqueConstraint(fields=["tenant_id", "before"], name="amendment_before"),
            models.CheckConstraint(name="amendment_state", condition=Q(state__in=AMENDMENT_STATES)),
            models.CheckConstraint(
                name="amendment_chain",
                condition=(Q(n=1) & Q(before__isnull=True)) | (Q(n__gt=1) & Q(before__isnull=False)),
            ),
        ]


class SupplierAccess(TenantModel):
    """A supplier's link without account: only a hash is kept (in the directory), it expires and can be revoked."""

    supplier = TenantForeignKey(Supplier, on_delete=models.PROTECT)
    prefix = models.TextField()
    token_sealed = models.BinaryField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    opens = models.IntegerField(default=0)
    by = models.TextField(default="")

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant_id", "prefix"], name="access_prefix")]
