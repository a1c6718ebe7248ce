"""Every list that can be taken home as a workbook: who may, how its read pages through it, and its columns as cells.

Columns go by the keys of the screen. Nothing here opens sealed values: lists hold masked ones only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from daifa.areas.accounts.services import settings
from daifa.areas.logistics.rules.couriers import courier_name
from daifa.areas.logistics.rules.lifecycles import PARCEL, REPORT
from daifa.areas.mailroom.services import imports, tasks
from daifa.base.actor import Actor
from daifa.connectors import registry
from daifa.flows import handing, import_cards, reporting
from daifa.flows.aftersales_words import STEP_LABELS, StepKind
from daifa.flows.routes.aftersales import OWNERS, AftersaleQuery
from daifa.flows.routes.matched import MatchedQuery
from daifa.flows.routes.purchases import PurchaseQuery
from daifa.kit import clock
from daifa.kit.clock import BEIJING
from daifa.kit.errors import Invalid
from daifa.kit.tabular.write import Out
from daifa.kit.values import dataclass
from daifa.reads import (
    aftersales_desk,
    goods,
    lacking,
    match_desk,
    matched_desk,
    purchase_desk,
    shops,
    suppliers,
    tracking_desk,
    upload_desk,
)

type Asked = Mapping[str, str]
type Rows = tuple[Sequence[Any], str]

SIZE = 200
MOST_MATCHES = 50_000
MONEY = "finance.view"
CHANNELS = {"sheet": "表格", "link": "链接", "text": "文本", "api": "接口"}
TASK_STATES = {
    "queued": "排队中", "running": "进行中", "done": "已完成", "failed": "没有完成", "cancelled": "已取消",
}  # fmt: skip
IMPORT_STATES = {
    "reading": "正在读取", "password": "等密码", "waiting": "等确认", "queued": "排队中", "running": "导入中",
    "done": "已导入", "failed": "没有完成", "cancelled": "已取消", "undone": "已撤销",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a screen as columns of the sheet; ``may``: only for those who hold this permission."""

    heads: tuple[str, ...]
    cells: Callable[[Any], tuple[Out, ...]]
    width: int = 16
    may: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """One list: its name, who may see it, one page of its read, its columns by the screen's keys."""

    label: str
    may: str
    page: Callable[[Asked, Actor, str], Rows]
    columns: Mapping[str, Column]


def yuan(fen: int | None) -> Decimal | None:
    """Fen as the amount that a sheet shows; nothing where it is not known."""
    return None if fen is None else Decimal(fen) / 100


def moment(at: datetime | None) -> str:
    """A moment in Beijing; nothing where there is none."""
    return at.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M") if at else ""


def _id(asked: Asked, key: str) -> UUID | None:
    try:
        return UUID(asked[key]) if asked.get(key) else None
    except ValueError as error:
        raise Invalid("bad_filter", "筛选条件无效，请清除后重试。") from error


def _platform(key: str) -> str:
    known = registry.connectors().get(key)
    return known.card.label if known else key


def _purchases(asked: Asked, by: Actor, cursor: str) -> Rows:
    wanted = PurchaseQuery.model_validate(dict(asked)).filter()
    found = purchase_desk.page(wanted, by, tab=asked.get("tab", "all"), cursor=cursor, limit=SIZE)
    return found.items, found.next


def _aftersales(asked: Asked, by: Actor, cursor: str) -> Rows:
    wanted = AftersaleQuery.model_validate(dict(asked)).filter()
    found = aftersales_desk.page(wanted, by, tab=asked.get("tab", "all"), cursor=cursor, limit=SIZE)
    return found.items, found.next


def _goods(asked: Asked, by: Actor, cursor: str) -> Rows:
    order = _id(asked, "order")
    only = lacking.skus(order, by) if order else None
    today = clock.business_day(clock.now())
    found = goods.page(
        today=today, tab=asked.get("tab", "all"), text=asked.get("text", "").strip(), supplier=_id(asked, "supplier"),
        imported=_id(asked, "imported"), outcome=asked.get("outcome", "new"), only=only,
        sort=asked.get("sort", ""), cursor=cursor, limit=SIZE,
    )  # fmt: skip
    mine = by.suppliers
    if mine is None:
        return found.items, found.next
    return [replace(r, offers=tuple(o for o in r.offers if o.supplier_id in mine)) for r in found.items], found.next


def _suppliers(asked: Asked, by: Actor, cursor: str) -> Rows:
    now = clock.now()
    found = suppliers.page(
        now=now, today=clock.business_day(now), tab=asked.get("tab", "all"), text=asked.get("text", "").strip(),
        imported=_id(asked, "imported"), outcome=asked.get("outcome", "new"), scope=by.suppliers,
        sort=asked.get("sort", ""), cursor=cursor, limit=SIZE,
    )  # fmt: skip
    return found.items, found.next


def _parcels(asked: Asked, by: Actor, cursor: str) -> Rows:
    found = tracking_desk.parcels(
        shops=by.shops, suppliers=by.suppliers, state=asked.get("state", ""), supplier=_id(asked, "supplier"),
        number=asked.get("number", ""), cursor=cursor, limit=SIZE,
    )  # fmt: skip
    return found.items, found.next


def _reports(asked: Asked, by: Actor, cursor: str) -> Rows:
    mine = [s.id for s in reporting.shops_of(by, [])]
    hours = settings.number("upload_unconfirmed_hours")
    return upload_desk.open_reports(mine, hours=hours, now=clock.now()), ""


def _tasks(asked: Asked, by: Actor, cursor: str) -> Rows:
    found = tasks.page(
        by=by, tab=asked.get("tab", "all"), text=asked.get("text", ""), mine=asked.get("mine") == "true",
        cursor=cursor, limit=SIZE,
    )  # fmt: skip
    return found.items, found.next


def _imports(asked: Asked, by: Actor, cursor: str) -> Rows:
    found = imports.page(
        within=handing.within(by), tab=asked.get("tab", "all"), kind=asked.get("kind", ""), shop_id=_id(asked, "shop"),
        text=asked.get("text", ""), cursor=cursor, limit=SIZE,
    )  # fmt: skip
    return import_cards.cards(found.items), found.next


def _shops(asked: Asked, by: Actor, cursor: str) -> Rows:
    text, platform = asked.get("text", "").strip(), asked.get("platform", "")
    return [s for s in shops.rows(by.shops) if text in s.name and platform in ("", s.platform)], ""


def _matched(asked: Asked, by: Actor, cursor: str) -> Rows:
    found = matched_desk.page(MatchedQuery.model_validate(dict(asked)).filter(), by, cursor=cursor, limit=SIZE)
    return found.items, found.next


def _offers(row: goods.Row) -> tuple[Out, ...]:
    return ("、".join(o.supplier for o in row.offers),)


def _count(name: str) -> Callable[[Any], tuple[Out, ...]]:
    return lambda card: (int(card["counts"].get(name) or 0),)


LISTINGS: Mapping[str, Listing] = {
    "purchases": Listing("采购单", "purchasing.view", _purchases, {
        "number": Column(("采购单", "平台", "店铺"), lambda r: (r.number, _platform(r.platform), r.shop_name), 20),
        "supplier": Column(("供应商",), lambda r: (r.supplier,)),
        "state": Column(("状态", "未确认的变更"), lambda r: (r.state_label, r.changes)),
        "goods": Column(
            ("商品", "件数"),
            lambda r: ("；".join(f"{x.title} {x.spec} ×{x.quantity}" for x in r.lines), r.quantity), 40,
        ),
        "orders": Column(("订单",), lambda r: ("、".join(dict.fromkeys(x.order_number for x in r.lines)),), 24),
        "goods_fen": Column(("货款",), lambda r: (yuan(r.goods_fen),), 10),
        "freight_fen": Column(("运费",), lambda r: (yuan(r.freight_fen),), 10),
        "due": Column(("时限",), lambda r: (moment(r.due_by),)),
        "sent": Column(("发出时间",), lambda r: (moment(r.sent_at),)),
    }),
    "goods": Listing("商品", "catalog.view", _goods, {
        "goods": Column(("商品", "规格"), lambda r: (r.title, r.spec), 30),
        "code": Column(("SKU 编码",), lambda r: (r.code,)),
        "cost": Column(("成本",), lambda r: (yuan(r.cost_fen),), 10, may=MONEY),
        "supply": Column(("货源",), _offers, 24),
        "mappings": Column(("店铺商品数",), lambda r: (r.mappings,), 10),
        "weight": Column(("重量（克）",), lambda r: (r.weight_g,), 10),
        "category": Column(("类目",), lambda r: (r.category,)),
        "barcode": Column(("条码",), lambda r: (r.barcode,)),
    }),
    "suppliers": Listing("供应商", "purchasing.view", _suppliers, {
        "name": Column(("供应商", "编号", "备注"), lambda r: (r.name, r.code, r.remark), 20),
        "skus": Column(("有报价的规格",), lambda r: (r.skus,), 12),
        "freight": Column(("运费",), lambda r: (r.freight_words,), 30, may=MONEY),
        "lead": Column(("几小时内发货", "截单"), lambda r: (r.lead_hours, r.cut_off), 12),
        "regions": Column(("不发地区",), lambda r: ("、".join(r.regions_not_served),)),
        "channel": Column(("怎么发单",), lambda r: (CHANNELS.get(r.channel, r.channel),), 10),
        "open": Column(("在途采购",), lambda r: (r.open_purchases,), 10),
        "record": Column(
            ("近 30 天准时",), lambda r: ("" if r.on_time is None else f"{Decimal(str(r.on_time)) * 100:.0f}%",)
        ),
    }),
    "aftersales": Listing("售后", "support.view", _aftersales, {
        "order": Column(("订单", "平台", "店铺"), lambda r: (r.order_number, _platform(r.platform), r.shop_name), 20),
        "purchase": Column(("采购单", "供应商"), lambda r: (r.purchase_number, r.supplier), 18),
        "what": Column(("要做的事", "说明"), lambda r: (STEP_LABELS[StepKind(r.kind)], r.text), 40),
        "amount": Column(("还差",), lambda r: (yuan(r.amount_fen),), 10),
        "due": Column(("时限",), lambda r: (moment(r.due_by),)),
        "owner": Column(("谁来做",), lambda r: (OWNERS.get(r.owner, r.owner),), 10),
    }),
    "parcels": Listing("包裹", "logistics.view", _parcels, {
        "number": Column(("快递", "运单号"), lambda r: (courier_name(r.courier), r.tracking_number), 20),
        "state": Column(("状态", "说明"), lambda r: (PARCEL.labels[r.state], r.reason)),
        "orders": Column(("订单",), lambda r: ("、".join(r.orders),), 24),
        "supplier": Column(("供应商",), lambda r: (r.supplier or "",)),
        "shipped": Column(("发货时间",), lambda r: (moment(r.shipped_at),)),
        "reports": Column(("平台知道了吗",), lambda r: ("、".join(REPORT.labels[x] for x in r.reports),)),
    }),
    "reports": Listing("上传平台", "logistics.view", _reports, {
        "order": Column(("平台", "店铺", "订单"), lambda r: (_platform(r.platform), r.shop, r.order_no), 20),
        "number": Column(("快递", "运单号"), lambda r: (courier_name(r.courier), r.tracking_number), 20),
        "state": Column(("状态", "超时未确认"), lambda r: (REPORT.labels[r.state], "是" if r.late else ""), 12),
        "told": Column(("交给平台", "文件"), lambda r: (moment(r.told_at), r.file)),
        "note": Column(("说明",), lambda r: (r.refusal or r.note,), 30),
        "due": Column(("最晚发货", "超时会损失"), lambda r: (moment(r.due_by), yuan(r.risk_fen))),
    }),
    "match": Listing("待匹配", "orders.view", lambda _a, by, _c: (match_desk.queue(by, limit=MOST_MATCHES), ""), {
        "shop": Column(("平台", "店铺"), lambda r: (_platform(r.platform), r.shop_name)),
        "goods": Column(("商品", "规格", "商家编码"), lambda r: (r.title, r.spec, r.merchant_code), 30),
        "waiting": Column(("等待订单", "件数", "金额"), lambda r: (r.orders, r.pieces, yuan(r.stake_fen)), 10),
        "due": Column(("最晚发货",), lambda r: (moment(r.due_by),)),
    }),
    "matched": Listing("已匹配", "orders.view", _matched, {
        "listing": Column(("商品", "规格"), lambda r: (r.title or r.listing_key, r.spec), 30),
        "shop": Column(("平台", "店铺"), lambda r: (_platform(r.platform), r.shop_name)),
        "ours": Column(
            ("我们的规格", "我们的商品"),
            lambda r: (
                "；".join(f"{p.code} ×{p.quantity}" for p in r.parts) or "不发货",
                "；".join(f"{p.title} {p.spec}".strip() for p in r.parts),
            ), 30,
        ),
        "how": Column(
            ("怎么匹配的", "谁", "说明"), lambda r: (matched_desk.SOURCES.get(r.source, r.source), r.by, r.reason)
        ),
        "at": Column(("时间",), lambda r: (moment(r.decided_at),)),
    }),
    "tasks": Listing("任务", "", _tasks, {
        "title": Column(("任务",), lambda r: (r.title,), 40),
        "state": Column(("状态",), lambda r: (TASK_STATES.get(r.state, r.state),), 10),
        "outcome": Column(("结果",), lambda r: (str(r.result.get("message") or ""),), 30),
        "by": Column(("谁",), lambda r: (r.started_by_name or "系统",), 12),
        "at": Column(("开始",), lambda r: (moment(r.started_at or r.created_at),)),
        "end": Column(("结束",), lambda r: (moment(r.finished_at),)),
    }),
    "imports": Listing("导入记录", "imports.run", _imports, {
        "file": Column(("文件", "内容"), lambda c: (c["file"], c["label"]), 30),
        "shop": Column(("店铺",), lambda c: (c["shop"]["name"] if c["shop"] else "",)),
        "state": Column(("状态",), lambda c: (IMPORT_STATES.get(c["state"], c["state"]),), 10),
        "new": Column(("新增",), _count("new"), 8),
        "updated": Column(("更新",), _count("updated"), 8),
        "unchanged": Column(("无变化",), _count("unchanged"), 8),
        "rejected": Column(("拒绝",), _count("rejected"), 8),
        "as_of": Column(("数据截至",), lambda c: (moment(c["as_of"]),)),
        "finished": Column(("导入时间",), lambda c: (moment(c["finished_at"] or c["created_at"]),)),
    }),
    "shops": Listing("店铺", "orders.view", _shops, {
        "shop": Column(("平台", "店铺"), lambda s: (_platform(s.platform), s.name)),
        "fresh": Column(("最近的导出",), lambda s: (moment(s.exported_as_of),)),
        "open": Column(("待发货",), lambda s: (s.open_orders,), 10),
        "aliases": Column(("文件里的叫法",), lambda s: ("、".join(a.alias for a in s.aliases),), 24),
        "external": Column(("平台店铺号",), lambda s: (s.external_id,)),
        "state": Column(("状态",), lambda s: ("在用" if s.active else "已停用",), 10),
    }),
}  # fmt: skip
