"""每日优选 (Meiri, invented): its card and its open platform."""

from daifa.ports.card import Connector

from .card import CARD
from .connector import MeiriDialect, MeiriShop
from .terms import FEES, RULES

CONNECTOR = Connector(card=CARD, shop_api=MeiriShop, shop=MeiriDialect(), rules=RULES, fees=FEES)
