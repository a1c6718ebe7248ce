"""Each kind of hold by example: what raises it, what it says, and what does not raise it."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from daifa.areas.orders.rules.screening import screen
from daifa.areas.orders.types import (
    HOLDS,
    REMEDIES,
    WARN_ONLY,
    BlockHit,
    Habit,
    HoldFinding,
    HoldKind,
    RuleHold,
    ScreenFacts,
    ScreenLine,
    ScreenSettings,
    Twin,
    blocks,
)
from daifa.ports.shop import OrderState, RecipientState, RefundState, WaitReason

NOW = datetime(2026, 11, 20, 6, 5, tzinfo=UTC)  # 14:05 in Beijing
SETTINGS = ScreenSettings()
LINE = ScreenLine(UUID(int=1), "北欧风抱枕套 45×45", 1, listing_key="item1")
CLEAN = ScreenFacts(
    order_id=UUID(int=9),
    state=OrderState.PAID,
    now=NOW,
    at=NOW - timedelta(hours=2),
    due_by=NOW + timedelta(hours=40),
    lines=(LINE,),
    province="浙江省",
    city="金华市",
    district="义乌市",
    address="浙江省金华市义乌市北苑街道丹溪北路88号",
    note="谢谢",
    memo="",
    paid_fen=3600,
    margin_fen=500,
)


def only(facts: ScreenFacts, settings: ScreenSettings = SETTINGS) -> HoldFinding:
    found = screen(facts, settings)
    assert len(found) == 1, found
    return found[0]


def kinds(facts: ScreenFacts, settings: ScreenSettings = SETTINGS) -> list[str]:
    return [f.kind.value for f in screen(facts, settings)]


def test_a_clean_order_waits_for_nothing() -> None:
    assert screen(CLEAN, SETTINGS) == []


CASES: list[tuple[HoldKind, dict[str, Any], str]] = [
    (HoldKind.NUMBER_CONFLICT, {"conflict_shop": "二店"}, "店铺“二店”的文件里也有这个单号，请认定是哪家店的"),
    (HoldKind.LINES_MISSING, {"lines_missing": True}, "这个订单还没有商品明细，请导入这个平台的商品明细文件"),
    (
        HoldKind.UNMATCHED,
        {"lines": (replace(LINE, matched=False, quantity=2),)},
        "“北欧风抱枕套 45×45” ×2 还没有匹配到规格",
    ),
    (HoldKind.REFUND_APPLIED, {"refund": RefundState.APPLIED}, "买家申请退款中，实付 ¥36.00，处理完再发货"),
    (
        HoldKind.ADDRESS_WISH,
        {"wish": ("w1", "浙江省杭州市")},
        "买家申请把地址改到 浙江省杭州市，答复以后再派单",
    ),
    (HoldKind.NOT_TO_SHIP_YET, {"waits": (WaitReason.UNDER_REVIEW,)}, "平台审核中，平台放行后才能发货"),
    (HoldKind.NOT_TO_SHIP_YET, {"waits": (WaitReason.GROUP_PENDING,)}, "拼团未成，平台放行后才能发货"),
    (
        HoldKind.NOT_TO_SHIP_YET,
        {"waits": (WaitReason.PRESALE,), "ship_not_before": NOW + timedelta(days=5)},
        "预售，11-25 起才能发货",
    ),
    (HoldKind.NOT_TO_SHIP_YET, {"ship_not_before": NOW + timedelta(days=1)}, "预约发货，11-21 起才能发货"),
    (
        HoldKind.RECIPIENT_ABSENT,
        {"recipient_state": RecipientState.ABSENT},
        "文件里没有收件人，请导入或粘贴“单号 + 姓名 + 电话 + 地址”，或改为厂家代打",
    ),
    (
        HoldKind.RECIPIENT_ABSENT,
        {"recipient_state": RecipientState.ABSENT, "recipient_path": "wait"},
        "文件里没有收件人，按设置等待收件人资料",
    ),
    (
        HoldKind.RECIPIENT_MASKED,
        {"recipient_state": RecipientState.MASKED},
        "收件人是脱敏的，请导入或粘贴“单号 + 姓名 + 电话 + 地址”，或改为厂家代打",
    ),
    (
        HoldKind.RECIPIENT_MASKED,
        {"recipient_state": RecipientState.CIPHER, "recipient_path": "wait"},
        "收件人是平台加密的，按设置等待收件人资料",
    ),
    (
        HoldKind.RECIPIENT_MASKED,
        {"recipient_state": RecipientState.CIPHER},
        "收件人是平台加密的，而没有能接加密单的供应商供齐这些商品：请解密收件人、换供应商，"
        "或粘贴“单号 + 姓名 + 电话 + 地址”",
    ),
    (HoldKind.ADDRESS_INCOMPLETE, {"address_problems": (("incomplete", "缺区县"),)}, "缺区县"),
    (
        HoldKind.ADDRESS_CONTRADICTORY,
        {"address_problems": (("contradictory", "填的是苏州市，地址里写杭州市"), ("repaired", "已修正"))},
        "填的是苏州市，地址里写杭州市",
    ),
    (
        HoldKind.REGION_NOT_SERVED,
        {"region_not_served": ("四件套 1.8 米",), "province": "西藏自治区", "city": "拉萨市", "district": ""},
        "“四件套 1.8 米”的供应商都不发 西藏自治区拉萨市；加不到能发的货源，就和买家商量改地址或退款",
    ),
    (
        HoldKind.TRANSIT_ADDRESS,
        {"address": "广东省广州市天河区临江路18号云达集运仓A区（会员号HK30716 转香港）"},
        "地址里有“集运仓”“会员号”“转香港”，请核对能否发、怎么写",
    ),
    (
        HoldKind.TRANSIT_ADDRESS,
        {"consolidation": "新疆集运"},
        "平台标为“新疆集运”，请核对能否发、怎么写",
    ),
    (
        HoldKind.BLOCKED,
        {"block_hits": (BlockHit("phone", "多次签收后仅退款"),)},
        "命中黑名单：电话（多次签收后仅退款）",
    ),
    (HoldKind.NOTE_ASKS, {"note": "麻烦换成灰色的"}, "买家留言要求：改规格、颜色或款式"),
    (
        HoldKind.NOTE_ASKS,
        {"note": "发顺丰", "memo": "客户要求改地址，先不要发，等通知"},
        "买家留言要求：指定或拒绝快递；卖家备注要求：暂不发货、改地址或收件人",
    ),
    (HoldKind.COURIER_DEMANDED, {"courier_demand": "顺丰"}, "买家指定快递：顺丰，请确认供应商能发"),
    (
        HoldKind.DUPLICATE,
        {"twins": (Twin("330011", NOW - timedelta(hours=2, minutes=12)),)},
        "与订单 330011 的收件人、商品相同，相隔 12 分钟（48 小时内算疑似重复）",
    ),
    (
        HoldKind.UNUSUAL,
        {"habit": Habit(200, 5000, 1500, 1, 0), "lines": (replace(LINE, quantity=120),)},
        "共 120 件，本店一般 1 件，超过 13 件要确认",
    ),
    (
        HoldKind.UNUSUAL,
        {"habit": Habit(200, 5000, 1500, 1, 0), "paid_fen": 99900},
        "实付 ¥999.00，本店一般 ¥50.00，超过 ¥230.00 要确认",
    ),
    (
        HoldKind.UNUSUAL,
        {"habit": Habit(200, 5000, 1500, 1, 0), "paid_fen": 10},
        "实付只有 ¥0.10，本店一般 ¥50.00",
    ),
    (HoldKind.NO_SUPPLY, {"unsupplied": ("保温杯 500ml",)}, "“保温杯 500ml”没有供应商供货，请先加货源"),
    (HoldKind.MARGIN_LOW, {"margin_fen": -320}, "毛利 -¥3.20，低于下限 ¥0.00"),
    (
        HoldKind.RULE,
        {"rule_holds": (RuleHold(UUID(int=3), "偏远要问", "先问运费", "x"),)},
        "先问运费（规则“偏远要问”）",
    ),
    (
        HoldKind.DEADLINE_NEAR,
        {"due_by": NOW + timedelta(hours=3)},
        "11-20 17:05 前必须发货，剩余不足 4 小时",
    ),
    (HoldKind.OVERDUE, {"due_by": NOW - timedelta(minutes=1)}, "已过发货截止时间 11-20 14:04"),
]


@pytest.mark.parametrize(
    ("kind", "change", "reason"), CASES, ids=[f"{k.value}{n}" for n, (k, _, _) in enumerate(CASES)]
)
def test_each_kind_says_why(kind: HoldKind, change: dict[str, Any], reason: str) -> None:
    found = only(replace(CLEAN, **change))
    assert (found.kind, found.reason) == (kind, reason)
    assert found.remedy == HOLDS[kind].remedy
    assert found.blocks is (kind not in {HoldKind.OVERDUE, HoldKind.DEADLINE_NEAR})


def test_every_derived_kind_has_a_case_and_a_remedy() -> None:
    assert {k for k, _, _ in CASES} == set(HoldKind) - {HoldKind.MANUAL}
    assert set(HOLDS) == set(HoldKind)
    assert {info.remedy for info in HOLDS.values()} == set(REMEDIES)


@pytest.mark.parametrize(
    "change",
    [
        {"state": OrderState.SHIPPED},
        {"state": OrderState.FINISHED},
        {"state": OrderState.CANCELLED},
        {"refund": RefundState.FULL},
        {"state": OrderState.UNPAID},
    ],
)
def test_what_needs_no_purchase_is_not_screened(change: dict[str, Any]) -> None:
    troubled = replace(CLEAN, margin_fen=-1, note="换成红色", waits=(WaitReason.RISK,), courier_demand="顺丰")
    assert screen(replace(troubled, **change), SETTINGS) == []
    assert len(screen(troubled, SETTINGS)) == 4


def test_cash_on_delivery_counts_as_paid() -> None:
    facts = replace(CLEAN, state=OrderState.UNPAID, cash_on_delivery=True, margin_fen=-1)
    assert kinds(facts) == ["margin_low"]


def test_what_is_with_the_supplier_is_only_watched() -> None:
    facts = replace(
        CLEAN,
        sent=True,
        margin_fen=-1,
        courier_demand="顺丰",
        unsupplied=("x",),
        refund=RefundState.APPLIED,
        note="不要了",
    )
    assert kinds(facts) == ["refund_applied", "note_asks"]


def test_a_handed_over_order_needs_no_recipient() -> None:
    for state in (RecipientState.ABSENT, RecipientState.MASKED, RecipientState.CIPHER):
        facts = replace(
            CLEAN, recipient_state=state, recipient_path="handover", address_problems=(("incomplete", "缺区县"),)
        )
        assert screen(facts, SETTINGS) == []


def test_what_goes_to_bound_factories_needs_no_recipient() -> None:
    for state in (RecipientState.ABSENT, RecipientState.MASKED, RecipientState.CIPHER):
        held = replace(CLEAN, recipient_state=state)
        assert len(screen(held, SETTINGS)) == 1
        assert screen(replace(held, hands_over=True), SETTINGS) == []


def test_masked_text_is_not_judged_as_an_address() -> None:
    facts = replace(
        CLEAN,
        recipient_state=RecipientState.MASKED,
        address="浙江省***集运仓",
        address_problems=(("incomplete", "缺区县"),),
    )
    assert kinds(facts) == ["recipient_masked"]


def test_an_order_of_top_up_lines_needs_neither_address_nor_supply() -> None:
    top_up = replace(LINE, ships=False, quantity=800)
    facts = replace(
        CLEAN,
        lines=(top_up,),
        recipient_state=RecipientState.ABSENT,
        courier_demand="顺丰",
        unsupplied=("x",),
        habit=Habit(200, 5000, 1500, 1, 0),
    )
    assert screen(facts, SETTINGS) == []


def test_a_refunded_line_no_longer_matters() -> None:
    gone = replace(LINE, line_id=UUID(int=2), matched=False, refund=RefundState.FULL)
    assert screen(replace(CLEAN, lines=(LINE, gone)), SETTINGS) == []


def test_one_line_in_refund_names_the_lines() -> None:
    asked = replace(LINE, line_id=UUID(int=2), refund=RefundState.APPLIED)
    found = only(replace(CLEAN, lines=(LINE, asked)))
    assert found.reason == "1 行商品退款申请中，实付 ¥36.00，处理完再发货"


def test_every_unmatched_line_has_its_own_hold() -> None:
    lines = tuple(replace(LINE, line_id=UUID(int=n), matched=False) for n in (3, 1, 2))
    assert [f.line_id for f in screen(replace(CLEAN, lines=lines), SETTINGS)] == [UUID(int=n) for n in (1, 2, 3)]


def test_a_presale_may_go_on_its_day_but_a_review_may_not() -> None:
    # 00:30 in Beijing of the day is the day, though UTC still says the day before.
    day = datetime(2026, 11, 19, 17, 0, tzinfo=UTC)
    facts = replace(CLEAN, waits=(WaitReason.PRESALE, WaitReason.RESERVED), ship_not_before=day)
    assert screen(replace(facts, now=datetime(2026, 11, 19, 16, 30, tzinfo=UTC)), SETTINGS) == []
    assert kinds(replace(facts, now=datetime(2026, 11, 19, 15, 59, tzinfo=UTC))) == ["not_to_ship_yet"]
    risky = replace(facts, waits=(WaitReason.PRESALE, WaitReason.RISK))
    assert only(risky).reason == "平台风控，平台放行后才能发货"


def test_only_the_later_of_two_is_doubtful_and_only_within_the_hours() -> None:
    assert CLEAN.at is not None
    for at in (CLEAN.at + timedelta(minutes=1), CLEAN.at - timedelta(hours=49)):
        assert screen(replace(CLEAN, twins=(Twin("1", at),)), SETTINGS) == []
    twin = replace(CLEAN, twins=(Twin("1", CLEAN.at - timedelta(hours=1)),))
    assert screen(twin, replace(SETTINGS, duplicate_hours=0)) == []


def test_a_missing_margin_is_not_a_low_one_and_the_floor_itself_is_enough() -> None:
    assert screen(replace(CLEAN, margin_fen=None), SETTINGS) == []
    assert screen(replace(CLEAN, margin_fen=200), replace(SETTINGS, margin_floor_fen=200)) == []
    assert kinds(replace(CLEAN, margin_fen=199), replace(SETTINGS, margin_floor_fen=200)) == ["margin_low"]


def test_a_young_shop_has_no_habit() -> None:
    facts = replace(CLEAN, habit=Habit(29, 5000, 1500, 1, 0), paid_fen=999900)
    assert screen(facts, SETTINGS) == []


def test_the_deadline_blocks_only_when_set() -> None:
    facts = replace(CLEAN, due_by=NOW + timedelta(hours=1))
    assert not only(facts).blocks
    assert only(facts, replace(SETTINGS, warn_only=frozenset())).blocks
    assert blocks(HoldKind.DEADLINE_NEAR, frozenset())
    assert not blocks(HoldKind.DEADLINE_NEAR)
    assert frozenset({HoldKind.DEADLINE_NEAR, HoldKind.OVERDUE}) == WARN_ONLY


def test_time_passing_alone_does_not_change_a_fingerprint() -> None:
    facts = replace(
        CLEAN,
        due_by=NOW + timedelta(hours=3),
        waits=(WaitReason.PRESALE,),
        ship_not_before=NOW + timedelta(days=3),
        note="要红色",
    )
    later = replace(facts, now=NOW + timedelta(hours=2))
    assert screen(facts, SETTINGS) == screen(later, SETTINGS)


def test_changed_facts_change_the_fingerprint() -> None:
    pairs: list[tuple[dict[str, Any], dict[str, Any]]] = [
        ({"note": "要红色"}, {"note": "要蓝色"}),
        ({"margin_fen": -1}, {"margin_fen": -2}),
        (
            {"refund": RefundState.APPLIED, "refund_refs": ("a",)},
            {"refund": RefundState.APPLIED, "refund_refs": ("b",)},
        ),
        (
            {"address_problems": (("incomplete", "缺区县"),), "person_print": "aa"},
            {"address_problems": (("incomplete", "缺区县"),), "person_print": "bb"},
        ),
        ({"due_by": NOW + timedelta(hours=1)}, {"due_by": NOW - timedelta(hours=1)}),
        ({"courier_demand": "顺丰"}, {"courier_demand": "中通"}),
    ]
    for one, two in pairs:
        assert only(replace(CLEAN, **one)).fingerprint != only(replace(CLEAN, **two)).fingerprint


def test_punctuation_is_not_a_change_and_the_key_hides_the_text() -> None:
    plain = only(replace(CLEAN, note="要红色，谢谢")).fingerprint
    assert only(replace(CLEAN, note="要红色 谢谢！")).fingerprint == plain
    keyed = only(replace(CLEAN, note="要红色，谢谢"), replace(SETTINGS, fingerprint_key=b"k" * 16))
    assert keyed.fingerprint != plain


def test_no_reason_repeats_personal_text() -> None:
    secret = "王小明13812345678"
    facts = replace(
        CLEAN, note=f"改地址 {secret}", memo=f"{secret} 发顺丰", address=f"{secret}集运仓", refund=RefundState.APPLIED
    )
    said = "".join(f.reason + f.fingerprint for f in screen(facts, SETTINGS))
    assert "王" not in said
    assert "13812345678" not in said


def test_facts_are_frozen_values() -> None:
    for field in fields(ScreenFacts):
        assert not isinstance(getattr(CLEAN, field.name), (list, dict, set))
