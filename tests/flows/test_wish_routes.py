"""A buyer's wish to move, answered by a person at a browser: what the world then has."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser import Company as Browsing
from tests.flows.api_company import company
from tests.flows.test_address_wishes import NEW, order_id, there, wish


@pytest.mark.parametrize("agreed", [True, False])
def test_pressed_yes_or_no_reaches_the_platform(transactional_db: None, tmp_path: Path, agreed: bool) -> None:
    person = Browsing()
    with company(person.number, tmp_path, dial="manual") as ours:
        number = ours.order()
        home = there(ours, number)
        wish(ours, number)
        which = order_id(ours, number)
        [told] = person.owner.get(f"/orders/{which}/address-wishes")
        assert (told["state"], told["may_agree"], told["open"]) == ("open", True, False)
        assert NEW.detail not in str(told)
        path = f"/address-wishes/{told['id']}/answer"
        assert person.owner.refused("POST", path, {"approved": False})[0] == 422
        assert person.owner.refused("POST", path, {"approved": False, "code": "1006"})[0] == 422
        ours.pass_time(1)
        said = {"approved": True} if agreed else {"approved": False, "code": "1003"}
        assert person.owner.post(path, said)["message"]
        assert person.owner.refused("POST", path, said)[0] == 409
        ours.work_shop()
        ours.pass_time(1)
        ours.read()
        [told] = person.owner.get(f"/orders/{which}/address-wishes")
        assert told["state"] == ("agreed" if agreed else "refused")
        assert there(ours, number) == (NEW if agreed else home)
        order = ours.world.within(lambda world: world.books.order("douyin", number))
        assert order is not None
        assert order.wished is None
        [row] = person.owner.get(f"/orders?numbers={number}")["items"]
        assert (NEW if agreed else home).district in row["region"]
