"""Files that a person just dropped and about which nothing is open: imported at once, without a press more.

All of a drop or nothing of it: refunds lean on the orders dropped beside them. Whatever a person would want to look at
first leaves the whole drop on the table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from daifa.areas.accounts.services import settings
from daifa.areas.mailroom.services import imports
from daifa.areas.mailroom.types import ImportView
from daifa.base.actor import Actor
from daifa.flows import handing, intake
from daifa.flows.intake import Started
from daifa.ports.sheet import CERTAIN, ImportKind

SETTING = "import_dropped"
# What shops and suppliers tell of orders. Goods and prices decide money and have no way back: a person starts those.
KINDS = frozenset({ImportKind.ORDERS, ImportKind.REFUNDS, ImportKind.RECIPIENTS, ImportKind.TRACKING})


def why_look(row: ImportView) -> str:
    """What a person should look at before this file goes in, as one Chinese sentence; "" when nothing is open."""
    if why := intake.why_not_ready(row):
        return why
    card = row.guess.get("card")
    assert isinstance(card, Mapping)
    if row.kind not in KINDS:
        return f"{ImportKind(row.kind).label}文件请看过再导入。"
    if unsure := [str(c["column"]) for c in card["columns"] if c["field"] and c["confidence"] < CERTAIN]:
        return f"“{unsure[0]}”等 {len(unsure)} 列不是完全确定，请看一眼。"
    if card["rejected"]:
        return f"其中 {card['rejected']} 行有问题，请看过再导入。"
    if any(not word["meaning"] for word in card["words"]):
        return "有没见过的状态，请看一眼。"
    if card["notes"]:
        return f"{card['notes'][0]}，请看一眼。"
    if imports.last_done(row.file_id, row.sheet):
        return "同一个文件导入过，请看过再导入。"
    return ""


def run(*, by: Actor, import_ids: Sequence[UUID]) -> Started:
    """Start these imports and the other sheets of their files when nothing about any of them is open, else none.

    Nothing starts either when the company wants to press the button itself. Raises NotFound.
    """
    if not settings.get_all()[SETTING]:
        return Started((), (), ())
    scope = handing.within(by)
    brought = {imports.get(i, within=scope).file_id for i in import_ids}
    rows = [r for r in imports.list_open(scope) if r.file_id in brought]
    left = tuple((str(r.guess.get("name") or r.file_name), why) for r in rows if (why := why_look(r)))
    if left or not rows:
        return Started((), (), left)
    return intake.run(by=by, import_ids=[r.id for r in rows])
