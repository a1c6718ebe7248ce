"""1688 (buyer orders): its card, its files, its API."""

from daifa.connectors.suppliers.alibaba1688.card import CARD
from daifa.connectors.suppliers.alibaba1688.connector import Alibaba1688
from daifa.connectors.suppliers.alibaba1688.dialect import Dialect
from daifa.connectors.suppliers.alibaba1688.exports import PROFILES
from daifa.ports.card import Connector

CONNECTOR = Connector(card=CARD, profiles=PROFILES, supplier_api=Alibaba1688, supplier=Dialect())
