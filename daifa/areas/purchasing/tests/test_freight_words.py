"""Freight tables and price tiers as sentences."""

from __future__ import annotations

from decimal import Decimal

from daifa.areas.purchasing.rules.documents import freight_of
from daifa.areas.purchasing.rules.freight_words import freight_words, tiers_words
from daifa.areas.purchasing.types import PriceTier


def test_a_table_nobody_entered_is_not_the_same_as_free() -> None:
    assert freight_words(freight_of({})) == "运费未填"
    assert freight_words(freight_of({"zones": [{"first_fen": 0}]})) == "包邮"


def test_everywhere_else_comes_first_and_its_absence_is_said() -> None:
    far = {"regions": ["新疆", "西藏"], "first_fen": 1500}
    both = freight_of({"zones": [far, {"first_fen": 300}], "free_over_fen": 9900, "free_regions": ["江浙沪"]})
    assert freight_words(both) == "每单 ¥3.00；新疆、西藏 每单 ¥15.00；江浙沪 满 ¥99.00 包邮"
    assert freight_words(freight_of({"zones": [far]})) == "新疆、西藏 每单 ¥15.00；其余地区不发"


def test_units_are_named() -> None:
    zone = {"first": 1000, "first_fen": 500, "step": 500, "step_fen": 100}
    assert freight_words(freight_of({"basis": "weight", "zones": [zone]})) == "首 1000 克 ¥5.00，续每 500 克 ¥1.00"
    piece = {"basis": "piece", "zones": [{"first": 2, "first_fen": 500}], "free_over_pieces": 5}
    assert freight_words(freight_of(piece)) == "首 2 件 ¥5.00；满 5 件包邮"


def test_one_price_is_a_price_and_several_are_steps() -> None:
    assert tiers_words([PriceTier(1, Decimal("5"))]) == "¥5.00"
    assert tiers_words([PriceTier(1, Decimal("0.085")), PriceTier(10, Decimal("0.08"))]) == (
        "1 件起 ¥0.085，10 件起 ¥0.08"
    )
    assert tiers_words([PriceTier(3, Decimal("5"))], 3) == "3 件起 ¥5.00"
