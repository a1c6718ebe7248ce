"""The smallest company: it says how many orders there are, sells nothing of its own, and pushes what was paid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from daifa.ports.books import BuyerOrder, Entity, Message
from daifa.ports.world import Fake, Outgoing, Reply, Request, What, World


class Toy:
    """A company named douyin, so that it finds a shop with goods."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.timers: list[tuple[str, float]] = []

    def method(self, request: Request) -> str:
        return request.path.strip("/")

    def handle(self, request: Request) -> Reply:
        if request.path == "/remark":
            order = next(iter(self.world.books.orders("douyin")))
            self.world.orders.remark(order, request.pairs["memo"], None)
        return Reply(body=orjson.dumps({"orders": len(list(self.world.books.orders("douyin")))}))

    def trouble(self, name: str, request: Request) -> Reply | None:
        return Reply(429, name.encode())

    def happened(self, what: What, entity: Entity, more: Mapping[str, Any]) -> None:
        if what is What.ORDER_PAID and isinstance(entity, BuyerOrder):
            self.world.push("douyin", entity.shop, "paid", {"number": entity.number})

    def timer(self, name: str, data: Mapping[str, Any]) -> None:
        self.timers.append((name, self.world.now().timestamp()))

    def outgoing(self, messages: Sequence[Message], *, forged: bool = False) -> Outgoing:
        body = orjson.dumps([{"id": m.id, "data": m.data} for m in messages])
        return Outgoing(body, {"sign": "bad" if forged else "good"})

    def accepted(self, status: int, body: bytes) -> bool:
        return status == 200

    def describe(self, base_url: str) -> Mapping[str, Any]:
        return {"urls": {"gateway": base_url}, "secrets": {}, "shops": []}


TOY = Fake("douyin", "玩具", "shop", Toy, switches={"gap": 1}, push_batch=10, push_retries=(10, 60))
