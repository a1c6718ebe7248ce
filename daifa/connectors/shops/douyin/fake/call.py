"""One call of the gateway, and how it ends: data, or a refusal in Douyin's numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from daifa.ports.books import BuyerOrder
from daifa.ports.world import ShopProfile, World

KEY = "douyin"
_MESSAGES = {
    10001: "部分请求失败", 20000: "服务不可用", 20001: "服务内部超时", 30001: "权限不足", 40001: "缺少必选参数",
    40002: "缺少必选参数", 40003: "非法的参数", 40004: "非法的参数", 50001: "平台处理失败", 50002: "业务处理失败",
    60000: "请求过于频繁", 70000: "服务已下线", 80000: "风控拦截", 90000: "其他错误",
}  # fmt: skip


class Fail(Exception):
    """A refusal. ``data`` is sent along: some refusals of a batch carry what did work."""

    def __init__(self, code: int, sub_code: str, sub_msg: str = "", data: Any = None) -> None:
        super().__init__(sub_code)
        self.code, self.sub_code, self.sub_msg, self.data = code, sub_code, sub_msg or sub_code, data
        self.msg = _MESSAGES[code]


def business(number: int | str, text: str, data: Any = None) -> Fail:
    """A business refusal by its number."""
    return Fail(50002, f"isv.business-failed:{number}", text, data)


def illegal(number: int | str, text: str) -> Fail:
    """An illegal parameter by its number."""
    return Fail(40004, f"isv.parameter-invalid:{number}", text)


def missing(name: str) -> Fail:
    """A parameter that the call cannot do without."""
    return Fail(40002, "isv.missing-parameter:1", f"缺少参数 {name}")


@dataclass(slots=True)
class Call:
    """A verified call of a shop (or a factory, for iop)."""

    world: World
    method: str
    params: Mapping[str, Any]
    app_key: str
    shop: ShopProfile

    def switch(self, name: str) -> Any:
        """An assumption."""
        return self.world.switch(KEY, name)

    def need(self, name: str) -> Any:
        """A parameter that must be there."""
        if self.params.get(name) in (None, "", []):
            raise missing(name)
        return self.params[name]

    def text(self, name: str, default: str = "") -> str:
        """A parameter as text, whatever it came as."""
        value = self.params.get(name)
        return default if value is None else str(value)

    def whole(self, name: str, default: int) -> int:
        """A parameter as a whole number."""
        value = self.params.get(name)
        try:
            return default if value in (None, "") else int(str(value))
        except ValueError:
            raise illegal(1, f"{name} 不是整数") from None

    def moment(self, name: str) -> datetime | None:
        """A parameter in Unix seconds; 0 and nothing are the same."""
        value = self.whole(name, 0)
        return datetime.fromtimestamp(value, UTC) if value else None

    def flag(self, *names: str) -> bool:
        """Whether one of these is true."""
        return any(str(self.params.get(n, "")).lower() in ("true", "1") for n in names)

    def order(self, number: object, refusal: Fail) -> BuyerOrder:
        """The shop's order; lists append A to the numbers of parents."""
        text = str(number).removesuffix("A")
        found = self.world.books.order(KEY, text)
        if found is None or found.shop != self.shop.id:
            raise refusal
        return found

    def paging(self, most_rows: int, first: int = 0, most: int = 100) -> tuple[int, int]:
        """Page and size, within what the platform allows."""
        page, size = self.whole("page", first), self.whole("size", 10)
        if page < first:
            raise illegal(10035, "page 不合法")
        if not 1 <= size <= most:
            raise illegal(20008, f"size 不能超过 {most}")
        if page * size > most_rows:
            raise illegal(20013, f"page*size 不能超过 {most_rows}")
        return page, size


type Method = Callable[[Call], Any]


def seconds(at: datetime | None) -> int:
    """Unix seconds; 0 = absent."""
    return int(at.timestamp()) if at else 0
