"""Applications: what is given again replaces, what is not stays; a rate of one's own."""

from __future__ import annotations

from uuid import UUID

import orjson
import pytest

from daifa.areas.accounts.services import applications, connections
from daifa.areas.accounts.types import ApplicationView
from daifa.base.actor import SYSTEM
from daifa.base.tenancy import tenant
from daifa.kit.errors import Conflict, Invalid
from daifa.ports.card import ApiTerms, Limit
from daifa.ports.transport import Granted
from tests.browser import Company


def _save(secrets: dict[str, str], rate: int | None = None) -> applications.Keys:
    saved = applications.save(
        by=SYSTEM, platform="douyin", app_key=" 77 ", secrets=secrets, urls={}, calls_per_second=rate
    )
    return applications.open_keys(saved.id)


@pytest.mark.usefixtures("in_tenant")
def test_secrets_that_are_not_given_again_stay() -> None:
    first = _save({"app_secret": "s", "shop_id": "1"})
    again = _save({"app_secret": " "}, 12)
    assert again.id == first.id
    assert again.secrets == {"app_secret": "s", "shop_id": "1"}
    assert again.calls_per_second == 12
    assert _save({"shop_id": "2"}).secrets == {"app_secret": "s", "shop_id": "2"}


@pytest.mark.usefixtures("in_tenant")
def test_a_new_application_needs_its_secret_and_a_rate_its_bounds() -> None:
    with pytest.raises(Invalid, match="密钥"):
        _save({})
    for rate in (0, 1001):
        with pytest.raises(Invalid, match="1 到 1000"):
            _save({"app_secret": "s"}, rate)


def test_a_rate_of_ones_own_leaves_single_calls_their_rates() -> None:
    terms = ApiTerms((), (Limit(60, 120, source="x"), Limit(1, 2, "token.*", source="y")))
    assert terms.paced(None) is terms
    slow, token = terms.paced(10).limits
    assert (slow.per_second, slow.burst, token) == (10, 20, terms.limits[1])
    assert terms.paced(1).limits[0].burst == 2


def _add(secret: str, platform: str = "douyin", label: str = "") -> ApplicationView:
    return applications.add(
        by=SYSTEM, platform=platform, app_key="77", secrets={"app_secret": secret}, urls={}, label=label
    )


@pytest.mark.usefixtures("in_tenant")
def test_an_app_key_that_is_there_is_not_added_again() -> None:
    first = _add("s", label="主号")
    with pytest.raises(Conflict, match=r"App Key 77 已经有了，是应用“主号”.*点“修改”") as refused:
        _add("other")
    assert refused.value.data == {"application_id": str(first.id)}
    assert applications.open_keys(first.id).secrets == {"app_secret": "s"}
    # The same key at another platform is another application.
    _add("s", "alibaba1688")


@pytest.mark.usefixtures("in_tenant")
def test_a_stale_form_changes_nothing() -> None:
    held = _add("s")

    def change(secret: str) -> None:
        applications.change(
            by=SYSTEM, application_id=held.id, version=held.version, secrets={"app_secret": secret}, urls={}
        )

    change("new")
    with pytest.raises(Conflict, match="刚被别人改过"):
        change("older")
    assert applications.open_keys(held.id).secrets == {"app_secret": "new"}


@pytest.mark.usefixtures("in_tenant")
def test_an_account_without_a_name_goes_by_its_applications() -> None:
    made = applications.add(
        by=SYSTEM, platform="httpapi", app_key="K1", secrets={"app_secret": "s"}, urls={}, label="义乌仓"
    )
    for told, shown in (("", "义乌仓"), ("义乌一号仓", "义乌一号仓"), ("", "义乌一号仓")):
        granted = Granted("K1", "", None, None, "K1", told)
        held = connections.connect(by=SYSTEM, application_id=made.id, home=connections.Home(), granted=granted)
        assert held.account_name == shown


def test_by_the_screens_way_in(transactional_db: None) -> None:
    company = Company()
    body = {"platform": "douyin", "app_key": "77", "secrets": {"app_secret": "s"}, "label": "主号"}
    made = company.owner.post("/applications", body)
    again = company.owner.refused("POST", "/applications", {**body, "secrets": {"app_secret": "x"}})
    assert again == (409, "application_known")
    path = f"/applications/{made['id']}"
    what = {"version": made["version"], "label": "副号", "calls_per_second": 3}
    changed = orjson.loads(company.owner.call("PUT", path, what).content)
    assert (changed["label"], changed["calls_per_second"], changed["app_key"]) == ("副号", 3, "77")
    with tenant(company.number):
        assert applications.open_keys(UUID(made["id"])).secrets == {"app_secret": "s"}
