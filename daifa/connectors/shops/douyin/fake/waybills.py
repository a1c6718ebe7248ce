"""Electronic waybills: numbers for orders, the old one again for the same order, print data."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from daifa.connectors.shops.douyin.fake.call import KEY, Call, Method, business, illegal
from daifa.connectors.shops.douyin.fake.couriers import BY_CODE
from daifa.connectors.shops.douyin.fake.receivers import opened
from daifa.ports.world import World

_MOST = 50
_PREFIX = {
    "zhongtong": ("78", 12), "yuantong": ("YT", 13), "shentong": ("77", 13), "yunda": ("31", 13),
    "jtexpress": ("JT", 13), "shunfeng": ("SF", 13), "youzhengguonei": ("98", 11), "debangkuaidi": ("DPK", 12),
}  # fmt: skip


def make_number(world: World, code: str, key: str) -> str:
    """A number of the company's shape, the same for the same key."""
    prefix, digits = _PREFIX.get(code, ("78", 12))
    drawn = int(hashlib.sha256(f"{world.seed}:{code}:{key}".encode()).hexdigest()[:24], 16)
    return f"{prefix}{drawn % 10**digits:0{digits}d}"


def netsites(call: Call) -> dict[str, Any]:
    """Balances and sender addresses."""
    return {
        "netsites": [
            {
                "netsite_code": f"{code}-001", "netsite_name": f"{BY_CODE[code].name}一号网点", "amount": "9999",
                "company": code, "company_type": 1, "cancelled_quantity": 0, "recycled_quantity": 0,
                "sender_address": [{"province": "浙江省", "city": "金华市", "district": "义乌市", "detail": "…"}],
            }
            for code in _PREFIX
        ]
    }  # fmt: skip


def create(call: Call) -> dict[str, Any]:
    """Numbers for orders: the same order gets its old number unless pack_id differs; failures stand beside."""
    infos, code = call.need("order_infos"), str(call.need("logistics_code"))
    if not isinstance(infos, list) or len(infos) > _MOST:
        raise illegal(1, f"order_infos 不能超过 {_MOST} 条")
    if code not in BY_CODE:
        raise business(60018, "物流公司不存在")
    good, bad = [], []
    for info in infos:
        number, pack = str(info.get("order_id", "")).removesuffix("A"), str(info.get("pack_id") or "")
        why = _why_not(call, number, info)
        if why:
            bad.append({"order_id": info.get("order_id"), "pack_id": pack, "err_code": "1", "err_msg": why})
            continue
        key = f"{call.shop.id}:{number}:{pack}:{code}"
        known = call.world.books.doc(KEY, "ebill", key)
        if known is None or known.get("cancelled"):
            serial = call.world.number("douyin_ebill")
            known = {"track_no": make_number(call.world, code, f"{key}:{serial}"), "order": number, "code": code}
            call.world.books.put_doc(KEY, "ebill", key, known)
            call.world.books.put_doc(KEY, "ebill_number", known["track_no"], {"key": key})
        good.append(
            {
                "order_id": info.get("order_id"), "pack_id": pack, "track_no": known["track_no"],
                "sort_code": "571-01 002", "package_center_code": "571", "package_center_name": "杭州集散",
                "short_address_code": "002", "short_address_name": "城西", "order_channel": "1", "extra_resp": "",
            }
        )  # fmt: skip
    return {"ebill_infos": good, "err_infos": bad}


def _why_not(call: Call, number: str, info: Mapping[str, Any]) -> str:
    order = call.world.books.order(KEY, number)
    if order is None or order.shop != call.shop.id:
        return "订单不存在" if not info.get("order_channel") else ""
    cipher = str((info.get("receiver_info") or {}).get("contact", {}).get("mobile") or "")
    if cipher.startswith("#") and (found := opened(call.world, cipher)) is not None and found[0] != number:
        return "密文与订单不匹配"
    return ""


def apply(call: Call) -> dict[str, Any]:
    """Sealed print data for the print component."""
    told, bad = [], []
    for row in call.need("waybill_applies"):
        number = str(row.get("track_no", ""))
        if call.world.books.doc(KEY, "ebill_number", number) is None:
            bad.append({"track_no": number, "err_code": "1", "err_msg": "运单号不存在"})
            continue
        digest = hashlib.sha256(number.encode()).hexdigest()
        told.append({"track_no": number, "print_data": digest, "sign": digest[:32], "order_id": ""})
    return {"waybill_infos": told, "err_infos": bad}


def cancel(call: Call) -> dict[str, Any]:
    """The number is taken back: nothing may be shipped with it any more."""
    number = str(call.need("track_no"))
    known = call.world.books.doc(KEY, "ebill_number", number)
    if known is None:
        raise business(1, "运单号不存在")
    ebill = call.world.books.doc(KEY, "ebill", known["key"]) or {}
    call.world.books.put_doc(KEY, "ebill", known["key"], {**ebill, "cancelled": True})
    parcel = call.world.books.parcel(number)
    if parcel is None:
        parcel = call.world.parcels.post(BY_CODE[str(ebill["code"])].ours, number, "label", None, {})
    call.world.parcels.recall(parcel)
    return {"cancel_result": {"result": True}}


METHODS: Mapping[str, Method] = {
    "logistics.listShopNetsite": netsites,
    "logistics.newCreateOrder": create,
    "logistics.waybillApply": apply,
    "logistics.cancelOrder": cancel,
}
