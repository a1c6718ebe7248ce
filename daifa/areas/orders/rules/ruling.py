"""What operators' rules put on an order besides holds: tags, priority, flag, supplier; taken off when they end. Pure.

A rule's mark is put once. What a person changes afterwards stays changed, and rules never judge by their own marks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from daifa.areas.orders.types import RuleOutcome
from daifa.kit.values import dataclass

HIGHEST_SAID = 3


@dataclass(frozen=True, slots=True)
class Ruled:
    """What the rules last put on an order; ``flag_was`` is the flag that theirs covers."""

    tags: tuple[str, ...] = ()
    priority: int | None = None
    flag: str | None = None
    flag_was: str = ""
    supplier_id: UUID | None = None

    def document(self) -> dict[str, object]:
        """As it is stored; {} when the rules put nothing."""
        made: dict[str, object] = {}
        if self.tags:
            made["tags"] = list(self.tags)
        if self.priority is not None:
            made["priority"] = self.priority
        if self.flag is not None:
            made |= {"flag": self.flag, "flag_was": self.flag_was}
        if self.supplier_id is not None:
            made["supplier"] = str(self.supplier_id)
        return made


def ruled_of(document: Mapping[str, object]) -> Ruled:
    """What is stored, read."""
    tags, priority, flag = document.get("tags"), document.get("priority"), document.get("flag")
    supplier = document.get("supplier")
    return Ruled(
        tags=tuple(str(t) for t in tags) if isinstance(tags, list) else (),
        priority=priority if isinstance(priority, int) else None,
        flag=None if flag is None else str(flag),
        flag_was=str(document.get("flag_was", "")),
        supplier_id=UUID(str(supplier)) if supplier else None,
    )


@dataclass(frozen=True, slots=True)
class Marks:
    """The marks of one order as they stand, and which of them the rules put there."""

    tags: tuple[str, ...]
    priority: int
    flag: str
    ruled: Ruled

    @property
    def own_tags(self) -> tuple[str, ...]:
        """Tags that no rule put there: what rules may judge by."""
        return tuple(t for t in self.tags if t not in self.ruled.tags)

    @property
    def own_flag(self) -> str:
        """The flag without the rules' own."""
        return self.ruled.flag_was if self.ruled.flag is not None and self.flag == self.ruled.flag else self.flag


def put(marks: Marks, outcome: RuleOutcome) -> Marks:
    """The marks after the rules spoke; equal to ``marks`` when nothing changes. Idempotent."""
    before = marks.ruled
    fresh = [t for t in outcome.tags if t not in before.tags and t not in marks.tags]
    gone = {t for t in before.tags if t not in outcome.tags}
    kept = tuple(t for t in before.tags if t not in gone)
    priority = marks.priority
    if outcome.priority != before.priority:
        if outcome.priority is not None:
            priority = outcome.priority
        elif marks.priority == before.priority:
            priority = 0
    flag = marks.own_flag if outcome.flag is None else outcome.flag
    after = Ruled(
        tags=(*kept, *fresh),
        priority=outcome.priority,
        flag=outcome.flag,
        flag_was=marks.own_flag if outcome.flag is not None else "",
        supplier_id=outcome.supplier_id,
    )
    tags = (*(t for t in marks.tags if t not in gone), *fresh)
    return replace(marks, tags=tags, priority=priority, flag=flag, ruled=after)


def sentence(outcome: RuleOutcome) -> str:
    """What the history says when the rules' marks on an order changed."""
    if not outcome.reasons:
        return "没有规则再适用，规则加的标记已去掉"
    more = f"（另有 {len(outcome.reasons) - HIGHEST_SAID} 条规则）" if len(outcome.reasons) > HIGHEST_SAID else ""
    return "；".join(outcome.reasons[:HIGHEST_SAID]) + more
