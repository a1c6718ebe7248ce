"""One question to the server, and its ways to say no."""

from __future__ import annotations

from typing import Any

import orjson

from daifa.kit.values import dataclass
from daifa.ports.books import Offer
from daifa.ports.world import Request, World

KEY = "httpapi"
MOST_LINES = 100


class No(Exception):
    """Refused, with a code for programs and a sentence for people."""

    def __init__(self, status: int, code: str, message: str, **more: Any) -> None:
        super().__init__(code)
        self.status, self.code, self.message, self.more = status, code, message, more


@dataclass(frozen=True, slots=True)
class Ask:
    """A request that passed the door; ``reference`` from the path."""

    world: World
    request: Request
    reference: str

    @property
    def seller(self) -> str:
        """Whom the server speaks for."""
        return str(self.world.switch(KEY, "seller"))

    def body(self) -> dict[str, Any]:
        """The JSON object that was sent. Raises No."""
        try:
            found = orjson.loads(self.request.body)
        except orjson.JSONDecodeError as error:
            raise No(400, "malformed", "请求体不是 JSON") from error
        if not isinstance(found, dict):
            raise No(400, "malformed", "请求体应是一个 JSON 对象")
        return found

    def lines(self, said: Any) -> list[tuple[Offer, int]]:
        """Lines by the supplier's own codes. Raises No."""
        if not isinstance(said, list) or not 0 < len(said) <= MOST_LINES:
            raise No(400, "malformed", f"lines 应有 1 到 {MOST_LINES} 行")
        return [self._line(x) for x in said]

    def _line(self, said: Any) -> tuple[Offer, int]:
        sku = said.get("sku") if isinstance(said, dict) else None
        count = said.get("quantity") if isinstance(said, dict) else None
        if not isinstance(sku, str) or not isinstance(count, int) or isinstance(count, bool) or count < 1:
            raise No(400, "malformed", "每行要有 sku（文本）和 quantity（正整数）")
        offer = self.offer(sku)
        if offer is None:
            raise No(422, "unknown_sku", f"没有这个商品编码：{sku}", sku=sku)
        return offer, count

    def offer(self, sku: str) -> Offer | None:
        """What the supplier sells under its code."""
        return next((o for o in self.world.books.offers(self.seller) if o.their_code == sku), None)
