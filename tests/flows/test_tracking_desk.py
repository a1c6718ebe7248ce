"""What a person says of numbers: pasted text, yes, no, a shared box, another number; and the way back from each."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from daifa.areas.logistics.services import claims
from daifa.areas.purchasing.rules.chasing import chase_text
from daifa.areas.purchasing.services import suppliers
from daifa.base import bulk
from daifa.base.actor import SYSTEM, Actor
from daifa.base.tenancy import tenant
from daifa.flows import dispatching, reporting, sending, ship_templates, tracking_desk, tracking_files, undo
from daifa.flows.tracking_desk import Word
from daifa.kit import clock
from daifa.kit.errors import Conflict, Invalid
from daifa.kit.ids import uuid7
from daifa.kit.tabular.write import Table, write_xlsx
from daifa.reads import claims_settled, purchase_desk, recent_deeds, today
from daifa.reads import tracking_desk as desk
from daifa.reads.purchase_desk import PurchaseFilter
from daifa.reads.tracking_desk import sources
from tests.flows import files
from tests.flows.day import bring, make_shop
from tests.flows.test_tracking import GOOD, returned, sent, state_of

YTO = "YT1234567890123"


def purchase_ids(number: int) -> list[UUID]:
    """Purchases in order of their number."""
    with tenant(number):
        rows = bulk.select("SELECT id FROM purchasing_purchaseorder WHERE tenant_id = {tenant} ORDER BY number")
    return [i for (i,) in rows]


def test_chat_text_is_matched_by_name_and_tail(tenant_number: int) -> None:
    sent(tenant_number, {"主订单编号": "6901"}, {"主订单编号": "6902", "收件人": "李四", "收件人手机号": "17012349999"})
    text = f"老板今天的单号：\n王小明 尾号5678 中通 {GOOD}\n李四 尾号9999 圆通 {YTO}\n其余明天发"
    with tenant(tenant_number):
        _, outcome = tracking_desk.paste(text, by=SYSTEM)
        assert (outcome.parcels, outcome.doubtful, outcome.unusable) == (2, 0, 0)
        _, again = tracking_desk.paste(text, by=SYSTEM)
        assert (again.parcels, again.repeated) == (0, 2)
    assert [r[1] for r in state_of(tenant_number)["orders"]] == ["report", "report"]
    with pytest.raises(Invalid), tenant(tenant_number):
        tracking_desk.paste("今天没货，明天发", by=SYSTEM)


def test_a_short_name_and_counter_is_a_number_while_one_purchase_has_it(tenant_number: int) -> None:
    _, [(first, _), (second, _)] = sent(
        tenant_number, {"主订单编号": "6901"}, {"主订单编号": "6902", "收件人": "李四", "收件人手机号": "17012349999"}
    )
    short = [n.partition("-")[2] for n in (first, second)]
    with tenant(tenant_number):
        _, outcome = tracking_desk.paste(f"{short[1]} 中通 {GOOD}\n{short[0].replace('-', '')}圆通{YTO}", by=SYSTEM)
        assert (outcome.parcels, outcome.doubtful, outcome.unusable) == (2, 0, 0)
        numbers = bulk.select(
            "SELECT DISTINCT o.external_id, x.tracking_number FROM logistics_parcelline l JOIN logistics_parcel x"
            " ON x.tenant_id = {tenant} AND x.id = l.parcel_id JOIN orders_order o ON o.tenant_id = {tenant}"
            " AND o.id = l.order_id WHERE l.tenant_id = {tenant} ORDER BY 1"
        )
    assert numbers == [("6901", YTO), ("6902", GOOD)]


def test_yes_records_and_undo_brings_the_question_back(tenant_number: int) -> None:
    _, [(ours, _)] = sent(tenant_number, {"主订单编号": "6901"})
    bring(tenant_number, "回单.csv", returned((ours, "赵六", "1", "中通", GOOD)), kind="tracking")
    before = state_of(tenant_number)
    with tenant(tenant_number):
        [claim] = claims.listed(states=["doubtful"])
        done = tracking_desk.accept(claim.id, Word(), by=SYSTEM)
        with pytest.raises(Conflict):
            tracking_desk.accept(claim.id, Word(), by=SYSTEM)
    after = state_of(tenant_number)
    assert (after["demands"], after["claims"][0][0]) == ([(1, 1, 1)], "accepted")
    with tenant(tenant_number):
        undo.undo(token=done.undo, by=SYSTEM)
    back = state_of(tenant_number)
    assert {k: back[k] for k in ("demands", "lines", "claims", "orders", "purchases")} == {
        k: before[k] for k in ("demands", "lines", "claims", "orders", "purchases")
    }


def test_the_day_leads_to_what_a_person_must_look_at_until_it_is_answered(tenant_number: int) -> None:
    _, [(ours, _)] = sent(tenant_number, {"主订单编号": "6901"})
    bring(tenant_number, "回单.csv", returned((ours, "赵六", "1", "中通", GOOD)), kind="tracking")

    def seen(by: Actor = SYSTEM) -> tuple[int, bool, bool]:
        told = today.stations(by)
        [station] = [s for s in told.stations if s.key == "tracking"]
        return told.doubtful, station.done, "1 条单号要您看一下" in station.notes

    with tenant(tenant_number):
        assert seen() == (1, False, True)
        assert seen(Actor("member:9", "外人", shops=frozenset({uuid7()})))[0] == 0, "nobody is led to others' rows"
        [claim] = claims.listed(states=["doubtful"])
        [purchase] = [s.purchase_id for s in claim.suggestions]
        tracking_desk.register(Word(purchase, GOOD), by=SYSTEM)
        assert seen() == (0, True, False), "its number came by another way: the row is closed"


def test_no_sets_aside_and_can_be_taken_back(tenant_number: int) -> None:
    _, [(ours, _)] = sent(tenant_number, {"主订单编号": "6901"})
    bring(tenant_number, "回单.csv", returned((ours, "赵六", "1", "中通", GOOD)), kind="tracking")
    with tenant(tenant_number):
        [claim] = claims.listed(states=["doubtful"])
        done = tracking_desk.dismiss([claim.id], by=SYSTEM)
        assert claims.listed(states=["doubtful"]) == []
        # Setting words aside touches no order.
        assert "忽略 1 条回单" in [d.text for d in recent_deeds.newest(SYSTEM)]
        undo.undo(token=done.undo, by=SYSTEM)
        assert [c.id for c in claims.listed(states=["doubtful"])] == [claim.id]


def test_a_number_joins_two_orders_only_when_a_person_says_so(tenant_number: int) -> None:
    sent(tenant_number, {"主订单编号": "6901"}, {"主订单编号": "6902", "收件人": "李四"})
    first, second = purchase_ids(tenant_number)
    with tenant(tenant_number):
        tracking_desk.register(Word(first, GOOD), by=SYSTEM)
    before = state_of(tenant_number)
    with pytest.raises(Conflict, match="合箱"), tenant(tenant_number):
        tracking_desk.register(Word(second, GOOD), by=SYSTEM)
    assert state_of(tenant_number) == before
    with tenant(tenant_number):
        done = tracking_desk.register(Word(second, GOOD, shared=True), by=SYSTEM)
    shared = state_of(tenant_number)
    assert len(shared["parcels"]) == 1
    assert shared["reports"] == [(GOOD, "waiting", 1), (GOOD, "waiting", 1)]
    assert shared["demands"] == [(1, 1, 1), (1, 1, 1)]
    with tenant(tenant_number):
        undo.undo(token=done.undo, by=SYSTEM)
    assert state_of(tenant_number)["demands"] == before["demands"]
    assert state_of(tenant_number)["parcels"] == before["parcels"]


def test_yes_to_a_number_claimed_twice_is_for_one_order_until_the_box_is_said_to_be_shared(tenant_number: int) -> None:
    sent(tenant_number, {"主订单编号": "6901"}, {"主订单编号": "6902", "收件人": "李四", "收件人手机号": "17012349999"})
    with tenant(tenant_number):
        tracking_desk.paste(f"王小明 尾号5678 中通 {GOOD}\n李四 尾号9999 中通 {GOOD}", by=SYSTEM)
        first, second = claims.listed(states=["doubtful"])
        tracking_desk.accept(first.id, Word(), by=SYSTEM)
    before = state_of(tenant_number)
    with pytest.raises(Conflict, match="合箱"), tenant(tenant_number):
        tracking_desk.accept(second.id, Word(), by=SYSTEM)
    assert state_of(tenant_number) == before
    with tenant(tenant_number):
        tracking_desk.accept(second.id, Word(shared=True), by=SYSTEM)
    assert len(state_of(tenant_number)["parcels"]) == 1


def test_a_rounded_number_in_a_chat_is_refused_by_name(tenant_number: int) -> None:
    _, [(ours, _)] = sent(tenant_number, {"主订单编号": "6901"})
    with tenant(tenant_number):
        _, outcome = tracking_desk.paste(f"{ours} 中通 7.31235E+13", by=SYSTEM)
        assert (outcome.parcels, outcome.unusable) == (0, 1)
        assert "科学计数" in claims.listed(states=["unusable"])[0].reason


def test_a_question_is_answered_when_the_right_number_is_registered_since(tenant_number: int) -> None:
    """A name that did not fit, a number claimed twice: once the purchases have their numbers, nothing is asked."""
    _, [(first, _), (second, _), (third, _)] = sent(
        tenant_number,
        {"主订单编号": "6901"},
        {"主订单编号": "6902", "收件人": "李四", "收件人手机号": "17012349999"},
        {"主订单编号": "6903", "收件人": "赵六", "收件人手机号": "17012348888"},
    )
    rows = [(first, "钱七", "1", "中通", GOOD), *((n, "", "", "圆通", YTO) for n in (second, third))]
    bring(tenant_number, "回单.csv", returned(*rows), kind="tracking")
    with tenant(tenant_number):
        ids = dict(bulk.select("SELECT number, id FROM purchasing_purchaseorder WHERE tenant_id = {tenant}"))

    def open_ones() -> dict[str, str]:
        found = claims.listed(states=["doubtful"])
        told = claims_settled.of(found)
        return {"、".join(s.shown for s in c.suggestions): told.get(c.id, "") for c in found}

    with tenant(tenant_number):
        before = open_ones()
        assert set(before.values()) == {""}
        assert len(before) == 3
        done = tracking_desk.register(Word(ids[first], "73123456789019"), by=SYSTEM)
        assert open_ones() == {**before, first: f"{first} 后来登记了 73123456789019"}
        undo.undo(token=done.undo, by=SYSTEM)
        assert open_ones() == before, "taken back, it is asked again"
        tracking_desk.register(Word(ids[second], YTO), by=SYSTEM)
        assert open_ones() == {**before, second: f"{YTO} 后来登记到了 {second}", third: f"{YTO} 后来登记到了 {second}"}


def test_what_could_not_be_read_is_answered_when_its_supplier_owes_nothing_any_more(tenant_number: int) -> None:
    sent(tenant_number, {"主订单编号": "6901"}, {"主订单编号": "6902", "收件人": "李四", "收件人手机号": "17012349999"})
    with tenant(tenant_number):
        supplier = suppliers.list_suppliers()[0].id
        tracking_desk.paste("王小明 尾号5678 中通 7.31235E+13", by=SYSTEM, supplier_id=supplier)
        found = claims.listed(states=["unusable"])
        assert claims_settled.of(found) == {}
        tracking_desk.paste(f"王小明 尾号5678 中通 {GOOD}", by=SYSTEM, supplier_id=supplier)
        assert claims_settled.of(found) == {}, "another order still waits: it may be that one's"
        tracking_desk.paste(f"李四 尾号9999 圆通 {YTO}", by=SYSTEM, supplier_id=supplier)
        assert list(claims_settled.of(found)) == [found[0].id]


def test_a_number_in_the_place_of_another_is_asked_until_the_box_goes_by_a_new_one(tenant_number: int) -> None:
    sent(tenant_number, {"主订单编号": "6901"})
    [first] = purchase_ids(tenant_number)
    with tenant(tenant_number):
        tracking_desk.register(Word(first, GOOD), by=SYSTEM)
        tracking_desk.paste(f"王小明 尾号5678 圆通 {YTO}", by=SYSTEM)
        found = claims.listed(states=["doubtful"])
        assert len(found) == 1
        assert claims_settled.of(found) == {}, "what was registered before is what it asks about"
        tracking_desk.register(Word(first, YTO, sure=True), by=SYSTEM)
        assert list(claims_settled.of(found)) == [found[0].id]


def test_what_is_no_tracking_number_is_refused_by_name(tenant_number: int) -> None:
    sent(tenant_number, {"主订单编号": "6901"})
    [purchase] = purchase_ids(tenant_number)
    before = state_of(tenant_number)
    for wrong in ("7.31235E+13", "17012345678", "你好"):
        with pytest.raises(Invalid), tenant(tenant_number):
            tracking_desk.register(Word(purchase, wrong), by=SYSTEM)
    assert state_of(tenant_number) == before


def test_dropped_files_are_taken_at_once_or_say_why_not(tenant_number: int) -> None:
    _, [(ours, _)] = sent(tenant_number, {"主订单编号": "6901"})
    with tenant(tenant_number):
        [done] = tracking_files.take(by=SYSTEM, name="回单.csv", data=returned((ours, "", "", "中通", GOOD)))
        assert (done.why, done.message[:7]) == ("", "✔ 对上了 1")
        [other] = tracking_files.take(by=SYSTEM, name="说.txt", data=f"{ours} 中通 {GOOD}".encode("gb18030"))
        assert "已登记过 1" in other.message


def _sent_to_two(number: int) -> None:
    """One order whose goods two suppliers send."""
    shop = make_shop(number)
    bring(number, "商品.csv", files.goods("HP-001", "HP-002"))
    bring(number, "报价.csv", files.prices(("恒达百货", "HP-001", "11.20"), ("义乌优选", "HP-002", "5.00")))
    order = {"主订单编号": "6901", "子订单编号": "1"}
    second = {**order, "子订单编号": "2", "商家编码": "HP-002", "商品规格": "小号"}
    bring(number, "订单.csv", files.douyin(order, second), shop=shop)
    with tenant(number):
        dispatching.dispatch(by=SYSTEM, stale_confirmed=[shop])
        sending.send(by=SYSTEM)


def test_of_an_order_of_two_suppliers_a_person_chooses_unless_somebody_said_whose_it_is(tenant_number: int) -> None:
    _sent_to_two(tenant_number)
    data = files.csv_bytes(
        ["订单号", "快递公司", "快递单号"], [{"订单号": "6901", "快递公司": "中通", "快递单号": GOOD}]
    )
    with tenant(tenant_number):
        [asked] = tracking_files.take(by=SYSTEM, name="回单.csv", data=data)
        assert "请看一下 1" in asked.message
        [claim] = claims.listed(states=["doubtful"])
        assert len(claim.suggestions) == 2
        assert (sources([claim]), claim.row) == ({claim.id: "回单.csv"}, 2)
        with pytest.raises(Invalid, match="请先选择"):
            tracking_desk.accept(claim.id, Word(), by=SYSTEM)
        tracking_desk.paste(f"王小明 尾号5678 圆通 {YTO}", by=SYSTEM)
        [pasted] = [c for c in claims.listed(states=["doubtful"]) if c.id != claim.id]
        assert (sources([pasted]), pasted.row) == ({pasted.id: "粘贴"}, 1)
        [hengda] = [i for i, name in suppliers.names().items() if name == "恒达百货"]
        [told] = tracking_files.take(by=SYSTEM, name="恒达回单.csv", data=data + b"\r\n", supplier_id=hengda)
        assert "对上了 1" in told.message
        assert bulk.select("SELECT DISTINCT supplier_id FROM logistics_parcel WHERE tenant_id = {tenant}") == [
            (hengda,)
        ]


@pytest.mark.parametrize(
    ("name", "above"),
    [("恒达百货_1130回单.csv", []), ("恒达1130.csv", []), ("今天的单号.csv", ["恒达百货发货明细"])],
)
def test_a_file_that_names_one_supplier_is_theirs_where_two_fit(
    tenant_number: int, name: str, above: list[str]
) -> None:
    _sent_to_two(tenant_number)
    table = ["订单号,快递公司,快递单号", f"6901,中通,{GOOD}"]
    with tenant(tenant_number):
        [told] = tracking_files.take(by=SYSTEM, name=name, data="\r\n".join([*above, *table]).encode("utf-8-sig"))
        assert "对上了 1" in told.message
        assert bulk.select(
            "SELECT s.name FROM logistics_parcel p JOIN purchasing_supplier s ON s.tenant_id = {tenant}"
            " AND s.id = p.supplier_id WHERE p.tenant_id = {tenant}"
        ) == [("恒达百货",)]
        [(reason,)] = bulk.select("SELECT reason FROM logistics_parcel WHERE tenant_id = {tenant}")
        by = "按表头上方的字" if above else "按文件名"
        assert f"（{by}认定是 恒达百货 发的）" in reason


def test_a_file_that_names_both_suppliers_is_nobodys(tenant_number: int) -> None:
    _sent_to_two(tenant_number)
    with tenant(tenant_number):
        data = f"订单号,快递公司,快递单号\r\n6901,中通,{GOOD}".encode("utf-8-sig")
        [asked] = tracking_files.take(by=SYSTEM, name="恒达百货和义乌优选.csv", data=data)
        assert "请看一下 1" in asked.message


def test_a_blank_template_is_learned_and_filled(tenant_number: int) -> None:
    shop, [(ours, _)] = sent(tenant_number, {"主订单编号": "6901"})
    bring(tenant_number, "回单.csv", returned((ours, "", "", "中通", GOOD)), kind="tracking")
    blank = write_xlsx([Table("发货", ["主订单编号", "物流公司", "运单号", "备注"], [])])
    with tenant(tenant_number):
        ship_templates.take(shop, data=blank, name="抖店空模板.xlsx", by=SYSTEM)
        [plan] = reporting.plans(reporting.shops_of(SYSTEM))
        assert [c.header for c in plan.form.columns] == ["主订单编号", "物流公司", "运单号", "备注"]
        assert plan.files.sheets[0].rows[0].cells == ("6901", "中通快递", GOOD, "")
        assert plan.learned
        with pytest.raises(Invalid, match="找不到"):
            ship_templates.take(shop, data=write_xlsx([Table("x", ["姓名"], [["a"]])]), name="x.xlsx", by=SYSTEM)
        columns = {0: "order_no", 1: "courier", 2: "tracking_no", 3: "tracking_no"}
        with pytest.raises(Invalid, match="两列"):
            ship_templates.change(
                shop, by=SYSTEM, columns=columns, row_limit=0, one_courier=False, several="row_each", verified=True
            )
        ship_templates.forget(shop, by=SYSTEM)
        [plan] = reporting.plans(reporting.shops_of(SYSTEM))
        assert not plan.learned


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(1, 4), st.booleans()), min_size=1, max_size=6))
def test_counts_agree_whatever_is_recorded_and_taken_back(counted: int, steps: list[tuple[int, int, bool]]) -> None:
    with tenant(counted):
        numbers = [n for (n,) in bulk.select("SELECT number FROM purchasing_purchaseorder WHERE tenant_id = {tenant}")]
    tokens = []
    for at, (box, pieces, back) in enumerate(steps):
        data = returned((numbers[0], "", str(pieces), "中通", f"7312345678900{box}"))
        done = bring(counted, f"回单{at}.csv", data, kind="tracking")
        if back and done["undo"]:
            tokens.append(str(done["undo"]))
    for token in tokens:
        with tenant(counted):
            undo.undo(token=token, by=SYSTEM)
    with tenant(counted):
        [(line, demand, inside)] = bulk.select(
            "SELECT (SELECT sum(shipped_qty) FROM purchasing_purchaseline WHERE tenant_id = {tenant}),"
            " (SELECT sum(shipped_qty) FROM orders_demand WHERE tenant_id = {tenant}),"
            " (SELECT coalesce(sum(l.qty), 0) FROM logistics_parcelline l JOIN logistics_parcel p"
            " ON p.tenant_id = {tenant} AND p.id = l.parcel_id AND p.live WHERE l.tenant_id = {tenant})"
        )
        assert line == demand == inside <= 5


@pytest.fixture
def counted(tenant_number: int) -> int:
    """A company with one purchase of five pieces."""
    sent(tenant_number, {"主订单编号": "6901", "商品数量": "5", "商品单价": "80.00", "订单应付金额": "400.00"})
    return tenant_number


def test_what_a_supplier_still_owes_is_listed_and_chased_without_anybodys_name(tenant_number: int) -> None:
    second = {"主订单编号": "6902", "收件人": "李四", "收件人手机号": "17012349999"}
    _, [(ours, _), (theirs, _)] = sent(tenant_number, {"主订单编号": "6901"}, second)
    bring(tenant_number, "回单.csv", returned((ours, "王小明", "1", "中通", GOOD)), kind="tracking")
    with tenant(tenant_number):
        [owed] = desk.owed(SYSTEM)
        [row] = desk.owed_purchases(owed.supplier_id, SYSTEM)
        assert (owed.purchases, row.number, row.orders) == (1, theirs, ("6902",))
        asked = PurchaseFilter(supplier=[owed.supplier_id], owing=True)
        assert [p.number for p in purchase_desk.page(asked, SYSTEM).items] == [theirs]
        assert purchase_desk.counts(asked, SYSTEM)["all"] == 1
        text = chase_text(owed.supplier, [row], clock.now())
        assert "6902" in text
        assert "李四" not in text
        assert "9999" not in text
        elsewhere = Actor("member:1", "小王", shops=frozenset())
        assert desk.owed_purchases(owed.supplier_id, elsewhere) == []
