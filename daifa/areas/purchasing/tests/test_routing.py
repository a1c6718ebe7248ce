"""Routing by example: the sentences, preferences, overrides and fall-backs a buyer relies on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from daifa.areas.purchasing.rules.routing import route
from daifa.areas.purchasing.tests.worlds import NOW, PLACES, SETTINGS, demand, offer, order, supplier, uid
from daifa.areas.purchasing.types import OfferView, PersonChoice, Place, PriceTier, RoutePlan, Verdict, WarningKind

HENGDA = supplier(1, "恒达百货")
YOUXUAN = supplier(2, "义乌优选", on_time="0.90")
CUP = [offer(11, 1, HENGDA, "11.20"), offer(12, 1, YOUXUAN, "12.55")]


def kinds(plan: RoutePlan) -> set[WarningKind]:
    return {w.kind for w in plan.warnings}


def test_the_sentence_of_the_screen_brief() -> None:
    plan = route(order(9, demand(91, 1, "陶瓷杯")), CUP, SETTINGS, NOW)
    chosen, other = plan.candidates
    assert chosen.text == (
        "选了 恒达百货：到手成本 ¥14.20（货 ¥11.20 + 运费 ¥3.00），比 义乌优选 便宜 ¥1.35；"
        "24 小时内可发；近 30 天准时 97%。"
    )
    assert other.text == (
        "没选 义乌优选：到手成本 ¥15.55（货 ¥12.55 + 运费 ¥3.00），比 恒达百货 贵 ¥1.35；"
        "24 小时内可发；近 30 天准时 90%。"
    )
    assert plan.headline == chosen.text
    assert plan.landed_fen == 1420
    assert plan.complete
    assert not plan.warnings


def test_a_late_cheap_supplier_loses_against_one_in_time() -> None:
    slow = supplier(3, "慢慢来", 100, lead=96)
    plan = route(order(9, demand(91, 1, "陶瓷杯")), [*CUP, offer(13, 1, slow, "10.00")], SETTINGS, NOW)
    assert plan.purchases[0].supplier_name == "恒达百货"
    assert "比 慢慢来 贵 ¥3.20" not in plan.candidates[0].text  # compared with the best rival, not with the cheapest
    late = next(c for c in plan.candidates if c.supplier_name == "慢慢来")
    assert late.late
    assert "赶不上 11-23 10:00 的截止" in late.text
    assert "便宜 ¥3.20" in late.text


def test_lateness_that_cannot_be_avoided_is_warned_of() -> None:
    plan = route(order(9, demand(91, 1, "陶瓷杯"), due=12), CUP, SETTINGS, NOW)
    assert WarningKind.LATE_ALL in kinds(plan)
    assert "恒达百货 最快 11-21 10:00 发出，截止 11-20 22:00" in plan.warnings[0].text


def test_who_could_still_make_the_deadline_is_named_where_the_cheaper_one_was_worth_the_loss() -> None:
    slow = supplier(3, "慢慢来", lead=96)
    offers = [*CUP, offer(13, 1, slow, "1.00")]
    plan = route(replace(order(9, demand(91, 1, "陶瓷杯")), late_loss_fen=500), offers, SETTINGS, NOW)
    assert plan.purchases[0].supplier_name == "慢慢来", "¥10.20 cheaper, and missing the deadline costs ¥5"
    assert kinds(plan) == {WarningKind.LATE}
    assert "义乌优选、恒达百货 赶得上，可以换" in plan.warnings[0].text
    dear = route(replace(order(9, demand(91, 1, "陶瓷杯")), late_loss_fen=1200), offers, SETTINGS, NOW)
    assert (dear.purchases[0].supplier_name, kinds(dear)) == ("恒达百货", set())


def test_a_faster_supplier_that_is_late_all_the_same_is_named() -> None:
    slow = supplier(3, "慢慢来", lead=96)
    plan = route(order(9, demand(91, 1, "陶瓷杯"), due=12), [*CUP, offer(13, 1, slow, "10.00")], SETTINGS, NOW)
    assert plan.purchases[0].supplier_name == "慢慢来"
    assert kinds(plan) == {WarningKind.LATE_ALL}
    assert "也要 11-21 10:00" in plan.warnings[0].text


def test_one_box_is_preferred_within_the_limit() -> None:
    towel = [offer(21, 2, HENGDA, "9.00"), offer(22, 2, YOUXUAN, "4.00")]
    wanted = order(9, demand(91, 1, "陶瓷杯"), demand(92, 2, "毛巾"))
    # 恒达 alone 11.20 + 9 + 3; 优选 alone 12.55 + 4 + 3; split 11.20 + 4 + 3 + 3.
    plan = route(wanted, [*CUP, *towel], SETTINGS, NOW)
    assert [p.supplier_name for p in plan.purchases] == ["义乌优选"]
    dear = [offer(11, 1, HENGDA, "11.20"), offer(12, 1, YOUXUAN, "40.00"), *towel]
    split = route(
        wanted, [dear[0], dear[1], replace(towel[0], tiers=(PriceTier(1, Decimal(30)),)), towel[1]], SETTINGS, NOW
    )
    assert [p.supplier_name for p in split.purchases] == ["义乌优选", "恒达百货"]
    assert "拆给 2 家：义乌优选（毛巾×1）¥7.00、恒达百货（陶瓷杯×1）¥14.20，合计 ¥21.20" in split.headline
    assert "便宜 ¥23.00，超过“少拆单”的上限 ¥3.00" in split.headline


def test_the_price_of_not_splitting_is_said() -> None:
    free = [supplier(1, "恒达百货", 0), supplier(2, "义乌优选", 0)]
    offers = [
        offer(11, 1, free[0], "5"),
        offer(12, 1, free[1], "6"),
        offer(21, 2, free[0], "7"),
        offer(22, 2, free[1], "5"),
    ]
    plan = route(order(9, demand(91, 1, "陶瓷杯"), demand(92, 2, "毛巾")), offers, SETTINGS, NOW)
    assert len(plan.purchases) == 1
    assert "拆给 2 家可省 ¥1.00，没超过“少拆单”的上限 ¥3.00，不拆" in plan.headline


def test_lines_split_where_nobody_has_everything() -> None:
    offers = [CUP[0], offer(22, 2, YOUXUAN, "4.00")]
    plan = route(order(9, demand(91, 1, "陶瓷杯"), demand(92, 2, "毛巾", 2)), offers, SETTINGS, NOW)
    assert plan.complete
    assert len(plan.purchases) == 2
    assert plan.headline.endswith("没有一家能供齐整单。")
    assert all(c.verdict is Verdict.CHOSEN for c in plan.candidates)


def test_why_a_supplier_is_out() -> None:
    cases: list[tuple[OfferView, str]] = [
        (offer(13, 1, supplier(3, "华彩", not_served=("新疆", "西藏")), "1"), "排除 华彩：不发 新疆。"),
        (offer(13, 1, supplier(3, "华彩", paused="停止合作"), "1"), "排除 华彩：停止合作。"),
        (offer(13, 1, supplier(3, "华彩"), "1", stock=1), "排除 华彩：陶瓷杯 库存只剩 1 件，要 2 件。"),
        (offer(13, 1, supplier(3, "华彩"), "1", stock=0), "排除 华彩：陶瓷杯 缺货。"),
        (offer(13, 1, supplier(3, "华彩"), "1", minimum=10), "排除 华彩：陶瓷杯 起批量 10 件，这次只有 2 件。"),
        (
            replace(offer(13, 1, supplier(3, "华彩"), "1"), valid_to=date(2025, 11, 19)),
            "排除 华彩：报价 11-19 已到期。",
        ),
    ]
    for odd, said in cases:
        plan = route(order(9, demand(91, 1, "陶瓷杯", 2), place=PLACES[1]), [*CUP, odd], SETTINGS, NOW)
        assert said in [c.text for c in plan.candidates]
        assert plan.purchases[0].supplier_name == "恒达百货"


def test_a_refusal_falls_back_to_the_next_and_says_so() -> None:
    wanted = replace(order(9, demand(91, 1, "陶瓷杯")), excluded={uid(1): "已拒单（缺货）"})
    plan = route(wanted, CUP, SETTINGS, NOW)
    assert plan.purchases[0].supplier_name == "义乌优选"
    assert "排除 恒达百货：已拒单（缺货）。" in [c.text for c in plan.candidates]


def test_a_persons_choice_wins_and_says_so() -> None:
    choice = PersonChoice(uid(2), "小王", date(2025, 11, 18), remembered=True)
    plan = route(order(9, demand(91, 1, "陶瓷杯", choice=choice)), CUP, SETTINGS, NOW)
    assert plan.purchases[0].supplier_name == "义乌优选"
    assert "选了 义乌优选：按 小王 11-18 记住的选择" in plan.headline
    assert "比 恒达百货 贵 ¥1.35" in plan.headline


def test_a_choice_that_cannot_be_met_is_said_and_falls_back() -> None:
    choice = PersonChoice(uid(2), "小王")
    offers = [CUP[0], replace(CUP[1], stock=0)]
    plan = route(order(9, demand(91, 1, "陶瓷杯", choice=choice)), offers, SETTINGS, NOW)
    assert plan.purchases[0].supplier_name == "恒达百货"
    assert kinds(plan) == {WarningKind.CHOICE_NOT_POSSIBLE}


def test_nobody_supplies_it() -> None:
    plan = route(order(9, demand(91, 5, "花瓶")), CUP, SETTINGS, NOW)
    assert not plan.complete
    assert not plan.purchases
    assert plan.left_out[0].reason == "花瓶 还没有绑定供应商。请到“货源”里绑定，或在这里指定供应商。"


def test_a_loss_is_a_warning_and_unknown_income_is_not_a_margin() -> None:
    wanted = order(9, demand(91, 1, "陶瓷杯"))
    assert route(wanted, CUP, SETTINGS, NOW).margin_fen is None
    plan = route(replace(wanted, income_fen=1000), CUP, SETTINGS, NOW)
    assert plan.margin_fen == -420
    assert kinds(plan) == {WarningKind.LOSS}
    assert plan.warnings[0].text == "亏损 ¥4.20：到手 ¥10.00，采购 ¥14.20。"


def test_an_unknown_region_is_routed_dear_and_said() -> None:
    plan = route(order(9, demand(91, 1, "陶瓷杯"), place=Place()), CUP, SETTINGS, NOW)
    assert plan.complete
    assert kinds(plan) == {WarningKind.REGION_UNKNOWN}


def test_old_stock_is_not_believed_and_said() -> None:
    old = replace(CUP[0], stock=0, stock_at=NOW - timedelta(hours=49))
    plan = route(order(9, demand(91, 1, "陶瓷杯")), [old], SETTINGS, NOW)
    assert plan.complete
    assert kinds(plan) == {WarningKind.STOCK_STALE}
    fresh = replace(old, stock_at=NOW - timedelta(hours=47))
    assert not route(order(9, demand(91, 1, "陶瓷杯")), [fresh], SETTINGS, NOW).complete


def test_a_demand_is_cut_only_when_the_owner_allows() -> None:
    offers = [replace(CUP[0], stock=2), replace(CUP[1], stock=5)]
    wanted = order(9, demand(91, 1, "陶瓷杯", 6))
    assert not route(wanted, offers, SETTINGS, NOW).complete
    plan = route(wanted, offers, replace(SETTINGS, split_quantity=True), NOW)
    lines = [line for p in plan.purchases for line in p.lines]
    assert sorted((line.part, line.quantity) for line in lines) == [(0, 2), (1, 4)]


def test_tiers_of_a_mixed_item_count_all_its_skus() -> None:
    tiers = (PriceTier(1, Decimal("3.00")), PriceTier(3, Decimal("2.505")))
    offers = [
        OfferView(uid(31), uid(1), HENGDA, tiers, offer_ref="X", mixed=True),
        OfferView(uid(32), uid(2), HENGDA, tiers, offer_ref="X", mixed=True),
    ]
    plan = route(order(9, demand(91, 1, "红杯", 1), demand(92, 2, "蓝杯", 2)), offers, SETTINGS, NOW)
    # 2.505 becomes fen once per line, half up.
    assert [line.amount_fen for line in plan.purchases[0].lines] == [251, 501]
