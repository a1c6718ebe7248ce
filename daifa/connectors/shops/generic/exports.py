"""The generic sheet: no headers of its own (columns are found by name, or by a person), common status words."""

from __future__ import annotations

from daifa.connectors.shops.generic.mapping import REFUND_STATES, STATES
from daifa.ports.sheet import ExportProfile, ImportKind, ShipTemplate
from daifa.ports.shop import RefundState

ORDERS = ExportProfile(
    key="generic.orders",
    platform="",
    kind=ImportKind.ORDERS,
    label="通用订单表",
    columns={},
    signature=frozenset({"__never__"}),
    states=STATES,
    refund_states=REFUND_STATES,
    state_suffixes={"退款成功": RefundState.FULL, "部分退款": RefundState.PARTLY, "退款中": RefundState.APPLIED},
    listing_key=("sku_no", "merchant_code", "item_no", "spec"),
    verified=True,
)

SHIP = ExportProfile(
    key="generic.ship",
    platform="generic",
    kind=ImportKind.SHIP_TEMPLATE,
    label="通用发货表",
    columns={"订单号": "order_no", "快递公司": "courier", "快递单号": "tracking_no"},
    signature=frozenset({"__never__"}),
    ship_template=ShipTemplate(
        columns=(("订单号", "order_no"), ("快递公司", "courier"), ("快递单号", "tracking_no")), verified=True
    ),
    verified=True,
)

PROFILES = (ORDERS, SHIP)
