"""Goods, suppliers, prices and links from file to record: recognised, corrected, recorded once, refused by name."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any
from uuid import UUID

import openpyxl
import pytest

from daifa.areas.accounts.services import shops
from daifa.areas.catalog.models import ListingSkuMapping, Sku
from daifa.areas.catalog.services import goods, mappings
from daifa.areas.mailroom.services import files, imports, templates
from daifa.areas.purchasing.models import Supplier, SupplyLink
from daifa.areas.purchasing.rules.freight_words import freight_words
from daifa.areas.purchasing.services import offers, suppliers
from daifa.base.actor import SYSTEM, Actor
from daifa.base.tenancy import tenant
from daifa.flows import catalog_files, intake
from daifa.flows.reading import Said
from daifa.flows.tests.filing import BOSS, GOODS, NOON, PRICES, arrive, box, counts, ready, run, with_goods, xlsx
from daifa.kit import clock
from daifa.kit.errors import Conflict, NotFound
from daifa.kit.tabular import Table, write_csv, write_xlsx


def live(code: str) -> SupplyLink:
    """The price of an article that holds today."""
    return SupplyLink.objects.filter(sku__code=code).latest("valid_from")


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with clock.frozen(NOON):
        yield


def test_goods_are_new_then_unchanged_then_updated_and_empty_cells_keep_what_was(tenant_number: int) -> None:
    n = tenant_number
    first = arrive(n, xlsx(GOODS, box("A-1"), box("A-2"), box("A-2")), "商品1.xlsx")
    assert ready(n, first) == ""
    assert counts(run(n, first)[0]) == (2, 0, 0, 0)
    assert counts(run(n, arrive(n, xlsx(GOODS, box("A-1"), box("A-2", "13")), "商品2.xlsx"))[0]) == (0, 1, 1, 0)
    assert counts(run(n, arrive(n, xlsx(GOODS, box("A-2", "")), "商品3.xlsx"))[0]) == (0, 0, 1, 0)
    with tenant(n):
        assert dict(Sku.objects.values_list("code", "cost_fen")) == {"A-1": 1250, "A-2": 1300}


def test_rows_in_error_do_not_stop_the_others_and_come_back_with_reason(tenant_number: int) -> None:
    n = tenant_number
    done = run(n, arrive(n, xlsx(GOODS, box("A-1"), box("A-2", "十二块"), box("")), "商品.xlsx"))[0]
    assert counts(done) == (1, 0, 0, 2)
    with tenant(n):
        assert imports.rejected_rows(done.id)[0][:2] == (3, "成本价")
        assert done.error_file_id is not None
        sheet: Any = openpyxl.load_workbook(BytesIO(files.content(done.error_file_id))).active
        rows = [[c.value for c in row] for row in sheet.iter_rows()]
    assert rows[0] == [*GOODS, "行号", "列", "原因", "怎么改"]
    assert [(r[0], r[3], r[5], r[6]) for r in rows[1:]] == [
        ("A-2", "十二块", 3, "成本价"),
        (None, "12.50", 4, "SKU编码"),
    ]
    # Mended, the error file itself can be imported again: its four columns are kept aside.
    mended = arrive(
        n, xlsx([*GOODS, "行号", "列", "原因", "怎么改"], [*box("A-2", "12"), 3, "成本价", "x", "y"]), "改.xlsx"
    )
    assert counts(run(n, mended)[0]) == (1, 0, 0, 0)


def test_a_price_list_keeps_tiers_together_across_batches(tenant_number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    n = tenant_number
    with_goods(n, "A-1", "A-2")
    monkeypatch.setattr(catalog_files._together, "__defaults__", (2,))
    rows = [("恒达百货", "A-1", 1, "5.00", "48小时", "新疆、西藏"), ("恒达百货", "A-2", 1, "7", "", "")]
    rows += [("恒达百货", "A-1", 10, "4.50", "", ""), ("恒达百货", "A-1", 50, "4.2", "", "")]
    done = run(n, arrive(n, xlsx(PRICES, *rows), "报价.xlsx"))[0]
    assert counts(done) == (2, 0, 0, 0)
    with tenant(n):
        links = {link.sku.code: link.tiers for link in SupplyLink.objects.select_related("sku")}
        assert [t["min"] for t in links["A-1"]] == [1, 10, 50]
        one = live("A-1")
        assert (one.lead_hours, one.regions_not_served) == (48, ["新疆", "西藏"])
        # The other article says nothing: what one row says is not the supplier's word for all.
        supplier = Supplier.objects.get(name="恒达百货")
        assert (live("A-2").regions_not_served, supplier.regions_not_served) == ([], [])


def test_tiers_as_columns_of_a_price_list_are_the_tiers_of_the_supply(tenant_number: int) -> None:
    n = tenant_number
    with_goods(n, "A-1")
    header = ("供应商", "SKU编码", "代发价", "10件以上单价", "50件起")
    done = run(n, arrive(n, xlsx(header, ("恒达", "A-1", "5", "4.5", "4.2")), "报价.xlsx"))[0]
    assert counts(done) == (1, 0, 0, 0)
    with tenant(n):
        assert [(t["min"], t["price"]) for t in live("A-1").tiers] == [(1, "5.00"), (10, "4.50"), (50, "4.20")]


def test_tiers_beside_goods_and_in_a_link_file_are_the_tiers_of_the_supply(tenant_number: int) -> None:
    n = tenant_number
    header = ("SKU编码", "商品名称", "成本价", "供应商", "10件以上单价")
    goods_file = xlsx(header, ("A-1", "收纳箱", "5", "恒达", "4.5"), ("A-2", "收纳盒", "7", "恒达", ""))
    assert counts(run(n, arrive(n, goods_file, "商品.xlsx"))[0]) == (2, 0, 0, 0)
    assert counts(run(n, arrive(n, goods_file + b" ", "商品2.xlsx"))[0]) == (0, 0, 2, 0)
    cheaper = xlsx(header, ("A-1", "收纳箱", "5", "恒达", "4"))
    assert counts(run(n, arrive(n, cheaper, "商品3.xlsx"))[0]) == (0, 1, 0, 0)
    links = xlsx(("供应商", "SKU编码", "供货价", "20件起"), ("诚信", "A-2", "6", "5.5"))
    assert counts(run(n, arrive(n, links, "货源.xlsx", kind="links"))[0]) == (1, 0, 0, 0)
    with tenant(n):
        assert [(t["min"], t["price"]) for t in live("A-1").tiers] == [(1, "5.00"), (10, "4.00")]
        [only] = SupplyLink.objects.filter(sku__code="A-2")
        assert [(t["min"], t["price"]) for t in only.tiers] == [(1, "6.00"), (20, "5.50")]


def test_freight_of_a_price_list_is_the_articles_own_and_the_suppliers_where_all_agree(tenant_number: int) -> None:
    n = tenant_number
    with_goods(n, "A-1", "A-2", "A-3")
    header = ("供应商", "SKU编码", "供货价", "运费", "不发地区")
    rows = [("恒达", "A-1", "5", "首重1kg 5元，续重1kg 2元；满99包邮", "新疆"), ("恒达", "A-2", "7", "15元", "新疆")]
    done = run(n, arrive(n, xlsx(header, *rows, ("恒达", "A-3", "9", "看距离", "")), "报价.xlsx"))[0]
    assert counts(done) == (2, 0, 0, 1)
    with tenant(n):
        [(row, column, reason, fix)] = imports.rejected_rows(done.id)
        assert (row, column) == (4, "运费")
        assert "看距离" in reason
        assert "首重1kg 5元" in fix
        skus = {s.code: s.id for s in Sku.objects.all()}
        now = clock.now()
        found = offers.load(list(skus.values()), today=clock.business_day(now))
        words = {code: [freight_words(o.freight) for o in found[i] if o.freight] for code, i in skus.items()}
        assert words["A-1"] == ["首 1000 克 ¥5.00，续每 1000 克 ¥2.00；满 ¥99.00 包邮"]
        assert words["A-2"] == ["每单 ¥15.00"]
        assert [o.not_served for o in found[skus["A-1"]]] == [("新疆",)]
        supplier = Supplier.objects.get(name="恒达")
        assert (supplier.freight, supplier.regions_not_served) == ({}, ["新疆"])
    # A later price without terms keeps them; a list that agrees makes them the supplier's.
    later = [("恒达", "A-2", "8", "首重1kg 5元，续重1kg 2元；满99包邮", "")]
    run(n, arrive(n, xlsx(header, *later), "新价.xlsx"))
    with tenant(n):
        two = live("A-2")
        assert two.regions_not_served == ["新疆"]
        assert Supplier.objects.get(name="恒达").freight == two.freight == live("A-1").freight


def test_a_new_price_closes_the_old_one_the_day_before(tenant_number: int) -> None:
    n = tenant_number
    with_goods(n, "A-1")
    header = ("供应商", "SKU编码", "供货价", "生效日期")
    run(n, arrive(n, xlsx(header, ("恒达", "A-1", "5", "2025-11-01")), "价1.xlsx"))
    again = run(n, arrive(n, xlsx(header, ("恒达", "A-1", "5", "2025-11-10")), "价2.xlsx"))[0]
    assert counts(again) == (0, 0, 1, 0)
    run(n, arrive(n, xlsx(header, ("恒达", "A-1", "6", "2025-11-20")), "价3.xlsx"))
    # A list that arrives late fits between the others and reopens nothing.
    run(n, arrive(n, xlsx(header, ("恒达", "A-1", "5.5", "2025-11-15")), "价4.xlsx"))
    with tenant(n):
        rows = SupplyLink.objects.order_by("valid_from").values_list("tiers", "valid_from", "valid_to")
        seen = [(t[0]["price"], f"{a:%m-%d}", f"{b:%m-%d}" if b else None) for t, a, b in rows]
    assert seen == [("5.00", "11-01", "11-14"), ("5.50", "11-15", "11-19"), ("6.00", "11-20", None)]


def test_a_price_list_without_supplier_asks_whose_it_is(tenant_number: int) -> None:
    n = tenant_number
    with_goods(n, "A-1")
    header = ("SKU编码", "起批量", "供货价")
    card = arrive(n, xlsx(header, ("A-1", 1, "5"), ("NO-9", 1, "5")), "恒达报价.xlsx")
    assert ready(n, card) == "请选择这是哪个供应商的价格。"
    with tenant(n):
        intake.correct(by=BOSS, import_id=card, said=Said(supplier="恒达百货"))
    assert ready(n, card) == ""
    done = run(n, card)[0]
    assert counts(done) == (1, 0, 0, 1)
    with tenant(n):
        assert imports.rejected_rows(done.id) == [
            (3, "SKU编码", "商品库里没有这个编码", "先导入商品，或改成已有的编码。")
        ]


def test_links_of_listings_are_remembered_by_the_platforms_key_and_twice_is_once(tenant_number: int) -> None:
    n = tenant_number
    with_goods(n, "A-1", "A-2")
    with tenant(n):
        shop = shops.create_shop(by=BOSS, platform="douyin", name="家居店")
    header = ("店铺名称", "商品ID", "规格", "SKU编码", "数量")
    rows = [("家居店", "3001", "套装", "A-1", 2), ("家居店", "3001", "套装", "A-2", 1)]
    rows += [("家居店", "3002", "", "A-1", 1), ("没有的店", "3003", "", "A-1", 1)]
    first = run(n, arrive(n, xlsx(header, *rows), "关系.xlsx", kind="links"))[0]
    assert counts(first) == (2, 0, 0, 1)
    second = run(n, arrive(n, xlsx(header, *rows[:3]), "关系2.xlsx", kind="links"))[0]
    assert counts(second) == (0, 0, 2, 0)
    with tenant(n):
        ids = goods.ids_by_code(["A-1", "A-2"])
        found = mappings.find([(shop.id, "3001|套装")])[shop.id, "3001|套装"]
        assert dict(found.parts) == {ids["A-1"]: 2, ids["A-2"]: 1}
        assert ListingSkuMapping.objects.count() == 2


def test_all_cards_run_in_the_order_they_need(tenant_number: int) -> None:
    n = tenant_number
    arrive(n, xlsx(("供应商", "SKU编码", "供货价"), ("恒达", "A-1", "5")), "价.xlsx")
    arrive(n, xlsx(("供应商名称", "联系人", "电话"), ("恒达", "王强", "13800001111")), "供.xlsx")
    arrive(n, xlsx(GOODS, box("A-1")), "货.xlsx")
    done = run(n)
    assert [d.kind for d in done] == ["goods", "suppliers", "prices"]
    assert [d.counts["rejected"] for d in done] == [0, 0, 0]
    with tenant(n):
        [supplier] = suppliers.list_suppliers()
        assert suppliers.contact(supplier.id)["phone"] == "13800001111"
        card = str(done[1].guess["card"])
    assert "13800001111" not in card
    assert "王强" not in card


def test_a_corrected_column_is_a_template_for_files_that_wait_and_that_come(tenant_number: int) -> None:
    n = tenant_number
    header = ("SKU编码", "名字甲", "数甲")
    first = arrive(n, xlsx(header, ("A-1", "收纳箱", "3.50")), "怪1.xlsx", kind="goods")
    waits = arrive(n, xlsx(header, ("A-2", "衣架", "4.50")), "怪2.xlsx")
    with tenant(n):
        said = Said(kind="goods", header_row=1, columns={"1": "title", "2": "cost"})
        intake.correct(by=BOSS, import_id=first, said=said, template_name="我的货表")
        assert imports.get(waits).kind == "goods"
    later = arrive(n, xlsx(("数甲", "SKU编码", "名字甲"), ("5", "A-3", "毛巾")), "怪3.xlsx")
    assert [counts(d)[0] for d in run(n, first, waits, later)] == [1, 1, 1]
    with tenant(n):
        assert dict(Sku.objects.values_list("code", "cost_fen")) == {"A-1": 350, "A-2": 450, "A-3": 500}
        [template] = templates.listing()
        templates.rename(by=BOSS, template_id=UUID(str(template["id"])), name="货表")
        other = intake.receive(
            by=BOSS, name="别的.xlsx", data=xlsx(("SKU编码", "乙", "成本价"), ("A-9", "伞", "9")), later=False
        )
        with pytest.raises(Conflict, match="已经有叫“货表”的模板"):
            intake.correct(
                by=BOSS, import_id=other, said=Said(kind="goods", columns={"1": "title"}), template_name="货表"
            )


def test_a_mapping_that_changed_after_it_was_shown_is_not_run(tenant_number: int) -> None:
    n = tenant_number
    header = ("SKU编码", "名字甲", "数甲")
    card = arrive(n, xlsx(header, ("A-1", "收纳箱", "3.50")), "怪.xlsx")
    with tenant(n):
        intake.correct(
            by=BOSS,
            import_id=card,
            said=Said(kind="goods", header_row=1, columns={"1": "title", "2": "cost"}),
            template_name="甲",
        )
    waits = arrive(n, xlsx(header, ("A-2", "衣架", "4")), "怪2.xlsx")
    with tenant(n):
        [template] = templates.listing()
        templates.delete(by=BOSS, template_id=UUID(str(template["id"])))
    done = run(n, waits)[0]
    assert done.state == "failed"
    assert "重新读取" in str(done.counts["message"])
    with tenant(n):
        assert not Sku.objects.filter(code="A-2").exists()


def test_a_locked_file_asks_for_its_password_and_takes_the_right_one(tenant_number: int) -> None:
    msoffcrypto = pytest.importorskip("msoffcrypto.format.ooxml")
    n, locked = tenant_number, BytesIO()
    msoffcrypto.OOXMLFile(BytesIO(xlsx(GOODS, box("A-1")))).encrypt("8888", locked)
    card = arrive(n, locked.getvalue(), "快手.xlsx")
    assert "密码" in ready(n, card)
    with tenant(n):
        intake.correct(by=BOSS, import_id=card, said=Said(), password="0000")
        assert imports.get(card).state == "password"
        intake.correct(by=BOSS, import_id=card, said=Said(), password="8888")
        assert "8888" not in str(imports.get(card).guess)
    assert counts(run(n, card)[0]) == (1, 0, 0, 0)


def test_several_sheets_are_several_cards(tenant_number: int) -> None:
    n = tenant_number
    book = write_xlsx(
        [
            Table(name="商品", header=GOODS, rows=[box("A-1")]),
            Table(name="报价", header=("供应商", "SKU编码", "供货价"), rows=[("恒达", "A-1", "5")]),
        ]
    )
    arrive(n, book, "全部.xlsx")
    with tenant(n):
        assert sorted(i.kind for i in imports.list_open()) == ["goods", "prices"]
    assert [d.kind for d in run(n)] == ["goods", "prices"]


def test_csv_in_gbk_is_read_too(tenant_number: int) -> None:
    n = tenant_number
    data = write_csv(Table(name="x", header=GOODS, rows=[box("0012345678901")]), encoding="gb18030")
    assert counts(run(n, arrive(n, data, "货.csv"))[0]) == (1, 0, 0, 0)
    with tenant(n):
        assert Sku.objects.get().code == "0012345678901"


def test_an_order_file_asks_for_its_shop_once(tenant_number: int) -> None:
    n = tenant_number
    header = ("主订单编号", "子订单编号", "选购商品", "商品规格", "商品数量", "商品ID", "订单状态", "支付完成时间")

    def orders(number: str) -> bytes:
        row = (number, f"{number}1", "收纳箱", "大号", 1, "3001", "待发货", "2025-11-20 09:00:00")
        return xlsx((*header, "店铺名称"), (*row, "家居旗舰店"))

    card = arrive(n, orders("6920000000000000001"), "导出.xlsx")
    assert ready(n, card) == "请选择店铺（文件里写的是“家居旗舰店”）。"
    with tenant(n):
        shop = shops.create_shop(by=BOSS, platform="douyin", name="我的抖店")
        intake.correct(by=BOSS, import_id=card, said=Said(shop_id=shop.id))
        assert imports.get(card).shop_id == shop.id
    later = arrive(n, orders("6920000000000000002"), "导出2.xlsx")
    assert ready(n, later) == ""
    with tenant(n):
        clerk = Actor(key="m", name="小王", permissions=SYSTEM.permissions, shops=frozenset())
        with pytest.raises(NotFound, match="没有这次导入"):
            intake.run(by=clerk, import_ids=[later])
