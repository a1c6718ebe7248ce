"""A factory bound to a shop, as a supplier by API: what is "placed" is the shop's own line, given to it over there.

Nothing carries our reference there; the numbers of the lines do its work. They are known before the call, kept with
its intent, and asked after one by one, so that a lost answer is never a second hand-over. No money moves by this API.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NoReturn

from daifa.kit.values import dataclass
from daifa.ports.errors import NotSupported, NotThere, OutcomeUnknown, Refused, RemoteError, Unavailable
from daifa.ports.factory_api import Assignment, AssignState, FactoryApi, FactoryDialect
from daifa.ports.shop_api import FeedTerms, Item, Page
from daifa.ports.supplier_api import (
    LeftOut,
    Paid,
    PlacedOrders,
    PlacingTerms,
    PurchaseState,
    Quote,
    SupplierOffer,
    SupplierOrder,
    Wanted,
    WantedLine,
)
from daifa.ports.transport import Granted

_STATES: Mapping[AssignState, PurchaseState] = {
    AssignState.OPEN: PurchaseState.CLOSED,
    AssignState.ASSIGNED: PurchaseState.UNPAID,
    AssignState.SHIPPED: PurchaseState.SHIPPED,
    AssignState.CANCELLED: PurchaseState.CLOSED,
}
_STANDS = frozenset({AssignState.ASSIGNED, AssignState.SHIPPED})


@dataclass(frozen=True, slots=True)
class Handed:
    """What goes to which factory: an order's lines (offer: the shop's line number, spec: its SKU). ``expected_fen``:
    what it costs by our price list; ``numbers``: the platform's own of the lines, once they are known."""

    reference: str
    order_id: str
    factory_id: str
    lines: tuple[WantedLine, ...]
    expected_fen: int
    numbers: tuple[str, ...] = ()


class FactorySupplier:
    """Implements SupplierApi over FactoryApi; ``handed`` is needed to quote, place and find."""

    def __init__(self, api: FactoryApi, handed: Handed | None = None) -> None:
        self._api = api
        self._is = handed

    @property
    def _handed(self) -> Handed:
        assert self._is is not None
        return self._is

    def quote(self, wanted: Wanted) -> Quote:
        """What our own prices say, once every line is found and free for this factory. Raises Refused, Unavailable."""
        del wanted
        there = self._api.assignable(self._handed.order_id)
        numbers = tuple(self._free(line, there).number for line in self._handed.lines)
        return Quote(self._handed.expected_fen, 0, numbers=numbers)

    def _free(self, line: WantedLine, there: Sequence[Assignment]) -> Assignment:
        found = next((a for a in there if a.is_of(line.offer_id, line.spec_id)), None)
        if found is None:
            raise Unavailable("平台的代发列表里还没有这一行商品", code="not-listed", fix="系统会自动重试")
        if found.state in _STANDS and not self._ours(found):
            raise Refused(f"代发单 {found.number} 已经交给别的厂家", code="taken", fix="请先在平台后台取消分配")
        return found

    def _ours(self, there: Assignment) -> bool:
        return there.factory_id in {"", self._handed.factory_id}

    def place(self, wanted: Wanted) -> PlacedOrders:
        """Hand the lines over. A no is believed only where the line is not with the factory: it may be the answer to
        a second call. Raises the first no when no line was taken."""
        del wanted
        answers = self._api.assign(self._handed.factory_id, self._handed.numbers)
        placed: list[str] = []
        left: list[LeftOut] = []
        first: RemoteError | None = None
        for line, answer in zip(self._handed.lines, answers, strict=True):
            if answer.error is None or self._with_us(answer.number, answer.error):
                placed.append(answer.number)
            else:
                first = first or answer.error
                left.append(LeftOut(line.offer_id, line.spec_id, answer.error.code, answer.error.said))
        if first is not None and not placed:
            raise first
        return PlacedOrders(tuple(placed), left_out=tuple(left))

    def _with_us(self, number: str, no: RemoteError) -> bool:
        try:
            there = self._api.assignment(number)
        except NotThere:
            return False
        except RemoteError as error:
            raise OutcomeUnknown(f"平台没有收下（{no.said}），还没能查证", code=no.code) from error
        return there.state in _STANDS and self._ours(there)

    def find(self, reference: str) -> list[SupplierOrder]:
        """The lines of this hand-over that are with the factory."""
        found = []
        for number in self._handed.numbers:
            try:
                there = self._api.assignment(number)
            except NotThere:
                continue
            if there.state in _STANDS and self._ours(there):
                found.append(order_of(there, reference))
        return found

    def fetch(self, external_id: str) -> SupplierOrder:
        """One line as it is now."""
        return order_of(self._api.assignment(external_id))

    def cancel(self, external_id: str, reason: str) -> None:
        """Take a line back; the platform asks for no reason."""
        del reason
        self._api.cancel_assignment(external_id)

    def changes(self, start: datetime, end: datetime, cursor: str = "") -> Page:
        """One page of assignable lines that changed."""
        return self._api.assignments(start, end, cursor)

    def refresh(self) -> Granted:
        """The shop's own business."""
        _none()

    def pay(self, external_ids: tuple[str, ...], amount_fen: int, key: str) -> Paid:
        """Settled outside."""
        _none()

    def pay_page(self, external_ids: tuple[str, ...]) -> Paid:
        """Settled outside."""
        _none()

    def ask_refund(self, external_id: str, amount_fen: int, reason: str, key: str) -> str:
        """Settled outside."""
        _none()

    def offer(self, offer_id: str) -> SupplierOffer:
        """A factory offers nothing: it ships the shop's own goods."""
        _none()


def _none() -> NoReturn:
    raise NotSupported("厂商代发没有这个接口", code="factory")


def order_of(there: Assignment, reference: str = "") -> SupplierOrder:
    """A line with a factory as an order at a supplier; nothing is paid there, so it stays unpaid until it ships."""
    reason = there.reason or ("平台上没有分配给厂家" if there.state is AssignState.OPEN else "")
    return SupplierOrder(
        external_id=there.number,
        reference=reference,
        state=_STATES[there.state],
        platform_state=there.state.value,
        lines=((there.line_id, there.sku_id, there.pieces),),
        seller=there.factory_id,
        parcels=there.parcels,
        close_reason=reason,
        modified_at=there.modified_at,
    )


def of_factory(order: SupplierOrder, factory: str) -> SupplierOrder | None:
    """What a reading of a line says of the factory that we gave it to ("" where the supplier is no factory).

    With another factory meanwhile it is over for ours; that another's ended (None) says nothing.
    """
    if not factory or order.seller in {"", factory}:
        return order
    if order.state is PurchaseState.CLOSED:
        return None
    return replace(order, state=PurchaseState.CLOSED, parcels=(), close_reason="在平台上改交给了别的厂家")


@dataclass(frozen=True, slots=True)
class Words:
    """What following a hand-over needs of a ``SupplierDialect``."""

    dialect: FactoryDialect

    @property
    def terms(self) -> PlacingTerms:
        """How far handing over may be trusted."""
        return self.dialect.terms

    @property
    def feed(self) -> FeedTerms:
        """How assignments are read."""
        return self.dialect.feed

    def order(self, item: Item) -> SupplierOrder:
        """A stored assignment in the words of purchases. Raises BadReply."""
        return order_of(self.dialect.assignment(item))
