"""What a file's name and title lines tell: the shop, the platform, and when the file was made."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import lru_cache

from daifa.kit.clock import beijing
from daifa.kit.tabular.columns import cell_text
from daifa.kit.tabular.sheets import SheetData
from daifa.kit.values import dataclass
from daifa.ports.sheet import ExportProfile

_NOISE = (
    r"orders?_?export|export|订单报表|宝贝报表|订单明细|订单导出|订单列表|全部订单|待发货|售后单?|退款单?|订单|报表|明细|"
    r"导出|数据|列表|发货|副本|工作簿|sheet|book|csv|xlsx?|采购单|商品|收件人|地址|表格|表$"
)
_CHINESE = re.compile(r"[A-Za-z0-9\u4e00-\u9fff]*[\u4e00-\u9fff][A-Za-z0-9\u4e00-\u9fff]*")
_STAMP = re.compile(
    r"(?<!\d)(20\d{2})[-_./年]?(0[1-9]|1[0-2])[-_./月]?(0[1-9]|[12]\d|3[01])日?"
    r"(?:[-_ T.]{0,3}([01]\d|2[0-3])[-_:：.时]?([0-5]\d)(?:[-_:：.分]?([0-5]\d))?)?(?!\d)"
)
_TITLE = re.compile(r"(导出|下载|生成|截止|统计|打印)(时间|日期)?")


def _stem(file: str) -> str:
    return re.split(r"[\\/]", file)[-1].rsplit(".", 1)[0]


def platform_hint(file: str, profiles: Iterable[ExportProfile]) -> str:
    """The platform that a file name mentions, or ''."""
    stem = _stem(file).lower()
    for profile in profiles:
        words = (*profile.file_words, *profile.file_leads)
        if any(w.lower() in stem for w in words if len(w) > 2 or not w.isascii()):
            return profile.platform
    return ""


def shop_hint(file: str, profiles: Iterable[ExportProfile]) -> str:
    """The shop's name as far as the file name tells (``订单明细-好物店.xlsx``, ``庆余订单_20260815.csv``), or ''."""
    known = tuple(profiles)
    noise, lead = _sieves(
        frozenset(w for p in known for w in p.file_words), frozenset(w for p in known for w in p.file_leads)
    )
    stem = re.sub(r"[(（]\d+[)）]$", "", _stem(file).strip())
    stem = _STAMP.sub(" ", stem)
    stem = re.sub(r"\d{4,}", " ", stem)
    stem = noise.sub(" ", stem)
    parts = [lead.sub("", p) for p in re.split(r"[\s\-_—–~·.,，()（）\[\]【】]+", stem)]
    names = [m[0] for p in parts if (m := _CHINESE.search(p)) and len(m[0]) >= 2]
    return max(names, key=len) if names else ""


@lru_cache(maxsize=4)
def _sieves(words: frozenset[str], leads: frozenset[str]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What takes out everything that names no shop, and what takes platforms off the start of a part."""
    anywhere, first = ("|".join(map(re.escape, sorted(w, key=lambda x: (-len(x), x)))) for w in (words, leads))
    noise = "|".join(filter(None, (anywhere, _NOISE)))
    return re.compile(f"(?i){noise}"), re.compile(f"(?i)^({first})[-_ ]*" if first else "(?!)")


@dataclass(frozen=True, slots=True)
class Stamp:
    """When a file was made, and who says so: ``name``, ``title`` or nobody."""

    at: datetime | None = None
    source: str = ""
    day_only: bool = False


def stamp_of(sheet: SheetData, header_row: int, now: datetime | None) -> Stamp:
    """The stamp in the file's name, else in the lines above its header. A stamp of the future is none."""
    for source, text in (("title", _title_text(sheet, header_row)), ("name", sheet.file)):
        found = _latest(text, now)
        if found.at is not None:
            return Stamp(found.at, source, found.day_only)
    return Stamp()


def _title_text(sheet: SheetData, header_row: int) -> str:
    lines = [" ".join(cell_text(c) for c in row if c not in ("", None)) for row in sheet.rows[: max(header_row - 1, 0)]]
    return "\n".join(line for line in lines if _TITLE.search(line))


def _latest(text: str, now: datetime | None) -> Stamp:
    best = Stamp()
    for year, month, day, hour, minute, second in _STAMP.findall(text):
        try:
            at = beijing(int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0))
        except ValueError:
            continue
        if now is not None and at > now + timedelta(hours=1):
            continue
        if best.at is None or at > best.at:
            best = Stamp(at, "", not hour)
    return best
