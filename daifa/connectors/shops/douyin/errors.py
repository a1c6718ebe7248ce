"""Douyin's refusals in our errors: who must act, what it means in Chinese, what to do.

``code`` is the gateway's class, ``sub_code`` ends in the business number (``isv.business-failed:60040``). Numbers are
those of the public API pages as SDKs carry them; which errors an application meets in fact is not verified.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from daifa.kit.values import dataclass
from daifa.ports.errors import (
    BadReply,
    LoginExpired,
    NotGranted,
    NotSupported,
    NotThere,
    OutcomeUnknown,
    RateLimited,
    Refused,
    RemoteError,
    Unavailable,
    Withdrawn,
)

SUCCESS = 10000
# A batch of which some items failed; the data says which.
PARTLY = 10001
PARTLY_OPENED = "300008"
NOTHING_OPENED = "300003"


@dataclass(frozen=True, slots=True)
class Meaning:
    """One refusal: our class, the Chinese sentence, what to do, seconds to wait."""

    error: type[RemoteError]
    said: str
    fix: str = ""
    after: float = 0


_RETRY = "系统会自动重试"
_SIGN_IN = "请店主重新授权"
_APP = "请核对应用的 App Key 和 App Secret"

# By the exact sub_code, without a business number.
_BY_NAME: Mapping[str, Meaning] = {
    "isv.access-token-expired": Meaning(LoginExpired, "授权令牌已过期", _SIGN_IN),
    "isv.access-token-no-existed": Meaning(LoginExpired, "授权令牌不存在", _SIGN_IN),
    "isv.access-token-invalid": Meaning(LoginExpired, "授权令牌不属于这个应用", _SIGN_IN),
    "isv.access-token-missing": Meaning(LoginExpired, "没有授权令牌", _SIGN_IN),
    "dop.authorization-no-existed": Meaning(LoginExpired, "店铺没有授权给这个应用", _SIGN_IN),
    "dop.authorization-closed": Meaning(Withdrawn, "商家在抖店后台关闭了授权", "请店主在服务市场重新打开授权"),
    "isv.app-permissions-insufficient": Meaning(
        NotGranted, "应用没有这个接口的权限", "请在开放平台控制台申请对应的权限包"
    ),
    "isv.authorization-type-invalid": Meaning(NotGranted, "授权类型不对", "请用店铺主账号授权"),
    "dop.app-forbidden": Meaning(NotGranted, "应用被平台停用", "请到开放平台控制台处理"),
    "isv.app-id-invalid": Meaning(NotGranted, "App Key 不对", _APP),
    "isv.app-id-missing": Meaning(NotGranted, "缺少 App Key", _APP),
    "isv.app-id-expired": Meaning(NotGranted, "应用已过期", "请到开放平台控制台续期"),
    "isv.signature-invalid": Meaning(NotGranted, "签名不对", _APP),
    "isv.signature-missing": Meaning(NotGranted, "缺少签名", _APP),
    "isv.timestamp-invalid": Meaning(Unavailable, "本机时钟和平台相差太多", "请校准服务器时间，之后会自动重试"),
    "isv.timestamp-missing": Meaning(Unavailable, "缺少时间戳", _RETRY),
    "isv.timestamp-format-error": Meaning(Refused, "时间戳格式不对", "请联系技术支持"),
    "isv.parameter-format-invalid": Meaning(Refused, "参数格式不对", "请联系技术支持"),
    "isv.idempotent-id-existed": Meaning(Refused, "这个操作已经执行过"),
    "isp.api-service-off": Meaning(NotSupported, "平台已下线这个接口", "请联系技术支持"),
}
# Why tokens are not given (50001), by what follows the colon.
_TOKENS: Mapping[str, Meaning] = {
    "code-expired": Meaning(LoginExpired, "授权码已过期（10 分钟有效）", "请重新点“授权”"),
    "code-invalid": Meaning(LoginExpired, "授权码无效或用过了", "请重新点“授权”"),
    "token-expired": Meaning(LoginExpired, "刷新令牌已过期（14 天有效）", _SIGN_IN),
    "token-invalid": Meaning(LoginExpired, "刷新令牌无效", _SIGN_IN),
    "no-authorization": Meaning(LoginExpired, "店铺没有授权给这个应用", _SIGN_IN),
    "app-secret-invalid": Meaning(NotGranted, "App Secret 不对", _APP),
    "grant-type-invalid": Meaning(NotGranted, "授权方式和应用类型不符", "请核对应用是工具型还是自用型"),
    "app-forbidden": Meaning(NotGranted, "应用被平台停用", "请到开放平台控制台处理"),
}
# By the business number.
_BY_NUMBER: Mapping[str, Meaning] = {
    # Reading.
    "20001": Meaning(NotThere, "平台查不到这个订单", "请核对订单号和店铺"),
    "20014": Meaning(NotThere, "平台查不到这个订单", "请核对订单号和店铺"),
    "20015": Meaning(NotThere, "这个订单不是本店的", "请核对授权的是哪家店铺"),
    "20008": Meaning(Refused, "每页条数超过 100", "请联系技术支持"),
    "20011": Meaning(Refused, "查询没有给开始时间", "请联系技术支持"),
    "20012": Meaning(Refused, "一次只能查一组订单状态", "请联系技术支持"),
    "20013": Meaning(Refused, "翻页超过 50000 条", "请缩小时间范围"),
    "10035": Meaning(Refused, "页码不对", "请联系技术支持"),
    # Tokens.
    "31009": Meaning(LoginExpired, "刷新令牌不存在", _SIGN_IN),
    "31012": Meaning(Unavailable, "另一个程序正在刷新令牌", _RETRY, 3),
    # Shipping.
    "60033": Meaning(NotThere, "平台查不到要发货的订单", "请核对订单号和店铺"),
    "60021": Meaning(Refused, "订单已取消，不能发货", "请追回或拦截包裹"),
    "60068": Meaning(Refused, "发货前已退款，不能发货", "请追回或拦截包裹"),
    "60040": Meaning(Refused, "订单有退款待处理，不能发货", "先到“售后”同意或拒绝退款，再上传单号"),
    "60018": Meaning(Refused, "快递公司在抖店已停用", "请换成抖店可用的快递公司后重新上传"),
    "60017": Meaning(Refused, "单号和快递公司对不上", "请核对快递公司和单号"),
    "70018": Meaning(Refused, "单号已被回收或取消", "请供应商换一个单号"),
    "70019": Meaning(Refused, "单号的第一条轨迹早于付款时间", "这是旧单号，请供应商核对，换成真实单号"),
    "60072": Meaning(Refused, "店铺没有设置默认退货地址", "请到抖店后台设置默认退货地址，再上传"),
    "60027": Meaning(Refused, "店铺没有设置默认发货地址", "请到抖店后台设置默认发货地址，再上传"),
    "70011": Meaning(Unavailable, "订单正在处理中", _RETRY, 5),
    "60062": Meaning(Refused, "IMEI 码格式不对", "请到抖店后台填写正确的 IMEI 码发货"),
    "60056": Meaning(Refused, "这个商品要填序列号", "请到抖店后台填写序列号发货"),
    "700047": Meaning(Refused, "同城配送订单不能拆开发货", "请等所有商品到齐后整单发货"),
    "60083": Meaning(Refused, "快递公司编号已停用", "请联系技术支持"),
    # Address.
    "80001": Meaning(Refused, "订单现在不能改地址", "请联系买家：按原地址发，或退款重拍"),
    "80102": Meaning(Refused, "已部分发货，不能改地址", "请联系买家：按原地址发，或退款重拍"),
    # Receivers.
    NOTHING_OPENED: Meaning(Refused, "收件人没有解密成功", "请重新同步订单后再试"),
    PARTLY_OPENED: Meaning(Refused, "部分收件人没有解密成功", "请重新同步订单后再试"),
    "300011": Meaning(Refused, "平台风控：今天不能再解密", "额度第二天恢复，也可以在抖店后台查看"),
    # Stock.
    "40010": Meaning(Refused, "这次库存变更已经执行过", "不用再做"),
    "-20001": Meaning(Refused, "库存不够减", "请重新读取商品库存后再改"),
    "-20002": Meaning(Refused, "库存变更编号用过了", "请重新读取商品库存后再改"),
    "-20008": Meaning(Refused, "不能低于活动库存", "请先调整活动报名的库存"),
    "-40001": Meaning(Refused, "商品审核中", "审核结束后再试"),
    "-40002": Meaning(Refused, "商品已封禁", "请到抖店后台申诉"),
    "-40003": Meaning(NotThere, "商品已删除", "请刷新商品，换成在售的商品"),
    "2010401": Meaning(RateLimited, "平台正忙", _RETRY),
    # Handing over to a factory.
    "41000": Meaning(Refused, "代发单的状态不对", "请刷新后再看"),
    "41001": Meaning(Refused, "代发单的状态不对", "请刷新后再看"),
    "41004": Meaning(Refused, "代发单的状态不对", "请刷新后再看"),
    "41002": Meaning(NotThere, "平台查不到这个代发单", "请核对店铺和单号"),
    "41003": Meaning(Refused, "没有设置默认地址", "请到抖店后台设置默认发货地址"),
    "41007": Meaning(Refused, "剩下的商品必须一起回传", "请等剩下的商品都有单号后一起回传"),
    "88888": Meaning(Refused, "取消电子面单的比例太高，平台不让再取消", "请联系平台客服，或把面单用掉"),
    "40000": Meaning(NotThere, "代发单不存在或已取消", "请刷新后再看"),
    # After-sales.
    "20309541": Meaning(Refused, "售后单状态已变", "请刷新售后单后再处理"),
    "11001": Meaning(Refused, "这个操作只能在抖店后台做", "请到抖店后台处理"),
}  # fmt: skip
_PRIVATE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)|#[A-Za-z0-9+/=#]{16,}")


def problem(code: int, sub_code: str, sub_msg: str, *, write: bool, secrets: tuple[str, ...] = ()) -> RemoteError:
    """The error for a refused call. ``write``: an answer that proves nothing then means "perhaps done"."""
    name, _, number = sub_code.partition(":")
    key = sub_code or str(code)
    said = clean(sub_msg, secrets)
    if code == 60000:
        return RateLimited("调用太频繁，平台限流", code=key, fix=_RETRY)
    if code in {20000, 20001, 90000}:
        return _doubt(code, key, said, write)
    if code == 30002:
        return NotGranted("服务器 IP 不在白名单里", code=key, fix="请在开放平台控制台加上这台服务器的 IP")
    if found := _find(code, name, number):
        return found.error(_sentence(found, said), code=key, fix=found.fix, after=found.after)
    if code == 70000:
        return NotSupported("平台已下线这个接口", code=key, fix="请联系技术支持")
    if code == 30001:
        return NotGranted(said or "没有权限", code=key, fix=_SIGN_IN)
    if code == 80000:
        return Refused(f"平台风控拦截：{said}" if said else "平台风控拦截", code=key, fix="稍后再试或到抖店后台查看")
    if code in {40001, 40002, 40003, 40004, 50001, 50002, PARTLY}:
        return Refused(f"平台不同意：{said}" if said else f"平台不同意（{key}）", code=key)
    return BadReply(f"平台回了不认识的错误 {code} {key}", code=key)


def _find(code: int, name: str, number: str) -> Meaning | None:
    if code == 50001:
        return _TOKENS.get(number)
    return _BY_NUMBER.get(number) or _BY_NAME.get(name)


def _doubt(code: int, key: str, said: str, write: bool) -> RemoteError:
    text = {20000: "平台服务暂不可用", 20001: "平台内部超时"}.get(code, f"平台出错：{said}")
    return OutcomeUnknown(text, code=key) if write else Unavailable(text, code=key, fix=_RETRY)


def _sentence(found: Meaning, said: str) -> str:
    """Ours where we know it; the platform's words beside it where ours is general."""
    return found.said if not said or found.error is not Refused or said in found.said else f"{found.said}（{said}）"


def clean(text: str, secrets: tuple[str, ...] = ()) -> str:
    """Their words without phone numbers, ciphertexts and secrets, at most 200 characters."""
    for secret in secrets:
        if len(secret) > 3:
            text = text.replace(secret, "•••")
    return _PRIVATE.sub("•••", text)[:200]
