"""Specs, packs and lines that send nothing: what words of listings mean."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daifa.areas.catalog.rules.packs import number_of, pack_quantity, sends_nothing
from daifa.areas.catalog.rules.specs import Verdict, compare, facts_of
from daifa.areas.catalog.types import Sureness


@pytest.mark.parametrize(
    ("title", "spec", "quantity"),
    [
        ("陶瓷杯", "", 1),
        ("陶瓷杯 两件装", "", 2),
        ("毛巾", "白色 2只装", 2),
        ("袜子 三双装", "", 3),
        ("洗衣液", "500ml*2瓶", 2),
        ("洗衣液", "500ml×6", 6),
        ("洗衣液 买二送一", "", 3),
        ("洗衣液【买1送1】", "", 2),
        ("洗衣液 拍一发三", "", 3),
        ("洗衣液 拍2发4", "", 2),
        ("双支装牙刷", "", 2),
        ("牙刷", "单支装", 1),
        ("收纳盒", "大号 3个", 3),
        ("收纳盒 3个", "", 1),  # a title boasts, a spec sells
        ("毛巾", "白色*2", 2),
        ("毛巾", "十二条装", 12),
        ("床上用品四件套", "1.5米床", 1),
        ("床上用品", "四件套", 1),
        ("毛巾 第二件半价", "", 1),
        ("毛巾 满2件8折", "2件起", 1),
        ("桌布", "30*40cm", 1),
        ("桌布", "60x90x2cm", 1),
        ("毛巾 两条装", "三条装", 3),
    ],
)
def test_packs(title: str, spec: str, quantity: int) -> None:
    found = pack_quantity(title, spec)
    assert found.quantity == quantity
    assert quantity == 1 or found.words


def test_numerals() -> None:
    assert [number_of(s) for s in ("3", "两", "十", "十二", "二十", "二十五", "半")] == [3, 2, 10, 12, 20, 25, 0]


@pytest.mark.parametrize(
    ("title", "sure"),
    [
        ("补差价专用链接", Sureness.SURE),
        ("补运费", Sureness.SURE),
        ("邮费", Sureness.SURE),
        ("差价", Sureness.SURE),
        ("张三客户专拍", Sureness.ASK),
        ("定制尾款", Sureness.ASK),
        ("陶瓷杯 包邮 送运费险", None),
        ("陶瓷杯 免运费", None),
        ("买贵退差价 陶瓷杯", None),
        ("赠品陶瓷杯", None),
        ("陶瓷杯", None),
    ],
)
def test_lines_that_send_nothing(title: str, sure: Sureness | None) -> None:
    found = sends_nothing(title)
    assert (found.word if found else None) == sure


def verdicts(theirs: str, ours: str) -> dict[str, Verdict]:
    return {c.dimension: c.verdict for c in compare(facts_of(theirs), facts_of(ours))}


@pytest.mark.parametrize(
    ("theirs", "ours", "dimension", "verdict"),
    [
        ("颜色:黑色", "黑", "颜色", Verdict.AGREES),
        ("曜石黑", "黑色", "颜色", Verdict.AGREES),
        ("黑色", "白色", "颜色", Verdict.CONTRADICTS),
        ("米白", "米色", "颜色", Verdict.NEAR),
        ("奶白色", "米白", "颜色", Verdict.AGREES),
        ("黑白拼色", "黑色", "颜色", Verdict.NEAR),
        ("深灰", "浅灰", "颜色", Verdict.CONTRADICTS),
        ("大号", "L", "尺码", Verdict.AGREES),
        ("L码", "尺码：大号", "尺码", Verdict.AGREES),
        ("2XL", "XXL", "尺码", Verdict.AGREES),
        ("M", "L", "尺码", Verdict.CONTRADICTS),
        ("42码", "43码", "尺码", Verdict.CONTRADICTS),
        ("500ml", "0.5L", "容量", Verdict.AGREES),
        ("500毫升", "750ml", "容量", Verdict.CONTRADICTS),
        ("1斤", "500克", "重量", Verdict.AGREES),
        ("1.5m", "150厘米", "长度", Verdict.AGREES),
        ("30*40cm", "300x400mm", "长宽", Verdict.AGREES),
        ("30*40cm", "40*60cm", "长宽", Verdict.CONTRADICTS),
        ("三层", "3层", "层数", Verdict.AGREES),
        ("10片", "20片", "片数", Verdict.CONTRADICTS),
    ],
)
def test_specs(theirs: str, ours: str, dimension: str, verdict: Verdict) -> None:
    assert verdicts(theirs, ours)[dimension] is verdict


def test_words_that_are_no_facts() -> None:
    assert "颜色" not in facts_of("黑胡椒味")
    assert "颜色" not in facts_of("红豆薏米 白芝麻", loose=True)
    assert "尺码" not in facts_of("0.5L")
    assert "长度" not in facts_of("米白")
    assert facts_of("") == {}


WORDS = st.lists(
    st.sampled_from(
        ["黑色", "白色", "米白", "大号", "L", "500ml", "0.75L", "两件装", "陶瓷", "30*40cm", "3层", ";", " ", "颜色:"]
    ),
    max_size=6,
).map("".join)


@settings(max_examples=150)
@given(WORDS, WORDS)
def test_comparing_is_fair_and_a_spec_agrees_with_itself(one: str, other: str) -> None:
    assert verdicts(one, other) == verdicts(other, one)
    assert all(v is Verdict.AGREES for v in verdicts(one, one).values())


@settings(max_examples=150)
@given(st.text(max_size=40), st.text(max_size=40))
def test_any_text_is_read(title: str, spec: str) -> None:
    assert pack_quantity(title, spec).quantity >= 1
    facts_of(title, loose=True)
    facts_of(spec)
    sends_nothing(title, spec)
