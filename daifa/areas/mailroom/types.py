"""Values of the mailroom that others may hold."""

from __future__ import annotations

TASK_STATES = ("queued", "running", "done", "failed", "cancelled")
IMPORT_STATES = (
    "reading", "password", "waiting", "queued", "running", "done", "failed", "cancelled", "undone",
)  # fmt: skip
