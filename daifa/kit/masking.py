"""How personal data looks on a screen: enough to recognise, too little to use."""

from __future__ import annotations

import re

_PHONE = re.compile(r"(?<!\d)(?:\+?86[- ]?)?(1[3-9]\d)[- ]?\d{4}[- ]?(\d{4})(?!\d)")


def mask_name(name: str) -> str:
    """``张三丰`` -> ``张**``."""
    return name[:1] + "*" * max(len(name) - 1, 1) if name else ""


def mask_phone(phone: str) -> str:
    """``13812345678`` -> ``138****5678``; an extension after ``-`` is dropped."""
    digits = phone.split("-", maxsplit=1)[0]
    return f"{digits[:3]}****{digits[-4:]}" if len(digits) >= 7 else "*" * len(digits)


def mask_address(address: str) -> str:
    """The first six characters, then stars."""
    return address[:6] + "******" if address else ""


def scrub(text: str) -> str:
    """A sentence with every mobile number in it masked; longer and shorter runs of digits stay."""
    return _PHONE.sub(r"\1****\2", text)
