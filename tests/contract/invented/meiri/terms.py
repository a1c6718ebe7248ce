"""What Meiri demands and charges."""

from decimal import Decimal

from daifa.ports.terms import Band, RuleKind, ShopFee, ShopRule

RULES = (ShopRule(RuleKind.LATE_SHIP, 36, (Band(fixed_fen=300),), "虚构平台自定"),)
FEES = (ShopFee(Decimal(3), "虚构平台自定"),)
