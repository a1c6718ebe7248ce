"""Suppliers' numbers: recorded once, counted together, kept when doubtful, taken back without a trace."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

import pytest
from django.db import IntegrityError

from daifa.areas.logistics.services import claims
from daifa.areas.mailroom.services import imports
from daifa.areas.purchasing.services import purchases
from daifa.base import bulk
from daifa.base.actor import SYSTEM
from daifa.base.tenancy import tenant
from daifa.flows import advance, import_cards, order_people, undo
from daifa.flows.steps import route
from daifa.reads import order_desk
from daifa.reads.order_filters import OrderFilter
from tests.flows import files
from tests.flows.day import bring, make_shop

HEADER = ["采购单号", "收件人", "数量", "快递公司", "快递单号"]
GOOD = "73123456789012"


def sent(number: int, *orders: Mapping[str, str]) -> tuple[UUID, list[tuple[str, str]]]:
    """A Douyin day whose purchases were sent: the shop, and (our number, order number) of each purchase."""
    shop = make_shop(number)
    bring(number, "商品.csv", files.goods("HP-001", "HP-002"))
    bring(number, "报价.csv", files.prices(("恒达百货", "HP-001", "11.20"), ("恒达百货", "HP-002", "5.00")))
    bring(number, "订单.csv", files.douyin(*orders), shop=shop)
    with tenant(number):
        ids = [i for (i,) in bulk.select("SELECT id FROM orders_order WHERE tenant_id = {tenant} ORDER BY external_id")]
        placed, _ = route.dispatch(ids, by=SYSTEM, run="r1")
        purchases.mark_sent([p.id for p in placed])
        advance.settle(ids)
        rows = bulk.select(
            "SELECT p.number, o.external_id FROM purchasing_purchaseorder p JOIN orders_order o"
            " ON o.tenant_id = {tenant} AND o.id = p.order_id WHERE p.tenant_id = {tenant} ORDER BY o.external_id"
        )
    return shop, [(str(a), str(b)) for a, b in rows]


def returned(*rows: Sequence[str]) -> bytes:
    """A supplier's sheet."""
    return files.csv_bytes(HEADER, [dict(zip(HEADER, row, strict=True)) for row in rows])


def state_of(number: int) -> dict[str, list[tuple[object, ...]]]:
    """Everything that recording a parcel touches, as it stands."""
    asked = {
        "parcels": "SELECT tracking_number, courier, state, live FROM logistics_parcel WHERE tenant_id = {tenant}"
        " ORDER BY 1",
        "lines": "SELECT qty, shipped_qty, state FROM purchasing_purchaseline WHERE tenant_id = {tenant} ORDER BY id",
        "demands": "SELECT qty, assigned_qty, shipped_qty FROM orders_demand WHERE tenant_id = {tenant} ORDER BY id",
        "reports": "SELECT tracking_number, state, version FROM logistics_shipmentreport WHERE tenant_id = {tenant}"
        " ORDER BY 1, 3",
        "orders": "SELECT external_id, step FROM orders_order WHERE tenant_id = {tenant} ORDER BY 1",
        "purchases": "SELECT state FROM purchasing_purchaseorder WHERE tenant_id = {tenant} ORDER BY number",
        "claims": "SELECT state, reason FROM logistics_trackingclaim WHERE tenant_id = {tenant} ORDER BY row, id",
    }
    with tenant(number):
        return {name: bulk.select(sql) for name, sql in asked.items()}


def test_a_supplier_file_becomes_parcels_with_counts_and_reports(tenant_number: int) -> None:
    _, [(ours, _)] = sent(tenant_number, {"主订单编号": "6901", "商品数量": "2"})
    done = bring(tenant_number, "回单.csv", returned((ours, "王小明", "2", "中通", GOOD)), kind="tracking")
    assert (done["state"], done["new"], done["doubtful"], done["rejected"]) == ("done", 1, 0, 0)
    now = state_of(tenant_number)
    assert now["parcels"] == [(GOOD, "ZTO", "announced", True)]
    assert now["lines"] == [(2, 2, "shipped")]
    assert now["demands"] == [(2, 2, 2)]
    assert now["reports"] == [(GOOD, "waiting", 1)]
    assert now["orders"] == [("6901", "report")]
    assert now["purchases"] == [("shipped",)]
    with tenant(tenant_number):
        [row] = order_desk.page(OrderFilter(), SYSTEM, tab="report")[0]
    assert [(p.courier, p.number) for p in row.parcels] == [("中通快递", GOOD)], "people read names, not codes"


def test_the_same_file_again_changes_nothing(tenant_number: int) -> None:
    _, [(ours, _), _] = sent(tenant_number, {"主订单编号": "6901"}, {"主订单编号": "6902", "收件人": "李四"})
    data = returned((ours, "王小明", "1", "中通", GOOD), ("P261125-没有-009", "谁", "1", "中通", "73123456789099"))
    bring(tenant_number, "回单.csv", data, kind="tracking")
    before = state_of(tenant_number)
    assert [c[0] for c in before["claims"]] == ["unusable"]
    again = bring(tenant_number, "回单-又发一次.csv", data, kind="tracking")
    assert (again["new"], again["unchanged"], again["rejected"]) == (0, 1, 1)
    assert state_of(tenant_number) == before


def test_more_than_bought_is_refused_by_the_database_and_changes_nothing(tenant_number: int) -> None:
    sent(tenant_number, {"主订单编号": "6901"})
    before = state_of(tenant_number)
    with tenant(tenant_number):
        [(assignment,)] = bulk.select("SELECT id FROM purchasing_assignment WHERE tenant_id = {tenant}")
    with pytest.raises(IntegrityError, match="purchase_line_shipped"), tenant(tenant_number):
        purchases.ship_lines([(assignment, 2)])
    assert state_of(tenant_number) == before


def test_too_many_pieces_wait_for_a_person(tenant_number: int) -> None:
    _, [(ours, _)] = sent(tenant_number, {"主订单编号": "6901"})
    done = bring(tenant_number, "回单.csv", returned((ours, "王小明", "5", "中通", GOOD)), kind="tracking")
    assert (done["new"], done["doubtful"]) == (0, 1)
    with tenant(tenant_number):
        shown = import_cards.result(imports.get(UUID(str(done["id"]))))
    there = f"/tracking?imported={done['id']}"
    assert shown["next"] == {"label": "先看 1 行", "to": there}
    outcomes = shown["outcomes"]
    assert isinstance(outcomes, list)
    assert {o["key"]: o["to"] for o in outcomes}["doubtful"] == there
    now = state_of(tenant_number)
    assert now["parcels"] == []
    assert now["demands"] == [(1, 1, 0)]
    bring(tenant_number, "回单2.csv", returned((ours, "王小明", "1", "中通", GOOD)), kind="tracking")
    with tenant(tenant_number):
        later = import_cards.result(imports.get(UUID(str(done["id"]))))
    assert (shown["to_look"], later["to_look"], later["next"]) == (1, 0, {"label": "去上传平台", "to": "/upload"})
    assert "写了 5 件" in str(now["claims"][0][1])


def test_an_order_in_two_boxes_is_shipped_in_two_steps(tenant_number: int) -> None:
    _, [(ours, _)] = sent(tenant_number, {"主订单编号": "6901", "商品数量": "3"})
    bring(tenant_number, "一.csv", returned((ours, "王小明", "2", "中通", GOOD)), kind="tracking")
    now = state_of(tenant_number)
    assert (now["lines"], now["purchases"]) == ([(3, 2, "part_shipped")], [("part_shipped",)])
    bring(tenant_number, "二.csv", returned((ours, "王小明", "1", "圆通", "YT1234567890123")), kind="tracking")
    now = state_of(tenant_number)
    assert (now["lines"], now["demands"]) == ([(3, 3, "shipped")], [(3, 3, 3)])
    assert len(now["reports"]) == 2


def test_undo_leaves_everything_as_it_was(tenant_number: int) -> None:
    _, [(ours, _)] = sent(tenant_number, {"主订单编号": "6901"})
    before = state_of(tenant_number)
    done = bring(tenant_number, "回单.csv", returned((ours, "王小明", "1", "中通", GOOD)), kind="tracking")
    with tenant(tenant_number):
        undo.undo(token=str(done["undo"]), by=SYSTEM)
    after = state_of(tenant_number)
    assert after["parcels"] == [(GOOD, "ZTO", "void", False)]
    assert after["reports"] == [(GOOD, "void", 1)]
    assert {k: after[k] for k in ("lines", "demands", "orders", "purchases")} == {
        k: before[k] for k in ("lines", "demands", "orders", "purchases")
    }
    again = bring(tenant_number, "回单2.csv", returned((ours, "王小明", "1", "中通", GOOD)), kind="tracking")
    assert again["new"] == 1


def test_what_was_said_is_sealed_and_shown_masked(tenant_number: int) -> None:
    _, [(ours, _)] = sent(tenant_number, {"主订单编号": "6901"})
    bring(tenant_number, "回单.csv", returned((ours, "赵六七", "1", "中通", GOOD)), kind="tracking")
    with tenant(tenant_number):
        [claim] = claims.listed(states=["doubtful"])
        raw = bulk.select(
            "SELECT sealed, reason, suggestion::text FROM logistics_trackingclaim WHERE tenant_id = {tenant}"
        )
    assert "赵**" in claim.said
    assert "赵六七" not in claim.said
    assert "收件人姓名对不上" in claim.reason
    assert "赵六七".encode() not in bytes(raw[0][0])
    assert "赵六七" not in f"{raw[0][1]}{raw[0][2]}"


def test_the_rows_of_a_file_add_up_whatever_stands_in_their_cells(tenant_number: int) -> None:
    people = ("王小明", "李四", "赵六", "孙七")
    orders = [{"主订单编号": f"690{n}", "收件人": who} for n, who in enumerate(people)]
    _, [(one, _), (two, _), (three, _), (four, _)] = sent(tenant_number, *orders)
    data = returned(
        (one, people[0], "1", "中通", GOOD),
        # Two numbers for one purchase: two boxes to ask about, one row.
        (two, people[1], "", "中通", "73123456789013/73123456789014"),
        (three, people[2], "1", "中通", "缺货/明天发"),
        (four, people[3], "1", "中通", "7.3123456789E+13"),
        (four, people[3], "1", "中通", ""),
        ("P261125-没有-009", "谁", "1", "中通", "73123456789099/73123456789098"),
    )
    done = bring(tenant_number, "回单.csv", data, kind="tracking")
    counts = [done[key] for key in ("new", "doubtful", "unusable", "unchanged", "untold")]
    assert counts == [1, 1, 3, 0, 1]
    assert done["rejected"] == done["unusable"]
    assert done["message"] == "✔ 对上了 1 · ? 请看一下 1 · ✖ 不能用 3 · 还没有单号 1（共 6 行）"
    with tenant(tenant_number):
        shown = import_cards.result(imports.get(UUID(str(done["id"]))))
        fates = imports.outcomes(UUID(str(done["id"])))
        cell = [c for c in claims.listed(states=["unusable"]) if c.row == 4]
    values = {o["key"]: o["value"] for o in shown["outcomes"]}  # type: ignore[attr-defined]
    assert (values, shown["rejected_total"]) == ({"new": 1, "doubtful": 1, "unchanged": 0, "untold": 1}, 3)
    assert fates == {"new": 1, "doubtful": 1, "rejected": 3}
    assert len(cell) == 1


def test_a_number_that_excel_rounded_is_on_the_unusable_pile(tenant_number: int) -> None:
    _, [(ours, _), (other, _)] = sent(tenant_number, {"主订单编号": "6901"}, {"主订单编号": "6902", "收件人": "李四"})
    data = returned((ours, "王小明", "1", "中通", GOOD), (other, "李四", "1", "中通", "7.3123456789E+13"))
    done = bring(tenant_number, "回单.csv", data, kind="tracking")
    assert (done["new"], done["unusable"]) == (1, 1)
    assert "✖ 不能用 1" in str(done["message"])
    with tenant(tenant_number):
        [kept] = claims.listed(states=["unusable"])
        assert (kept.kind, kept.row) == ("precision", 3)
        assert "科学计数" in kept.reason
        assert "回单.csv 第 3 行" in kept.said
    bring(tenant_number, "回单.csv", data, kind="tracking")
    with tenant(tenant_number):
        assert len(claims.listed(states=["unusable"])) == 1


def told(number: int) -> list[tuple[str, str]]:
    """The changes that suppliers are to be told of."""
    with tenant(number):
        return bulk.select("SELECT kind, text FROM purchasing_amendment WHERE tenant_id = {tenant} ORDER BY created_at")


FIRST, SECOND = "6900000000000000001", "6900000000000000002"


def test_a_recipient_pasted_or_filed_after_sending_is_a_change_for_the_supplier(tenant_number: int) -> None:
    sent(tenant_number, {"主订单编号": FIRST}, {"主订单编号": SECOND, "收件人": "李四"})
    block = f"{FIRST} 赵六 13900001234 浙江省杭州市西湖区文三路 9 号"
    with tenant(tenant_number):
        assert order_people.paste(by=SYSTEM, text=block).joined == 1
    assert told(tenant_number) == [("address", f"订单 {FIRST} 的收货地址改了，请按新地址发货。")]
    with tenant(tenant_number):
        order_people.paste(by=SYSTEM, text=block)
    assert len(told(tenant_number)) == 1
    header = ("订单号", "收件人", "手机", "收货地址")
    row = dict(zip(header, (SECOND, "钱七", "13900005678", "浙江省杭州市西湖区文三路 8 号"), strict=True))
    bring(tenant_number, "收件人.csv", files.csv_bytes(header, [row]))
    assert told(tenant_number)[1:] == [("address", f"订单 {SECOND} 的收货地址改了，请按新地址发货。")]
