"""Recipients as they are written: their place in columns, and what stays of a known one that a person corrects."""

from __future__ import annotations

from dataclasses import replace

from daifa.kit.geo import parse_address
from daifa.ports.shop import Recipient, RecipientState


def in_columns(recipient: Recipient) -> Recipient:
    """The same recipient with its place in columns of its own, by today's names, as a platform's API wants it.

    Many exports have the whole address in one cell. What cannot be read stays as it was given.
    """
    if recipient.state is not RecipientState.PLAIN:
        return recipient
    found = parse_address(
        province=recipient.province, city=recipient.city, district=recipient.district, street=recipient.street,
        detail=recipient.address,
    )  # fmt: skip
    if not found.province or not found.detail:
        return recipient
    return replace(
        recipient, province=found.province, city=found.city, district=found.district,
        street=found.street or recipient.street, address=found.detail,
    )  # fmt: skip


def corrected(said: Recipient, known: Recipient) -> Recipient:
    """What was said, and of a known plain recipient the rest; the state is left for who can tell it.

    A new address that names its own place takes nothing of the old place, and never the old street.
    """
    if known.state is not RecipientState.PLAIN:
        return said
    if not known.province and (said.province or said.city or said.district):
        # Its place stands in the address alone: a corrected part must not stand beside the old one.
        known = in_columns(known)
    elsewhere = bool(said.address and parse_address(said.address).province)
    place = Recipient() if elsewhere else known
    return Recipient(
        said.state,
        said.name or known.name,
        said.phone or known.phone,
        said.province or place.province,
        said.city or place.city,
        said.district or place.district,
        "" if said.address else known.street,
        said.address or known.address,
    )
