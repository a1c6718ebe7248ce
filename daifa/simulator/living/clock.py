"""The world's time: a clock of any speed, and the agenda of what is to happen, in order."""

from __future__ import annotations

import heapq
import json
import os
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

# After a kill the world goes on as its clock file promised, but never jumps further than this (seconds).
MOST_JUMP = 3600.0


class SimClock:
    """Now, at a speed; speed 0 stands still until ``advance``. The file lets other processes live by it."""

    def __init__(self, start: datetime, speed: float, *, file: Path | None = None,
                 wall: Callable[[], float] = time.time) -> None:  # fmt: skip
        self._wall, self._file = wall, file
        self._sim, self._at, self.speed = start.timestamp(), wall(), speed
        self._held: float | None = None
        self._write()

    def now(self) -> datetime:
        """The world's moment."""
        return datetime.fromtimestamp(self.seconds(), UTC)

    def seconds(self) -> float:
        """The world's moment as Unix time."""
        if self._held is not None:
            return self._held
        return self._sim + (self._wall() - self._at) * self.speed

    def hold(self, seconds: float) -> None:
        """While an event happens, now is the event's moment."""
        self._held = seconds

    def release(self) -> None:
        """Back to the running time."""
        self._held = None

    def set_speed(self, speed: float) -> None:
        """Run at another speed from this moment on."""
        self._sim, self._at, self.speed = self.seconds(), self._wall(), speed
        self._write()

    def set(self, seconds: float) -> None:
        """Jump forward to a moment; never back."""
        self._sim, self._at = max(seconds, self.seconds()), self._wall()
        self._write()

    def wall_until(self, seconds: float) -> float | None:
        """Real seconds until a moment of the world; None when the clock stands still."""
        return (seconds - self.seconds()) / self.speed if self.speed > 0 else None

    def _write(self) -> None:
        if self._file is None:
            return
        text = json.dumps({"wall": self._at, "sim": self._sim, "speed": self.speed})
        beside = self._file.with_suffix(f".{os.getpid()}")
        beside.write_text(text, encoding="utf-8")
        beside.replace(self._file)


def promised(file: Path, wall: float) -> float | None:
    """The moment that followers of a clock file believe in by now; None without a readable file."""
    try:
        told = json.loads(file.read_bytes())
        run = min((wall - float(told["wall"])), MOST_JUMP)
        return float(told["sim"]) + run * float(told["speed"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


@dataclass(order=True, slots=True)
class Event:
    """Something that will happen: ``owner`` hears ``name`` with ``data``. It is data, so it survives a restart."""

    at: float
    seq: int
    owner: str = field(compare=False)
    name: str = field(compare=False)
    data: dict[str, Any] = field(compare=False, default_factory=dict)


class Agenda:
    """Events by (moment, order of making)."""

    def __init__(self, events: Iterable[Event] = ()) -> None:
        self._heap = list(events)
        heapq.heapify(self._heap)
        self.made: list[Event] = []
        self.gone: list[int] = []

    def add(self, event: Event) -> None:
        """One more event."""
        heapq.heappush(self._heap, event)
        self.made.append(event)

    def due(self, until: float) -> Event | None:
        """Take the next event that is due by a moment."""
        if not self._heap or self._heap[0].at > until:
            return None
        event = heapq.heappop(self._heap)
        self.gone.append(event.seq)
        return event

    @property
    def next_at(self) -> float | None:
        """The moment of the next event."""
        return self._heap[0].at if self._heap else None

    def __len__(self) -> int:
        return len(self._heap)
