"""Identifiers: UUIDv7 (time-ordered), one NewType per kind where a kind crosses a border."""

from __future__ import annotations

import os
import threading
import time
from uuid import UUID

_lock = threading.Lock()
_last = 0
_WORD = 8
# One system call for many ids: thousands are made at a time.
_WORDS = 512
_pool = b""
_at = 0


def uuid7() -> UUID:
    """A new UUIDv7 (RFC 9562), strictly increasing inside one process."""
    global _last, _pool, _at
    with _lock:
        # 60 bits of time: milliseconds, then a 12-bit fraction that also orders ids of one millisecond.
        stamp = time.time_ns() * 4096 // 1_000_000
        _last = stamp = max(stamp, _last + 1)
        if _at == len(_pool):
            _pool, _at = os.urandom(_WORD * _WORDS), 0
        random = int.from_bytes(_pool[_at : _at + _WORD]) & ((1 << 62) - 1)
        _at += _WORD
    return UUID(int=(stamp >> 12) << 80 | 0x7 << 76 | (stamp & 0xFFF) << 64 | 0b10 << 62 | random)


def _forked() -> None:
    """A child draws its own: with its parent's randomness its ids could be its parent's."""
    global _pool, _at
    _pool, _at = b"", 0


os.register_at_fork(after_in_child=_forked)
