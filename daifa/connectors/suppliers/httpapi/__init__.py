"""The generic HTTP supplier: any supplier with a programmer, by our own small signed protocol."""

from daifa.connectors.suppliers.httpapi.card import CARD
from daifa.connectors.suppliers.httpapi.connector import HttpDialect, HttpSupplier
from daifa.ports.card import Connector

CONNECTOR = Connector(card=CARD, supplier_api=HttpSupplier, supplier=HttpDialect())
