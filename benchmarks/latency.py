"""How long an order waits for its purchase and a parcel for its upload, with the world beside us; and at what rates.

``python benchmarks/latency.py [--seconds 60] [--write]``. Orders arrive one by one at a steady rate, the dial stands at
automatic, there is no cancel window and nothing fails; then their suppliers ship, one by one at the same rate. Web,
workers, database and the world are processes on the same machine, over real HTTP at the speed of life. No document
says how often 1688 may be called: once at the rate that we begin with, then without one of ours.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import ground

from tests.promises.test_chaos import Chaos, percentiles

# What still moves so long after the last order (or parcel) is not waited for; what came before the measuring is.
PATIENCE, BEFORE = 150.0, 900.0
# p95 of what is said to be kept.
GOAL = 60.0
# 1688's start value on its card, calls a second.
BEGINNING = 5
Row = list[object]


@contextmanager
def product(folder: str, calls_per_second: int) -> Iterator[Chaos]:
    """World and product with a company that lives by API, all its goods matched."""
    chaos = Chaos(Path(folder), calls_per_second=calls_per_second)
    try:
        chaos.start()
        # A person says once what each listing is; then it is known.
        for _ in range(3):
            order(chaos, 60, 20)
            time.sleep(15)
            chaos.match()
        settled(chaos, BEFORE)
        yield chaos
    finally:
        chaos.stop()


def steadily[T](what: Iterable[T], rate: float) -> Iterator[T]:
    """One after the other, so many a second."""
    began = time.monotonic()
    for n, one in enumerate(what):
        time.sleep(max(began + n / rate - time.monotonic(), 0))
        yield one


def order(chaos: Chaos, count: int, rate: float) -> set[str]:
    """So many buyers, one after the other; the numbers of their orders."""
    numbers: set[str] = set()
    for _ in steadily(range(count), rate):
        made = chaos.door.post("/orders", {"company": "douyin", "count": 1, "calm": True})
        numbers |= {o["number"] for o in made["orders"]}
    return numbers


def settled(chaos: Chaos, patience: float = PATIENCE) -> dict[str, Any]:
    """Our books when nothing is under way any more."""
    lost = time.monotonic() + patience
    while True:
        ours: dict[str, Any] = json.loads(chaos.ask("ours", str(chaos.company["number"])))
        busy = any(state in {"ready", "calling", "unknown"} for _, state, *_ in ours["outbox"])
        if time.monotonic() > lost or not (busy or ours["inbox"]):
            return ours
        time.sleep(3)


def between(earlier: str, later: str) -> float:
    """Seconds."""
    return (datetime.fromisoformat(later) - datetime.fromisoformat(earlier)).total_seconds()


def uploads(chaos: Chaos, rate: float, ours: Mapping[str, Any], numbers: set[str]) -> tuple[int, list[float]]:
    """Ship what these orders wait for; how many parcels left, and how long each upload took by the world's books."""
    of = {row[0]: {line[0] for line in row[5] or ()} & numbers for row in ours["placements"]}
    waiting = [s for s in books(chaos)["supplies"] if s["phase"] == "paid" and of.get(s["reference"])]
    for s in steadily(waiting, rate):
        chaos.door.post(f"/supplies/{s['id']}/ship")
    settled(chaos)
    lost = time.monotonic() + PATIENCE
    while True:
        known = books(chaos)
        mine = {s["id"] for s in waiting}
        left = {n: s["shipped_at"] for s in known["supplies"] if s["id"] in mine for n in s["parcels"]}
        told = {p["number"]: p["at"] for o in known["orders"] if o["number"] in numbers for p in o["shipments"]}
        if left.keys() <= told.keys() or time.monotonic() > lost:
            return len(left), [between(left[n], told[n]) for n in left.keys() & told.keys()]
        time.sleep(3)


def books(chaos: Chaos) -> dict[str, Any]:
    """The world's side."""
    found: dict[str, Any] = chaos.door.get("/books?company=douyin")
    return found


def run(chaos: Chaos, rate: float, seconds: int, limit: str) -> tuple[Row, float]:
    """One row, and the worse of both p95 (endless when something never came)."""
    numbers = order(chaos, round(rate * seconds), rate)
    chaos.match()
    ours = settled(chaos)
    wanted = {line[0] for row in ours["placements"] for line in row[5] or ()} & numbers
    waits = [wait for number, wait in ours["speed"] if number in numbers]
    parcels, told = uploads(chaos, rate, ours, numbers)
    row: Row = [limit, f"{rate:g}", len(numbers), f"{len(waits)} / {len(wanted)}"]
    row += [" / ".join(f"{p:.1f}" for p in percentiles(waits))]
    row += [f"{len(told)} of {parcels}", " / ".join(f"{p:.1f}" for p in percentiles(told))]
    sys.stderr.write(f"{row}\n")
    whole = len(waits) >= len(wanted) and len(told) == parcels and waits and told
    return row, max(percentiles(waits)[1], percentiles(told)[1]) if whole else float("inf")


def main(seconds: int, *, write: bool) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="daifa-latency-") as folder, product(folder, BEGINNING) as chaos:
        rows = [run(chaos, rate, seconds, f"{BEGINNING} calls/s")[0] for rate in (0.3, 1.0)]
    with tempfile.TemporaryDirectory(prefix="daifa-latency-") as folder, product(folder, 1000) as chaos:
        low, high = 0.0, 10.0
        for rate in (1.0, 10.0):
            row, worst = run(chaos, rate, seconds, "none of ours")
            rows.append(row)
            low, high = (rate, high) if worst < GOAL else (low, rate)
        # The highest rate that keeps the goal, halved down to.
        while high - low > 1:
            rate = round((low + high) / 2, 1)
            row, worst = run(chaos, rate, seconds, "none of ours")
            rows.append(row)
            low, high = (rate, high) if worst < GOAL else (low, rate)
    head = [
        "1688", "orders/s", "arrived", "purchases / orders", "sight to placed, s: p50 / p95 / p99", "parcels told",
        "shipped to uploaded, s: p50 / p95 / p99",
    ]  # fmt: skip
    lines = ground.table(head, rows)
    lines += [
        "",
        f"Each rate for {seconds} s. From the first sight of an order to 1688's answer that it is placed; from the"
        " moment when it left its supplier to the moment when the shop had its number, both by the world's books. The"
        f" highest rate with both p95 under {GOAL:.0f} s: {low:g} a second.",
    ]  # fmt: skip
    ground.report("From sight to purchase, from parcel to upload", lines, write=write, runs=1)


if __name__ == "__main__":
    asked = ground.arguments("From sight to purchase", seconds=60)
    sys.stderr.write("world and product are starting\n")
    main(asked.seconds, write=asked.write)
