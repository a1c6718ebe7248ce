"""Memos and flags that people write here: told to the platform, the last wins; kept here where it cannot be told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from uuid import UUID

import pytest

from daifa.base.tenancy import tenant
from daifa.flows import advance, memos, order_people
from daifa.flows.order_deeds import Done
from daifa.kit.errors import Invalid
from daifa.reads import order_desk, order_detail, order_query
from daifa.reads.memo_facts import MemoOut
from daifa.simulator.living.world import Living
from tests.flows import files
from tests.flows.api_company import BOSS, Company, company
from tests.flows.day import bring, make_shop

REMARK = "order.addOrderRemark"


@pytest.fixture
def ours(tenant_number: int, tmp_path: Path) -> Iterator[Company]:
    with company(tenant_number, tmp_path, dial="manual") as made:
        yield made


def write(number: int, orders: Sequence[UUID], text: str | None, flag: str = "") -> Done:
    with tenant(number):
        return memos.write(by=BOSS, order_ids=orders, text=text, flag=flag)


def shown(number: int, order: UUID) -> MemoOut:
    with tenant(number):
        found = order_detail.detail(order, BOSS).memo
    assert found is not None
    return found


def there(ours: Company, number: str) -> tuple[str, str]:
    """Memo and flag by the world's books."""
    order = ours.world.within(lambda world: world.books.order("douyin", number))
    assert order is not None
    return order.memo, order.flag


def notes(ours: Company, order: UUID) -> str:
    with tenant(ours.number):
        return order_people.open_sealed(by=BOSS, order_id=order, what="notes", reason="核对")


def holds(number: int, order: UUID) -> list[str]:
    with tenant(number):
        return [h.kind for h in order_desk.one(order, BOSS).holds]


def test_several_orders_are_written_once_and_read_back(ours: Company) -> None:
    numbers = [ours.order(), ours.order()]
    ids = [_id(ours, n) for n in numbers]
    done = write(ours.number, ids, "等买家回复颜色，先别发", "红")
    assert done.message == "2 单正在写回平台"
    assert shown(ours.number, ids[0]).state == "writing"
    ours.work_shop()
    for number, i in zip(numbers, ids, strict=True):
        assert there(ours, number) == ("等买家回复颜色，先别发", "红")
        assert (shown(ours.number, i).state, ours.deeds(i)) == ("written", [("memo", "confirmed")])
        with tenant(ours.number):
            assert order_desk.one(i, BOSS).flag == "红"
        # Our own words ask nobody anything.
        assert "note_asks" not in holds(ours.number, i)
    assert notes(ours, ids[0]) == "卖家备注：等买家回复颜色，先别发"


def _id(ours: Company, number: str) -> UUID:
    with tenant(ours.number):
        return ours.id_of(number)


def test_somebody_elses_words_in_the_memo_still_hold_the_order(ours: Company) -> None:
    number = ours.order()
    i = _id(ours, number)
    write(ours.number, [i], "改发红色")
    ours.work_shop()
    assert "note_asks" not in holds(ours.number, i)
    ours.door.post(f"/orders/douyin/{number}/memo", {"memo": "改发红色，再换成顺丰"})
    ours.pass_time(1)
    ours.read()
    assert "note_asks" in holds(ours.number, i)


def test_the_last_writing_wins_and_what_it_leaves_alone_is_kept(ours: Company) -> None:
    number = ours.order()
    i = _id(ours, number)
    write(ours.number, [i], "第一次", "紫")
    write(ours.number, [i], None, "绿")
    ours.work_shop()
    assert there(ours, number) == ("第一次", "绿")
    assert ours.deeds(i) == [("memo", "void"), ("memo", "confirmed")]
    # What somebody wrote in the platform's own back office is not lost by a flag alone.
    ours.pass_time(1)
    ours.door.post(f"/orders/douyin/{number}/memo", {"memo": "后台写的"})
    write(ours.number, [i], None, "橙")
    ours.work_shop(minutes=1)
    assert there(ours, number) == ("后台写的", "橙")
    write(ours.number, [i], "")
    ours.work_shop()
    assert there(ours, number) == ("", "橙")


def test_a_lost_answer_is_looked_up_and_not_doubted_for_ever(ours: Company) -> None:
    number = ours.order()
    i = _id(ours, number)
    ours.door.post("/faults", {"name": "http_5xx_after", "company": "douyin", "method": REMARK, "count": 1})
    write(ours.number, [i], "写一次", "红")
    ours.work_shop()
    assert shown(ours.number, i).state == "writing"
    ours.work_shop(minutes=1)
    assert shown(ours.number, i).state == "written"
    ours.door.post("/faults", {"name": "http_5xx", "company": "douyin", "method": REMARK, "count": 1})
    write(ours.number, [i], "写两次")
    ours.work_shop()
    for _ in range(4):
        ours.work_shop(minutes=1)
    assert (shown(ours.number, i).state, there(ours, number)[0]) == ("written", "写两次")


def test_a_refusal_says_why(ours: Company) -> None:
    number = ours.order()
    i = _id(ours, number)
    done = write(ours.number, [i], "长" * 61, "红")
    assert [x.reason for x in done.left] == ["备注最多 60 个字，现在 61 个"]
    done = write(ours.number, [i], "好", "黄")
    assert "没有黄旗" in done.left[0].reason
    with tenant(ours.number), pytest.raises(Invalid):
        memos.write(by=BOSS, order_ids=[i], text=None)
    assert ours.deeds(i) == []

    def give_away(world: Living) -> None:
        order = world.books.order("douyin", number)
        assert order is not None
        order.shop = "another"

    ours.world.within(give_away)
    write(ours.number, [i], "好", "红")
    ours.work_shop()
    memo = shown(ours.number, i)
    assert memo.state == "refused"
    assert "核对" in memo.reason
    # The next writing takes its place.
    write(ours.number, [i], "再写")
    assert ours.deeds(i) == [("memo", "void"), ("memo", "ready")]


def test_a_shop_without_an_interface_keeps_it_here_and_says_so(tenant_number: int) -> None:
    shop = make_shop(tenant_number)
    bring(tenant_number, "商品.csv", files.goods("HP-001"))
    data = files.douyin({"主订单编号": "6901"})
    bring(tenant_number, "订单20261124120000.csv", data, shop=shop)
    with tenant(tenant_number):
        [row] = order_desk.page(order_query.asked({}).filter, BOSS)[0]
    done = write(tenant_number, [row.id], "改发红色", "黄")
    assert done.message == "1 单的店铺没有接口，只记在本系统，平台上没有"
    assert shown(tenant_number, row.id).state == "here"
    with tenant(tenant_number):
        advance.advance([row.id])
        [row] = order_desk.page(order_query.asked({"flag": "黄"}).filter, BOSS)[0]
        assert (row.flag, row.has_memo) == ("黄", True)
        assert "我们写的备注：改发红色" in order_people.open_sealed(
            by=BOSS, order_id=row.id, what="notes", reason="核对"
        )  # fmt: skip
    assert "note_asks" not in holds(tenant_number, row.id)
    # The flag stands above the next file, and a memo of its own does not need the flag again.
    bring(
        tenant_number, "订单20261125120000.csv", files.douyin({"主订单编号": "6901", "订单状态": "已发货"}), shop=shop
    )
    write(tenant_number, [row.id], "再记一条")
    with tenant(tenant_number):
        assert order_desk.one(row.id, BOSS).flag == "黄"
