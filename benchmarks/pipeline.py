"""Files in, purchases out: the product beside two floors of the same rows in the same tables.

``python benchmarks/pipeline.py [--orders 20000] [--write]`` imports an export of so many orders (read, recorded,
matched, screened, appraised) and dispatches what waits for it. Then, in a copy of the database, as its superuser (row
security does not bind): (a) COPY of every row that the product wrote into the same tables with the same keys and
indexes, and (b) plain set-based SQL that does the work itself, from a staged file to purchase lines and history.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from uuid import UUID

import ground
import psycopg
from django.db import connections

from daifa.areas.orders.services.recording import Recorded
from daifa.base import bulk
from daifa.base.actor import SYSTEM
from daifa.base.tenancy import tenant
from daifa.flows import dispatching, import_run, order_files

# In the order of their keys.
TABLES = (
    "orders_order", "orders_orderperson", "orders_line", "orders_demand", "orders_hold", "orders_history",
    "mailroom_importrow", "purchasing_decision", "purchasing_assignment", "purchasing_purchaseorder",
    "purchasing_purchaseline",
)  # fmt: skip
STAGED = ("orders_order", "orders_orderperson", "orders_line", "orders_hold")

# The work in plain SQL, from staged rows of the file: matched by the remembered mappings, bought from the cheapest
# live offer, one purchase per order and supplier. Which orders are stopped by a hold comes with the staged rows.
FLOOR = (
    "INSERT INTO orders_order SELECT * FROM stage_orders_order",
    "INSERT INTO orders_orderperson SELECT * FROM stage_orders_orderperson",
    "INSERT INTO orders_line SELECT * FROM stage_orders_line",
    "ANALYZE orders_line",
    "INSERT INTO orders_history (tenant_id, id, created_at, order_id, at, kind, text, data, by, by_name)"
    " SELECT tenant_id, uuidv7(), now(), id, now(), 'received', '导入订单', '{}', 'system', '' FROM stage_orders_order",
    "UPDATE orders_line l SET match = CASE WHEN m.ships THEN 'matched' ELSE 'no_ship' END, mapping_id = m.id"
    " FROM catalog_listingskumapping m WHERE m.tenant_id = l.tenant_id AND m.shop_id = l.shop_id"
    " AND m.listing_key = l.listing_key AND m.live AND l.match = 'none'",
    "INSERT INTO orders_demand (tenant_id, id, created_at, order_id, line_id, cause, sku_id, n, qty, assigned_qty,"
    " shipped_qty, closed_cause) SELECT l.tenant_id, uuidv7(), now(), l.order_id, l.id, 'line', p.sku_id, 0,"
    " sum(l.quantity * p.quantity), 0, 0, '' FROM orders_line l JOIN catalog_mappingpart p"
    " ON p.tenant_id = l.tenant_id AND p.mapping_id = l.mapping_id WHERE l.match = 'matched'"
    " GROUP BY l.tenant_id, l.order_id, l.id, p.sku_id",
    "ANALYZE orders_demand",
    "INSERT INTO orders_history (tenant_id, id, created_at, order_id, at, kind, text, data, by, by_name)"
    " SELECT tenant_id, uuidv7(), now(), order_id, now(), 'matched', '“' || title || ' ' || spec || '”按记住的匹配',"
    " '{}', 'system', '' FROM orders_line WHERE match <> 'none'",
    "INSERT INTO orders_hold SELECT * FROM stage_orders_hold",
    "INSERT INTO orders_history (tenant_id, id, created_at, order_id, at, kind, text, data, by, by_name)"
    " SELECT tenant_id, uuidv7(), now(), order_id, now(), 'held', reason, '{}', 'system', '' FROM stage_orders_hold",
    "INSERT INTO purchasing_assignment (tenant_id, id, created_at, demand_id, order_id, part, supplier_id,"
    " supply_link_id, sku_id, qty, unit_fen, goods_fen, live, decided_by)"
    " SELECT d.tenant_id, uuidv7(), now(), d.id, d.order_id, 0, b.supplier_id, b.id, d.sku_id, d.qty, b.fen,"
    " b.fen * d.qty, true, 'rule' FROM orders_demand d JOIN stage_orders_order o ON o.id = d.order_id"
    " JOIN (SELECT DISTINCT ON (sku_id) sku_id, supplier_id, id, ((tiers->0->>'price')::numeric * 100)::bigint AS fen"
    "  FROM purchasing_supplylink WHERE live AND tenant_id = {tenant}"
    "  ORDER BY sku_id, (tiers->0->>'price')::numeric, id) b ON b.sku_id = d.sku_id WHERE o.tab = 'supplier'",
    "ANALYZE purchasing_assignment",
    "UPDATE orders_demand d SET assigned_qty = a.qty FROM purchasing_assignment a"
    " WHERE a.tenant_id = d.tenant_id AND a.demand_id = d.id",
    "INSERT INTO purchasing_purchaseorder (tenant_id, id, created_at, number, plain_number, day, counter, supplier_id,"
    " shop_id, order_id, state, handover, quantity, goods_fen, freight_fen, due_by, note, run, version, factory)"
    " SELECT a.tenant_id, uuidv7(), now(), 'F-' || row_number() OVER w, 'F' || row_number() OVER w, current_date,"
    " row_number() OVER (PARTITION BY a.supplier_id ORDER BY a.order_id), a.supplier_id, o.shop_id, a.order_id,"
    " 'draft', true, a.qty, a.fen, 0, o.due_by, '', 'floor', 1, '' FROM (SELECT tenant_id, supplier_id, order_id,"
    "  sum(qty) AS qty, sum(goods_fen) AS fen FROM purchasing_assignment GROUP BY 1, 2, 3) a"
    " JOIN stage_orders_order o ON o.id = a.order_id WINDOW w AS (ORDER BY a.supplier_id, a.order_id)",
    "ANALYZE purchasing_purchaseorder",
    "INSERT INTO purchasing_purchaseline (tenant_id, id, created_at, purchase_id, assignment_id, order_id, sku_id, qty,"
    " shipped_qty, unit_fen, goods_fen, freight_fen, state, answer, live)"
    " SELECT a.tenant_id, uuidv7(), now(), p.id, a.id, a.order_id, a.sku_id, a.qty, 0, a.unit_fen, a.goods_fen, 0,"
    " 'open', '', true FROM purchasing_assignment a JOIN purchasing_purchaseorder p"
    " ON p.tenant_id = a.tenant_id AND p.order_id = a.order_id AND p.supplier_id = a.supplier_id",
    "INSERT INTO orders_history (tenant_id, id, created_at, order_id, at, kind, text, data, by, by_name)"
    " SELECT tenant_id, uuidv7(), now(), order_id, now(), 'routed', '派单 ' || number, '{}', 'system', ''"
    " FROM purchasing_purchaseorder",
    "UPDATE orders_order t SET step = s.step, tab = s.tab, step_reason = s.step_reason || ' ',"
    " margin_fen = s.margin_fen, cost_fen = s.cost_fen FROM stage_orders_order s"
    " WHERE t.tenant_id = s.tenant_id AND t.id = s.id",
)  # fmt: skip


def product(number: int, shop: UUID, data: bytes) -> tuple[ground.Spent, ground.Spent, ground.Spent, int]:
    """One company's file to purchases: what reading and recording, moving on, and dispatching cost."""
    moved = [ground.Spent(0, 0)]
    moving = order_files._advance

    def advance(recorded: Sequence[Recorded]) -> None:
        moved.append(ground.spent(lambda: moving(recorded)))

    order_files._advance = advance
    import_id = ground.receive(number, shop, data)
    try:
        total = ground.spent(lambda: import_run.perform(number, import_id))
    finally:
        order_files._advance = moving
    done: list[int] = []

    def dispatch() -> None:
        with tenant(number):
            done.append(dispatching.dispatch(by=SYSTEM, stale_confirmed=[shop]).orders)

    buying = ground.spent(dispatch)
    moving_on = sum(moved[1:], moved[0])
    return total - moving_on, moving_on, buying, done[0]


def written(number: int) -> dict[str, bytes]:
    """Every row that one company's day wrote, as COPY gives it."""
    rows = {}
    with ground.superuser() as link, link.cursor() as cursor:
        for name in TABLES:
            with cursor.copy(
                f"COPY (SELECT * FROM {name} WHERE tenant_id = {number}) TO STDOUT (FORMAT binary)"
            ) as out:
                rows[name] = b"".join(out)
    return rows


def copied(
    link: psycopg.Connection[tuple[object, ...]], tables: Sequence[str], rows: dict[str, bytes], to: str
) -> None:
    """COPY rows in."""
    with link.transaction(), link.cursor() as cursor:
        for name in tables:
            with cursor.copy(f"COPY {to}{name} FROM STDIN (FORMAT binary)") as into:
                into.write(rows[name])


def empty(link: psycopg.Connection[tuple[object, ...]]) -> None:
    """Take the day away."""
    link.execute(f"TRUNCATE {', '.join(TABLES)} CASCADE")
    link.execute("CHECKPOINT")


def floors(number: int, rows: dict[str, bytes]) -> tuple[ground.Spent, ground.Spent, int]:
    """COPY and set-based SQL in a copy of the database; also how many orders the floor bought."""
    connections.close_all()
    connections["default"].close_pool()  # type: ignore[attr-defined]
    with ground.superuser("postgres") as link:
        link.execute("CREATE DATABASE floor TEMPLATE daifa")
    with ground.superuser("floor") as link:
        for name in STAGED:
            link.execute(f"CREATE UNLOGGED TABLE stage_{name} (LIKE {name})")
        empty(link)
        copies = ground.spent(lambda: copied(link, TABLES, rows, ""))
        empty(link)
        floor = ground.spent(lambda: work(link, number, rows))
        [bought] = link.execute("SELECT count(DISTINCT order_id) FROM purchasing_purchaseline").fetchone() or (0,)
    return copies, floor, int(str(bought))


def work(link: psycopg.Connection[tuple[object, ...]], number: int, rows: dict[str, bytes]) -> None:
    """The floor: stage the file's rows, then set-based statements in one transaction."""
    link.execute(f"TRUNCATE {', '.join('stage_' + name for name in STAGED)}")
    copied(link, STAGED, rows, "stage_")
    link.execute("UPDATE stage_orders_line SET match = 'none', mapping_id = NULL")
    # Whoever writes such SQL by hand also tells the planner what there is.
    link.execute(f"ANALYZE {', '.join('stage_' + name for name in STAGED)}")
    with link.transaction():
        for statement in FLOOR:
            link.execute(statement.replace("{tenant}", str(number)))


def one(orders: int) -> dict[str, object]:
    """One round in an installation of its own."""
    data, rows, columns = ground.orders_file(orders)
    number, shop = ground.company("bench", handover=True)
    reading, moving, buying, bought = product(number, shop, data)
    with tenant(number):
        [(found,)] = bulk.select("SELECT count(*) FROM orders_order WHERE tenant_id = {tenant}")
    copy, floor, floored = floors(number, written(number))
    steps = {"reading": reading, "moving": moving, "buying": buying, "copy": copy, "floor": floor}
    sizes = {"rows": rows, "columns": columns, "orders": found, "bought": bought, "floored": floored}
    return {**sizes, **{k: [s.wall, s.cpu] for k, s in steps.items()}}


def main(orders: int, write: bool) -> None:
    """Measure and print."""
    runs = ground.rounds(__file__, orders)
    last = runs[-1]
    found, bought = last["orders"], last["bought"]
    reading, moving, buying, copy, floor = (
        ground.middle([ground.Spent(*r[k]) for r in runs]) for k in ("reading", "moving", "buying", "copy", "floor")
    )
    total = reading + moving + buying
    stages = (
        ("read, recognised, recorded", reading, found),
        ("matched, screened, appraised", moving, found),
        ("dispatched (its own orders)", buying, bought),
        ("**files in → purchases out**", total, found),
        ("(a) COPY of the same rows", copy, found),
        ("(b) set-based SQL floor", floor, found),
    )
    lines = [
        f"{last['rows']:,} rows × {last['columns']} columns of xlsx, {found:,} orders, {bought:,} of them bought"
        f" ({last['floored']:,} by the floor). Each round in a fresh installation.",
        "",
    ]
    lines += ground.table(
        ("", "seconds", "orders/s", "processor seconds", "orders per processor second"),
        [(what, f"{s.wall:.1f}", f"{n / s.wall:,.0f}", f"{s.cpu:.1f}", f"{n / s.cpu:,.0f}") for what, s, n in stages],
    )
    lines += [
        "",
        f"Reached: {100 * copy.wall / total.wall:.0f} % of COPY and {100 * floor.wall / total.wall:.0f} % of the floor"
        f" by the clock; {100 * copy.cpu / total.cpu:.0f} % and {100 * floor.cpu / total.cpu:.0f} % by processors"
        " (aim: 25 % of the floor, 1,000 orders/s). The product also reads and parses the xlsx, seals recipients,"
        " opens them to judge addresses, judges holds, ranks suppliers with reasons and works out margins; the floors"
        " do not.",
    ]
    ground.report("Pipeline", lines, write=write)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--round"]:
        with ground.installation():
            sys.stdout.write(json.dumps(one(int(sys.argv[3]))))
    else:
        asked = ground.arguments("Files in, purchases out", orders=20_000)
        main(asked.orders, asked.write)
