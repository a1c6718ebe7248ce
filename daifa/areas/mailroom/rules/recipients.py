"""Recipients: which of the four states a person's data is in, and names, phones and addresses out of one text."""

from __future__ import annotations

import re

from daifa.kit.geo import is_masked, looks_cipher, split_contact
from daifa.ports.shop import Recipient, RecipientState

_REGION = re.compile(r"^(.+?(?:省|自治区|特别行政区)|(?:北京|上海|天津|重庆)市?)$")


def state_of(name: str, phone: str, address: str) -> RecipientState:
    """Absent, masked, ciphertext or plain; the worst part decides for the whole."""
    if not (name or phone or address):
        return RecipientState.ABSENT
    if looks_cipher(name) or looks_cipher(phone) or looks_cipher(address):
        return RecipientState.CIPHER
    return RecipientState.MASKED if is_masked(f"{name}\n{phone}\n{address}") else RecipientState.PLAIN


def recipient(
    name: str, phone: str, province: str = "", city: str = "", district: str = "", street: str = "", address: str = ""
) -> Recipient:
    """A recipient with its state. An address that starts "省 市 区 …" gives its regions when no column did."""
    state = state_of(name, phone, address)
    if address and not province and " " in address and state != RecipientState.CIPHER:
        parts = address.split()
        if len(parts) >= 4 and _REGION.match(parts[0]):
            province, city, district = parts[0], parts[1], parts[2]
    return Recipient(state, name, phone, province, city, district, street, address)


def from_text(text: str) -> Recipient:
    """Name, phone and address out of one free text, in any order (``张三，138…，浙江省杭州市…``)."""
    found = split_contact(text)
    return recipient(found.name, found.phone, address=found.address)
