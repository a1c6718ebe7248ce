"""Values of the mailroom that others may hold."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from daifa.kit.states import LifeCycle
from daifa.kit.values import dataclass

TASK = LifeCycle(
    name="任务",
    start="queued",
    table={
        "queued": ("running", "cancelled", "failed", "done"),
        "running": ("done", "failed", "cancelled"),
        "done": (),
        "failed": (),
        "cancelled": (),
    },
    labels={"queued": "排队", "running": "进行中", "done": "完成", "failed": "失败", "cancelled": "已取消"},
)
TASK_STATES = TASK.states

IMPORT = LifeCycle(
    name="导入",
    start="reading",
    table={
        "reading": ("password", "waiting", "failed"),
        "password": ("reading", "waiting", "failed"),
        "waiting": ("reading", "queued", "failed"),
        "queued": ("running", "cancelled", "failed"),
        "running": ("done", "failed", "cancelled"),
        "done": ("undone",),
        # Stopped ones may be read again.
        "failed": ("reading",),
        "cancelled": ("reading", "undone"),
        "undone": (),
    },
    labels={
        "reading": "正在识别", "password": "需要密码", "waiting": "待导入", "queued": "排队", "running": "正在导入",
        "done": "已导入", "failed": "失败", "cancelled": "已取消", "undone": "已撤销",
    },
)  # fmt: skip
IMPORT_STATES = IMPORT.states


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
    started_by: str
    params: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Within:
    """Whose files somebody may see: of these shops, of these suppliers (by name), of nobody's only their own.

    None: every shop, every supplier.
    """

    key: str
    shops: frozenset[UUID] | None = None
    suppliers: frozenset[str] | None = None


INBOX = LifeCycle(
    name="来件",
    start="new",
    table={"new": ("done", "parked"), "parked": ("new", "done"), "done": ()},
    labels={"new": "待处理", "done": "已处理", "parked": "读不懂，已搁置"},
)

OUTBOX = LifeCycle(
    name="对外动作",
    start="ready",
    table={
        "ready": ("calling", "unknown", "refused", "void", "held"),
        # Nothing may follow a call but what is known of its outcome.
        "calling": ("confirmed", "refused", "unknown", "ready"),
        "unknown": ("confirmed", "refused", "ready", "person"),
        "person": ("confirmed", "refused", "ready", "void"),
        "held": ("ready", "void"),
        "refused": ("ready", "void"),
        "confirmed": (),
        "void": (),
    },
    labels={
        "ready": "待执行", "calling": "正在执行", "unknown": "结果未知，正在查证", "person": "等人核对",
        "held": "暂停，等人决定", "refused": "对方拒绝", "confirmed": "已完成", "void": "已取消",
    },
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class InboxItem:
    """One thing that arrived (first at ``came_at``), with its content; ``object_id`` is the company's own number."""

    id: UUID
    connection_id: UUID
    feed: str
    event_key: str
    object_id: str
    modified: datetime | None
    came_at: datetime
    raw: bytes
    attempts: int


@dataclass(frozen=True, slots=True)
class OutboxItem:
    """One thing to be done outside. ``key`` is made from the business fact; ``reference`` is what the other side knows.

    ``data`` holds no personal data: what goes out is built from the facts at the moment of the call.
    """

    id: UUID
    key: str
    kind: str
    connection_id: UUID
    subject_id: UUID
    order_id: UUID | None
    reference: str
    state: str
    due_at: datetime
    tries: int
    asks: int
    called_at: datetime | None
    reason: str
    data: Mapping[str, object]
    result: Mapping[str, object]
    created_at: datetime
