"""Couriers, parcels with their numbers, doubtful claims, ship files and reports to the platforms."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from daifa.base.tenancy import AppendOnly, Shared, TenantForeignKey, TenantModel


class Courier(Shared, models.Model):
    """A courier company and how the world calls it (from the built-in table, refreshed at migration)."""

    code = models.TextField(primary_key=True)
    name = models.TextField()
    aliases = models.JSONField(default=list)
    number_pattern = models.TextField(default="")
    codes = models.JSONField(default=dict)


class CourierName(TenantModel):
    """How one platform wants one courier to be called in its ship file (a merchant's correction)."""

    platform = models.TextField()
    courier = models.TextField()
    name = models.TextField()
    version = models.IntegerField(default=1)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant_id", "platform", "courier"], name="courier_name_once")]


class Parcel(TenantModel):
    """One box on its way from a supplier to a buyer."""

    tracking_number = models.TextField()
    courier = models.TextField()
    supplier = TenantForeignKey("purchasing.Supplier", on_delete=models.PROTECT, null=True, db_index=False)
    state = models.TextField(default="announced")
    live = models.BooleanField(default=True)
    shared = models.BooleanField(default=False)
    shipped_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)
    file = TenantForeignKey("mailroom.StoredFile", on_delete=models.PROTECT, null=True, db_index=False)
    row = models.IntegerField(null=True)
    by = models.TextField(default="")
    reason = models.TextField(default="")

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "tracking_number"], name="parcel_live", condition=Q(live=True)
            ),
            models.CheckConstraint(
                name="parcel_state",
                condition=Q(
                    state__in=[
                        "announced", "collected", "in_transit", "out_for_delivery",
                        "delivered", "refused", "returned", "lost", "void",
                    ]
                ),
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["tenant_id", "supplier", "-shipped_at"], name="parcel_supplier")]


class ParcelNumber(TenantModel):
    """A further number the same box goes by (转邮)."""

    parcel = TenantForeignKey(Parcel, on_delete=models.CASCADE)
    tracking_number = models.TextField()
    courier = models.TextField()
    live = models.BooleanField(default=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "tracking_number"],
                name="parcel_number_live",
                condition=Q(live=True),
            )
        ]


class ParcelLine(TenantModel):
    """What is in the box: pieces of an assignment."""

    parcel = TenantForeignKey(Parcel, on_delete=models.CASCADE)
    order = TenantForeignKey("orders.Order", on_delete=models.PROTECT, db_index=False)
    assignment = TenantForeignKey("purchasing.Assignment", on_delete=models.PROTECT, db_index=False)
    qty = models.IntegerField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "parcel", "assignment"], name="parcel_line_once"),
            models.CheckConstraint(name="parcel_line_qty", condition=Q(qty__gt=0)),
        ]
        indexes = [
            models.Index(fields=["tenant_id", "order"], name="parcel_line_order"),
            models.Index(fields=["tenant_id", "assignment"], name="parcel_line_assignment"),
        ]


class TrackingClaim(TenantModel):
    """One row or sentence of a supplier that could not be used by itself: what it says, why, what we think."""

    task = TenantForeignKey("mailroom.Task", on_delete=models.PROTECT, null=True, db_index=False)
    supplier = TenantForeignKey("purchasing.Supplier", on_delete=models.PROTECT, null=True, db_index=False)
    file = TenantForeignKey("mailroom.StoredFile", on_delete=models.PROTECT, null=True, db_index=False)
    row = models.IntegerField(default=0)
    sealed = models.BinaryField()
    state = models.TextField(default="doubtful")
    reason = models.TextField()
    suggestion = models.JSONField(default=dict)
    decided_by = models.TextField(default="")
    decided_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.CheckConstraint(
                name="claim_state",
                condition=Q(state__in=["doubtful", "unusable", "accepted", "dismissed"]),
            )
        ]
        indexes = [models.Index(fields=["tenant_id", "state", "-created_at"], name="claim_state_at")]


class ShipTemplate(TenantModel):
    """A platform's batch-ship template as a shop uses it: learned from its blank file, or built in and unconfirmed."""

    shop = TenantForeignKey("accounts.Shop", on_delete=models.PROTECT, db_index=False)
    name = models.TextField()
    format = models.JSONField()
    verified = models.BooleanField(default=False)
    file = TenantForeignKey("mailroom.StoredFile", on_delete=models.PROTECT, null=True, db_index=False)
    version = models.IntegerField(default=1)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant_id", "shop"], name="ship_template_shop")]


class ShipFile(TenantModel):
    """One batch-ship file for one shop: which rows, when downloaded, whether said to be uploaded."""

    shop = TenantForeignKey("accounts.Shop", on_delete=models.PROTECT, db_index=False)
    file = TenantForeignKey("mailroom.StoredFile", on_delete=models.PROTECT, db_index=False)
    name = models.TextField()
    rows = models.IntegerField()
    state = models.TextField(default="ready")
    downloaded_at = models.DateTimeField(null=True)
    uploaded_at = models.DateTimeField(null=True)
    uploaded_by = models.TextField(default="")
    by = models.TextField(default="")

    class Meta(TenantModel.Meta):
        constraints = [
            models.CheckConstraint(
                name="ship_file_state",
                condition=Q(state__in=["ready", "downloaded", "uploaded", "confirmed", "void"]),
            )
        ]
        indexes = [models.Index(fields=["tenant_id", "shop", "-created_at"], name="ship_file_shop")]


class ShipmentReport(TenantModel):
    """This parcel told to the shop for this order; a changed number is a new version."""

    parcel = TenantForeignKey(Parcel, on_delete=models.PROTECT, db_index=False)
    order = TenantForeignKey("orders.Order", on_delete=models.PROTECT, db_index=False)
    shop = TenantForeignKey("accounts.Shop", on_delete=models.PROTECT, db_index=False)
    version = models.IntegerField(default=1)
    courier = models.TextField()
    tracking_number = models.TextField()
    state = models.TextField(default="waiting")
    ship_file = TenantForeignKey(ShipFile, on_delete=models.PROTECT, null=True)
    row = models.IntegerField(null=True)
    told_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    refusal = models.TextField(default="")
    pack_id = models.TextField(default="")

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "parcel", "order", "version"],
                name="report_version",
            ),
            models.CheckConstraint(
                name="report_state",
                condition=Q(
                    state__in=[
                        "waiting",
                        "in_file",
                        "calling",
                        "uploaded",
                        "confirmed",
                        "refused",
                        "void",
                    ]
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["tenant_id", "order"], name="report_order"),
            models.Index(fields=["tenant_id", "shop", "state"], name="report_shop_state"),
        ]


class TrackingEvent(AppendOnly, TenantModel):
    """One scan of a parcel."""

    parcel = TenantForeignKey(Parcel, on_delete=models.CASCADE, db_index=False)
    source = models.TextField()
    at = models.DateTimeField()
    code = models.TextField()
    text = models.TextField(default="")
    digest = models.TextField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "parcel", "source", "at", "code", "digest"],
                name="event_once",
            )
        ]
