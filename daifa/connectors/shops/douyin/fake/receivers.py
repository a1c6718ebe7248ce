"""Buyers' personal data: new ciphertext at each reading, masks, the search index, decrypting under a quota."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

from daifa.connectors.shops.douyin.fake.call import KEY, Call, Fail, Method, business, illegal, missing, seconds
from daifa.connectors.shops.douyin.fake.places import places
from daifa.kit.clock import business_day
from daifa.ports.books import Receiver
from daifa.ports.world import World

ADDRESS, NAME, PHONE = 1, 2, 3
_LETTER = {ADDRESS: "a", NAME: "n", PHONE: "p"}
_MOST = 50


def _key(world: World) -> bytes:
    return hashlib.sha256(f"douyin:{world.seed}".encode()).digest()


def _stream(key: bytes, nonce: bytes, length: int) -> bytes:
    out = b""
    while len(out) < length:
        out += hmac.new(key, nonce + len(out).to_bytes(4, "big"), hashlib.sha256).digest()
    return out[:length]


def index(world: World, kind: int, plain: str) -> str:
    """What equal values have in common, so that ciphers can be searched."""
    digest = hmac.new(_key(world), f"{kind}:{plain}".encode(), hashlib.sha256).digest()
    return base64.b64encode(digest[:3]).decode()


def encrypt(world: World, order: str, kind: int, plain: str) -> str:
    """Ciphertext of one order's field; never twice the same."""
    nonce = world.number("douyin_cipher", 1_000_000).to_bytes(6, "big")
    body = f"{_LETTER[kind]}{order}|{plain}".encode()
    sealed = bytes(a ^ b for a, b in zip(body, _stream(_key(world), nonce, len(body)), strict=True))
    tag = hmac.new(_key(world), nonce + sealed, hashlib.sha256).digest()[:4]
    text = base64.b64encode(nonce + tag + sealed).decode()
    if kind == PHONE:
        return f"#{index(world, kind, plain)}#{text}#1##"
    return f"{world.switch(KEY, 'cipher_without_index')}{text}#1##"


def opened(world: World, cipher: str) -> tuple[str, int, str] | None:
    """(order, kind, plain) of a ciphertext of ours; None for anything else."""
    parts = [p for p in cipher.split("#") if p]
    if len(parts) < 2 or not cipher.startswith("#"):
        return None
    try:
        raw = base64.b64decode(parts[-2], validate=True)
    except ValueError:
        return None
    nonce, tag, sealed = raw[:6], raw[6:10], raw[10:]
    if hmac.new(_key(world), nonce + sealed, hashlib.sha256).digest()[:4] != tag:
        return None
    body = bytes(a ^ b for a, b in zip(sealed, _stream(_key(world), nonce, len(sealed)), strict=True)).decode()
    order, plain = body[1:].split("|", 1)
    return order, next(k for k, v in _LETTER.items() if v == body[0]), plain


def mask(kind: int, plain: str) -> str:
    """How the platform shows it to people."""
    if kind == NAME:
        return plain[:1] + "*" * max(len(plain) - 1, 1)
    if kind == PHONE:
        return f"{plain[:1]}********{plain[-2:]}"
    return f"{plain[: max(len(plain) // 3, 1)]}***"


def address_id(buyer: str, to: Receiver) -> str:
    """The same for the same receiver at the same place: orders with it may be merged."""
    digest = hashlib.sha256(f"{buyer}|{to.name}|{to.phone}|{to.whole}".encode()).digest()
    return f"#{base64.b64encode(digest).decode()}"


def fields(world: World, order: str, buyer: str, to: Receiver) -> dict[str, Any]:
    """The receiver as every order answer carries it: nothing plain, ciphers fresh, masks, codes of places."""
    codes = places(to, int(world.switch(KEY, "province_digits")))
    return {
        "post_receiver": "",
        "post_tel": "",
        "post_addr": {**codes, "detail": "", "encrypt_detail": encrypt(world, order, ADDRESS, to.detail)},
        "encrypt_post_receiver": encrypt(world, order, NAME, to.name),
        "encrypt_post_tel": encrypt(world, order, PHONE, to.phone),
        "mask_post_receiver": mask(NAME, to.name),
        "mask_post_tel": mask(PHONE, to.phone),
        "mask_post_addr": {**codes, "detail": mask(ADDRESS, to.detail)},
        "open_address_id": address_id(buyer, to),
    }


def _asked(call: Call) -> list[Mapping[str, Any]]:
    found = call.need("cipher_infos")
    if not isinstance(found, list) or len(found) > _MOST:
        raise illegal(1, f"cipher_infos 不能超过 {_MOST} 条")
    return found


def _one(call: Call, item: Mapping[str, Any]) -> tuple[str, int, str] | str:
    """The opened cipher, or why not."""
    auth, found = str(item.get("auth_id", "")).removesuffix("A"), opened(call.world, str(item.get("cipher_text", "")))
    order = call.world.books.order(KEY, auth)
    if order is None or order.shop != call.shop.id:
        return "订单不属于该店铺"
    return found if found is not None and found[0] == auth else "密文与订单不匹配"


def _spend(call: Call, count: int) -> None:
    day = business_day(call.world.now()).isoformat()
    key = f"{call.shop.id}:{day}"
    used = int((call.world.books.doc(KEY, "decrypted", key) or {}).get("count", 0))
    gone = call.world.fault(KEY, "decrypt_quota", call.method) is not None
    if gone or used + count > int(call.switch("decrypt_quota_a_day")):
        raise Fail(80000, "isv.risk-control-failed:300011", "今日解密额度已用完")
    call.world.books.put_doc(KEY, "decrypted", key, {"count": used + count})


def decrypt(call: Call) -> dict[str, Any]:
    """Plain values under the day's quota; phones are virtual and expire."""
    items = _asked(call)
    if call.switch("decrypt") != "allowed":
        raise Fail(30001, "isv.app-permissions-insufficient", "应用未部署在抖店云，无解密权限")
    _spend(call, len(items))
    told = [_decrypted(call, item, n) for n, item in enumerate(items)]
    bad = sum(1 for t in told if t["err_no"])
    data = {
        "decrypt_infos": told,
        "custom_err": {"err_code": 300008 if bad else 0, "err_msg": "部分解密失败" if bad else ""},
    }
    if bad == len(told):
        raise business(300003, "解密失败", data)
    if bad:
        raise business(300008, "部分解密失败", data)
    return data


def _decrypted(call: Call, item: Mapping[str, Any], n: int) -> dict[str, Any]:
    base = {"auth_id": str(item.get("auth_id", "")), "cipher_text": str(item.get("cipher_text", ""))}
    found = _one(call, item)
    if n == 0 and not isinstance(found, str) and call.world.fault(KEY, "part_failed", call.method) is not None:
        found = "解密服务超时"
    if isinstance(found, str):
        return {**base, "decrypt_text": "", "err_no": 300003, "err_msg": found, "data_type": 0, "is_virtual_tel": False,
                "phone_no_a": "", "phone_no_b": "", "expire_time": 0}  # fmt: skip
    order, kind, plain = found
    if kind != PHONE:
        return {**base, "decrypt_text": plain, "err_no": 0, "err_msg": "", "data_type": kind, "is_virtual_tel": False,
                "phone_no_a": "", "phone_no_b": "", "expire_time": 0}  # fmt: skip
    number, extension, until = _virtual(call, order, plain)
    return {
        **base, "decrypt_text": f"{number}-{extension}", "err_no": 0, "err_msg": "", "data_type": PHONE,
        "is_virtual_tel": True, "phone_no_a": number, "phone_no_b": extension, "expire_time": until,
    }  # fmt: skip


def _virtual(call: Call, order: str, phone: str) -> tuple[str, str, int]:
    """The order's virtual number while it is good, else a new one."""
    now, key = seconds(call.world.now()), f"{order}:{phone}"
    known = call.world.books.doc(KEY, "virtual", key)
    if known is not None and known["until"] > now:
        return known["number"], known["extension"], known["until"]
    rng = call.world.rng("virtual", key, now)
    made = {
        "number": f"184{rng.randrange(10**8):08d}", "extension": f"{rng.randrange(10**4):04d}",
        "until": now + int(float(call.switch("virtual_hours")) * 3600),
    }  # fmt: skip
    call.world.books.put_doc(KEY, "virtual", key, made)
    return str(made["number"]), str(made["extension"]), int(str(made["until"]))


def masked(call: Call) -> dict[str, Any]:
    """Masks of ciphers."""
    told = []
    for item in _asked(call):
        found = _one(call, item)
        good = not isinstance(found, str)
        told.append(
            {
                "auth_id": item.get("auth_id"), "cipher_text": item.get("cipher_text"),
                "decrypt_text": mask(found[1], found[2]) if not isinstance(found, str) else "",
                "err_no": 0 if good else 300003, "err_msg": "" if isinstance(found, tuple) else found,
                "data_type": found[1] if not isinstance(found, str) else 0,
            }
        )  # fmt: skip
    return {"decrypt_infos": told, "custom_err": {"err_code": 0, "err_msg": ""}}


def search_index(call: Call) -> dict[str, Any]:
    """The index of one plain value."""
    return {"search_text": index(call.world, call.whole("encrypt_type", 3), str(call.need("plain_text")))}


def search_indexes(call: Call) -> dict[str, Any]:
    """The index of several."""
    rows = call.need("plain_text_list")
    return {
        "search_text_list": [
            {"plain_text": r["plain_text"], "search_text": index(call.world, int(r["encrypt_type"]), r["plain_text"])}
            for r in rows
        ]
    }


def encrypted(call: Call) -> dict[str, Any]:
    """Plain values of the merchant's own, sealed."""
    rows = call.params.get("batch_encrypt_list")
    if not rows:
        raise missing("batch_encrypt_list")
    return {
        "encrypt_infos": [
            {
                "auth_id": r["auth_id"], "plain_text": r["plain_text"], "err_no": 0, "err_msg": "",
                "cipher_text": encrypt(call.world, str(r["auth_id"]), int(r.get("sensitive_type", 2)), r["plain_text"]),
            }
            for r in rows
        ]
    }  # fmt: skip


METHODS: Mapping[str, Method] = {
    "order.batchDecrypt": decrypt,
    "order.batchSensitive": masked,
    "order.getSearchIndex": search_index,
    "order.BatchSearchIndex": search_indexes,
    "order.batchEncrypt": encrypted,
}
