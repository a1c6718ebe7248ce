"""What changed in an order, as one sentence for its history. Never personal data: only that it changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from daifa.areas.orders.rules.ranking import opened
from daifa.areas.orders.rules.readings import PLATFORM_RECIPIENT, RECIPIENT, line_keys
from daifa.areas.orders.types import ORDER
from daifa.kit.clock import BEIJING
from daifa.kit.money import format_yuan

STATE_WORDS = ORDER.labels
REFUND_WORDS = {
    "none": "无售后",
    "applied": "退款申请中",
    "withdrawn": "退款已撤销",
    "partly": "部分退款",
    "full": "全额退款",
}
_LABELS = {
    "ordered_at": "下单时间",
    "paid_at": "付款时间",
    "ship_by": "承诺发货时间",
    "ship_not_before": "最早发货时间",
    "shipped_at": "发货时间",
    "finished_at": "完成时间",
    "amount_fen": "商品金额",
    "freight_fen": "运费",
    "paid_fen": "实付",
    "receivable_fen": "商家实收",
    "refunded_fen": "已退款",
    "commission_fen": "推广佣金",
    "platform_fee_fen": "平台扣费",
    "insurance_fen": "运费险",
    "promoted": "达人/团长带货",
    "flag": "旗帜",
    "courier_demand": "快递要求",
    "consolidation": "集运",
    "parcels": "平台快递单号",
}
_PERSONAL = {
    "p:recipient": "收件人",
    "p:cipher": "收件人密文",
    "p:buyer_nick": "买家昵称",
    "p:buyer_note": "买家留言",
    "p:seller_memo": "卖家备注",
    "p:own_memo": "我们写的卖家备注",
}


def sentence(before: Mapping[str, object], after: Mapping[str, object], changed: Sequence[str]) -> str:
    """One sentence for the changed keys, the most telling first."""
    said = [
        _beside(before, after) if k == PLATFORM_RECIPIENT else _one(k, before.get(k), after.get(k))
        for k in changed
        if not k.startswith("l:")
    ]
    lines = sorted(line_keys(changed))
    known = line_keys(before)
    fresh = [k for k in lines if k not in known]
    if fresh:
        said.append(f"新增 {len(fresh)} 行商品")
    if len(lines) > len(fresh):
        said.append(f"{len(lines) - len(fresh)} 行商品信息更新")
    return "；".join(s for s in said if s) or "平台信息更新"


def _beside(before: Mapping[str, object], after: Mapping[str, object]) -> str:
    # The platform's own recipient, kept beside the one that stands: why that one stands.
    if PLATFORM_RECIPIENT not in after:
        return ""
    stands = "平台解密的" if opened(after.get(RECIPIENT)) else "人工改的"
    if PLATFORM_RECIPIENT not in before and before.get(RECIPIENT) == after[PLATFORM_RECIPIENT]:
        return f"原来的收件人留底，发货用{stands}"
    return f"平台上的收件人{'更新' if before.get(PLATFORM_RECIPIENT) else '补充'}（没有采用，发货仍用{stands}）"


def _one(key: str, before: object, after: object) -> str:
    if key == "state":
        return f"平台状态 {STATE_WORDS.get(str(before), '—')} → {STATE_WORDS.get(str(after), str(after))}"
    if key == "refund":
        return f"售后 {REFUND_WORDS.get(str(before or 'none'))} → {REFUND_WORDS.get(str(after), str(after))}"
    if key in _PERSONAL:
        return f"{_PERSONAL[key]}{'更新' if before else '补充'}"
    if key == "region":
        return "平台显示的收货地区更新" if before else ""
    if key == "waits":
        return "平台允许发货" if not after else "平台要求暂不发货"
    if key in _LABELS:
        return f"{_LABELS[key]} {_shown(key, before)} → {_shown(key, after)}"
    return ""


def _shown(key: str, value: object) -> str:
    if value is None or value == "":
        return "—"
    if key.endswith("_fen") and isinstance(value, int):
        return format_yuan(value)
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return f"{value.astimezone(BEIJING):%m-%d %H:%M}"
    return str(value).replace("\t", " ").replace("\n", "、")
