"""Recipients: which of the four states a person's data is in, and names, phones and addresses out of one text."""

from __future__ import annotations

import re

from daifa.ports.shop import Recipient, RecipientState

# Seen ciphertexts: Douyin #…#1##, Pinduoduo ~…~~ and $…$$; anything long without one Chinese character counts too.
_CIPHER = re.compile(r"^(#.{8,}#|~.{8,}~|\$.{8,}\$)$")
_BASE64 = re.compile(r"^[A-Za-z0-9+/_\-]{24,}={0,2}$")
_MASK = re.compile(r"[*＊●•]|[xX]{3,}")
_PHONE = re.compile(r"(?<!\d)(?:\+?86[- ]?)?(1\d{10}(?:[-转#,， ]\d{3,6})?|0\d{2,3}[- ]?\d{7,8}(?:-\d{1,5})?)(?!\d)")
_SPLIT = re.compile(r"[\s,，;；:：|/]+")
_LABEL = re.compile(
    r"(收件人|收货人|姓名|手机号码?|联系电话|电话|手机|所在地区|地区|详细地址|收货地址|收件地址|地址)\s*[:：]\s*"
)
_REGION = re.compile(r"^(.+?(?:省|自治区|特别行政区)|(?:北京|上海|天津|重庆)市?)$")


def state_of(name: str, phone: str, address: str) -> RecipientState:
    """Absent, masked, ciphertext or plain; the worst part decides for the whole."""
    if not (name or phone or address):
        return RecipientState.ABSENT
    for text in (name, phone, address):
        if text and (_CIPHER.match(text) or _BASE64.match(text)):
            return RecipientState.CIPHER
    if "*" in name or "*" in phone or "*" in address or _MASK.search(f"{name}\n{phone}\n{address}"):
        return RecipientState.MASKED
    return RecipientState.PLAIN


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
    """Name, phone and address out of one free text (``张三，138…，浙江省杭州市…``); the longest rest is the address."""
    plain = _LABEL.sub(" ", text.replace("\xa0", " ")).strip()
    phone = ""
    if found := _PHONE.search(plain):
        phone = found[1]
        plain = f"{plain[: found.start()]} {plain[found.end() :]}"
    parts = [p for p in _SPLIT.split(plain) if p]
    if not parts:
        return recipient("", phone)
    name = next((p for p in parts if len(p) <= 8 and not re.search(r"[省市区县镇乡街道路号室栋村]", p)), "")
    if name:
        parts.remove(name)
    return recipient(name, phone, address=" ".join(parts))
