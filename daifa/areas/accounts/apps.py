"""The Django app of the area."""

from __future__ import annotations

from django.apps import AppConfig


class AreaConfig(AppConfig):
    """People, roles, shops, settings, and the doors through which a request finds its tenant."""

    name = "daifa.areas.accounts"
    label = "accounts"
