"""How 拼多多 shows itself in our screens."""

from daifa.ports.card import Capability, Card, ConnectorKind, CredentialField, DocLink

CARD = Card(
    key="pdd",
    kind=ConnectorKind.SHOP,
    label="拼多多",
    short="拼多多",
    badge="拼",
    hue="#e02e24",
    capabilities=frozenset({Capability.ORDER_FILES, Capability.REFUND_FILES, Capability.SHIP_FILES}),
    credentials=(
        CredentialField("client_id", "Client ID", secret=False),
        CredentialField("client_secret", "Client Secret"),
    ),
    links=(
        DocLink("商家后台", "https://mms.pinduoduo.com/"),
        DocLink("开放平台文档", "https://open.pinduoduo.com/"),
    ),
)
