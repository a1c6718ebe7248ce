"""The Django app of the area."""

from __future__ import annotations

from django.apps import AppConfig


class AreaConfig(AppConfig):
    """Platform orders, what must be supplied because of them, and why they wait."""

    name = "daifa.areas.orders"
    label = "orders"
