"""Groups of permissions, built-in roles, and values of accounts that others may hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from uuid import UUID

from daifa.kit.states import LifeCycle
from daifa.kit.values import dataclass

GROUPS: Mapping[str, tuple[str, ...]] = {
    "每天的活": (
        "today.view", "orders.view", "orders.edit", "orders.open", "orders.export", "imports.run",
    ),
    "采购与供应商": ("purchasing.view", "purchasing.edit", "purchasing.send"),
    "物流与售后": ("logistics.view", "logistics.edit", "support.view", "support.edit"),
    "资料与钱": ("catalog.view", "catalog.edit", "finance.view", "finance.edit"),
    "管理": (
        "rules.edit", "shops.edit", "connections.view", "connections.edit",
        "settings.edit", "members.edit", "audit.view",
    ),
}  # fmt: skip

_VIEW = ["today.view", "orders.view", "catalog.view", "purchasing.view", "logistics.view", "support.view"]
BUILTIN_ROLES: Mapping[str, tuple[str, list[str]]] = {
    "owner": ("店主", ["*"]),
    "operator": (
        "运营",
        [
            *_VIEW, "orders.edit", "orders.export", "orders.open", "imports.run", "catalog.edit", "purchasing.edit",
            "purchasing.send", "logistics.edit", "support.edit", "finance.view", "rules.edit", "shops.edit",
            "connections.view",
        ],
    ),
    "buyer": ("采购", [*_VIEW, "imports.run", "catalog.edit", "purchasing.edit", "purchasing.send", "finance.view"]),
    "support": ("客服", [*_VIEW, "orders.edit", "orders.open", "support.edit"]),
    "finance": ("财务", [*_VIEW, "orders.export", "finance.view", "finance.edit", "audit.view"]),
    "viewer": ("只读", list(_VIEW)),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ShopView:
    """A shop as others see it."""

    id: UUID
    platform: str
    name: str
    external_id: str
    recipient_path: str
    dial: str
    active: bool


CONNECTION = LifeCycle(
    name="授权",
    start="working",
    table={
        "working": ("expired", "revoked", "paused", "removed"),
        # Somebody must sign in again at the other company.
        "expired": ("working", "removed"),
        "revoked": ("working", "removed"),
        "paused": ("working", "expired", "revoked", "removed"),
        "removed": (),
    },
    labels={
        "working": "正常", "expired": "授权已过期", "revoked": "授权被取消", "paused": "已暂停", "removed": "已移除",
    },
)  # fmt: skip
# The highest rate that may be typed in for an application, calls a second.
MOST_CALLS = 1_000
CONNECTION_STATES = CONNECTION.states


@dataclass(frozen=True, slots=True)
class ApplicationView:
    """An application as others see it; never its secret."""

    id: UUID
    platform: str
    app_key: str
    label: str
    urls: Mapping[str, str]
    calls_per_second: int | None
    origin: str
    active: bool
    version: int


@dataclass(frozen=True, slots=True)
class ConnectionView:
    """A connection as others see it; never its tokens. Times UTC."""

    id: UUID
    platform: str
    kind: str
    application_id: UUID
    shop_id: UUID | None
    account: str
    account_name: str
    state: str
    state_reason: str
    expires_at: datetime | None
    refresh_expires_at: datetime | None
    refreshed_at: datetime | None
    version: int


@dataclass(frozen=True, slots=True)
class HealthView:
    """How a connection fares."""

    connection_id: UUID
    ok_at: datetime | None = None
    error_at: datetime | None = None
    error: str = ""
    error_code: str = ""
    failures: int = 0
    open_until: datetime | None = None
    quota: Mapping[str, object] = field(default_factory=dict)
