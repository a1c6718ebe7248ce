"""What may be answered to a buyer who wants an order sent elsewhere, and whether a machine may say yes. Pure."""

from __future__ import annotations

from enum import StrEnum

from daifa.kit.values import dataclass


class Asked(StrEnum):
    """What the suppliers that have the order said of changing the address, all together."""

    NOT_ASKED = "not_asked"
    WAITING = "waiting"
    YES = "yes"
    NO = "no"


@dataclass(frozen=True, slots=True)
class MoveFacts:
    """An order and where it shall go. Counts are pieces: ``assigned`` in purchases, ``sent`` with suppliers and not
    shipped, ``shipped`` by suppliers. ``against``: what screening finds of the new address."""

    automatic: bool = False
    assigned: int = 0
    sent: int = 0
    shipped: int = 0
    gone: bool = False
    refund: bool = False
    against: tuple[str, ...] = ()
    asked: Asked = Asked.NOT_ASKED


@dataclass(frozen=True, slots=True)
class Verdict:
    """``by_itself``: the machine may agree. ``may_agree``, ``may_ask``: what a person may do; ``advice``: what they
    should; ``reasons``: why the machine does not agree."""

    by_itself: bool
    may_agree: bool
    may_ask: bool
    advice: str
    reasons: tuple[str, ...]


def judge(facts: MoveFacts) -> Verdict:
    """The verdict on one wish."""
    reasons = _reasons(facts)
    may_agree, may_ask, advice = _ways(facts)
    return Verdict(not reasons, may_agree, may_ask, advice, reasons)


def _reasons(facts: MoveFacts) -> tuple[str, ...]:
    found = []
    if not facts.automatic:
        found.append("本店没有开全自动")
    if facts.shipped or facts.gone:
        found.append("已经发货")
    elif facts.assigned or facts.sent:
        found.append("已经派单")
    if facts.refund:
        found.append("买家申请了退款")
    return (*found, *facts.against)


def _ways(facts: MoveFacts) -> tuple[bool, bool, str]:
    if facts.shipped or facts.gone:
        return False, False, "货已经发出，改不了地址：请拒绝，并告诉买家可以找快递改派"
    if not facts.sent:
        why = f"新地址有问题：{'；'.join(facts.against)}。" if facts.against else ""
        return True, False, f"{why}还没有发给供应商，同意后按新地址发"
    if facts.asked is Asked.NOT_ASKED:
        return True, True, "供应商已经有这一单：先问供应商能不能改，能改再同意；改不了就拒绝，或先追回再同意"
    if facts.asked is Asked.WAITING:
        return True, False, "已经记下改地址的变更，等供应商答复；供应商说能改再同意"
    if facts.asked is Asked.YES:
        return True, False, "供应商说能改，请同意；同意后把新地址发给供应商"
    return True, False, "供应商说改不了：请拒绝；或到采购单里追回，追回后再同意"
