"""1688 (buyer orders): its card and its files."""

from daifa.connectors.suppliers.alibaba1688.card import CARD
from daifa.connectors.suppliers.alibaba1688.exports import PROFILES
from daifa.ports.card import Connector

CONNECTOR = Connector(card=CARD, profiles=PROFILES)
