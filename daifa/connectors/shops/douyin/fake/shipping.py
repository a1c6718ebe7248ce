"""Ship upload: whole orders, several parcels, several orders in one; edits; every documented refusal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from daifa.connectors.shops.douyin.fake.call import KEY, Call, Method, business, illegal
from daifa.connectors.shops.douyin.fake.couriers import BY_CODE, COMPANIES, Company, fits
from daifa.ports.books import BuyerOrder, Line, OrderPhase, Shipment

UNKNOWN = business(60033, "订单不存在")


def companies(call: Call) -> list[dict[str, Any]]:
    """The live table, as a bare array."""
    return [{"id": c.id, "name": c.name, "code": c.code} for c in COMPANIES]


def companies_of(call: Call) -> dict[str, Any]:
    """The table for given orders."""
    return {"shop_order_logistics_list": [
        {"shop_order_id": n, "logistics_company_list": companies(call)} for n in call.need("shop_order_ids")
    ]}  # fmt: skip


def _company(call: Call, code: str, number: str, paid_by: Sequence[BuyerOrder]) -> Company:
    """The company of a number that this order may be shipped with."""
    company = BY_CODE.get(code)
    if company is None or code in (call.world.books.doc(KEY, "companies_off", "list") or {}).get("codes", []):
        raise business(60018, "物流公司已停用或不存在")
    if not number or not fits(company, number):
        raise business(60017, "运单号与物流公司不匹配")
    parcel = call.world.books.parcel(number)
    if parcel is not None and parcel.recalled:
        raise business(70018, "运单号已被回收或取消")
    first = parcel.scans[0].at if parcel is not None and parcel.scans else None
    if first is not None and any(o.paid_at is not None and first < o.paid_at for o in paid_by):
        raise business(70019, "运单首条轨迹早于订单支付时间")
    return company


def check(call: Call, order: BuyerOrder, lines: Sequence[Line], rejecting: bool) -> None:
    """Whether these lines may be shipped now."""
    if call.world.fault(KEY, "order_busy", call.method) is not None:
        raise business(70011, "订单正在操作中，请稍后重试")
    if call.switch("return_address_missing"):
        raise business(60072, "未设置默认退货地址")
    if call.switch("ship_address_missing") and not call.params.get("address_id"):
        raise business(60027, "未设置默认发货地址")
    refunded = any(x.refunded_fen for x in lines)
    if order.phase is OrderPhase.CLOSED or all(x.closed for x in lines):
        raise business(60068, "发货前已退款") if refunded else business(60021, "订单已取消")
    if order.phase in (OrderPhase.UNPAID, OrderPhase.PENDING):
        raise business(call.switch("ship_unready_code"), "订单未到可发货状态")
    pending = [c for x in lines if (c := call.world.cases.pending(order, x.number)) is not None]
    if any(c.extra.get("agreed") for c in pending):
        raise business(60068, "发货前已退款")
    if pending and not rejecting:
        raise business(60040, "有售后待处理，请先处理售后")
    if any(x.extra.get("need_serial") for x in lines) and not call.params.get("serial_number_list"):
        raise business(60056, "缺少序列号")
    serials = [str(s) for s in call.params.get("serial_number_list") or []]
    if any(x.extra.get("need_serial") == "imei" for x in lines) and any(
        len(s) != 15 or not s.isdigit() for s in serials
    ):
        raise business(60062, "IMEI 格式不正确")
    for case in pending:
        call.world.cases.refuse(case, "商家拒绝并发货")


def _rejecting(call: Call) -> bool:
    return call.flag("is_refund_reject", "is_reject_refund")


def _no_dead_id(call: Call) -> None:
    if call.params.get("logistics_id"):
        raise business(60083, "logistics_id 已停用，请使用 company_code")


def _ship(call: Call, order: BuyerOrder, company: Company, number: str, pieces: Mapping[str, int]) -> str:
    pack = f"{company.code}_{number}"
    call.world.orders.ship(
        order, Shipment(pack, number, company.ours, number, call.world.now(), dict(pieces), by="merchant")
    )
    return pack


def whole(call: Call) -> dict[str, Any]:
    """Everything that is left of an order in one parcel."""
    _no_dead_id(call)
    order = call.order(call.need("order_id"), UNKNOWN)
    left = [x for x in order.lines if not x.closed and x.shipped < x.quantity]
    if not left and order.phase is not OrderPhase.CLOSED:
        raise business(call.switch("ship_again_code"), "订单已发货")
    number = str(call.need("logistics_code"))
    check(call, order, left or order.lines, _rejecting(call))
    company = _company(call, str(call.need("company_code")), number, [order])
    _ship(call, order, company, number, {x.number: x.quantity - x.shipped for x in left})
    return {}


def _once(call: Call) -> tuple[str, dict[str, Any] | None]:
    """The key of a request id, and the first result if it was used."""
    key = f"{call.shop.id}:{call.method}:{call.need('request_id')}"
    return key, call.world.books.doc(KEY, "request", key)


def _pieces(call: Call, order: BuyerOrder, rows: Any, taken: dict[str, int]) -> dict[str, int]:
    """Line number → count of one parcel; counts what earlier parcels of the same call took."""
    found: dict[str, int] = {}
    for row in rows or []:
        line = order.line(str(row.get("shipped_order_id", "")))
        if line is None:
            raise business(60033, "子订单不存在")
        count = int(row.get("shipped_num", 0))
        taken[line.number] = taken.get(line.number, 0) + count
        if count < 1 or line.shipped + taken[line.number] > line.quantity:
            raise illegal(60034, "发货数量超过剩余数量")
        found[line.number] = count
    if not found:
        raise illegal(60034, "缺少发货明细")
    return found


def many(call: Call) -> dict[str, Any]:
    """One order in several parcels, split by line and quantity; a repeated request_id returns the first result."""
    _no_dead_id(call)
    order = call.order(call.need("order_id"), UNKNOWN)
    key, before = _once(call)
    if before is not None:
        return before
    if order.extra.get("same_city") and len(call.need("pack_list")) > 1:
        raise business(700047, "同城订单不支持拆单发货")
    taken: dict[str, int] = {}
    planned = []
    for pack in call.need("pack_list"):
        pieces = _pieces(call, order, pack.get("shipped_order_info"), taken)
        number = str(pack.get("logistics_code", ""))
        planned.append((_company(call, str(pack.get("company_code", "")), number, [order]), number, pieces))
    lines = [x for x in order.lines if x.number in taken]
    check(call, order, lines, _rejecting(call))
    packs = [_ship(call, order, company, number, pieces) for company, number, pieces in planned]
    data = {"pack_id": packs[0], "pack_list": [{"pack_id": p} for p in packs]}
    call.world.books.put_doc(KEY, "request", key, data)
    return data


def single(call: Call) -> dict[str, Any]:
    """Several orders in one parcel."""
    _no_dead_id(call)
    numbers = [str(n) for n in call.need("order_id_list")]
    key, before = _once(call)
    if before is not None:
        return before
    orders = [call.order(n, UNKNOWN) for n in numbers]
    number = str(call.need("logistics_code"))
    rows = call.params.get("shipped_order_info") or []
    company = _company(call, str(call.need("company_code")), number, orders)
    plans = []
    for order in orders:
        mine = [r for r in rows if order.line(str(r.get("shipped_order_id", ""))) is not None]
        left = {x.number: x.quantity - x.shipped for x in order.lines if not x.closed and x.shipped < x.quantity}
        pieces = _pieces(call, order, mine, {}) if mine else left
        check(call, order, [x for x in order.lines if x.number in pieces] or order.lines, _rejecting(call))
        plans.append((order, pieces))
    for order, pieces in plans:
        _ship(call, order, company, number, pieces)
    data = {"pack_id": f"{company.code}_{number}"}
    call.world.books.put_doc(KEY, "request", key, data)
    return data


def edit(call: Call) -> dict[str, Any]:
    """Another number for the only parcel (logisticsEdit) or for a pack (logisticsEditByPack)."""
    _no_dead_id(call)
    order = call.order(call.need("order_id"), UNKNOWN)
    pack = str(call.need("pack_id")) if call.method == "order.logisticsEditByPack" else ""
    number = str(call.need("logistics_code"))
    company = _company(call, str(call.need("company_code")), number, [order])
    if call.world.orders.renumber(order, pack, company.ours, number) is None:
        raise business(60035, "未找到可修改的包裹" if order.shipments else "订单未发货")
    return {"pack_id": pack} if pack else {}


def extra(call: Call) -> dict[str, Any]:
    """A parcel beside the ones that count, e.g. a forgotten part. No request id: told twice, it is there twice."""
    order = call.order(call.need("shop_order_id"), UNKNOWN)
    if not order.shipments:
        raise business(60035, "订单未发货")
    pieces: dict[str, int] = {}
    for row in call.need("product_orders"):
        line, count = order.line(str(row.get("product_order_id", ""))), int(row.get("product_count") or 0)
        if line is None:
            raise business(60033, "子订单不存在")
        if count < 1:
            raise illegal(60034, "商品件数要大于 0")
        pieces[line.number] = count
    number = str(call.need("tracking_no"))
    company = _company(call, str(call.need("company_code")), number, [order])
    pack = f"{company.code}_{number}"
    call.world.orders.ship(order, Shipment(pack, number, company.ours, number, call.world.now(), pieces, by="extra"))
    return {"deliver_id": pack}


METHODS: Mapping[str, Method] = {
    "order.logisticsCompanyList": companies,
    "order.queryLogisticsCompanyList": companies_of,
    "order.logisticsAdd": whole,
    "order.logisticsAddMultiPack": many,
    "order.logisticsAddSinglePack": single,
    "order.logisticsEdit": edit,
    "order.logisticsEditByPack": edit,
    "order.uploadextrapackage": extra,
}
