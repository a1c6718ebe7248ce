"""Where the world survives a kill: one SQLite file, written in one transaction per request or batch of events."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import orjson

from daifa.ports.books import KINDS, Entity
from daifa.simulator.living.clock import Event
from daifa.simulator.living.codec import decode, encode

_TABLES = """
CREATE TABLE IF NOT EXISTS entity (kind TEXT, id TEXT, data BLOB, PRIMARY KEY (kind, id)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS event (seq INTEGER PRIMARY KEY, at REAL, owner TEXT, name TEXT, data BLOB);
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID;
"""


class Store:
    """The file, or ``:memory:``."""

    def __init__(self, path: Path | None) -> None:
        self._link = sqlite3.connect(str(path) if path else ":memory:", isolation_level=None)
        self._link.execute("PRAGMA journal_mode=WAL")
        # Survives the death of the process; the death of the machine may cost the last moments of an invented world.
        self._link.execute("PRAGMA synchronous=NORMAL")
        self._link.executescript(_TABLES)

    def entities(self) -> Iterator[Entity]:
        """Everything that was written."""
        for kind in KINDS:
            rows = self._link.execute("SELECT data FROM entity WHERE kind = ?", (kind.__name__,))
            for (data,) in rows:
                yield decode(kind, data)

    def events(self) -> list[Event]:
        """Everything that is still to happen."""
        rows = self._link.execute("SELECT at, seq, owner, name, data FROM event")
        return [Event(at, seq, owner, name, orjson.loads(data)) for at, seq, owner, name, data in rows]

    def meta(self, name: str) -> Any:
        """A small value by name; None when never written."""
        row = self._link.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return None if row is None else orjson.loads(row[0])

    def write(
        self,
        changed: Iterable[Entity],
        dropped: Iterable[tuple[str, str]],
        made: Iterable[Event],
        gone: Iterable[int],
        meta: dict[str, Any],
    ) -> None:
        """All of it or nothing of it."""
        link = self._link
        link.execute("BEGIN")
        try:
            link.executemany(
                "INSERT OR REPLACE INTO entity VALUES (?, ?, ?)",
                [(type(e).__name__, e.id, encode(e)) for e in changed],
            )
            link.executemany("DELETE FROM entity WHERE kind = ? AND id = ?", list(dropped))
            link.executemany(
                "INSERT OR REPLACE INTO event VALUES (?, ?, ?, ?, ?)",
                [(e.seq, e.at, e.owner, e.name, orjson.dumps(e.data)) for e in made],
            )
            link.executemany("DELETE FROM event WHERE seq = ?", [(s,) for s in gone])
            link.executemany(
                "INSERT OR REPLACE INTO meta VALUES (?, ?)", [(k, orjson.dumps(v)) for k, v in meta.items()]
            )
        except BaseException:
            link.execute("ROLLBACK")
            raise
        link.execute("COMMIT")

    def close(self) -> None:
        """Let the file go."""
        self._link.close()
