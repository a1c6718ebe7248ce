"""Columns of cells to columns of values: text, ids, money, counts, moments. Whole columns at once, and remembered.

Every function takes the raw cells of one column and gives one value per cell; what cannot be read is a Trouble at
its position, with the reason and the remedy in Chinese, and its value is the type's "nothing".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Sequence
from datetime import UTC, date, datetime, timedelta
from datetime import time as wall_time
from decimal import Decimal, InvalidOperation

from daifa.kit.clock import beijing
from daifa.kit.money import Fen, NotMoney, parse_yuan
from daifa.kit.tabular.sheets import Cell
from daifa.kit.values import dataclass

EMPTY_WORDS = frozenset({"-", "--", "—", "——", "/", "无", "空", "null", "NULL", "None", "nan", "NaN", "N/A", "#N/A"})
# Excel keeps 15 digits of a number; beyond them it writes zeros.
EXACT_DIGITS = 15
_BIGGEST_EXACT = 1e15
# Of one number alone three zeros after the fifteenth digit are an accident once in a thousand.
_TELLS_ALONE = 18

_QUOTED = re.compile(r'^=\s*"(.*)"$', re.DOTALL)
_INVISIBLE = str.maketrans("", "", "\u200b\u200c\u200d\ufeff\u202a\u202c\u202d")
_LEADING_MARK = re.compile(r"^['`‘’]+(?=[\w+.\-])")
# Excel always writes a point or a sign; 12E3 is somebody's article code.
_SCIENTIFIC = re.compile(r"^[+-]?(\d+\.\d+[eE]\+?\d+|\d+[eE]\+\d+)$")
_NEEDS_CARE = ('="', "'", "`", "‘", "’", "\u200b", "\ufeff", "\u200c", "\u200d", "\u202a", "\u202c", "\u202d", '= "')


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why one cell cannot be used: what it says, why not, what to do."""

    value: str
    reason: str
    fix: str


def cell_text(value: Cell) -> str:
    """One cell as clean text: no blanks around, no Excel wrappers, whole numbers without a point."""
    if isinstance(value, str):
        plain = value.strip()
        if any(mark in plain for mark in _NEEDS_CARE):
            plain = plain.translate(_INVISIBLE).strip()
            if quoted := _QUOTED.match(plain):
                plain = quoted[1].replace('""', '"').strip()
            plain = _LEADING_MARK.sub("", plain).strip()
        return plain
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() and abs(value) < _BIGGEST_EXACT else f"{value:.15g}"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def texts(cells: Sequence[Cell]) -> list[str]:
    """Clean text per cell; a column that is clean already costs almost nothing."""
    try:
        stripped = [c.strip() for c in cells]  # type: ignore[union-attr]
    except AttributeError:
        return [cell_text(c) for c in cells]
    joined = "\x00".join(stripped)
    if any(mark in joined for mark in _NEEDS_CARE):
        return [cell_text(c) for c in stripped]
    return stripped


def words(cells: Sequence[Cell]) -> list[str]:
    """Clean text where a lone dash or 无 means nothing."""
    return ["" if t in EMPTY_WORDS else t for t in texts(cells)]


def ids(cells: Sequence[Cell]) -> tuple[list[str], dict[int, Trouble]]:
    """Identifiers as text. Refuses, by name, what Excel has rounded: 1.23E+17, numbers of 16 and more digits, and a
    whole column whose long numbers all end in zeros after the fifteenth digit (one alone: where that is no chance)."""
    found: dict[int, Trouble] = {}
    if any(isinstance(c, (float, int)) for c in cells):
        for i, c in enumerate(cells):
            if isinstance(c, (float, int)) and abs(c) >= _BIGGEST_EXACT:
                found[i] = _rounded(f"{c:.15g}" if isinstance(c, float) else str(c))
    values = words(cells)
    joined = "\x00".join(values)
    if "E" in joined or "e" in joined:
        for i, text in enumerate(values):
            if ("E" in text or "e" in text) and _SCIENTIFIC.match(text):
                found[i] = _rounded(text)
    if ".0" in joined:
        values = [t[:-2] if t.endswith(".0") and t[:-2].isdigit() else t for t in values]
    found.update(_zeroed(values))
    for i in found:
        values[i] = ""
    return values, found


def _rounded(said: str) -> Trouble:
    return Trouble(
        said,
        f"号码“{said}”已被 Excel 变成科学计数或四舍五入，后面几位丢失",
        "请用没有被 Excel 打开另存过的原文件重新导入；没有原文件就核对后改成完整号码。",
    )


def _zeroed(values: list[str]) -> dict[int, Trouble]:
    def lost(text: str) -> bool:
        return len(text) > EXACT_DIGITS and text.isdigit() and not text[EXACT_DIGITS:].strip("0")

    first = next((t for t in values if len(t) > EXACT_DIGITS and t.isdigit()), "")
    if not first or not lost(first):
        return {}
    long = [(i, t) for i, t in enumerate(values) if len(t) > EXACT_DIGITS and t.isdigit()]
    if not all(lost(t) for _, t in long):
        return {}
    if len({t for _, t in long}) < 2 and len(first) < _TELLS_ALONE:
        return {}
    return {i: _rounded(t) for i, t in long}


def _mapped[T](
    cells: Sequence[Cell], read: Callable[[Cell], T], nothing: T, reason: Callable[[str], Trouble]
) -> tuple[list[T], dict[int, Trouble]]:
    """Apply ``read`` once per distinct cell; ValueError becomes a Trouble at each place of that cell."""
    memo: dict[Hashable, T] = {}
    bad: set[Hashable] = set()
    for cell in set(cells):
        try:
            memo[cell] = read(cell)
        except (ValueError, OverflowError, InvalidOperation):
            memo[cell] = nothing
            bad.add(cell)
    values = [memo[c] for c in cells]
    if not bad:
        return values, {}
    return values, {i: reason(cell_text(c)) for i, c in enumerate(cells) if c in bad}


def _money(cell: Cell) -> Fen | None:
    if isinstance(cell, (datetime, date, wall_time, timedelta)):
        raise NotMoney(str(cell))
    if isinstance(cell, str):
        return parse_yuan(cell_text(cell))
    return parse_yuan(cell)


def moneys(cells: Sequence[Cell]) -> tuple[list[Fen | None], dict[int, Trouble]]:
    """Yuan to fen; None where the cell says nothing."""

    def reason(said: str) -> Trouble:
        number = re.search(r"\d[\d,]*(\.\d+)?", said)
        fix = f"请改成 {number[0]} 后重新导入这一行。" if number else "请改成数字（单位元）后重新导入这一行。"
        return Trouble(said, f"“{said}”不是金额", fix)

    return _mapped(cells, _money, None, reason)


_COUNT = re.compile(r"^[x×X*]?\s*(\d{1,9})(?:\.0+)?\s*[件个套盒条只双瓶包袋箱张把支份组]?$")


def _count(cell: Cell) -> int | None:
    if isinstance(cell, (bool, datetime, date, wall_time, timedelta)):
        raise ValueError(str(cell))
    text = cell_text(cell).replace(",", "")
    if not text or text in EMPTY_WORDS:
        return None
    match = _COUNT.match(text)
    if not match:
        raise ValueError(text)
    return int(match[1])


def counts(cells: Sequence[Cell]) -> tuple[list[int | None], dict[int, Trouble]]:
    """Whole numbers of pieces; None where the cell says nothing."""
    return _mapped(cells, _count, None, lambda said: Trouble(said, f"“{said}”不是件数", "请改成整数后重新导入这一行。"))


def _number(cell: Cell) -> Decimal | None:
    text = cell_text(cell).replace(",", "")
    if not text or text in EMPTY_WORDS:
        return None
    value = Decimal(re.sub(r"\s*(g|kg|克|千克|公斤|斤)$", "", text, flags=re.IGNORECASE))
    if not value.is_finite():
        raise ValueError(text)
    return value


def numbers(cells: Sequence[Cell]) -> tuple[list[Decimal | None], dict[int, Trouble]]:
    """Plain decimal numbers; a unit of weight behind the number is left out."""
    return _mapped(
        cells, _number, None, lambda said: Trouble(said, f"“{said}”不是数字", "请改成数字后重新导入这一行。")
    )


_YES = frozenset({"是", "y", "yes", "true", "1", "有", "√", "✓", "已"})
_NO = frozenset({"", "否", "n", "no", "false", "0", "无", "×", "未", "不是", "没有", *EMPTY_WORDS})


def yes_nos(cells: Sequence[Cell]) -> list[bool]:
    """是 or 否. Any other word counts as 是: these columns only ever make an order wait for a person."""
    memo = {c: cell_text(c).lower() not in _NO for c in set(cells)}
    return [memo[c] for c in cells]


# --- moments -----------------------------------------------------------------------------------------------------

_EIGHT = timedelta(hours=8)
_ERA = datetime(1899, 12, 30)  # noqa: DTZ001 - wall time, as Excel keeps it
_SERIAL = (20_000.0, 80_000.0)
_LOOSE = re.compile(
    r"^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?"
    r"\s*,?\s*(?:[(（]?\s*(?:星期|周|礼拜)[一二三四五六日天]\s*[)）]?)?"
    r"(?:[T\s]*(上午|下午|凌晨|早上|中午|晚上|AM|PM)?\s*(\d{1,2})\s*[:：时点]\s*(\d{1,2})"
    r"(?:\s*[:：分]\s*(\d{1,2})(?:[.,]\d+)?\s*秒?)?\s*分?\s*(AM|PM)?)?"
    r"\s*(?:Z|\+0?8:?00)?$",
    re.IGNORECASE,
)
_AFTER_NOON = frozenset({"下午", "晚上", "PM"})
_BEFORE_NOON = frozenset({"上午", "凌晨", "早上", "AM"})
_DIGITS = re.compile(r"^(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})?)?$")
_NO_TIME = frozenset({"", "0", "0000-00-00", "0000-00-00 00:00:00", *EMPTY_WORDS})


def _moment(cell: Cell) -> datetime | None:
    if isinstance(cell, str):
        return _moment_of_text(cell)
    if cell is None:
        return None
    if isinstance(cell, datetime):
        return _utc(cell)
    if isinstance(cell, date):
        return _wall(cell.year, cell.month, cell.day)
    if isinstance(cell, (bool, wall_time, timedelta)):
        raise ValueError(str(cell))
    if _SERIAL[0] <= cell <= _SERIAL[1]:
        return _utc(_ERA + timedelta(seconds=round(cell * 86_400)))
    return _moment_of_text(cell_text(cell))


def _moment_of_text(text: str) -> datetime | None:
    plain = text.strip()
    if len(plain) == 19 and plain[4] == "-":
        try:
            return _utc(datetime.fromisoformat(plain))
        except ValueError:
            pass
    plain = cell_text(plain)
    if plain in _NO_TIME:
        return None
    if match := _DIGITS.match(plain):
        return _wall(*(int(g or 0) for g in match.groups()))
    match = _LOOSE.match(plain)
    if not match:
        if re.match(r"^\d{5}(\.\d+)?$", plain):
            return _moment(float(plain))
        raise ValueError(plain)
    year, month, day, before, hour, minute, second, after = match.groups()
    half, hours = (before or after or "").upper(), int(hour or 0)
    if half in _AFTER_NOON and hours < 12:
        hours += 12
    elif half in _BEFORE_NOON and hours == 12:
        hours = 0
    return _wall(int(year), int(month), int(day), hours, int(minute or 0), int(second or 0))


def _wall(*parts: int) -> datetime | None:
    year, month, day, hour, minute, second = (*parts, 0, 0, 0)[:6]
    return _utc(datetime(year, month, day, hour, minute, second))  # noqa: DTZ001 - wall time until shifted


def _utc(wall: datetime) -> datetime | None:
    """A Beijing wall time as a UTC moment; platforms' zero dates (0001, 1900, 1970) are nothing."""
    if wall.tzinfo is not None:
        return wall.astimezone(UTC)
    if wall.year < 1992:
        if wall.year <= 1970:
            return None
        return beijing(wall.year, wall.month, wall.day, wall.hour, wall.minute, wall.second)
    # No summer time in China since 1992: a plain shift, ten times faster than a zone look-up.
    return wall.replace(tzinfo=UTC, microsecond=0) - _EIGHT


def moments(cells: Sequence[Cell]) -> tuple[list[datetime | None], dict[int, Trouble]]:
    """Beijing wall times in any usual style, and Excel serials, as UTC moments; None where nothing is said."""
    return _mapped(
        cells,
        _moment,
        None,
        lambda said: Trouble(said, f"“{said}”不是时间", "请改成 2026-01-31 08:30:00 这样的写法后重新导入这一行。"),
    )
