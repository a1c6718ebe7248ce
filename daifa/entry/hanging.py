"""Which worker hangs: its process lives, and its beat stands still.

A beat comes from the loop that fetches and finishes jobs, over that loop's own connection; jobs run in threads of
their own. So a long job never stops it, and what stops it also stops every job after this one: a loop that no longer
turns, a connection that answers nothing, a process that the system stopped. A single job that never ends is not seen
here: it holds one slot, its calls and locks have limits of their own.

What is counted is looks, not time: a machine that slept, or a database that was away, accuses nobody.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

LOOK_SECONDS = 10
# Thirty missed beats; by then others took its jobs over six times.
LOOKS = 15


def beats(cursor: Any) -> dict[str, datetime]:
    """The last beat of each queue."""
    cursor.execute("SELECT queue, at FROM base_workerbeat")
    return dict(cursor.fetchall())


class Watch:
    """Remembers the beats from look to look."""

    def __init__(self, queues: Mapping[str, str]) -> None:
        """``queues``: the queue of each worker, by the name of its process."""
        self.queues = queues
        self._stood: dict[str, tuple[datetime | None, int]] = {}

    def look(self, found: Mapping[str, datetime] | None) -> list[str]:
        """The workers whose beat stood still for LOOKS looks. ``found``: None while the database does not answer."""
        if found is None:
            self._stood.clear()
            return []
        for name, queue in self.queues.items():
            before, times = self._stood.get(name, (None, 0))
            beat = found.get(queue)
            self._stood[name] = (beat, times + 1 if name in self._stood and beat == before else 0)
        return [name for name, (_, times) in self._stood.items() if times >= LOOKS]

    def begin(self, name: str) -> None:
        """This worker was just started: it is looked at anew."""
        self._stood.pop(name, None)
