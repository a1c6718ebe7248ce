"""Permissions, built-in roles, and values of accounts that others may hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

PERMISSIONS: Mapping[str, str] = {
    "today.view": "看今日与看板",
    "orders.view": "看订单",
    "orders.edit": "改订单、清异常、匹配",
    "orders.export": "导出列表",
    "orders.open": "打开收件人隐私信息",
    "imports.run": "导入文件",
    "catalog.view": "看商品",
    "catalog.edit": "改商品与映射",
    "purchasing.view": "看采购与供应商",
    "purchasing.edit": "派单、改供应商与货源",
    "purchasing.send": "发给供应商、重发、撤回",
    "logistics.view": "看包裹与运单",
    "logistics.edit": "回填单号、生成上传文件",
    "support.view": "看售后",
    "support.edit": "处理售后",
    "finance.view": "看成本与毛利",
    "finance.edit": "改费率",
    "rules.edit": "改规则与平台时效",
    "shops.edit": "改店铺",
    "settings.edit": "改设置",
    "members.edit": "管理成员与角色",
    "audit.view": "看操作日志",
}

GROUPS: Mapping[str, tuple[str, ...]] = {
    "每天的活": (
        "today.view", "orders.view", "orders.edit", "orders.open", "orders.export", "imports.run",
    ),
    "采购与供应商": ("purchasing.view", "purchasing.edit", "purchasing.send"),
    "物流与售后": ("logistics.view", "logistics.edit", "support.view", "support.edit"),
    "资料与钱": ("catalog.view", "catalog.edit", "finance.view", "finance.edit"),
    "管理": ("rules.edit", "shops.edit", "settings.edit", "members.edit", "audit.view"),
}  # fmt: skip

_VIEW = ["today.view", "orders.view", "catalog.view", "purchasing.view", "logistics.view", "support.view"]
BUILTIN_ROLES: Mapping[str, tuple[str, list[str]]] = {
    "owner": ("店主", ["*"]),
    "operator": (
        "运营",
        [
            *_VIEW, "orders.edit", "orders.export", "orders.open", "imports.run", "catalog.edit", "purchasing.edit",
            "purchasing.send", "logistics.edit", "support.edit", "finance.view", "rules.edit", "shops.edit",
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
