"""How 1688 shows itself in our screens."""

from daifa.ports.card import Capability, Card, ConnectorKind, CredentialField, DocLink

CARD = Card(
    key="alibaba1688",
    kind=ConnectorKind.SUPPLIER,
    label="1688",
    short="1688",
    badge="1688",
    hue="#ff7300",
    capabilities=frozenset({Capability.ORDER_FILES}),
    credentials=(
        CredentialField("app_key", "App Key", secret=False),
        CredentialField("app_secret", "App Secret"),
    ),
    links=(
        DocLink("我的阿里", "https://work.1688.com/"),
        DocLink("开放平台文档", "https://open.1688.com/"),
    ),
)
