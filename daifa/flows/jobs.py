"""Every job the worker knows: importing this module registers them."""

from __future__ import annotations

from daifa.flows import intake

__all__ = ["intake"]
