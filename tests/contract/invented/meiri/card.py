"""How Meiri shows itself in our screens, and the terms of its open platform."""

from datetime import timedelta

from daifa.ports.card import Address, ApiTerms, Capability, Card, ConnectorKind, CredentialField, DocLink, Limit
from daifa.ports.shop_api import Feed, FeedTerms

_WINDOW = FeedTerms(window=timedelta(days=7), source="虚构平台自定：一次最多读七天")

CARD = Card(
    key="meiri",
    kind=ConnectorKind.SHOP,
    label="每日优选",
    short="每日",
    badge="每",
    hue="#2f9e44",
    capabilities=frozenset({Capability.ORDERS, Capability.REFUNDS, Capability.SHIP, Capability.ANSWER_REFUND}),
    credentials=(CredentialField("app_key", "应用编号", secret=False), CredentialField("app_secret", "应用密钥")),
    links=(DocLink("开放平台文档", "https://open.meiri.example/docs"),),
    api=ApiTerms(
        addresses=(
            Address("gateway", "接口地址", "https://api.meiri.example"),
            Address("oauth", "授权页", "https://open.meiri.example/consent"),
        ),
        limits=(Limit(20, 20, source="虚构平台自定"),),
        feeds={Feed.ORDERS: _WINDOW, Feed.REFUNDS: _WINDOW},
        refresh_ahead=timedelta(hours=2),
        visible_after=timedelta(seconds=5),
    ),
)
