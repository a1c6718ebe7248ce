"""快手小店 (Kuaishou): its card and its files."""

from daifa.connectors.shops.kuaishou.card import CARD
from daifa.connectors.shops.kuaishou.exports import PROFILES
from daifa.connectors.shops.kuaishou.terms import FEES, RULES
from daifa.ports.card import Connector

CONNECTOR = Connector(card=CARD, profiles=PROFILES, rules=RULES, fees=FEES)
