"""One call that passed the gateway, how an answer is refused, and what an API is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import orjson

from daifa.connectors.suppliers.alibaba1688.fake.goods import Goods
from daifa.connectors.suppliers.alibaba1688.fake.words import KEY, long_list
from daifa.kit.values import dataclass
from daifa.ports.books import SupplierOrder
from daifa.ports.world import Request, World

TRADE, LOGISTICS, PRODUCT = "com.alibaba.trade", "com.alibaba.logistics", "com.alibaba.product"
FENXIAO, PUSH, SYSTEM = "com.alibaba.fenxiao", "cn.alibaba.open", "system"


class GatewayError(Exception):
    """The gateway itself refuses: an HTTP status of its own and ``error_code``."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(code)
        self.status, self.code, self.message = status, code, message


class Refused(Exception):
    """A business no, worded by the API's own kind of envelope."""

    def __init__(self, code: str, message: str, **more: Any) -> None:
        super().__init__(code)
        self.code, self.message, self.more = code, message, more


class ReplyLost(Exception):
    """Everything was done; the answer does not arrive."""


@dataclass(frozen=True, slots=True)
class Call:
    """Parameters as they came; ``member`` is whose token it was ('' where none is needed)."""

    world: World
    goods: Goods
    request: Request
    params: Mapping[str, str]
    member: str
    secret: str

    @property
    def served(self) -> str:
        """Where this world draws pictures itself; '' when they are 1688's."""
        return self.request.base_url if self.world.switch(KEY, "own_pictures") else ""

    def text(self, name: str) -> str:
        """A parameter, '' when it is not there."""
        return self.params.get(name, "")

    def need(self, name: str) -> str:
        """A parameter that must be there."""
        value = self.params.get(name, "")
        if not value:
            raise GatewayError(400, "gw.ParamMissing", f"Missing required parameter: {name}")
        return value

    def value(self, name: str) -> Any:
        """A parameter that holds JSON, compact or spaced; None when it is not there."""
        text = self.params.get(name, "")
        if not text or text == "null":
            return None
        try:
            return orjson.loads(text)
        except orjson.JSONDecodeError as error:
            raise GatewayError(400, "gw.ParamInvalid", f"Invalid parameter: {name}") from error

    def number(self, name: str, standard: int, most: int = 10**9) -> int:
        """A positive number."""
        text = self.params.get(name, "")
        if not text:
            return standard
        if not text.isdigit():
            raise GatewayError(400, "gw.ParamInvalid", f"Invalid parameter: {name}")
        return min(max(int(text), 1), most)

    def longs(self, name: str) -> list[str]:
        """A parameter of the type Long[]."""
        try:
            return long_list(self.need(name))
        except ValueError as error:
            raise GatewayError(400, "gw.ParamInvalid", f"Invalid parameter: {name}") from error

    def switch(self, name: str) -> Any:
        """An assumption of the world about 1688."""
        return self.world.switch(KEY, name)

    def chance(self, name: str, *key: object) -> bool:
        """Whether a switch that holds a probability strikes; the same key has the same luck."""
        odds = float(self.switch(name))
        return odds > 0 and self.world.rng(KEY, name, *key).random() < odds

    def order(self, number: str) -> SupplierOrder | None:
        """An order of this buyer."""
        found = self.world.books.supply(KEY, number)
        return found if found is not None and found.account == self.member else None


@dataclass(frozen=True, slots=True)
class Api:
    """``style``: how the API words a refusal, see ``refusal``; ``login`` False: no token is needed."""

    namespace: str
    run: Callable[[Call], Any]
    style: str = "plain"
    login: bool = True


def refusal(style: str, no: Refused) -> dict[str, Any]:
    """The envelopes are not uniform, and some keys are misspelt; that is how they are documented."""
    code, message = no.code, no.message
    shapes: Mapping[str, dict[str, Any]] = {
        "plain": {"success": False, "errorCode": code, "errorMessage": message},
        "text": {"success": "false", "errorCode": code, "errorMessage": message},
        "bare": {"errorCode": code, "errorMessage": message},
        "msg": {"success": False, "errorCode": code, "errorMsg": message},
        "erro": {"success": False, "errorCode": code, "erroMsg": message},
        "code": {"success": False, "code": code, "message": message},
        "inner": {"result": {"success": False, "code": code, "message": message}},
        "info": {"results": {"success": False, "errorCode": code, "errorInfo": message}},
    }
    return {**shapes[style], **no.more}
