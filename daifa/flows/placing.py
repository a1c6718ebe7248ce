"""What follows from the outcome of a placing: purchase, lines, payment, history; and when to try again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from daifa.areas.accounts.services import settings
from daifa.areas.mailroom.services import outbox
from daifa.areas.mailroom.services.outbox import Want
from daifa.areas.mailroom.types import OutboxItem
from daifa.areas.orders.services import history, standing
from daifa.areas.orders.services.history import Fact
from daifa.areas.purchasing.services import placements, purchases
from daifa.areas.purchasing.services.placements import PlacementView
from daifa.base.tenancy import tenant
from daifa.flows import advance, connect
from daifa.kit import clock
from daifa.kit.errors import AppError
from daifa.kit.money import format_yuan
from daifa.kit.values import dataclass
from daifa.ports.errors import RemoteError
from daifa.ports.supplier_api import LeftOut, SupplierOrder
from daifa.reads import buy_facts
from daifa.reads.buy_facts import BuyPurchase

FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=15), timedelta(minutes=15)
# After what an unknown outcome is first looked at, and a look that failed is repeated.
SOON, LOOK_AGAIN = timedelta(seconds=5), timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A placing that stands: the supplier's own numbers, what it charges, what it left out."""

    external_ids: tuple[str, ...]
    total_fen: int | None = None
    freight_fen: int | None = None
    left_out: tuple[LeftOut, ...] = ()


def next_try(item: OutboxItem, error: RemoteError) -> datetime:
    """When to try again after a failure: what the company said, else doubling waits."""
    if error.after:
        return clock.now() + timedelta(seconds=error.after)
    doubled = FIRST_WAIT * (1 << min(max(item.tries, item.asks), 8))
    return clock.now() + min(doubled, LONGEST_WAIT)


def later(tenant_id: int, item: OutboxItem, error: RemoteError) -> None:
    """Getting ready failed; nothing was called. A business no of the quote frees the pieces for another supplier."""
    with tenant(tenant_id):
        if error.again or error.happened is None or error.who in {"owner", "engineer"}:
            wait(item, error.text, next_try(item, error) - clock.now())
            return
        standing.lock(purchases.orders_of([item.subject_id]).get(item.subject_id, []))
        if outbox.settle(item.id, "refused", before=("ready",), reason=error.text, result={"code": error.code}):
            _refuse(item, error.text)


def first[T](tenant_id: int, item: OutboxItem, question: Callable[[], T]) -> T | None:
    """Look right before acting; None when that failed: whatever was said, it waits and is looked at again."""
    try:
        return question()
    except RemoteError as error:
        postpone(tenant_id, item, error.text, next_try(item, error) - clock.now())
    except AppError as error:
        postpone(tenant_id, item, error.message_zh, LOOK_AGAIN)
    return None


def postpone(tenant_id: int, item: OutboxItem, reason: str, after: timedelta) -> None:
    """Looked at again after a while."""
    with tenant(tenant_id):
        wait(item, reason, after)


def wait(item: OutboxItem, reason: str, after: timedelta) -> bool:
    """Not now: it stays ready, with the reason, and is looked at again. False where it is not ready any more."""
    return outbox.settle(item.id, "ready", before=("ready",), reason=reason, due_at=clock.now() + after)


class Failed(StrEnum):
    """What a call that failed leaves behind."""

    UNKNOWN = "unknown"
    AGAIN = "ready"
    REFUSED = "refused"


def failed(item: OutboxItem, error: RemoteError, *, look_in: timedelta = SOON) -> Failed | None:
    """Settle a claimed deed whose call failed: asked after soon, tried again later, or a known no.

    None when somebody settled it meanwhile.
    """
    if error.happened is None:
        what, due = Failed.UNKNOWN, clock.now() + look_in
    elif error.again or error.who == "owner":
        what, due = Failed.AGAIN, next_try(item, error)
    else:
        what, due = Failed.REFUSED, None
    result = {"code": error.code} if what is Failed.REFUSED else None
    done = outbox.settle(item.id, what.value, before=("calling",), reason=error.text, result=result, due_at=due)
    return what if done else None


def look[T](tenant_id: int, item: OutboxItem, question: Callable[[], T]) -> T | None:
    """Ask how a deed of unknown outcome stands; None when that failed, and it is asked again later."""
    try:
        return question()
    except RemoteError as error:
        at = next_try(item, error)
    except AppError:
        at = clock.now() + LOOK_AGAIN
    with tenant(tenant_id):
        outbox.asked(item.id, at)
    return None


def lost(item: OutboxItem) -> None:
    """Whoever claimed it died: look what became of it."""
    outbox.settle(item.id, "unknown", before=("calling",), reason="途中程序中断，正在查证", due_at=clock.now())


def tell_again(item: OutboxItem, reason: str) -> None:
    """A deed that may be told twice does not show: once long enough has passed for it to be seen, it is told again."""
    visible = outbox.visible_at(item.id)
    if visible is not None and clock.now() < visible:
        outbox.asked(item.id, visible)
        return
    outbox.settle(item.id, "ready", before=("unknown",), reason=reason, due_at=clock.now())


# --- placed ------------------------------------------------------------------------------------------------------


def placed(item: OutboxItem, outcome: Outcome) -> None:
    """The supplier has it: purchase sent, what was left out freed for others, payment noted as its own fact."""
    terms = connect.buying(connect.platform_of(item.connection_id)).terms
    made = placements.placed(
        item.reference, outcome.external_ids, total_fen=outcome.total_fen, freight_fen=outcome.freight_fen,
        pay=terms.payment,
    )  # fmt: skip
    _stands(made, outcome, payment=terms.payment)


def bound(purchase_id: UUID, connection_id: UUID, outcome: Outcome, *, by_name: str) -> None:
    """A person placed it by hand at the supplier's platform: its one order there is the purchase's from now on.

    Raises Conflict when that order is another purchase's, or another attempt may stand.
    """
    terms = connect.buying(connect.platform_of(connection_id)).terms
    [number] = outcome.external_ids
    made = placements.bind(
        purchase_id=purchase_id, connection_id=connection_id, external_id=number, total_fen=outcome.total_fen,
        freight_fen=outcome.freight_fen, pay=terms.payment,
    )  # fmt: skip
    purchases.mark_sent([purchase_id])
    _stands(made, outcome, payment=terms.payment, who=by_name)


def _stands(made: PlacementView, outcome: Outcome, *, payment: bool, who: str = "") -> None:
    """What follows from a placing that stands, whoever made it."""
    [p] = buy_facts.load([made.purchase_id])
    numbers = "、".join(outcome.external_ids)
    cost = f"，{format_yuan(outcome.total_fen)}" if outcome.total_fen is not None else ""
    text = f"{p.number} 已在 {p.supplier} 下单{f'（{who}绑定）' if who else ''}：{numbers}{cost}"
    history.write([Fact(o.id, "placed", text) for o in p.orders])
    if outcome.left_out:
        _left_out(p, outcome.left_out)
    if outcome.total_fen is not None and outcome.freight_fen is not None:
        purchases.charge(p.id, total_fen=outcome.total_fen, freight_fen=outcome.freight_fen)
    if payment and made.state == "placed":
        want_payment(made)
    advance.settle([o.id for o in p.orders])


def want_payment(made: PlacementView) -> None:
    """Paying is a fact of its own: placed and unpaid is not bought."""
    if not bool(settings.get_all()["pay_automatically"]):
        return
    outbox.want(
        [
            Want(
                key=f"pay:{made.reference}", kind="pay", connection_id=made.connection_id, subject_id=made.purchase_id,
                reference=made.reference,
            )
        ]
    )  # fmt: skip


def without(item: OutboxItem, p: BuyPurchase, left: Sequence[LeftOut]) -> None:
    """The platform refuses some of what was not placed yet: those pieces are free, the rest is placed without them."""
    if not wait(item, "", timedelta()):
        # Somebody settled it while the platform was asked: what they did stands.
        return
    _left_out(p, left)
    advance.settle([o.id for o in p.orders])


def _left_out(p: BuyPurchase, left: Sequence[LeftOut]) -> None:
    said = {(x.offer_id, x.spec_id): x.said for x in left}
    gone = [(x, said[x.offer_ref, x.spec_ref]) for x in p.lines if (x.offer_ref, x.spec_ref) in said]
    purchases.answer_lines([(x.id, _answer_of(words), f"供应商平台没有收下：{words}") for x, words in gone])
    history.write([Fact(x.order_id, "answered", f"{p.supplier} 没有收下其中一种商品：{words}") for x, words in gone])


def found(item: OutboxItem, orders: Sequence[SupplierOrder], left_out: tuple[LeftOut, ...] = ()) -> None:
    """Asked after and found: as if the answer had come. One that is there twice over is closed, and said so."""
    keep, surplus = surplus_of(orders)
    totals = [o.total_fen for o in keep]
    freights = [o.freight_fen for o in keep]
    total = sum(t or 0 for t in totals) if all(t is not None for t in totals) else None
    freight = sum(f or 0 for f in freights) if all(f is not None for f in freights) else None
    placed(item, Outcome(tuple(o.external_id for o in keep), total, freight, left_out))
    for order in keep:
        placements.seen(item.connection_id, order)
    for order in surplus:
        drop(item.connection_id, item.subject_id, order, f"与 {keep[0].external_id} 重复，同一编号 {item.reference}")


def surplus_of(orders: Sequence[SupplierOrder]) -> tuple[list[SupplierOrder], list[SupplierOrder]]:
    """Of several orders under one reference: those that make it up once, and the rest. A split has other goods in each.

    Kept first: what is furthest along (shipped, paid), then the oldest.
    """
    rank = {"done": 0, "shipped": 0, "paid": 1, "unpaid": 2, "closed": 3}
    ordered = sorted(
        orders,
        key=lambda o: (rank[o.state.value], o.created_at or datetime.max.replace(tzinfo=clock.BEIJING), o.external_id),
    )
    keep: list[SupplierOrder] = []
    surplus: list[SupplierOrder] = []
    goods: set[tuple[str, str, int]] = set()
    for order in ordered:
        lines = set(order.lines)
        if keep and (not lines or lines & goods):
            surplus.append(order)
        else:
            keep.append(order)
            goods |= lines
    return keep, surplus


def drop(connection_id: UUID, purchase_id: UUID, order: SupplierOrder, why: str) -> None:
    """An order that must not be: closed while unpaid; once paid its money is asked back."""
    kind = "cancel" if order.state.value == "unpaid" else "refund"
    outbox.want(
        [
            Want(
                key=f"{kind}:{connection_id}:{order.external_id}", kind=kind, connection_id=connection_id,
                subject_id=purchase_id, reference=order.external_id,
                data={"why": why, "fen": order.total_fen, "surplus": True},
            )
        ]
    )  # fmt: skip
    orders = purchases.orders_of([purchase_id]).get(purchase_id, [])
    history.write([Fact(i, "placing", f"供应商平台订单 {order.external_id} 要取消：{why}") for i in orders])


# --- refused -----------------------------------------------------------------------------------------------------


def refused(item: OutboxItem, reason: str) -> None:
    """A known no: the attempt is over, its pieces are free for another supplier."""
    if placements.by_reference(item.reference) is not None:
        placements.move(item.reference, "refused", reason)
    _refuse(item, reason)


def _refuse(item: OutboxItem, reason: str) -> None:
    found = buy_facts.load([item.subject_id])
    if found:
        _free(found[0], _answer_of(reason), reason)


def _answer_of(reason: str) -> str:
    return "out_of_stock" if "库存" in reason or "缺货" in reason else "refused"


def _free(p: BuyPurchase, answer: str, reason: str) -> None:
    if p.state == "draft":
        # Nobody was asked yet: the draft was never with the supplier, but its no is a supplier's no.
        purchases.mark_sent([p.id])
    open_lines = [x for x in p.lines if x.state in {"open", "accepted"}]
    purchases.answer_lines([(x.id, answer, reason) for x in open_lines])
    history.write([Fact(o.id, "answered", f"{p.supplier} 不能下单（{p.number}）：{reason}") for o in p.orders])
    advance.settle([o.id for o in p.orders])


def give_up(p: BuyPurchase, reference: str, reason: str) -> None:
    """Nothing was placed and nothing is wanted any more: the attempt ends, its lines die."""
    if placements.by_reference(reference) is not None:
        placements.move(reference, "refused", reason)
    purchases.answer_lines([(x.id, "recalled", reason) for x in p.lines if x.state == "open"])
    history.write([Fact(o.id, "placing", f"{p.number} 不再下单：{reason}") for o in p.orders])
    advance.settle([o.id for o in p.orders])


def line_closed(p: BuyPurchase, order: SupplierOrder, reason: str, *, recalled: bool) -> None:
    """A factory has one of several lines no more: its pieces are free, because we wanted them back or for another."""
    line_no, sku, _ = order.lines[0]
    gone = [x for x in p.lines if (x.offer_ref == line_no if line_no else x.spec_ref == sku)]
    answer = "recalled" if recalled else "refused"
    purchases.answer_lines([(x.id, answer, reason) for x in gone if x.state in {"open", "accepted"}])
    history.write(
        [Fact(x.order_id, "answered", f"{p.supplier} 不再发其中一种商品（{p.number}）：{reason}") for x in gone]
    )
    advance.settle([o.id for o in p.orders])


def closed(p: BuyPurchase, reason: str) -> None:
    """The supplier's platform closed it: what was not shipped is free for another supplier."""
    _free(p, "refused", reason)
