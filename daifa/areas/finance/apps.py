"""The Django app of the area."""

from __future__ import annotations

from django.apps import AppConfig


class AreaConfig(AppConfig):
    """Rates and the margin of each order."""

    name = "daifa.areas.finance"
    label = "finance"
