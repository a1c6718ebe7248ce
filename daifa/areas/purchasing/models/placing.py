"""Placing by API: what suppliers' platforms sell, attempts to place, and the orders that came of them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from daifa.areas.purchasing.models.buying import PurchaseOrder, Supplier
from daifa.areas.purchasing.rules.lifecycles import PLACEMENT, SUPPLIER_ORDER
from daifa.base.tenancy import TenantForeignKey, TenantModel
from daifa.ports.supplier_api import RefundStage


class Offer(TenantModel):
    """What a supplier's platform sells, as last read: title, options, price tiers; links point at its options.

    ``seller``: whom the platform names as its seller, ``seller_ids`` by every name it has for him.
    """

    supplier = TenantForeignKey(Supplier, on_delete=models.PROTECT, db_index=False)
    external_id = models.TextField()
    title = models.TextField(default="")
    image_url = models.TextField(default="")
    seller = models.TextField(default="")
    seller_ids = models.JSONField(default=list)
    on_sale = models.BooleanField(default=True)
    minimum = models.IntegerField(default=1)
    options = models.JSONField(default=list)
    tiers = models.JSONField(default=list)
    read_at = models.DateTimeField()
    changed_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "supplier", "external_id"], name="offer_once"),
            models.CheckConstraint(name="offer_minimum", condition=Q(minimum__gt=0)),
        ]


class FactoryBond(TenantModel):
    """A supplier is this factory on a shop's platform (``external_id`` there): the shop's lines are handed to it there.

    Of the shop and not of its authorisation, which may be renewed.
    """

    supplier = TenantForeignKey(Supplier, on_delete=models.PROTECT, db_index=False)
    shop = TenantForeignKey("accounts.Shop", on_delete=models.PROTECT, db_index=False)
    external_id = models.TextField()
    name = models.TextField(default="")
    by = models.TextField(default="")

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "shop", "external_id"], name="factory_bond_once"),
            models.UniqueConstraint(fields=["tenant_id", "supplier", "shop"], name="factory_bond_supplier"),
            models.CheckConstraint(name="factory_bond_named", condition=~Q(external_id="")),
        ]


class Placement(TenantModel):
    """One attempt to place a purchase with a supplier that takes orders by API, under our reference.

    The attempt rises only after a known refusal or close. While one is on its way, unknown or standing, the database
    refuses a second.
    """

    purchase = TenantForeignKey(PurchaseOrder, on_delete=models.PROTECT, db_index=False)
    connection = TenantForeignKey("accounts.Connection", on_delete=models.PROTECT, db_index=False)
    attempt = models.IntegerField()
    reference = models.TextField()
    state = models.TextField(default="intended")
    pay_state = models.TextField(default="none")
    quoted_fen = models.BigIntegerField(null=True)
    total_fen = models.BigIntegerField(null=True)
    freight_fen = models.BigIntegerField(null=True)
    refunded_fen = models.BigIntegerField(null=True)
    placed_at = models.DateTimeField(null=True)
    paid_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    pay_by = models.DateTimeField(null=True)
    pay_url = models.TextField(default="")
    reason = models.TextField(default="")
    by_hand = models.BooleanField(default=False)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "reference"], name="placement_reference"),
            models.UniqueConstraint(fields=["tenant_id", "purchase", "attempt"], name="placement_attempt"),
            models.UniqueConstraint(
                fields=["tenant_id", "purchase"],
                name="placement_live",
                condition=Q(state__in=["intended", "unknown", "placed", "shipped", "done"]),
            ),
            models.CheckConstraint(name="placement_n", condition=Q(attempt__gt=0)),
            models.CheckConstraint(name="placement_state", condition=Q(state__in=PLACEMENT.states)),
            models.CheckConstraint(
                name="placement_pay",
                condition=Q(pay_state__in=["none", "due", "paying", "paid", "refunding", "refunded"]),
            ),
            models.CheckConstraint(
                name="placement_money",
                condition=Q(quoted_fen__gte=0) & Q(total_fen__gte=0) & Q(freight_fen__gte=0) & Q(refunded_fen__gte=0),
            ),
        ]
        indexes = [models.Index(fields=["tenant_id", "connection", "state"], name="placement_connection")]


class PlacementOrder(TenantModel):
    """One order at the supplier's platform that belongs to a placement; several when the platform split it.

    ``asked_at``: when the question was put whose answer was taken in last.
    """

    placement = TenantForeignKey(Placement, on_delete=models.PROTECT)
    connection = TenantForeignKey("accounts.Connection", on_delete=models.PROTECT, db_index=False)
    external_id = models.TextField()
    state = models.TextField(default="unpaid")
    platform_state = models.TextField(default="")
    total_fen = models.BigIntegerField(null=True)
    freight_fen = models.BigIntegerField(null=True)
    refunded_fen = models.BigIntegerField(null=True)
    refund_ref = models.TextField(default="")
    refund_state = models.TextField(default="none")
    modified_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)
    closed_why = models.TextField(default="")

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "connection", "external_id"], name="placement_order_once"),
            models.CheckConstraint(
                name="placement_order_state",
                condition=Q(state__in=SUPPLIER_ORDER.states),
            ),
            models.CheckConstraint(
                name="placement_order_refund", condition=Q(refund_state__in=[s.value for s in RefundStage])
            ),
        ]
