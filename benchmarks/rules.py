"""How fast the pure rules are, beside the least that anybody could do with the same text.

``python benchmarks/rules.py``. Needs no database. Each line: calls a second of one processor, and how many times as
long a call takes as its floor: addresses against normalising their text, titles against looking for one word
in every title, margins against adding up the order's amounts.
"""

from __future__ import annotations

import random
import sys
import time
import unicodedata
from collections.abc import Callable, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from daifa.areas.catalog.rules.index import CatalogueIndex
from daifa.areas.catalog.rules.matching import suggest
from daifa.areas.catalog.tests.test_matching import many_goods
from daifa.areas.catalog.types import ListingSku
from daifa.areas.finance.rules import margin_of
from daifa.areas.finance.tests.test_margin import LINE, ORDER, RATES
from daifa.kit.geo import parse_address
from daifa.kit.geo.tests.test_places import COUNTIES


def timed[T](work: Callable[[T], object], things: Sequence[T], rounds: int = 3) -> float:
    """Seconds of processor time for one thing, the best of some rounds."""
    best = float("inf")
    for _ in range(rounds):
        before = time.process_time()
        for thing in things:
            work(thing)
        best = min(best, time.process_time() - before)
    return best / len(things)


def said(name: str, ours: float, floor: float) -> None:
    """One line of the answer."""
    print(f"{name}: {1 / ours:,.0f} a second, {ours / floor:.0f} x its floor")


def addresses() -> None:
    """Addresses as suppliers and buyers write them, all in one text."""
    texts = [f"收件人:张三 13812345678 {p}{c}{d}文三路100号" for p, c, d in COUNTIES[::10]]
    said("address in one text", timed(parse_address, texts), timed(lambda t: unicodedata.normalize("NFKC", t), texts))


def titles() -> None:
    """A listing's title among fifty thousand SKUs."""
    dice, crowd = random.Random(3), CatalogueIndex(many_goods())
    known = [s.title for s in crowd.skus]
    listings = [
        ListingSku(f"【新款】{s.title}家用包邮2025", f"颜色:{s.spec}")
        for s in (dice.choice(crowd.skus) for _ in range(60))
    ]
    ours = timed(lambda listing: suggest(listing, crowd), listings)
    said("title among 50,000 SKUs", ours, timed(lambda listing: sum(listing.title[4:8] in t for t in known), listings))


def margins() -> None:
    """An order of two lines with every fee that a rate names."""
    orders = [ORDER] * 2000
    ours = timed(lambda facts: margin_of(facts, RATES), orders)
    said(
        "margin of an order",
        ours,
        timed(lambda facts: sum((LINE.receivable_fen or 0, facts.receivable_fen or 0)), orders),
    )


if __name__ == "__main__":
    addresses()
    titles()
    margins()
