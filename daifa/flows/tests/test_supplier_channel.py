"""A supplier is bought from by API only while an authorisation stands."""

from __future__ import annotations

from uuid import UUID

import orjson
import pytest

from daifa.areas.accounts.services import applications, connections
from daifa.areas.accounts.services.connections import Home
from daifa.base.actor import SYSTEM
from daifa.base.tenancy import tenant
from daifa.ports.transport import Granted
from tests.browser import Company


@pytest.fixture
def company(transactional_db: None) -> Company:
    return Company()


def authorise(company: Company, supplier_id: str) -> UUID:
    with tenant(company.number):
        keys = applications.save(
            by=SYSTEM, platform="alibaba1688", app_key="55", secrets={"app_secret": "s"}, urls={}
        )  # fmt: skip
        granted = Granted("token", "", None, None, "b2b-1", "恒达采购")
        home = Home(supplier_id=UUID(supplier_id))
        return connections.connect(by=SYSTEM, application_id=keys.id, home=home, granted=granted).id


def test_by_api_only_with_an_authorisation_and_by_sheet_again_without(company: Company) -> None:
    owner = company.owner
    assert owner.refused("POST", "/suppliers", {"name": "恒达", "channel": "api"}) == (422, "not_connected")
    made = owner.post("/suppliers", {"name": "恒达"})
    path = f"/suppliers/{made['id']}"
    wanted = {"version": made["version"], "channel": "api"}
    assert owner.refused("PATCH", path, wanted) == (422, "not_connected")
    held = authorise(company, made["id"])
    changed = owner.call("PATCH", path, wanted)
    assert orjson.loads(changed.content)["channel"] == "api"
    owner.post(f"/connections/{held}/state", {"state": "paused"})
    assert owner.get(path)["channel"] == "api"
    owner.post(f"/connections/{held}/state", {"state": "removed"})
    assert owner.get(path)["channel"] == "sheet"
