"""A sheet and its guess to records: the one entrance after recognising."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from daifa.areas.mailroom.rules.grid import open_grid
from daifa.areas.mailroom.rules.orders import parse_orders
from daifa.areas.mailroom.rules.records import parse_records
from daifa.areas.mailroom.rules.refunds import parse_refunds
from daifa.kit.errors import Invalid
from daifa.kit.tabular.columns import cell_text
from daifa.kit.tabular.sheets import SheetData
from daifa.ports.card import GENERIC
from daifa.ports.sheet import ExportProfile, ImportKind, Parsed, SheetGuess
from daifa.ports.sheet_fields import FIELDS, REQUIRED

WORDS_ONLY = f"{GENERIC}.orders"


def profile_of(guess: SheetGuess, profiles: Sequence[ExportProfile]) -> ExportProfile | None:
    """The profile a guess names; for a sheet of no platform the generic one, which knows the common status words."""
    by_key = {p.key: p for p in profiles}
    if guess.profile:
        return by_key.get(guess.profile)
    if guess.platform:
        of_platform = next((p for p in profiles if p.platform == guess.platform and p.kind == guess.kind), None)
        if of_platform is not None:
            return _words_only(of_platform, by_key.get(WORDS_ONLY))
    return by_key.get(WORDS_ONLY)


def _words_only(profile: ExportProfile, generic: ExportProfile | None) -> ExportProfile | None:
    """A sheet that merely mentions a platform speaks its status words, and has the generic shape."""
    if generic is None:
        return profile
    return replace(
        generic,
        states={**generic.states, **profile.states},
        refund_states={**generic.refund_states, **profile.refund_states},
        state_suffixes={**generic.state_suffixes, **profile.state_suffixes},
    )


def parse(sheet: SheetData, guess: SheetGuess, profiles: Sequence[ExportProfile]) -> Parsed:
    """What the rows of a sheet become under a guess. Columns still asked are left out: preview so, import only when
    ``guess.ready`` or after a person's word.

    Raises Invalid ``columns_missing`` when a required field has no column, naming it.
    """
    if guess.kind is None or not guess.header_row:
        raise Invalid("sheet_unknown", f"“{guess.file}”的“{guess.sheet}”认不出是什么表，请先选择类型和表头行。")
    have = guess.field_columns()
    for choice in REQUIRED[guess.kind]:
        if not any(key in have for key in choice):
            labels = "”或“".join(FIELDS[key].label for key in choice)
            raise Invalid(
                "columns_missing",
                f"“{guess.file}”里没有确认哪一列是“{labels}”，请在预览里选好再导入。",
                fields=list(choice),
            )
    profile = profile_of(guess, profiles)
    with _no_collection():
        grid = open_grid(sheet, guess)
        if guess.kind == ImportKind.ORDERS:
            parsed = parse_orders(grid, profile)
        elif guess.kind == ImportKind.REFUNDS:
            parsed = parse_refunds(grid, profile)
        else:
            above = " ".join(cell_text(c) for row in sheet.rows[: guess.header_row - 1] for c in row)
            return replace(parse_records(grid, guess.kind), above=" ".join(above.split()))
    return replace(parsed, unknown_words=tuple((key, word, n) for (key, word), n in grid.unknown.most_common()))


@contextmanager
def _no_collection() -> Iterator[None]:
    """Hundreds of thousands of small values without cycles: the collector would only walk them again and again."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
