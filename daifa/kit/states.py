"""Life cycles as tables: state -> allowed next states, with the checks that every table must pass."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from daifa.kit.errors import Conflict
from daifa.kit.values import dataclass


@dataclass(frozen=True, slots=True)
class LifeCycle:
    """A named life cycle: where it starts, what may follow what, and how each state is called on screen."""

    name: str
    start: str
    table: Mapping[str, Collection[str]]
    labels: Mapping[str, str]

    @property
    def states(self) -> tuple[str, ...]:
        """Every state, in the table's order."""
        return tuple(self.table)

    def allows(self, before: str, after: str) -> bool:
        """Whether ``after`` may follow ``before`` (a state may always follow itself)."""
        return before == after or after in self.table[before]

    def check(self, before: str, after: str) -> None:
        """Raise Conflict when ``after`` may not follow ``before``."""
        if not self.allows(before, after):
            raise Conflict(
                "state_not_allowed",
                f"{self.name}现在是“{self.labels[before]}”，不能变为“{self.labels[after]}”。请刷新后再试。",
            )

    def problems(self) -> list[str]:
        """What is wrong with the table itself: unknown, unlabelled or unreachable states."""
        known = set(self.table)
        found = [f"{self.name}: {s} -> {n} unknown" for s, ns in self.table.items() for n in ns if n not in known]
        found += [f"{self.name}: {s} has no label" for s in known if s not in self.labels]
        seen, todo = set[str](), [self.start]
        while todo:
            state = todo.pop()
            if state not in seen:
                seen.add(state)
                todo += [n for n in self.table.get(state, ()) if n in known]
        return found + [f"{self.name}: {s} unreachable" for s in known - seen]
