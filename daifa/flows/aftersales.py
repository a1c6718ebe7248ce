"""What a person does about a refund that met a purchase: tell the supplier, note the answers, explain the money."""

from __future__ import annotations

from uuid import UUID

from daifa.areas.orders.services import history
from daifa.areas.orders.services.history import Fact
from daifa.areas.purchasing.services import amendments, recalls
from daifa.areas.purchasing.services.recalls import PurchaseBrief
from daifa.areas.support.services import steps
from daifa.areas.support.services.steps import StepView
from daifa.base import audit
from daifa.base.actor import Actor
from daifa.flows import advance, dispatching, outbox_run, recalling
from daifa.flows.aftersales_words import STEP_LABELS, StepKind
from daifa.flows.steps import undo_purchase
from daifa.flows.steps.aftersales import why_of
from daifa.kit.errors import Conflict, Invalid
from daifa.kit.money import Fen, format_yuan
from daifa.kit.values import dataclass
from daifa.reads import aftersales_desk

# Done with one press; the others need an answer (or, for the buyer, the platform's own page).
DO_VERBS = {
    StepKind.WITHDRAW: "撤下",
    StepKind.UNDO: "撤单",
    StepKind.ASK_MONEY: "申请退款",
    StepKind.RECALL: "已通知停发",
    StepKind.INTERCEPT: "已请供应商拦截",
    StepKind.RESUME: "已通知照常发货",
    StepKind.RETURN_PARCEL: "退件已到",
}
ASK_KINDS = (StepKind.RECALL_ANSWER, StepKind.INTERCEPT_ANSWER)
MONEY_KINDS = (StepKind.CLAIM, StepKind.SUPPLIER_REFUND)
_SENDING = (StepKind.WITHDRAW, StepKind.UNDO, StepKind.ASK_MONEY, StepKind.RECALL, StepKind.RECALL_ANSWER)
_THERE = {StepKind.UNDO: undo_purchase.start, StepKind.ASK_MONEY: undo_purchase.ask_money}
# Nobody does these here: what ends them comes from elsewhere.
_ELSEWHERE = {
    StepKind.ANSWER_BUYER: "请在平台后台处理，下次导入订单后自动结束",
    StepKind.UNDO_RESULT: "已经提交给供应商平台，有结果后自动继续",
}


@dataclass(frozen=True, slots=True)
class _Doing:
    step: StepView
    kind: StepKind
    purchase: PurchaseBrief | None

    @property
    def bought(self) -> PurchaseBrief:
        """The purchase; only the buyer's step has none."""
        assert self.purchase is not None
        return self.purchase


def do(*, by: Actor, step_id: UUID) -> str:
    """The step is done: withdrawn, asked, told, or arrived. Raises Conflict for a step that needs an answer."""
    doing = _open(by, step_id)
    kind = doing.kind
    if kind not in DO_VERBS:
        where = _ELSEWHERE.get(kind, "请填写对方的答复")
        raise Conflict("needs_answer", f"“{STEP_LABELS[kind]}”不能直接完成：{where}。")
    if kind is StepKind.WITHDRAW:
        why = f"撤下 {doing.bought.number}：{doing.step.text}"
        dispatching.withdraw(by=by, purchase_ids=[doing.bought.id], why=why, again=True)
        said = f"{doing.bought.number} 已撤下"
    elif kind in _THERE:
        why = why_of(doing.step.text)
        connection, said = _THERE[kind](by=by, purchase_id=doing.bought.id, why=why)
        outbox_run.queue([connection])
        advance.settle([doing.step.order_id])
    elif kind is StepKind.RECALL:
        said = recalling.recall(by=by, purchase_id=doing.bought.id, why=doing.step.text, again=True)
    else:
        said = _note(by, doing)
    audit.record(by, "support.do", f"{STEP_LABELS[kind]}：{said}", kind="case_step", object_id=step_id)
    return said


def answer(*, by: Actor, step_id: UUID, agreed: bool, words: str = "") -> str:
    """The supplier's answer to a recall or an intercept. Raises Conflict where none is awaited."""
    doing = _open(by, step_id)
    if doing.kind not in ASK_KINDS:
        raise Conflict("no_answer_awaited", f"“{STEP_LABELS[doing.kind]}”不是等供应商答复的事。")
    if doing.kind is StepKind.RECALL_ANSWER:
        said = recalling.recall_answered(by=by, purchase_id=doing.bought.id, agreed=agreed, words=words)
    else:
        steps.answer(step_id, by=by, words=words.strip(), good=agreed)
        told = "能拦截，货会退回" if agreed else "拦截不了"
        tail = f"：{words.strip()}" if words.strip() else ""
        said = f"{doing.bought.supplier} 说 {doing.bought.number} {told}{tail}"
        _tell(by, doing, said)
    audit.record(by, "support.answer", said, kind="case_step", object_id=step_id)
    return said


def settle_money(*, by: Actor, step_id: UUID, refunded_fen: Fen | None = None, why: str = "") -> str:
    """The supplier gave back ``refunded_fen``, or without it the rest is written off with a reason.

    A part leaves the rest open. Raises Invalid without either, or for more than is out.
    """
    doing = _open(by, step_id)
    if doing.kind not in MONEY_KINDS:
        raise Conflict("no_money_awaited", f"“{STEP_LABELS[doing.kind]}”不是等退款的事。")
    said = _written_off(by, doing, why.strip()) if refunded_fen is None else _refunded(by, doing, refunded_fen)
    audit.record(by, "support.money", said, kind="case_step", object_id=step_id, reason=why)
    return said


def _refunded(by: Actor, doing: _Doing, fen: Fen) -> str:
    out = doing.step.amount_fen
    if fen <= 0:
        raise Invalid("bad_money", "退款金额要大于 0。", fields={"refunded_fen": "请填写大于 0 的金额"})
    if out is not None and fen > out:
        most = format_yuan(out)
        raise Invalid("too_much", f"最多还差 {most}，请核对金额。", fields={"refunded_fen": f"不能超过 {most}"})
    if out is None:
        # Nobody knows what it cost: what came back is all there is to say.
        steps.answer(doing.step.id, by=by, words=f"退回 {format_yuan(fen)}")
    rest = f"，还差 {format_yuan(out - fen)}" if out is not None and fen < out else ""
    said = f"{doing.bought.supplier} 退回 {doing.bought.number} 货款 {format_yuan(fen)}{rest}"
    data = {"purchase": str(doing.bought.id), "refunded_fen": fen}
    order = doing.step.order_id
    history.write([Fact(order, "supplier_refund", said, by=by.key, by_name=by.name, data=data)])
    advance.settle([order])
    return said


def _written_off(by: Actor, doing: _Doing, why: str) -> str:
    if not why:
        raise Invalid("reason_missing", "请写明为什么由自己承担。", fields={"words": "请写明原因"})
    steps.answer(doing.step.id, by=by, words=f"自己承担：{why}")
    out = doing.step.amount_fen
    said = f"{doing.bought.number} 的货款{'（' + format_yuan(out) + '）' if out else ''}由自己承担：{why}"
    _tell(by, doing, said)
    return said


def _note(by: Actor, doing: _Doing) -> str:
    number, supplier = doing.bought.number, doing.bought.supplier
    said = {
        StepKind.INTERCEPT: f"已请 {supplier} 拦截 {number}，等答复",
        StepKind.RESUME: f"已通知 {supplier} 照常发 {number}",
        StepKind.RETURN_PARCEL: f"{number} 的退件已到 {supplier}",
    }[doing.kind]
    steps.answer(doing.step.id, by=by, words=said)
    if doing.kind is StepKind.RESUME and doing.bought.state == "recalling" and amendments.open_recall(doing.bought.id):
        # The question is taken back: the purchase goes on as if the supplier had not agreed.
        recalling.recall_answered(by=by, purchase_id=doing.bought.id, agreed=False, words="买家不退了，照常发货")
    _tell(by, doing, said)
    return said


def _open(by: Actor, step_id: UUID) -> _Doing:
    step = steps.get(step_id)
    kind = StepKind(step.kind)
    if not (kind in MONEY_KINDS and by.may("finance.edit")):
        by.need("support.edit")
    if kind in _SENDING:
        by.need("purchasing.send")
    by.need_shop(aftersales_desk.shop_of(step.order_id))
    purchase = recalls.get(step.purchase_id) if step.purchase_id else None
    if purchase is not None:
        by.need_supplier(purchase.supplier_id)
    if step.state != "open":
        raise Conflict("step_over", "这件事已经处理过了，请刷新后再看。")
    return _Doing(step, kind, purchase)


def _tell(by: Actor, doing: _Doing, text: str) -> None:
    order = doing.step.order_id
    history.write([Fact(order, "aftersale", text, by=by.key, by_name=by.name)])
    advance.settle([order])
