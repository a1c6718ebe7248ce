"""抖音小店 (Douyin shop): its card, its files, its open platform."""

from daifa.connectors.shops.douyin.card import CARD
from daifa.connectors.shops.douyin.connector import DouyinDialect, DouyinShop
from daifa.connectors.shops.douyin.exports import PROFILES
from daifa.connectors.shops.douyin.factories import DouyinFactories, FactoryTerms
from daifa.connectors.shops.douyin.terms import FEES, RULES
from daifa.ports.card import Connector

CONNECTOR = Connector(
    card=CARD,
    profiles=PROFILES,
    shop_api=DouyinShop,
    shop=DouyinDialect(),
    factory_api=DouyinFactories,
    factory=FactoryTerms(),
    rules=RULES,
    fees=FEES,
)
