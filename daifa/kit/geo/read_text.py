"""The place at the beginning of a free text: province, city, district in full or short, with or without gaps."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from daifa.kit.geo.gazetteer import Gazetteer, Region, Rename, gazetteer
from daifa.kit.geo.names import MUNICIPALITIES, NO_CITY, OVERSEAS
from daifa.kit.geo.resolve import ZONE, Resolved, old_name, resolve

_SEPARATORS = re.compile(r"^[\s,，、/\-—·|:：;；。.>()（）]+")
_CORPS = re.compile(r"^生产建设兵团(?:第?[一二三四五六七八九十\d]+师)?")
# Parts of Hong Kong that are written before the district.
_HARBOUR = re.compile(r"^(?:九龙|新界|香港岛|港岛)")
_COUNTRY = re.compile(r"^(?:中国大陆|中华人民共和国|中国)(?=[\u4e00-\u9fff])")
# A short name before one of these is part of another name: 南京路, 中山公园, 朝阳门.
# A short name before one of these is part of another name: 南京路, 中山公园; and a district's before 门, 桥: 朝阳门.
_ROAD = r"[东西南北中]?(?:[一二三四五六七八九十]+)?(?:大?路|大?街(?!道)|大道|巷|弄)"
_POI = (
    r"公园|花园|小区|社区|广场|新村|新城(?!区)|大厦|大楼|宾馆|酒店|饭店|商场|超市|学校|中学|小学|大学|学院|医院|银行|公司|科技|集团|名?苑(?!街道)"
    r"|家园|公寓|豪庭|华府|国际|火车站|高铁|机场|码头|[镇乡村](?!村|镇)"
)
_NOT_A_CITY = re.compile(rf"^(?:{_ROAD}|{_POI})")
_NOT_A_DISTRICT = re.compile(rf"^(?:{_ROAD}|{_POI}|[门桥湖山湾里庙港])")
_FULL = re.compile(r"(?:省|市|区|县|旗|盟|州|地区|特区|新区|林区|矿区)$")


class Read(NamedTuple):
    """What a text's beginning named, and the text behind it."""

    said: tuple[str, str, str]
    resolved: Resolved
    rest: str


def read_text(text: str) -> Read:
    """The place a text begins with (or names within its first 30 characters), resolved, and what follows it."""
    g = gazetteer()
    body = _trim(text)
    start = _start(g, body)
    if start is None:
        return Read(("", "", ""), resolve("", "", ""), body)
    province, city, district, rest = _walk(g, body[start:])
    before = body[:start].strip()
    if start and before:
        # What stood before the place (a company, a remark) stays part of the detail.
        rest = f"{rest} {before}".strip()
    return Read((province, city, district), resolve(province, city, district), rest)


def _trim(text: str) -> str:
    text = _SEPARATORS.sub("", text)
    return _SEPARATORS.sub("", _COUNTRY.sub("", text))


def _start(g: Gazetteer, text: str) -> int | None:
    if _longest(g, text):
        return 0
    # Somewhere behind other words only full names count.
    for at in range(1, min(30, len(text))):
        name = _longest(g, text[at:])
        if name and _FULL.search(name) and (name in g.provinces or any(not r.district for r in g.places.get(name, ()))):
            return at
    return None


def _prefixes(text: str, longest: int) -> Iterator[str]:
    for n in range(min(longest, len(text)), 1, -1):
        yield text[:n]


def _longest(g: Gazetteer, text: str) -> str:
    """The longest name of any place that a text begins with, '' when none does."""
    for name in _prefixes(text, g.longest):
        known = name in g.places or name in g.provinces or name in g.short_cities
        if known and _stands(name, text):
            return name
    return ""


def _stands(name: str, text: str, *, district: bool = False) -> bool:
    """Whether a name at a text's beginning is the place and not part of another name (南京路, 余姚市场)."""
    after = text[len(name) :]
    if _FULL.search(name) and len(name) > 2:
        # 唐山市路南区 is a place, 余姚市场 is none.
        return not (name.endswith("市") and after[:1] == "场")
    return not (_NOT_A_DISTRICT if district else _NOT_A_CITY).match(after)


def _walk(g: Gazetteer, text: str) -> tuple[str, str, str, str]:
    province = city = district = ""
    name = _longest(g, text)
    if name in g.provinces and not _city_first(g, name):
        province, text = name, _after(text, name)
        text = _skip_again(g, text, g.provinces[name])
        full = g.provinces[name]
    else:
        home = _home(g, name)
        full = home.province if home else ""
        if home is None:
            return "", "", name, _after(text, name)
        province = full
        if home.district:
            return full, home.city, home.district, _after(text, name)
    city, district, text = _city(g, full, text)
    if city and not district:
        district, text = _district(g, full, city, text)
    return province, city, district, text


def _city_first(g: Gazetteer, name: str) -> bool:
    """吉林 and 海南 are provinces before they are anything else; a name with 市 is the city but for municipalities."""
    return name.endswith("市") and g.provinces[name] not in MUNICIPALITIES and g.provinces[name] not in OVERSEAS


def _home(g: Gazetteer, name: str) -> Region | None:
    homes = [r for r in g.places.get(name, ()) if not r.district] or g.places.get(name, ())
    if len(homes) == 1:
        return homes[0]
    return g.short_cities.get(name) if not homes else None


def _after(text: str, name: str) -> str:
    return _SEPARATORS.sub("", text[len(name) :])


def _skip_again(g: Gazetteer, text: str, province: str) -> str:
    """A text whose province is written twice (浙江省 浙江省杭州市), or with 兵团 behind it."""
    text = _SEPARATORS.sub("", _CORPS.sub("", text))
    for name in _prefixes(text, 10):
        if g.provinces.get(name) == province and province not in MUNICIPALITIES and len(name) > 2:
            return _after(text, name)
    return text


def _city(g: Gazetteer, province: str, text: str) -> tuple[str, str, str]:
    """City (and district, where a county's name comes without its city) and the text behind."""
    cities, counties = g.cities[province], g.counties[province]
    for name in _prefixes(text, g.longest):
        if not _stands(name, text) and name not in NO_CITY:
            continue
        if name in cities:
            return cities[name], "", _repeated(_after(text, name), cities[name])
        if name in counties:
            homes = counties[name]
            city = homes[0] if len(homes) == 1 else ""
            return city, name, _without_old(g, Region(province, city, name), _after(text, name))
        if name in g.short_counties[province] and _stands(name, text, district=True):
            county = g.short_counties[province][name]
            homes = counties[county]
            return (homes[0] if len(homes) == 1 else ""), county, _after(text, name)
        if name in NO_CITY and len(name) > 2:
            city = province if province in cities else ""
            district, rest = _district(g, province, city, _after(text, name))
            return city, district, rest
        old = old_name(g, province, "", name)
        if old and _FULL.search(name):
            return _old_city(g, province, name, old, _after(text, name))
    if province in MUNICIPALITIES or province in OVERSEAS:
        part = _HARBOUR.match(text)
        if part and _longest(g, text[part.end() :]) in counties:
            text = text[part.end() :]
        if text.startswith("县") and _longest(g, text[1:]) in counties:
            # 重庆市 / 县 / 云阳县 run together.
            text = text[1:]
        city = province if province in cities else ""
        return city, "", text
    foreign = _foreign(g, text)
    if foreign:
        return foreign, "", _after(text, foreign)
    return "", "", text


def _old_city(g: Gazetteer, province: str, name: str, old: Rename, text: str) -> tuple[str, str, str]:
    """An old name in the city's place: a city, or what is a district of another city today."""
    if not old.now.district:
        return name, "", text
    for inner in _prefixes(text, g.longest):
        if old_name(g, old.now.province, old.now.city, inner) and _FULL.search(inner):
            return name, inner, _after(text, inner)
    return "", name, text


def _without_old(g: Gazetteer, region: Region, text: str) -> str:
    """The text without an old name of the very district before it (巢湖市居巢区)."""
    for name in _prefixes(text, g.longest):
        old = old_name(g, region.province, region.city, name) if _FULL.search(name) else None
        if old and old.now == region:
            return _after(text, name)
    return text


def _repeated(text: str, city: str) -> str:
    """The text behind a city that is written twice (北京市北京市, 仙桃市仙桃市)."""
    return _after(text, city) if text.startswith(city) else text


def _foreign(g: Gazetteer, text: str) -> str:
    """A full name of a place of another province where the city should stand."""
    for name in _prefixes(text, g.longest):
        if name in g.places and _FULL.search(name) and len(name) > 2 and _stands(name, text):
            return name
    return ""


def _district(g: Gazetteer, province: str, city: str, text: str) -> tuple[str, str]:
    city = _today(g, province, city)
    names: Mapping[str, str] = g.districts.get((province, city), {})
    for name in _prefixes(text, g.longest):
        if name in names and _stands(name, text, district=True):
            return names[name], _after(text, name)
        if _FULL.search(name) and old_name(g, province, city, name) and _stands(name, text):
            return name, _after(text, name)
    if (province, city) in g.undivided:
        return "", text
    zone = ZONE.match(text)
    if zone and not _NOT_A_CITY.match(text[zone.end() :]):
        return zone.group(), _after(text, zone.group())
    if province in OVERSEAS:
        return "", text
    foreign = _foreign(g, text)
    return (foreign, _after(text, foreign)) if foreign else ("", text)


def _today(g: Gazetteer, province: str, city: str) -> str:
    if city in g.cities.get(province, {}):
        return city
    old = old_name(g, province, "", city)
    return old.now.city if old else city
