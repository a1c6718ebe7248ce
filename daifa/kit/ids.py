"""Identifiers: UUIDv7 (time-ordered), one NewType per kind where a kind crosses a border."""

from __future__ import annotations

import os
import threading
import time
from uuid import UUID

_lock = threading.Lock()
_last = 0


def uuid7() -> UUID:
    """A new UUIDv7 (RFC 9562), strictly increasing inside one process."""
    global _last
    with _lock:
        # 60 bits of time: milliseconds, then a 12-bit fraction that also orders ids of one millisecond.
        stamp = time.time_ns() * 4096 // 1_000_000
        _last = stamp = max(stamp, _last + 1)
    random = int.from_bytes(os.urandom(8)) & ((1 << 62) - 1)
    return UUID(int=(stamp >> 12) << 80 | 0x7 << 76 | (stamp & 0xFFF) << 64 | 0b10 << 62 | random)
