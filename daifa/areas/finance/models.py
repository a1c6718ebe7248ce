"""Rates for what a file does not say: commission, insurance, payment fees per platform, shop and category."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from daifa.base.tenancy import TenantForeignKey, TenantModel


class Rate(TenantModel):
    """A merchant's own rate, dated; it comes before the built-in one."""

    kind = models.TextField()
    platform = models.TextField(default="")
    shop = TenantForeignKey("accounts.Shop", on_delete=models.PROTECT, null=True, db_index=False)
    category = models.TextField(default="")
    percent = models.DecimalField(max_digits=7, decimal_places=4, null=True)
    fixed_fen = models.BigIntegerField(null=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    source = models.TextField(default="")
    version = models.IntegerField(default=1)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "tenant_id",
                    "kind",
                    "platform",
                    "shop",
                    "category",
                    "valid_from",
                ],
                name="rate_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="rate_says_something",
                condition=Q(percent__isnull=False) | Q(fixed_fen__isnull=False),
            ),
        ]
