"""One line, one purchase: whatever is imported, repeated, taken back, refused, or dies half-way."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from daifa.base import bulk
from daifa.base.actor import SYSTEM
from daifa.base.tenancy import tenant
from daifa.flows import dispatching, import_run, recalling, reporting, sending, undo
from daifa.kit import clock
from daifa.kit.errors import AppError
from tests.flows import files
from tests.flows.day import bring, make_shop
from tests.promises import invariants
from tests.promises.changing import DEATHS, PICK, Changing
from tests.promises.dying import Died, dying
from tests.promises.told import APPLIED, BACK, CALM, CODES, PLANS, RANKS, Export, Fact, Told, number

SUPPLIERS = ("恒达百货", "义乌优选", "宁波家居")
EXAMPLES = int(os.environ.get("DAIFA_PROMISE_EXAMPLES", "8"))
STEPS = int(os.environ.get("DAIFA_PROMISE_STEPS", "18"))
BOUGHT = (
    "SELECT o.external_id, s.code, sum(l.qty)::int FROM purchasing_purchaseline l"
    " JOIN orders_order o ON o.tenant_id = {tenant} AND o.id = l.order_id"
    " JOIN catalog_sku s ON s.tenant_id = {tenant} AND s.id = l.sku_id"
    " WHERE l.tenant_id = {tenant} AND l.live GROUP BY o.external_id, s.code"
)
ASKED = (
    "SELECT l.id, s.name FROM purchasing_purchaseline l"
    " JOIN purchasing_purchaseorder p ON p.tenant_id = {tenant} AND p.id = l.purchase_id"
    " JOIN purchasing_supplier s ON s.tenant_id = {tenant} AND s.id = p.supplier_id"
    " WHERE l.tenant_id = {tenant} AND {which} ORDER BY l.id"
)
COURIERS = itertools.count(73_000_000_000_001)


@st.composite
def facts(draw: st.DrawFn, order: int) -> Fact:
    """Anything an export may say of an order; mostly that it is paid and waits."""
    state = draw(st.sampled_from([RANKS[1]] * 6 + list(RANKS)))
    refunds = [draw(st.sampled_from([CALM] * 6 + [APPLIED, BACK])) for _ in PLANS[order]]
    return Fact(state, tuple(refunds))


@st.composite
def exports(draw: st.DrawFn) -> dict[int, Fact]:
    """The orders of one export."""
    orders = draw(st.sets(st.integers(0, len(PLANS) - 1), min_size=1, max_size=len(PLANS)))
    return {o: draw(facts(o)) for o in sorted(orders)}


def machine(numbers: itertools.count[int]) -> type[RuleBasedStateMachine]:
    """The state machine over fresh tenants."""

    class Day(Changing):
        """One merchant's day in any order."""

        def __init__(self) -> None:
            super().__init__()
            self.number = next(numbers)
            self.told = Told()
            self.made: dict[int, Export] = {}
            self.undoable: list[str] = []
            self.purchases = self.left = self.no = False
            self.returned: list[bytes] = []
            self.shop = UUID(int=0)
            self.open = False

        @initialize(first=exports(), begun=st.sampled_from([True, True, False]))
        def opens(self, first: dict[int, Fact], begun: bool) -> None:
            """The shop, its goods and suppliers, and a first export in which nearly everything is paid.

            Mostly the suppliers have their sheets already: what can go wrong later should not be rare.
            """
            self.shop, self.open = make_shop(self.number), True
            bring(self.number, "商品.csv", files.goods(*CODES))
            rows = [(s, c, f"{5 + i + j}.35") for i, s in enumerate(SUPPLIERS) for j, c in enumerate(CODES)]
            bring(self.number, "报价.csv", files.prices(*rows))
            paid = {o: Fact(RANKS[1], (CALM,) * len(PLANS[o])) for o in range(len(PLANS))}
            self.exported({**paid, **{o: fact for o, fact in first.items() if o < 2}}, 30, None)
            if begun:
                self.dispatches(None, 1)
                self.sends(None, 1)

        # --- what a verb may meet -----------------------------------------------------------------------------

        def deed(self, verb: Callable[[], Any], dies: int | None, times: int = 1) -> Any:
            """One transaction of one verb, perhaps dying in the middle, perhaps done again at once."""
            done = None
            for _ in range(times):
                try:
                    with dying(dies), tenant(self.number):
                        done = verb()
                except Died:
                    done = None
                except AppError:
                    done = None
                dies = None
            return done

        def file(self, name: str, data: bytes, dies: int | None, **more: Any) -> dict[str, Any]:
            """A file is dropped; when the process dies, the job is taken up again and the person drops it once more."""
            try:
                with dying(dies):
                    return dict(bring(self.number, name, data, **more))
            except Died:
                with tenant(self.number):
                    left = bulk.select(
                        "SELECT id FROM mailroom_import WHERE tenant_id = {tenant} AND state IN ('queued', 'running')"
                    )
                for (import_id,) in left:
                    import_run.perform(self.number, import_id)
                return dict(bring(self.number, name, data, **more))

        def pick(self, sql: str, pick: int) -> Any:
            """One of the rows found, or None."""
            with tenant(self.number):
                found = bulk.select(sql)
            return found[pick % len(found)] if found else None

        # --- files from the platform --------------------------------------------------------------------------

        @rule(said=exports(), minute=st.integers(0, 179), dies=DEATHS)
        def exported(self, said: dict[int, Fact], minute: int, dies: int | None) -> None:
            """A new export, of any moment of the morning: older ones may come later."""
            if minute not in self.made:
                self.made[minute] = Export(minute, {o: self.true(o, minute, fact) for o, fact in said.items()})
                self.imports(self.made[minute], dies)

        def true(self, order: int, minute: int, fact: Fact) -> Fact:
            """The fact with refunds as a platform tells them: money that went back stays back."""
            at = [(m, e.facts[order].refunds) for m, e in self.made.items() if order in e.facts]
            refunds = []
            for line, refund in enumerate(fact.refunds):
                was = any(told[line] == BACK for m, told in at if m < minute)
                stays = all(told[line] == BACK for m, told in at if m > minute)
                refunds.append(BACK if was else APPLIED if refund == BACK and not stays else refund)
            return Fact(fact.state, tuple(refunds))

        @rule(pick=PICK, dies=DEATHS)
        def imported_again(self, pick: int, dies: int | None) -> None:
            """A file that came before comes once more."""
            known = sorted(self.made)
            self.imports(self.made[known[pick % len(known)]], dies)

        def imports(self, export: Export, dies: int | None) -> None:
            done = self.file(export.name, files.douyin(*export.rows()), dies, shop=self.shop)
            assert (done["state"], done["rejected"]) == ("done", 0), done
            self.told.exports[export.minute] = export

        # --- buying -------------------------------------------------------------------------------------------

        @rule(dies=DEATHS, times=st.integers(1, 2))
        def dispatches(self, dies: int | None, times: int) -> None:
            done = self.deed(lambda: dispatching.dispatch(by=SYSTEM, stale_confirmed=[self.shop]), dies, times)
            if done is not None:
                self.undoable.append(done.undo)
                self.purchases = True

        @precondition(lambda self: self.undoable)
        @rule(pick=PICK, dies=DEATHS, times=st.integers(1, 2))
        def takes_back(self, pick: int, dies: int | None, times: int) -> None:
            token = self.undoable[pick % len(self.undoable)]
            self.deed(lambda: undo.undo(token=token, by=SYSTEM), dies, times)

        @precondition(lambda self: self.purchases)
        @rule(dies=DEATHS, times=st.integers(1, 2))
        def sends(self, dies: int | None, times: int) -> None:
            """Nothing of an order that is over, unpaid or asks its money back leaves."""
            before, held = self.sent(), self.stopped()
            done = self.deed(lambda: sending.send(by=SYSTEM), dies, times)
            self.left = self.left or done is not None
            for order in self.told.orders():
                if order in held or not self.told.wanted(order):
                    assert self.sent().get(number(order), 0) <= before.get(number(order), 0)

        @precondition(lambda self: self.left)
        @rule(pick=PICK, dies=DEATHS)
        def sends_again(self, pick: int, dies: int | None) -> None:
            """重发 of an earlier sending."""
            row = self.pick("SELECT id FROM purchasing_dispatch WHERE tenant_id = {tenant} ORDER BY id", pick)
            if row:
                self.deed(lambda: sending.resend(by=SYSTEM, dispatch_id=row[0]), dies)

        def sent(self) -> dict[str, int]:
            with tenant(self.number):
                found = bulk.select(
                    "SELECT o.external_id, count(*) FROM purchasing_dispatchline x"
                    " JOIN purchasing_purchaseline l ON l.tenant_id = {tenant} AND l.id = x.purchase_line_id"
                    " JOIN orders_order o ON o.tenant_id = {tenant} AND o.id = l.order_id"
                    " WHERE x.tenant_id = {tenant} AND NOT x.resend GROUP BY o.external_id"
                )
            return {str(n): int(k) for n, k in found}

        # --- suppliers ----------------------------------------------------------------------------------------

        @precondition(lambda self: self.left)
        @rule(
            pick=PICK,
            said=st.sampled_from(["refused", "out_of_stock", "accepted"]),
            then=st.sampled_from(["", "", "yes", "yes, late"]),
            dies=DEATHS,
        )
        def answers(self, pick: int, said: str, then: str, dies: int | None) -> None:
            """The supplier's word; one of the three never says no, the others may think again."""
            row = self.pick(ASKED.format(which="l.live", tenant="{tenant}"), pick)
            if row and (said == "accepted" or row[1] != SUPPLIERS[2]):
                self.deed(lambda: recalling.answer(by=SYSTEM, line_ids=[row[0]], answer=said, words="说了"), dies, 2)
                self.no = self.no or said != "accepted"
                if self.no and then:
                    self.thinks_again(pick, then != "yes", None)

        @precondition(lambda self: self.no)
        @rule(pick=PICK, late=st.booleans(), dies=DEATHS)
        def thinks_again(self, pick: int, late: bool, dies: int | None) -> None:
            """A supplier who said no says yes, perhaps after the pieces went to another."""
            if late:
                self.dispatches(None, 1)
            row = self.pick(ASKED.format(which="NOT l.live", tenant="{tenant}"), pick)
            if row:
                self.deed(lambda: recalling.answer(by=SYSTEM, line_ids=[row[0]], answer="accepted"), dies, 2)

        @precondition(lambda self: self.left)
        @rule(pick=PICK, agreed=st.sampled_from([True, False, None]), dies=DEATHS)
        def recalls(self, pick: int, agreed: bool | None, dies: int | None) -> None:
            """A purchase is asked back; the answer comes now or never."""
            row = self.pick("SELECT id FROM purchasing_purchaseorder WHERE tenant_id = {tenant} ORDER BY id", pick)
            if row:
                self.deed(lambda: recalling.recall(by=SYSTEM, purchase_id=row[0], why="买家不要了"), dies)
                if agreed is not None:
                    self.deed(lambda: recalling.recall_answered(by=SYSTEM, purchase_id=row[0], agreed=agreed), None, 2)

        @precondition(lambda self: self.left)
        @rule(pick=PICK, some=st.booleans(), dies=DEATHS)
        def returns(self, pick: int, some: bool, dies: int | None) -> None:
            """A supplier's file: numbers for sent purchases, whole or one piece; or an old file again."""
            if self.returned and pick % 4 == 0:
                data = self.returned[pick % len(self.returned)]
            else:
                with tenant(self.number):
                    found = bulk.select(
                        "SELECT number, quantity FROM purchasing_purchaseorder WHERE tenant_id = {tenant}"
                        " AND sent_at IS NOT NULL ORDER BY id"
                    )
                picked = [row for i, row in enumerate(found) if (pick >> i) & 1]
                header = ["采购单号", "数量", "快递公司", "快递单号"]
                rows = [(n, "1" if some else str(q), "中通", str(next(COURIERS))) for n, q in picked]
                if not rows:
                    return
                data = files.csv_bytes(header, [dict(zip(header, r, strict=True)) for r in rows])
                self.returned.append(data)
            done = self.file("回单.csv", data, dies, kind="tracking")
            if done.get("undo"):
                self.undoable.append(str(done["undo"]))

        # --- shops are told -----------------------------------------------------------------------------------

        @precondition(lambda self: self.returned)
        @rule(dies=DEATHS, uploaded=st.sampled_from(["no", "yes", "void"]))
        def tells(self, dies: int | None, uploaded: str) -> None:
            made = self.deed(lambda: reporting.make(reporting.shops_of(SYSTEM), by=SYSTEM), dies)
            if made is None:
                return
            ids = [f.id for f in made.files]
            if uploaded == "void":
                self.deed(lambda: reporting.void(ids, by=SYSTEM), None)
                return
            self.deed(lambda: reporting.hand_out(ids, by=SYSTEM), None)
            if uploaded == "yes":
                token = self.deed(lambda: reporting.uploaded(ids, by=SYSTEM), None)
                self.undoable += [token] if token else []

        # --- what must hold -----------------------------------------------------------------------------------

        @invariant()
        def the_books_agree(self) -> None:
            if not self.open:
                return
            with tenant(self.number):
                invariants.hold()
                stands = dict(bulk.select("SELECT external_id, state FROM orders_order WHERE tenant_id = {tenant}"))
            assert set(stands) == {number(o) for o in self.told.orders()}
            gone = {number(o) for o in self.told.orders() if self.told.state(o) == RANKS[3]}
            assert {n for n, state in stands.items() if state == "cancelled"} == gone

        @invariant()
        def nothing_is_bought_twice(self) -> None:
            for (order, code), pieces in self.bought().items():
                assert pieces <= dict(PLANS[order])[code]

        @rule()
        def everything_wanted_is_bought(self) -> None:
            """A last dispatch, and every wanted piece is bought once; for what is over nothing new is bought."""
            before = self.bought()
            self.deed(lambda: dispatching.dispatch(by=SYSTEM, stale_confirmed=[self.shop]), None)
            after = self.bought()
            elsewhere = self.shipped_by_others() | self.stopped()
            for order in self.told.orders():
                mine = {c: after.get((order, c), 0) for c in dict(PLANS[order])}
                was = {c: before.get((order, c), 0) for c in dict(PLANS[order])}
                wanted = self.told.wanted(order)
                if not wanted or order in elsewhere:
                    assert mine == was, (order, was, mine)
                else:
                    assert {c: mine[c] for c in wanted} == wanted, (order, mine)

        def bought(self) -> dict[tuple[int, str], int]:
            with tenant(self.number):
                found = bulk.select(BOUGHT)
            return {(int(n[-3:]), str(code)): int(pieces) for n, code, pieces in found}

        def shipped_by_others(self) -> set[int]:
            """Orders that the platform calls shipped and of which no piece is in a parcel of ours."""
            with tenant(self.number):
                ours = bulk.select(
                    "SELECT DISTINCT o.external_id FROM purchasing_purchaseline l"
                    " JOIN orders_order o ON o.tenant_id = {tenant} AND o.id = l.order_id"
                    " WHERE l.tenant_id = {tenant} AND l.live AND l.shipped_qty > 0"
                )
            told = {o for o in self.told.orders() if self.told.state(o) == RANKS[2]}
            return told - {int(n[-3:]) for (n,) in ours}

        def teardown(self) -> None:
            """The day ends: what is wanted is bought and sent."""
            if not self.open:
                return
            self.everything_wanted_is_bought()
            self.sends(None, 1)
            self.the_books_agree()

    return Day


def test_every_piece_is_bought_once_whatever_happens(tenant_number: int) -> None:
    """Random days; ``DAIFA_PROMISE_EXAMPLES`` and ``DAIFA_PROMISE_STEPS`` make them many and long."""
    numbers = itertools.count(tenant_number * 10_000)
    with clock.frozen(clock.beijing(2026, 11, 20, 12, 30)):
        run_state_machine_as_test(
            machine(numbers),
            settings=settings(
                max_examples=EXAMPLES,
                stateful_step_count=STEPS,
                deadline=None,
                derandomize="DAIFA_PROMISE_EXAMPLES" not in os.environ,
                suppress_health_check=list(HealthCheck),
                report_multiple_bugs=False,
                phases=[Phase.generate],
            ),
        )
