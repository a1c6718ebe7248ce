"""Taking a purchase back at the supplier's platform: noted for each of its orders, once, and what came of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from daifa.areas.mailroom.services import outbox
from daifa.areas.mailroom.services.outbox import Want
from daifa.areas.orders.services import history
from daifa.areas.orders.services.history import Fact
from daifa.areas.purchasing.rules.lifecycles import HANDED_LABELS, PLACEMENT
from daifa.areas.purchasing.services import purchases, recalls
from daifa.base.actor import Actor
from daifa.flows.undo_policy import There, ThereOrder, standing, unclaimed
from daifa.kit.errors import Conflict
from daifa.kit.values import dataclass
from daifa.ports.supplier_api import RefundStage
from daifa.reads import undo_facts
from daifa.reads.undo_facts import Attempt

CANCEL, REFUND = "cancel", "refund"
BY = Actor(key="automatic", name="自动撤单", permissions=frozenset({"*"}), via="system")


def there_of(attempt: Attempt | None) -> There | None:
    """A purchase at the supplier's platform in the policy's words."""
    if attempt is None:
        return None
    orders = tuple(
        ThereOrder(
            external_id=o.external_id,
            # That we paid is known before the order is read again.
            state="paid" if attempt.paid and o.state == "unpaid" else o.state,
            refund=RefundStage(o.refund),
            total_fen=o.total_fen,
            refunded_fen=o.refunded_fen,
            deed=o.deed,
            back=o.back,
            refund_ref=o.refund_ref,
        )
        for o in attempt.orders
    )
    return There(
        attempt.state, attempt.paid, attempt.paying, attempt.whole, attempt.wanted,
        attempt.automatic, orders, attempt.handed,
    )  # fmt: skip


def load(purchase_ids: Sequence[UUID]) -> Mapping[UUID, There]:
    """Those of these purchases that were placed by API."""
    found = {i: there_of(a) for i, a in undo_facts.load(purchase_ids).items()}
    return {i: there for i, there in found.items() if there is not None}


def start(*, by: Actor, purchase_id: UUID, why: str) -> tuple[UUID, str]:
    """Note that what stands unshipped is to be closed or its money asked back; the purchase is being recalled.

    Returns the connection to work off, and what was noted. Raises Conflict when nothing can be taken back any more.
    """
    attempt = undo_facts.load([purchase_id]).get(purchase_id)
    todo = standing(there_of(attempt))
    if attempt is None or not todo:
        raise Conflict("nothing_to_undo", "供应商平台上没有可以撤的订单了，请刷新后再看。")
    brief = recalls.get(purchase_id)
    if brief.state != "recalling":
        recalls.start_recall(purchase_id)
    _want(attempt, todo, by=by, why=why)
    words = "、".join(f"{'申请退款' if o.state == 'paid' else '关闭'} {o.external_id}" for o in todo)
    return attempt.connection_id, _tell(by, purchase_id, f"在 {brief.supplier} 的平台撤单 {brief.number}：{words}")


@dataclass(frozen=True, slots=True)
class Held:
    """A purchase that a platform has or may have unshipped; ``there`` how it stands, ``handed`` with a factory."""

    number: str
    there: str
    handed: bool


def with_platforms(purchase_ids: Collection[UUID]) -> list[Held]:
    """Those of these purchases whose placing or hand-over may still be shipped. One that ended is none of them."""
    found = undo_facts.load(list(purchase_ids))
    return [
        Held(recalls.get(i).number, (HANDED_LABELS if a.handed else PLACEMENT.labels)[a.state], a.handed)
        for i, a in found.items()
        if a.state in {"intended", "unknown", "placed"}
    ]


def ask_back(*, by: Actor, purchase_id: UUID, why: str, handed_only: bool = False) -> UUID | None:
    """Note that a person wants a purchase back: what the platform has unshipped is closed, or its money asked back.

    ``handed_only``: leave what is bought for money, which is taken back as a whole, to who asks. Returns the
    connection to work off; None where there is nothing of it there.
    """
    attempt = undo_facts.load([purchase_id]).get(purchase_id)
    todo = standing(there_of(attempt))
    if attempt is None or not todo or (handed_only and not attempt.handed):
        return None
    before = len(outbox.of_subject([purchase_id]))
    outbox.want(
        [
            Want(
                key=f"recall:{purchase_id}:{o.external_id}:{before}", kind=CANCEL,
                connection_id=attempt.connection_id, subject_id=purchase_id, reference=o.external_id,
                data={"why": why}, by=by.key,
            )
            for o in todo
        ]
    )  # fmt: skip
    return attempt.connection_id


def ask_money(*, by: Actor, purchase_id: UUID, why: str) -> tuple[UUID, str]:
    """Note that the money of goods that came back is to be asked for. Raises Conflict when nothing is left to ask."""
    attempt = undo_facts.load([purchase_id]).get(purchase_id)
    todo = unclaimed(there_of(attempt))
    if attempt is None or not todo:
        raise Conflict("nothing_to_ask", "供应商平台上没有可以申请退款的订单了，请刷新后再看。")
    brief = recalls.get(purchase_id)
    _want(attempt, todo, by=by, why=why, back=True)
    words = "、".join(o.external_id for o in todo)
    return attempt.connection_id, _tell(
        by, purchase_id, f"在 {brief.supplier} 的平台为退回的货申请退款 {brief.number}：{words}"
    )


def _want(attempt: Attempt, todo: Sequence[ThereOrder], *, by: Actor, why: str, back: bool = False) -> None:
    # One key whatever the order's state: closing it and asking its money back are one fact, done once.
    outbox.want(
        [
            Want(
                key=_key(attempt.purchase_id, o.external_id, back=back, n=_tries(attempt, o, back=back)),
                kind=CANCEL if o.state == "unpaid" else REFUND,
                connection_id=attempt.connection_id,
                subject_id=attempt.purchase_id,
                reference=o.external_id,
                data={"why": why, "fen": o.total_fen, "undo": True, **({"back": True} if back else {})},
                by=by.key,
            )
            for o in todo
        ]
    )


def _key(purchase_id: UUID, external_id: str, *, back: bool, n: int) -> str:
    return f"undo:{purchase_id}:{external_id}:{'back' if back else 'whole'}:{n}"


def _tries(attempt: Attempt, order: ThereOrder, *, back: bool) -> int:
    """How many were taken back before they were called (the buyer changed their mind twice): the next is another."""
    rows = outbox.of_subject([attempt.purchase_id])
    return sum(
        r.reference == order.external_id and bool(r.data.get("back")) is back and r.state == "void" for r in rows
    )


def ended(p_id: UUID, *, gone: bool, why: str) -> list[UUID]:
    """What came of taking a purchase back: gone frees its pieces, else it goes on. Nothing where nobody asked.

    Returns the orders concerned; who calls brings them up to date.
    """
    brief = recalls.get(p_id)
    if brief.state != "recalling":
        return []
    try:
        recalls.end_recall(p_id, agreed=gone, words=why)
    except Conflict:
        # A part of every line left before the rest was closed: what left stays on its way.
        gone = False
        recalls.end_recall(p_id, agreed=False, words=why)
    _tell(BY, p_id, f"{brief.number} {'已在供应商平台撤掉' if gone else '没有撤掉'}：{why}")
    return purchases.orders_of([p_id]).get(p_id, [])


def is_ours(purchase_id: UUID) -> bool:
    """Whether the machine asked for this purchase back at the platform (and not a person by telephone)."""
    return any(r.data.get("undo") and not r.data.get("back") for r in outbox.of_subject([purchase_id]))


def _tell(by: Actor, purchase_id: UUID, text: str) -> str:
    orders = purchases.orders_of([purchase_id]).get(purchase_id, [])
    history.write([Fact(i, "aftersale", text, by=by.key, by_name=by.name) for i in orders])
    return text
