"""What a sheet is: its header row, kind, platform, columns, shop and age. Guesses with reasons; below the bar it asks.

A wrong guess of a money or id column is worse than none. Known export files are recognised by exact headers of the
connectors' profiles; anything else by the table of names (``words``) and by what the cells look like.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from daifa.areas.mailroom.rules.hints import platform_hint, shop_hint, stamp_of
from daifa.areas.mailroom.rules.kinds import kind_of
from daifa.areas.mailroom.rules.lacking import lacking, missing
from daifa.areas.mailroom.rules.samples import (
    KNOWN,
    check_samples,
    ours_by_cells,
    samples_of,
    settle_grain,
    several_items,
)
from daifa.areas.mailroom.rules.tier_headers import TIER_FIX, maybe_tier, tier_from
from daifa.areas.mailroom.rules.words import ASK, word
from daifa.kit.tabular.columns import cell_text
from daifa.kit.tabular.headers import header_key
from daifa.kit.tabular.sheets import Cell, SheetData
from daifa.kit.values import dataclass
from daifa.ports.sheet import (
    CERTAIN,
    ColumnGuess,
    ExportProfile,
    FieldType,
    ImportKind,
    SheetGuess,
)
from daifa.ports.sheet_fields import FIELDS

HEADER_DEPTH = 40
# Below these a column is asked: money and ids must be nearly certain, text may be likely.
BAR = {FieldType.MONEY: 0.8, FieldType.ID: 0.8, FieldType.QUANTITY: 0.8, FieldType.STATUS: 0.8}
BAR_ELSE = 0.6
_PROFILE_SHARE = 0.5
_UNKNOWN = "认不出的表"


def needs_asking(field: str | None, confidence: float) -> bool:
    """Whether a column of this meaning is below the bar."""
    return field is not None and confidence < BAR.get(FIELDS[field].type, BAR_ELSE)


@dataclass(frozen=True, slots=True)
class _Header:
    row: int
    profile: ExportProfile | None
    hits: int


def recognise(
    sheets: Sequence[SheetData],
    profiles: Sequence[ExportProfile],
    *,
    kind: ImportKind | None = None,
    platform: str = "",
    header_row: int = 0,
    now: datetime | None = None,
) -> list[SheetGuess]:
    """One guess per sheet, in the sheets' order. ``kind``, ``platform``, ``header_row`` (1-based): said by a person.

    ``now`` only bars stamps of the future. Of a workbook the visible sheets that are something are ``chosen``.
    """
    guesses = [_recognise(s, profiles, kind=kind, platform=platform, header_row=header_row, now=now) for s in sheets]
    return _choose(guesses)


def _choose(guesses: list[SheetGuess]) -> list[SheetGuess]:
    """Hidden sheets are not chosen; nor are unknown ones beside known ones of the same file."""
    known = {g.file for g in guesses if g.kind and not g.hidden}
    return [replace(g, chosen=not g.hidden and (g.kind is not None or g.file not in known)) for g in guesses]


def _recognise(
    sheet: SheetData,
    profiles: Sequence[ExportProfile],
    *,
    kind: ImportKind | None,
    platform: str,
    header_row: int,
    now: datetime | None,
) -> SheetGuess:
    wanted = [p for p in profiles if (kind is None or p.kind == kind) and (not platform or p.platform == platform)]
    header = _find_header(sheet.rows, wanted, kind, header_row)
    stamp = stamp_of(sheet, header.row, now)
    hint = shop_hint(sheet.file, profiles)
    blank = SheetGuess(
        file=sheet.file,
        sheet=sheet.name,
        kind=None,
        platform=platform,
        profile="",
        label=_UNKNOWN,
        header_row=0,
        columns=(),
        shop_hint=hint,
        as_of=stamp.at,
        as_of_source=stamp.source,
        as_of_day_only=stamp.day_only,
        hidden=sheet.hidden,
    )
    if not header.row:
        return blank
    if header.profile is not None:
        guess = _by_profile(sheet, header.profile, header, blank)
    else:
        guess = _by_words(sheet, header, kind, platform or platform_hint(sheet.file, profiles), blank)
    if guess.kind not in (ImportKind.ORDERS, ImportKind.REFUNDS):
        return replace(guess, shop_hint="")
    return settle_grain(_with_shop_column(guess, sheet), sheet, BAR)


def _with_shop_column(guess: SheetGuess, sheet: SheetData) -> SheetGuess:
    """A column that names one shop beats the file name."""
    found = guess.field_columns().get("shop_name")
    if not found:
        return guess
    names = {cell_text(row[found[0]]) for row in sheet.rows[guess.header_row : guess.header_row + 500]} - {""}
    return replace(guess, shop_hint=names.pop()) if len(names) == 1 else guess


# --- the header row ------------------------------------------------------------------------------------------------


def _keys(row: Sequence[Cell]) -> list[str]:
    return [header_key(c) if isinstance(c, str) and len(c) <= 60 else "" for c in row]


def _find_header(
    rows: Sequence[Sequence[Cell]], profiles: Sequence[ExportProfile], kind: ImportKind | None, said: int
) -> _Header:
    """The row whose cells are best known as column names, and the export file that has exactly them."""
    best = _Header(0, None, 0)
    candidates = [said - 1] if said else range(min(len(rows), HEADER_DEPTH))
    for at in candidates:
        if at >= len(rows):
            break
        keys = [k for k in _keys(rows[at]) if k]
        if len(keys) < 2 and not said:
            continue
        found = _match(keys, profiles)
        if found is None:
            found = _Header(0, None, _known_words(keys, kind))
        if found.hits > best.hits or (found.profile is not None and best.profile is None and found.hits >= 2):
            best = replace(found, row=at + 1)
        if best.profile is not None and best.hits >= len(keys) * 0.8:
            break
    if said:
        return replace(best, row=said)
    return best if best.profile is not None or best.hits >= 2 else _Header(0, None, 0)


def _match(keys: list[str], profiles: Sequence[ExportProfile]) -> _Header | None:
    """The profile whose signature is there and that knows most of the columns; of equals the smaller one."""
    there = set(keys)
    best: tuple[int, int] = (0, 0)
    chosen: ExportProfile | None = None
    for profile in profiles:
        names = _profile_keys(profile)
        if not {header_key(s) for s in profile.signature} <= there:
            continue
        hits = len(there & names.keys())
        if hits >= len(there) * _PROFILE_SHARE and (hits, -len(names)) > best:
            best, chosen = (hits, -len(names)), profile
    return _Header(0, chosen, best[0]) if chosen else None


def _profile_keys(profile: ExportProfile) -> Mapping[str, str]:
    return {header_key(name): field for name, field in profile.columns.items()}


def _known_words(keys: Sequence[str], kind: ImportKind | None) -> int:
    kinds = [kind] if kind else list(ImportKind)
    return max(sum(1 for k in keys if word(one, k)) for one in kinds)


# --- columns -------------------------------------------------------------------------------------------------------


def _by_profile(sheet: SheetData, profile: ExportProfile, header: _Header, blank: SheetGuess) -> SheetGuess:
    """Columns of a known export: exact names are certain, others are kept as extra columns."""
    names = _profile_keys(profile)
    columns: list[ColumnGuess] = []
    for index, cell in enumerate(sheet.rows[header.row - 1]):
        title = cell_text(cell)
        field = names.get(header_key(title)) or None
        why = f"{profile.label}的“{title}”" if field else ("已知列，原样保留" if header_key(title) in names else "")
        samples = samples_of(sheet, header.row, index)
        guess = ColumnGuess(index, title, field, KNOWN if field else 0.0, False, samples, why)
        columns.append(check_samples(guess, sheet, header.row))
    columns = [replace(c, asked=needs_asking(c.field, c.confidence)) for c in columns]
    titled = [c for c in columns if c.column]
    unknown = [c.column for c in titled if header_key(c.column) not in names]
    notes = (f"有 {len(unknown)} 列没见过，原样保留：{'、'.join(unknown[:5])}",) if unknown else ()
    return replace(
        blank,
        kind=profile.kind,
        platform=profile.platform,
        profile=profile.key,
        label=profile.label,
        header_row=header.row,
        columns=tuple(columns),
        grain=profile.grain,
        confidence=min(0.99, 1 - 0.5 * len(unknown) / max(1, len(titled))),
        unit_price_is_unit=profile.unit_price_is_unit,
        notes=notes,
    )


def _by_words(
    sheet: SheetData, header: _Header, kind: ImportKind | None, platform: str, blank: SheetGuess
) -> SheetGuess:
    """Columns of a sheet of nobody's format, by names and looks."""
    titles = [cell_text(c) for c in sheet.rows[header.row - 1]]
    data = sheet.rows[header.row : header.row + 200]
    found = kind or kind_of(titles, has_rows=any(any(c not in ("", None) for c in row) for row in data))
    columns = [_column(sheet, header.row, found, i, t) for i, t in enumerate(titles)]
    columns = _one_each(columns)
    if found == ImportKind.GOODS:
        columns = _whose_tiers(columns)
    if found == ImportKind.ORDERS:
        columns = several_items(columns, sheet, header.row)
    columns = [replace(c, asked=needs_asking(c.field, c.confidence)) for c in columns]
    if found is not None and missing(found, columns):
        confidence = 0.3
    else:
        confidence = min((c.confidence for c in columns if c.field), default=0.0)
    return replace(
        blank,
        kind=found,
        platform=platform if found in (ImportKind.ORDERS, ImportKind.REFUNDS) else "",
        label=f"{found.label}表" if found else _UNKNOWN,
        header_row=header.row,
        columns=tuple(columns),
        confidence=confidence,
        notes=tuple(lacking(found, columns)),
    )


def _column(sheet: SheetData, header_row: int, kind: ImportKind | None, index: int, title: str) -> ColumnGuess:
    samples = samples_of(sheet, header_row, index)
    known = word(kind, title) if kind is not None and title else None
    if kind in (ImportKind.PRICES, ImportKind.LINKS) and known is None and maybe_tier(title):
        known = "tier_price", ASK
    if known is None:
        return ColumnGuess(index, title, None, 0.0, False, samples, "没见过的列，原样保留" if title else "")
    field, sure = known
    if field == "tier_price":
        return check_samples(_tier(index, title, sure, samples), sheet, header_row)
    label = FIELDS[field].label
    why = f"“{title}”通常是{label}" if sure >= CERTAIN else f"“{title}”可能是{label}，各家写法不同"
    guess = ColumnGuess(index, title, field, sure, False, samples, why)
    if kind == ImportKind.TRACKING:
        guess = ours_by_cells(guess, sheet, header_row)
    return check_samples(guess, sheet, header_row)


def _tier(index: int, title: str, sure: float, samples: tuple[str, ...]) -> ColumnGuess:
    n = tier_from(title)
    why = f"买够 {n} 件时一件的价格" if n else f"“{title}”像按数量的价格，但看不出从几件起；{TIER_FIX}"
    return ColumnGuess(index, title, "tier_price", sure, False, samples, why)


def _whose_tiers(columns: list[ColumnGuess]) -> list[ColumnGuess]:
    """Tiers among our goods are a supplier's where the file names one; beside our own selling price they are asked."""
    have = {c.field for c in columns}
    if "supplier" in have and "price" not in have:
        return columns
    out: list[ColumnGuess] = []
    for c in columns:
        if c.field != "tier_price":
            out.append(c)
        elif "supplier" not in have:
            why = "像阶梯价，但没有供应商列，不知道是谁的价格，原样保留；要用就按报价文件导入"
            out.append(replace(c, field=None, confidence=0.0, why=why))
        else:
            out.append(replace(c, confidence=ASK, why=f"{c.why}；也可能是卖价，请确认"))
    return out


def _one_each(columns: list[ColumnGuess]) -> list[ColumnGuess]:
    """A field that two columns claim goes to the surer one; between equals it is asked. Fall-backs may share."""
    fall_backs = {"recipient_phone", "merchant_code"}
    best: dict[str, ColumnGuess] = {}
    for c in columns:
        if c.field and (c.field not in best or c.confidence > best[c.field].confidence):
            best[c.field] = c
    out: list[ColumnGuess] = []
    for c in columns:
        if c.field is None or best[c.field] is c or c.field in fall_backs or FIELDS[c.field].each:
            out.append(c)
        elif c.confidence < best[c.field].confidence:
            why = f"“{best[c.field].column}”更像{FIELDS[c.field].label}"
            out.append(replace(c, field=None, confidence=0.0, why=why))
        else:
            label = FIELDS[c.field].label
            out.append(replace(c, confidence=0.5, why=f"和“{best[c.field].column}”都像{label}，请选一列"))
    return out
