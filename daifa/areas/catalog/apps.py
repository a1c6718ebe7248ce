"""The Django app of the area."""

from __future__ import annotations

from django.apps import AppConfig


class AreaConfig(AppConfig):
    """Products, SKUs, and what each listing SKU of a shop means in them."""

    name = "daifa.areas.catalog"
    label = "catalog"
