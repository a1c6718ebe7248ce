"""The Django app of the area."""

from __future__ import annotations

from django.apps import AppConfig


class AreaConfig(AppConfig):
    """Couriers, parcels, and what was told to the platforms about them."""

    name = "daifa.areas.logistics"
    label = "logistics"
