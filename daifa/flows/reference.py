"""Shared reference tables, brought to this version's built-in data at each migration."""

from __future__ import annotations


def refresh() -> None:
    """Write the built-in couriers and platform rules where they differ."""
