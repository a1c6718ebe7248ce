"""Moving the sealed parts of orders, and the hashes that find them, to the newest key."""

from __future__ import annotations

from daifa.areas.orders.models import Order, OrderPerson
from daifa.areas.orders.services.rows import PERSON, PERSON_COLUMNS, load_persons, person_values
from daifa.base import bulk, vault

HASHES = PERSON_COLUMNS[2:]


def reseal(*, limit: int = 500) -> int:
    """Seal and hash up to ``limit`` persons anew, the newest orders first; returns how many there were.

    Newest first, because only orders of the last days are compared with each other: they are apart for seconds.
    """
    old = bulk.select(
        "SELECT id, order_id, sealed FROM orders_orderperson WHERE tenant_id = {tenant} AND key_id <> %s"
        " AND length(sealed) > 0 ORDER BY created_at DESC, id LIMIT %s FOR UPDATE",
        (vault.current_key(), limit),
    )
    known = load_persons([order_id for _, order_id, _ in old])
    persons, orders = [], []
    for row_id, order_id, sealed in old:
        hashes = person_values(order_id, known[order_id].values)[2:]
        # The document travels as it is: what this version does not understand is not lost.
        persons.append((row_id, vault.reseal(bytes(sealed), f"{PERSON}:{order_id}"), vault.current_key(), *hashes))
        orders.append((order_id, hashes[-1]))
    bulk.update(OrderPerson, ("sealed", "key_id", *HASHES), persons)
    bulk.update(Order, ("person_hash",), orders)
    return len(old)
