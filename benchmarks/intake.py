"""How long a big order file takes to become orders, beside what it takes merely to read it.

``python benchmarks/intake.py [--rows 50000] [--write]`` makes its own throw-away installation and a Douyin export of
about so many rows, reads it with python-calamine and openpyxl, and imports it: reading, recording (orders, lines,
sealed recipients, history), and moving on (matching, screening, margins). Then it cancels one half-way and looks for
anything half-made. Each import runs in a process of its own, as the worker does, for its peak memory.
"""

from __future__ import annotations

import io
import json
import resource
import subprocess
import sys
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import ground
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from daifa.areas.mailroom.services import tasks
from daifa.areas.mailroom.types import ImportView
from daifa.areas.orders.services import recording
from daifa.areas.orders.services.recording import Recorded
from daifa.base import bulk
from daifa.base.actor import SYSTEM
from daifa.base.tenancy import tenant
from daifa.flows import import_run, order_files, recorders
from daifa.flows.reading import Understood

ORPHANS = {
    "orders without their person": (
        "SELECT count(*) FROM orders_order o WHERE o.tenant_id = {tenant} AND NOT EXISTS"
        " (SELECT 1 FROM orders_orderperson p WHERE p.tenant_id = {tenant} AND p.order_id = o.id)"
    ),
    "orders without their lines": (
        "SELECT count(*) FROM orders_order o WHERE o.tenant_id = {tenant} AND NOT EXISTS"
        " (SELECT 1 FROM orders_line l WHERE l.tenant_id = {tenant} AND l.order_id = o.id)"
    ),
    "orders whose rows have no fate": (
        "SELECT count(*) FROM orders_order o WHERE o.tenant_id = {tenant} AND NOT EXISTS"
        " (SELECT 1 FROM mailroom_importrow r WHERE r.tenant_id = {tenant} AND r.object_id = o.id)"
    ),
    "orders that nobody moved on": (
        "SELECT count(*) FROM orders_order o WHERE o.tenant_id = {tenant} AND o.step_reason = ''"
    ),
}


def one(number: int, import_id: UUID) -> None:
    """In a process of its own: perform one import and print its seconds and memory."""
    nothing = ground.Spent(0, 0)
    moved, written = [nothing], [nothing]
    moving, reading = order_files._advance, recorders.record

    def advance(recorded: Sequence[Recorded]) -> None:
        moved.append(ground.spent(lambda: moving(recorded)))

    def record(tenant_id: int, row: ImportView, one: Understood) -> dict[str, object]:
        found: list[dict[str, object]] = []
        written.append(ground.spent(lambda: found.append(reading(tenant_id, row, one))))
        return found[0]

    order_files._advance, recorders.record = advance, record
    total = ground.spent(lambda: import_run.perform(number, import_id))
    steps = {"total": total, "record": sum(written, nothing), "advance": sum(moved, nothing)}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(json.dumps({"peak": peak, **{k: [s.wall, s.cpu] for k, s in steps.items()}}))


def perform(number: int, import_id: UUID) -> tuple[float, dict[str, ground.Spent]]:
    """Perform an import in a fresh process: its peak memory and what each step cost."""
    argv = [sys.executable, __file__, "--one", str(number), str(import_id)]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    found = json.loads(done.stdout)
    return float(found.pop("peak")), {k: ground.Spent(*v) for k, v in found.items()}


def cancelled(number: int, import_id: UUID) -> tuple[int, str, dict[str, int]]:
    """Cancel after the second batch: orders recorded, the import's end, and what is half-made."""
    keeping = recording.record
    calls: list[int] = []
    with tenant(number):
        [(task,)] = bulk.select(
            "SELECT task_id FROM mailroom_import WHERE tenant_id = {tenant} AND id = %s", [import_id]
        )

    def record(*given: Any, **more: Any) -> list[Recorded]:
        calls.append(1)
        if len(calls) == 2:
            tasks.ask_cancel(by=SYSTEM, task_id=task)
        return keeping(*given, **more)

    recording.record = record
    try:
        import_run.perform(number, import_id)
    finally:
        recording.record = keeping
    with tenant(number):
        [(orders,)] = bulk.select("SELECT count(*) FROM orders_order WHERE tenant_id = {tenant}")
        [(state,)] = bulk.select(
            "SELECT state FROM mailroom_import WHERE tenant_id = {tenant} AND id = %s", [import_id]
        )
        return int(orders), str(state), {what: int(bulk.select(sql)[0][0]) for what, sql in ORPHANS.items()}


def calamine(data: bytes) -> None:
    """Every cell by python-calamine."""
    CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()


def openpyxl(data: bytes) -> None:
    """Every cell by openpyxl, the way that is fast for it."""
    book = load_workbook(io.BytesIO(data), read_only=True)
    for row in book.worksheets[0].iter_rows(values_only=True):
        tuple(row)


def round_of(rows: int, last: bool) -> dict[str, object]:
    """One round in an installation of its own; the last also cancels one half-way."""
    # A Douyin export has about 1.35 rows per order.
    data, found, columns = ground.orders_file(round(rows / 1.35), columns=40)
    fast, slow = ground.spent(lambda: calamine(data)), ground.spent(lambda: openpyxl(data))
    number, shop = ground.company("bench")
    peak, steps = perform(number, ground.receive(number, shop, data))
    with tenant(number):
        [(orders,)] = bulk.select("SELECT count(*) FROM orders_order WHERE tenant_id = {tenant}")
    said = ""
    if last:
        number, shop = ground.company("cancelled")
        kept, state, half = cancelled(number, ground.receive(number, shop, data))
        said = f"import {state}, {kept:,} orders kept whole; " + ", ".join(f"{what}: {n}" for what, n in half.items())
    steps |= {"fast": fast, "slow": slow}
    sizes = {"rows": found, "columns": columns, "orders": orders, "mb": len(data) / 2**20, "peak": peak, "said": said}
    return {**sizes, **{k: [s.wall, s.cpu] for k, s in steps.items()}}


def main(rows: int, write: bool) -> None:
    """Measure and print."""
    runs = ground.rounds(__file__, rows)
    last, peak = runs[-1], max(r["peak"] for r in runs)
    fast, slow, total, moving, recording = (
        ground.middle([ground.Spent(*r[k]) for r in runs]) for k in ("fast", "slow", "total", "advance", "record")
    )
    reading, recording = total - recording, recording - moving
    found, columns, orders = last["rows"], last["columns"], last["orders"]
    lines = [f"{found:,} rows × {columns} columns, {orders:,} orders, {last['mb']:.1f} MB of xlsx.", ""]
    lines += ground.table(
        ("", "seconds", "orders/s", "× calamine", "× openpyxl", "processor seconds", "× calamine", "× openpyxl"),
        [
            (
                what, f"{s.wall:.1f}", f"{orders / s.wall:,.0f}", f"{s.wall / fast.wall:.1f}",
                f"{s.wall / slow.wall:.2f}", f"{s.cpu:.1f}", f"{s.cpu / fast.cpu:.1f}", f"{s.cpu / slow.cpu:.2f}",
            )
            for what, s in (
                ("python-calamine reads it", fast),
                ("openpyxl reads it", slow),
                ("import: read, recognised, parsed", reading),
                ("import: recorded (the step alone)", recording),
                ("**file to recorded orders**", reading + recording),
                ("import: matched, screened, appraised (the step alone)", moving),
                ("**file to orders that wait for dispatch**", total),
            )
        ],
    )  # fmt: skip
    lines += [
        "",
        f"Peak memory of the importing process: {peak:.0f} MB (aim: 600). Aim of file to recorded"
        " orders: 4 × calamine. Processor seconds count our process and the database's.",
    ]
    lines += ["", f"Cancelled in its second batch: {last['said']}."]
    ground.report("Intake", lines, write=write)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        one(int(sys.argv[2]), UUID(sys.argv[3]))
    elif sys.argv[1:2] == ["--round"]:
        with ground.installation():
            sys.stdout.write(json.dumps(round_of(int(sys.argv[3]), int(sys.argv[2]) == ground.REPEATS - 1)))
    else:
        asked = ground.arguments("Import beside reading", rows=50_000)
        main(asked.rows, asked.write)
