"""What goes by itself is no work of the day: the station of numbers and its notes."""

from __future__ import annotations

from daifa.areas.accounts.services import connections
from daifa.areas.mailroom.tests import test_boxes as boxes
from daifa.areas.purchasing.services import placements
from daifa.base import bulk
from daifa.base.actor import SYSTEM
from daifa.base.tenancy import tenant
from daifa.flows import advance
from daifa.flows.steps import route
from daifa.kit import clock
from daifa.reads import order_desk, today
from daifa.reads.order_filters import OrderFilter
from tests.reads.test_today import NOW, _day


def test_what_goes_by_itself_is_no_work_of_the_day(tenant_number: int) -> None:
    with clock.frozen(NOW):
        _day(tenant_number)
        with tenant(tenant_number):
            sent = order_desk.ids(OrderFilter(step=("dispatch",)), SYSTEM)
            route.dispatch(sent, by=SYSTEM, run="r")
            where = boxes.connected()

            def said() -> tuple[int, int, dict[str, int]]:
                seen = today.stations(SYSTEM)
                found = {s.key: s.count for s in seen.stations}
                return seen.unsent, found["tracking"], {w.what: w.orders for w in seen.waiting}

            assert said() == (len(sent), 0, {})
            bulk.select(
                "UPDATE purchasing_supplier SET channel = 'api', connection_id = %s WHERE tenant_id = {tenant}"
                " RETURNING id",
                [where],
            )
            assert said() == (0, 0, {"接口自动下单": len(sent)})
            connections.move(where, "revoked", "对方收回")
            assert said() == (0, 0, {"下单账号恢复授权": len(sent)}), "the sending screen has nothing of it either"
            connections.move(where, "working", "")
            bulk.select(
                "UPDATE purchasing_purchaseorder SET state = 'sent', sent_at = now() WHERE tenant_id = {tenant}"
                " RETURNING id"
            )
            advance.settle(sent)
            assert said() == (0, len(sent), {}), "sent by hand before its supplier took orders by API"
            for n, (purchase,) in enumerate(
                bulk.select("SELECT id FROM purchasing_purchaseorder WHERE tenant_id = {tenant}")
            ):
                placements.intend(
                    purchase_id=purchase, connection_id=where, reference=f"P{n}-1", attempt=1, quoted_fen=100
                )
            assert said() == (0, 0, {"接口供应商发货，单号自动回来": len(sent)})
            # An account that does not work leaves it to a person.
            connections.move(where, "revoked", "对方收回")
            assert said() == (0, len(sent), {})
            # Of one order another part has its number: it waits further on, not with this supplier's.
            bulk.select(
                "UPDATE orders_order SET step = 'report', tab = 'report' WHERE tenant_id = {tenant} AND id = %s"
                " RETURNING id",
                [sent[0]],
            )
            [station] = [s for s in today.stations(SYSTEM).stations if s.key == "tracking"]
            assert (station.count, sum(int(n.split()[-1]) for n in station.notes)) == (len(sent) - 1, len(sent) - 1)
