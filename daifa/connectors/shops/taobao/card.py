"""How 淘宝 shows itself in our screens."""

from daifa.ports.card import Capability, Card, ConnectorKind, CredentialField, DocLink

CARD = Card(
    key="taobao",
    kind=ConnectorKind.SHOP,
    label="淘宝 / 天猫",
    short="淘宝",
    badge="淘",
    hue="#ff5000",
    capabilities=frozenset({Capability.ORDER_FILES, Capability.REFUND_FILES, Capability.SHIP_FILES}),
    credentials=(
        CredentialField("app_key", "App Key", secret=False),
        CredentialField("app_secret", "App Secret"),
        CredentialField("session", "授权令牌"),
    ),
    links=(
        DocLink("千牛工作台", "https://myseller.taobao.com/"),
        DocLink("开放平台文档", "https://open.taobao.com/"),
    ),
)
