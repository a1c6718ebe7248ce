"""The first rows of a file as we understood them, in words a person can check; personal data is masked."""

from __future__ import annotations

from collections.abc import Sequence

from daifa.areas.purchasing.rules.freight_reading import read_freight
from daifa.areas.purchasing.rules.freight_words import freight_words
from daifa.kit.clock import short_time
from daifa.kit.masking import mask_name, mask_phone
from daifa.kit.money import format_yuan
from daifa.ports.sheet import (
    GoodsRow,
    LinkRow,
    Parsed,
    PriceRow,
    RecipientRow,
    Record,
    SupplierRow,
    TrackingRow,
)
from daifa.ports.shop import OrderState, RecipientState, RefundState, ShopOrder, ShopRefund, WaitReason

type Cells = dict[str, str]

LIMIT = 6
STATES = {
    OrderState.UNPAID: "待付款",
    OrderState.PAID: "待发货",
    OrderState.PART_SHIPPED: "部分发货",
    OrderState.SHIPPED: "已发货",
    OrderState.FINISHED: "已完成",
    OrderState.CANCELLED: "已关闭",
}
REFUNDS = {
    RefundState.NONE: "",
    RefundState.APPLIED: "申请退款",
    RefundState.WITHDRAWN: "已撤销退款",
    RefundState.PARTLY: "部分退款",
    RefundState.FULL: "全额退款",
}
RECIPIENTS = {
    RecipientState.ABSENT: "文件里没有",
    RecipientState.MASKED: "已脱敏",
    RecipientState.CIPHER: "平台加密",
    RecipientState.PLAIN: "完整",
}
WAITS = {
    WaitReason.UNDER_REVIEW: "审核中",
    WaitReason.GROUP_PENDING: "未成团",
    WaitReason.PRESALE: "预售",
    WaitReason.RESERVED: "预约发货",
    WaitReason.RISK: "风控",
}


def first_rows(parsed: Parsed) -> dict[str, object]:
    """``columns`` in reading order and ``rows`` of cells; columns that are empty in all of these rows are left out."""
    rows = [_order(o) for o in parsed.orders[:LIMIT]]
    rows += [_refund(r) for r in parsed.refunds[: LIMIT - len(rows)]]
    rows += [_record(r) for r in parsed.records[: LIMIT - len(rows)]]
    names = dict.fromkeys(name for row in rows for name in row)
    columns = [n for n in names if any(row.get(n) for row in rows)]
    return {"columns": columns, "rows": [[row.get(c, "") for c in columns] for row in rows]}


def _yuan(fen: int | None) -> str:
    return "" if fen is None else format_yuan(fen)


def _order(o: ShopOrder) -> Cells:
    waits = "、".join(WAITS[w] for w in o.waits)
    place = " ".join(p for p in (o.recipient.province, o.recipient.city, o.recipient.district) if p)
    return {
        "订单号": o.external_id,
        "状态": "，".join(t for t in (STATES[o.state], REFUNDS[o.refund or RefundState.NONE], waits) if t),
        "商品": "；".join(f"{line.title} {line.spec} ×{line.quantity}" for line in o.lines) or "在另一份文件里",
        "实付": _yuan(o.paid_fen),
        "商家实收": _yuan(o.receivable_fen),
        "收件人": RECIPIENTS[o.recipient.state],
        "地区": place,
        "最晚发货": short_time(o.ship_by) if o.ship_by else "",
    }


def _refund(r: ShopRefund) -> Cells:
    return {
        "售后单号": r.external_id,
        "订单号": r.order_external_id,
        "子订单号": r.line_external_id,
        "状态": REFUNDS[r.state],
        "金额": _yuan(r.amount_fen),
    }


def _record(r: Record) -> Cells:
    match r:
        case GoodsRow():
            weight = "" if r.weight_g is None else f"{r.weight_g} 克"
            return {
                "SKU编码": r.sku_code, "商品": r.title, "规格": r.spec, "成本": _yuan(r.cost_fen),
                "条码": r.barcode, "重量": weight,
                "供应商": r.supplier if r.tiers else "", "阶梯价": _tiers(r.tiers),
            }  # fmt: skip
        case SupplierRow():
            return {
                "供应商": r.name, "联系人": mask_name(r.contact), "电话": mask_phone(r.phone), "备注": r.note,
            }  # fmt: skip
        case PriceRow():
            return _price(r)
        case LinkRow():
            return {
                "SKU编码": r.sku_code, "供应商": r.supplier, "供应商货号": r.supplier_code, "店铺": r.shop_name,
                "店铺里的": r.sku_no or " ".join(t for t in (r.item_no, r.spec, r.title) if t),
                "件数": str(r.quantity),
                "供货价": "" if r.price_fen is None else _tiers(((r.min_qty, r.price_fen), *r.tiers)),
            }  # fmt: skip
        case RecipientRow():
            return {
                "订单号": r.order_no, "收件人": mask_name(r.recipient.name), "电话": mask_phone(r.recipient.phone),
                "省市区": " ".join(p for p in (r.recipient.province, r.recipient.city, r.recipient.district) if p),
                "完整程度": RECIPIENTS[r.recipient.state],
            }  # fmt: skip
        case TrackingRow():
            return {
                "快递单号": r.tracking_no, "快递": r.courier, "我方单号": r.our_number, "订单号": r.order_no,
                "收件人": mask_name(r.name), "商品": " ".join(t for t in (r.title, r.spec) if t),
            }  # fmt: skip


def _price(r: PriceRow) -> Cells:
    freight = "" if r.freight_fen is None else ("包邮" if r.freight_fen == 0 else f"每单 {format_yuan(r.freight_fen)}")
    return {
        "供应商": r.supplier,
        "SKU编码": r.sku_code,
        "供应商货号": r.supplier_code,
        "商品": " ".join(t for t in (r.title, r.spec) if t),
        "价格": _tiers(((r.min_qty, r.price_fen), *r.tiers)),
        "运费": freight or _freight_words(r.freight_text),
        "发货": "" if r.lead_hours is None else f"{r.lead_hours} 小时内",
        "不发地区": "、".join(r.regions_not_served),
        "生效": "今天" if r.valid_from is None else r.valid_from.isoformat(),
    }


def _tiers(tiers: Sequence[tuple[int, int]]) -> str:
    return "，".join(f"{n} 件起 {format_yuan(fen)}" for n, fen in tiers)


def _freight_words(text: str) -> str:
    if not text:
        return ""
    read = read_freight(text)
    return f"看不懂：{text}" if isinstance(read, str) else freight_words(read)


def names_supplier(records: Sequence[Record]) -> bool:
    """Whether every price row says whose price it is."""
    return all(r.supplier for r in records if isinstance(r, PriceRow))
