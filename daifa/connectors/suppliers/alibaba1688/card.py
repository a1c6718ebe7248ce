"""How 1688 shows itself in our screens."""

from datetime import timedelta

from daifa.connectors.suppliers.alibaba1688.client import AUTH, GATEWAY
from daifa.ports.card import Address, ApiTerms, Capability, Card, ConnectorKind, CredentialField, DocLink, Limit

CARD = Card(
    key="alibaba1688",
    kind=ConnectorKind.SUPPLIER,
    label="1688",
    short="1688",
    badge="1688",
    hue="#ff7300",
    capabilities=frozenset(
        {
            Capability.ORDER_FILES,
            Capability.PLACE,
            Capability.FIND,
            Capability.PAY,
            Capability.CANCEL,
            Capability.ASK_REFUND,
            Capability.OFFERS,
            Capability.CIPHER_ORDERS,
            Capability.PUSH,
        }
    ),
    credentials=(
        CredentialField("app_key", "App Key", secret=False),
        CredentialField("app_secret", "App Secret"),
    ),
    links=(
        DocLink("我的阿里", "https://work.1688.com/"),
        DocLink("开放平台文档", "https://open.1688.com/"),
    ),
    api=ApiTerms(
        addresses=(Address("gateway", "网关", GATEWAY), Address("oauth", "授权页", AUTH)),
        # The figures are not documented; five a second for an app is a start (sheet §1.2, inferred).
        limits=(Limit(5, 5, scope="application", source="没有文档，起始值"),),
        timeout=15,
        refresh_ahead=timedelta(hours=1),
        visible_after=timedelta(minutes=10),
        push="HTTP 推送，地址在开放平台控制台填写",
    ),
)
