"""Products, SKUs, and the mapping of listing SKUs to them."""

from __future__ import annotations

from django.db import models

from daifa.base.tenancy import TenantForeignKey, TenantModel


class Product(TenantModel):
    """A product (SPU) of ours."""

    code = models.TextField()
    title = models.TextField()
    category = models.TextField(default="")
    image_url = models.TextField(default="")
    active = models.BooleanField(default=True)
    version = models.IntegerField(default=1)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant_id", "code"], name="product_code")]


class Sku(TenantModel):
    """A specification (SKU) of a product; ``cost_fen`` is the cost where no supplier's price is known."""

    product = TenantForeignKey(Product, on_delete=models.PROTECT)
    code = models.TextField()
    spec = models.TextField(default="")
    barcode = models.TextField(default="")
    weight_g = models.IntegerField(null=True)
    cost_fen = models.BigIntegerField(null=True)
    image_url = models.TextField(default="")
    sort_key = models.TextField(default="")
    active = models.BooleanField(default=True)
    version = models.IntegerField(default=1)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "code"], name="sku_code"),
            models.CheckConstraint(name="sku_cost", condition=models.Q(cost_fen__gte=0)),
            models.CheckConstraint(name="sku_weight", condition=models.Q(weight_g__gte=0)),
        ]


class ListingSku(TenantModel):
    """One SKU of an item in a shop, as its platform last told: what order lines name by ``listing_key``.

    ``live`` False: it was not there at the last whole reading. ``on_sale`` None: the platform does not say.
    """

    shop = TenantForeignKey("accounts.Shop", on_delete=models.PROTECT, db_index=False)
    item_id = models.TextField()
    external_id = models.TextField()
    listing_key = models.TextField()
    title = models.TextField(default="")
    spec = models.TextField(default="")
    merchant_code = models.TextField(default="")
    price_fen = models.BigIntegerField(null=True)
    stock = models.IntegerField(null=True)
    on_sale = models.BooleanField(null=True)
    image_url = models.TextField(default="")
    live = models.BooleanField(default=True)
    read_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "shop", "item_id", "external_id"], name="listing_sku_once"),
        ]
        indexes = [models.Index(fields=["tenant_id", "shop", "listing_key"], name="listing_sku_key")]


class ListingSkuMapping(TenantModel):
    """What one listing SKU of a shop means: parts in our SKUs, or 不发货 (``ships`` false, no parts).

    ``cancelled_at``: a person took it back; until somebody says what it is, no code may say so either.
    """

    shop = TenantForeignKey("accounts.Shop", on_delete=models.PROTECT, db_index=False)
    listing_key = models.TextField()
    title = models.TextField(default="")
    spec = models.TextField(default="")
    ships = models.BooleanField(default=True)
    live = models.BooleanField(default=True)
    source = models.TextField()
    reason = models.TextField(default="")
    decided_by = models.TextField(default="")
    cancelled_at = models.DateTimeField(null=True)
    version = models.IntegerField(default=1)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "shop", "listing_key"],
                name="mapping_live",
                condition=models.Q(live=True),
            )
        ]


class MappingPart(TenantModel):
    """n pieces of one of our SKUs inside a listing SKU."""

    mapping = TenantForeignKey(ListingSkuMapping, on_delete=models.CASCADE)
    sku = TenantForeignKey(Sku, on_delete=models.PROTECT)
    quantity = models.IntegerField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "mapping", "sku"], name="mapping_part_once"),
            models.CheckConstraint(name="mapping_part_quantity", condition=models.Q(quantity__gt=0)),
        ]
