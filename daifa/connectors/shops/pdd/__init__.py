"""拼多多 (Pinduoduo): its card and its files."""

from daifa.connectors.shops.pdd.card import CARD
from daifa.connectors.shops.pdd.exports import PROFILES
from daifa.connectors.shops.pdd.terms import FEES, RULES
from daifa.ports.card import Connector

CONNECTOR = Connector(card=CARD, profiles=PROFILES, rules=RULES, fees=FEES)
