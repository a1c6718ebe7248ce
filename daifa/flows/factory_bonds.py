"""厂商代发: which factory of a shop's platform a supplier is. The list is read there, a person says which one it is."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from daifa.areas.accounts.services import connections, shops
from daifa.areas.accounts.types import ConnectionView
from daifa.areas.mailroom.services import tasks
from daifa.areas.mailroom.types import TaskView
from daifa.areas.purchasing.services import factories, suppliers
from daifa.base.actor import Actor
from daifa.base.jobs import tenant_task
from daifa.connectors import registry
from daifa.flows import answered, connect, sweep
from daifa.flows.answered import Answer
from daifa.kit.errors import Conflict, NotFound
from daifa.kit.values import dataclass
from daifa.ports.card import Capability
from daifa.ports.factory_api import Bond

KIND = "factories"
LABELS: Mapping[Bond, str] = {
    Bond.ASKED: "待厂家同意",
    Bond.BOUND: "已绑定",
    Bond.REFUSED: "厂家已拒绝",
    Bond.ENDED: "已解绑",
}


@dataclass(frozen=True, slots=True)
class ShopBond:
    """One shop that can hand over by API. ``external_id`` "": the supplier is no factory of it; ``problem``: why its
    factories cannot be read now."""

    shop_id: UUID
    shop: str
    external_id: str
    name: str
    problem: str


@dataclass(frozen=True, slots=True)
class Listed:
    """One factory as the platform lists it; ``why_not``: why it cannot be chosen, "" when it can."""

    external_id: str
    name: str
    bond: str
    bond_label: str
    why_not: str


def desk(*, by: Actor, supplier_id: UUID) -> list[ShopBond]:
    """The shops whose platform hands over by API, and which factory of each the supplier is. Raises NotFound."""
    suppliers.get(supplier_id)
    bound = {b.shop_id: b for b in factories.of_supplier(supplier_id)}
    mine = [s for s in shops.list_shops() if s.active and (by.shops is None or s.id in by.shops)]
    held = connections.of_shops([s.id for s in mine])
    found = []
    for shop in mine:
        bond, line = bound.get(shop.id), held.get(shop.id)
        if bond is None and (line is None or not _can(line)):
            continue
        problem = _problem(line)
        found.append(ShopBond(shop.id, shop.name, bond.external_id if bond else "", bond.name if bond else "", problem))
    return found


def _can(held: ConnectionView) -> bool:
    return Capability.HAND_OVER in registry.connector(held.platform).card.capabilities


def _problem(held: ConnectionView | None) -> str:
    if held is None:
        return "店铺没有接口授权，请到“授权”里接上"
    return "" if held.state == "working" else held.state_reason or "店铺授权不可用，请到“授权”里处理"


def _line(by: Actor, shop_id: UUID) -> ConnectionView:
    by.need_shop(shop_id)
    held = connections.of_shops([shop_id]).get(shop_id)
    if held is not None and not _can(held):
        raise Conflict("no_factories", "这个平台没有厂商代发的接口。")
    why = _problem(held)
    if held is None or why:
        raise Conflict("not_connected", f"{why}。")
    return held


def ask(*, by: Actor, supplier_id: UUID, shop_id: UUID) -> UUID:
    """Have the factories of a shop read at its platform; returns the task. Raises NotAllowed, Conflict."""
    by.need_supplier(supplier_id)
    held = _line(by, shop_id)
    task = tasks.start(by=by, kind=KIND, title="读取厂商代发厂家", params={"shop": str(shop_id)})
    read.enqueue(task_id=str(task.id), connection_id=str(held.id), supplier_id=str(supplier_id))
    return task.id


@tenant_task("factories.read", queue="outside")
def read(*, tenant_id: int, task_id: str, connection_id: str, supplier_id: str) -> None:
    """Read the list; it stands in the task."""

    def find(_: TaskView) -> Answer:
        found = connect.ask(tenant_id, UUID(connection_id), lambda line: line.factories().factories())
        listed = [{"id": f.id, "name": f.name, "bond": f.bond.value} for f in found]
        return Answer(f"读到 {len(found)} 家" if found else "店铺还没有合作的厂家", {"factories": listed})

    answered.carry_out(tenant_id, UUID(task_id), find, link=f"/suppliers?open={supplier_id}")


def listed(*, by: Actor, supplier_id: UUID, task_id: UUID) -> tuple[UUID, list[Listed]]:
    """The shop, and its factories as they were read. Raises NotFound."""
    task = tasks.get(task_id, by=by)
    rows = task.result.get("factories")
    if task.kind != KIND or not isinstance(rows, list):
        raise NotFound("no_such_reading", "没有读到厂家，请重新读取。")
    shop_id = UUID(str(task.params["shop"]))
    by.need_shop(shop_id)
    names = suppliers.names()
    taken = {n: names[s] for s, n in factories.of_shops([shop_id]).get(shop_id, {}).items() if s != supplier_id}
    found = []
    for row in rows:
        bond, number = Bond(row["bond"]), str(row["id"])
        why = "" if bond is Bond.BOUND else f"{LABELS[bond]}，先在店铺后台和厂家绑定"
        if number in taken:
            why = f"已经绑定给供应商“{taken[number]}”"
        found.append(Listed(number, str(row["name"]), bond.value, LABELS[bond], why))
    return shop_id, found


def bind(*, by: Actor, supplier_id: UUID, task_id: UUID, external_id: str) -> str:
    """The supplier is this factory of the list. Raises NotFound, Conflict."""
    by.need_supplier(supplier_id)
    shop_id, found = listed(by=by, supplier_id=supplier_id, task_id=task_id)
    one = next((f for f in found if f.external_id == external_id), None)
    if one is None:
        raise NotFound("no_such_factory", "名单里没有这家厂家，请重新读取。")
    if one.why_not:
        raise Conflict("factory_not_bound", f"{one.name}：{one.why_not}。")
    factories.bind(by=by, supplier_id=supplier_id, shop_id=shop_id, external_id=external_id, name=one.name)
    sweep.open_orders()
    return f"已绑定厂家 {one.name}，派给他的订单按接口交给厂家"


def unbind(*, by: Actor, supplier_id: UUID, shop_id: UUID) -> str:
    """The supplier is no factory of the shop any more. Raises NotFound, NotAllowed."""
    by.need_supplier(supplier_id)
    by.need_shop(shop_id)
    factories.unbind(by=by, supplier_id=supplier_id, shop_id=shop_id)
    sweep.open_orders()
    return "已解除绑定，还没交出去的采购单改为按表格发"
