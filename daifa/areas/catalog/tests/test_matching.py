"""From a listing SKU to ours: what decides, what only suggests, and what forbids to be sure."""

from __future__ import annotations

import random
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daifa.areas.catalog.rules.index import CatalogueIndex, fingerprint
from daifa.areas.catalog.rules.matching import suggest
from daifa.areas.catalog.types import Basis, ListingSku, OurSku, Part, Sureness


def sku(n: int, code: str, title: str, spec: str = "", **more: str) -> OurSku:
    return OurSku(UUID(int=n), code, title, spec, **more)


CUPS = [
    sku(1, "CUP-BLK-500", "北欧陶瓷马克杯", "黑色 500ml", product_code="CUP01"),
    sku(2, "CUP-WHT-500", "北欧陶瓷马克杯", "白色 500ml", product_code="CUP01"),
    sku(3, "CUP-WHT-750", "北欧陶瓷马克杯", "白色 750ml", product_code="CUP01"),
    sku(4, "TWL-L", "纯棉浴巾", "米色 大号"),
    sku(5, "TWL-M", "纯棉浴巾", "米色 中号"),
    sku(6, "SOCK2", "中筒袜 两双装", "黑色"),
    sku(7, "abc1", "保温壶", "银色", barcode="6901234567892"),
    sku(8, "ABC1 ", "保温壶", "红色"),
    sku(9, "7", "花瓶", ""),
]
INDEX = CatalogueIndex(CUPS)


def test_a_unique_code_decides_with_its_reason() -> None:
    answer = suggest(ListingSku("马克杯 北欧风", "黑色,500ml", "CUP-BLK-500"), INDEX)
    assert answer.automatic is not None
    assert answer.automatic.parts == (Part(UUID(int=1), 1),)
    assert answer.automatic.reason == "商家编码 CUP-BLK-500 完全一致。"


def test_case_blanks_and_width_are_forgiven_where_the_code_stays_unique() -> None:
    answer = suggest(ListingSku("杯", "黑色", " ｃup-blk-500 "), INDEX)
    assert answer.automatic is not None
    assert "只差大小写或空格" in answer.automatic.reason
    two = suggest(ListingSku("保温壶", "", "Abc1"), INDEX)
    assert two.automatic is None
    assert {s.sku_id for s in two.suggestions} >= {UUID(int=7), UUID(int=8)}
    assert "有 2 个 SKU 用这个编码" in two.suggestions[0].reason
    exact = suggest(ListingSku("保温壶", "银色", "abc1"), INDEX)
    assert exact.automatic is not None


def test_a_code_whose_words_contradict_does_not_decide() -> None:
    answer = suggest(ListingSku("马克杯", "白色 500ml", "CUP-BLK-500"), INDEX)
    assert answer.automatic is None
    coded = next(s for s in answer.suggestions if s.basis is Basis.CODE)
    assert coded.word is Sureness.ASK
    assert coded.reason == "商家编码 CUP-BLK-500 完全一致，但颜色不同：白色 ↔ 黑色。"
    assert coded.disagreeing == (("白色", "黑色"),)


def test_a_code_on_a_multipack_asks_for_the_quantity() -> None:
    answer = suggest(ListingSku("马克杯 两件装", "黑色 500ml", "CUP-BLK-500"), INDEX)
    assert answer.automatic is None
    assert answer.suggestions[0].parts == (Part(UUID(int=1), 2),)
    assert "写着“两件装”，按每份 2 件算" in answer.suggestions[0].reason
    same = suggest(ListingSku("中筒袜 两双装", "黑色", "SOCK2"), INDEX)
    assert same.automatic is not None
    four = suggest(ListingSku("中筒袜 四双装", "黑色", ""), INDEX)
    assert four.suggestions[0].parts == (Part(UUID(int=6), 2),)


def test_a_short_code_needs_a_title_behind_it() -> None:
    assert suggest(ListingSku("陶瓷花瓶", "", "7"), INDEX).automatic is not None
    assert suggest(ListingSku("马克杯", "", "7"), INDEX).automatic is None


def test_a_code_made_of_codes_is_a_bundle() -> None:
    answer = suggest(ListingSku("送礼套装", "", "CUP-BLK-500*2+TWL-L"), INDEX)
    assert answer.suggestions[0].parts == (Part(UUID(int=1), 2), Part(UUID(int=4), 1))
    assert answer.suggestions[0].reason == "商家编码写的是组合：CUP-BLK-500×2 + TWL-L×1。"
    assert answer.automatic is None
    assert suggest(ListingSku("套装", "", "CUP-BLK-500+NOPE"), INDEX).suggestions == ()


def test_barcode_and_separators_suggest() -> None:
    assert suggest(ListingSku("壶", "", "6901234567892"), INDEX).suggestions[0].basis is Basis.BARCODE
    loose = suggest(ListingSku("壶", "", "CUPBLK500"), INDEX)
    assert loose.automatic is None
    assert loose.suggestions[0].sku_id == UUID(int=1)


def test_words_find_the_right_variant_and_say_why() -> None:
    answer = suggest(ListingSku("【新款】北欧风ins陶瓷马克杯大容量家用水杯", "颜色分类:白色;容量:0.5L"), INDEX)
    best = answer.suggestions[0]
    assert best.sku_id == UUID(int=2)
    assert best.word in {Sureness.SURE, Sureness.LIKELY}
    assert "颜色 白色、容量 0.5l 一致" in best.reason or "容量 0.5l、颜色 白色 一致" in best.reason
    assert "陶瓷马克杯" in best.agreeing
    others = {s.sku_id: s for s in answer.suggestions[1:]}
    assert others[UUID(int=1)].word is Sureness.ASK
    assert others[UUID(int=1)].disagreeing == (("白色", "黑色"),)
    assert answer.automatic is None


def test_a_near_colour_is_never_sure() -> None:
    best = suggest(ListingSku("纯棉浴巾", "米白 L"), INDEX).suggestions[0]
    assert best.sku_id == UUID(int=4)
    assert best.word is Sureness.LIKELY
    assert "颜色相近：米白 ↔ 米色" in best.reason


def test_a_variant_that_lacks_a_word_of_the_listings_spec_is_asked_about() -> None:
    racks = CatalogueIndex([sku(1, "R-1", "北欧沥水碗架", "黑色/单层"), sku(2, "R-2", "北欧沥水碗架", "黑色/双层")])
    first, second = suggest(ListingSku("北欧沥水碗架 不锈钢", "黑色,双层"), racks).suggestions
    assert (first.sku_id, first.word) == (UUID(int=2), Sureness.SURE)
    assert (second.word, "但规格不同：双层 ↔ 单层" in second.reason) == (Sureness.ASK, True)


def test_of_variants_that_nothing_tells_apart_the_sought_one_comes_first() -> None:
    towers = CatalogueIndex([sku(i, f"TWR-{i}", "北欧小夜灯", f"款式{i}") for i in range(1, 10)])
    listing = ListingSku("北欧小夜灯", "")
    assert suggest(listing, towers).suggestions[0].sku_id == UUID(int=1)
    assert suggest(listing, towers, sought=[UUID(int=9)]).suggestions[0].sku_id == UUID(int=9)
    told = suggest(ListingSku("北欧小夜灯", "款式2"), towers, sought=[UUID(int=9)]).suggestions
    assert told[0].sku_id == UUID(int=2), "what the words say is stronger than what is sought"


def test_two_that_fit_alike_are_both_not_sure() -> None:
    twins = CatalogueIndex([sku(1, "A", "陶瓷花盆", "白色"), sku(2, "B", "陶瓷花盆", "白色")])
    answer = suggest(ListingSku("陶瓷花盆", "白色"), twins)
    assert [s.word for s in answer.suggestions] == [Sureness.LIKELY, Sureness.LIKELY]


def test_a_product_code_narrows_to_its_variants() -> None:
    best = suggest(ListingSku("完全不同的标题", "白色 750ml", "CUP01"), INDEX).suggestions[0]
    assert best.sku_id == UUID(int=3)


def test_what_people_decided() -> None:
    remembered = (Part(UUID(int=4), 3),)
    answer = suggest(ListingSku("随便", "", "CUP-BLK-500"), INDEX, remembered)
    assert answer.automatic is not None
    assert answer.automatic.parts == remembered
    assert suggest(ListingSku("补差价"), INDEX, ()).suggestions == ()
    known = CatalogueIndex(CUPS, {fingerprint("爆款浴巾", "大"): remembered})
    other = suggest(ListingSku("爆款浴巾 ", "大"), known).suggestions[0]
    assert (other.basis, other.parts, other.automatic) == (Basis.PRECEDENT, remembered, False)


def test_nothing_is_sent_is_a_suggestion() -> None:
    answer = suggest(ListingSku("补差价专拍"), INDEX)
    assert answer.no_ship is not None
    assert suggest(ListingSku("陶瓷马克杯", "黑色"), INDEX).no_ship is None


SPECS = st.sampled_from(
    ["黑色", "白色", "白色 500ml", "黑色 750ml", "米白", "米色", "大号", "L", "两件装", "", "500ml*2", "银色"]
)
TITLES = st.sampled_from(["北欧陶瓷马克杯", "马克杯", "纯棉浴巾 两件装", "保温壶", "袜子", "补差价", "", "完全无关"])
CODES = st.sampled_from(
    ["", "CUP-BLK-500", "cup-wht-750", "ABC1", "7", "CUP01", "TWL-L*2", "TWL-L+7", "没有", "6901234567892"]
)


@settings(max_examples=300, deadline=None)
@given(TITLES, SPECS, CODES, st.randoms(use_true_random=False))
def test_only_codes_decide_and_contradictions_are_never_sure(
    title: str, spec: str, code: str, dice: random.Random
) -> None:
    listing = ListingSku(title, spec, code)
    answer = suggest(listing, INDEX)
    assert len(answer.suggestions) <= 5
    assert len({s.parts for s in answer.suggestions}) == len(answer.suggestions)
    for s in answer.suggestions:
        assert 0 < s.score <= 1
        assert s.reason.endswith("。")
        assert all(p.quantity >= 1 and p.sku_id in INDEX.by_id for p in s.parts)
        if s.disagreeing:
            assert s.word is Sureness.ASK
            assert not s.automatic
        if s.automatic:
            assert s.basis in {Basis.CODE, Basis.CODE_LOOSE}
            assert s.parts[0].quantity == 1
            own = INDEX.by_id[s.sku_id].code
            assert own.strip().upper() == code.strip().upper()
    shuffled = list(CUPS)
    dice.shuffle(shuffled)
    assert suggest(listing, CatalogueIndex(shuffled)) == answer


def many_goods() -> list[OurSku]:
    """Fifty thousand SKUs with titles that share most of their words."""
    dice = random.Random(7)
    things = ["马克杯", "浴巾", "收纳盒", "保温壶", "花盆", "拖鞋", "台灯", "抱枕", "砧板", "衣架"]
    words = [
        "北欧",
        "ins",
        "日式",
        "加厚",
        "陶瓷",
        "纯棉",
        "不锈钢",
        "家用",
        "大容量",
        "创意",
        "简约",
        "防滑",
        "便携",
        "儿童",
        "学生",
        "宿舍",
    ]
    skus = list[OurSku]()
    for product in range(12_500):
        title = "".join(dice.sample(words, 4)) + dice.choice(things) + f"型号{product % 3000}"
        for colour in ("黑色", "白色", "米色", "灰色"):
            skus.append(sku(len(skus) + 1, f"S{len(skus):05d}", title, f"{colour} {dice.choice(['500ml', '750ml'])}"))
    return skus


@pytest.fixture(scope="module")
def crowd() -> CatalogueIndex:
    return CatalogueIndex(many_goods())


def test_a_title_is_found_among_fifty_thousand_skus(crowd: CatalogueIndex) -> None:
    dice = random.Random(3)
    asked = [dice.choice(crowd.skus) for _ in range(30)]
    listings = [ListingSku(f"【新款】{s.title}家用包邮2025", f"颜色:{s.spec}") for s in asked]
    answers = [suggest(listing, crowd) for listing in listings]
    right = sum(s.title == crowd.by_id[a.suggestions[0].sku_id].title for s, a in zip(asked, answers, strict=True))
    assert right >= 29
