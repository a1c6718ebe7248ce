"""A number in the place of another, or for a purchase that does not look right: said twice, told anew, taken back."""

from __future__ import annotations

import pytest

from daifa.areas.logistics.services import claims
from daifa.base import bulk
from daifa.base.actor import SYSTEM
from daifa.base.tenancy import tenant
from daifa.flows import reporting, tracking_desk, undo
from daifa.flows.tracking_desk import Word
from daifa.kit.errors import Conflict
from tests.flows.test_tracking import GOOD, sent, state_of
from tests.flows.test_tracking_desk import YTO, purchase_ids


def test_another_number_for_a_shipped_purchase_is_a_new_version(tenant_number: int) -> None:
    sent(tenant_number, {"主订单编号": "6901"})
    [purchase] = purchase_ids(tenant_number)
    with tenant(tenant_number):
        tracking_desk.register(Word(purchase, GOOD), by=SYSTEM)
        [one] = reporting.make(reporting.shops_of(SYSTEM), by=SYSTEM).files
        reporting.hand_out([one.id], by=SYSTEM)
        reporting.uploaded([one.id], by=SYSTEM)
        with pytest.raises(Conflict, match="已经全部发货"):
            tracking_desk.register(Word(purchase, YTO), by=SYSTEM)
        tracking_desk.register(Word(purchase, YTO, sure=True), by=SYSTEM)
    now = state_of(tenant_number)
    assert now["parcels"] == [(YTO, "YTO", "announced", True)]
    assert now["reports"] == [(GOOD, "uploaded", 1), (YTO, "waiting", 2)]
    assert now["demands"] == [(1, 1, 1)]


def test_a_wrong_number_in_the_place_of_another_goes_back_and_is_free_again(tenant_number: int) -> None:
    sent(tenant_number, {"主订单编号": "6901"}, {"主订单编号": "6902", "收件人": "李四", "收件人手机号": "17012349999"})
    first, second = purchase_ids(tenant_number)
    with tenant(tenant_number):
        [(number,)] = bulk.select(
            "SELECT number FROM purchasing_purchaseorder WHERE tenant_id = {tenant} AND id = %s", [first]
        )
        tracking_desk.register(Word(first, GOOD), by=SYSTEM)
        slip = tracking_desk.register(Word(first, YTO, sure=True), by=SYSTEM)
        undo.undo(token=slip.undo, by=SYSTEM)
        assert [p[0] for p in state_of(tenant_number)["parcels"]] == [GOOD]
        tracking_desk.register(Word(first, YTO, sure=True), by=SYSTEM)
        # Or by the supplier's own words, whenever: the old number is known, and a person says yes.
        tracking_desk.paste(f"{number} 中通 {GOOD}", by=SYSTEM)
        [asked] = claims.listed(states=["doubtful"])
        assert "后来换成了" in asked.reason
        tracking_desk.accept(asked.id, Word(), by=SYSTEM)
        tracking_desk.register(Word(second, YTO), by=SYSTEM)
    assert {p[0] for p in state_of(tenant_number)["parcels"]} == {GOOD, YTO}


def test_a_purchase_whose_recipient_is_another_takes_a_number_only_from_who_looked(tenant_number: int) -> None:
    sent(tenant_number, {"主订单编号": "6901"}, {"主订单编号": "6902", "收件人": "李四", "收件人手机号": "17012349999"})
    _, second = purchase_ids(tenant_number)
    with tenant(tenant_number):
        tracking_desk.paste(f"孙七 尾号1111 中通 {GOOD}", by=SYSTEM)
        [asked] = claims.listed(states=["unusable"])
        with pytest.raises(Conflict, match="尾号 1111 对不上"):
            tracking_desk.accept(asked.id, Word(second), by=SYSTEM)
        tracking_desk.accept(asked.id, Word(second, sure=True), by=SYSTEM)
    assert [p[0] for p in state_of(tenant_number)["parcels"]] == [GOOD]
