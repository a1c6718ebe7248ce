"""Ship files: what waits goes in once, refunds stay out with a reason, the next export confirms."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from uuid import UUID

import pytest

from daifa.areas.logistics.services import reports
from daifa.areas.orders.rules.steps import STEP_LABELS, Step
from daifa.areas.purchasing.services import purchases
from daifa.base import bulk
from daifa.base.actor import SYSTEM
from daifa.base.tenancy import tenant
from daifa.flows import advance, reporting, ship_templates, undo
from daifa.flows.steps import route
from daifa.kit.errors import Conflict, Invalid
from daifa.kit.tabular.read import read_file
from daifa.reads import order_desk, order_detail, recent_deeds, telling, today, upload_desk
from daifa.reads.order_filters import OrderFilter
from tests.flows import files
from tests.flows.day import bring, make_shop
from tests.flows.test_tracking import GOOD, returned, sent, state_of

OTHER = "YT1234567890123"


def shipped(number: int, *orders: Mapping[str, str]) -> UUID:
    """A Douyin day with a number for each order."""
    shop, pairs = sent(number, *orders)
    rows = [(ours, "", "", "中通", f"{int(GOOD) + n}") for n, (ours, _) in enumerate(pairs)]
    bring(number, "回单.csv", returned(*rows), kind="tracking")
    return shop


def made(number: int) -> tuple[UUID, list[list[str]]]:
    """Make and download the one file; its id and rows."""
    with tenant(number):
        [one] = reporting.make(reporting.shops_of(SYSTEM), by=SYSTEM).files
        name, data = reporting.hand_out([one.id], by=SYSTEM)
    [sheet] = read_file(data, name)
    return one.id, [[str(c) for c in row] for row in sheet.rows]


def file_states(number: int) -> list[tuple[object, ...]]:
    """Files and their rows."""
    with tenant(number):
        return bulk.select(
            "SELECT state, rows FROM logistics_shipfile WHERE tenant_id = {tenant} ORDER BY created_at, id"
        )


def test_what_waits_goes_into_the_platforms_template_once(tenant_number: int) -> None:
    shipped(tenant_number, {"主订单编号": "6901"}, {"主订单编号": "6902", "收件人": "李四"})
    _, rows = made(tenant_number)
    assert rows == [
        ["订单号", "快递公司", "快递单号"],
        ["6901", "中通快递", GOOD],
        ["6902", "中通快递", "73123456789013"],
    ]
    now = state_of(tenant_number)
    assert [r[1] for r in now["reports"]] == ["in_file", "in_file"]
    assert [o[1] for o in now["orders"]] == ["upload", "upload"]
    assert file_states(tenant_number) == [("downloaded", 2)]
    with pytest.raises(Invalid, match="没有新的单号"), tenant(tenant_number):
        reporting.make(reporting.shops_of(SYSTEM), by=SYSTEM)


def test_a_shop_with_nothing_to_upload_says_how_many_its_suppliers_have(tenant_number: int) -> None:
    shop, _ = sent(tenant_number, {"主订单编号": "6901"}, {"主订单编号": "6902", "收件人": "李四"})
    with tenant(tenant_number):
        assert upload_desk.at_suppliers([shop]) == {shop: 2}
        assert upload_desk.at_suppliers([]) == {}


def test_uploaded_by_hand_then_confirmed_by_the_next_export(tenant_number: int) -> None:
    shop = shipped(tenant_number, {"主订单编号": "6901"})
    file_id, _ = made(tenant_number)
    with tenant(tenant_number):
        token = reporting.uploaded([file_id], by=SYSTEM)
    assert state_of(tenant_number)["orders"] == [("6901", "confirm")]
    with tenant(tenant_number):
        undo.undo(token=token, by=SYSTEM)
    assert state_of(tenant_number)["orders"] == [("6901", "upload")]
    with tenant(tenant_number):
        reporting.uploaded([file_id], by=SYSTEM)
    data = files.douyin({"主订单编号": "6901", "订单状态": "已发货"})
    assert bring(tenant_number, "订单20261124120000.csv", data, shop=shop)["updated"] == 1
    now = state_of(tenant_number)
    assert now["reports"] == [(GOOD, "confirmed", 1)]
    assert now["orders"] == [("6901", "follow")]
    assert file_states(tenant_number) == [("confirmed", 1)]


def test_what_is_said_of_uploaded_files_counts_their_orders(tenant_number: int) -> None:
    shipped(tenant_number, {"主订单编号": "6901"}, {"主订单编号": "6902", "收件人": "李四"})
    file_id, _ = made(tenant_number)
    with tenant(tenant_number):
        reporting.uploaded([file_id], by=SYSTEM)
        said = [d.text for d in recent_deeds.newest(SYSTEM)]
    assert "标记 1 个文件已上传（2 单）" in said


def test_an_order_tells_its_own_shops_file_and_one_truth_of_its_number(tenant_number: int) -> None:
    """Several shops' files are marked at once; the drawer's header, its box and its history speak of the same fact."""
    shop = shipped(tenant_number, {"主订单编号": "6901"})
    other = make_shop(tenant_number, name="家居二店")
    bring(tenant_number, "订单2.csv", files.douyin({"主订单编号": "6950", "收件人": "李四"}), shop=other)
    with tenant(tenant_number):
        [second] = order_desk.ids(OrderFilter(shop=[other]), SYSTEM)
        [placed], _ = route.dispatch([second], by=SYSTEM, run="r2")
        purchases.mark_sent([placed.id])
        advance.settle([second])
    bring(tenant_number, "回单2.csv", returned((placed.number, "", "", "中通", "73123456789099")), kind="tracking")
    with tenant(tenant_number):
        written = reporting.make(reporting.shops_of(SYSTEM), by=SYSTEM).files
        reporting.hand_out([f.id for f in written], by=SYSTEM)
        reporting.uploaded([f.id for f in written], by=SYSTEM)
        names = {f.shop_id: f.name for f in written}
        for mine, order in ((shop, order_desk.ids(OrderFilter(shop=[shop]), SYSTEM)[0]), (other, second)):
            seen = order_detail.detail(order, SYSTEM)
            assert seen.order.reason == "已上传，等平台确认"
            assert [p.reported_label for p in seen.parcels] == ["已上传，待平台确认"]
            [told] = [f.text for f in seen.history if "已上传平台" in f.text]
            assert told == f"发货单号已上传平台（{names[mine]}）"


def test_a_box_is_told_by_its_newest_version(tenant_number: int) -> None:
    shipped(tenant_number, {"主订单编号": "6901"})
    file_id, _ = made(tenant_number)
    with tenant(tenant_number):
        reporting.uploaded([file_id], by=SYSTEM)
        [(report,)] = bulk.select("SELECT id FROM logistics_shipmentreport WHERE tenant_id = {tenant}")
        reporting.refuse([report], reason="单号不对", by=SYSTEM)
        [order] = order_desk.ids(OrderFilter(), SYSTEM)
        assert [p.reported_label for p in order_detail.detail(order, SYSTEM).parcels] == ["平台未通过"]
        reporting.again([report], by=SYSTEM)
    file_id, _ = made(tenant_number)
    with tenant(tenant_number):
        assert [p.reported_label for p in order_detail.detail(order, SYSTEM).parcels] == ["已生成文件"]


@pytest.mark.parametrize(
    ("said", "why"),
    [({"订单状态": "已关闭", "取消原因": "买家取消"}, "订单已取消"), ({"售后状态": "待商家处理"}, "申请了退款")],
)
def test_a_cancelled_or_refunding_order_stays_out_and_says_why(
    tenant_number: int, said: dict[str, str], why: str
) -> None:
    shop = shipped(tenant_number, {"主订单编号": "6901"}, {"主订单编号": "6902", "收件人": "李四"})
    data = files.douyin({"主订单编号": "6901", **said})
    bring(tenant_number, "订单20261124120000.csv", data, shop=shop)
    with tenant(tenant_number):
        [plan] = reporting.plans(reporting.shops_of(SYSTEM))
        assert [x.order_no for x in plan.files.left_out] == ["6901"]
        assert why in plan.files.left_out[0].reason
    _, rows = made(tenant_number)
    assert [r[0] for r in rows] == ["订单号", "6902"]


def test_a_number_that_the_platform_does_not_need_is_settled_by_a_word_that_can_be_taken_back(
    tenant_number: int,
) -> None:
    shipped(tenant_number, {"主订单编号": "6901"}, {"主订单编号": "6902", "收件人": "李四"})
    with tenant(tenant_number):
        bulk.select(
            "UPDATE orders_order SET state = 'shipped', parcels = %s WHERE tenant_id = {tenant}"
            " AND external_id = '6901' RETURNING id",
            [f"圆通速递\t{OTHER}"],
        )
        [plan] = reporting.plans(reporting.shops_of(SYSTEM))
        [out] = plan.files.left_out
        [ready] = [i for i in plan.waiting if i != out.report_id]
        with pytest.raises(Conflict, match="还没有发货"):
            reporting.not_needed([ready], by=SYSTEM)
        orders, token = reporting.not_needed([out.report_id], by=SYSTEM)
        assert orders == 1
        assert reporting.plans(reporting.shops_of(SYSTEM))[0].files.left_out == ()
        with pytest.raises(Conflict):
            reporting.not_needed([out.report_id], by=SYSTEM)
    assert ("6901", "follow") in state_of(tenant_number)["orders"]
    with tenant(tenant_number):
        undo.undo(token=token, by=SYSTEM)
        assert len(reporting.plans(reporting.shops_of(SYSTEM))[0].files.left_out) == 1
    assert ("6901", "report") in state_of(tenant_number)["orders"]


def test_a_void_file_frees_its_rows_and_may_not_be_downloaded(tenant_number: int) -> None:
    shipped(tenant_number, {"主订单编号": "6901"})
    file_id, _ = made(tenant_number)
    with tenant(tenant_number):
        assert reporting.void([file_id], by=SYSTEM) == 1
    assert state_of(tenant_number)["reports"] == [(GOOD, "waiting", 1)]
    with pytest.raises(Conflict), tenant(tenant_number):
        reporting.hand_out([file_id], by=SYSTEM)
    again, rows = made(tenant_number)
    assert again != file_id
    assert len(rows) == 2


def test_an_uploaded_file_cannot_be_void_and_nothing_changes(tenant_number: int) -> None:
    shipped(tenant_number, {"主订单编号": "6901"})
    file_id, _ = made(tenant_number)
    with tenant(tenant_number):
        reporting.uploaded([file_id], by=SYSTEM)
    before = state_of(tenant_number)
    with pytest.raises(Conflict), tenant(tenant_number):
        reporting.void([file_id], by=SYSTEM)
    assert (state_of(tenant_number), file_states(tenant_number)) == (before, [("uploaded", 1)])


def test_a_refused_row_comes_back_as_a_new_version(tenant_number: int) -> None:
    shipped(tenant_number, {"主订单编号": "6901"})
    file_id, _ = made(tenant_number)
    with tenant(tenant_number):
        reporting.uploaded([file_id], by=SYSTEM)
        [(report,)] = bulk.select("SELECT id FROM logistics_shipmentreport WHERE tenant_id = {tenant}")
        with pytest.raises(Invalid):
            reporting.refuse([report], reason=" ", by=SYSTEM)
        reporting.refuse([report], reason="快递单号格式不对", by=SYSTEM)
        reporting.again([report], by=SYSTEM)
        with pytest.raises(Conflict):
            reports.again([report])
    assert state_of(tenant_number)["reports"] == [(GOOD, "refused", 1), (GOOD, "waiting", 2)]
    assert state_of(tenant_number)["orders"] == [("6901", "report")]


def test_a_told_number_cannot_be_taken_back(tenant_number: int) -> None:
    _, [(ours, _)] = sent(tenant_number, {"主订单编号": "6901"})
    done = bring(tenant_number, "回单.csv", returned((ours, "", "", "中通", GOOD)), kind="tracking")
    made(tenant_number)
    before = state_of(tenant_number)
    with pytest.raises(Conflict, match="下载过"), tenant(tenant_number):
        undo.undo(token=str(done["undo"]), by=SYSTEM)
    assert state_of(tenant_number) == before


def test_part_of_an_order_waits_for_the_rest_unless_the_platform_ships_by_line(tenant_number: int) -> None:
    far = "2036-11-22 10:01:00"
    _, [(ours, _)] = sent(tenant_number, {"主订单编号": "6901", "商品数量": "2", "承诺发货时间": far})
    bring(tenant_number, "一.csv", returned((ours, "", "1", "中通", GOOD)), kind="tracking")
    with tenant(tenant_number):
        [plan] = reporting.plans(reporting.shops_of(SYSTEM))
        assert "在等同一单的另外 1 件：恒达百货 的 " in plan.files.left_out[0].reason
        seen = today.stations(SYSTEM)
        [upload] = [s for s in seen.stations if s.key == "upload"]
        assert (upload.count, upload.notes, seen.to_download) == (0, (), 0), "nobody can upload it now"
        assert seen.waiting == (today.Wait(telling.REST_COMES, 1),)
        assert order_desk.ids(OrderFilter(to_tell=True), SYSTEM) == []
        [row] = order_desk.page(OrderFilter(), SYSTEM, tab="report")[0]
        assert (row.step_label, row.reason) == telling.REST_WORDS, "no file can be made of it, whatever its step"
    bring(tenant_number, "二.csv", returned((ours, "", "1", "圆通", OTHER)), kind="tracking")
    with tenant(tenant_number):
        seen = today.stations(SYSTEM)
        assert (seen.to_download, seen.waiting) == (1, ())
        [row] = order_desk.page(OrderFilter(), SYSTEM, tab="report")[0]
        assert row.step_label == STEP_LABELS[Step.REPORT]
    _, rows = made(tenant_number)
    assert [r[2] for r in rows[1:]] == [GOOD, OTHER]


def test_all_shops_leave_in_one_zip(tenant_number: int) -> None:
    shipped(tenant_number, {"主订单编号": "6901"})
    with tenant(tenant_number):
        [one] = reporting.make(reporting.shops_of(SYSTEM), by=SYSTEM).files
        name, _ = reporting.hand_out([one.id], by=SYSTEM)
        assert name.endswith(".xlsx")
        second = reports.make(shop_id=one.shop_id, file_id=one.file_id, name="发货-二.xlsx", rows=[], count=0, by="t")
        name, data = reporting.hand_out([one.id, second], by=SYSTEM)
    assert name.endswith(".zip")
    assert len(zipfile.ZipFile(io.BytesIO(data)).namelist()) == 2


def test_a_reason_calls_the_platform_as_people_do(tenant_number: int) -> None:
    shop = shipped(tenant_number, {"主订单编号": "6901"})
    template = files.csv_bytes(["订单号", "物流公司编码", "运单号"], [])
    with tenant(tenant_number):
        ship_templates.take(shop, data=template, name="抖店模板.csv", by=SYSTEM)
        bulk.select(
            "UPDATE logistics_shipmentreport SET courier = 'CNSD' WHERE tenant_id = {tenant} AND shop_id = %s", [shop]
        )
        [plan] = reporting.plans(reporting.shops_of(SYSTEM))
        [out] = plan.files.left_out
    assert out.reason.startswith("抖店 没有")
