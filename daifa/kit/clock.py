"""Where time comes from. Moments are aware UTC; the business day is Asia/Shanghai."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

BEIJING = ZoneInfo("Asia/Shanghai")
_frozen: ContextVar[datetime | None] = ContextVar("frozen", default=None)
_offset: timedelta = timedelta(0)


def now() -> datetime:
    """This moment, UTC: the real one, shifted to the world's clock, or the one a test froze."""
    held = _frozen.get()
    return held if held is not None else datetime.now(UTC) + _offset


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


def beijing(year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0) -> datetime:
    """A Beijing wall time as a UTC moment."""
    return datetime(year, month, day, hour, minute, second, tzinfo=BEIJING).astimezone(UTC)


def day_start(day: date) -> datetime:
    """The first moment (UTC) of a business day."""
    return beijing(day.year, day.month, day.day)
