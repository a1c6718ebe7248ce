"""Finding orders by a person without keeping the person: a text becomes a token of keyed hashes."""

from __future__ import annotations

import re

from daifa.base import vault
from daifa.kit.errors import Invalid

_COLUMNS = {"p": ("phone_hash", "phone"), "t": ("tail_hash", "tail"), "n": ("name_hash", "name")}


def token(text: str) -> str:
    """The token of a whole phone, a phone's last four digits or a name; fit for an address. Raises Invalid."""
    said = text.strip()
    digits = re.sub(r"[\s-]", "", said).removeprefix("+86")
    if digits.isdigit() and len(digits) == 4:
        key, value = "t", digits
    elif digits.isdigit() and len(digits) >= 7:
        key, value = "p", digits[-11:]
    elif said and not digits.isdigit():
        key, value = "n", said
    else:
        raise Invalid("person_unclear", "请填写完整的手机号、手机号后四位，或收件人姓名。")
    return ".".join([key, *(h.hex() for h in vault.search_hashes(_COLUMNS[key][1], value))])


def opened(token_: str) -> tuple[str, list[bytes]]:
    """The column that a token searches, and the hashes to look for. Raises Invalid."""
    key, *hashes = token_.split(".")
    try:
        return _COLUMNS[key][0], [bytes.fromhex(h) for h in hashes]
    except (KeyError, ValueError) as error:
        raise Invalid("bad_person", "按人查询的条件无效，请重新填写姓名或手机号。") from error
