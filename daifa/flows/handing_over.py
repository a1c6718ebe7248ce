"""Handing a purchase to a factory on the shop's platform: which lines, and whether they may be. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from daifa.areas.mailroom.types import OutboxItem
from daifa.flows.factory_supplier import Handed
from daifa.ports.supplier_api import LeftOut, SupplierOrder, WantedLine
from daifa.reads.buy_facts import BuyPurchase


def why_not(p: BuyPurchase) -> str:
    """Why it cannot be handed over by API; "" when it can. Platforms hand over whole lines of the shop's order."""
    if any(not x.shop_line for x in p.lines):
        return "里面有不是平台订单行的商品（赠品、补发等），平台上没有可以交给厂家的单"
    bought: dict[str, int] = defaultdict(int)
    for x in p.lines:
        bought[x.shop_line] += x.qty
    if any(bought[x.shop_line] < x.shop_pieces for x in p.lines):
        return "订单里一行商品只有一部分派给了这家，平台只能整行交给厂家"
    return ""


def handed(item: OutboxItem, p: BuyPurchase) -> Handed | None:
    """What goes to the factory, with the platform's numbers where they are known; None for any other supplier."""
    if not p.factory:
        return None
    pieces: dict[tuple[str, str], int] = defaultdict(int)
    for x in p.lines:
        pieces[x.shop_line, x.shop_sku] += x.qty
    numbers = item.result.get("numbers")
    planned = item.data.get("planned_fen")
    return Handed(
        reference=item.reference,
        order_id=next((o.number for o in p.orders if o.id == p.order_id), ""),
        factory_id=p.factory,
        lines=tuple(WantedLine(line, sku, n) for (line, sku), n in sorted(pieces.items())),
        expected_fen=planned if isinstance(planned, int) else 0,
        numbers=tuple(map(str, numbers)) if isinstance(numbers, list) else (),
    )


def left_out(wanted: Handed | None, standing: Sequence[SupplierOrder]) -> tuple[LeftOut, ...]:
    """The lines of a hand-over that are not with the factory, though others of it are."""
    if wanted is None:
        return ()
    there = {o.external_id for o in standing}
    return tuple(
        LeftOut(line.offer_id, line.spec_id, "", "平台上没有分配给厂家")
        for line, number in zip(wanted.lines, wanted.numbers, strict=False)
        if number not in there
    )
