"""Every job the worker knows: importing this module registers them."""

from __future__ import annotations

from daifa.flows import intake, order_batches, order_export, sweep

__all__ = ["intake", "order_batches", "order_export", "sweep"]
