"""How 快手 shows itself in our screens."""

from daifa.ports.card import Capability, Card, ConnectorKind, CredentialField, DocLink

CARD = Card(
    key="kuaishou",
    kind=ConnectorKind.SHOP,
    label="快手小店",
    short="快手",
    badge="快",
    hue="#ff4906",
    capabilities=frozenset({Capability.ORDER_FILES, Capability.REFUND_FILES, Capability.SHIP_FILES}),
    credentials=(
        CredentialField("app_key", "App Key", secret=False),
        CredentialField("app_secret", "App Secret"),
        CredentialField("sign_secret", "签名密钥"),
    ),
    links=(
        DocLink("快手小店后台", "https://s.kwaixiaodian.com/"),
        DocLink("开放平台文档", "https://open.kwaixiaodian.com/"),
    ),
)
