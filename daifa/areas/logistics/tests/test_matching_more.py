"""Suppliers' numbers for masked recipients, renumbered boxes, several goods, and orders of several purchases."""

from __future__ import annotations

from dataclasses import replace

from daifa.areas.logistics.tests.test_matching import HENGDA, NOW, YOUXUAN, Z1, Z2, line, one, purchase, run
from daifa.areas.logistics.types import (
    Content,
    Doubtful,
    DoubtKind,
    LiveNumber,
    Matched,
    TrackingClaim,
    Unusable,
    UnusableKind,
)


def test_a_masked_recipient_is_found_by_what_it_shows_among_its_suppliers_purchases() -> None:
    hidden = replace(purchase(1, name="", tail=""), masked=("罗", "4470"))
    other = replace(purchase(2, name="", tail=""), masked=("罗", "4471"))
    named = purchase(3, name="陈平", tail="4470", of=YOUXUAN)
    for names in (("罗*",), ("罗小明",)):
        claim = TrackingClaim(1, Z1, names=names, phone_tail="4470")
        found = one(run([claim], [hidden, other, named], supplier_id=HENGDA))
        assert isinstance(found, Matched)
        assert found.purchase_id == hidden.purchase_id
        assert "按脱敏收件人的姓和尾号" in found.reason
        asked = one(run([claim], [hidden, other, named]))
        assert isinstance(asked, Doubtful)
        assert asked.suggestions[0].purchase_id == hidden.purchase_id
    twice = replace(purchase(4, name="", tail=""), masked=("罗", "4470"))
    several = one(run([claim], [hidden, twice], supplier_id=HENGDA))
    assert isinstance(several, Doubtful)
    only_tail = one(run([replace(claim, names=())], [hidden], supplier_id=HENGDA))
    assert isinstance(only_tail, Doubtful)
    assert only_tail.kind is DoubtKind.RECIPIENT_ONLY


def test_what_a_masked_recipient_shows_tells_a_row_that_slipped() -> None:
    hidden = replace(purchase(1, name="", tail=""), masked=("罗", "4470"))
    row = TrackingClaim(1, Z1, our_number=hidden.shown, names=("罗小明",), names_sure=True, phone_tail="4470")
    assert isinstance(one(run([row], [hidden])), Matched)
    for slipped in (replace(row, names=("陈平",)), replace(row, phone_tail="1234")):
        found = one(run([slipped], [hidden]))
        assert isinstance(found, Doubtful)
        assert found.kind is DoubtKind.RECIPIENT_DISAGREES


def test_the_number_a_box_had_before_may_come_back_by_a_persons_word() -> None:
    renumbered = replace(purchase(1, line(10, shipped=1)), tracking_numbers=(Z2,), former=(Z1,))
    live = [LiveNumber(Z1, (renumbered.purchase_id,), renumbered.shown, NOW)]
    found = one(run([TrackingClaim(1, Z1, our_number=renumbered.shown)], [renumbered], live))
    assert isinstance(found, Doubtful)
    assert (found.kind, f"后来换成了 {Z2}" in found.reason) == (DoubtKind.ALREADY_SHIPPED, True)


def test_what_is_proposed_of_a_purchase_of_several_goods_is_named_and_never_more_than_was_said() -> None:
    both = purchase(1, line(10, name="衣架", spec="灰色"), line(11, name="收纳箱", spec="45L"))
    found = one(run([TrackingClaim(1, Z1, our_number=both.shown, title="衣架", spec="灰色", quantity=2)], [both]))
    assert isinstance(found, Doubtful)
    assert (found.kind, found.suggestions[0].contents) == (DoubtKind.QUANTITY, (Content(both.lines[0].line_id, 1),))
    assert "1 件（衣架 灰色 ×1）" in found.suggestions[0].why


def test_a_number_that_one_of_an_orders_purchases_has_already_is_no_question() -> None:
    shipped = replace(purchase(1, line(10, shipped=1), of=YOUXUAN), tracking_numbers=(Z1,))
    open_one = replace(purchase(2, line(20)), order_numbers=shipped.order_numbers)
    live = [LiveNumber(Z1, (shipped.purchase_id,), shipped.shown, NOW)]
    claim = TrackingClaim(1, Z1, order_no=shipped.order_numbers[0])
    again = one(run([claim], [shipped, open_one], live))
    assert isinstance(again, Unusable)
    assert again.kind is UnusableKind.REPEATED
    assert isinstance(one(run([replace(claim, tracking_no=Z2)], [shipped, open_one], live)), Doubtful | Matched)
