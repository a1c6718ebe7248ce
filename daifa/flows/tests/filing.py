"""Making files and bringing them in, for the tests of imports."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from daifa.areas.mailroom.services import imports
from daifa.areas.mailroom.types import ImportView
from daifa.base.actor import SYSTEM, Actor
from daifa.base.tenancy import tenant
from daifa.flows import import_run, intake
from daifa.kit.tabular import Table, write_xlsx

BOSS = Actor(key="member:boss", name="李姐", permissions=SYSTEM.permissions)
NOON = datetime(2025, 11, 20, 4, tzinfo=UTC)
GOODS = ("SKU编码", "商品名称", "规格", "成本价", "重量(g)")
PRICES = ("供应商", "SKU编码", "起批量", "供货价", "发货时效", "不发地区")


def xlsx(header: Sequence[str], *rows: Sequence[Any]) -> bytes:
    return write_xlsx([Table(name="表", header=header, rows=rows)])


def arrive(number: int, data: bytes, name: str = "文件.xlsx", **how: Any) -> UUID:
    with tenant(number):
        return intake.receive(by=BOSS, name=name, data=data, later=False, **how)


def ready(number: int, import_id: UUID) -> str:
    with tenant(number):
        return intake.why_not_ready(imports.get(import_id))


def run(number: int, *ids: UUID) -> list[ImportView]:
    with tenant(number):
        started = intake.run(by=BOSS, import_ids=ids or None, later=False)
    for import_id in started.imports:
        import_run.perform(number, import_id)
    with tenant(number):
        return [imports.get(i) for i in started.imports]


def counts(view: ImportView) -> tuple[Any, ...]:
    return tuple(view.counts.get(k, 0) for k in ("new", "updated", "unchanged", "rejected"))


def box(code: str, cost: Any = "12.50") -> tuple[Any, ...]:
    return (code, "收纳箱", "大号", cost, 800)


def with_goods(number: int, *codes: str) -> None:
    run(number, arrive(number, xlsx(GOODS, *[box(c) for c in codes]), "商品.xlsx"))
