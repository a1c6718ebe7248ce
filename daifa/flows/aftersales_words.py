"""What may be due after a refund or cancel met a purchase: kinds of steps, their names, how long each may take."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from daifa.kit.values import dataclass


class StepKind(StrEnum):
    """One thing to be done; at most one of a kind per order and purchase."""

    ANSWER_BUYER = "answer_buyer"
    WITHDRAW = "withdraw"
    UNDO = "undo"
    UNDO_RESULT = "undo_result"
    RECALL = "recall"
    RECALL_ANSWER = "recall_answer"
    INTERCEPT = "intercept"
    INTERCEPT_ANSWER = "intercept_answer"
    RESUME = "resume"
    RETURN_PARCEL = "return_parcel"
    CLAIM = "claim"
    ASK_MONEY = "ask_money"
    SUPPLIER_REFUND = "supplier_refund"


STEP_LABELS: Mapping[StepKind, str] = {
    StepKind.ANSWER_BUYER: "答复买家",
    StepKind.WITHDRAW: "撤下采购单",
    StepKind.UNDO: "在供应商平台撤单",
    StepKind.UNDO_RESULT: "等供应商平台撤单",
    StepKind.RECALL: "通知供应商停发",
    StepKind.RECALL_ANSWER: "等供应商答复停发",
    StepKind.INTERCEPT: "请供应商拦截包裹",
    StepKind.INTERCEPT_ANSWER: "等拦截结果",
    StepKind.RESUME: "通知供应商照常发货",
    StepKind.RETURN_PARCEL: "等退件到供应商",
    StepKind.CLAIM: "向供应商索赔或自己承担",
    StepKind.ASK_MONEY: "在供应商平台申请退款",
    StepKind.SUPPLIER_REFUND: "等供应商退款",
}


@dataclass(frozen=True, slots=True)
class Hours:
    """How long each step may take before it is late."""

    answer_buyer: int = 24
    withdraw: int = 1
    undo: int = 1
    undo_result: int = 48
    recall: int = 2
    recall_answer: int = 24
    intercept: int = 2
    intercept_answer: int = 24
    resume: int = 4
    return_parcel: int = 240
    claim: int = 72
    ask_money: int = 24
    supplier_refund: int = 72

    def of(self, kind: StepKind) -> int:
        """The hours of one kind of step."""
        return int(getattr(self, kind.value))
