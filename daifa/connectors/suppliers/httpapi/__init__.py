"""The generic HTTP supplier: any supplier with a programmer, by our own small signed protocol."""

from daifa.connectors.suppliers.httpapi.card import CARD
from daifa.ports.card import Connector

CONNECTOR = Connector(card=CARD)
