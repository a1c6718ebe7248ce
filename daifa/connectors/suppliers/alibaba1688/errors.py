"""1688's refusals in our words: by code, by prefix, by HTTP status; what is not here is a no with its own text.

The exact spelling of token and timestamp codes is not found in the documents: prefix and status decide (sheet §1.2).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from daifa.ports.errors import (
    LoginExpired,
    NotGranted,
    NotSupported,
    NotThere,
    OutcomeUnknown,
    RateLimited,
    Refused,
    RemoteError,
    Unavailable,
)

# Code: (our words, what to do).
WORDS: Mapping[str, tuple[str, str]] = {
    "500_001": (
        "1688 上没有这个货源，或它不支持接口下单",
        "在供应商资料里“关联货源”，换一个货源，或到 1688 手工下单后绑定",
    ),
    "500_002": ("一单里有多家卖家的商品，或缺少规格", "检查货源关联"),
    "500_003": ("规格不属于这个商品", "货源规格变了，请重新关联"),
    "500_004": ("库存不足", "换供应商，或等补货"),
    "500_005": ("低于起订量", "换供应商，或凑够起订量"),
    "500_006": ("不满足混批规则", "换供应商"),
    "500_007": ("和卖家没有代销关系", "先在 1688 建立代销关系，或改用普通下单"),
    "500_008": ("价格为 0，不能下单", "联系卖家"),
    "500_009": ("低于批发起订量", "换供应商"),
    "NOT_SIGNED": ("没有签约免密支付", "到付款页付款，或在 1688 签约"),
    "TOO_MANY_TRIES": ("扣款失败次数过多", "到付款页付款"),
    "PARAM_ILLEGAL": ("付款金额和订单金额不一致", "卖家改过价，核对后再付"),
    "ORDER_STATUS_ERROR": ("订单状态不允许这样做", "刷新后再看"),
    "gw.APIACLDecline": ("应用没有这个接口的权限", "在 1688 开放平台订购对应的解决方案"),
}
_PHONE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
MISSING = frozenset({"ORDER_NOT_EXIST", "order.nopermission.buyer", "404"})
TOO_FAST = "CLOSE_ORDER_TOO_FAST"


def gateway(status: int, code: str, said: str) -> RemoteError:
    """What the gateway itself refused: nothing was done, except where the server broke."""
    plain = code.lower()
    if "qosappfrequency" in plain or status == 429:
        return RateLimited("1688 限制了调用频率", code=code, fix="系统会自动放慢", after=10)
    if "qos" in plain:
        return Unavailable("1688 繁忙", code=code, fix="系统会自动重试", after=10)
    if "aclDecline".lower() in plain:
        return NotGranted(WORDS["gw.APIACLDecline"][0], code=code, fix=WORDS["gw.APIACLDecline"][1])
    if "signature" in plain or "appkey" in plain:
        return NotGranted("1688 不认这个应用：App Key 或 App Secret 不对", code=code, fix="请核对应用的密钥")
    if "unsupported" in plain:
        return NotSupported(f"1688 没有这个接口：{said}", code=code, fix="请联系技术支持")
    if status == 401 or "accesstoken" in plain or "session" in plain:
        return LoginExpired("1688 授权已过期", code=code, fix="请重新授权")
    if status >= 500:
        return OutcomeUnknown("1688 服务器出错", code=code or str(status))
    if "timestamp" in plain:
        return Unavailable("和 1688 的时间对不上", code=code, fix="请校准服务器时间")
    return Refused(f"1688 拒绝了请求：{said or code}", code=code)


def is_known_no(code: str) -> bool:
    """Whether a creation's refusal is one of the documented ones, so that it surely made nothing by itself."""
    return code.startswith("500_00") and code in WORDS


def business(code: str, said: str) -> RemoteError:
    """A no of the API itself."""
    said = _PHONE.sub("•••", said)[:200]
    if code == TOO_FAST:
        return Unavailable("订单刚下，10 秒内不能关闭", code=code, fix="系统会自动重试", after=10)
    if code in MISSING:
        return NotThere(said or "1688 没有这个订单", code=code)
    if code in WORDS:
        words, fix = WORDS[code]
        return Refused(words, code=code, fix=fix)
    if code.upper() in {"SYSTEM_ERROR", "500", "500_500"}:
        return OutcomeUnknown(said or "1688 系统错误", code=code)
    return Refused(said or f"1688 拒绝：{code}", code=code)
