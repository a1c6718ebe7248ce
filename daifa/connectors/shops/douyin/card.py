"""How Douyin shop shows itself in our screens."""

from daifa.ports.card import Capability, Card, ConnectorKind, CredentialField, DocLink

CARD = Card(
    key="douyin",
    kind=ConnectorKind.SHOP,
    label="抖音小店",
    short="抖店",
    badge="抖",
    hue="#161823",
    capabilities=frozenset({Capability.ORDER_FILES, Capability.REFUND_FILES, Capability.SHIP_FILES}),
    credentials=(
        CredentialField("app_key", "App Key", secret=False),
        CredentialField("app_secret", "App Secret"),
        CredentialField("shop_id", "店铺 ID", secret=False, help="自用型应用填写，工具型应用授权后自动得到"),
    ),
    links=(
        DocLink("抖店后台", "https://fxg.jinritemai.com/"),
        DocLink("开放平台文档", "https://op.jinritemai.com/docs/guide-docs"),
    ),
)
