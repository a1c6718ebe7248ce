"""The Django app of the area."""

from __future__ import annotations

from django.apps import AppConfig


class AreaConfig(AppConfig):
    """What arrived and what was produced: files, imports, tasks, mapping templates."""

    name = "daifa.areas.mailroom"
    label = "mailroom"
