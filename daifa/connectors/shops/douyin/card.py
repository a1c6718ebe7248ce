"""How Douyin shop shows itself in our screens, and the terms of its open platform.

Limits, windows and time-outs are start values (inferred): the platform shows quotas in its console and publishes none.
"""

from datetime import timedelta

from daifa.connectors.shops.douyin.api_words import LONGEST_MEMO, STARS
from daifa.ports.card import (
    Address,
    ApiTerms,
    Capability,
    Card,
    ConnectorKind,
    CredentialField,
    DocLink,
    Limit,
    MemoTerms,
)
from daifa.ports.shop_api import Feed, FeedTerms

_START = "起始值：平台的配额只在控制台里显示"
_API = ApiTerms(
    addresses=(
        Address("gateway", "接口网关", "https://openapi-fxg.jinritemai.com"),
        Address("oauth", "授权页", "https://fuwu.jinritemai.com/authorize"),
    ),
    limits=(
        Limit(60, 120, scope="application", source=_START),
        Limit(10, 10, "order.batchDecrypt", source=_START),
        Limit(1, 2, "token.*", source=_START),
    ),
    feeds={
        Feed.ORDERS: FeedTerms(window=timedelta(days=1), source="最长时间跨度没有公开，取一天"),
        Feed.REFUNDS: FeedTerms(window=timedelta(days=1), source="最长时间跨度没有公开，取一天"),
    },
    timeout=15,
    refresh_ahead=timedelta(minutes=50),
    # Refreshing works until day 14 and gives a whole new pair.
    prolongs=True,
    visible_after=timedelta(seconds=60),
    needs_cloud=("打开收件人密文",),
    push="在开放平台控制台订阅消息，地址填本系统的消息接收地址；没有公网地址也可以不填，系统会定时拉取",
)

CARD = Card(
    key="douyin",
    kind=ConnectorKind.SHOP,
    label="抖音小店",
    short="抖店",
    badge="抖",
    hue="#161823",
    capabilities=frozenset(
        {
            Capability.ORDER_FILES,
            Capability.REFUND_FILES,
            Capability.SHIP_FILES,
            Capability.ORDERS,
            Capability.REFUNDS,
            Capability.SHIP,
            Capability.SHIP_TOGETHER,
            Capability.SHIP_EXTRA,
            Capability.PUSH,
            Capability.GOODS,
            Capability.OPEN_CIPHERS,
            Capability.MEMO,
            Capability.ANSWER_REFUND,
            Capability.ANSWER_ADDRESS,
            Capability.HAND_OVER,
        }
    ),
    credentials=(
        CredentialField("app_key", "App Key", secret=False),
        CredentialField("app_secret", "App Secret"),
        CredentialField("service_id", "服务 ID", secret=False, help="工具型应用填写：服务市场里的服务 ID"),
        CredentialField(
            "address_refuse_words",
            "拒绝改地址的原因",
            secret=False,
            help="平台没有公开 1001–1005 的含义；弄清后可以填“1001=…；1002=…”，不填就显示编号",
        ),
        CredentialField("shop_id", "店铺 ID", secret=False, help="自用型应用填写，工具型应用授权后自动得到"),
    ),
    links=(
        DocLink("抖店后台", "https://fxg.jinritemai.com/"),
        DocLink("开放平台文档", "https://op.jinritemai.com/docs/guide-docs"),
    ),
    api=_API,
    memo=MemoTerms(LONGEST_MEMO, tuple(STARS)),
)
