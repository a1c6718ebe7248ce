"""Whether a region as a supplier writes it (新疆, 江浙沪, 浙江省/金华市) covers a place."""

from __future__ import annotations

import re
from functools import lru_cache

from daifa.areas.purchasing.types import Place

# Words that stand for several provinces in price lists.
GROUPS: dict[str, tuple[str, ...]] = {
    "江浙沪": ("江苏", "浙江", "上海"),
    "江浙沪皖": ("江苏", "浙江", "上海", "安徽"),
    "包邮区": ("江苏", "浙江", "上海"),
    "港澳台": ("香港", "澳门", "台湾"),
    "港澳": ("香港", "澳门"),
    "东三省": ("辽宁", "吉林", "黑龙江"),
    "东北": ("辽宁", "吉林", "黑龙江"),
    "京津冀": ("北京", "天津", "河北"),
    "新藏": ("新疆", "西藏"),
}
EVERYWHERE = frozenset({"全国", "全部", "所有地区", "其他", "其它", "其他地区", "其它地区"})
_NATIONS = (
    "壮族|回族|维吾尔|藏族|彝族|苗族|侗族|布依族|土家族|白族|傣族|景颇族|傈僳族|哈尼族|蒙古族?|朝鲜族"
    "|哈萨克|柯尔克孜|羌族"
)
_PROVINCE_END = re.compile(r"(特别行政区|(?:壮族|回族|维吾尔)?自治区|省|市)$")
_CITY_END = re.compile(rf"((?:{_NATIONS})*自治州|地区|盟|市)$")
_PARTS = re.compile(r"[\s/>\-—·|]+")


def _province(name: str) -> str:
    return _PROVINCE_END.sub("", name) if len(name) > 2 else name


def _city(name: str) -> str:
    return _CITY_END.sub("", name) if len(name) > 2 else name


@lru_cache(maxsize=65536)
def covers(region: str, place: Place) -> bool:
    """Whether the region, written as a path of province, city and county or as one name, contains the place.

    One name alone is looked for among province and city, and among counties when it ends in 市, 县 or 旗: 区 names
    repeat all over the country, so they need their city before them. An unknown place is in no region.
    """
    text = region.strip()
    if not text or not place.known:
        return False
    if text in EVERYWHERE:
        return True
    if text in GROUPS:
        return _province(place.province) in GROUPS[text]
    parts = [p for p in _PARTS.split(text) if p]
    if len(parts) > 1:
        return _path_covers(parts, place)
    name = parts[0] if parts else ""
    if _province(name) == _province(place.province) or (place.city and _city(name) == _city(place.city)):
        return True
    return name[-1:] in "市县旗" and name == place.district


def _path_covers(parts: list[str], place: Place) -> bool:
    if _province(parts[0]) != _province(place.province):
        # "金华/义乌市": a path may begin at the city.
        return len(parts) == 2 and _city(parts[0]) == _city(place.city) and parts[1] == place.district
    rest = parts[1:]
    if _city(rest[0]) != _city(place.city):
        return len(rest) == 1 and rest[0] == place.district
    return len(rest) == 1 or rest[1] == place.district


def any_covers(regions: tuple[str, ...], place: Place) -> str:
    """The first region that covers the place, or an empty text."""
    return next((r for r in regions if covers(r, place)), "")
