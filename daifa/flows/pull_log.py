"""One line of the pull log for every reading of a feed, whether it ended or broke off."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from daifa.areas.mailroom.services import calls
from daifa.base.tenancy import tenant
from daifa.ports.errors import RemoteError


@dataclass(slots=True)
class Pull:
    """What a reading has come to so far; ``fresh`` of its ``items`` were new."""

    pages: int = 0
    items: int = 0
    fresh: int = 0


@contextmanager
def pull(
    tenant_id: int, connection_id: UUID, feed: str, *, via: str, start: datetime | None, end: datetime
) -> Iterator[Pull]:
    """Write the reading inside down with its counts, milliseconds and outcome, in a transaction of its own."""
    began = time.perf_counter()
    read = Pull()
    outcome, said = "ok", ""
    try:
        yield read
    except RemoteError as error:
        outcome, said = type(error).__name__, error.text
        raise
    finally:
        ms = round((time.perf_counter() - began) * 1000)
        with tenant(tenant_id):
            calls.pulled(
                connection_id=connection_id, feed=feed, via=via, start=start, end=end, pages=read.pages,
                items=read.items, fresh=read.fresh, ms=ms, outcome=outcome, said=said,
            )  # fmt: skip
