"""The second file that joins recipients to orders by number: 抖店's decrypted one, and a PDD merchant's own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from daifa.kit.clock import BEIJING
from daifa.simulator.exports.file import Exported
from daifa.simulator.listings import Shop
from daifa.simulator.orders import Order
from daifa.simulator.sheets import csv_bytes, workbook

DOUYIN_HEADER = ("主订单编号", "收件人", "收件人手机号", "省", "市", "区", "街道", "详细地址")
PDD_HEADER = ("订单号", "收货人", "手机号", "收货地址")


def export_recipients(orders: Sequence[Order], shop: Shop, at: datetime) -> Exported:
    """Names, phones and addresses of those orders that a second file can join."""
    joined = [o for o in orders if o.joined]
    if shop.platform == "douyin":
        rows = [
            [
                f"\t{o.number}",
                o.person.name,
                o.person.phone,
                o.person.province,
                o.person.city,
                o.person.district,
                o.person.street,
                o.person.detail,
            ]
            for o in joined
        ]
        name, data = f"{shop.name}_解密收件人", csv_bytes([DOUYIN_HEADER, *rows], "utf-8-sig")
        name = f"{name}_{at.astimezone(BEIJING):%Y%m%d%H%M%S}.csv"
    else:
        # Copied out of the back office by hand: one text for the whole address, order numbers as texts.
        rows = [[o.number, o.person.name, o.person.phone, o.person.joined_address] for o in joined]
        name = f"{shop.name}_收件人_{at.astimezone(BEIJING):%Y%m%d%H%M%S}.xlsx"
        data = workbook([PDD_HEADER, *rows], sheet="收件人")
    return Exported(
        name=name,
        data=data,
        kind="recipients",
        platform=shop.platform,
        shop=shop.name,
        at=at,
        rows=len(rows),
        orders=len(rows),
        recipients={"plain": len(rows)},
    )


def pasted_block(orders: Sequence[Order]) -> str:
    """The same as text for pasting: number, name, phone, address on one line each."""
    return "\n".join(
        f"{o.number} {o.person.name} {o.person.phone} {o.person.joined_address}" for o in orders if o.joined
    )
