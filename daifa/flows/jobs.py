"""Every job the worker knows: importing this module registers them."""

from __future__ import annotations
