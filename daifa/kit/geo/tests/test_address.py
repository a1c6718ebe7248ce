"""Addresses from text and columns: the place, the street, what is missing; fast enough for an import."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daifa.kit.geo import parse_address
from daifa.kit.geo.tests.test_places import COUNTIES

TEXTS = [
    ("浙江省杭州市西湖区文三路123号", "浙江省 杭州市 西湖区", "", "文三路123号"),
    ("义乌市稠城街道化工路12号3单元", "浙江省 金华市 义乌市", "稠城街道", "化工路12号3单元"),
    ("浙江义乌北苑街道春风大道1号", "浙江省 金华市 义乌市", "北苑街道", "春风大道1号"),
    ("江苏苏州昆山市花桥镇绿地大道1号", "江苏省 苏州市 昆山市", "花桥镇", "绿地大道1号"),
    ("内蒙古呼和浩特新城区海拉尔东路5号", "内蒙古自治区 呼和浩特市 新城区", "", "海拉尔东路5号"),
    ("广西南宁青秀区民族大道1号", "广西壮族自治区 南宁市 青秀区", "", "民族大道1号"),
    ("吉林市船营区松江路1号", "吉林省 吉林市 船营区", "", "松江路1号"),
    ("湖南长沙县星沙街道1号", "湖南省 长沙市 长沙县", "星沙街道", "1号"),
    ("河南三门峡湖滨区黄河路1号", "河南省 三门峡市 湖滨区", "", "黄河路1号"),
    ("江西九江湖口县双钟镇1号", "江西省 九江市 湖口县", "双钟镇", "1号"),
    ("河北省唐山市路南区文化路1号", "河北省 唐山市 路南区", "", "文化路1号"),
    ("重庆市县云阳县双江街道1号", "重庆市 重庆市 云阳县", "双江街道", "1号"),
    ("北京市市辖区朝阳区建国路1号", "北京市 北京市 朝阳区", "", "建国路1号"),
    ("浙江省 浙江省杭州市 西湖区 文三路1号", "浙江省 杭州市 西湖区", "", "文三路1号"),
    ("浙江省/金华市/义乌市 稠江街道 1号", "浙江省 金华市 义乌市", "稠江街道", "1号"),
    ("中国浙江省宁波市海曙区灵桥路1号", "浙江省 宁波市 海曙区", "", "灵桥路1号"),
    ("恒达公司浙江省杭州市西湖区文三路1号", "浙江省 杭州市 西湖区", "", "文三路1号 恒达公司"),
    ("新疆生产建设兵团第八师石河子市北四路1号", "新疆维吾尔自治区 石河子市 石河子市", "", "北四路1号"),
    ("贵州黔东南凯里市韶山路1号", "贵州省 黔东南苗族侗族自治州 凯里市", "", "韶山路1号"),
    ("河北省廊坊市大厂县夏垫镇1号", "河北省 廊坊市 大厂回族自治县", "夏垫镇", "1号"),
    ("辽宁省大连市中山区中山路1号", "辽宁省 大连市 中山区", "", "中山路1号"),
    ("广东省东莞市虎门镇人民路1号", "广东省 东莞市 ", "虎门镇", "人民路1号"),
    ("四川省成都市高新区天府大道1号", "四川省 成都市 高新区", "", "天府大道1号"),
    ("重庆渝北龙溪街道金龙路1号", "重庆市 重庆市 渝北区", "龙溪街道", "金龙路1号"),
    ("香港特别行政区九龙油尖旺区弥敦道1号", "香港特别行政区 香港特别行政区 油尖旺区", "", "弥敦道1号"),
    ("香港九龙旺角弥敦道1号", "香港特别行政区 香港特别行政区 ", "", "九龙旺角弥敦道1号"),
    ("张三 13812345678 浙江省杭州市西湖区文三路1号", "浙江省 杭州市 西湖区", "", "文三路1号"),
    (
        "收件人：李四 手机：13912345678-1234 地址：广东省深圳市南山区深南大道1号",
        "广东省 深圳市 南山区",
        "",
        "深南大道1号",
    ),
]


@pytest.mark.parametrize(("text", "place", "street", "detail"), TEXTS)
def test_places_are_read_out_of_text(text: str, place: str, street: str, detail: str) -> None:
    found = parse_address(text)
    assert (f"{found.province} {found.city} {found.district}", found.street, found.detail) == (place, street, detail)
    assert (found.ok, found.repairs, found.confidence) == (True, (), 1.0)


WRONG = [
    ("浙江省昆山市前进路1号", ["省写的是浙江，‘昆山市’属于江苏省苏州市"]),
    ("浙江省杭州市", ["没有写区县", "只写到市，没有路名和门牌"]),
    ("浙江省杭州市西湖区", ["只写到区县，没有路名和门牌"]),
    ("浙江省杭州市西湖区北山街道", ["只写到乡镇街道，没有路名和门牌"]),
    ("浙江省杭州市西湖区文三路", ["只有路名，没有门牌号"]),
    ("浙江省杭州市西湖区老地方不变", ["没有门牌号或楼名"]),
    ("辽宁大连中山路18号", ["没有写区县"]),
    ("鼓楼区中山北路12号", ["没有写省市，‘鼓楼区’全国有 4 处"]),
    ("南京路12号", ["没有写省市"]),
    ("", ["没有写地址"]),
    ("浙江省杭州市西湖区家里", ["没有门牌号或楼名"]),
]


@pytest.mark.parametrize(("text", "problems"), WRONG)
def test_what_is_missing_or_contradicts_is_said(text: str, problems: list[str]) -> None:
    found = parse_address(text)
    assert [p.text for p in found.problems] == problems
    assert found.confidence < 1


@pytest.mark.parametrize("detail", ["石牌村", "阳光花园", "第一中学", "永兴岛", "文三路二号", "A座"])
def test_a_place_without_digits_may_be_found_all_the_same(detail: str) -> None:
    assert parse_address(province="浙江省", city="杭州市", district="西湖区", detail=detail).ok


def test_a_town_fills_in_its_district() -> None:
    found = parse_address("江苏省苏州市盛泽镇舜湖路1号")
    assert (found.district, found.repairs, found.ok) == ("吴江区", ("按‘盛泽镇’补上‘吴江区’",), True)


def test_columns_and_a_detail_that_repeats_them() -> None:
    columns = {"province": "浙江省", "city": "杭州市", "district": "西湖区"}
    found = parse_address(**columns, detail="浙江省杭州市西湖区文三路1号")
    assert (found.detail, found.ok) == ("文三路1号", True)
    other = parse_address(**columns, detail="江苏省苏州市虎丘区文三路1号")
    assert [tuple(p) for p in other.problems] == [
        ("contradictory", "地区写的是浙江省杭州市西湖区，详细地址里是江苏省苏州市虎丘区")
    ]
    street = parse_address(**columns, street="北山街道", detail="北山街道文三路1号")
    assert (street.street, street.detail) == ("北山街道", "文三路1号")


def test_columns_that_hold_everything_in_one() -> None:
    found = parse_address(province="广东省深圳市", detail="南山区科技路1号")
    assert (found.province, found.city, found.district, found.detail) == ("广东省", "深圳市", "南山区", "科技路1号")


def test_a_masked_address_is_placed_and_not_judged() -> None:
    found = parse_address("浙江省杭州市西湖区***")
    assert (found.district, found.problems) == ("西湖区", ())
    assert found.confidence < 1


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(COUNTIES), st.text("文三路号楼省市区县1２ *,-\n张", max_size=12), st.booleans())
def test_whatever_follows_a_place_it_is_found(region: tuple[str, str, str], tail: str, split: bool) -> None:
    province, city, district = region
    if split:
        found = parse_address(province=province, city=city, district=district, detail=tail)
    else:
        found = parse_address(f"{province}{'' if city in (province, district) else city}{district} {tail}")
    assert (found.province, found.city, found.district) == region


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(max_size=40), st.text("浙江省杭州市西湖区县路号1 ,", max_size=30)))
def test_any_text_is_read_without_an_error_and_reading_again_agrees(text: str) -> None:
    found = parse_address(text)
    assert 0 <= found.confidence <= 1
    if found.ok:
        again = parse_address(
            province=found.province, city=found.city, district=found.district, street=found.street, detail=found.detail
        )
        assert (again.province, again.city, again.district) == (found.province, found.city, found.district)
