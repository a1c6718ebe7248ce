"""The Django app of the area."""

from __future__ import annotations

from django.apps import AppConfig


class AreaConfig(AppConfig):
    """After-sale cases and the steps that follow from them."""

    name = "daifa.areas.support"
    label = "support"
