"""Reading orders again right before money is spent or a shop is told (pipeline.md 10)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from daifa.areas.accounts.services import connections
from daifa.base.tenancy import tenant
from daifa.flows import api_intake
from daifa.kit import clock
from daifa.kit.errors import Conflict
from daifa.ports.shop_api import Feed
from daifa.reads import order_reads


def orders(tenant_id: int, named: Sequence[tuple[UUID, str]], *, always: bool = False) -> int:
    """Have these orders (shop, number) as they are now at their platform, where it can be asked; how many were read.

    What was read within the last seconds is not read again unless ``always``. Raises RemoteError, and Conflict when a
    shop's authorisation does not work: without a fresh look nothing is bought by itself.
    """
    by_shop: dict[UUID, list[str]] = defaultdict(list)
    for shop_id, number in named:
        by_shop[shop_id].append(number)
    with tenant(tenant_id):
        lines = connections.of_shops(by_shop)
        old = set(named) if always else order_reads.older_than(named, seconds=order_reads.FRESH)
    read = 0
    for shop_id, numbers in by_shop.items():
        held = lines.get(shop_id)
        todo = [n for n in dict.fromkeys(numbers) if (shop_id, n) in old]
        if held is None or not todo:
            continue
        if held.state != "working":
            raise Conflict("connection_not_working", held.state_reason or "店铺授权不可用，请到“授权”里处理。")
        missing = api_intake.fetch(tenant_id, held.id, Feed.ORDERS, todo, via="pull")
        if missing:
            raise Conflict("order_gone", f"平台上查不到订单 {missing[0]}，先核对再下单。")
        read += len(todo)
    return read


def cases(tenant_id: int, named: Sequence[tuple[UUID, str]]) -> None:
    """Have the open after-sale cases of these orders (shop, number) as they are now at their platform.

    Raises RemoteError.
    """
    with tenant(tenant_id):
        lines = connections.of_shops({shop for shop, _ in named})
        known = order_reads.open_cases(named)
    for shop_id, numbers in known.items():
        held = lines.get(shop_id)
        if held is not None and held.state == "working":
            api_intake.fetch(tenant_id, held.id, Feed.REFUNDS, numbers, via="pull")


def ages(order_ids: Sequence[UUID]) -> dict[UUID, float]:
    """Seconds since each order was last read by API; absent where its shop cannot be asked."""
    now = clock.wall()
    return {i: (now - at).total_seconds() for i, at in order_reads.last_read(order_ids).items()}
