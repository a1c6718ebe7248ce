"""What a merchant's files have said of orders, kept beside the product: what it must have come to, whoever reads it.

Independent of the product's merge rule: a file is the facts of some orders at one moment of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

RANKS = ("待支付", "待发货", "已发货", "已关闭")
CODES = ("HP-001", "HP-002", "HP-003")
APPLIED, BACK, CALM = "待商家处理", "退款成功", "-"


@dataclass(frozen=True, slots=True)
class Fact:
    """What one file says of one order: its state, and of each of its lines the refund."""

    state: str
    refunds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Export:
    """One export: at its own minute of the day, with some orders (by their place in ``PLANS``)."""

    minute: int
    facts: Mapping[int, Fact]

    @property
    def name(self) -> str:
        """The file's name, with the moment."""
        return f"订单20261120{9 + self.minute // 60:02}{self.minute % 60:02}00.csv"

    def rows(self) -> list[dict[str, str]]:
        """The rows of the platform's file."""
        return [
            {
                "主订单编号": number(order),
                "子订单编号": f"{number(order)}{line}",
                "商家编码": code,
                "商品规格": code,
                "商品ID": f"35{code[-1]}",
                "商品数量": str(pieces),
                "订单应付金额": f"{39 * pieces}.90",
                "收件人": f"王{order // 2}",
                "收件人手机号": f"170123456{order // 2:02}",
                "订单状态": fact.state,
                "支付完成时间": "" if fact.state == RANKS[0] else "2026-11-20 08:00:00",
                "售后状态": refund,
                "取消原因": "买家取消" if fact.state == RANKS[3] else "",
            }
            for order, fact in sorted(self.facts.items())
            for line, ((code, pieces), refund) in enumerate(zip(PLANS[order], fact.refunds, strict=True))
        ]


# Orders 2k and 2k+1 go to the same person, with different goods: they travel in one box where one supplier has both.
PLANS: tuple[tuple[tuple[str, int], ...], ...] = (
    (("HP-001", 1),),
    (("HP-002", 2),),
    (("HP-001", 3), ("HP-003", 1)),
    (("HP-002", 1),),
    (("HP-003", 2),),
    (("HP-001", 1), ("HP-002", 1)),
)


def number(order: int) -> str:
    """The platform's number of an order."""
    return f"69000000000000{order:03}"


@dataclass(slots=True)
class Told:
    """Everything imported so far."""

    exports: dict[int, Export] = field(default_factory=dict)

    def orders(self) -> set[int]:
        """Every order ever named."""
        return {o for e in self.exports.values() for o in e.facts}

    def _facts(self, order: int) -> list[Fact]:
        return [e.facts[order] for _, e in sorted(self.exports.items()) if order in e.facts]

    def state(self, order: int) -> str:
        """The farthest state ever told: states only move on, cancelled is the last."""
        return max((f.state for f in self._facts(order)), key=RANKS.index)

    def refunds(self, order: int) -> list[str]:
        """Of each line: money back once is back for ever, else what the newest file says."""
        lines = zip(*(f.refunds for f in self._facts(order)), strict=True)
        return [BACK if BACK in said else said[-1] for said in lines]

    def over(self, order: int) -> bool:
        """Cancelled, or all money back: nothing may be bought for it any more."""
        return self.state(order) == RANKS[3] or set(self.refunds(order)) == {BACK}

    def wanted(self, order: int) -> dict[str, int]:
        """Pieces by code that a paid, unheld order demands; nothing of one that is unpaid, over, or asks money back."""
        refunds = self.refunds(order)
        if self.over(order) or self.state(order) == RANKS[0] or APPLIED in refunds:
            return {}
        return {code: n for (code, n), refund in zip(PLANS[order], refunds, strict=True) if refund != BACK}
