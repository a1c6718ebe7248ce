"""After sending: the supplier's answers per line, recalls and changes with both sides' words, and what they free."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from daifa.areas.orders.services import history, standing
from daifa.areas.orders.services.history import Fact
from daifa.areas.purchasing.services import amendments, dispatches, purchases, recalls
from daifa.areas.purchasing.services.amendments import AmendmentView
from daifa.base.actor import Actor
from daifa.flows import advance, dispatching, following
from daifa.flows.steps import undo_purchase
from daifa.kit.errors import Conflict, Invalid

ANSWERS = {"accepted": "接单", "refused": "拒单", "out_of_stock": "说缺货"}


def answer(*, by: Actor, line_ids: Sequence[UUID], answer: str, words: str = "") -> int:
    """The supplier's answer to lines (accepted, refused, out_of_stock); refused pieces are free for others.

    Lines that say so already are left alone. Returns how many changed. Raises Invalid, Conflict.
    """
    if answer not in ANSWERS:
        raise Invalid("unknown_answer", f"没有“{answer}”这种答复。")
    if answer == "refused" and not words.strip():
        raise Invalid("reason_missing", "请写明为什么不能接。", fields={"reason": "请写明原因"})
    lines = recalls.lines_of(line_ids)
    for supplier_id in {x.supplier_id for x in lines}:
        by.need_supplier(supplier_id)
    todo = [x for x in lines if x.state != answer]
    if drafts := [x.number for x in todo if not x.sent]:
        raise Conflict("not_sent_yet", f"{drafts[0]} 还没有发给供应商。")
    if answer != "accepted":
        _not_on_a_platform({x.purchase_id for x in todo})
    bought = purchases.answer_lines([(x.id, answer, words.strip()) for x in todo])
    dispatches.answered(bought)
    said = f"{ANSWERS[answer]}：{words.strip()}" if words.strip() else ANSWERS[answer]
    facts = {x.order_id: f"{x.supplier} {said}（{x.number}）" for x in todo}
    history.write([Fact(i, "answered", text, by=by.key, by_name=by.name) for i, text in facts.items()])
    advance.settle(sorted(facts))
    return len(todo)


def _not_on_a_platform(purchase_ids: Collection[UUID]) -> None:
    """Raises Conflict for what a platform has: a word frees nothing that will be shipped, or it is bought twice."""
    for held in undo_purchase.with_platforms(purchase_ids):
        if held.handed:
            told = f"{held.number} 已在平台交给厂家（{held.there}），先点“追回”在平台取消分配，取消后商品自动放回待派。"
            raise Conflict("with_a_factory", told)
        told = f"{held.number} 在供应商平台上还有订单（{held.there}），先点“追回”在平台关闭或退款，关闭后自动放回待派。"
        raise Conflict("on_a_platform", told)


def recall(*, by: Actor, purchase_id: UUID, why: str, again: bool = False) -> str:
    """Ask a purchase back. A draft is cancelled at once; what was sent waits for the supplier's answer.

    ``again``: what comes free the machine may buy once more; else it waits for a person.
    Raises Invalid without a why, Conflict when it is over.
    """
    if not why.strip():
        raise Invalid("reason_missing", "请写明为什么追回。", fields={"why": "请写明原因"})
    found = recalls.get(purchase_id)
    by.need_supplier(found.supplier_id)
    if found.state == "draft":
        dispatching.withdraw(
            by=by, purchase_ids=[purchase_id], why=f"取消采购 {found.number}：{why.strip()}", again=again
        )
        return f"{found.number} 还没有发出，已直接取消"
    recalls.start_recall(purchase_id)
    amendments.create(by=by, purchase_id=purchase_id, kind="recall", text=why.strip())
    if not again:
        orders = purchases.orders_of([purchase_id]).get(purchase_id, [])
        standing.left_to_people(orders, f"{by.name} 追回 {found.number}：{why.strip()}，要买请手动派单")
    _tell(by, purchase_id, f"要求追回 {found.number}：{why.strip()}")
    connection = undo_purchase.ask_back(by=by, purchase_id=purchase_id, why=why.strip(), handed_only=again)
    if connection is not None:
        following.undone([connection])
        return f"已记下追回 {found.number}，正在供应商平台取消"
    return f"已记下追回 {found.number}，等供应商答复"


def recall_answered(*, by: Actor, purchase_id: UUID, agreed: bool, words: str = "") -> str:
    """The supplier's answer to a recall: agreed frees what is not shipped, refused leaves it on its way."""
    found = recalls.get(purchase_id)
    by.need_supplier(found.supplier_id)
    if agreed:
        _not_on_a_platform([purchase_id])
    asked = amendments.open_recall(purchase_id)
    if asked is None:
        raise Conflict("no_recall", f"{found.number} 没有在追回。")
    if asked.state == "created":
        amendments.move(asked.id, "sent")
    amendments.move(asked.id, "acknowledged" if agreed else "refused", answer=words)
    recalls.end_recall(purchase_id, agreed=agreed, words=words.strip())
    said = "同意追回" if agreed else "不能追回"
    tail = f"：{words.strip()}" if words.strip() else ""
    _tell(by, purchase_id, f"{found.supplier} {said} {found.number}{tail}")
    return f"{found.supplier}{said}{'，货已可以重新派单' if agreed else '，继续等发货'}"


def amend(*, by: Actor, purchase_id: UUID, kind: str, text: str) -> AmendmentView:
    """Note a change after sending (address, quantity, spec). Raises Invalid, Conflict."""
    found = recalls.get(purchase_id)
    by.need_supplier(found.supplier_id)
    if kind == "recall":
        raise Invalid("recall_apart", "追回请用“追回”按钮。")
    made = amendments.create(by=by, purchase_id=purchase_id, kind=kind, text=text)
    _tell(by, purchase_id, f"{found.number} 变更 {made.n}（{made.kind_label}）")
    return made


def amendment_moved(*, by: Actor, amendment_id: UUID, state: str, words: str = "") -> AmendmentView:
    """Told to the supplier, or the supplier's answer to a change. A recall is answered by ``recall_answered``."""
    before = amendments.get(amendment_id)
    by.need_supplier(recalls.get(before.purchase_id).supplier_id)
    if before.kind == "recall" and state != "sent":
        raise Invalid("recall_apart", "追回的答复请用“同意追回/不能追回”。")
    moved = amendments.move(amendment_id, state, answer=words)
    tail = f"：{words.strip()}" if words.strip() else ""
    number = recalls.get(moved.purchase_id).number
    _tell(by, moved.purchase_id, f"{number} 变更 {moved.n}（{moved.kind_label}）{moved.state_label}{tail}")
    return moved


def changes_answered(*, by: Actor, purchase_id: UUID, taken: bool, words: str = "") -> int:
    """The supplier's answer to all changes of a purchase that wait for one; returns how many. Raises Conflict."""
    waiting = [a for a in amendments.of_purchases([purchase_id]) if a.kind != "recall" and a.state in amendments.WAITS]
    if not waiting:
        raise Conflict("no_change", f"{recalls.get(purchase_id).number} 没有等您确认的变更，请刷新后再看。")
    for change in waiting:
        if change.state == "created":
            amendment_moved(by=by, amendment_id=change.id, state="sent")
        amendment_moved(by=by, amendment_id=change.id, state="acknowledged" if taken else "too_late", words=words)
    return len(waiting)


def close(*, by: Actor, purchase_id: UUID) -> str:
    """Nothing more is expected of this purchase. Raises Conflict by the life cycle."""
    found = recalls.get(purchase_id)
    by.need_supplier(found.supplier_id)
    recalls.close(purchase_id)
    _tell(by, purchase_id, f"{found.number} 完结")
    return f"{found.number} 已完结"


def _tell(by: Actor, purchase_id: UUID, text: str) -> None:
    orders = purchases.orders_of([purchase_id]).get(purchase_id, [])
    history.write([Fact(i, "purchase", text, by=by.key, by_name=by.name) for i in orders])
    advance.settle(orders)
