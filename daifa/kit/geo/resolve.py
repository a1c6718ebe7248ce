"""Split columns (province, city, district) to one place of today, with what was repaired and what contradicts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from daifa.kit.geo.gazetteer import Gazetteer, Region, Rename, gazetteer
from daifa.kit.geo.names import MUNICIPALITIES, NO_CITY, OVERSEAS, short_province


class Problem(NamedTuple):
    """What is wrong: ``incomplete``, ``contradictory`` or ``unknown``, and the sentence (place names only)."""

    kind: str
    text: str


class Resolved(NamedTuple):
    """A place with its repairs and problems; a district that is no administrative one (高新区) is kept as written."""

    region: Region
    repairs: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


# What people and platforms write in the place of a district without its being one.
ZONE = re.compile(
    r"[\u4e00-\u9fff]{0,9}?(?:高新技术(?:产业)?开发区|高新技术产业园区|经济技术开发区|技术开发区|经济开发区|高新开发区|工业园区|产业园区"
    r"|高新区|经开区|开发区|综合保税区|保税港?区|自贸区|示范区|度假区|管理区|管委会|风景名?胜?区|试验区|合作区|新区|园区|城区|郊区|其[他它]区?)"
)
_NOISE = re.compile(r"[\s,，、/·\-_|]+")


def clean(name: str) -> str:
    """A column's text without blanks and separators."""
    return _NOISE.sub("", name) if name else ""


@lru_cache(maxsize=65536)
def resolve(province: str, city: str, district: str) -> Resolved:
    """The place that three columns name. Empty parts are unknown; names may be short, old or in the wrong column."""
    return _Columns(clean(province), clean(city), clean(district)).resolve()


class _Columns:
    def __init__(self, province: str, city: str, district: str) -> None:
        self.g: Gazetteer = gazetteer()
        self.said = (province, city, district)
        self.repairs: list[str] = []
        self.problems: list[Problem] = []

    def resolve(self) -> Resolved:
        province, city, district = self.said
        full = self.g.provinces.get(province, "")
        if not full:
            return self._without_province(province, city, district)
        if city in NO_CITY or (full in OVERSEAS and city not in self.g.cities[full]):
            # 香港, 九龙, 新界 are no cities; a municipality's 县 is none either.
            city = full if full in self.g.cities[full] else ""
        return self._in(full, city, district)

    def _done(self, province: str, city: str = "", district: str = "") -> Resolved:
        return Resolved(Region(province, city, district), tuple(self.repairs), tuple(self.problems))

    def _in(self, province: str, city: str, district: str) -> Resolved:
        if not city:
            return self._city_from_district(province, district)
        known = self.g.cities[province].get(city)
        if known:
            return self._district(province, known, district)
        city = self.g.short_counties[province].get(city, city)
        homes = self.g.counties[province].get(city)
        if homes:
            # A county-level city in the city's column: 江苏省 / 昆山市.
            return self._county_as_city(province, city, homes, district)
        old = self._old(province, "", city)
        if old:
            self._repair(city, old)
            if old.now.district and not self._lies_in(old.now, district):
                return self._done(*old.now)
            return self._district(old.now.province, old.now.city, district)
        elsewhere = self.g.places.get(city, ())
        if elsewhere:
            self._contradiction(f"省写的是{short_province(province)}，‘{city}’属于{_where(elsewhere)}")
            return self._done(province, city, district)
        if district and district in self.g.counties[province]:
            return self._city_from_district(province, district)
        self.problems.append(Problem("unknown", f"{short_province(province)}没有叫‘{city}’的市"))
        return self._done(province, city, district)

    def _lies_in(self, now: Region, district: str) -> bool:
        """Whether a district written under an old city is one of the city's of today (莱芜市莱城区: 济南市莱芜区)."""
        names = self.g.districts.get((now.province, now.city), {})
        return bool(district) and (district in names or self._old(now.province, now.city, district) is not None)

    def _county_as_city(self, province: str, name: str, homes: Sequence[str], district: str) -> Resolved:
        if len(homes) > 1 and not district:
            self.problems.append(Problem("incomplete", f"‘{name}’在{'、'.join(homes)}都有，没有写市"))
            return self._done(province, "", name)
        home = homes[0]
        inner = self.g.districts.get((province, home), {}).get(district)
        return self._done(province, home, inner if inner and inner != name and not name.endswith("市") else name)

    def _city_from_district(self, province: str, district: str) -> Resolved:
        if not district:
            if province not in OVERSEAS:
                self.problems.append(Problem("incomplete", "没有写市和区县"))
            return self._done(province)
        district = self.g.short_counties[province].get(district, district)
        homes = self.g.counties[province].get(district, ())
        if len(homes) == 1:
            return self._done(province, homes[0], district)
        city = self.g.cities[province].get(district)
        if city:
            return self._district(province, city, "")
        old = self._old(province, "", district)
        if old and not homes:
            self._repair(district, old)
            return self._done(*old.now)
        if len(homes) > 1:
            self.problems.append(Problem("incomplete", f"‘{district}’在{'、'.join(homes)}都有，没有写市"))
        elif district in self.g.places:
            self._contradiction(
                f"省写的是{short_province(province)}，‘{district}’属于{_where(self.g.places[district])}"
            )
        elif province not in OVERSEAS:
            self.problems.append(Problem("incomplete", "没有写市"))
        return self._done(province, "", district)

    def _district(self, province: str, city: str, district: str) -> Resolved:
        names = self.g.districts.get((province, city), {})
        if not district or district in (city, province):
            return self._no_district(province, city)
        known = names.get(district)
        if known:
            return self._done(province, city, known)
        old = self._old(province, city, district)
        if old:
            self._repair(district, old)
            return self._done(*old.now)
        if (province, city) in self.g.undivided or province in OVERSEAS:
            return self._done(province, city, "" if district in ("市辖区", "城区") else district)
        if names.get(city) == city:
            return self._done(province, city, city)
        return self._foreign_district(province, city, district)

    def _foreign_district(self, province: str, city: str, district: str) -> Resolved:
        homes = [h for h in self.g.counties[province].get(district, ()) if h != city]
        if homes:
            self._contradiction(f"市写的是{city}，‘{district}’属于{'、'.join(homes)}")
        elif district in NO_CITY or ZONE.fullmatch(district):
            return self._done(province, city, district)
        elif district in self.g.places:
            self._contradiction(
                f"市写的是{short_province(province)}{city}，‘{district}’属于{_where(self.g.places[district])}"
            )
        else:
            self.problems.append(Problem("unknown", f"{city}没有叫‘{district}’的区县"))
        return self._done(province, city, district)

    def _no_district(self, province: str, city: str) -> Resolved:
        if self.g.districts.get((province, city), {}).get(city) == city:
            return self._done(province, city, city)
        if (province, city) not in self.g.undivided and province not in OVERSEAS:
            self.problems.append(Problem("incomplete", "没有写区县"))
        return self._done(province, city)

    def _without_province(self, province: str, city: str, district: str) -> Resolved:
        """Nothing or not a province in its column: what the other columns tell, when only one place is called so."""
        if not province and city in self.g.provinces and self.g.provinces[city] in MUNICIPALITIES:
            return self._in(self.g.provinces[city], city, district)
        names = [n for n in (province, city) if n and n not in NO_CITY]
        for name in names:
            found = [r for r in self.g.places.get(name, ()) if not r.district] or self.g.places.get(name, ())
            short = self.g.short_cities.get(name)
            homes = found or ([short] if short else [])
            if len(homes) == 1:
                home = homes[0]
                self.repairs.append(f"按‘{name}’补上{short_province(home.province)}")
                rest = district or (city if name == province and city != name else "")
                return self._in(home.province, home.city, home.district or rest)
        homes = self.g.places.get(district, ())
        if len(homes) == 1 and not names:
            self.repairs.append(f"按‘{district}’补上{_where(homes)}")
            return self._done(*homes[0])
        self.problems.append(Problem("incomplete", self._unplaced(district, homes)))
        return self._done("", city, district)

    def _unplaced(self, name: str, homes: Sequence[Region]) -> str:
        if len(homes) > 1:
            return f"没有写省市，‘{name}’全国有 {len(homes)} 处"
        return "没有写省市" if not any(self.said[:2]) else f"认不出‘{self.said[0] or self.said[1]}’是哪个省市"

    def _old(self, province: str, city: str, name: str) -> Rename | None:
        return old_name(self.g, province, city, name)

    def _repair(self, name: str, old: Rename) -> None:
        self.repairs.append(repair_sentence(name, old))

    def _contradiction(self, text: str) -> None:
        self.problems.append(Problem("contradictory", text))


def old_name(g: Gazetteer, province: str, city: str, name: str) -> Rename | None:
    """What became of an old name in a province; with a city, only of that city's. None when unknown or not sure."""
    known = g.renamed.get(province, {}).get(name, ())
    if city:
        known = [r for r in known if city in (r.old, r.now.city)]
    return known[0] if len({r.now for r in known}) == 1 else None


def repair_sentence(name: str, old: Rename) -> str:
    """``‘崇文区’已并入‘东城区’（2010）``."""
    now = old.now.district or old.now.city
    if name == old.now.city and not old.now.district:
        # 四川省重庆市: the city itself went to another province.
        return f"‘{name}’已不属于{old.province}（{old.year}）"
    if old.verb == ">":
        return f"‘{name}’已划归{old.now.city}（{old.year}）"
    verb = "并入" if old.verb == "+" else "改为"
    return f"‘{name}’已{verb}‘{now}’（{old.year}）"


def _where(homes: Sequence[Region]) -> str:
    """Where a name belongs: 江苏省苏州市; several places joined, at most three."""
    said = []
    for home in homes:
        city = home.city if home.district and home.city not in (home.province, home.district) else ""
        said.append(f"{home.province}{city}")
    different = list(dict.fromkeys(said))
    return "、".join(different[:3]) + ("等" if len(different) > 3 else "")
