"""1688's words and numbers in ours. Units are mixed there: each field's is the one of the sheet's tables (§5, §7)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from daifa.kit.clock import BEIJING
from daifa.kit.money import round_fen
from daifa.ports.errors import BadReply
from daifa.ports.shop import Recipient, RecipientState
from daifa.ports.supplier_api import (
    LeftOut,
    OfferOption,
    PlacedOrders,
    PurchaseState,
    Quote,
    RefundStage,
    SupplierOffer,
    SupplierOrder,
    SupplierParcel,
)

PICTURES = "https://cbu01.alicdn.com/"
STATES: Mapping[str, PurchaseState] = {
    "waitbuyerpay": PurchaseState.UNPAID,
    "waitsellersend": PurchaseState.PAID,
    "waitlogisticstakein": PurchaseState.SHIPPED,
    "waitbuyerreceive": PurchaseState.SHIPPED,
    "waitbuyersign": PurchaseState.SHIPPED,
    "signinsuccess": PurchaseState.SHIPPED,
    "confirm_goods": PurchaseState.DONE,
    "success": PurchaseState.DONE,
    "cancel": PurchaseState.CLOSED,
    "terminated": PurchaseState.CLOSED,
}
# A refund that was withdrawn or ran out is none; one that waits for the buyer's change was refused by the seller.
REFUNDS: Mapping[str, RefundStage] = {
    "waitselleragree": RefundStage.ASKED,
    "waitbuyermodify": RefundStage.REFUSED,
    "waitbuyersend": RefundStage.GOODS_BACK,
    "waitsellerreceive": RefundStage.GOODS_BACK,
    "refundsuccess": RefundStage.DONE,
}


def moment(text: object) -> datetime | None:
    """``yyyyMMddHHmmssSSSZ`` as UTC; None when it is not there. Raises BadReply."""
    said = str(text or "").strip()
    if not said:
        return None
    try:
        if "-" in said[:5]:
            # Logistics texts: Beijing, without a zone.
            return datetime.strptime(said[:19], "%Y-%m-%d %H:%M:%S").replace(tzinfo=BEIJING).astimezone(UTC)
        whole = datetime.strptime(said[:14] + said[17:], "%Y%m%d%H%M%S%z")
        return whole.astimezone(UTC) + timedelta(milliseconds=int(said[14:17]))
    except ValueError as error:
        raise BadReply(f"1688 的时间“{said}”读不懂") from error


def stamp(at: datetime) -> str:
    """A moment as 1688 writes it."""
    return at.astimezone(UTC).strftime("%Y%m%d%H%M%S") + f"{at.microsecond // 1000:03d}+0000"


def fen_of_yuan(value: object) -> int | None:
    """Yuan (number or text) as fen; None when it is not there. Raises BadReply."""
    if value is None or value == "":
        return None
    try:
        return round_fen(Decimal(str(value)))
    except InvalidOperation as error:
        raise BadReply(f"1688 的金额“{value}”读不懂") from error


def fen(value: object) -> int | None:
    """Fen as they are given."""
    if value is None or value == "":
        return None
    try:
        return int(Decimal(str(value)))
    except InvalidOperation as error:
        raise BadReply(f"1688 的金额“{value}”读不懂") from error


def whole(values: Sequence[int | None]) -> int | None:
    """The sum; None where one of them is not said."""
    return None if None in values else sum(v or 0 for v in values)


def may_have_parcels(raw: Mapping[str, Any]) -> bool:
    """Whether something was sent already, by the state, by a line (2 shipped, 3 received, 4 back, 5 partly)."""
    if (raw.get("nativeLogistics") or {}).get("logisticsItems"):
        return True
    state = STATES.get(str((raw.get("baseInfo") or {}).get("status") or ""))
    sent = any(str(x.get("logisticsStatus")) in {"2", "3", "4", "5"} for x in raw.get("productItems") or ())
    return state in {PurchaseState.SHIPPED, PurchaseState.DONE} or sent


def _items(raw: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, str, int]]]:
    for x in raw.get("productItems") or ():
        entry = str(x.get("subItemIDString") or x.get("subItemID") or "")
        yield (
            entry,
            (str(x.get("productID") or ""), str(x.get("specId") or ""), int(Decimal(str(x.get("quantity") or 0)))),
        )


def _name(item: Mapping[str, Any]) -> str:
    values = [str(x.get("value") or "") for x in item.get("skuInfos") or ()]
    return " ".join(v for v in (str(item.get("name") or ""), *values) if v)


def _recipient(info: Mapping[str, Any]) -> Recipient | None:
    """``receiverInfo`` of the detail: region and street in one text; masked where the order was made of ciphertext."""
    name, phone = str(info.get("toFullName") or ""), str(info.get("toMobile") or info.get("toPhone") or "")
    if not name and not phone:
        return None
    state = RecipientState.MASKED if "*" in name + phone else RecipientState.PLAIN
    return Recipient(state, name, phone, address=str(info.get("toArea") or ""), street=str(info.get("toTown") or ""))


def order(raw: Mapping[str, Any], logistics: Sequence[Mapping[str, Any]] = ()) -> SupplierOrder:
    """An order of the list or of the detail; ``logistics``: its parcels, where asked for. Raises BadReply."""
    base = raw.get("baseInfo") or {}
    status = str(base.get("status") or "")
    number = str(base.get("idOfStr") or base.get("id") or "")
    if status not in STATES or not number:
        raise BadReply(f"1688 订单 {number} 的状态“{status}”不认识", code=status)
    lines = dict(_items(raw))
    closed = STATES[status] is PurchaseState.CLOSED
    created, timeout = moment(base.get("createTime")), base.get("payTimeout")
    return SupplierOrder(
        external_id=number,
        reference=str(base.get("outOrderId") or ""),
        state=STATES[status],
        platform_state=status,
        total_fen=fen_of_yuan(base.get("totalAmount")),
        freight_fen=fen_of_yuan(base.get("shippingFee")),
        refunded_fen=fen_of_yuan(base.get("refund")),
        lines=tuple(lines.values()),
        names=tuple(_name(x) for x in raw.get("productItems") or ()),
        seller=str(base.get("sellerID") or ""),
        recipient=_recipient(base.get("receiverInfo") or {}),
        parcels=tuple(_parcels(logistics, lines, _sent_at(raw))),
        refund=REFUNDS.get(str(base.get("refundStatus") or ""), RefundStage.NONE),
        close_reason=str(base.get("closeReason") or "") if closed else "",
        created_at=created,
        paid_at=moment(base.get("payTime")),
        modified_at=moment(base.get("modifyTime")) or created,
        pay_by=created + timedelta(seconds=int(timeout)) if created and timeout else None,
    )


def _sent_at(raw: Mapping[str, Any]) -> dict[str, object]:
    """When each number was sent, which only the detail says."""
    found = (raw.get("nativeLogistics") or {}).get("logisticsItems") or ()
    return {str(x.get("logisticsBillNo") or ""): x.get("deliveredTime") for x in found}


def _parcels(
    logistics: Sequence[Mapping[str, Any]], lines: Mapping[str, tuple[str, str, int]], sent_at: Mapping[str, object]
) -> Iterator[SupplierParcel]:
    for x in logistics:
        number = str(x.get("logisticsBillNo") or "").strip()
        if not number or str(x.get("status") or "") == "CANCEL":
            # Called off; or shipped, and the platform's logistics do not know the number yet.
            continue
        named = [e for e in str(x.get("orderEntryIds") or x.get("subItemIds") or "").split(",") if e.strip()]
        inside = tuple(lines[e.strip()] for e in named if e.strip() in lines)
        yield SupplierParcel(
            courier=str(x.get("logisticsCompanyName") or ""),
            courier_code=str(x.get("logisticsCompanyNo") or ""),
            tracking_number=number,
            # With every entry named in every parcel nothing is said about which piece is where.
            lines=inside if len(logistics) > 1 and set(named) != set(lines) else (),
            shipped_at=moment(x.get("deliveredTime") or sent_at.get(number)),
        )


def placed(result: Mapping[str, Any]) -> PlacedOrders:
    """What a creation answered: one order, or several when it was cut; and what was left out. Amounts are fen."""
    left = tuple(
        LeftOut(
            str(x.get("offerId") or ""), str(x.get("specId") or ""), str(x.get("errorCode") or ""),
            str(x.get("errorMessage") or "没有说原因"),
        )
        for x in result.get("failedOfferList") or ()
    )  # fmt: skip
    several = result.get("orderList") or ()
    if several:
        ids = tuple(str(x["orderId"]) for x in several)
        total = sum(fen(x.get("orderAmmount")) or 0 for x in several)
        return PlacedOrders(ids, total, sum(fen(x.get("postFee")) or 0 for x in several), left)
    number = str(result.get("orderId") or "")
    if not number:
        raise BadReply("1688 说下单成功，但没有给订单号", code="orderId")
    return PlacedOrders((number,), fen(result.get("totalSuccessAmount")), fen(result.get("postFee")), left)


def quote(groups: Sequence[Mapping[str, Any]]) -> Quote:
    """A preview's groups as one quote; the sums are fen."""
    goods = freight = 0
    problems = []
    for group in groups:
        said = (fen(group.get("sumPaymentNoCarriage")), fen(group.get("sumCarriage")))
        if None in said:
            raise BadReply("1688 的预览没有给金额", code="sumPayment")
        goods, freight = goods + (said[0] or 0), freight + (said[1] or 0)
        if "tradeModeNameList" in group and not group["tradeModeNameList"]:
            problems.append("这个商品不能用接口下单")
    if not groups:
        problems.append("1688 没有给出价格")
    return Quote(goods, freight, tuple(problems))


def _price(value: object) -> Decimal | None:
    return None if value in (None, "") else Decimal(str(value))


def offer(raw: Mapping[str, Any]) -> SupplierOffer:
    """An offer page with its specs; all prices are yuan. A page with one spec has one option without specId."""
    sale = raw.get("saleInfo") or raw.get("productSaleInfo") or {}
    images = (raw.get("image") or {}).get("images") or ()
    tiers = tuple(
        (int(Decimal(str(x["startQuantity"]))), Decimal(str(x["price"]))) for x in sale.get("priceRanges") or ()
    )
    options = tuple(_option(x) for x in raw.get("skuInfos") or ())
    if not options:
        stock = sale.get("amountOnSale")
        first = tiers[0][1] if tiers else _price(sale.get("consignPrice"))
        options = (OfferOption("", "", (), first, None if stock is None else int(Decimal(str(stock)))),)
    sellers = tuple(str(raw[k]) for k in ("supplierLoginId", "sellerMemberId") if raw.get(k))
    by_option = any(o.price is not None for o in options) and len({o.price for o in options}) > 1
    return SupplierOffer(
        offer_id=str(raw.get("productID") or raw.get("offerId") or ""),
        title=str(raw.get("subject") or ""),
        on_sale=str(raw.get("status") or "published") in {"published", "approved"},
        options=options,
        tiers=() if by_option else tiers,
        minimum=max(int(Decimal(str(sale.get("minOrderQuantity") or 1))), 1),
        image_url=_picture(images[0]) if images else "",
        seller=next(iter(sellers), ""),
        seller_ids=sellers,
    )


def _option(x: Mapping[str, Any]) -> OfferOption:
    stock = x.get("amountOnSale")
    words = tuple(
        (str(a.get("attributeName") or a.get("attributeDisplayName") or ""), str(a.get("attributeValue") or ""))
        for a in x.get("attributes") or ()
    )
    picture = next((str(a["skuImageUrl"]) for a in x.get("attributes") or () if a.get("skuImageUrl")), "")
    return OfferOption(
        spec_id=str(x.get("specId") or ""),
        sku_id=str(x.get("skuId") or ""),
        attributes=words,
        price=_price(x.get("consignPrice") or x.get("price")),
        stock=None if stock is None else int(Decimal(str(stock))),
        code=str(x.get("cargoNumber") or ""),
        image_url=_picture(picture) if picture else "",
    )


def _picture(path: str) -> str:
    return path if path.startswith(("http://", "https://")) else PICTURES + path.lstrip("/")
