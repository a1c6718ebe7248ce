"""Where a parcel goes: plain addresses, and encrypted receivers that only the shop platform can read."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from daifa.connectors.suppliers.alibaba1688.fake.call import Call, Refused
from daifa.connectors.suppliers.alibaba1688.fake.words import KEY, digest, masked_name, masked_phone
from daifa.kit.geo import parse_address
from daifa.ports.books import Receiver

# First two digits of a district's code, by province.
_PROVINCES = (
    "11北京 12天津 13河北 14山西 15内蒙古 21辽宁 22吉林 23黑龙江 31上海 32江苏 33浙江 34安徽 35福建 36江西 37山东 "
    "41河南 42湖北 43湖南 44广东 45广西 46海南 50重庆 51四川 52贵州 53云南 54西藏 61陕西 62甘肃 63青海 64宁夏 65新疆"
)
_PREFIX = {word[2:]: word[:2] for word in _PROVINCES.split()}
# Whose order numbers an encrypted receiver may name, and how the world calls those platforms.
_PLATFORMS = {
    "douyin": "douyin", "thyny": "taobao", "tm": "taobao", "taote": "taobao", "jingdong": "jd", "pinduoduo": "pdd",
    "kuaishou": "kuaishou",
}  # fmt: skip
_CIPHERS = ("encryptReceiverName", "encryptReceiverMobile", "encryptReceiverAddress")


def parse(call: Call) -> dict[str, Any]:
    """``addresscode.parse``: an address text into a district code. A town is no part of the answer."""
    found = parse_address(call.need("addressInfo"))
    if not found.province or not found.district:
        raise Refused("500_2", "地址解析失败")
    code = district_code(found.province, found.city, found.district)
    place = {"province": found.province, "city": found.city, "district": found.district}
    call.world.books.put_doc(KEY, "district", code, place)
    return {
        "result": {
            "address": found.street + found.detail, "addressCode": code, "postCode": f"{code[:4]}00",
            "addressCodeText": f"{found.province} {found.city} {found.district}", "isDefault": False, "latest": False,
        }
    }  # fmt: skip


def district_code(province: str, city: str, district: str) -> str:
    """Six digits with the province's true first two; the rest only has to be stable."""
    head = next((code for name, code in _PREFIX.items() if province.startswith(name)), "99")
    return head + f"{int(digest('district', province, city, district)[:8], 16) % 10_000:04d}"


def receiver(call: Call) -> tuple[Receiver, dict[str, Any]]:
    """Who receives, and what the order must remember of it. Raises Refused."""
    secret = call.value("encryptOutOrderInfo")
    if isinstance(secret, dict) and secret.get("encryptOrder") in (True, "true"):
        return _encrypted(call, secret)
    said = call.value("addressParam")
    if not isinstance(said, dict):
        call.need("addressParam")
        raise Refused("500_2", "收货地址不正确")
    return _plain(call, said), {}


def _plain(call: Call, said: dict[str, Any]) -> Receiver:
    def text(name: str) -> str:
        return str(said.get(name) or "").strip()

    place = {"province": text("provinceText"), "city": text("cityText"), "district": text("areaText")}
    code = text("districtCode")
    if code and not place["province"]:
        place = call.world.books.doc(KEY, "district", code) or place
    who, phone, detail = text("fullName"), text("mobile") or text("phone"), text("address")
    if not who or not phone or not detail or not place["province"] or not (place["city"] or place["district"]):
        raise Refused("500_2", "收货地址信息不完整")
    if len(detail) > 200:
        raise Refused("500_2", "详细地址超过 200 个字符")
    return Receiver(who, phone, place["province"], place["city"], place["district"], text("townText"), detail)


def _encrypted(call: Call, said: dict[str, Any]) -> tuple[Receiver, dict[str, Any]]:
    """The order number leads to the true receiver, whom only the supplier's waybill service ever sees."""
    platform = _PLATFORMS.get(str(said.get("outPlatformCode", "")))
    number = str(said.get("outPlatformOrderNo", ""))
    if platform is None or not number:
        raise Refused("500_2", "密文订单缺少平台或平台订单号")
    if not said.get("oaid") and not all(said.get(name) for name in _CIPHERS):
        raise Refused("500_2", "密文订单缺少收件人密文")
    if not said.get("outPlatformAppkey"):
        raise Refused("500_2", "密文订单缺少 outPlatformAppkey")
    order = call.world.books.order(platform, number)
    if order is None:
        raise Refused("500_2", "平台订单不存在或未授权")
    origin = said.get("outOriginAddress")
    shown = str(origin.get("address", "")) if isinstance(origin, dict) else ""
    kept = {"platform": said["outPlatformCode"], "number": number, "address": shown or "***"}
    return Receiver(**asdict(order.receiver)), {"encrypted": kept}


def shown(order_extra: dict[str, Any], who: Receiver) -> dict[str, Any]:
    """``receiverInfo`` of the buyer's view: an encrypted receiver stays masked for ever."""
    hidden = order_extra.get("encrypted")
    place = " ".join(x for x in (who.province, who.city, who.district) if x)
    code = district_code(who.province, who.city, who.district)
    if hidden:
        return {
            "toFullName": masked_name(who.name), "toMobile": masked_phone(who.phone),
            "toArea": f"{place} {hidden['address']}", "toPost": "000000", "toDivisionCode": code, "toTown": who.street,
        }  # fmt: skip
    return {
        "toFullName": who.name, "toMobile": who.phone, "toArea": f"{place} {who.detail}", "toPost": f"{code[:4]}00",
        "toDivisionCode": code, "toTown": who.street,
    }  # fmt: skip
