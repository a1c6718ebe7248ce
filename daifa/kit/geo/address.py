"""An address as a courier needs it: place, street and detail, with what was repaired and what is wrong."""

from __future__ import annotations

import re

from daifa.kit.geo.contact import split_contact
from daifa.kit.geo.gazetteer import Region, gazetteer, towns
from daifa.kit.geo.names import OVERSEAS
from daifa.kit.geo.plain import is_masked
from daifa.kit.geo.read_text import Read, read_text
from daifa.kit.geo.resolve import Problem, Resolved, clean, resolve
from daifa.kit.values import dataclass

__all__ = ["ParsedAddress", "Problem", "parse_address"]


@dataclass(frozen=True, slots=True)
class ParsedAddress:
    """What an address says. ``confidence`` is 0..1; ``repairs`` and ``problems`` name places only, never a house.

    ``problems`` are (kind, sentence): ``incomplete``, ``contradictory``, ``unknown`` (a place nobody knows).
    """

    province: str = ""
    city: str = ""
    district: str = ""
    street: str = ""
    detail: str = ""
    confidence: float = 1.0
    repairs: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether a parcel would find its way: nothing is missing, nothing contradicts."""
        return not self.problems


_STREET = re.compile(
    r"^([\u4e00-\u9fff·]{1,12}?(?:街道办事处|街道|镇|乡|苏木|民族乡))(?!政府|中心|卫生|口|南|北|东|西|街|路|[一二三四五]?[中小]学|村)"
)
_NUMBER = re.compile(
    r"[0-9０-９]|[一二三四五六七八九十百零〇]+(?:号|栋|幢|楼|单元|层|室|组|弄|座|队|期|区)|[A-Za-z]\s*[座栋幢区]"
)
_ROAD_ONLY = re.compile(r"^[\u4e00-\u9fff]{1,14}(?:路|街|大道|大街|巷|弄|道|公路)$")
_DELIVERABLE = re.compile(
    r"[村屯庄寨组队]|小区|社区|花园|家园|公寓|大厦|大楼|广场|中心|市场|商场|超市|商城|商厦|店|馆|厂|公司|集团|工厂|仓库?|园区?|院|校|学|所|岛|局|站|部|营"
    r"|委会|政府|宿舍|驿站|号楼|[栋幢座苑庭府湾城墅邸郡坊里轩居阁庐台]|单元|车间|门口|旁|对面|隔壁|楼|室"
)
_VAGUE = re.compile(r"^(?:我?家里?|老地方|同上|原?地址不变|原地址|老地址|单位|公司|学校|门口|[他她你]家)+$")
_BLANK = re.compile(r"[\s,，、/|;；:：。.\-—_()（）]+")


def parse_address(
    text: str = "", *, province: str = "", city: str = "", district: str = "", street: str = "", detail: str = ""
) -> ParsedAddress:
    """An address from split columns, from one text, or from both (the text, or ``detail``, then repeats them or not).

    A masked address is placed but not judged: what is behind the stars is unknown.
    """
    body = detail or text
    if province or city or district:
        found = resolve(province, city, district)
        if not found.region.province:
            # Everything in one column, or in none: read what the columns say one after another.
            read = read_text(f"{province} {city} {district} {body}")
            if read.resolved.region.province:
                return _finished(read.resolved, street, read.rest)
        town = clean(district)
        if not street and town != found.region.district and _STREET.fullmatch(town):
            street = town
        return _from_columns(found, street, body)
    return _from_text(body, street)


def _from_text(text: str, street: str) -> ParsedAddress:
    if any(c.isdigit() for c in text) and _has_contact(text):
        text = split_contact(text).address
    read = read_text(text)
    return _finished(read.resolved, street, read.rest)


_CONTACT = re.compile(r"1[3-9]\d[\s-]?[\d*]{4}[\s-]?\d{4}|收[件货]人|联系人|姓名|0\d{2,3}-?\d{7,8}")


def _has_contact(text: str) -> bool:
    return _CONTACT.search(text) is not None


def _from_columns(found: Resolved, street: str, body: str) -> ParsedAddress:
    rest = _stripped(found.region, body)
    if rest is not None:
        return _finished(found, street, rest)
    read = read_text(body)
    if not read.resolved.region.province:
        return _finished(found, street, body.strip())
    return _both(found, read, street)


def _stripped(region: Region, body: str) -> str | None:
    """The detail without the columns' own words; None when it begins with a place that has to be looked at."""
    text = body.strip()
    for name in region:
        if name and text.startswith(name):
            text = text[len(name) :].lstrip(" ,，-/")
    head = text[:9]
    places = gazetteer()
    told = any(head[:n] in places.provinces for n in (2, 3)) or any(
        head[:n] in places.places and head[:n][-1:] in "市州盟" for n in range(3, len(head) + 1)
    )
    return None if told else text


def _both(found: Resolved, read: Read, street: str) -> ParsedAddress:
    """Columns and a text that names a place itself: they agree, or say different things."""
    columns, told = found.region, read.resolved.region
    pairs = [(a, b) for a, b in zip(columns, told, strict=True) if a and b]
    if all(a == b for a, b in pairs):
        fuller = Region(*(a or b for a, b in zip(columns, told, strict=True)))
        better = found if not found.problems or columns == fuller else Resolved(fuller, read.resolved.repairs)
        return _finished(better, street, read.rest)
    text = f"地区写的是{''.join(dict.fromkeys(columns))}，详细地址里是{''.join(dict.fromkeys(told))}"
    problems = (*found.problems, Problem("contradictory", text))
    return _finished(Resolved(columns, found.repairs, problems), street, read.rest)


def _finished(found: Resolved, street: str, rest: str) -> ParsedAddress:
    region, repairs, problems = found.region, list(found.repairs), list(found.problems)
    street, detail = _street(clean(street), rest.strip())
    if region.city and not region.district and any(p.text == "没有写区县" for p in problems):
        guess = towns(region.province, region.city).get(street)
        if guess:
            repairs.append(f"按‘{street}’补上‘{guess}’")
            region = region._replace(district=guess)
            problems = [p for p in problems if p.text != "没有写区县"]
    masked = is_masked(detail)
    if not any(region) and not street and not _BLANK.sub("", detail):
        return ParsedAddress(confidence=0.0, problems=(Problem("incomplete", "没有写地址"),))
    if not masked and (short := _too_short(region, street, detail)):
        problems.append(Problem("incomplete", short))
    confidence = 1.0 - 0.1 * len(repairs) - 0.3 * len(problems) - (0.2 if masked else 0.0)
    return ParsedAddress(
        region.province,
        region.city,
        region.district,
        street,
        detail,
        round(max(confidence, 0.0), 2),
        tuple(repairs),
        tuple(problems),
    )


def _street(street: str, detail: str) -> tuple[str, str]:
    if street:
        return street, detail[len(street) :].lstrip(" ,，-/") if detail.startswith(street) else detail
    found = _STREET.match(detail)
    if not found:
        return "", detail
    return found[1], detail[found.end() :].lstrip(" ,，-/")


def _too_short(region: Region, street: str, detail: str) -> str:
    """Why nobody could ring the bell, or ''."""
    bare = _BLANK.sub("", detail)
    if not bare:
        where = "乡镇街道" if street else "区县" if region.district else "市" if region.city else ""
        return f"只写到{where}，没有路名和门牌" if where else "没有写详细地址"
    if _NUMBER.search(bare):
        return "" if street or len(bare) >= 3 or _DELIVERABLE.search(bare) else "详细地址太短"
    if _ROAD_ONLY.match(bare):
        return "只有路名，没有门牌号"
    if _VAGUE.match(bare):
        return "没有门牌号或楼名"
    if _DELIVERABLE.search(bare) or region.province in OVERSEAS:
        return ""
    return "没有门牌号或楼名" if len(bare) >= 4 else "详细地址太短"
