"""Place names: every place of today is found however it is written, every old name leads to one of today."""

from __future__ import annotations

import pytest

from daifa.kit.geo import resolve
from daifa.kit.geo.gazetteer import Region, gazetteer, towns
from daifa.kit.geo.names import OVERSEAS, province_names, short_names
from daifa.kit.geo.read_text import read_text

COUNTIES = [r for regions in gazetteer().places.values() for r in regions if r.district]


def test_every_district_is_found_from_columns_and_from_text() -> None:
    assert len(COUNTIES) > 2800
    for region in COUNTIES:
        found = resolve(*region)
        assert (found.region, found.problems) == (region, ()), region
        city = "" if region.city in (region.province, region.district) else region.city
        read = read_text(f"{region.province}{city}{region.district}人民路1号")
        assert (read.resolved.region, read.rest) == (region, "人民路1号"), region


def test_short_provinces_and_cities_are_enough() -> None:
    for region in COUNTIES:
        short = province_names(region.province)[1]
        city = (short_names(region.city) or (region.city,))[-1]
        assert resolve(short, city, region.district).region == region, region


def test_every_old_name_leads_to_a_place_of_today() -> None:
    g, seen = gazetteer(), 0
    today = {*COUNTIES} | {Region(p, c) for p, cities in g.cities.items() for c in cities.values()}
    for province, names in g.renamed.items():
        for name, entries in names.items():
            for entry in entries:
                assert entry.now in today, (province, name)
                seen += 1
    assert seen > 1200


def test_towns_tell_their_district() -> None:
    assert towns("江苏省", "苏州市")["盛泽镇"] == "吴江区"
    assert towns("江苏省", "没有的市") == {}


REPAIRED = [
    (("北京市", "北京市", "崇文区"), ("北京市", "北京市", "东城区"), ("‘崇文区’已并入‘东城区’（2010）",)),
    (("上海", "", "闸北区"), ("上海市", "上海市", "静安区"), ("‘闸北区’已并入‘静安区’（2015）",)),
    (("浙江省", "杭州市", "下城区"), ("浙江省", "杭州市", "拱墅区"), ("‘下城区’已并入‘拱墅区’（2021）",)),
    (("四川省", "成都市", "郫县"), ("四川省", "成都市", "郫都区"), ("‘郫县’已改为‘郫都区’（2016）",)),
    (("安徽省", "六安市", "寿县"), ("安徽省", "淮南市", "寿县"), ("‘寿县’已划归淮南市（2015）",)),
    (
        ("湖北省", "襄樊市", "襄阳区"),
        ("湖北省", "襄阳市", "襄州区"),
        ("‘襄樊市’已改为‘襄阳市’（2010）", "‘襄阳区’已改为‘襄州区’（2010）"),
    ),
    (
        ("山东省", "莱芜市", "莱城区"),
        ("山东省", "济南市", "莱芜区"),
        ("‘莱芜市’已改为‘莱芜区’（2018）", "‘莱城区’已并入‘莱芜区’（2018）"),
    ),
    (("四川省", "重庆市", "万州区"), ("重庆市", "重庆市", "万州区"), ("‘重庆市’已不属于四川省（1997）",)),
    (("", "杭州市", "西湖区"), ("浙江省", "杭州市", "西湖区"), ("按‘杭州市’补上浙江",)),
    (("", "", "义乌市"), ("浙江省", "金华市", "义乌市"), ("按‘义乌市’补上浙江省金华市",)),
]


@pytest.mark.parametrize(("said", "region", "repairs"), REPAIRED)
def test_old_and_missing_names_are_repaired_and_said(
    said: tuple[str, str, str], region: tuple[str, str, str], repairs: tuple[str, ...]
) -> None:
    found = resolve(*said)
    assert (tuple(found.region), found.repairs, found.problems) == (region, repairs, ())


COLUMNS = [
    (("湖北省", "省直辖县级行政区划", "仙桃市"), ("湖北省", "仙桃市", "仙桃市")),
    (("新疆", "石河子市", ""), ("新疆维吾尔自治区", "石河子市", "石河子市")),
    (("重庆市", "县", "云阳县"), ("重庆市", "重庆市", "云阳县")),
    (("江苏省", "昆山市", ""), ("江苏省", "苏州市", "昆山市")),
    (("广东省", "东莞市", "虎门镇"), ("广东省", "东莞市", "虎门镇")),
    (("广东省", "东莞市", ""), ("广东省", "东莞市", "")),
    (("江苏省", "苏州市", "工业园区"), ("江苏省", "苏州市", "工业园区")),
    (("重庆市", "重庆市", "渝北区"), ("重庆市", "重庆市", "渝北区")),
    (("山西省", "大同市", "其它区"), ("山西省", "大同市", "其它区")),
    (("香港", "九龙", "油尖旺区"), ("香港特别行政区", "香港特别行政区", "油尖旺区")),
    (("台湾省", "台北市", "信义区"), ("台湾省", "台北市", "信义区")),
    (("澳门", "", ""), ("澳门特别行政区", "澳门特别行政区", "")),
]


@pytest.mark.parametrize(("said", "region"), COLUMNS)
def test_columns_as_platforms_fill_them(said: tuple[str, str, str], region: tuple[str, str, str]) -> None:
    found = resolve(*said)
    assert (tuple(found.region), found.repairs, found.problems) == (region, (), ())


WRONG = [
    (("浙江省", "昆山市", ""), "contradictory", "省写的是浙江，‘昆山市’属于江苏省苏州市"),
    (("浙江省", "苏州市", "虎丘区"), "contradictory", "省写的是浙江，‘苏州市’属于江苏省"),
    (("浙江省", "杭州市", "余姚市"), "contradictory", "市写的是杭州市，‘余姚市’属于宁波市"),
    (("浙江省", "杭州市", "昆山市"), "contradictory", "市写的是浙江杭州市，‘昆山市’属于江苏省苏州市"),
    (("浙江省", "杭州市", ""), "incomplete", "没有写区县"),
    (("浙江省", "", ""), "incomplete", "没有写市和区县"),
    (("", "", "鼓楼区"), "incomplete", "没有写省市，‘鼓楼区’全国有 4 处"),
    (("", "", ""), "incomplete", "没有写省市"),
    (("河北省", "火星市", ""), "unknown", "河北没有叫‘火星市’的市"),
    (("浙江省", "杭州市", "火星区"), "unknown", "杭州市没有叫‘火星区’的区县"),
]


@pytest.mark.parametrize(("said", "kind", "text"), WRONG)
def test_what_is_wrong_is_said_with_the_names(said: tuple[str, str, str], kind: str, text: str) -> None:
    assert resolve(*said).problems == ((kind, text),)


def test_overseas_places_need_no_district() -> None:
    assert set(gazetteer().cities) >= OVERSEAS
    assert resolve("香港特别行政区", "", "").problems == ()
