"""The Django app of the area."""

from __future__ import annotations

from django.apps import AppConfig


class AreaConfig(AppConfig):
    """Suppliers, their offers, and everything bought from them."""

    name = "daifa.areas.purchasing"
    label = "purchasing"
