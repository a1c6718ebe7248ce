"""A person's word over a guess: corrections of columns, and corrections remembered as named templates."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from daifa.areas.mailroom.rules.lacking import lacking
from daifa.areas.mailroom.rules.states import choices_of
from daifa.areas.mailroom.rules.tier_headers import TIER_FIX, tier_from
from daifa.kit.errors import Invalid
from daifa.kit.tabular.columns import cell_text
from daifa.kit.tabular.headers import header_key
from daifa.kit.tabular.sheets import SheetData
from daifa.ports.sheet import ColumnGuess, Grain, ImportKind, SheetGuess
from daifa.ports.sheet_fields import FIELDS, fields_of

type Template = Mapping[str, object]


LOOK_ROWS = 40
# A template that knows so much of a header, and nothing that is not there, is meant by it.
_NEARLY = 0.8


def fingerprint(guess: SheetGuess) -> str:
    """What makes a header recognisable again: its column names, whatever their order."""
    return _mark([c.column for c in guess.columns])


def _mark(titles: Sequence[str]) -> str:
    names = sorted(header_key(t) for t in titles if t)
    return hashlib.sha256("\n".join(names).encode()).hexdigest()[:32]


def template_row(sheet: SheetData, templates: Sequence[Template]) -> tuple[int, Template] | None:
    """The row (1-based) that is the header of a remembered template, and that template; also where no name is known."""
    known = {str(t["fingerprint"]): t for t in reversed(templates)}
    if not known:
        return None
    for at, row in enumerate(sheet.rows[:LOOK_ROWS]):
        titles = [cell_text(c) for c in row]
        if any(titles) and (found := known.get(_mark(titles))):
            return at + 1, found
    return None


def correct(guess: SheetGuess, corrections: Mapping[int | str, str | None]) -> SheetGuess:
    """The guess with a person's choices: column (0-based index or name) -> field key, or None for an extra column.

    A chosen column is certain. Columns not named stay as they are. Raises Invalid for an unknown column or field,
    for a field claimed twice that cannot be shared, and for a tier price whose header names no quantity.
    """
    allowed = {f.key for f in fields_of(guess.kind)} if guess.kind else set(FIELDS)
    chosen: dict[int, str | None] = {}
    for where, field in corrections.items():
        index = where if isinstance(where, int) else _index(guess, where)
        if not 0 <= index < len(guess.columns):
            raise Invalid("column_unknown", f"“{guess.file}”没有第 {index + 1} 列，请刷新预览后再选。")
        if field is not None and field not in allowed:
            raise Invalid("field_unknown", f"没有“{field}”这个字段，请从列表里选择。", field=field)
        if field == "tier_price" and tier_from(guess.columns[index].column) is None:
            name = guess.columns[index].column
            raise Invalid("tier_unread", f"“{name}”看不出从几件起；{TIER_FIX}", column=name)
        chosen[index] = field
    columns = tuple(_chosen(c, chosen[c.index]) if c.index in chosen else _yield(c, chosen) for c in guess.columns)
    _check_twice(columns)
    return _noted(replace(guess, columns=columns), guess)


def _noted(guess: SheetGuess, before: SheetGuess) -> SheetGuess:
    """What was said to be lacking is said only while it is."""
    if before.profile:
        return guess
    was = set(lacking(before.kind, before.columns))
    others = [n for n in guess.notes if n not in was]
    return replace(guess, notes=(*others, *lacking(guess.kind, guess.columns)))


def _index(guess: SheetGuess, name: str) -> int:
    key = header_key(name)
    found = [c.index for c in guess.columns if header_key(c.column) == key]
    if len(found) != 1:
        many = "有几列都叫" if found else "没有"
        raise Invalid("column_unknown", f"“{guess.file}”{many}“{name}”，请用第几列来指定。", column=name)
    return found[0]


def _chosen(column: ColumnGuess, field: str | None) -> ColumnGuess:
    return replace(column, field=field, confidence=1.0, asked=False, why="由人确认")


def _yield(column: ColumnGuess, chosen: Mapping[Any, str | None]) -> ColumnGuess:
    """A guessed column gives way when a person gives its field to another one."""
    if column.field and column.field in chosen.values() and not FIELDS[column.field].shared:
        return replace(column, field=None, confidence=0.0, asked=False, why="这个字段已由人指定给另一列")
    return column


def _check_twice(columns: Sequence[ColumnGuess]) -> None:
    seen: dict[str, str] = {}
    for c in columns:
        if not c.field or c.why != "由人确认" or FIELDS[c.field].shared:
            continue
        if c.field in seen:
            label = FIELDS[c.field].label
            said = f"“{seen[c.field]}”和“{c.column}”都选成了“{label}”，请只选一列。"
            raise Invalid("field_twice", said, field=c.field)
        seen[c.field] = c.column


def say_words(guess: SheetGuess, said: Mapping[str, str]) -> SheetGuess:
    """The guess with what a person says of status words: ``state:待揽收`` or ``refund_state:…`` -> a meaning's key.

    Raises Invalid for a meaning that is none.
    """
    words = dict(guess.words)
    for name, key in said.items():
        of, _, word = name.partition(":")
        if of not in ("state", "refund_state") or key not in choices_of(of):
            raise Invalid("unknown_meaning", f"“{word}”不能对照成“{key}”，请从列表里选择。", word=word)
        words[of, header_key(word)] = key
    return replace(guess, words=words)


def template_of(guess: SheetGuess, name: str) -> dict[str, object]:
    """A confirmed guess as a named template: plain values, fit for JSON."""
    return {
        "name": name,
        "fingerprint": fingerprint(guess),
        "kind": guess.kind.value if guess.kind else None,
        "platform": guess.platform,
        "profile": guess.profile,
        "grain": guess.grain.value,
        "unit_price_is_unit": guess.unit_price_is_unit,
        "columns": {header_key(c.column): c.field for c in guess.columns if c.column},
        "words": {f"{of}:{word}": key for (of, word), key in guess.words.items()},
    }


def near_template(guess: SheetGuess, templates: Sequence[Template]) -> Template | None:
    """A template that knows nearly all of this header, and nothing that is not there.

    Platforms add columns: what a person once said of the others stays said. Where a column of the template is gone,
    another may mean it now: such a file is asked as any unknown one.
    """
    here = {header_key(c.column) for c in guess.columns if c.column}
    for template in templates:
        names = template["columns"]
        theirs = not guess.profile or guess.profile == template.get("profile")
        if not theirs or not isinstance(names, Mapping) or not names:
            continue
        if set(names) <= here and len(names) >= len(here) * _NEARLY:
            return template
    return None


def use_template(guess: SheetGuess, template: Template) -> SheetGuess:
    """The guess under one template: its columns are certain, columns it does not know stay guessed."""
    names = template["columns"]
    if not isinstance(names, Mapping):
        raise Invalid("template_broken", f"模板“{template.get('name', '')}”已损坏，请重新确认一次列。")
    fresh = [c.column for c in guess.columns if c.column and header_key(c.column) not in names]
    more = (f"按模板“{template['name']}”读；比它多出的列请看一眼：{'、'.join(fresh)}",) if fresh else ()
    columns = tuple(
        replace(c, field=names[key], confidence=1.0, asked=False, why=f"模板“{template['name']}”")
        if (key := header_key(c.column)) in names and (names[key] is None or names[key] in FIELDS)
        else _yield(c, names)
        for c in guess.columns
    )
    kind = template.get("kind")
    unit = template.get("unit_price_is_unit")
    words = template.get("words")
    if isinstance(words, Mapping):
        guess = say_words(guess, words)
    known = replace(
        guess,
        columns=columns,
        kind=ImportKind(str(kind)) if kind else guess.kind,
        platform=str(template.get("platform") or ""),
        profile=str(template.get("profile") or ""),
        grain=Grain(str(template.get("grain") or Grain.UNKNOWN)),
        unit_price_is_unit=unit if isinstance(unit, bool) else None,
        template=str(template["name"]),
        confidence=1.0,
        notes=(*more, *guess.notes),
    )
    return _noted(known, guess)
