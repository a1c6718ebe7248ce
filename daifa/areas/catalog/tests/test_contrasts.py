"""Goods that share brand, style and colour are told apart by the words that only few of ours have."""

from __future__ import annotations

from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from daifa.areas.catalog.rules.contrasts import contrast, other_kind
from daifa.areas.catalog.rules.index import CatalogueIndex
from daifa.areas.catalog.rules.matching import suggest
from daifa.areas.catalog.types import ListingSku, OurSku, Suggestion, Sureness

THINGS = ("静电除尘掸", "陶瓷碗", "收纳盒", "浴巾", "马桶刷", "记忆棉枕", "硅胶铲勺", "仿真花")
STYLES = ("北欧", "日式", "简约")
SPEC = "蓝色/1.4米"
LISTING = ListingSku("舒宜家北欧静电除尘掸 灰尘清扫 床底神器 伸缩 2026新款", "蓝色;1.4米", "NEW425")


def catalogue(titles: list[str], spec: str = SPEC) -> CatalogueIndex:
    return CatalogueIndex(OurSku(UUID(int=n), f"S{n}", title, spec) for n, title in enumerate(titles, start=1))


def by_title(listing: ListingSku, index: CatalogueIndex) -> dict[str, Suggestion]:
    return {index.by_id[s.sku_id].title: s for s in suggest(listing, index).suggestions}


OURS = catalogue([f"舒宜家{style}{thing}" for thing in THINGS for style in STYLES])


def test_another_style_is_no_match_for_a_title_that_says_one() -> None:
    found = by_title(LISTING, OURS)
    right, other = found["舒宜家北欧静电除尘掸"], found["舒宜家日式静电除尘掸"]
    assert right.word is Sureness.SURE
    assert other.word is Sureness.ASK
    assert other.score < right.score - 0.3
    assert ("北欧", "日式") in other.disagreeing
    assert "但标题不同：北欧 ↔ 日式" in other.reason


def test_a_title_with_both_styles_speaks_against_neither() -> None:
    found = by_title(ListingSku("舒宜家简约陶瓷碗 日式 微波炉", "蓝色;1.4米"), OURS)
    assert [found[f"舒宜家{s}陶瓷碗"].disagreeing for s in ("简约", "日式")] == [(), ()]
    assert found["舒宜家北欧陶瓷碗"].word is Sureness.ASK


def test_a_lone_candidate_of_another_style_is_asked() -> None:
    found = by_title(LISTING, catalogue(["舒宜家日式静电除尘掸", "舒宜家日式浴巾"]))
    assert found["舒宜家日式静电除尘掸"].word is Sureness.ASK


def test_a_bowl_is_no_duster() -> None:
    for index in (OURS, catalogue(["舒宜家北欧陶瓷碗", "舒宜家北欧浴巾"])):
        found = suggest(LISTING, index).suggestions
        bowls = [s for s in found if index.by_id[s.sku_id].title.endswith("碗")]
        assert all(s.word is Sureness.ASK for s in bowls)
    lonely = by_title(ListingSku("舒宜家北欧陶瓷花瓶", "蓝色;1.4米"), OURS)["舒宜家北欧陶瓷碗"]
    assert lonely.word is Sureness.ASK
    assert "不像同一种商品" in lonely.reason


def test_words_are_compared_whole() -> None:
    assert contrast("大号饭碗 家用", "小饭碗", ["大饭碗"]) is None
    assert contrast("大饭碗 家用", "小饭碗", ["大饭碗"]) is not None
    assert contrast("北欧风陶瓷杯", "北欧陶瓷杯", ["北欧陶瓷杯套装"]) is None
    assert not other_kind("陶瓷大碗", "陶瓷碗")
    assert not other_kind("cup", "cup")


words = st.text(alphabet="甲乙丙丁戊己庚辛壬癸", min_size=2, max_size=4)


@settings(max_examples=200, deadline=None)
@given(
    brand=words,
    theirs=st.sampled_from(THINGS),
    ours=st.lists(st.sampled_from(THINGS), min_size=2, unique=True),
    style=st.sampled_from(STYLES),
)
def test_shared_brand_and_generic_words_make_no_stranger_likely(
    brand: str, theirs: str, ours: list[str], style: str
) -> None:
    index = catalogue([f"{brand}{style}{thing}" for thing in ours if thing != theirs])
    for listing in (f"{theirs} 2026新款", f"{brand}{theirs} 2026新款", f"{brand}{style}{theirs} 2026新款"):
        found = suggest(ListingSku(listing, "蓝色;1.4米"), index).suggestions
        assert {s.word for s in found} <= {Sureness.ASK}


@settings(max_examples=200, deadline=None)
@given(brand=words, thing=st.sampled_from(THINGS), style=st.sampled_from(STYLES))
def test_the_same_thing_stays_sure_under_any_brand(brand: str, thing: str, style: str) -> None:
    index = catalogue([f"{brand}{s}{t}" for t in THINGS for s in STYLES])
    found = suggest(ListingSku(f"【新款】{brand}{style}{thing} 家用", "蓝色;1.4米"), index).suggestions
    assert index.by_id[found[0].sku_id].title == f"{brand}{style}{thing}"
    assert found[0].word is Sureness.SURE
