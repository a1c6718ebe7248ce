"""The Django app of the base: grants, audit, idempotency."""

from __future__ import annotations

from django.apps import AppConfig


class BaseConfig(AppConfig):
    """Registers the base's tables and the checks that every table must pass."""

    name = "daifa.base"
    label = "base"

    def ready(self) -> None:
        """Hook the tenancy checks into Django's system checks."""
        from daifa.base import checks  # noqa: F401  # registers itself
