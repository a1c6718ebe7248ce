"""Meiri's error words in ours."""

from daifa.ports.errors import (
    BadReply,
    LoginExpired,
    NotGranted,
    NotThere,
    OutcomeUnknown,
    RateLimited,
    Refused,
    RemoteError,
    Unavailable,
    Withdrawn,
)

_AGAIN = "请店主重新授权"
# Their word: our error, what we say, what to do.
_KNOWN: dict[str, tuple[type[RemoteError], str, str]] = {
    "TOO_FAST": (RateLimited, "调用太频繁，平台限流", "系统会自动重试"),
    "TOKEN_OLD": (LoginExpired, "授权令牌已过期", _AGAIN),
    "TOKEN_WRONG": (LoginExpired, "授权令牌无效", _AGAIN),
    "STORE_LEFT": (Withdrawn, "店主已取消授权", _AGAIN),
    "CODE_WRONG": (NotGranted, "授权码无效或已用过", "请重新点“授权”"),
    "APP_WRONG": (NotGranted, "应用编号或密钥不对", "请核对应用里填的编号和密钥"),
    "NO_SUCH": (NotThere, "平台上没有这一单", ""),
    "REFUND_OPEN": (Refused, "买家正在申请退款，平台不让发货", "请先处理退款"),
    "NOT_SHIPPABLE": (Refused, "订单现在不能发货", "请到平台后台查看订单状态"),
    "CASE_OVER": (Refused, "这个退款已经处理过", "请刷新后再看"),
}


def problem(code: str, said: str, *, write: bool) -> RemoteError:
    """The error for a refused call; an inner error of theirs after a write proves nothing."""
    if code == "BUSY":
        if write:
            return OutcomeUnknown("平台内部出错，不知道办没办成", code=code)
        return Unavailable("平台忙", code=code, fix="系统会自动重试")
    if code not in _KNOWN:
        return BadReply(f"平台回了不认识的错误 {code}", code=code)
    kind, ours, fix = _KNOWN[code]
    words = f"{ours}（{said[:100]}）" if kind is Refused and said and said not in ours else ours
    return kind(words, code=code, fix=fix)
