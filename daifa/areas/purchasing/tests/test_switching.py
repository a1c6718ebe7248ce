"""Another supplier for what is held: to the fen what the plan costs, only who can take all of it, the best first."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daifa.areas.purchasing.rules.run import route_run
from daifa.areas.purchasing.rules.switching import Cost, Switch, Way, nobody_else, switches, ways, words
from daifa.areas.purchasing.tests.worlds import NOW, SETTINGS, demand, markets, offer, order, orders, supplier, uid
from daifa.areas.purchasing.types import FreightTemplate, OfferView, PersonChoice, RouteOrder

HENGDA = supplier(1, "恒达百货")
XIAODIAN = supplier(2, "义乌小店", lead=48)
MANMAN = supplier(3, "慢慢来", 100, lead=96)
CUPS = [offer(11, 1, HENGDA, "11.20"), offer(12, 1, XIAODIAN, "12.00"), offer(13, 1, MANMAN, "10.00")]
CUP = order(9, demand(91, 1, "陶瓷杯"))


def by_sku(offers: list[OfferView]) -> dict[object, list[OfferView]]:
    found: dict[object, list[OfferView]] = {}
    for o in offers:
        found.setdefault(o.sku_id, []).append(o)
    return found


def cost(way: Way) -> Cost:
    known = not any(x.freight.missing for x in way.purchases)
    return Cost(sum(p.goods_fen for p in way.plans), sum(p.freight_fen for p in way.plans) if known else None)


def asked(wanted: list[RouteOrder], offers: list[OfferView], quoted: int | None) -> tuple[Switch, ...]:
    found = ways(wanted, by_sku(offers), SETTINGS, NOW)  # type: ignore[arg-type]
    costs = {i: cost(w) for i, w in found.items()}
    return switches(wanted, found, costs, SETTINGS, NOW, away_from=uid(1), quoted_fen=quoted)


def test_in_time_before_cheaper_but_late_with_the_difference_to_what_is_asked_now() -> None:
    best, late = asked([CUP], CUPS, 1420)
    assert (best.name, best.landed_fen, best.delta_fen, best.days, best.late) == ("义乌小店", 1500, 80, 1, False)
    assert best.said == "+¥0.80 · 晚 1 天"
    assert best.text == "到手成本 ¥15.00（货 ¥12.00 + 运费 ¥3.00）；48 小时内可发；近 30 天准时 97%"
    assert (late.name, late.said) == ("慢慢来", "-¥3.20 · 晚 3 天 · 赶不上截止")


def test_who_has_not_all_of_it_is_no_choice_and_nobody_else_is_none() -> None:
    both = order(9, demand(91, 1, "陶瓷杯"), demand(92, 2, "毛巾"))
    towels = [offer(21, 2, HENGDA, "4.00"), offer(22, 2, MANMAN, "4.00")]
    assert [c.name for c in asked([both], [*CUPS, *towels], 1420)] == ["慢慢来"]
    assert asked([CUP], CUPS[:1], 1420) == ()
    assert [c.name for c in asked([replace(CUP, excluded={uid(2): "已拒单"})], CUPS, 1420)] == ["慢慢来"]


def test_what_is_not_known_is_not_claimed() -> None:
    unstated = replace(XIAODIAN, freight=FreightTemplate(stated=False))
    [only] = asked([CUP], [CUPS[0], offer(12, 1, unstated, "12.00")], 1420)
    assert (only.landed_fen, only.delta_fen, only.said) == (None, None, "运费未填 · 晚 1 天")
    # Where it is held nobody can supply any more: its promise is nothing to measure by. Nor is a sum not stood by.
    [paused] = asked([CUP], [offer(11, 1, replace(HENGDA, paused="已停用"), "11.20"), CUPS[1]], None)
    assert (paused.days, paused.delta_fen, paused.said) == (None, None, "")


def test_why_each_of_the_others_cannot() -> None:
    def why(wanted: RouteOrder, offers: list[OfferView]) -> str:
        return nobody_else([wanted], by_sku(offers), SETTINGS, NOW, away_from=uid(1))  # type: ignore[arg-type]

    assert why(CUP, CUPS[:1]) == ""
    refused = replace(CUP, excluded={uid(2): "已拒单"})
    assert why(refused, CUPS[:2]) == "陶瓷杯 没有供应商能供：义乌小店 已拒单。"
    both = order(9, demand(91, 1, "陶瓷杯"), demand(92, 2, "毛巾"))
    towels = [offer(21, 2, HENGDA, "4.00"), offer(22, 2, MANMAN, "4.00")]
    assert why(both, [*CUPS[:2], *towels]) == "要分给几家才能发全。"


@pytest.mark.parametrize(
    ("delta", "days", "said"),
    [(0, 0, "同价 · 同一天"), (-1, -2, "-¥0.01 · 早 2 天"), (12345, None, "+¥123.45"), (None, 3, "晚 3 天")],
)
def test_both_in_short(delta: int | None, days: int | None, said: str) -> None:
    assert words(delta, days, late=False, freight_known=True) == said


@given(st.lists(orders(), min_size=1, max_size=2), markets(), st.integers(0, 50_000))
def test_a_choice_costs_to_the_fen_what_a_person_who_names_it_gets(
    drawn: list[RouteOrder], offers: list[OfferView], quoted: int
) -> None:
    wanted = [
        replace(o, order_id=uid(n), demands=tuple(replace(d, demand_id=uid(100 * n + at), choice=None)
                for at, d in enumerate(o.demands)))
        for n, o in enumerate(drawn, 1)
    ]  # fmt: skip
    choices = asked(wanted, offers, quoted)
    for c in choices:
        word = PersonChoice(c.supplier_id, "小王")
        named = [replace(o, demands=tuple(replace(d, choice=word) for d in o.demands)) for o in wanted]
        plans = route_run(named, by_sku(offers), SETTINGS, NOW)  # type: ignore[arg-type]
        assert all(p.complete for p in plans)
        assert {x.supplier_id for p in plans for x in p.purchases} == {c.supplier_id}
        assert c.landed_fen == sum(p.landed_fen for p in plans)
        assert c.delta_fen == c.landed_fen - quoted
    assert len({c.supplier_id for c in choices}) == len(choices)
