"""Parcels of an order, their traces, and the couriers under this platform's own codes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from daifa.connectors.suppliers.alibaba1688.fake.call import LOGISTICS, Api, Call, Refused
from daifa.connectors.suppliers.alibaba1688.fake.words import KEY, csv, digest, moment, plain_moment, truth
from daifa.ports.books import Parcel, ScanKind, SupplierOrder, SupplyPhase
from daifa.ports.world import World

# The world's courier: (id, the platform's code, name). Other codes than the shop platforms use: map by name.
COMPANIES = {
    "YTO": (101, "YTO", "圆通速递"), "ZTO": (102, "ZTO", "中通快递(ZTO)"), "STO": (103, "STO", "申通快递"),
    "YUNDA": (104, "YUNDAEX", "韵达快递"), "JTSD": (105, "JTEXPRESS", "极兔速递"), "SF": (106, "SFEXPRESS", "顺丰速运"),
    "POSTB": (107, "CNPOST", "邮政快递包裹"), "DBKD": (108, "DEPPON", "德邦快递"),
}  # fmt: skip
OTHERS = ((8, "OTHER", "其他"), (352, "HTKY", "百世快递"), (353, "ZJS", "宅急送"))
_STATE = {
    ScanKind.COLLECTED: "ACCEPT", ScanKind.MOVED: "TRANSPORT", ScanKind.DELIVERING: "TRANSPORT",
    ScanKind.SIGNED: "SIGN", ScanKind.REFUSED: "UNSIGN", ScanKind.RETURNING: "UNSIGN", ScanKind.RETURNED: "UNSIGN",
    ScanKind.LOST: "NOGET",
}  # fmt: skip
CHANGED = {
    ScanKind.COLLECTED: "ACCEPT", ScanKind.MOVED: "TRANSPORT", ScanKind.DELIVERING: "DELIVERING",
    ScanKind.SIGNED: "SIGN", ScanKind.REFUSED: "FAILED", ScanKind.RETURNING: "FAILED", ScanKind.RETURNED: "FAILED",
    ScanKind.LOST: "FAILED",
}  # fmt: skip
ONE_YEAR = timedelta(days=365)


def logistics_id(order: SupplierOrder, n: int) -> str:
    """The platform's own number of a parcel; it stays when the tracking number changes."""
    return f"LP{int(digest(order.id, n)[:12], 16) % 10**14:014d}"


def of(world: World, order: SupplierOrder) -> list[Parcel]:
    """The order's parcels as they are numbered now."""
    found = [world.books.parcel(n) for n in order.parcels]
    return [p for p in found if p is not None]


def entries(order: SupplierOrder, parcel: Parcel) -> list[str]:
    """Which entries the seller says are in a parcel; with something else inside, it still says all."""
    found = [x.number for x in order.lines if x.sku in parcel.contents]
    return found or [x.number for x in order.lines]


def _bill(world: World, parcel: Parcel) -> str | None:
    """The tracking number, once the platform's logistics know it."""
    lag = timedelta(seconds=float(world.switch(KEY, "bill_number_lag")))
    return parcel.number if parcel.made_at + lag <= world.now() else None


def bills(world: World, order: SupplierOrder) -> list[dict[str, Any]]:
    """``nativeLogistics.logisticsItems`` of the order's detail."""
    found = []
    for n, parcel in enumerate(of(world, order)):
        number, code, name = COMPANIES[parcel.courier]
        item = {
            "id": 70_000_000 + number, "logisticsBillNo": _bill(world, parcel), "logisticsCompanyId": number,
            "logisticsCompanyNo": code, "logisticsCompanyName": name, "deliveredTime": moment(parcel.made_at),
            "subItemIds": csv(entries(order, parcel)), "status": "alreadysend", "type": "0",
            "logisticsCode": logistics_id(order, n),
        }  # fmt: skip
        found.append({k: v for k, v in item.items() if v is not None})
    return found


def _shipped(call: Call) -> SupplierOrder:
    order = call.order(call.need("orderId"))
    if order is None:
        raise Refused("order.nopermission.buyer", "你没有权限获取该订单详情")
    return order


def infos(call: Call) -> dict[str, Any]:
    """``getLogisticsInfos.buyerView``: one entry for each parcel."""
    order = _shipped(call)
    if not order.parcels:
        raise Refused("500_2", "订单未发货，没有物流信息")
    found = []
    for n, parcel in enumerate(of(call.world, order)):
        number, code, name = COMPANIES[parcel.courier]
        inside = entries(order, parcel)
        info = {
            "logisticsId": logistics_id(order, n), "logisticsBillNo": _bill(call.world, parcel),
            "orderEntryIds": csv(inside), "status": _STATE[parcel.last] if parcel.last else "WAITACCEPT",
            "logisticsCompanyId": str(number), "logisticsCompanyNo": code, "logisticsCompanyName": name,
            "sendGoods": [{"goodName": x.their_code, "goodQuantity": str(x.quantity), "goodUnit": "件"}
                          for x in order.lines if x.number in inside],
            "receiver": _receiver(order), "sender": {"senderName": call.world.sellers.profile(order.seller).name},
        }  # fmt: skip
        found.append({k: v for k, v in info.items() if v is not None})
    return {"result": found, "success": True}


def _receiver(order: SupplierOrder) -> dict[str, str]:
    who = order.receiver
    hidden = order.extra.get("encrypted")
    return {
        "receiverName": who.name[:1] + "*" if hidden else who.name,
        "receiverMobile": f"{who.phone[:3]}****{who.phone[-4:]}" if hidden else who.phone,
        "receiverProvince": who.province, "receiverCity": who.city, "receiverCounty": who.district,
        "receiverAddress": hidden["address"] if hidden else who.detail,
    }  # fmt: skip


def traces(call: Call) -> dict[str, Any]:
    """``getLogisticsTraceInfo.buyerView``; before shipping it answers success with an error message."""
    order = _shipped(call)
    if order.created_at + ONE_YEAR < call.world.now():
        raise Refused("order.createtime.history", "不支持查询一年前的物流轨迹信息")
    if not order.parcels:
        return {"success": True, "errorMessage": "该订单没有物流跟踪信息。"}
    wanted = call.text("logisticsId")
    found = []
    for n, parcel in enumerate(of(call.world, order)):
        if wanted in ("", logistics_id(order, n)):
            steps = [{"acceptTime": plain_moment(s.at), "remark": f"【{s.place}】{s.text}"} for s in parcel.scans]
            found.append({
                "logisticsId": logistics_id(order, n), "orderId": int(order.number),
                "logisticsBillNo": _bill(call.world, parcel) or "", "logisticsSteps": steps, "traceNodeList": [],
            })  # fmt: skip
    if not found:
        raise Refused("404", "无法找到相对应的物流单跟踪信息。")
    return {"success": True, "logisticsTrace": found}


def companies(call: Call) -> dict[str, Any]:
    """Every courier that the platform knows."""
    listed = [*COMPANIES.values(), *OTHERS]
    return {
        "result": [
            {"id": number, "companyNo": code, "companyName": name, "supportPrint": truth("true")}
            for number, code, name in listed
        ]
    }


def by_number(call: Call) -> dict[str, Any]:
    """``logistics.order.getOutOrderId``: from a tracking number to the own reference."""
    parcel = call.world.books.parcel(call.need("shipmentId"))
    order = call.order(parcel.supplier_order.partition("/")[2]) if parcel is not None else None
    if order is None or order.phase is SupplyPhase.UNPAID:
        raise Refused("404", "没有对应的订单")
    return {"result": {"success": True, "model": {"outOrderId": order.reference, "orderId": order.number}}}


APIS = {
    "alibaba.trade.getLogisticsInfos.buyerView": Api(LOGISTICS, infos),
    "alibaba.trade.getLogisticsTraceInfo.buyerView": Api(LOGISTICS, traces),
    "alibaba.logistics.OpQueryLogisticCompanyList": Api(LOGISTICS, companies),
    "alibaba.logistics.OpQueryLogisticCompanyList.offline": Api(LOGISTICS, companies),
    "logistics.order.getOutOrderId": Api("com.alibaba.fenxiao.crossborder", by_number, "inner"),
}
