"""How long a big order file takes to become orders, beside what it takes merely to read it.

``python benchmarks/intake.py [orders]`` makes its own throw-away installation, writes a Douyin export of so many
orders, and prints seconds, orders per second, peak memory, and the ratio to python-calamine's (or csv's) reading time.
"""

from __future__ import annotations

import io
import os
import resource
import shutil
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

HOME = tempfile.mkdtemp(prefix="daifa-bench-")
os.environ["DAIFA_HOME"] = HOME
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "daifa.entry.settings")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import django  # noqa: E402

django.setup()

from openpyxl import Workbook  # noqa: E402
from python_calamine import CalamineWorkbook  # noqa: E402

from daifa.areas.accounts.services import people, shops  # noqa: E402
from daifa.areas.mailroom.services import imports  # noqa: E402
from daifa.base.actor import SYSTEM  # noqa: E402
from daifa.base.tenancy import tenant  # noqa: E402
from daifa.entry import postgres, serve  # noqa: E402
from daifa.flows import dispatching, import_run, intake  # noqa: E402
from daifa.flows.reading import Said  # noqa: E402
from daifa.kit.tabular.read import read_file  # noqa: E402
from daifa.simulator import demo  # noqa: E402


def _workbook(data: bytes) -> bytes:
    """The same rows as xlsx, as a merchant would save them."""
    [sheet] = read_file(data, "a.csv")
    book = Workbook(write_only=True)
    page = book.create_sheet("订单")
    for row in sheet.rows:
        page.append(["" if c is None else str(c) for c in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def main(orders: int) -> None:
    """Measure and print."""
    serve.start_database()
    serve.migrate()
    folder = Path(HOME) / "files"
    [entry] = demo.scale(folder, "douyin", orders, date(2026, 11, 25))
    data = _workbook((folder / entry.path).read_bytes())
    began = time.perf_counter()
    CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    reading = time.perf_counter() - began
    number, _ = people.create_company(name="bench", login="bench", password="a-long-bench-word")
    with tenant(number):
        shop = shops.create_shop(by=SYSTEM, platform="douyin", name="bench").id
    made = demo.make_demo(date(2026, 11, 25), days=2)
    for setup in made.manifest.setup:
        _bring(number, setup.path.rsplit("/", 1)[-1], made.files[setup.path])
    with tenant(number):
        import_id = intake.receive(by=SYSTEM, name="big.xlsx", data=data)
        intake.recognise(import_id)
        intake.correct(by=SYSTEM, import_id=import_id, said=Said(shop_id=shop))
        intake.run(by=SYSTEM, import_ids=[import_id], later=False)
    began = time.perf_counter()
    import_run.perform(number, import_id)
    recording = time.perf_counter() - began
    began = time.perf_counter()
    with tenant(number):
        bought = dispatching.dispatch(by=SYSTEM, stale_confirmed=[shop])
    buying = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"file: {entry.rows} rows, {entry.orders} orders, calamine reads it in {reading:.2f} s")
    print(f"recorded, matched, screened, appraised: {recording:.1f} s = {orders / recording:.0f} orders/s")
    print(f"ratio to reading: {recording / reading:.1f}; peak memory of the process {peak:.0f} MB")
    print(f"dispatched {bought.orders} orders in {buying:.1f} s = {bought.orders / buying:.0f} orders/s")


def _bring(number: int, name: str, data: bytes) -> None:
    with tenant(number):
        import_id = intake.receive(by=SYSTEM, name=name, data=data)
        intake.recognise(import_id)
        if intake.why_not_ready(imports.get(import_id)):
            return
        intake.run(by=SYSTEM, import_ids=[import_id], later=False)
    import_run.perform(number, import_id)


if __name__ == "__main__":
    try:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 5000)
    finally:
        postgres.stop(Path(HOME))
        shutil.rmtree(HOME, ignore_errors=True)
