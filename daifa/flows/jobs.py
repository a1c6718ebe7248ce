"""Every job the worker knows: importing this module registers them."""

from __future__ import annotations

from daifa.flows import (
    authorizing,
    automatic,
    binding,
    case_answers,
    comparing,
    deciding,
    decrypting,
    factory_bonds,
    intake,
    keeping,
    list_export,
    offer_links,
    offer_watch,
    order_batches,
    order_export,
    paying_together,
    reading_span,
    sweep,
    unclaimed,
)

__all__ = [
    "authorizing", "automatic", "binding", "case_answers", "comparing", "deciding", "decrypting",
    "factory_bonds", "intake", "keeping", "list_export", "offer_links", "offer_watch", "order_batches",
    "order_export", "paying_together", "reading_span", "sweep", "unclaimed",
]  # fmt: skip
