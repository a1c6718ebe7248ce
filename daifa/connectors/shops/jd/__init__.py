"""京东 (JD POP): its card and its files."""

from daifa.connectors.shops.jd.card import CARD
from daifa.connectors.shops.jd.exports import PROFILES
from daifa.connectors.shops.jd.terms import FEES, RULES
from daifa.ports.card import Connector

CONNECTOR = Connector(card=CARD, profiles=PROFILES, rules=RULES, fees=FEES)
