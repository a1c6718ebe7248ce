"""Every permission and what it is called: guards name it by its key, people read its name."""

from __future__ import annotations

from collections.abc import Mapping

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
    "connections.view": "看授权与运行状态",
    "connections.edit": "授权店铺与供应商、开关自动化",
    "settings.edit": "改设置",
    "members.edit": "管理成员与角色",
    "audit.view": "看操作日志",
}
