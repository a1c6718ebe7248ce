"""Files become orders: once, merged, never back to life."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations
from typing import Any
from uuid import UUID

import pytest

from daifa.areas.mailroom.services import imports, tasks
from daifa.areas.orders.services import recording
from daifa.base import bulk
from daifa.base.actor import SYSTEM
from daifa.base.tenancy import tenant
from daifa.flows import dispatching, import_run, order_files, shop_choice, undo
from daifa.kit import clock
from daifa.kit.errors import Conflict
from tests.browser import Company
from tests.flows import files
from tests.flows.day import bring, make_shop


def _orders(number: int) -> dict[str, tuple[object, ...]]:
    with tenant(number):
        rows = bulk.select(
            "SELECT external_id, state, refund, tab, recipient_state, paid_fen FROM orders_order"
            " WHERE tenant_id = {tenant}"
        )
    return {str(r[0]): r[1:] for r in rows}


def test_a_douyin_file_becomes_orders_ready_to_dispatch(tenant_number: int) -> None:
    shop = make_shop(tenant_number)
    assert bring(tenant_number, "商品.csv", files.goods("HP-001"))["new"] == 1
    bring(tenant_number, "报价.csv", files.prices(("恒达百货", "HP-001", "11.20")))
    done = bring(tenant_number, "订单.csv", files.douyin({"主订单编号": "6900000000000000001"}), shop=shop)
    assert (done["state"], done["new"], done["rejected"]) == ("done", 1, 0)
    assert _orders(tenant_number)["6900000000000000001"][:4] == ("paid", "none", "dispatch", "plain")


def test_the_same_file_again_changes_nothing(tenant_number: int) -> None:
    shop = make_shop(tenant_number)
    data = files.douyin({"主订单编号": "6900000000000000001"}, {"主订单编号": "6900000000000000002"})
    bring(tenant_number, "订单.csv", data, shop=shop)
    before = _orders(tenant_number)
    again = bring(tenant_number, "订单.csv", data, shop=shop)
    assert (again.get("new", 0), again["unchanged"]) == (0, 2)
    assert _orders(tenant_number) == before


def test_newer_state_merges_and_cancelled_stays_cancelled(tenant_number: int) -> None:
    shop = make_shop(tenant_number)
    number = "6900000000000000001"
    paid = files.douyin({"主订单编号": number})
    closed = files.douyin({"主订单编号": number, "订单状态": "已关闭", "取消原因": "买家取消"})
    bring(tenant_number, "订单20261120120000.csv", paid, shop=shop)
    assert bring(tenant_number, "订单20261121120000.csv", closed, shop=shop)["updated"] == 1
    assert _orders(tenant_number)[number][2] == "closed"
    bring(tenant_number, "订单20261122120000.csv", paid, shop=shop)
    assert _orders(tenant_number)[number][0] == "cancelled"


def test_the_same_number_under_another_shop_is_refused_by_name(tenant_number: int) -> None:
    first, second = make_shop(tenant_number), make_shop(tenant_number, name="二店")
    data = files.douyin({"主订单编号": "6900000000000000001"})
    bring(tenant_number, "订单.csv", data, shop=first)
    done = bring(tenant_number, "订单-二店.csv", data, shop=second)
    assert (done.get("new", 0), done["rejected"]) == (0, 1)


def test_an_unknown_code_waits_for_matching(tenant_number: int) -> None:
    shop = make_shop(tenant_number)
    bring(tenant_number, "订单.csv", files.douyin({"主订单编号": "69001", "商家编码": "没有"}), shop=shop)
    assert _orders(tenant_number)["69001"][2] == "match"


def _conflict(number: int) -> tuple[UUID, list[str]]:
    """The first order, and the reasons of its open number conflict."""
    with tenant(number):
        rows = bulk.select(
            "SELECT o.id, h.reason FROM orders_order o LEFT JOIN orders_hold h ON h.tenant_id = {tenant}"
            " AND h.order_id = o.id AND h.kind = 'number_conflict' AND h.state = 'open' WHERE o.tenant_id = {tenant}"
        )
    return rows[0][0], [str(r[1]) for r in rows if r[1]]


def _shop_of(number: int, order_id: UUID) -> set[str]:
    with tenant(number):
        return {
            str(name)
            for (name,) in bulk.select(
                "SELECT s.name FROM accounts_shop s WHERE s.tenant_id = {tenant} AND s.id IN"
                " (SELECT shop_id FROM orders_order WHERE tenant_id = {tenant} AND id = %s UNION"
                " SELECT shop_id FROM orders_line WHERE tenant_id = {tenant} AND order_id = %s)",
                [order_id, order_id],
            )
        }


def test_a_number_in_two_shops_files_holds_at_once_and_a_person_says_whose_it_is(tenant_number: int) -> None:
    n = tenant_number
    first, second = make_shop(n), make_shop(n, name="二店")
    bring(n, "商品.csv", files.goods("HP-001"))
    bring(n, "报价.csv", files.prices(("恒达百货", "HP-001", "11.20")))
    data = files.douyin({"主订单编号": "6900000000000000001"})
    bring(n, "订单.csv", data, shop=first)
    with tenant(n), pytest.raises(Conflict):
        shop_choice.choose(by=SYSTEM, order_id=_conflict(n)[0], move=False)
    bring(n, "订单-二店.csv", data, shop=second)
    order, reasons = _conflict(n)
    assert reasons == ["店铺“二店”的文件里也有这个单号，请认定是哪家店的"]
    # It stays, and the same shop's next file asks no more.
    with tenant(n):
        kept = shop_choice.choose(by=SYSTEM, order_id=order, move=False)
    bring(n, "订单-二店2.csv", data + b"\n", shop=second)
    assert (_conflict(n)[1], _shop_of(n, order)) == ([], {"家居旗舰店"})
    # Or it is the other's: lines and all; taken back, the question stands again.
    with tenant(n):
        undo.undo(token=kept.undo, by=SYSTEM)
    assert _conflict(n)[1] == reasons
    with tenant(n):
        moved = shop_choice.choose(by=SYSTEM, order_id=order, move=True)
    assert (_conflict(n)[1], _shop_of(n, order)) == ([], {"二店"})
    assert bring(n, "订单-二店3.csv", data + b"\n\n", shop=second)["rejected"] == 0
    with tenant(n):
        undo.undo(token=moved.undo, by=SYSTEM)
    assert (_conflict(n)[1], _shop_of(n, order)) == (reasons, {"家居旗舰店"})


def test_what_is_bought_for_a_shop_does_not_move(tenant_number: int) -> None:
    n = tenant_number
    first, second = make_shop(n), make_shop(n, name="二店")
    bring(n, "商品.csv", files.goods("HP-001"))
    bring(n, "报价.csv", files.prices(("恒达百货", "HP-001", "11.20")))
    data = files.douyin({"主订单编号": "6900000000000000001"})
    bring(n, "订单.csv", data, shop=first)
    order, _ = _conflict(n)
    with tenant(n):
        dispatching.dispatch(by=SYSTEM, order_ids=[order], stale_confirmed=[first])
    bring(n, "订单-二店.csv", data, shop=second)
    with pytest.raises(Conflict, match="撤销派单"), tenant(n):
        shop_choice.choose(by=SYSTEM, order_id=order, move=True)
    assert _shop_of(n, order) == {"家居旗舰店"}


def _stranger(i: int) -> dict[str, str]:
    """An order of somebody else each."""
    return {"主订单编号": f"69{i}", "收件人": f"王{i}", "收件人手机号": f"1380000123{i}", "详细地址": f"和平路{i}号"}


def _numbers(number: int) -> set[str]:
    return set(_orders(number))


def test_an_import_is_undone_without_what_something_hangs_on(tenant_number: int) -> None:
    n = tenant_number
    shop = make_shop(n)
    bring(n, "商品.csv", files.goods("HP-001"))
    bring(n, "报价.csv", files.prices(("恒达百货", "HP-001", "11.20")))
    bring(n, "订单20261120120000.csv", files.douyin({"主订单编号": "691", "卖家备注": ""}), shop=shop)
    wrong = files.douyin({"主订单编号": "691", "订单状态": "已关闭"}, *map(_stranger, (2, 3, 4)))
    done = bring(n, "订单20261121120000.csv", wrong, shop=shop)
    assert (done["new"], done["updated"]) == (3, 1)
    with tenant(n):
        ids = dict(bulk.select("SELECT external_id, id FROM orders_order WHERE tenant_id = {tenant}"))
        dispatching.dispatch(by=SYSTEM, order_ids=[ids["693"]], stale_confirmed=[shop])
    bring(n, "订单20261122120000.csv", files.douyin({"主订单编号": "694", "订单状态": "已关闭"}), shop=shop)
    with tenant(n):
        said = undo.undo(token=str(done["undo"]), by=SYSTEM)
    assert said == "已撤销导入，拿出了 1 单，2 单已经派单、有售后或被改过，留下了，更新过的 1 单保持现在的样子"
    assert _numbers(n) == {"691", "693", "694"}
    assert _orders(n)["691"][0] == "cancelled"
    with tenant(n):
        assert imports.get(UUID(str(done["id"]))).state == "undone"
        with pytest.raises(Conflict):
            undo.undo(token=str(done["undo"]), by=SYSTEM)
    # The right file brings it in again.
    assert bring(n, "订单20261123120000.csv", files.douyin({"主订单编号": "692"}), shop=shop)["new"] == 1


def test_an_import_whose_orders_are_all_bought_is_not_undone(tenant_number: int) -> None:
    n = tenant_number
    shop = make_shop(n)
    bring(n, "商品.csv", files.goods("HP-001"))
    bring(n, "报价.csv", files.prices(("恒达百货", "HP-001", "11.20")))
    done = bring(n, "订单.csv", files.douyin({"主订单编号": "691"}), shop=shop)
    with tenant(n):
        dispatching.dispatch(by=SYSTEM, stale_confirmed=[shop])
    with tenant(n), pytest.raises(Conflict, match="不能撤销"):
        undo.undo(token=str(done["undo"]), by=SYSTEM)
    assert _numbers(n) == {"691"}


def _fresh(number: int, shop: UUID) -> str:
    """How fresh the shop is by its files, day of the month in Beijing."""
    with tenant(number):
        [(at,)] = bulk.select("SELECT exported_as_of FROM accounts_shop WHERE tenant_id = {tenant} AND id = %s", [shop])
        return f"{at:%d}"


def test_an_export_that_is_taken_back_leaves_the_shop_as_fresh_as_before(tenant_number: int) -> None:
    n = tenant_number
    shop = make_shop(n)
    bring(n, "订单20261120120000.csv", files.douyin({"主订单编号": "691"}), shop=shop)
    wrong = bring(n, "订单20261122120000.csv", files.douyin(_stranger(2)), shop=shop)
    older = bring(n, "订单20261118120000.csv", files.douyin(_stranger(3)), shop=shop)
    assert _fresh(n, shop) == "22"
    with tenant(n):
        undo.undo(token=str(older["undo"]), by=SYSTEM)
    assert _fresh(n, shop) == "22"
    with tenant(n):
        undo.undo(token=str(wrong["undo"]), by=SYSTEM)
    assert _fresh(n, shop) == "20"


def test_an_import_stopped_while_its_worker_is_silent_can_be_taken_back(
    tenant_number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    n = tenant_number
    shop = make_shop(n)
    monkeypatch.setattr(order_files, "BATCH", 1)
    real = recording.record
    done = 0

    class Killed(BaseException):
        """As if the process had gone."""

    def dies(*given: Any, **named: Any) -> Any:
        nonlocal done
        done += 1
        if done == 2:
            raise Killed
        return real(*given, **named)

    data = files.douyin(*map(_stranger, (1, 2, 3)))
    with monkeypatch.context() as patch:
        patch.setattr(recording, "record", dies)
        with pytest.raises(Killed):
            bring(n, "订单20261120120000.csv", data, shop=shop)
    [(import_id, task_id)] = _imports(n)
    with clock.frozen(clock.now() + timedelta(minutes=10)), tenant(n):
        tasks.ask_cancel(by=SYSTEM, task_id=task_id)
    # Whoever takes the job up finds it cancelled.
    import_run.perform(n, import_id)
    with tenant(n):
        row = imports.get(import_id)
        assert (row.state, row.counts["new"]) == ("cancelled", 1)
        assert undo.undo(token=str(row.counts["undo"]), by=SYSTEM) == "已撤销导入，拿出了 1 单"
    assert _numbers(n) == set()


def _imports(number: int) -> list[tuple[UUID, UUID]]:
    with tenant(number):
        return bulk.select("SELECT id, task_id FROM mailroom_import WHERE tenant_id = {tenant}")


AFTER_SALE = "售后单号,订单号,商品单号,售后状态,售后类型,退商品金额(元),售后申请时间,售后完结时间".split(",")


def _refunds(*rows: tuple[str, str, str, str]) -> bytes:
    """An after-sale export: (case, order, state, yuan)."""
    made = [
        {"售后单号": case, "订单号": order, "商品单号": order, "售后状态": state, "售后类型": "仅退款",
         "退商品金额(元)": yuan, "售后申请时间": "2026-11-20 11:00:00"}
        for case, order, state, yuan in rows
    ]  # fmt: skip
    return files.csv_bytes(AFTER_SALE, made)


def _after_sale(number: int) -> list[tuple[object, ...]]:
    with tenant(number):
        return bulk.select(
            "SELECT o.external_id, o.state, o.refund, o.refunded_fen, o.tab, c.external_id, c.state, c.amount_fen,"
            " c.waiting::text FROM orders_order o LEFT JOIN support_case c ON c.tenant_id = {tenant}"
            " AND c.order_id = o.id WHERE o.tenant_id = {tenant} ORDER BY o.external_id, c.external_id"
        )


def test_after_sale_files_before_or_after_their_orders_give_the_same_orders(transactional_db: None) -> None:
    half = (("R1", "691", "待商家处理", "5.00"), ("R2", "691", "退款成功", "3.00"))
    first = _refunds(*half, ("R3", "692", "退款成功", "39.90"))
    later = _refunds(("R1", "691", "退款成功", "5.00"))
    given = {
        "售后20261121120000.csv": first,
        "售后20261122120000.csv": later,
        "订单20261120120000.csv": files.douyin({"主订单编号": "691"}, _stranger(2)),
    }
    ends = []
    for names in permutations(given):
        n = Company().number
        shop = make_shop(n)
        for name in names:
            done = bring(n, name, given[name], shop=shop)
            assert (done["state"], done["rejected"]) == ("done", 0)
        ends.append(_after_sale(n))
    assert all(end == ends[0] for end in ends), ends
    assert [row[5] for row in ends[0]] == ["R1", "R2", "R3"]
    assert [row[3] for row in ends[0]] == [800, 800, 3990]


def test_a_case_without_its_order_is_told(tenant_number: int) -> None:
    shop = make_shop(tenant_number)
    done = bring(tenant_number, "售后20261121120000.csv", _refunds(("R1", "691", "退款成功", "5")), shop=shop)
    assert (done["waiting"], done["message"]) == (1, "有 1 单还没有导入，它们的售后已记下，导入订单后自动生效")
