"""Values of the mailroom that others may hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

TASK_STATES = ("queued", "running", "done", "failed", "cancelled")
IMPORT_STATES = (
    "reading", "password", "waiting", "queued", "running", "done", "failed", "cancelled", "undone",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ImportView:
    """One import as others see it. ``guess`` holds the card, what a person said, and the sealed password."""

    id: UUID
    file_id: UUID
    file_name: str
    task_id: UUID | None
    kind: str
    platform: str
    shop_id: UUID | None
    sheet: str
    header_row: int
    guess: Mapping[str, object]
    asked: int
    as_of: datetime | None
    state: str
    rows: int
    counts: Mapping[str, object]
    totals: Mapping[str, object]
    error_file_id: UUID | None
    started_by: str
    created_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class TaskView:
    """One task as the task centre shows it."""

    id: UUID
    kind: str
    title: str
    state: str
    stage: str
    done: int
    total: int
    result: Mapping[str, object]
    link: str
    file_id: UUID | None
    error_file_id: UUID | None
    started_by_name: str
    cancel_asked: bool
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
