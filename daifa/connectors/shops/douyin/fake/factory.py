"""厂商代发 (iop): the merchant hands a line over to a bound factory, which ships it; both sides."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from daifa.connectors.shops.douyin.fake import receivers
from daifa.connectors.shops.douyin.fake.call import KEY, Call, Fail, Method, business, illegal, seconds
from daifa.connectors.shops.douyin.fake.couriers import BY_CODE, COMPANIES, fits
from daifa.connectors.shops.douyin.fake.places import places
from daifa.connectors.shops.douyin.fake.waybills import make_number
from daifa.ports.books import BuyerOrder, Case, Entity, Line, OrderPhase, Shipment
from daifa.ports.world import ShopProfile, What, World

NEW, ASSIGNED, RETURNED, CANCELLED = 0, 1, 2, 3
WINDOW = 30 * 60
# Factories that own a Douyin account and are bound to the merchant: account number → the seller behind it.
FACTORIES = {"90000010": "S10", "90000002": "S02"}


def shops(world: World) -> list[ShopProfile]:
    """The factories as subjects that can authorise an application."""
    return [ShopProfile(KEY, world.sellers.profile(code).name, number) for number, code in FACTORIES.items()]


def distr_id(line: Line) -> str:
    """One assignable order for each line."""
    return f"49{line.number[2:]}"


def state(line: Line) -> dict[str, Any]:
    """What became of its assignment."""
    found: dict[str, Any] = line.extra.setdefault("iop", {"status": NEW, "factory": "", "at": 0, "reason": ""})
    return found


def find(world: World, distr: str) -> tuple[BuyerOrder, Line] | None:
    """The order and line behind an assignable order."""
    number = f"69{distr[2:]}"
    for order in world.books.orders(KEY):
        if (line := order.line(number)) is not None:
            return order, line
    return None


def _mine(call: Call, distr: object, *, factory: bool) -> tuple[BuyerOrder, Line]:
    found = find(call.world, str(distr))
    if found is None or (state(found[1])["factory"] if factory else found[0].shop) != call.shop.id:
        raise business(41002, "代发单不存在")
    return found


def _mark(world: World, order: BuyerOrder, line: Line, **what: Any) -> None:
    state(line).update(what, at=seconds(world.now()))
    order.updated_at = world.now()
    world.books.touch(order)


def _event(world: World, tag: str, order: BuyerOrder, line: Line, **more: Any) -> None:
    factory = state(line)["factory"]
    world.push(KEY, factory, tag, {"shop_id": int(factory or 0), "user_id": int(order.shop),
                                   "distr_order_id": distr_id(line), **more})  # fmt: skip


# The merchant's side.


def suppliers(call: Call) -> dict[str, Any]:
    """Bound factories."""
    rows = [
        {"supplier_shop_id": int(s.id), "supplier_shop_name": s.name, "bind_status": 2, "bind_time": 0}
        for s in shops(call.world)
    ]
    status = call.whole("bind_status", 2)
    return {"supplier_list": rows if status == 2 else [], "total": len(rows) if status == 2 else 0}


def _rows(call: Call, keep: Callable[[BuyerOrder, Line], bool]) -> tuple[list[tuple[BuyerOrder, Line]], int, int, int]:
    page, size = call.whole("page", 0), call.whole("page_size", call.whole("size", 10))
    if not 1 <= size <= 100 or page < 0:
        raise illegal(40004, "page_size 不能超过 100")
    names = ("start_update_time", "end_update_time") if call.params.get("start_update_time") else (
        ("start_deal_time", "end_deal_time") if call.params.get("start_deal_time") else
        ("start_distr_time", "end_distr_time"))  # fmt: skip
    start, end = call.whole(names[0], 0), call.whole(names[1], 0)
    if "deal" in names[0] and start > 10**11:
        start, end = start // 1000, end // 1000
    if not start or not end or end - start > WINDOW or end < start:
        raise illegal(40004, "时间范围必填且不能超过 30 分钟")
    found = []
    for order in call.world.books.orders(KEY):
        if order.paid_at is None:
            continue
        for line in order.lines:
            at = seconds(order.updated_at) if "update" in names[0] else state(line)["at"]
            if start <= at <= end and keep(order, line):
                found.append((order, line))
    found.sort(key=lambda x: (x[0].updated_at, x[1].number))
    return found[page * size : (page + 1) * size], len(found), page, size


def seller_orders(call: Call) -> dict[str, Any]:
    """The merchant's assignable orders, half an hour at a time."""
    wanted = call.params.get("distr_status")
    rows, total, page, size = _rows(
        call,
        lambda o, x: o.shop == call.shop.id and (wanted in (None, "") or state(x)["status"] == int(str(wanted))),
    )
    return {"distr_order_list": [_seller_row(o, x) for o, x in rows], "total": total, "page": page, "size": size}


def _common(order: BuyerOrder, line: Line) -> dict[str, Any]:
    codes = places(order.receiver)
    return {
        "distr_order_id": distr_id(line), "distr_status": state(line)["status"], "product_id": int(line.item_no),
        "product_name": line.title, "product_pic": "", "product_count": line.quantity, "sku_id": int(line.sku_no),
        "sku_spec": line.spec, "out_sku_id": line.extra.get("out_sku_id", ""), "sku_code": line.merchant_code,
        "province": codes["province"], "city": codes["city"], "town": codes["town"], "street": codes["street"],
        "exp_ship_time": seconds(line.ship_by), "pay_time": seconds(order.paid_at), "distr_time": state(line)["at"],
        "update_time": seconds(order.updated_at), "buyer_words": order.words, "seller_words": order.memo,
        "aftersale_status": 2 if line.refunded_fen else 1, "distr_cancel_reason": state(line)["reason"],
        "pack_list": [
            {"track_no": s.number, "pack_id": s.pack, "ship_num": s.pieces[line.number]}
            for s in order.shipments if line.number in s.pieces
        ],
    }  # fmt: skip


def _seller_row(order: BuyerOrder, line: Line) -> dict[str, Any]:
    numbers = [s.number for s in order.shipments if line.number in s.pieces]
    return {
        **_common(order, line), "shop_order_id": order.number, "sku_order_id": line.number,
        "supplier_shop_id": int(state(line)["factory"] or 0), "tracking_no": ",".join(numbers),
        "order_status": {OrderPhase.CLOSED: 4, OrderPhase.SHIPPED: 3, OrderPhase.FINISHED: 5}.get(order.phase, 2),
    }  # fmt: skip


def seller_order(call: Call) -> dict[str, Any]:
    """One of them."""
    return _seller_row(*_mine(call, call.need("distr_order_id"), factory=False))


def distribute(call: Call) -> dict[str, Any]:
    """Hand lines over; each has its own outcome."""
    results = []
    for row in call.need("distribute_order_list"):
        code, text = 0, "success"
        try:
            _distribute(call, str(row.get("supplier_shop_id", "")), str(row.get("distr_order_id", "")))
        except Fail as fail:
            code, text = int(fail.sub_code.rsplit(":", 1)[1]), fail.sub_msg
        results.append({"distr_order_id": row.get("distr_order_id"), "code": code, "msg": text,
                        "success": code == 0})  # fmt: skip
    return {"distribute_result_list": results}


def _distribute(call: Call, factory: str, distr: str) -> None:
    if factory not in FACTORIES:
        raise business(41004, "厂家未绑定")
    order, line = _mine(call, distr, factory=False)
    if state(line)["status"] == ASSIGNED or order.phase not in (OrderPhase.TO_SHIP, OrderPhase.PART_SHIPPED):
        raise business(41000, "当前状态不能分配")
    if line.closed or line.shipped or call.world.cases.pending(order, line.number) is not None:
        raise business(41001, "订单有售后或已发货")
    _mark(call.world, order, line, status=ASSIGNED, factory=factory, reason="")
    _event(call.world, "501", order, line)
    if call.switch("factory_auto"):
        hours = call.world.rng("factory", distr, seconds(call.world.now())).uniform(2, 20)
        call.world.after(hours * 3600, KEY, "factory", distr=distr)


def cancel(call: Call) -> dict[str, Any]:
    """Take lines back before the factory ships."""
    rows = call.params.get("distr_order_ids") or [call.need("distr_order_id")]
    for distr in rows:
        order, line = _mine(call, distr, factory=False)
        if state(line)["status"] != ASSIGNED:
            raise business(41000, "当前状态不能取消分配")
        _cancelled(call.world, order, line, "商家取消")
    return {}


def _cancelled(world: World, order: BuyerOrder, line: Line, reason: str) -> None:
    _event(world, str(world.switch(KEY, "iop_cancel_tag")), order, line, distr_cancel_reason=reason)
    _mark(world, order, line, status=CANCELLED, reason=reason)


def happened(world: World, what: What, entity: Entity) -> None:
    """A refund takes the assignment back; memo and address travel to the factory."""
    if isinstance(entity, Case) and entity.company == KEY and what is What.CASE_REFUNDED:
        order = world.books.order(KEY, entity.order.split("/", 1)[1])
        for number in entity.lines if order is not None else []:
            line = order.line(number) if order is not None else None
            if order is not None and line is not None and state(line)["status"] == ASSIGNED:
                _cancelled(world, order, line, "订单已退款")
    if isinstance(entity, BuyerOrder) and entity.company == KEY and what in (What.MEMO_CHANGED, What.ADDRESS_CHANGED):
        for line in entity.lines:
            if line.extra.get("iop", {}).get("status") == ASSIGNED:
                memo = what is What.MEMO_CHANGED
                _event(
                    world, "500" if memo else "504", entity, line, **({"seller_remark": entity.memo} if memo else {})
                )


# The factory's side.


def role(call: Call) -> dict[str, Any]:
    """Who is asking."""
    return {"role_type": 2 if call.shop.id in FACTORIES else 1}


def sellers(call: Call) -> dict[str, Any]:
    """The merchants bound to the factory."""
    return {"seller_list": [{"user_id": int(s.id), "shop_name": s.name} for s in call.world.shops(KEY)]}


def factory_orders(call: Call) -> dict[str, Any]:
    """What was assigned to the factory: places by code, no name, phone or house number."""
    wanted = call.params.get("distr_status")
    rows, total, page, size = _rows(
        call,
        lambda _, x: (
            state(x)["factory"] == call.shop.id and (wanted in (None, "") or state(x)["status"] == int(str(wanted)))
        ),
    )
    return {"distr_order_list": [_factory_row(o, x) for o, x in rows], "total": total, "page": page, "size": size}


def _factory_row(order: BuyerOrder, line: Line) -> dict[str, Any]:
    receiver = receivers.address_id(order.buyer, order.receiver)[1:23]
    return {**_common(order, line), "user_id": int(order.shop), "receiver_id": receiver}


def factory_order(call: Call) -> dict[str, Any]:
    """One of them."""
    return _factory_row(*_mine(call, call.need("distr_order_id"), factory=True))


def waybill_get(call: Call) -> dict[str, Any]:
    """Labels for assigned orders."""
    good, bad = [], []
    trades = call.need("trade_order_list")
    infos = [(t, i) for t in trades for i in t.get("order_infos", [])]
    if len(infos) > 10:
        raise illegal(40004, "一次最多 10 单")
    for trade, info in infos:
        distr, code = str(info.get("distr_order_id", "")), str(trade.get("company_code", ""))
        try:
            _, line = _mine(call, distr, factory=True)
            if state(line)["status"] != ASSIGNED or code not in BY_CODE:
                raise business(41000, "状态或物流公司不正确")
        except Fail as fail:
            bad.append({"distr_order_id": distr, "err_msg": fail.sub_msg})
            continue
        number = make_number(call.world, code, f"{distr}:{info.get('pack_id', '')}")
        good.append({"distr_order_id": distr, "track_no": number, "pack_id": info.get("pack_id", "")})
    return {"ebill_infos": good, "err_infos": bad}


def waybill_return(call: Call) -> dict[str, Any]:
    """The factory ships: the buyer's order becomes shipped too."""
    order, line = _mine(call, call.need("distr_order_id"), factory=True)
    packs = call.params.get("pack_list") or [
        {"track_no": call.need("track_no"), "company_code": call.need("company_code"), "ship_num": line.quantity}
    ]
    if state(line)["status"] != ASSIGNED:
        raise business(41000, "当前状态不能回传")
    if line.closed:
        raise business(40000, "订单已取消")
    pending = call.world.cases.pending(order, line.number)
    if pending is not None and not call.flag("is_refund_reject"):
        raise business(41001, "有售后待处理")
    if sum(int(p.get("ship_num") or line.quantity) for p in packs) != line.quantity - line.shipped:
        raise business(41007, "必须一次发完剩余数量")
    for pack in packs:
        company = BY_CODE.get(str(pack["company_code"]))
        if company is None or not fits(company, str(pack["track_no"])):
            raise business(60017, "运单号与物流公司不匹配")
    if pending is not None:
        call.world.cases.refuse(pending, "厂家拒绝并发货")
    _return(call.world, order, line, packs)
    return {}


def _return(world: World, order: BuyerOrder, line: Line, packs: list[dict[str, Any]]) -> None:
    seller = FACTORIES[state(line)["factory"]]
    for pack in packs:
        company, number = BY_CODE[str(pack["company_code"])], str(pack["track_no"])
        count = int(pack.get("ship_num") or line.quantity)
        contents = {sku: n * count for sku, n in line.parts.items()}
        if world.books.parcel(number) is None:
            world.parcels.post(company.ours, number, f"seller:{seller}", order.receiver, contents)
        world.orders.ship(
            order,
            Shipment(f"{company.code}_{number}", number, company.ours, number, world.now(), {line.number: count},
                     by=f"factory:{seller}"),
        )  # fmt: skip
    _mark(world, order, line, status=RETURNED)
    _event(world, "505", order, line, return_status=1)


def work(world: World, distr: str) -> None:
    """A factory that acts by itself returns a number when its time has come."""
    found = find(world, distr)
    if found is None or state(found[1])["status"] != ASSIGNED or found[1].closed:
        return
    order, line = found
    if world.cases.pending(order, line.number) is not None:
        world.after(3600, KEY, "factory", distr=distr)
        return
    ours = world.sellers.profile(FACTORIES[state(line)["factory"]]).couriers[0]
    code = next((c.code for c in COMPANIES if c.ours == ours), "zhongtong")
    number = make_number(world, code, distr)
    _return(world, order, line, [{"company_code": code, "track_no": number, "ship_num": line.quantity - line.shipped}])


def waybill_update(call: Call) -> dict[str, Any]:
    """Another number after the return."""
    order, line = _mine(call, call.need("distr_order_id"), factory=True)
    mine = [s for s in order.shipments if line.number in s.pieces]
    company, number = BY_CODE.get(str(call.need("company_code"))), str(call.need("track_no"))
    if not mine or company is None or state(line)["status"] != RETURNED:
        raise business(41000, "当前状态不能修改")
    call.world.orders.renumber(order, mine[-1].pack, company.ours, number)
    return {}


def waybill_cancel(call: Call) -> dict[str, Any]:
    """A label is given back; a factory that does it too often is stopped."""
    number, key = str(call.need("track_no")), call.shop.id
    counted = call.world.books.doc(KEY, "factory_cancels", key) or {"count": 0}
    if counted["count"] >= int(call.switch("factory_cancels_most")):
        raise business(88888, "取消比例过高")
    call.world.books.put_doc(KEY, "factory_cancels", key, {"count": counted["count"] + 1})
    parcel = call.world.books.parcel(number)
    if parcel is not None and parcel.scans:
        raise business(41000, "包裹已揽收")
    if parcel is not None:
        call.world.parcels.recall(parcel)
    return {}


METHODS: Mapping[str, Method] = {
    "iop.waybillCancel": waybill_cancel,
    "iop.sellerSupplierList": suppliers,
    "iop.sellerOrderList": seller_orders,
    "iop.sellerOrderInfo": seller_order,
    "iop.sellerDistribute": distribute,
    "iop.sellerCancleDistribute": cancel,
    "iop.roleGet": role,
    "iop.getSellerList": sellers,
    "iop.orderList": factory_orders,
    "iop.orderInfo": factory_order,
    "iop.waybillGet": waybill_get,
    "iop.waybillReturn": waybill_return,
    "iop.waybillUpdate": waybill_update,
}
