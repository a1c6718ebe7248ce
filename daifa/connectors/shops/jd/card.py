"""How 京东 shows itself in our screens."""

from daifa.ports.card import Capability, Card, ConnectorKind, CredentialField, DocLink

CARD = Card(
    key="jd",
    kind=ConnectorKind.SHOP,
    label="京东",
    short="京东",
    badge="京",
    hue="#e1251b",
    capabilities=frozenset({Capability.ORDER_FILES, Capability.REFUND_FILES, Capability.SHIP_FILES}),
    credentials=(
        CredentialField("app_key", "App Key", secret=False),
        CredentialField("app_secret", "App Secret"),
    ),
    links=(
        DocLink("商家后台", "https://shop.jd.com/"),
        DocLink("开放平台文档", "https://open.jd.com/"),
    ),
)
