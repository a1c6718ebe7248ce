"""Holds in the database: settled, cleared by people who may, taken back, always with history."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.apps import apps

from daifa.areas.orders.models import History, Hold, Order
from daifa.areas.orders.rules.settling import SCREEN
from daifa.areas.orders.services import holds
from daifa.areas.orders.types import HOLDS, HoldFinding, HoldKind
from daifa.base.actor import Actor
from daifa.base.models import AuditEntry
from daifa.kit import clock
from daifa.kit.errors import Conflict, Invalid, NotAllowed, NotFound
from daifa.kit.ids import uuid7

OPERATOR = Actor("m:1", "小王", frozenset({"orders.edit"}))
OWNER = Actor("m:0", "店主", frozenset({"*"}))


def make_shop(name: str = "一店") -> UUID:
    shop = apps.get_model("accounts.Shop").objects.create(platform="douyin", name=name)
    return UUID(str(shop.pk[1]))


def make_orders(count: int, shop_id: UUID | None = None) -> list[UUID]:
    shop = shop_id or make_shop()
    return sorted(
        Order.objects.create(
            shop_id=shop,
            platform="douyin",
            space="douyin",
            external_id=uuid7().hex,
            state="paid",
            updated_at=clock.now(),
        ).id
        for _ in range(count)
    )


def finding(kind: HoldKind = HoldKind.MARGIN_LOW, print_: str = "a", reason: str = "毛利 -¥1.00") -> HoldFinding:
    return HoldFinding(kind, None, reason, print_, HOLDS[kind].remedy, HOLDS[kind].blocks)


def kinds_of(order_id: UUID) -> str:
    return Order.objects.get(id=order_id).hold_kinds


def stories(order_id: UUID) -> list[str]:
    return list(History.objects.filter(order_id=order_id).order_by("at", "id").values_list("text", flat=True))


def open_of(order_id: UUID) -> list[Hold]:
    return list(Hold.objects.filter(order_id=order_id, state="open"))


def test_findings_open_change_and_close_by_themselves(in_tenant: int) -> None:
    one, two = make_orders(2)
    first = {one: [finding(), finding(HoldKind.NOTE_ASKS, "n", "买家留言要求：开发票")], two: []}
    moved = holds.settle(first)
    assert (moved.opened, moved.changed, moved.closed, moved.orders) == (2, 0, 0, (one,))
    assert (kinds_of(one), kinds_of(two)) == ("note_asks,margin_low", "")
    again = holds.settle(first)
    assert (again.opened, again.changed, again.closed, again.orders) == (0, 0, 0, ())

    moved = holds.settle({one: [finding(print_="b", reason="毛利 -¥2.00")], two: []})
    assert (moved.opened, moved.changed, moved.closed) == (0, 1, 1)
    assert [(h.reason, h.fingerprint, h.raised_by) for h in open_of(one)] == [("毛利 -¥2.00", "b", SCREEN)]
    assert kinds_of(one) == "margin_low"
    assert stories(one) == [
        "挂起“留言备注有要求”：买家留言要求：开发票",
        "挂起“毛利过低”：毛利 -¥1.00",
        "“毛利过低”有变化：毛利 -¥2.00",
        "“留言备注有要求”自动解除：原因已消除",
    ]


def test_a_reworded_reason_is_the_same_hold_without_a_new_story(in_tenant: int) -> None:
    (one,) = make_orders(1)
    holds.settle({one: [finding()]})
    before = open_of(one)[0].id
    holds.settle({one: [finding(reason="毛利 -¥1.00，低于下限")]})
    assert [(h.id, h.reason) for h in open_of(one)] == [(before, "毛利 -¥1.00，低于下限")]
    assert len(stories(one)) == 1


def test_a_clearance_stands_until_the_facts_change(in_tenant: int) -> None:
    (one,) = make_orders(1)
    holds.settle({one: [finding()]})
    done = holds.clear(by=OWNER, hold_ids=[h.id for h in open_of(one)], why="老客户，照发")
    assert (done.orders, done.refused, kinds_of(one)) == ((one,), (), "")
    assert holds.settle({one: [finding()]}).opened == 0
    assert holds.settle({one: []}).closed == 0
    assert holds.settle({one: [finding(print_="b")]}).opened == 1
    deed = AuditEntry.objects.get(verb="hold.clear")
    assert (deed.summary, deed.reason, deed.object_id) == ("放行 1 单的异常：毛利过低 1 个", "老客户，照发", one)
    hold = Hold.objects.get(order_id=one, state="cleared")
    assert (hold.closed_by, hold.closed_why) == ("m:0", "老客户，照发")
    assert stories(one)[1] == "放行“毛利过低”：老客户，照发"


def test_a_clear_by_a_stale_screen_does_not_clear_new_facts(in_tenant: int) -> None:
    (one,) = make_orders(1)
    holds.settle({one: [finding()]})
    seen = [h.id for h in open_of(one)]
    holds.settle({one: [finding(print_="b")]})
    with pytest.raises(NotFound):
        holds.clear(by=OWNER, hold_ids=seen, why="照发")
    assert kinds_of(one) == "margin_low"


def test_a_word_cannot_replace_a_fact_and_not_everybody_may(in_tenant: int) -> None:
    (one,) = make_orders(1)
    holds.settle({one: [finding(HoldKind.NO_SUPPLY), finding(), finding(HoldKind.DUPLICATE)]})
    ids = {h.kind: h.id for h in open_of(one)}
    done = holds.clear(by=OPERATOR, hold_ids=list(ids.values()), why="核对过")
    assert done.hold_ids == (ids["duplicate"],)
    assert {i for i, _ in done.refused} == {ids["no_supply"], ids["margin_low"]}
    assert "权限" in dict(done.refused)[ids["margin_low"]]
    assert kinds_of(one) == "no_supply,margin_low"
    with pytest.raises(Conflict, match="没有货源"):
        holds.clear(by=OWNER, hold_ids=[ids["no_supply"]], why="照发")


@pytest.mark.parametrize(
    ("change", "error"),
    [({"why": "  "}, Invalid), ({"hold_ids": []}, NotFound), ({"by": Actor("m:2", "客服")}, Conflict)],
)
def test_a_refused_clear_changes_nothing(in_tenant: int, change: dict[str, Any], error: type[Exception]) -> None:
    (one,) = make_orders(1)
    holds.settle({one: [finding()]})
    said: dict[str, Any] = {"by": OWNER, "hold_ids": [h.id for h in open_of(one)], "why": "照发"} | change
    with pytest.raises(error):
        holds.clear(**said)
    assert (kinds_of(one), len(stories(one)), AuditEntry.objects.count()) == ("margin_low", 1, 0)


def test_a_shop_outside_the_scope_is_refused(in_tenant: int) -> None:
    mine, other = make_shop("一店"), make_shop("二店")
    (one,), (two,) = make_orders(1, mine), make_orders(1, other)
    holds.settle({one: [finding(HoldKind.DUPLICATE)], two: [finding(HoldKind.DUPLICATE)]})
    scoped = Actor("m:3", "小李", frozenset({"orders.edit"}), shops=frozenset({mine}))
    with pytest.raises(NotAllowed):
        holds.clear(by=scoped, hold_ids=[h.id for h in open_of(two)], why="照发")
    with pytest.raises(NotAllowed):
        holds.hold(by=scoped, order_ids=[two], why="等")
    assert holds.clear_kind(by=scoped, kind=HoldKind.DUPLICATE, why="照发").orders == (one,)
    assert kinds_of(two) == "duplicate"


def test_clearing_a_kind_takes_all_of_it_and_nothing_else(in_tenant: int) -> None:
    orders = make_orders(3)
    holds.settle({i: [finding(HoldKind.DUPLICATE), finding()] for i in orders})
    assert len(holds.clear_kind(by=OWNER, kind=HoldKind.DUPLICATE, why="核对过", order_ids=orders[:2]).orders) == 2
    assert [kinds_of(i) for i in orders] == ["margin_low", "margin_low", "duplicate,margin_low"]
    assert holds.clear_kind(by=OWNER, kind=HoldKind.DUPLICATE, why="核对过").orders == (orders[2],)
    with pytest.raises(NotFound):
        holds.clear_kind(by=OWNER, kind=HoldKind.DUPLICATE, why="核对过")


def test_a_clearance_can_be_taken_back(in_tenant: int) -> None:
    (one,) = make_orders(1)
    holds.settle({one: [finding()]})
    done = holds.clear(by=OWNER, hold_ids=[h.id for h in open_of(one)], why="照发")
    assert holds.unclear(by=OWNER, hold_ids=done.hold_ids).orders == (one,)
    assert (kinds_of(one), stories(one)[-1]) == ("margin_low", "撤销放行“毛利过低”")
    holds.clear(by=OWNER, hold_ids=done.hold_ids, why="照发")
    holds.settle({one: [finding(print_="b")]})
    late = holds.unclear(by=OWNER, hold_ids=done.hold_ids)
    assert (late.hold_ids, [i for i, _ in late.refused]) == ((), list(done.hold_ids))


def test_a_person_holds_by_hand_and_screening_leaves_it(in_tenant: int) -> None:
    (one,) = make_orders(1)
    assert holds.hold(by=OPERATOR, order_ids=[one], why="等客户回电话") == (one,)
    assert holds.hold(by=OPERATOR, order_ids=[one], why="再等等") == ()
    assert holds.settle({one: []}).closed == 0
    assert kinds_of(one) == "manual"
    holds.clear_kind(by=OPERATOR, kind=HoldKind.MANUAL, why="已回电")
    assert holds.hold(by=OPERATOR, order_ids=[one], why="又有事") == (one,)
    assert [h.raised_by for h in open_of(one)] == ["m:1"]
    shown = holds.of_order(one)
    assert [(v.state, v.label, v.reason) for v in shown] == [
        ("open", "人工挂起", "又有事"),
        ("cleared", "人工挂起", "等客户回电话"),
    ]


def test_many_orders_cost_a_handful_of_statements(in_tenant: int) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    shop = make_shop()
    few, many = make_orders(2, shop), make_orders(40, shop)
    counts = []
    for ids in (few, many):
        with CaptureQueriesContext(connection) as seen:
            holds.settle({i: [finding(), finding(HoldKind.DUPLICATE)] for i in ids})
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 8
