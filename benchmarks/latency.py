"""How long an order waits from our first sight of it to its purchase at the supplier, with the world beside us.

Orders arrive one by one at a steady rate, the dial stands at automatic, there is no cancel window and nothing fails.
Web, workers, database and the world are processes on the same machine, over real HTTP. The rates that we allow
ourselves at the platforms bind here as in life.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import ground

from tests.promises.test_chaos import Chaos, percentiles

PATIENCE = 180.0


def run(chaos: Chaos, rate: float, seconds: int) -> list[object]:
    """One row: orders at a rate, how many were placed by themselves, and the percentiles."""
    numbers: set[str] = set()
    began = time.monotonic()
    for n in range(round(rate * seconds)):
        time.sleep(max(began + n / rate - time.monotonic(), 0))
        made = chaos.door.post("/orders", {"company": "douyin", "count": 1, "calm": True})
        numbers |= {o["number"] for o in made["orders"]}
    lost, ours = time.monotonic() + PATIENCE, dict[str, Any]()
    while time.monotonic() < lost:
        time.sleep(5)
        ours = json.loads(chaos.ask("ours", str(chaos.company["number"])))
        if not any(kind == "buy" and state in {"ready", "calling", "unknown"} for kind, state, *_ in ours["outbox"]):
            break
    waits = [wait for number, wait in ours["speed"] if number in numbers]
    return [f"{rate:g} a second", len(numbers), len(waits), *(f"{p:.1f}" for p in percentiles(waits))]


def main(seconds: int, *, write: bool) -> None:
    """Measure and print."""
    rows = []
    with tempfile.TemporaryDirectory(prefix="daifa-latency-") as folder:
        chaos = Chaos(Path(folder))
        try:
            chaos.start()
            run(chaos, 0.5, 10)
            rows = [run(chaos, rate, seconds) for rate in (0.3, 1.0)]
        finally:
            chaos.stop()
    head = ["orders", "arrived", "placed by themselves", "p50 s", "p95 s", "p99 s"]
    lines = ground.table(head, rows)
    lines += [
        "",
        "Seconds from the first sight of an order to the supplier platform's answer that it is placed; the rest of the"
        " orders waited for a person with a reason (not matched, nobody supplies it by API). At 1688 we allow ourselves"
        " 5 calls a second, a placed and paid order takes about 7.",
    ]  # fmt: skip
    ground.report("From sight to purchase", lines, write=write, runs=1)


if __name__ == "__main__":
    asked = ground.arguments("From sight to purchase", seconds=60)
    sys.stderr.write("world and product are starting\n")
    main(asked.seconds, write=asked.write)
