"""One day of one company as a process of its own: dropped files, buttons pressed again until they worked.

``python -m tests.promises.day_run found|run|snapshot …``; every step looks first what is done already, so that the
process may be killed anywhere and started again. Files are read and recorded by the worker's jobs, as in life.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from uuid import UUID

SUPPLIERS = ("恒达百货", "义乌优选", "宁波家居")
CODES = ("HP-001", "HP-002", "HP-003")
PARTS, CHUNK = 6, 40
LOST_SECONDS = 240


def order(i: int, **said: str) -> dict[str, str]:
    """One order of the day, to a person of its own."""
    code = CODES[i % 3]
    return {
        "主订单编号": f"69000000000{i:07}",
        "商家编码": code,
        "商品规格": code,
        "商品ID": f"35{code[-1]}",
        "商品数量": str(1 + i % 2),
        "收件人": f"王{i}",
        "收件人手机号": f"17{i:09}",
        "承诺发货时间": "2036-11-22 10:01:00",
        **said,
    }


def moved(i: int) -> dict[str, str]:
    """What a second export of the morning says of an order, if anything new."""
    if i % 17 == 0:
        return {"订单状态": "已关闭", "取消原因": "买家取消"}
    if i % 19 == 0:
        return {"售后状态": "退款成功"}
    return {"售后状态": "待商家处理"} if i % 23 == 0 else {"订单状态": "已发货"} if i % 29 == 0 else {}


def morning(count: int) -> dict[str, bytes]:
    """The exports before anything is bought."""
    from tests.flows import files

    made = {
        f"订单202611200{n}0000.csv": files.douyin(*(order(i) for i in range(count) if i % PARTS == n))
        for n in range(PARTS)
    }
    made["订单20261120090000.csv"] = files.douyin(*(order(i, **moved(i)) for i in range(count) if moved(i)))
    return made


class Day:
    """The steps of a day, each safe to repeat."""

    def __init__(self, number: int, count: int) -> None:
        self.number, self.count = number, count

    def again(self, step: Callable[[], Any]) -> Any:
        """One press of a button; when the database is gone it is pressed again."""
        from django.db import InterfaceError, OperationalError, connections

        from daifa.base.tenancy import tenant

        lost = time.monotonic() + LOST_SECONDS
        while True:
            try:
                with tenant(self.number):
                    return step()
            except (OperationalError, InterfaceError):
                if time.monotonic() > lost:
                    raise
                connections.close_all()
                time.sleep(0.2)

    def select(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows of this company."""
        from daifa.base import bulk

        return list(self.again(lambda: bulk.select(sql)))

    def bring(self, wanted: Mapping[str, bytes], kind: str = "") -> None:
        """Drop files, say whose they are, start them, and wait until the worker has recorded them all."""
        from daifa.areas.mailroom.services import imports
        from daifa.base.actor import SYSTEM
        from daifa.flows import intake
        from daifa.flows.reading import Said

        for name, data in wanted.items():
            if not self._states(wanted).get(name):
                self.again(partial(intake.receive, by=SYSTEM, name=name, data=data, kind=kind))
        self._until(wanted, lambda states: not {"reading", "new"} & set(states.values()))

        def start() -> None:
            [(shop,)] = self.shop_rows()
            waiting = [r for r in imports.list_open() if r.state == "waiting"]
            for row in waiting:
                if row.shop_id is None and kind != "tracking":
                    intake.correct(by=SYSTEM, import_id=row.id, said=Said(kind=kind, shop_id=shop))
            if waiting:
                intake.run(by=SYSTEM, import_ids=[r.id for r in waiting])

        self.again(start)
        self._until(wanted, lambda states: set(states.values()) <= {"done", "failed", "cancelled"})
        assert set(self._states(wanted).values()) == {"done"}, self._states(wanted)

    @staticmethod
    def shop_rows() -> list[tuple[UUID]]:
        """The shop."""
        from daifa.base import bulk

        return bulk.select("SELECT id FROM accounts_shop WHERE tenant_id = {tenant}")

    def _states(self, wanted: Mapping[str, bytes]) -> dict[str, str]:
        rows = self.select("SELECT guess ->> 'name', state FROM mailroom_import WHERE tenant_id = {tenant}")
        return {name: state for name, state in rows if name in wanted}

    def _until(self, wanted: Mapping[str, bytes], ready: Callable[[dict[str, str]], bool]) -> None:
        lost = time.monotonic() + LOST_SECONDS
        while not ready(states := self._states(wanted)) or len(states) < len(wanted):
            assert time.monotonic() < lost, states
            time.sleep(0.15)

    def buy(self) -> None:
        """派单 in heaps, then 全部发送, until nothing waits."""
        from daifa.base.actor import SYSTEM
        from daifa.flows import dispatching, sending
        from daifa.kit.errors import AppError

        def heap() -> bool:
            ids = dispatching.waiting(SYSTEM)[:CHUNK]
            if ids:
                dispatching.dispatch(by=SYSTEM, order_ids=ids, stale_confirmed=[s for (s,) in self.shop_rows()])
            return bool(ids)

        while self.again(heap):
            pass
        for (supplier,) in self.select("SELECT id FROM purchasing_supplier WHERE tenant_id = {tenant} ORDER BY name"):
            try:
                self.again(partial(sending.send, by=SYSTEM, supplier_ids=[supplier]))
            except AppError:
                continue

    def numbers_back(self) -> None:
        """Each supplier's file with a number for every purchase that it was sent."""
        from tests.flows import files

        header = ["采购单号", "快递公司", "快递单号"]
        for n, supplier in enumerate(SUPPLIERS):
            name = f"回单{n}.csv"
            rows = self.select(
                "SELECT p.number, o.external_id FROM purchasing_purchaseorder p"
                " JOIN purchasing_supplier s ON s.tenant_id = {tenant} AND s.id = p.supplier_id"
                " JOIN orders_order o ON o.tenant_id = {tenant} AND o.id = p.order_id"
                f" WHERE p.tenant_id = {{tenant}} AND p.sent_at IS NOT NULL AND s.name = '{supplier}' ORDER BY 2"
            )
            told = [dict(zip(header, (p, "中通", f"73{int(o[-10:]):012}"), strict=True)) for p, o in rows]
            if told:
                self.bring({name: files.csv_bytes(header, told)}, kind="tracking")

    def tell(self) -> None:
        """Ship files made, downloaded and uploaded."""
        from daifa.base.actor import SYSTEM
        from daifa.flows import reporting
        from daifa.kit.errors import AppError

        try:
            self.again(lambda: reporting.make(reporting.shops_of(SYSTEM), by=SYSTEM))
        except AppError:
            pass
        for verb, state in ((reporting.hand_out, "ready"), (reporting.uploaded, "downloaded")):
            rows = self.select(f"SELECT id FROM logistics_shipfile WHERE tenant_id = {{tenant}} AND state = '{state}'")
            for (i,) in rows:
                self.again(partial(verb, [i], by=SYSTEM))

    def live(self) -> None:
        """The whole day."""
        from tests.flows import files

        self.bring(morning(self.count))
        self.buy()
        late = [order(i, 订单状态="已关闭", 取消原因="买家取消") for i in range(self.count) if i % 31 == 1]
        self.bring({"订单20261120140000.csv": files.douyin(*late)})
        self.numbers_back()
        self.tell()
        shipped = [order(i, 订单状态="已发货") for i in range(self.count) if not moved(i) and i % 31 != 1]
        self.bring({"订单20261120180000.csv": files.douyin(*shipped)})
        self.buy()

    def snapshot(self) -> dict[str, list[Any]]:
        """Everything that the day came to, without ids and times."""
        return {name: sorted(map(list, self.select(sql))) for name, sql in SNAPSHOT.items()}


_LINE = (
    " FROM purchasing_purchaseline l"
    " JOIN purchasing_purchaseorder p ON p.tenant_id = {tenant} AND p.id = l.purchase_id"
    " JOIN purchasing_supplier s ON s.tenant_id = {tenant} AND s.id = p.supplier_id"
    " JOIN catalog_sku k ON k.tenant_id = {tenant} AND k.id = l.sku_id"
    " JOIN orders_order o ON o.tenant_id = {tenant} AND o.id = l.order_id WHERE l.tenant_id = {tenant}"
)
SNAPSHOT = {
    "orders": "SELECT external_id, state, refund, step, tab, hold_kinds, margin_fen, cost_fen, quantity FROM"
    " orders_order WHERE tenant_id = {tenant}",
    "lines": "SELECT o.external_id, l.line_key, l.quantity, l.state, l.refund, l.match FROM orders_line l JOIN"
    " orders_order o ON o.tenant_id = {tenant} AND o.id = l.order_id WHERE l.tenant_id = {tenant}",
    "demands": "SELECT o.external_id, k.code, d.qty, d.assigned_qty, d.shipped_qty, d.closed_cause FROM orders_demand d"
    " JOIN catalog_sku k ON k.tenant_id = {tenant} AND k.id = d.sku_id"
    " JOIN orders_order o ON o.tenant_id = {tenant} AND o.id = d.order_id WHERE d.tenant_id = {tenant}",
    "holds": "SELECT o.external_id, h.kind, h.state, h.reason FROM orders_hold h JOIN orders_order o"
    " ON o.tenant_id = {tenant} AND o.id = h.order_id WHERE h.tenant_id = {tenant}",
    "purchases": "SELECT o.external_id, s.name, p.state, p.quantity, p.goods_fen, p.freight_fen, k.code, l.qty,"
    " l.shipped_qty, l.goods_fen, l.freight_fen, l.state, l.live" + _LINE,
    "sendings": "SELECT o.external_id, s.name, d.state, d.resend, x.live FROM purchasing_dispatchline x"
    " JOIN purchasing_dispatch d ON d.tenant_id = {tenant} AND d.id = x.dispatch_id"
    " JOIN purchasing_supplier s ON s.tenant_id = {tenant} AND s.id = d.supplier_id"
    " JOIN purchasing_purchaseline l ON l.tenant_id = {tenant} AND l.id = x.purchase_line_id"
    " JOIN orders_order o ON o.tenant_id = {tenant} AND o.id = l.order_id WHERE x.tenant_id = {tenant}",
    "parcels": "SELECT p.tracking_number, p.courier, p.state, p.live, o.external_id, c.qty FROM logistics_parcel p"
    " JOIN logistics_parcelline c ON c.tenant_id = {tenant} AND c.parcel_id = p.id"
    " JOIN orders_order o ON o.tenant_id = {tenant} AND o.id = c.order_id WHERE p.tenant_id = {tenant}",
    "reports": "SELECT o.external_id, r.tracking_number, r.state, r.version FROM logistics_shipmentreport r"
    " JOIN orders_order o ON o.tenant_id = {tenant} AND o.id = r.order_id WHERE r.tenant_id = {tenant}",
    "claims": "SELECT state, regexp_replace(reason, 'P\\d+-[^ ]+?-\\d+', '采购单') FROM logistics_trackingclaim"
    " WHERE tenant_id = {tenant}",
    "history": "SELECT o.external_id, h.kind, count(*) FROM orders_history h JOIN orders_order o"
    " ON o.tenant_id = {tenant} AND o.id = h.order_id WHERE h.tenant_id = {tenant} GROUP BY o.external_id, h.kind",
    "imports": "SELECT guess ->> 'name', kind, state FROM mailroom_import WHERE tenant_id = {tenant}",
    "rows": "SELECT i.guess ->> 'name', r.row, r.outcome FROM mailroom_importrow r JOIN mailroom_import i"
    " ON i.tenant_id = {tenant} AND i.id = r.imported_id WHERE r.tenant_id = {tenant}",
    # The names of files that are made carry the moment.
    "tasks": r"SELECT kind, regexp_replace(title, '-\d{4}-\d{6}', ''), state, result ->> 'new', result ->> 'rejected'"
    " FROM mailroom_task WHERE tenant_id = {tenant}",
}


def found(name: str) -> int:
    """A company with a shop, goods and suppliers, ready for its day; returns its number."""
    from daifa.areas.accounts.services import people
    from tests.flows import files
    from tests.flows.day import bring, make_shop

    number, _ = people.create_company(name=name, login=f"boss-{name}", password="daifa-demo-2026", owner_name="店主")
    make_shop(number)
    bring(number, "商品.csv", files.goods(*CODES))
    rows = [(s, c, f"{5 + (i + j) % 3}.35") for i, s in enumerate(SUPPLIERS) for j, c in enumerate(CODES)]
    bring(number, "报价.csv", files.prices(*rows))
    return number


def main(argv: list[str]) -> None:
    """``found NAME`` prints the number; ``run NUMBER COUNT``; ``snapshot NUMBER`` prints JSON."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "daifa.entry.settings")
    import django

    django.setup()
    verb, *rest = argv
    if verb == "found":
        sys.stdout.write(str(found(rest[0])))
    elif verb == "run":
        Day(int(rest[0]), int(rest[1])).live()
    else:
        sys.stdout.write(json.dumps(Day(int(rest[0]), 0).snapshot(), ensure_ascii=False, default=str))


if __name__ == "__main__":
    main(sys.argv[1:])
