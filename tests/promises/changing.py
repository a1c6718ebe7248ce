"""What people change while a day runs: a recipient, a hold, a mapping, a purchase that a supplier already has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from daifa.areas.catalog.services import mappings
from daifa.areas.catalog.services.mappings import NewMapping
from daifa.base import bulk
from daifa.base.actor import SYSTEM
from daifa.base.tenancy import tenant
from daifa.flows import advance, order_deeds, order_people, recalling

PICK = st.integers(0, 1000)
DEATHS = st.one_of(st.none(), st.none(), st.integers(1, 90))
ORDERS = "SELECT id, version, external_id FROM orders_order WHERE tenant_id = {tenant} ORDER BY external_id"
LISTINGS = (
    "SELECT DISTINCT l.shop_id, l.listing_key, s.id FROM orders_line l"
    " JOIN catalog_sku s ON s.tenant_id = {tenant} AND s.code = l.merchant_code"
    " WHERE l.tenant_id = {tenant} ORDER BY l.listing_key"
)
STOPPED = (
    "SELECT DISTINCT o.external_id, o.id FROM orders_hold h"
    " JOIN orders_order o ON o.tenant_id = {tenant} AND o.id = h.order_id"
    " WHERE h.tenant_id = {tenant} AND h.kind = 'manual' AND h.state = 'open'"
    " ORDER BY o.external_id"
)
SENT = "SELECT id FROM purchasing_purchaseorder WHERE tenant_id = {tenant} AND sent_at IS NOT NULL ORDER BY id"
MOVING = (
    "SELECT id FROM purchasing_amendment WHERE tenant_id = {tenant} AND state IN ('created', 'sent', 'refused')"
    " AND kind <> 'recall' ORDER BY id"
)


class Changing(RuleBasedStateMachine):
    """Rules of second thoughts; the day itself gives ``deed`` and ``pick``."""

    number: int
    shop: UUID
    left: bool
    undoable: list[str]
    deed: Callable[..., Any]
    pick: Callable[[str, int], Any]

    def stopped(self) -> set[int]:
        """Orders that a person holds."""
        with tenant(self.number):
            return {int(n[-3:]) for n, _ in bulk.select(STOPPED)}

    @rule(pick=PICK, house=st.integers(1, 9), dies=DEATHS)
    def moves_house(self, pick: int, house: int, dies: int | None) -> None:
        """A person types another recipient into an order, whatever became of it."""
        row = self.pick(ORDERS, pick)
        if row:
            order, version, number = row
            who = {"name": f"赵{number[-1]}", "phone": f"1711234{number[-2:]}{house:02}"}
            place = {"province": "浙江省", "city": "金华市", "district": "义乌市", "address": f"新路 {house} 号 2 幢"}
            self.deed(lambda: order_people.edit(by=SYSTEM, order_id=order, version=version, **who, **place), dies)

    @rule(pick=PICK, dies=DEATHS, times=st.integers(1, 2))
    def stops(self, pick: int, dies: int | None, times: int) -> None:
        """An order is held by hand."""
        row = self.pick(ORDERS, pick)
        if row:
            self.deed(lambda: order_deeds.hold(by=SYSTEM, order_ids=[row[0]], why="等一等"), dies, times)

    @rule(pick=PICK, dies=DEATHS)
    def lets_pass(self, pick: int, dies: int | None) -> None:
        """What a person held, a person lets pass; that can be taken back."""
        row = self.pick(STOPPED, pick)
        if row:
            done = self.deed(
                lambda: order_deeds.clear_holds(by=SYSTEM, order_ids=[row[1]], kinds=["manual"], why="可以发"), dies
            )
            self.undoable += [done.undo] if done is not None else []

    @rule(pick=PICK, dies=DEATHS)
    def remaps(self, pick: int, dies: int | None) -> None:
        """A listing is matched anew, to the same goods: what is frozen stays, what comes later is the same demand."""
        row = self.pick(LISTINGS, pick)
        if row:
            shop, key, sku = row
            made = NewMapping(shop, key, True, ((sku, 1),), "person", reason="人工匹配")

            def again() -> None:
                mappings.remember(by=SYSTEM, mappings=[made])
                advance.advance([i for i, *_ in bulk.select(ORDERS)])

            self.deed(again, dies)

    @precondition(lambda self: self.left)
    @rule(pick=PICK, kind=st.sampled_from(["address", "quantity", "spec"]), dies=DEATHS)
    def amends(self, pick: int, kind: str, dies: int | None) -> None:
        """A supplier who has a purchase is told of a change."""
        row = self.pick(SENT, pick)
        if row:
            self.deed(lambda: recalling.amend(by=SYSTEM, purchase_id=row[0], kind=kind, text="改了"), dies)

    @precondition(lambda self: self.left)
    @rule(pick=PICK, state=st.sampled_from(["sent", "acknowledged", "refused", "too_late"]), dies=DEATHS)
    def answers_a_change(self, pick: int, state: str, dies: int | None) -> None:
        """What the supplier says to it."""
        row = self.pick(MOVING, pick)
        if row:
            self.deed(lambda: recalling.amendment_moved(by=SYSTEM, amendment_id=row[0], state=state), dies, 2)
