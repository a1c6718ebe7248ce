"""Recipients opened for the one use they are kept for: writing them into what a supplier is sent."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from daifa.areas.orders.models import Order, OrderPerson
from daifa.areas.orders.rules.readings import Values
from daifa.areas.orders.services import rows, wishes
from daifa.kit import clock
from daifa.kit.masking import mask_address, mask_name, mask_phone
from daifa.kit.values import dataclass
from daifa.ports.shop import Recipient, RecipientState, SealedRecipient

_PARTS = ("name", "phone", "province", "city", "district", "street", "address")


@dataclass(frozen=True, slots=True)
class Opened:
    """Who receives an order and what the buyer wrote; plain, never to be stored or logged as it is."""

    recipient: Recipient
    buyer_note: str
    cipher: SealedRecipient | None = None


def open_for_sending(order_ids: Sequence[UUID]) -> dict[UUID, Opened]:
    """The recipients of orders, as their source gave them (``state`` says whether they may be written down)."""
    found = {}
    for order_id, person in rows.load_persons(order_ids).items():
        given = person.values.get("p:recipient")
        where = given if isinstance(given, dict) else {}
        recipient = Recipient(
            RecipientState(where.get("state", "absent")), *(str(where.get(part) or "") for part in _PARTS)
        )
        found[order_id] = Opened(recipient, str(person.values.get("p:buyer_note") or ""), _cipher(person.values))
    return found


def _cipher(values: Values) -> SealedRecipient | None:
    held = values.get("p:cipher")
    if not isinstance(held, dict):
        return None
    return SealedRecipient(*(str(held.get(part) or "") for part in ("name", "phone", "address", "key")))


def masked(recipient: Recipient) -> Recipient:
    """The same recipient as a screen may show it; the state stays, so that a preview has the final shape."""
    return Recipient(
        recipient.state,
        mask_name(recipient.name),
        mask_phone(recipient.phone),
        recipient.province,
        recipient.city,
        recipient.district,
        "",
        mask_address(recipient.address) if recipient.address else "",
    )


def shred(order_ids: Sequence[UUID]) -> None:
    """Destroy the sealed parts of these orders and what finds them; province, city and money stay for the books."""
    OrderPerson.objects.filter(order_id__in=list(order_ids)).update(
        sealed=b"", phone_hash=b"", tail_hash=b"", name_hash=b"", person_hash=b"", shredded_at=clock.now()
    )
    wishes.shred(order_ids)
    Order.objects.filter(id__in=list(order_ids)).update(recipient_masked="", person_hash=b"")
