"""A buyer's wish to move, as push 111 tells it: the order itself does not, so that the message is all there is.

``post_receiver_msg`` (111) and ``receiver_msg`` (105) hold name, encrypt_name, tel, encrypt_tel and ``addr``, an
address as JSON text. By when it must be answered is not told. What the refusals 1001–1005 mean is not documented: the
application's setting ``address_refuse_words`` ("1001=…；1002=…") gives them words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import orjson

from daifa.connectors.shops.douyin.api_mapping import parsed, part, text
from daifa.ports.errors import BadReply
from daifa.ports.shop import AddressWish, Recipient, RecipientState, SealedRecipient
from daifa.ports.shop_api import RefuseReason, WishTold

TAGS: Mapping[str, WishTold] = {"111": WishTold.ASKED, "105": WishTold.MOVED}
REFUSALS = ("1001", "1002", "1003", "1004", "1005")
WORDS = "address_refuse_words"
_LEVELS = ("province", "city", "town", "street")


def wish(raw: bytes) -> AddressWish:
    """The wish of a message's data. Raises BadReply."""
    data = parsed(raw)
    order = text(data.get("p_id")).removesuffix("A")
    said = part(data, "post_receiver_msg") or part(data, "receiver_msg")
    if not order or not said:
        raise BadReply("抖店的改地址消息里没有订单或新地址", code="post_receiver_msg")
    address = _address(said.get("addr"))
    name, phone, detail = text(said.get("name")), text(said.get("tel")), text(address.get("detail"))
    sealed = SealedRecipient(
        text(said.get("encrypt_name")), text(said.get("encrypt_tel")), text(address.get("encrypt_detail"))
    )
    plain = bool(name and phone and detail) and "*" not in name + phone + detail
    whole = bool(sealed.name and sealed.phone and sealed.address)
    state = RecipientState.PLAIN if plain else RecipientState.CIPHER if whole else RecipientState.MASKED
    province, city, district, street = (text(part(address, x).get("name")) for x in _LEVELS)
    to = Recipient(state, name, phone, province, city, district, street, detail)
    seconds = text(data.get("update_time"))
    asked = datetime.fromtimestamp(int(seconds), UTC) if seconds.isdigit() and int(seconds) else None
    return AddressWish(order, to, sealed if state is RecipientState.CIPHER else None, asked)


def _address(value: object) -> Mapping[str, Any]:
    """JSON text, or an object (the samples of other messages show both)."""
    if isinstance(value, str) and value:
        try:
            value = orjson.loads(value)
        except orjson.JSONDecodeError:
            raise BadReply("抖店的改地址消息里地址看不懂", code="addr") from None
    return value if isinstance(value, dict) else {}


def reasons(settings: Mapping[str, str]) -> tuple[RefuseReason, ...]:
    """The reasons by which a wish may be refused, with the words that the application's settings give them."""
    said = dict(re.findall(r"(100[1-5])\s*[=＝:：]\s*([^;；\n]+)", settings.get(WORDS, "")))
    return tuple(RefuseReason(c, said.get(c, "").strip() or f"原因 {c}（平台没有公开含义，未核实）") for c in REFUSALS)
