"""The Django app of the area."""

from __future__ import annotations

from django.apps import AppConfig


class AreaConfig(AppConfig):
    """Platform rules (deadlines, penalties) and blocklists."""

    name = "daifa.areas.compliance"
    label = "compliance"
