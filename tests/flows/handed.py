"""A company whose supplier is a factory bound to its shop (厂商代发), and questions to both sides."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from daifa.areas.purchasing.services import factories, suppliers
from daifa.base import bulk
from daifa.base.tenancy import tenant
from daifa.connectors.shops.douyin.fake import factory as fake_factory
from daifa.flows import advance, outbox_run, supplier_intake
from daifa.flows.steps import buy, route
from daifa.simulator.world import build_world
from tests.flows import files
from tests.flows.api_company import BOSS, Company, company
from tests.flows.day import bring

ASSIGN = "iop.sellerDistribute"
FACTORY, SELLER = "90000010", "S10"
DAY = 24 * 60


@pytest.fixture
def ours(tenant_number: int, tmp_path: Path) -> Iterator[Company]:
    with company(tenant_number, tmp_path) as made:
        name = build_world().suppliers[SELLER].name
        bring(made.number, "厂家报价.csv", files.prices(*((name, code, "2") for code, _ in made.items)))
        with tenant(made.number):
            [row] = [s for s in suppliers.list_suppliers() if s.name == name]
            factories.bind(by=BOSS, supplier_id=row.id, shop_id=made.shop, external_id=FACTORY, name=name)
        read_there(made)
        yield made


def hand_over(ours: Company, number: str) -> UUID:
    with tenant(ours.number):
        order = ours.id_of(number)
        advance.advance([order])
        placed, plan = route.dispatch([order], by=BOSS, run=f"t{number[-8:]}")
        assert placed, plan.left
        buy.queue([p.id for p in placed])
    return placed[0].id


def work_there(ours: Company, minutes: float = 0) -> None:
    if minutes:
        ours.pass_time(minutes)
    for _ in range(6):
        if not outbox_run.work(ours.number, ours.shop_line):
            break


def read_there(ours: Company) -> None:
    supplier_intake.read(ours.number, ours.shop_line)


def sold(ours: Company, number: str) -> dict[str, Any]:
    [sold] = [o for o in ours.door.get("/books?company=douyin")["orders"] if o["number"] == number]
    found: dict[str, Any] = sold
    return found


def at_platform(ours: Company, number: str) -> tuple[int, str]:
    """(status, factory) of the order's first line at the platform."""
    kept = sold(ours, number)["lines"][0]["extra"].get("iop", {"status": 0, "factory": ""})
    return kept["status"], kept["factory"]


def step_of(ours: Company, number: str) -> tuple[str, str]:
    with tenant(ours.number):
        [row] = bulk.select(
            "SELECT step, step_reason FROM orders_order WHERE tenant_id = {tenant} AND external_id = %s", [number]
        )
    return row


def state_of(ours: Company, purchase: UUID) -> str:
    with tenant(ours.number):
        [(state,)] = ours.asked("SELECT state FROM purchasing_purchaseorder WHERE id = %s", purchase)
    return str(state)


def calls_of(ours: Company, name: str) -> int:
    with tenant(ours.number):
        [(n,)] = ours.asked("SELECT count(*) FROM mailroom_call WHERE name LIKE %s", name)
    return int(n)


def factory_id(ours: Company) -> UUID:
    name = build_world().suppliers[SELLER].name
    return next(s.id for s in suppliers.list_suppliers() if s.name == name)


def recipient_holds(ours: Company, order: UUID) -> list[str]:
    found = ours.asked("SELECT kind FROM orders_hold WHERE order_id = %s AND state = 'open'", order)
    return sorted(k for (k,) in found if k.startswith("recipient"))


def one_box(world: Any, number: str) -> None:
    order = next(o for o in world.books.orders("douyin") if o.number == number)
    for line in order.lines:
        fake_factory._return(
            world, order, line, [{"company_code": "zhongtong", "track_no": "78123456789012", "ship_num": line.quantity}]
        )


def moved_there(world: Any, number: str) -> None:
    order = next(o for o in world.books.orders("douyin") if o.number == number)
    fake_factory._mark(world, order, order.lines[0], status=fake_factory.ASSIGNED, factory="90000002")


def cancelled_there(world: Any, number: str) -> None:
    order = next(o for o in world.books.orders("douyin") if o.number == number)
    fake_factory._cancelled(world, order, order.lines[0], "厂家没货")
