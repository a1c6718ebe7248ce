"""The place names themselves, loaded once when first asked for (some 20 ms; towns apart, when first needed)."""

from __future__ import annotations

import gzip
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from daifa.kit.geo.names import MUNICIPALITIES, province_names, short_names
from daifa.kit.values import dataclass


class Region(NamedTuple):
    """Province, city and district by their full names; empty where unknown or where there is none."""

    province: str = ""
    city: str = ""
    district: str = ""


class Rename(NamedTuple):
    """What became of an old name of a province and city: year, verb (``=`` renamed, ``+`` merged into, ``>`` moved)."""

    province: str
    old: str
    year: int
    verb: str
    now: Region


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Look-ups by name. ``cities[p]`` and ``districts[p, c]`` take full and short names.

    ``places`` maps every full name of a city or district to where it is; ``counties[p]`` full district names of a
    province; ``short_counties[p]`` their short names that are single there; ``renamed[p]`` old names;
    ``undivided`` cities without districts; ``longest`` the longest name.
    """

    provinces: Mapping[str, str]
    cities: Mapping[str, Mapping[str, str]]
    districts: Mapping[tuple[str, str], Mapping[str, str]]
    counties: Mapping[str, Mapping[str, Sequence[str]]]
    places: Mapping[str, Sequence[Region]]
    short_cities: Mapping[str, Region]
    short_counties: Mapping[str, Mapping[str, str]]
    renamed: Mapping[str, Mapping[str, Sequence[Rename]]]
    undivided: frozenset[tuple[str, str]]
    longest: int


_LATELY = 2024


def _lines(name: str) -> list[str]:
    data = files("daifa.kit.geo").joinpath("data", name).read_bytes()
    return gzip.decompress(data).decode().splitlines()


@cache
def gazetteer() -> Gazetteer:
    """The loaded place names."""
    provinces: dict[str, str] = {}
    cities: dict[str, dict[str, str]] = {}
    districts: dict[tuple[str, str], dict[str, str]] = {}
    counties: dict[str, dict[str, list[str]]] = {}
    places: dict[str, list[Region]] = defaultdict(list)
    undivided: set[tuple[str, str]] = set()
    province = ""
    for line in _lines("divisions.txt.gz"):
        if not line.startswith(" "):
            province = line
            provinces.update(dict.fromkeys(province_names(province), province))
            cities[province], counties[province] = {}, {}
            continue
        city, _, rest = line[1:].partition(":")
        names = rest.split(",") if rest else []
        for name in names:
            counties[province].setdefault(name, []).append(city or name)
            places[name].append(Region(province, city or name, name))
        if city:
            _add(cities[province], city)
            if city == province:
                cities[province].update(dict.fromkeys(province_names(province), city))
            else:
                places[city].append(Region(province, city))
            districts[province, city] = dict.fromkeys(names, "")
            if not names:
                undivided.add((province, city))
        else:
            for name in names:
                _add(cities[province], name)
                districts[province, name] = {name: name}
    renamed = _renamed()
    for region in _gone_lately(renamed):
        # Platforms and couriers still write what went a short while ago: 重庆渝北区.
        counties[region.province].setdefault(region.district, []).append(region.city)
        places[region.district].append(region)
        districts[region.province, region.city][region.district] = ""
    return Gazetteer(
        provinces,
        cities,
        {place: _by_name(list(names)) for place, names in districts.items()},
        counties,
        places,
        _short_cities(cities),
        {p: _by_name(list(names)) for p, names in counties.items()},
        renamed,
        frozenset(undivided),
        max(map(len, places)),
    )


def _add(names: dict[str, str], full: str) -> None:
    names[full] = full
    for short in short_names(full):
        names.setdefault(short, full)


def _by_name(names: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in names:
        for short in short_names(name):
            # Two districts of one city with one short name: only the full names tell them apart.
            found[short] = "" if short in found else name
    found = {k: v for k, v in found.items() if v}
    found.update({n: n for n in names})
    return found


def _short_cities(cities: Mapping[str, Mapping[str, str]]) -> dict[str, Region]:
    """Short names of cities that only one place in the country has."""
    found: dict[str, Region | None] = {}
    for province, names in cities.items():
        for name, city in names.items():
            if name != city and province not in MUNICIPALITIES:
                found[name] = None if name in found else Region(province, city)
    return {name: region for name, region in found.items() if region}


def _gone_lately(renamed: Mapping[str, Mapping[str, Sequence[Rename]]]) -> list[Region]:
    """Districts that went in 2024 or later and are taken as they are, without a repair."""
    return [
        Region(province, entry.old, name)
        for province, names in renamed.items()
        for name, entries in names.items()
        for entry in entries
        if entry.year >= _LATELY and name != entry.old
    ]


def _renamed() -> dict[str, dict[str, list[Rename]]]:
    found: dict[str, dict[str, list[Rename]]] = defaultdict(dict)
    for line in _lines("renames.txt.gz"):
        province, city, name, year, verb, new_province, new_city, new = line.split("\t")
        now = Region(new_province or province, new_city, new)
        entry = Rename(province, city, int(year), verb, now)
        found[province].setdefault(name or city, []).append(entry)
    return found


@cache
def towns(province: str, city: str) -> Mapping[str, str]:
    """Towns of a city that lie in one of its districts only, to that district."""
    return _towns().get((province, city), {})


@cache
def _towns() -> dict[tuple[str, str], dict[str, str]]:
    found: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for line in _lines("townships.txt.gz"):
        province, city, district, names = line.split("\t")
        here = found[province, city]
        for name in names.split(","):
            here[name] = "" if name in here else district
    return {place: {n: d for n, d in names.items() if d} for place, names in found.items()}


def provinces() -> tuple[str, ...]:
    """The full names of all provinces, in the official order."""
    return tuple(dict.fromkeys(gazetteer().provinces.values()))


def full_province(name: str) -> str:
    """The full name of a province however it is written; empty when there is none."""
    return gazetteer().provinces.get(name.strip(), "")
