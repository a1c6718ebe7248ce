"""厂商代发 through the routes: the platform's list is read by a task, a person chooses, and may change their mind."""

from __future__ import annotations

from uuid import UUID

import pytest

from daifa.areas.accounts.services import applications, connections, shops
from daifa.areas.accounts.services.connections import Home
from daifa.areas.mailroom.services import tasks
from daifa.base.actor import SYSTEM
from daifa.base.tenancy import tenant
from daifa.ports.transport import Granted
from tests.browser import Company

LISTED = [
    {"id": "900", "name": "恒达工厂", "bond": "bound"},
    {"id": "901", "name": "另一家", "bond": "asked"},
]


@pytest.fixture
def company(transactional_db: None) -> Company:
    return Company()


def _shop(company: Company, platform: str) -> tuple[UUID, UUID]:
    """A shop with an authorisation: (shop, connection)."""
    with tenant(company.number):
        shop = shops.create_shop(by=SYSTEM, platform=platform, name=f"{platform} 的店")
        keys = applications.save(by=SYSTEM, platform=platform, app_key="55", secrets={"app_secret": "s"}, urls={})
        granted = Granted("token", "", None, None, "7", "店")
        held = connections.connect(by=SYSTEM, application_id=keys.id, home=Home(shop.id), granted=granted)
    return shop.id, held.id


def _read(company: Company, path: str, shop: UUID) -> str:
    task = str(company.owner.post(f"{path}/read", {"shop_id": str(shop)})["task_id"])
    assert company.owner.refused("GET", f"{path}/{task}") == (404, "no_such_reading")
    with tenant(company.number):
        tasks.begin(UUID(task))
        tasks.finish(UUID(task), state="done", result={"message": "读到 2 家", "factories": LISTED})
    return task


def test_chosen_from_the_list_and_taken_off_again(company: Company) -> None:
    owner = company.owner
    shop, held = _shop(company, "douyin")
    made = owner.post("/suppliers", {"name": "恒达"})
    path = f"/suppliers/{made['id']}/factories"
    [before] = owner.get(path)["items"]
    assert (before["external_id"], before["problem"]) == ("", "")
    task = _read(company, path, shop)
    bound, asked = owner.get(f"{path}/{task}")["items"]
    assert (bound["bond_label"], bound["why_not"]) == ("已绑定", "")
    assert "待厂家同意" in asked["why_not"]
    wanted = {"task_id": task, "external_id": "901"}
    assert owner.refused("POST", f"{path}/bind", wanted) == (409, "factory_not_bound")
    assert "恒达工厂" in owner.post(f"{path}/bind", {**wanted, "external_id": "900"})["message"]
    assert owner.get(path)["items"][0]["external_id"] == "900"
    # The same factory is nobody else's in this shop.
    other = f"/suppliers/{owner.post('/suppliers', {'name': '别家'})['id']}/factories"
    assert owner.refused("POST", f"{other}/bind", {**wanted, "external_id": "900"}) == (409, "factory_not_bound")
    owner.post(f"/connections/{held}/state", {"state": "removed"})
    [gone] = owner.get(path)["items"]
    assert gone["external_id"] == "900"
    assert "没有接口授权" in gone["problem"]
    assert owner.refused("POST", f"{path}/read", {"shop_id": str(shop)}) == (409, "not_connected")
    owner.post(f"{path}/unbind", {"shop_id": str(shop)})
    assert owner.get(path)["items"] == []
    assert owner.refused("POST", f"{path}/unbind", {"shop_id": str(shop)}) == (404, "no_such_factory")
