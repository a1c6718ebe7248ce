"""Orders of no platform: nobody demands anything and nobody charges."""

from decimal import Decimal

from daifa.ports.terms import ShopFee

FEES = (ShopFee(Decimal(0), "不是平台订单，没有平台服务费"),)
