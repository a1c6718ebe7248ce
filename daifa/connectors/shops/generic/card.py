"""How a shop of no known platform shows itself: numbers are unique in the shop only."""

from daifa.ports.card import GENERIC, Capability, Card, ConnectorKind

CARD = Card(
    key=GENERIC,
    kind=ConnectorKind.SHOP,
    label="通用表格",
    short="表格",
    badge="表",
    hue="#8c8c8c",
    capabilities=frozenset({Capability.ORDER_FILES, Capability.REFUND_FILES, Capability.SHIP_FILES}),
    verified=True,
    shared_numbers=False,
)
