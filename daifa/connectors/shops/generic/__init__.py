"""A sheet of no platform: only common status words; its columns are found by name."""

from daifa.connectors.shops.generic.card import CARD
from daifa.connectors.shops.generic.exports import PROFILES
from daifa.connectors.shops.generic.terms import FEES
from daifa.ports.card import Connector

CONNECTOR = Connector(card=CARD, profiles=PROFILES, fees=FEES)
