"""What a basket costs, and whether it may be bought at all: the preview's and the creation's common half."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from daifa.connectors.suppliers.alibaba1688.fake import people
from daifa.connectors.suppliers.alibaba1688.fake.call import Call, GatewayError, Refused
from daifa.connectors.suppliers.alibaba1688.fake.goods import Item, sku_id, spec_id
from daifa.connectors.suppliers.alibaba1688.fake.words import yuan
from daifa.kit.values import dataclass
from daifa.ports.books import Offer, Receiver

FLOWS = ("general", "fenxiao", "saleproxy", "boutiquefenxiao", "boutiquepifa", "paired", "repurchase")
WITH_RELATION = ("fenxiao", "saleproxy")
MOST_SKUS = 50


@dataclass(frozen=True, slots=True)
class Wanted:
    """One line of the basket."""

    item: Item
    offer: Offer
    quantity: int

    @property
    def named(self) -> dict[str, Any]:
        """How answers call it."""
        spec = "" if self.item.single else spec_id(self.item.seller, self.offer.sku)
        return {"offerId": self.item.offer_id, "specId": spec}


@dataclass(frozen=True, slots=True)
class Quote:
    """One seller's basket with its prices, fen."""

    seller: str
    flow: str
    lines: tuple[tuple[Wanted, int], ...]
    freight_fen: int
    discount_fen: int

    @property
    def goods_fen(self) -> int:
        """Goods after the shop's discount."""
        return sum(w.quantity * fen for w, fen in self.lines) - self.discount_fen


def basket(call: Call) -> list[Wanted]:
    """``cargoParamList`` understood. Raises Refused with the documented codes."""
    said = call.value("cargoParamList")
    if said is None:
        call.need("cargoParamList")
    listed = said if isinstance(said, list) else [said]
    if not listed or len(listed) > MOST_SKUS:
        raise Refused("500_002", "商品为空或超过 50 个规格")
    found = [_line(call, x) for x in listed]
    if len({w.item.seller for w in found}) > 1:
        raise Refused("500_002", "一个订单只能购买同一供应商的商品")
    return found


def _line(call: Call, said: Any) -> Wanted:
    if not isinstance(said, dict):
        raise GatewayError(400, "gw.ParamInvalid", "Invalid parameter: cargoParamList")
    item = call.goods.item(said.get("offerId") or said.get("openOfferId") or "")
    try:
        quantity = int(said.get("quantity") or 0)
    except (TypeError, ValueError):
        quantity = 0
    if item is None:
        raise Refused("500_001", "商品不存在或不支持在线交易")
    if quantity <= 0:
        raise Refused("500_005", "购买数量不正确")
    spec = str(said.get("specId") or "")
    if not spec and not item.single:
        raise Refused("500_002", "缺少规格 specId")
    sku = item.sku_of(spec)
    offer = call.world.books.offer(item.seller, sku) if sku else None
    if offer is None:
        raise Refused("500_003", "规格不属于该商品")
    return Wanted(item, offer, quantity)


def check(call: Call, wanted: Sequence[Wanted], flow: str) -> None:
    """Everything but stock. Raises Refused."""
    seller = wanted[0].item.seller
    if flow and flow not in FLOWS:
        raise Refused("500_2", f"flow 不支持：{flow}")
    for w in wanted:
        if not w.offer.on_sale:
            raise Refused("500_001", "商品已下架，不支持在线交易")
    for number in {w.item.offer_id for w in wanted}:
        together = [w for w in wanted if w.item.offer_id == number]
        count = sum(w.quantity for w in together)
        if count < min(w.offer.tiers[0][0] for w in together):
            raise Refused("500_005", "低于最小起订量")
        if flow == "boutiquepifa" and count < max(int(w.offer.extra.get("wholesale_moq", 2)) for w in together):
            raise Refused("500_009", "低于批发起订量")
    if flow in WITH_RELATION and not related(call, seller):
        raise Refused("500_007", "没有代销关系")
    if any(price(call, w, flow) <= 0 for w in wanted):
        raise Refused("500_008", "价格为 0，不能下单")


def check_place(call: Call, seller: str, who: Receiver) -> None:
    """Whether the seller sends there. The code of this refusal is not documented. Raises Refused."""
    if any(who.province.startswith(name) for name in call.world.sellers.profile(seller).not_served):
        raise Refused("500_2", "收货地址不在卖家的配送范围内")


def related(call: Call, seller: str) -> bool:
    """Whether buyer and seller have a distribution relation."""
    return seller not in call.switch("no_relation")


def lacking(call: Call, w: Wanted) -> bool:
    """Whether the platform itself sees too little stock."""
    return call.world.sellers.refusal(w.offer.sku, w.item.seller, w.quantity) != ""


def price(call: Call, w: Wanted, flow: str) -> int:
    """Fen a piece: tiers for ordinary wholesale, the one drop-ship price for distribution; empty = the better."""
    tier = next((fen for n, fen in reversed(w.offer.tiers) if w.quantity >= n), w.offer.tiers[0][1])
    if flow == "boutiquefenxiao":
        return w.offer.tiers[0][1] + call.world.sellers.profile(w.item.seller).freight_fen
    if flow in WITH_RELATION:
        return w.offer.tiers[0][1]
    return tier


def quote(call: Call, wanted: Sequence[Wanted], flow: str) -> Quote:
    """What the basket costs now."""
    seller = wanted[0].item.seller
    lines = tuple((w, price(call, w, flow)) for w in wanted)
    freight = 0 if flow == "boutiquefenxiao" else call.world.sellers.profile(seller).freight_fen
    whole = sum(w.quantity * fen for w, fen in lines)
    discounts: Mapping[str, int] = call.switch("shop_discount")
    return Quote(seller, flow or "general", lines, freight, min(int(discounts.get(seller, 0)), whole - 1))


def preview(call: Call, flow: str) -> dict[str, Any]:
    """``createOrder.preview``: sums in fen, the lines in yuan, the key misspelt as documented."""
    wanted = basket(call)
    who, _ = people.receiver(call)
    check(call, wanted, flow)
    check_place(call, wanted[0].item.seller, who)
    if any(lacking(call, w) for w in wanted):
        raise Refused("500_004", "库存不足")
    return {
        "success": True, "orderPreviewResuslt": [_group(call, quote(call, wanted, flow))],
        "postFeeByDescOfferList": [], "consignOfferList": [], "unsupportedCrossBorderPayOfferList": [],
    }  # fmt: skip


def _group(call: Call, q: Quote) -> dict[str, Any]:
    modes = [] if q.seller in call.switch("no_trade_mode") else ["fxassure", "alipay"]
    return {
        "tradeModeNameList": modes, "status": True, "flowFlag": q.flow, "taoSampleSinglePromotion": False,
        "sumPayment": q.goods_fen + q.freight_fen, "sumCarriage": q.freight_fen, "sumPaymentNoCarriage": q.goods_fen,
        "discountFee": q.discount_fen, "additionalFee": 0, "message": None, "resultCode": "200",
        "cargoList": [
            {**w.named, "skuId": sku_id(w.item.seller, w.offer.sku), "amount": yuan(fen * w.quantity),
             "finalUnitPrice": yuan(fen), "resultCode": "200", "message": None, "cargoPromotionList": []}
            for w, fen in q.lines
        ],
        "shopPromotionList": [],
        "payChannelInfos": [{"name": "alipay", "payAmount": q.goods_fen + q.freight_fen}, {"name": "shegou"}],
    }  # fmt: skip
