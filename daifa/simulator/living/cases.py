"""What may happen to after-sale cases: opened, agreed, sent back, refunded, refused, closed; silence agrees."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from daifa.ports.books import BuyerOrder, Case, CaseKind, CasePhase, OrderPhase
from daifa.ports.world import What

if TYPE_CHECKING:
    from daifa.simulator.living.world import Living

ALIVE = (CasePhase.APPLIED, CasePhase.WAIT_RETURN, CasePhase.RETURNING, CasePhase.RESENDING, CasePhase.REFUSED)
NEEDS_GOODS = (CaseKind.RETURN, CaseKind.EXCHANGE)


class LivingCases:
    """The verbs of cases."""

    def __init__(self, world: Living) -> None:
        self._world = world

    def open(self, order: BuyerOrder, kind: CaseKind, lines: Sequence[str], fen: int, reason: str,
             seconds: int = 172_800) -> Case:  # fmt: skip
        """The buyer applies; without an answer by the deadline the platform agrees for the merchant."""
        world, now = self._world, self._world.now()
        number = f"72{int(now.timestamp()):010d}{world.number('case'):07d}"
        case = Case(
            f"{order.company}/{number}", order.company, order.shop, order.id, list(lines), kind, fen, reason, now, now,
            deadline=now + timedelta(seconds=seconds),
        )  # fmt: skip
        case.history.append(f"{now.isoformat()} applied: {reason}")
        order.updated_at = now
        world.books.add(case)
        world.books.touch(order)
        world.after(seconds, "cases", "deadline", case=case.id, at=case.deadline.isoformat() if case.deadline else "")
        world.tell(What.CASE_OPENED, case)
        return case

    def _changed(self, case: Case, what: What, text: str) -> None:
        now = self._world.now()
        # The version is in whole seconds at some platforms: two changes must not look the same.
        case.updated_at = max(now, case.updated_at.replace(microsecond=0) + timedelta(seconds=1))
        case.history.append(f"{now.isoformat()} {text}")
        if (order := self.order(case)) is not None:
            order.updated_at = now
            self._world.books.touch(order)
        self._world.books.touch(case)
        self._world.tell(what, case)

    def order(self, case: Case) -> BuyerOrder | None:
        """The order the case is about."""
        company, number = case.order.split("/", 1)
        return self._world.books.order(company, number)

    def agree(self, case: Case) -> None:
        """The merchant agrees: money goes back at once, or the goods come first."""
        if case.phase not in (CasePhase.APPLIED, CasePhase.RETURNING) or case.extra.get("agreed"):
            return
        if case.kind in NEEDS_GOODS and case.phase is CasePhase.APPLIED:
            case.phase = CasePhase.WAIT_RETURN
            case.deadline = self._world.now() + timedelta(days=7)
            self._changed(case, What.CASE_AGREED, "return agreed")
            self._world.after(86400, "buyers", "send_back", case=case.id)
            self._world.after(7 * 86400, "cases", "deadline", case=case.id, at=case.deadline.isoformat())
            return
        self._changed(case, What.CASE_AGREED, "agreed")
        if case.kind in (CaseKind.EXCHANGE, CaseKind.RESHIP):
            case.phase = CasePhase.RESENDING
            self._world.books.touch(case)
            return
        case.extra["agreed"] = True
        # The payment channel takes a moment: refund success is a later event of its own.
        self._world.after(30, "cases", "money", case=case.id)

    def sent_back(self, case: Case, courier: str, number: str) -> None:
        """The buyer has posted the goods."""
        if case.phase is CasePhase.WAIT_RETURN:
            case.phase, case.return_courier, case.return_number = CasePhase.RETURNING, courier, number
            case.deadline = self._world.now() + timedelta(days=10)
            self._changed(case, What.CASE_SENT_BACK, f"sent back {number}")

    def refund(self, case: Case, fen: int | None = None) -> None:
        """Money went back; what was not shipped never will be."""
        if case.phase not in ALIVE:
            return
        case.real_fen = case.asked_fen if fen is None else fen
        case.phase, case.settled_at, case.deadline = CasePhase.DONE, self._world.now(), None
        order = self.order(case)
        if order is not None:
            self._give_back(order, case)
        self._changed(case, What.CASE_REFUNDED, f"refunded {case.real_fen}")
        if order is None:
            return
        for number in case.lines:
            line = order.line(number)
            whole = line is not None and line.refunded_fen >= line.paid_fen
            if line is not None and whole and order.phase is not OrderPhase.FINISHED:
                self._world.orders.close_line(order, number)

    def _give_back(self, order: BuyerOrder, case: Case) -> None:
        """Split the money over the lines of the case so that the parts add up."""
        left = case.real_fen or 0
        for number in case.lines:
            if (line := order.line(number)) is not None:
                part = min(left, line.paid_fen - line.refunded_fen)
                line.refunded_fen += part
                left -= part

    def refuse(self, case: Case, reason: str) -> None:
        """The merchant says no; a buyer who stays silent for a week has given in."""
        if case.phase in (CasePhase.APPLIED, CasePhase.RETURNING):
            case.phase, case.refusals = CasePhase.REFUSED, case.refusals + 1
            case.deadline = self._world.now() + timedelta(days=7)
            self._changed(case, What.CASE_REFUSED, f"refused: {reason}")
            self._world.after(7 * 86400, "cases", "deadline", case=case.id, at=case.deadline.isoformat())

    def close(self, case: Case, reason: str = "") -> None:
        """The buyer withdrew, or it lapsed."""
        if case.phase in ALIVE:
            case.phase, case.deadline = CasePhase.CLOSED, None
            self._changed(case, What.CASE_CLOSED, reason or "closed")

    def pending(self, order: BuyerOrder, line: str | None = None) -> Case | None:
        """A case that waits for an answer, of the order or of one of its lines."""
        for case in self._world.books.cases_of(order.id):
            if case.phase is CasePhase.APPLIED and (line is None or line in case.lines):
                return case
        return None

    def deadline(self, case: Case, at: str) -> None:
        """Time is up: what the platform then does by itself."""
        if case.deadline is None or case.deadline.isoformat() != at:
            return
        if case.phase is CasePhase.APPLIED:
            case.extra["by_platform"] = True
            self.agree(case)
        elif case.phase in (CasePhase.WAIT_RETURN, CasePhase.REFUSED):
            self.close(case, "lapsed")
        elif case.phase is CasePhase.RETURNING:
            self.refund(case)
