"""What there is, and what a basket would cost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qsl

from daifa.connectors.suppliers.httpapi.fake.words import MOST_LINES, Ask, No
from daifa.ports.books import Offer


def stock(ask: Ask) -> tuple[int, Any]:
    """Quantity and price tiers of up to 100 codes; an unknown code is simply not in the answer."""
    wanted = [v for k, v in parse_qsl(ask.request.query) if k == "sku"]
    if not 0 < len(wanted) <= MOST_LINES:
        raise No(400, "malformed", f"sku 参数应有 1 到 {MOST_LINES} 个")
    found = [o for o in ask.world.books.offers(ask.seller) if o.their_code in wanted]
    return 200, {
        "items": [
            {"sku": o.their_code, "title": o.title, "spec": o.spec, "quantity": o.says if o.on_sale else 0,
             "on_sale": o.on_sale, "tiers": [{"from": n, "unit_fen": fen} for n, fen in o.tiers],
             "updated_at": o.updated_at.isoformat()}
            for o in found
        ]
    }  # fmt: skip


def unit_fen(offer: Offer, quantity: int) -> int:
    """The tier that this many pieces reach."""
    return next((fen for n, fen in reversed(offer.tiers) if quantity >= n), offer.tiers[0][1])


def priced(ask: Ask, lines: Sequence[tuple[Offer, int]], province: str) -> dict[str, Any]:
    """The basket with its prices, or why it cannot be had. Raises No."""
    seller = ask.world.sellers.profile(ask.seller)
    if any(province.startswith(away) for away in seller.not_served):
        raise No(422, "not_served", f"不发往{province}")
    for offer, count in lines:
        why = ask.world.sellers.refusal(offer.sku, ask.seller, count)
        if why == "off_sale":
            raise No(422, "off_sale", f"商品已停售：{offer.their_code}", sku=offer.their_code)
        if why:
            raise No(422, "out_of_stock", f"库存不足：{offer.their_code}", sku=offer.their_code, quantity=offer.says)
    listed = [
        {"sku": o.their_code, "quantity": n, "unit_fen": unit_fen(o, n), "amount_fen": unit_fen(o, n) * n}
        for o, n in lines
    ]
    goods = sum(unit_fen(o, n) * n for o, n in lines)
    freight = seller.freight_fen
    return {"lines": listed, "goods_fen": goods, "freight_fen": freight, "total_fen": goods + freight}


def quote(ask: Ask) -> tuple[int, Any]:
    """What the basket costs now; it promises nothing for later (``most_fen`` of the order does)."""
    said = ask.body()
    province = said.get("province")
    if not isinstance(province, str) or not province:
        raise No(400, "malformed", "缺少 province")
    return 200, priced(ask, ask.lines(said.get("lines")), province)
