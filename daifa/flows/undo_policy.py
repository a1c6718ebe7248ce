"""Whether and how a purchase is taken back at the supplier's platform, from how its orders stand there. Pure.

Unpaid is closed, whoever else's pieces are in it: they are bought again. Paid and unshipped is asked back as a whole,
because supplier platforms may know no part of it, so only when all of it is wanted back. Once shipped, money
is asked back when the goods have come back. An outcome that is not known yet is never acted upon.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from daifa.kit.money import Fen, format_yuan
from daifa.kit.values import dataclass
from daifa.ports.supplier_api import RefundStage

UNSHIPPED = ("unpaid", "paid")
SHIPPED = ("shipped", "done")
# Money that is asked back or was given back is not asked for again.
ASKED = (RefundStage.ASKED, RefundStage.GOODS_BACK, RefundStage.DONE)
_OPEN_DEED = ("ready", "calling", "unknown")
_FAILED_DEED = ("refused", "person", "held")


class Undo(StrEnum):
    """How the supplier's platform can help: not at all, not yet, now, it is at it, it said no."""

    NONE = "none"
    WAITING = "waiting"
    CAN = "can"
    UNDER_WAY = "under_way"
    NO = "no"


@dataclass(frozen=True, slots=True)
class ThereOrder:
    """One order at the supplier's platform. ``deed``: state of our latest attempt to take it back before it shipped,
    ``back``: of our asking the money back after the goods came back ("" none)."""

    external_id: str
    state: str
    refund: RefundStage
    total_fen: Fen | None
    refunded_fen: Fen
    deed: str = ""
    back: str = ""
    refund_ref: str = ""


@dataclass(frozen=True, slots=True)
class There:
    """The latest attempt of a purchase and its orders there. ``whole``: all it buys is wanted back, ``wanted``: any of
    it; ``paying``: a payment's outcome is not known; ``paid``: it was ever paid; ``automatic``: the shop's dial;
    ``handed``: with a factory on the shop's platform, where nothing is paid."""

    state: str
    paid: bool
    paying: bool
    whole: bool
    wanted: bool
    automatic: bool
    orders: tuple[ThereOrder, ...] = ()
    handed: bool = False

    @property
    def shipped(self) -> bool:
        """Whether one of its orders left."""
        return any(o.state in SHIPPED for o in self.orders)


@dataclass(frozen=True, slots=True)
class Way:
    """What the platform can do, said as a Chinese clause."""

    undo: Undo
    words: str = ""


NO_WAY = Way(Undo.NONE)


def way_of(there: There | None) -> Way:
    """How an unshipped purchase is taken back there."""
    if there is None or there.state in {"refused", "closed"}:
        return NO_WAY
    if there.state in {"intended", "unknown"}:
        return Way(Undo.WAITING, "下单的结果还没查清，查清后才能撤")
    standing = [o for o in there.orders if o.state in UNSHIPPED]
    if not standing:
        return NO_WAY
    if failed := [o for o in standing if o.deed in _FAILED_DEED or _refused(o)]:
        why = "供应商在平台拒绝了退款" if _refused(failed[0]) else "平台没有接受撤单"
        return Way(Undo.NO, f"{why}（{failed[0].external_id}）")
    if all(o.deed in {*_OPEN_DEED, "confirmed"} or o.refund in ASKED for o in standing):
        return Way(Undo.UNDER_WAY, "；".join(_standing(o) for o in standing))
    if there.paying:
        return Way(Undo.WAITING, "付款的结果还没查清，查清后才能撤")
    if not there.whole and any(o.state == "paid" for o in standing):
        return Way(Undo.NONE, "已付款，里面还有要发的商品，平台只能整单退")
    return Way(Undo.CAN, "；".join(_offer(o, handed=there.handed) for o in standing))


def _refused(order: ThereOrder) -> bool:
    return order.refund is RefundStage.REFUSED and order.deed not in _OPEN_DEED


def _offer(order: ThereOrder, *, handed: bool) -> str:
    if handed:
        return f"代发单 {order.external_id} 厂家还没发货，可以取消分配"
    if order.state == "unpaid":
        return f"{order.external_id} 还没付款，可以直接关闭"
    return f"{order.external_id} 已付款未发货，可以申请退款{_sum(order.total_fen)}"


def _standing(order: ThereOrder) -> str:
    if order.refund in ASKED:
        case = f"（{order.refund_ref}）" if order.refund_ref else ""
        return f"{order.external_id} 已申请退款{_sum(order.total_fen)}{case}，等供应商处理"
    doing = "申请退款" if order.state == "paid" else "关闭"
    done = {"confirmed": f"已提交{doing}，等平台生效", "unknown": f"{doing}的结果未知，正在查证"}
    return f"{order.external_id} {done.get(order.deed, f'正在{doing}')}"


def _sum(fen: Fen | None) -> str:
    return "" if fen is None else f" {format_yuan(fen)}"


def money_way_of(there: There | None) -> Way:
    """How the money of a purchase that shipped and came back is asked for there."""
    if there is None or not there.paid:
        return NO_WAY
    shipped = [o for o in there.orders if o.state in SHIPPED]
    if not shipped:
        return NO_WAY
    if not there.whole:
        return Way(Undo.NONE, "里面还有买家要的商品，退款金额要和供应商商定")
    if any(o.back in _FAILED_DEED or (o.back == "confirmed" and o.refund is RefundStage.REFUSED) for o in shipped):
        return Way(Undo.NO, "平台没有接受退款申请，或供应商拒绝了")
    if all(o.refund in ASKED or o.back in {*_OPEN_DEED, "confirmed"} for o in shipped):
        return Way(Undo.UNDER_WAY, "；".join(_money(o) for o in shipped))
    return Way(Undo.CAN)


def _money(order: ThereOrder) -> str:
    if order.refund is RefundStage.GOODS_BACK:
        return f"{order.external_id} 等供应商确认收到退货"
    if order.refund is RefundStage.DONE:
        return f"{order.external_id} 平台已退 {format_yuan(order.refunded_fen)}"
    if order.refund is RefundStage.ASKED:
        return f"{order.external_id} 已申请退款，等供应商处理"
    return f"{order.external_id} {'正在查证是否申请成功' if order.back == 'unknown' else '正在申请退款'}"


def standing(there: There | None) -> Sequence[ThereOrder]:
    """The orders that must be taken back now."""
    return [o for o in there.orders if o.state in UNSHIPPED and not o.deed and o.refund not in ASKED] if there else ()


def unclaimed(there: There | None) -> Sequence[ThereOrder]:
    """The shipped orders whose money is to be asked for now."""
    return [o for o in there.orders if o.state in SHIPPED and not o.back and o.refund not in ASKED] if there else ()


def owed_of(there: There | None, owed: Fen | None) -> Fen | None:
    """What a purchase costs us: nothing where its order closed before anybody paid."""
    closed = there is not None and bool(there.orders) and all(o.state == "closed" for o in there.orders)
    return 0 if closed and there is not None and not there.paid else owed


def back_of(there: There | None, owed: Fen | None) -> Fen:
    """What came back there for one order's share ``owed`` of the purchase."""
    if there is None:
        return 0
    back, total = sum(o.refunded_fen for o in there.orders), sum(o.total_fen or 0 for o in there.orders)
    if owed is None or not total:
        return back
    return owed if back >= total else back * owed // total
