"""Where time comes from. Moments are aware UTC; the business day is Asia/Shanghai.

With ``DAIFA_CLOCK=<file>`` the process lives by the clock of a simulated world, which writes that file:
``{"wall": unix, "sim": unix, "speed": x}``. At the computer's ``wall`` the world said ``sim``, and ran ``speed`` fast.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

BEIJING = ZoneInfo("Asia/Shanghai")
_frozen: ContextVar[datetime | None] = ContextVar("frozen", default=None)
_offset: timedelta = timedelta(0)
# How long a reading of the followed file is trusted without looking at the file again.
_LOOK_AGAIN = 0.05


class _Followed:
    """The world's clock as its file tells it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._looked = -1.0
        self._version: tuple[int, int] | None = None
        self._told: tuple[float, float, float] | None = None

    def now(self) -> datetime | None:
        """The world's moment; None while there has never been a readable file."""
        if time.monotonic() - self._looked >= _LOOK_AGAIN:
            self._look()
        if self._told is None:
            return None
        wall, sim, speed = self._told
        return datetime.fromtimestamp(sim + (time.time() - wall) * speed, UTC)

    def _look(self) -> None:
        self._looked = time.monotonic()
        try:
            found = self._path.stat()
            version = (found.st_mtime_ns, found.st_ino)
            if version != self._version:
                told = json.loads(self._path.read_bytes())
                self._told = (float(told["wall"]), float(told["sim"]), float(told["speed"]))
                self._version = version
        except (OSError, ValueError, KeyError, TypeError):
            # The world is restarting, or not there yet: what it said last still holds.
            return


_followed: _Followed | None = _Followed(Path(os.environ["DAIFA_CLOCK"])) if os.environ.get("DAIFA_CLOCK") else None


def follow(path: Path | None) -> None:
    """Live by the clock file of a world from now on; None ends it."""
    global _followed
    _followed = _Followed(path) if path is not None else None


def now() -> datetime:
    """This moment, UTC: the real one, the followed world's, shifted by the offset, or the one a test froze."""
    held = _frozen.get()
    if held is not None:
        return held
    if _followed is not None and (told := _followed.now()) is not None:
        return told + _offset
    return datetime.now(UTC) + _offset


def wall() -> datetime:
    """The computer's own clock, UTC, whatever day the world lives on: for what another device counts by."""
    held = _frozen.get()
    return held if held is not None else datetime.now(UTC)


def set_offset(offset: timedelta) -> None:
    """Shift the clock of this process (the simulator's world may live on another day)."""
    global _offset
    _offset = offset


@contextmanager
def frozen(at: datetime) -> Iterator[None]:
    """Hold the clock at one aware moment inside the block."""
    if at.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    token = _frozen.set(at.astimezone(UTC))
    try:
        yield
    finally:
        _frozen.reset(token)


def business_day(at: datetime) -> date:
    """The calendar day in Asia/Shanghai of a moment."""
    return at.astimezone(BEIJING).date()


def short_time(at: datetime) -> str:
    """``11-20 14:05`` in Asia/Shanghai; routing says it so often that strftime, four times slower, would show."""
    at = at.astimezone(BEIJING)
    return f"{at.month:02}-{at.day:02} {at.hour:02}:{at.minute:02}"


def beijing(year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0) -> datetime:
    """A Beijing wall time as a UTC moment."""
    return datetime(year, month, day, hour, minute, second, tzinfo=BEIJING).astimezone(UTC)


def day_start(day: date) -> datetime:
    """The first moment (UTC) of a business day."""
    return beijing(day.year, day.month, day.day)
