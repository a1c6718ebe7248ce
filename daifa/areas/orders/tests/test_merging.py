"""The merge rule: any order of arrival, any repetition, the same order; and what each field promises."""

from __future__ import annotations

import itertools

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from daifa.areas.orders.rules.keeping import again, pack, unpack
from daifa.areas.orders.rules.merging import first, merge, without_edit
from daifa.areas.orders.rules.moved import moved
from daifa.areas.orders.rules.ranking import BY_PERSON
from daifa.areas.orders.rules.readings import Reading, case_reading, partial_reading, reading_of, recipient_values
from daifa.areas.orders.rules.refunds import settled, weighed
from daifa.areas.orders.tests.readings import Store, at, cases, edits, line, order, shop_orders, stored
from daifa.ports.shop import OrderState, Recipient, RecipientState, RefundState, ShopRefund


def taken(*readings: Reading) -> Store:
    """A store after these readings."""
    store = Store()
    for reading in readings:
        store.take(reading)
    return store


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_arrival_and_repetition_do_not_matter(data: st.DataObject) -> None:
    more = data.draw(st.lists(st.one_of(cases(), edits()), max_size=4))
    readings = data.draw(st.lists(shop_orders(), min_size=1, max_size=4)) + more
    one = taken(*readings)
    shuffled = data.draw(st.permutations(readings)) + data.draw(st.lists(st.sampled_from(readings), max_size=3))
    assert taken(*shuffled).order() == one.order()


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.one_of(shop_orders(), cases(), edits()), min_size=1, max_size=5))
def test_the_same_again_is_unchanged_and_storing_loses_nothing(readings: list[Reading]) -> None:
    store = taken(*readings)
    before = store.order()
    assert all(store.take(r) == "unchanged" for r in readings)
    assert store.order() == before
    document = first(readings[0])
    for reading in readings[1:]:
        document, _ = merge(document, reading)
    back = stored(document)
    assert (back.values, back.stamps) == (document.values, document.stamps)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.one_of(shop_orders(), cases()), min_size=1, max_size=3))
def test_the_short_way_of_refunds_settles_the_same(readings: list[Reading]) -> None:
    document = first(readings[0])
    for reading in readings[1:]:
        document, _ = merge(document, reading)
    assert settled(document) == weighed(document)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(shop_orders(), min_size=1, max_size=5))
def test_states_only_move_on(readings: list[Reading]) -> None:
    store, reached = Store(), -1
    for reading in readings:
        store.take(reading)
        rank = OrderState(str(store.order()["state"])).rank
        assert rank >= max(reached, OrderState(str(reading.values["state"])).rank)
        reached = rank


def test_newer_wins_and_older_never_overwrites() -> None:
    old = reading_of(order(paid_fen=100, flag="red", seller_memo="旧"), at(1))
    new = reading_of(order(paid_fen=90, flag="", seller_memo=""), at(2))
    for store in (taken(old, new), taken(new, old)):
        assert store.order()["paid_fen"] == 90
        assert store.order().get("flag") is None
        assert store.order()["p:seller_memo"] == ""


def test_what_is_not_said_changes_nothing() -> None:
    full = reading_of(order(paid_fen=100, receivable_fen=120, seller_memo="两件"), at(1))
    poor = reading_of(order(OrderState.SHIPPED), at(5))
    merged = taken(full, poor).order()
    assert (merged["paid_fen"], merged["receivable_fen"], merged["p:seller_memo"]) == (100, 120, "两件")
    assert merged["state"] == "shipped"


def test_cancelled_and_fully_refunded_are_absorbing_applied_and_partly_are_not() -> None:
    cancelled = reading_of(order(OrderState.CANCELLED), at(1))
    paid = reading_of(order(OrderState.PAID), at(9))
    assert taken(cancelled, paid).order()["state"] == "cancelled"
    full = reading_of(order(refund=RefundState.FULL), at(1))
    none = reading_of(order(refund=RefundState.NONE), at(9))
    assert taken(full, none).order()["refund"] == "full"
    for state in (RefundState.APPLIED, RefundState.PARTLY):
        assert taken(reading_of(order(refund=state), at(1)), none).order().get("refund") is None


def test_a_late_old_export_does_not_bring_a_withdrawn_refund_back() -> None:
    withdrawn = reading_of(order(refund=RefundState.NONE), at(5))
    applied = reading_of(order(refund=RefundState.APPLIED), at(2))
    assert taken(withdrawn, applied).order().get("refund") is None


def test_a_plain_recipient_stays_when_a_later_file_masks_it_but_the_new_region_is_kept() -> None:
    plain = Recipient(RecipientState.PLAIN, "张三", "13800000000", "浙江省", "杭州市", "西湖区", address="某路 1 号")
    masked = Recipient(RecipientState.MASKED, "张*", "138****0000", "江苏省", "南京市", "玄武区", address="某路***")
    store = taken(reading_of(order(recipient=plain), at(1)), reading_of(order(recipient=masked), at(3)))
    recipient = store.order()["p:recipient"]
    assert isinstance(recipient, dict)
    assert recipient["name"] == "张三"
    assert store.packed is not None
    assert store.packed["o"] == {"region": "江苏省|南京市|玄武区"}
    # A second file with the new plain address agrees again.
    moved = Recipient(RecipientState.PLAIN, "张三", "13800000000", "江苏省", "南京市", "玄武区", address="另路 2 号")
    store.take(partial_reading("E1", recipient_values(moved), at(4)))
    assert "o" not in store.packed


def _typed(name: str, hours: int) -> Reading:
    # What the editing service makes of a form.
    values = recipient_values(Recipient(RecipientState.PLAIN, name, "13900000000", "江苏省", "南京市", "玄武区"))
    said = values["p:recipient"]
    assert isinstance(said, dict)
    return partial_reading("E1", {**values, "p:recipient": {**said, **BY_PERSON}}, at(hours))


def _name(value: object) -> str:
    assert isinstance(value, dict)
    return str(value["name"])


def test_a_persons_recipient_outlives_imports_both_are_kept_and_it_can_be_undone() -> None:
    one, two = (
        reading_of(order(recipient=Recipient(RecipientState.PLAIN, n, "13800000000", "浙江省", "杭州市")), at(h))
        for n, h in (("旧", 1), ("新", 5))
    )
    for readings in itertools.permutations((one, two, _typed("店家", 3), _typed("店家早先", 2))):
        store = taken(*readings)
        assert _name(store.order()["p:recipient"]) == "店家"
        assert _name(store.order()["p:platform"]) == "新"
        assert store.packed is not None
        assert store.back is not None
        undone = without_edit(unpack(store.packed, store.back)).values
        assert _name(undone["p:recipient"]) == "新"
        assert "p:platform" not in undone
    assert without_edit(first(one)) == first(one)


def test_another_region_in_a_later_masked_file_is_noticed() -> None:
    plain = Recipient(RecipientState.PLAIN, "张三", "13800000000", "浙江", "杭州", "西湖区", address="某路 1 号")
    same = Recipient(RecipientState.MASKED, "张*", "138****0000", "浙江省", "杭州市", "西湖区", address="某***")
    other = Recipient(RecipientState.MASKED, "张*", "138****0000", "江苏省", "南京市", "玄武区", address="某***")

    def said(*told: tuple[Recipient, int]) -> str:
        store = taken(*(reading_of(order(recipient=r), at(h)) for r, h in told))
        assert store.packed is not None
        where = store.order()["p:recipient"]
        assert isinstance(where, dict)
        return moved(store.packed, where)

    assert said((plain, 1), (same, 2)) == ""
    assert said((plain, 3), (other, 2)) == ""
    expected = "平台最新显示收货地区是江苏省南京市玄武区，手里的收件人在浙江省杭州市西湖区，买家可能改过地址"
    assert said((plain, 1), (other, 2)) == expected


def test_a_number_arriving_later_is_an_alias_also_when_the_file_comes_again() -> None:
    made_up = reading_of(order(lines=tuple(line(n, numbered=False, paid_fen=5) for n in range(4))), at(1))
    numbered = reading_of(order(lines=tuple(line(n, numbered=True) for n in range(4))), at(2))
    for readings in ((made_up, numbered), (numbered, made_up), (made_up, numbered, made_up, numbered)):
        merged = taken(*readings).order()
        lines = {k.split(":")[1] for k in merged if k.startswith("l:")}
        assert lines == {"100", "101", "102", "103"}
        assert merged["l:100:paid_fen"] == 5


def test_twins_of_one_order_stay_two_lines() -> None:
    two = tuple(line(n, numbered=False) for n in (0, 3))
    assert {k.rsplit(":", 1)[0] for k in taken(reading_of(order(lines=two), at(1))).order() if k.startswith("l:")} == {
        "l:杯子|颜色:红;尺寸:大|1",
        "l:杯子|颜色:红;尺寸:大|2",
    }


def _case(name: str, state: RefundState, fen: int | None, hours: int, line_no: str = "") -> Reading:
    return case_reading(ShopRefund("douyin", name, "E1", state, line_external_id=line_no, amount_fen=fen), at(hours))


def test_refund_cases_add_up_and_cover_the_order_together() -> None:
    paid = reading_of(order(paid_fen=3000, refund=RefundState.NONE, refunded_fen=0), at(1))
    part = taken(paid, _case("A", RefundState.PARTLY, 1000, 2)).order()
    assert (part["refund"], part["refunded_fen"]) == ("partly", 1000)
    both = taken(paid, _case("A", RefundState.PARTLY, 1000, 2), _case("B", RefundState.FULL, 2000, 3)).order()
    assert (both["refund"], both["refunded_fen"]) == ("full", 3000)


def test_an_application_stands_until_something_newer_answers_it() -> None:
    paid = reading_of(order(paid_fen=3000, refund=RefundState.NONE), at(1))
    asked = _case("A", RefundState.APPLIED, 3000, 2)
    assert taken(paid, asked).order()["refund"] == "applied"
    assert taken(paid, asked, _case("A", RefundState.WITHDRAWN, 3000, 3)).order()["refund"] == "withdrawn"
    quiet = reading_of(order(paid_fen=3000, refund=RefundState.NONE), at(4))
    assert taken(quiet, asked).order()["refund"] == "withdrawn"
    exported = reading_of(order(paid_fen=3000, refund=RefundState.APPLIED), at(1))
    assert taken(exported, _case("A", RefundState.WITHDRAWN, 3000, 3)).order()["refund"] == "withdrawn"


def test_a_line_refunded_in_full_is_not_the_order() -> None:
    lines = tuple(line(n, numbered=True, paid_fen=1000) for n in range(2))
    paid = reading_of(order(paid_fen=2000, lines=lines), at(1))
    one = taken(paid, _case("A", RefundState.FULL, 1000, 2, "100")).order()
    assert (one["l:100:refund"], one["refund"], one["refunded_fen"]) == ("full", "partly", 1000)
    both = taken(paid, _case("A", RefundState.FULL, None, 2, "100"), _case("B", RefundState.FULL, None, 2, "101"))
    assert both.order()["refund"] == "full"


def test_a_case_that_names_an_unknown_number_counts_for_the_only_line() -> None:
    paid = reading_of(order(lines=(line(0, numbered=False, paid_fen=1000),)), at(1))
    assert taken(paid, _case("A", RefundState.FULL, 1000, 2, "987")).order()["refund"] == "full"


def test_a_daily_export_of_the_same_costs_no_opening_and_keeps_one_stamp() -> None:
    said = order(paid_fen=100, lines=(line(0, numbered=True),))
    packed = pack(first(reading_of(said, at(1))))
    fresher = again(packed, reading_of(said, at(2)))
    assert fresher is not None
    assert fresher["s"] == [[at(2).isoformat(), 1, reading_of(said, at(2)).stamp[2]]]
    assert again(fresher, reading_of(said, at(1))) is fresher
    assert again(fresher, reading_of(order(paid_fen=101, lines=said.lines), at(3))) is None


def test_settled_is_the_document_itself_where_no_refund_was_told() -> None:
    document = first(reading_of(order(paid_fen=100, lines=(line(0, numbered=True),)), at(1)))
    assert settled(document) is document.values
