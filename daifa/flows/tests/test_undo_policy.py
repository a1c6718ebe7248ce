"""Taking a purchase back at the supplier's platform: what may be done when, by example."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from daifa.flows.undo_policy import (
    There,
    ThereOrder,
    Undo,
    back_of,
    money_way_of,
    owed_of,
    standing,
    unclaimed,
    way_of,
)
from daifa.ports.supplier_api import RefundStage

UNPAID = ThereOrder("88", "unpaid", RefundStage.NONE, 2170, 0)
PAID = replace(UNPAID, state="paid")
SHIPPED = replace(UNPAID, state="shipped")
PLACED = There("placed", paid=False, paying=False, whole=True, wanted=True, automatic=True, orders=(UNPAID,))

WAYS: list[tuple[dict[str, Any], Undo, str]] = [
    ({}, Undo.CAN, "88 还没付款，可以直接关闭"),
    ({"whole": False}, Undo.CAN, "可以直接关闭"),
    ({"orders": (PAID,)}, Undo.CAN, "可以申请退款 ¥21.70"),
    ({"orders": (PAID,), "whole": False}, Undo.NONE, "平台只能整单退"),
    ({"state": "unknown", "orders": ()}, Undo.WAITING, "结果还没查清"),
    ({"paying": True}, Undo.WAITING, "付款的结果还没查清"),
    ({"state": "refused", "orders": ()}, Undo.NONE, ""),
    ({"state": "closed"}, Undo.NONE, ""),
    ({"orders": (SHIPPED,)}, Undo.NONE, ""),
    ({"orders": (replace(UNPAID, deed="ready"),)}, Undo.UNDER_WAY, "正在关闭"),
    ({"orders": (replace(PAID, deed="unknown"),)}, Undo.UNDER_WAY, "结果未知，正在查证"),
    ({"orders": (replace(PAID, deed="confirmed"),)}, Undo.UNDER_WAY, "等平台生效"),
    ({"orders": (replace(PAID, refund=RefundStage.ASKED, refund_ref="TQ1"),)}, Undo.UNDER_WAY, "（TQ1），等供应商处理"),
    ({"orders": (replace(PAID, deed="refused"),)}, Undo.NO, "平台没有接受撤单"),
    ({"orders": (replace(PAID, deed="confirmed", refund=RefundStage.REFUSED),)}, Undo.NO, "供应商在平台拒绝了退款"),
    ({"orders": (replace(UNPAID, deed="confirmed"), replace(PAID, external_id="89"))}, Undo.CAN, "89 已付款未发货"),
]


@pytest.mark.parametrize(("change", "undo", "words"), WAYS)
def test_each_way_by_example(change: dict[str, Any], undo: Undo, words: str) -> None:
    found = way_of(replace(PLACED, **change))
    assert (found.undo, words in found.words) == (undo, True)


def test_what_was_asked_back_once_is_not_asked_again() -> None:
    orders = (UNPAID, replace(UNPAID, deed="ready"), replace(PAID, refund=RefundStage.ASKED), SHIPPED)
    assert list(standing(replace(PLACED, orders=orders))) == [UNPAID]
    back = (SHIPPED, replace(SHIPPED, back="ready"), replace(SHIPPED, refund=RefundStage.DONE), PAID)
    assert list(unclaimed(replace(PLACED, orders=back))) == [SHIPPED]
    assert way_of(None).undo is money_way_of(None).undo is Undo.NONE


@pytest.mark.parametrize(
    ("change", "order", "undo"),
    [
        ({"paid": True}, SHIPPED, Undo.CAN),
        ({"paid": False}, SHIPPED, Undo.NONE),
        ({"paid": True, "whole": False}, SHIPPED, Undo.NONE),
        ({"paid": True}, PAID, Undo.NONE),
        ({"paid": True}, replace(SHIPPED, back="unknown"), Undo.UNDER_WAY),
        ({"paid": True}, replace(SHIPPED, back="refused"), Undo.NO),
        ({"paid": True}, replace(SHIPPED, back="confirmed", refund=RefundStage.REFUSED), Undo.NO),
        (
            {"paid": True},
            replace(SHIPPED, back="confirmed", refund=RefundStage.DONE, refunded_fen=1820),
            Undo.UNDER_WAY,
        ),
    ],
)
def test_money_of_goods_that_came_back(change: dict[str, Any], order: ThereOrder, undo: Undo) -> None:
    assert money_way_of(replace(PLACED, orders=(order,), **change)).undo is undo


def test_what_is_owed_and_what_came_back() -> None:
    closed = replace(UNPAID, state="closed")
    assert owed_of(replace(PLACED, orders=(closed,)), 2170) == 0
    assert owed_of(replace(PLACED, orders=(closed,), paid=True), 2170) == 2170
    assert owed_of(replace(PLACED, orders=()), None) is None
    back = replace(PLACED, orders=(replace(closed, refunded_fen=2170),), paid=True)
    assert (back_of(back, 2170), back_of(back, 1000), back_of(None, 5)) == (2170, 1000, 0)
    part = replace(PLACED, orders=(replace(SHIPPED, refunded_fen=1085),), paid=True)
    assert back_of(part, 1000) == 500
