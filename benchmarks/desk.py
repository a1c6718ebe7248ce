"""The order desk at many orders: the product's reads as the bound role, beside hand-written SQL for the same page.

``python benchmarks/desk.py [--small 10000] [--large 1000000] [--write]`` imports two thousand orders, multiplies them
by set-based SQL into the real tables (give ``--large 10000000`` for ten million), and measures the list of every tab,
the counts, search by number, filter by shop and days, and the pages that follow. A process of its own does the reading,
as the web process would, for its memory.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import ground

from daifa.areas.accounts.services import shops
from daifa.areas.orders.models import TABS
from daifa.base import bulk
from daifa.base.actor import SYSTEM
from daifa.base.tenancy import tenant
from daifa.flows import dispatching, import_run
from daifa.reads import order_desk
from daifa.reads.order_filters import OrderFilter

TEMPLATE = 2000
LIVE = 10  # Of the copies so many still move (20,000 orders); the others are history.
SHOPS = 5
TIMES = 40

# Ids keep their order: eight digits of the copy's number, then the tail of the template's.
ID = "(lpad(to_hex(k), 8, '0') || substr(replace({}::text, '-', ''), 9))::uuid"
PAST = "k * interval '6 hours'"  # a million orders are four months of 8,000 a day
OVER = f"CASE WHEN k >= {LIVE} THEN (ARRAY['done', 'shipped', 'done', 'closed'])[1 + mod(k, 4)] ELSE t.tab END"
STEP = f"CASE WHEN k >= {LIVE} THEN (ARRAY['done', 'follow', 'done', 'closed'])[1 + mod(k, 4)] ELSE t.step END"
TABLES: dict[str, dict[str, str]] = {
    "orders_order": {
        "id": ID.format("t.id"), "external_id": "t.external_id || lpad(k::text, 6, '0')",
        "shop_id": "(%(shops)s::uuid[])[1 + mod(k, {shops})]", "tab": OVER, "step": STEP,
        "ordered_at": f"t.ordered_at - {PAST}", "paid_at": f"t.paid_at - {PAST}", "due_by": f"t.due_by - {PAST}",
        "day": f"((t.paid_at - {PAST}) AT TIME ZONE 'Asia/Shanghai')::date",
    },
    "orders_orderperson": {"id": ID.format("t.id"), "order_id": ID.format("t.order_id")},
    "orders_line": {"id": ID.format("t.id"), "order_id": ID.format("t.order_id")},
    "orders_hold": {"id": ID.format("t.id"), "order_id": ID.format("t.order_id")},
    "purchasing_purchaseorder": {
        "id": ID.format("t.id"), "order_id": ID.format("t.order_id"), "number": "t.number || '-' || k",
        "plain_number": "t.plain_number || '-' || k", "counter": "t.counter + k * 10000",
    },
    "purchasing_purchaseline": {
        "id": ID.format("t.id"), "order_id": ID.format("t.order_id"), "purchase_id": ID.format("t.purchase_id"),
        "assignment_id": ID.format("t.assignment_id"),
    },
}  # fmt: skip

# The same page by hand: one statement, no row security, no objects.
BY_HAND = f"""
SELECT {order_desk.COLUMNS},
  (SELECT json_agg(json_build_array(l.title, l.spec, l.quantity, l.image_url, l.match <> 'none', l.is_gift)
   ORDER BY l.n)
   FROM orders_line l WHERE l.tenant_id = o.tenant_id AND l.order_id = o.id),
  (SELECT json_agg(json_build_array(h.id, h.kind, h.reason, h.remedy)) FROM orders_hold h
   WHERE h.tenant_id = o.tenant_id AND h.order_id = o.id AND h.state = 'open'),
  (SELECT json_agg(DISTINCT jsonb_build_array(p.id, p.number, s.name, p.state)) FROM purchasing_purchaseline l
   JOIN purchasing_purchaseorder p ON p.tenant_id = l.tenant_id AND p.id = l.purchase_id
   JOIN purchasing_supplier s ON s.tenant_id = p.tenant_id AND s.id = p.supplier_id
   WHERE l.tenant_id = o.tenant_id AND l.order_id = o.id AND l.live),
  (SELECT json_agg(json_build_array(r.courier, r.tracking_number, r.state)) FROM logistics_shipmentreport r
   WHERE r.tenant_id = o.tenant_id AND r.order_id = o.id AND r.state <> 'void')
FROM orders_order o JOIN accounts_shop s ON s.tenant_id = o.tenant_id AND s.id = o.shop_id
WHERE o.tenant_id = %(tenant)s AND {{}} ORDER BY {{}} LIMIT 51
"""
DUE, NEW = "o.due_by, o.id", "o.ordered_at DESC, o.id"


def fill(number: int, orders: int) -> None:
    """Multiply the company's orders with everything the desk reads of them, up to so many."""
    with tenant(number):
        listed = [shops.create_shop(by=SYSTEM, platform="douyin", name=f"店{n}").id for n in range(SHOPS)]
    with ground.superuser() as link, link.transaction():
        link.execute("SET LOCAL session_replication_role = replica")
        for name, made in TABLES.items():
            found = link.execute(
                "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped"
                " ORDER BY attnum", [name],
            )  # fmt: skip
            columns = [str(c) for (c,) in found]
            picked = ", ".join(made.get(c, f't."{c}"').replace("{shops}", str(SHOPS)) for c in columns)
            copies = min(orders // TEMPLATE, LIVE) if name == "orders_hold" else orders // TEMPLATE
            names = ", ".join(f'"{c}"' for c in columns)
            link.execute(
                f"INSERT INTO {name} ({names}) SELECT {picked} FROM generate_series(1, {copies - 1}) AS k"
                f" CROSS JOIN {name} AS t WHERE t.tenant_id = {number}",
                {"shops": listed},
            )
    with ground.superuser() as link:
        for name in TABLES:
            link.execute(f"VACUUM ANALYZE {name}")


def prepared(name: str, orders: int, data: bytes) -> int:
    """A company with so many orders."""
    number, shop = ground.company(name, handover=True)
    import_run.perform(number, ground.receive(number, shop, data))
    with tenant(number):
        ready = dispatching.waiting(SYSTEM)
        dispatching.dispatch(by=SYSTEM, order_ids=ready[: len(ready) // 2], stale_confirmed=[shop])
    fill(number, orders)
    return number


def p95(work: Callable[[int], object]) -> float:
    """Milliseconds that 95 of 100 calls stay under; the median of three rounds."""
    rounds = []
    for _ in range(ground.REPEATS):
        taken = []
        for n in range(TIMES):
            taken.append(ground.timed(lambda n=n: work(n)) * 1000)  # type: ignore[misc]
        rounds.append(statistics.quantiles(taken, n=20)[-1])
    return ground.median(rounds)


class Desk:
    """The measured reads of one company, each by the product and by hand."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.link = ground.superuser()
        with tenant(number):
            found = bulk.select(
                "SELECT external_id, shop_id, day FROM orders_order WHERE tenant_id = {tenant} AND day IS NOT NULL"
                f" ORDER BY md5(external_id) LIMIT {TIMES}"
            )
        self.samples: list[tuple[str, UUID, date]] = [(str(a), b, c) for a, b, c in found]

    def ours(self, work: Callable[[], object]) -> None:
        """As a request does: one transaction of one company."""
        with tenant(self.number):
            work()

    def hand(self, condition: str, order: str, **params: object) -> None:
        """By hand."""
        self.link.execute(BY_HAND.format(condition, order), {"tenant": self.number, **params}).fetchall()

    def measured(self) -> dict[str, tuple[float, float]]:
        """Milliseconds (ours, by hand) of each read."""
        found: dict[str, tuple[float, float]] = {}
        for tab in ("all", *TABS):
            order = DUE if tab in {"match", "hold", "dispatch", "supplier", "report"} else NEW
            which = "true" if tab == "all" else f"o.tab = '{tab}'"
            found[f"first page of {tab}"] = (
                p95(lambda _, t=tab: self.ours(lambda: order_desk.page(OrderFilter(), SYSTEM, tab=t))),  # type: ignore[misc]
                p95(lambda _, w=which, o=order: self.hand(w, o)),  # type: ignore[misc]
            )
        counting = "SELECT tab, count(*) FROM orders_order WHERE tenant_id = %s GROUP BY tab"
        found["counts of all tabs"] = (
            p95(lambda _: self.ours(lambda: order_desk.counts(OrderFilter(), SYSTEM))),
            p95(lambda _: self.link.execute(counting, [self.number]).fetchall()),
        )
        found["search by number"] = (
            p95(lambda n: self.ours(lambda: self._page(numbers=[self.samples[n][0]]))),
            p95(lambda n: self.hand("o.external_id = %(x)s", NEW, x=self.samples[n][0])),
        )
        found["one shop, three days"] = (
            p95(lambda n: self.ours(lambda: self._page(shop=[self.samples[n][1]], **self._days(n)))),
            p95(
                lambda n: self.hand(
                    "o.shop_id = %(s)s AND o.day BETWEEN %(a)s AND %(b)s", NEW, s=self.samples[n][1],
                    a=self._days(n)["paid_from"], b=self._days(n)["paid_to"],
                )),
        )  # fmt: skip
        found["the pages that follow"] = self._following()
        return found

    def _page(self, **asked: object) -> object:
        return order_desk.page(OrderFilter(**asked), SYSTEM, tab="all")  # type: ignore[arg-type]

    def _days(self, n: int) -> dict[str, date]:
        day = self.samples[n][2]
        return {"paid_from": day - timedelta(days=1), "paid_to": day + timedelta(days=1)}

    def _following(self) -> tuple[float, float]:
        cursors, last = [""], ""
        after: list[tuple[object, object]] = []
        with tenant(self.number):
            for _ in range(TIMES):
                rows, last = order_desk.page(OrderFilter(), SYSTEM, tab="all", cursor=cursors[-1])
                cursors.append(last)
                after.append((rows[-1].ordered_at, rows[-1].id))
        ours = p95(lambda n: self.ours(lambda: order_desk.page(OrderFilter(), SYSTEM, cursor=cursors[n + 1])))
        keyset = "o.ordered_at <= %(a)s AND (o.ordered_at < %(a)s OR o.id > %(i)s)"
        return ours, p95(lambda n: self.hand(keyset, NEW, a=after[n][0], i=after[n][1]))


def one(number: int) -> None:
    """In a process of its own: measure one company and print."""
    desk = Desk(number)
    found = desk.measured()
    with open("/proc/self/status") as about:
        memory = next(int(line.split()[1]) for line in about if line.startswith("VmRSS")) / 1024
    sys.stdout.write(json.dumps({"found": found, "memory": memory}))


def main(small: int, large: int, write: bool) -> None:
    """Measure and print."""
    data, _, _ = ground.orders_file(TEMPLATE)
    sizes, results, lines = (small, large), [], []
    for size in sizes:
        began = time.perf_counter()
        number = prepared(f"desk{size}", size, data)
        sys.stderr.write(f"{size} orders made in {time.perf_counter() - began:.0f} s\n")
        argv = [sys.executable, str(Path(__file__)), "--one", str(number)]
        done = subprocess.run(argv, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(done.stderr)
        results.append(json.loads(done.stdout))
    head = ["p95 in ms"]
    for size in sizes:
        head += [f"{size:,} orders", "by hand", "ratio"]
    rows = []
    for what in results[0]["found"]:
        cells = [what]
        for result in results:
            ours, hand = result["found"][what]
            cells += [f"{ours:.1f}", f"{hand:.1f}", f"{ours / hand:.1f}"]
        rows.append(cells)
    lines += ground.table(head, rows)
    lines += [
        "",
        f"p95 of {TIMES} calls, the median of {ground.REPEATS} rounds; 50 rows a page with lines, holds, purchases and"
        f" parcels. About {LIVE * TEMPLATE:,} orders still move, the others are history. By hand: one statement as"
        " superuser, without row security and without making objects of the rows. Memory of the reading process: "
        + ", ".join(f"{r['memory']:.0f} MB at {s:,} orders" for r, s in zip(results, sizes, strict=True)) + ".",
    ]  # fmt: skip
    ground.report("Order desk", lines, write=write)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        one(int(sys.argv[2]))
    else:
        asked = ground.arguments("The order desk", small=10_000, large=1_000_000)
        with ground.installation():
            main(asked.small, asked.large, asked.write)
