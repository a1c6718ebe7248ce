"""抖音小店 (Douyin shop): its card and its files."""

from daifa.connectors.shops.douyin.card import CARD
from daifa.connectors.shops.douyin.exports import PROFILES
from daifa.ports.card import Connector

CONNECTOR = Connector(card=CARD, profiles=PROFILES)
