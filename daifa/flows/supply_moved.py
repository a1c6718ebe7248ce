"""What a change of supply sets going: a new price, a linked or thawed offer, stock that came or went."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from uuid import UUID

from daifa.areas.mailroom.services import outbox
from daifa.areas.orders.services import standing
from daifa.flows import advance, outbox_run
from daifa.flows.steps import buy
from daifa.reads import waiting


def moved(sku_ids: Iterable[UUID]) -> None:
    """Orders that wait for these SKUs are judged anew, and placings that waited for their link are tried again."""
    skus = list(sku_ids)
    advance.advance(waiting.for_skus(skus))
    held = waiting.unlinked_for_skus(skus)
    if held:
        orders = sorted(set(chain.from_iterable(held.values())))
        # Orders before the deed, as whoever carries it out locks them.
        standing.lock(orders)
        outbox_run.queue(outbox.again(buy.KIND, "供货变了，重新核对", held))
        advance.settle(orders)
