"""Shared reference tables, brought to this version's built-in data at each migration."""

from __future__ import annotations

from django.db import transaction

from daifa.areas.compliance.services.platform_rules import refresh_platform_rules
from daifa.areas.logistics.services.couriers import refresh_couriers
from daifa.flows import terms


def refresh() -> None:
    """Write the built-in couriers and platform rules where they differ; when nothing does, two SELECTs are all."""
    with transaction.atomic():
        refresh_couriers()
        refresh_platform_rules(terms.rules())
