"""How people shorten the names of places: 浙江省 -> 浙江, 恩施土家族苗族自治州 -> 恩施州, 恩施."""

from __future__ import annotations

import re

MUNICIPALITIES = frozenset({"北京市", "天津市", "上海市", "重庆市"})
# Provinces whose parts are not divided into districts by us.
OVERSEAS = frozenset({"香港特别行政区", "澳门特别行政区", "台湾省"})
SHORT_PROVINCE = {
    "内蒙古自治区": "内蒙古",
    "广西壮族自治区": "广西",
    "西藏自治区": "西藏",
    "宁夏回族自治区": "宁夏",
    "新疆维吾尔自治区": "新疆",
    "香港特别行政区": "香港",
    "澳门特别行政区": "澳门",
}
# What columns hold where there is no city between province and district.
NO_CITY = frozenset(
    {
        "市辖区",
        "县",
        "市",
        "城区",
        "郊县",
        "重庆郊县",
        "省直辖",
        "省直辖县",
        "省直辖县级",
        "省直辖县级行政区划",
        "省直辖县级行政单位",
        "自治区直辖",
        "自治区直辖县级",
        "自治区直辖县级行政区划",
        "直辖县",
        "直辖县级",
        "直辖县级行政区划",
        "直辖行政单位",
    }
)
_NATION = (
    "(?:壮族|回族|满族|蒙古族?|土家族|苗族|侗族|瑶族|彝族|布依族|仡佬族|各族|畲族|黎族|藏族|羌族|哈尼族|傣族|拉祜族|佤族|白族|纳西族"
    "|傈僳族|景颇族|独龙族|怒族|普米族|裕固族|哈萨克族?|东乡族|保安族|撒拉族|土族|达斡尔族|朝鲜族|锡伯族?|塔吉克族?|柯尔克孜族?|水族|仫佬族"
    "|毛南族|布朗族|阿昌族|维吾尔族?|鄂伦春族?|鄂温克族?|莫力达瓦)"
)
_AUTONOMOUS = re.compile(rf"^(.{{2,}}?){_NATION}+自治([州县旗])$")
# 区 names such as 新区, 矿区, 林区 keep their kind when shortened: 浦东新区 -> 浦东, but 城区 stays 城区.
_KIND = re.compile(r"(?:新区|矿区|林区|特区|地区|[区县市旗盟])$")


def province_names(full: str) -> tuple[str, ...]:
    """Every name by which people write a province, the full one first."""
    short = SHORT_PROVINCE.get(full, full[:-1])
    names = [full, short]
    if full not in MUNICIPALITIES and full not in OVERSEAS:
        names.append(short + "省")
    if full.endswith("自治区"):
        names.append(short + "自治区")
    if full in ("香港特别行政区", "澳门特别行政区"):
        names += [short + "特区", short + "市"]
    return tuple(dict.fromkeys(names))


def short_names(full: str) -> tuple[str, ...]:
    """Shorter names of a city or a district, of two characters at least; the full one is not among them."""
    found = _AUTONOMOUS.match(full)
    if found:
        stem, kind = found[1], found[2]
        return (stem + kind, stem + "自治" + kind, stem)
    stem = _KIND.sub("", full)
    return (stem,) if stem != full and len(stem) >= 2 else ()


def short_province(full: str) -> str:
    """How a sentence calls a province: 浙江, 内蒙古, 北京."""
    return SHORT_PROVINCE.get(full, full[:-1])
