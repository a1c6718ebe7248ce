"""淘宝 / 天猫 (Taobao, Tmall): its card and its files."""

from daifa.connectors.shops.taobao.card import CARD
from daifa.connectors.shops.taobao.exports import PROFILES
from daifa.connectors.shops.taobao.terms import FEES, RULES
from daifa.ports.card import Connector

CONNECTOR = Connector(card=CARD, profiles=PROFILES, rules=RULES, fees=FEES)
