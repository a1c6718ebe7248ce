"""The order desk as a person uses it: lists that agree with their counts, deeds with a way back, one match for all."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from daifa.areas.orders.services import editing
from daifa.base import bulk
from daifa.base.actor import SYSTEM, Actor
from daifa.base.models import AuditEntry
from daifa.base.tenancy import tenant
from daifa.flows import matching, order_deeds, order_export, order_people, undo
from daifa.flows.matching import Choice
from daifa.flows.steps import route
from daifa.kit.errors import Conflict, Invalid, NotAllowed, NotFound
from daifa.reads import match_desk, order_bonds, order_desk, order_detail, order_query, person_search
from daifa.reads.order_query import Target
from tests.flows import files
from tests.flows.day import bring, make_shop

OPERATOR = replace(SYSTEM, key="member:0190b5a0-0000-7000-8000-000000000001", name="小李")
MASKED = {"收件人": "王*", "收件人手机号": "170****5678", "详细地址": "测试路****"}
NUMBERS = [f"69{n:017d}" for n in range(1, 8)]


def _day(number: int) -> tuple[UUID, dict[str, UUID]]:
    """Four clean orders, one masked, two of a listing nobody knows; returns the shop and orders by number."""
    shop = make_shop(number)
    bring(number, "商品.csv", files.goods("HP-001", "HP-002"))
    bring(number, "报价.csv", files.prices(("恒达百货", "HP-001", "11.20"), ("恒达百货", "HP-002", "9.00")))
    orders = [{"主订单编号": n, "收件人": f"张三{i}"} for i, n in enumerate(NUMBERS[:4])]
    orders.append({"主订单编号": NUMBERS[4], **MASKED})
    strange = {"商家编码": "", "商品ID": "777", "选购商品": "神秘收纳盒", "商品规格": "蓝色"}
    orders += [{"主订单编号": n, "收件人": f"李四{n[-1]}", **strange} for n in NUMBERS[5:]]
    bring(number, "订单.csv", files.douyin(*orders), shop=shop)
    with tenant(number):
        rows = bulk.select("SELECT external_id, id FROM orders_order WHERE tenant_id = {tenant}")
    return shop, {str(n): i for n, i in rows}


def _tab(order: UUID) -> str:
    [(tab,)] = bulk.select("SELECT tab FROM orders_order WHERE tenant_id = {tenant} AND id = %s", [order])
    return str(tab)


def _listed(query: dict[str, str], actor: Actor = OPERATOR) -> list[str]:
    wanted = order_query.asked(query)
    rows, _ = order_desk.page(wanted.filter, actor, tab=wanted.tab, sort=wanted.sort)
    return [r.number for r in rows]


def test_counts_equal_lists_in_every_tab(tenant_number: int) -> None:
    _day(tenant_number)
    with tenant(tenant_number):
        counts = order_desk.counts(order_query.asked({}).filter, OPERATOR)
        assert counts == {"all": 7, "dispatch": 4, "hold": 1, "match": 2}
        for tab, n in counts.items():
            assert len(_listed({"tab": tab})) == n
            assert order_desk.total(order_query.asked({}).filter, OPERATOR, tab=tab) == n
        holds = order_desk.hold_counts(order_query.asked({}).filter, OPERATOR)
        assert holds["unmatched"] == len(_listed({"hold": "unmatched"})) == 2
        assert holds["recipient_masked"] == len(_listed({"hold": "recipient_masked"})) == 1


def test_pages_stay_whole_while_orders_arrive(tenant_number: int) -> None:
    shop, _ = _day(tenant_number)
    with tenant(tenant_number):
        first, cursor = order_desk.page(order_query.asked({}).filter, OPERATOR, sort="due", limit=3)
    late = [{"主订单编号": f"68{n:017d}", "承诺发货时间": "2026-11-21 08:00:00", "收件人": f"赵{n}"} for n in range(3)]
    bring(tenant_number, "又来了.csv", files.douyin(*late), shop=shop)
    seen = [r.number for r in first]
    with tenant(tenant_number):
        while cursor:
            rows, cursor = order_desk.page(order_query.asked({}).filter, OPERATOR, sort="due", cursor=cursor, limit=3)
            seen += [r.number for r in rows]
    assert len(seen) == len(set(seen))
    assert set(NUMBERS) <= set(seen)


@pytest.mark.parametrize("sort", sorted(order_desk.SORTS))
def test_every_sort_pages_through_all(tenant_number: int, sort: str) -> None:
    _day(tenant_number)
    with tenant(tenant_number):
        seen, cursor = [], ""
        while True:
            rows, cursor = order_desk.page(order_query.asked({}).filter, OPERATOR, sort=sort, cursor=cursor, limit=2)
            seen += [r.number for r in rows]
            if not cursor:
                break
        assert sorted(seen) == sorted(NUMBERS)


@pytest.mark.parametrize("sort", ["due", "-due", "ordered", "-ordered"])
def test_orders_without_a_moment_are_paged_once(tenant_number: int, sort: str) -> None:
    _day(tenant_number)
    with tenant(tenant_number):
        bulk.select(
            "UPDATE orders_order SET due_by = NULL, ordered_at = NULL WHERE tenant_id = {tenant}"
            " AND external_id = ANY(%s) RETURNING id",
            [NUMBERS[:3]],
        )
        seen, cursor = [], ""
        while True:
            rows, cursor = order_desk.page(order_query.asked({}).filter, OPERATOR, sort=sort, cursor=cursor, limit=1)
            seen += [r.number for r in rows]
            if not cursor:
                break
        assert sorted(seen) == NUMBERS
        unknown = seen[:3] if sort.startswith("-") else seen[-3:]
        assert sorted(unknown) == NUMBERS[:3]


def test_an_order_is_found_by_its_purchase(tenant_number: int) -> None:
    _, orders = _day(tenant_number)
    one = orders[NUMBERS[0]]
    with tenant(tenant_number):
        [placed], _ = route.dispatch([one], by=OPERATOR, run="r1")
        assert _listed({"numbers": placed.number}) == [NUMBERS[0]]
        assert sorted(_listed({"unfinished": "1"})) == NUMBERS
        assert order_bonds.sent_purchases(one) == []


def test_nobody_sees_or_touches_another_shop(tenant_number: int) -> None:
    _, orders = _day(tenant_number)
    other = make_shop(tenant_number, name="别家")
    stranger = replace(OPERATOR, shops=frozenset({other}))
    with tenant(tenant_number):
        assert _listed({}, stranger) == []
        assert order_desk.counts(order_query.asked({}).filter, stranger) == {"all": 0}
        assert match_desk.queue(stranger) == []
        one = orders[NUMBERS[0]]
        with pytest.raises(NotAllowed):
            order_detail.detail(one, stranger)
        with pytest.raises(NotAllowed):
            order_query.orders_of(Target((one,)), stranger)
        with pytest.raises(Invalid):
            order_query.orders_of(Target((), {}), stranger)
        [held] = [h for h, _, _ in order_bonds.open_holds([orders[NUMBERS[4]]], ["recipient_masked"])]
        with pytest.raises(NotAllowed):
            order_deeds.clear_holds(by=stranger, hold_ids=[held], why="试试")


def test_margins_are_for_those_who_may_see_them(tenant_number: int) -> None:
    _, orders = _day(tenant_number)
    viewer = replace(OPERATOR, permissions=frozenset({"orders.view"}))
    with tenant(tenant_number):
        assert order_detail.detail(orders[NUMBERS[0]], OPERATOR).order.margin_fen is not None
        assert order_detail.detail(orders[NUMBERS[0]], viewer).order.margin_fen is None
        with pytest.raises(NotAllowed):
            _listed({"sort": "-margin"}, viewer)
        with pytest.raises(NotAllowed):
            _listed({"losing": "1"}, viewer)


def test_orders_are_found_by_number_words_and_person(tenant_number: int) -> None:
    _day(tenant_number)
    with tenant(tenant_number):
        assert _listed({"numbers": f"{NUMBERS[1]},nowhere"}) == [NUMBERS[1]]
        assert sorted(_listed({"text": "神秘"})) == NUMBERS[5:]
        assert _listed({"text": "%"}) == []
        assert len(_listed({"text": "HP-001"})) == 5
        assert _listed({"person": person_search.token("张三2")}) == [NUMBERS[2]]
        assert len(_listed({"person": person_search.token("170 1234 5678")})) == 6
        assert len(_listed({"person": person_search.token("5678")})) == 6
        assert _listed({"person": person_search.token("5679")}) == []
        for bad in ({"person": "p.zz"}, {"shop": "x"}, {"tab": "held"}, {"paid_from": "昨天"}):
            with pytest.raises(Invalid):
                _listed(bad)
        with pytest.raises(Invalid):
            person_search.token("12345")


def test_a_hold_is_raised_cleared_and_the_word_taken_back(tenant_number: int) -> None:
    _, orders = _day(tenant_number)
    one = orders[NUMBERS[0]]
    with tenant(tenant_number):
        order_deeds.hold(by=OPERATOR, order_ids=[one], why="等买家回话")
        assert _tab(one) == "hold"
        done = order_deeds.clear_holds(by=OPERATOR, order_ids=[one], why="回话了")
        assert _tab(one) == "dispatch"
        undo.undo(token=done.undo, by=OPERATOR)
        assert _tab(one) == "hold"
        with pytest.raises(Conflict):
            undo.undo(token=done.undo, by=OPERATOR)


def test_a_clearance_stays_once_the_order_is_bought(tenant_number: int) -> None:
    _, orders = _day(tenant_number)
    one = orders[NUMBERS[0]]
    with tenant(tenant_number):
        order_deeds.hold(by=OPERATOR, order_ids=[one], why="等买家回话")
        done = order_deeds.clear_holds(by=OPERATOR, order_ids=[one], why="回话了")
        route.dispatch([one], by=OPERATOR, run="r1")
        with pytest.raises(Conflict, match="已经派单"):
            undo.undo(token=done.undo, by=OPERATOR)


def test_a_missing_fact_cannot_be_talked_away(tenant_number: int) -> None:
    _, orders = _day(tenant_number)
    with tenant(tenant_number):
        for kinds in ([], ["recipient_masked"]):
            with pytest.raises(Conflict):
                order_deeds.clear_holds(by=OPERATOR, order_ids=[orders[NUMBERS[4]]], kinds=kinds, why="发吧")
        assert _tab(orders[NUMBERS[4]]) == "hold"


def test_tags_and_remarks_over_a_filter_except_some_can_be_undone(tenant_number: int) -> None:
    _, orders = _day(tenant_number)
    with tenant(tenant_number):
        target = Target((), {"tab": "dispatch"}, (orders[NUMBERS[0]],))
        ids = order_query.orders_of(target, OPERATOR)
        assert len(ids) == 3
        done = order_deeds.tag(by=OPERATOR, order_ids=ids, add=["加急客户"], remove=[])
        assert len(_listed({"tag": "加急客户"})) == 3
        assert order_desk.tags() == ["加急客户"]
        undo.undo(token=done.undo, by=OPERATOR)
        assert _listed({"tag": "加急客户"}) == []
        with pytest.raises(Invalid):
            order_deeds.tag(by=OPERATOR, order_ids=ids, add=["a,b"], remove=[])
        noted = order_deeds.remark(by=OPERATOR, order_ids=ids[:1], text="留意包装")
        assert order_desk.one(ids[0], OPERATOR).remark == "留意包装"
        undo.undo(token=noted.undo, by=OPERATOR)
        assert order_desk.one(ids[0], OPERATOR).remark == ""


def test_a_typed_recipient_releases_the_order_and_outlives_later_files(tenant_number: int) -> None:
    shop, orders = _day(tenant_number)
    one = orders[NUMBERS[4]]
    with tenant(tenant_number):
        version = order_desk.one(one, OPERATOR).version
        wanted = {
            "province": "广东省",
            "city": "深圳市",
            "district": "南山区",
            "address": "科技园科苑路 15 号 2 栋 301",
        }
        order_people.edit(by=OPERATOR, order_id=one, version=version, name="赵六", phone="13912345678", **wanted)
        assert _tab(one) == "dispatch"
        with pytest.raises(Conflict):
            order_people.edit(by=OPERATOR, order_id=one, version=version, name="赵七", phone="13912345678", **wanted)
        with pytest.raises(Invalid) as refused:
            order_people.edit(by=OPERATOR, order_id=one, version=version, name="赵七", phone="139****5678", **wanted)
        assert refused.value.code == "recipient_masked"
    newer = {"主订单编号": NUMBERS[4], "收件人": "别人", "商家备注": "新备注"}
    bring(tenant_number, "订单20261124120000.csv", files.douyin(newer), shop=shop)
    with tenant(tenant_number):
        assert editing.opened(one)["name"] == "赵六"
        assert editing.opened(one)["seller_memo"] == "新备注"
        shown = order_detail.detail(one, OPERATOR)
        assert shown.edited
        assert "赵六" not in str(shown)
        assert "13912345678" not in str(shown)


def test_a_pasted_block_joins_recipients_and_names_what_it_cannot_use(tenant_number: int) -> None:
    _, orders = _day(tenant_number)
    lines = [
        f"{NUMBERS[4]} 孙七 13711112222 广东省 深圳市 南山区 科技园科苑路 15 号",
        "没有单号的一行",
        f"{'6' * 19} 王五 13700001111 浙江省 杭州市 西湖区 文三路 1 号",
    ]
    text = "\n".join(lines)
    with tenant(tenant_number):
        done = order_people.paste(by=OPERATOR, text=text)
        assert (done.joined, [n for n, _, _ in done.problems]) == (1, [2, 3])
        assert _tab(orders[NUMBERS[4]]) == "dispatch"
        with pytest.raises(Invalid):
            order_people.paste(by=OPERATOR, text=" \n ")


def test_opening_a_recipient_needs_a_reason_and_leaves_a_trace(tenant_number: int) -> None:
    _, orders = _day(tenant_number)
    one = orders[NUMBERS[0]]
    with tenant(tenant_number):
        with pytest.raises(Invalid):
            order_people.open_sealed(by=OPERATOR, order_id=one, what="recipient", reason=" ")
        said = order_people.open_sealed(by=OPERATOR, order_id=one, what="recipient", reason="联系买家")
        assert "张三0" in said
        assert "17012345678" in said
        entry = AuditEntry.objects.get(verb="sealed.open")
        assert (entry.object_id, entry.reason) == (one, "联系买家")
        assert "张三" not in entry.summary


def test_matching_once_releases_every_order_and_can_be_undone_until_bought(tenant_number: int) -> None:
    shop, orders = _day(tenant_number)
    strange = {"商家编码": "", "商品ID": "777", "选购商品": "神秘收纳盒", "商品规格": "蓝色"}
    bring(tenant_number, "订单2.csv", files.douyin({"主订单编号": "6990", "收件人": "钱七", **strange}), shop=shop)
    with tenant(tenant_number):
        # A third one that was cancelled is not waiting, and not told of.
        bulk.select(
            "UPDATE orders_order SET state = 'cancelled', tab = 'closed', step = 'closed' WHERE tenant_id = {tenant}"
            " AND external_id = '6990' RETURNING id"
        )
        [waiting] = match_desk.queue(OPERATOR)
        assert (waiting.orders, waiting.title, waiting.shop_id) == (2, "神秘收纳盒", shop)
        [sku, *_] = matching.find_skus("HP-002")
        done = matching.decide(by=OPERATOR, choices=[Choice(shop, waiting.listing_key, ((sku, 2),))])
        assert done.message == "2 单已放行"
        assert match_desk.queue(OPERATOR) == []
        wanted = bulk.select(
            "SELECT qty FROM orders_demand WHERE tenant_id = {tenant} AND sku_id = %s AND closed_cause = ''", [sku]
        )
        assert wanted == [(2,), (2,)]
        with pytest.raises(Conflict):
            matching.decide(by=OPERATOR, choices=[Choice(shop, waiting.listing_key, ((sku, 1),))])
        undo.undo(token=done.undo, by=OPERATOR)
        assert [w.orders for w in match_desk.queue(OPERATOR)] == [2]
        again = matching.decide(by=OPERATOR, choices=[Choice(shop, waiting.listing_key, ((sku, 1),))])
        route.dispatch([orders[NUMBERS[5]]], by=OPERATOR, run="r1")
        with pytest.raises(Conflict, match="已经派单"):
            undo.undo(token=again.undo, by=OPERATOR)


def test_a_line_that_sends_nothing_waits_for_nothing(tenant_number: int) -> None:
    shop, orders = _day(tenant_number)
    with tenant(tenant_number):
        [waiting] = match_desk.queue(OPERATOR)
        matching.decide(by=OPERATOR, choices=[Choice(shop, waiting.listing_key, (), ships=False)])
        assert _tab(orders[NUMBERS[5]]) != "match"
        assert bulk.select("SELECT 1 FROM orders_line WHERE tenant_id = {tenant} AND match = 'none'") == []


def test_the_catalogue_index_follows_the_catalogue(tenant_number: int) -> None:
    _day(tenant_number)
    with tenant(tenant_number):
        assert matching.index() is matching.index()
        assert matching.find_skus("HP-009") == []
    bring(tenant_number, "商品2.csv", files.goods("HP-009"))
    with tenant(tenant_number):
        assert len(matching.find_skus("hp-009")) == 1


def test_an_export_holds_the_columns_of_the_screen_masked_and_is_logged(tenant_number: int) -> None:
    from daifa.areas.mailroom.services import files as stored
    from daifa.areas.mailroom.services import tasks
    from daifa.kit.tabular.read import read_file

    _, orders = _day(tenant_number)
    ids = [str(i) for i in orders.values()]
    with tenant(tenant_number):
        task = order_export.start(by=OPERATOR, target=Target((), {}), columns=["number", "recipient"])
        assert AuditEntry.objects.filter(verb="orders.export").count() == 1
    order_export.write_orders.function(
        tenant_id=tenant_number, task_id=str(task), ids=ids, columns=["number", "recipient"], plain=False,
        by=[OPERATOR.key, OPERATOR.name], money=True,
    )  # fmt: skip
    with tenant(tenant_number):
        done = tasks.get(task)
        assert done.state == "done"
        assert done.file_id is not None
        [sheet] = read_file(stored.content(done.file_id), "x.xlsx")
        text = str(sheet.rows)
        assert all(n in text for n in NUMBERS)
        assert "17012345678" not in text
        assert "170****5678" in text


def test_the_detail_tells_the_whole_story(tenant_number: int) -> None:
    _, orders = _day(tenant_number)
    one = orders[NUMBERS[0]]
    with tenant(tenant_number):
        route.dispatch([one], by=OPERATOR, run="r1")
        shown = order_detail.detail(one, OPERATOR)
        assert [p.supplier for p in shown.purchases] == ["恒达百货"]
        assert shown.decisions[0].lines[0]["text"]
        assert shown.lines[0].parts[0].code == "HP-001"
        assert shown.lines[0].cost_fen == 1120
        [received] = [f for f in shown.history if f.kind == "received"]
        assert (received.file, received.row) == ("订单.csv", 2)
        with pytest.raises(NotFound):
            order_detail.detail(UUID(int=7), OPERATOR)


def test_late_means_past_its_deadline(tenant_number: int) -> None:
    from daifa.kit import clock

    _day(tenant_number)
    with tenant(tenant_number):
        bulk.select(
            "UPDATE orders_order SET due_by = %s WHERE tenant_id = {tenant} AND external_id = %s RETURNING id",
            [clock.now() - timedelta(hours=1), NUMBERS[0]],
        )
        bulk.select(
            "UPDATE orders_order SET due_by = %s WHERE tenant_id = {tenant} AND external_id <> %s RETURNING id",
            [clock.now() + timedelta(hours=1), NUMBERS[0]],
        )
        assert _listed({"late": "1"}) == [NUMBERS[0]]
