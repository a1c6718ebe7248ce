"""Which courier it is: by name, nickname or code, by the shape of the number, or by both together."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources

from daifa.areas.logistics.types import Courier, CourierKind, Recognised

SYSTEMS = ("kuaidi100", "kdniao", "taobao", "pdd", "douyin", "kuaishou", "jd", "alibaba1688", "weixin")

# Shapes that are in use today and tell the courier by themselves; wider ones only confirm a name.
_LETTERS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("SF", re.compile(r"SF\d{13}")),
    ("YTO", re.compile(r"YT(\d{13}|\d{15})")),
    ("JTSD", re.compile(r"JT\d{13}")),
    ("JD", re.compile(r"JD[A-Z]{0,2}\d{9,15}(-\d+-\d+-?)?|JD[XV][A-Z0-9]{9,15}")),
    ("DBKD", re.compile(r"DPK\d{12}")),
    ("DBL", re.compile(r"DPL\d{10,12}")),
    ("KYSY", re.compile(r"KY\d{10,13}")),
    ("STO", re.compile(r"STO\d{10}")),
    ("EMS", re.compile(r"[A-Z]{2}\d{9}CN")),
)
_DIGITS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("ZTO", re.compile(r"7[3-9]\d{12}")),
    ("STO", re.compile(r"77\d{13}")),
    ("YUNDA", re.compile(r"[34]\d{14}|(31|43|46)\d{11}")),
    ("EMS", re.compile(r"1[0-3]\d{11}")),
    ("POSTB", re.compile(r"9[6-9]\d{11}")),
)
# One name, two houses: the number decides, else the first.
_EITHER: Mapping[str, tuple[str, ...]] = {
    "邮政": ("POSTB", "EMS", "YZBZ"),
    "中国邮政": ("POSTB", "EMS", "YZBZ"),
    "邮政快递": ("POSTB", "EMS"),
    "德邦": ("DBKD", "DBL"),
    "德邦快递": ("DBKD", "DBL"),
    "德邦物流": ("DBL", "DBKD"),
    "HTKY": ("JTSD", "HTKY"),
    "顺丰": ("SF", "SFKY"),
    "中通": ("ZTO", "ZTOKY"),
    "韵达": ("YUNDA", "YDKY"),
    "京东": ("JD", "JDKY", "JDDJ"),
}
CERTAIN, BY_LETTERS, BY_DIGITS, BY_HABIT, CONTRADICTED = 1.0, 0.95, 0.85, 0.8, 0.5
_NOISE = re.compile(r"[\s\-_·.。,，:：/（）()【】\[\]]")


@lru_cache(maxsize=1)
def courier_table() -> Mapping[str, Courier]:
    """The built-in table of couriers by our code."""
    text = resources.files("daifa.areas.logistics").joinpath("couriers.csv").read_text("utf-8")
    found = {}
    for row in csv.DictReader(text.splitlines()):
        found[row["code"]] = Courier(
            code=row["code"],
            name=row["name"],
            aliases=tuple(a for a in row["aliases"].split(";") if a),
            kind=CourierKind(row["kind"]),
            active=row["active"] == "yes",
            pattern=row["pattern"],
            codes={s: row[s] for s in SYSTEMS if row[s]},
        )
    return found


def courier_name(code: str) -> str:
    """How people call a courier."""
    known = courier_table().get(code)
    return known.name if known else code


def plain_name(text: str) -> str:
    """A courier's name as it is compared."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", text)).upper()


@lru_cache(maxsize=1)
def name_index() -> Mapping[str, str]:
    """Every name, nickname and unmistakable code in compared form -> our code. Longer names are other companies."""
    found: dict[str, str] = {}
    table = courier_table()
    for courier in table.values():
        found.setdefault(plain_name(courier.name), courier.code)
    for courier in table.values():
        for word in (courier.code, *courier.aliases, courier.codes.get("kuaidi100", "")):
            if word:
                found.setdefault(plain_name(word), courier.code)
    return found


@lru_cache(maxsize=4096)
def courier_by_name(name: str) -> tuple[str, ...]:
    """The couriers a written name may mean, the likeliest first; empty when it says nothing known.

    ``中通快递(义乌)``, ``发中通`` and ``圆通速递YTO`` are understood: the longest known name inside counts.
    """
    plain = plain_name(name)
    if not plain:
        return ()
    if plain in _EITHER:
        return _EITHER[plain]
    index = name_index()
    if plain in index:
        return (index[plain],)
    inside = [word for word in index if len(word) >= 2 and not word.isascii() and word in plain]
    if not inside:
        inside = [
            w for w in index if len(w) >= 3 and w.isascii() and re.search(rf"(?<![A-Z]){re.escape(w)}(?![A-Z])", plain)
        ]
    if not inside:
        return ()
    word = max(inside, key=lambda w: (len(w), w))
    return _EITHER.get(word, (index[word],))


_REFUSED = re.compile("不|别|勿|拒|除了|非")


def against_demand(demand: str, code: str) -> bool:
    """Whether a parcel by this courier is against what the buyer asked for; a demand that names nobody we know asks
    for nothing. ``指定顺丰`` demands, ``不要邮政`` refuses."""
    named = courier_by_name(demand)
    if not named or not code:
        return False
    return (code in named) is bool(_REFUSED.search(demand))


def by_shape(number: str) -> tuple[tuple[str, float], ...]:
    """Couriers that the number's shape alone points to, with confidence."""
    for code, shape in _LETTERS:
        if shape.fullmatch(number):
            return ((code, BY_LETTERS),)
    return tuple((code, BY_DIGITS) for code, shape in _DIGITS if shape.fullmatch(number))


def fits(code: str, number: str) -> bool | None:
    """Whether a number has the courier's usual shape; None where its shape is unknown."""
    courier = courier_table().get(code)
    if courier is None or not courier.pattern:
        return None
    return re.fullmatch(courier.pattern, number) is not None


def recognise_courier(name: str, number: str, usual: str = "") -> Recognised:
    """The courier of a parcel from what the supplier wrote, what the number looks like, and the supplier's habit.

    The written name wins; a number that looks like another courier's makes ``agrees`` false (a person should look).
    """
    table = courier_table()
    shapes = by_shape(number)
    if said := courier_by_name(name):
        return _named(name, said, number, shapes)
    unread = f"不认识快递“{name}”，" if name.strip() else "没写快递，"
    if len(shapes) == 1:
        code, sure = shapes[0]
        return Recognised(code, sure, f"{unread}按单号 {number[:4]}… 认出是{table[code].name}", agrees=not name.strip())
    if usual in table and (fits(usual, number) is not False) and (not shapes or usual in dict(shapes)):
        reason = f"{unread}按这家供应商常用的{table[usual].name}"
        return Recognised(usual, BY_HABIT, reason, tuple(c for c, _ in shapes if c != usual), agrees=not name.strip())
    others = tuple(c for c, _ in shapes)
    guess = f"，可能是{'、'.join(table[c].name for c in others)}" if others else ""
    return Recognised("", 0.0, f"{unread}单号也认不出快递{guess}。请选择快递公司", others, agrees=False)


def _named(name: str, said: tuple[str, ...], number: str, shapes: tuple[tuple[str, float], ...]) -> Recognised:
    table = courier_table()
    fitting = [code for code in said if fits(code, number)]
    code = fitting[0] if fitting else said[0]
    if fitting or fits(code, number) is None:
        return Recognised(code, CERTAIN, f"写的是{table[code].name}")
    looks = [c for c, _ in shapes if c not in said]
    if looks:
        other = "、".join(table[c].name for c in looks)
        reason = f"写的是{table[code].name}，但单号 {number} 像{other}的"
    else:
        reason = f"写的是{table[code].name}，但单号 {number}（{len(number)} 位）不像它家的"
    return Recognised(code, CONTRADICTED, reason, tuple(looks), agrees=False)
