"""The demo company: its names, how far its making came, its shop that lives by API. Small: every start asks for it."""

from __future__ import annotations

from daifa.areas.accounts.services import people, settings, shops
from daifa.base.tenancy import tenant
from daifa.ports.world import ShopProfile
from daifa.simulator.world import COMPANY

__all__ = [
    "BEGUN", "COMPANY", "DONE", "LIVE_SHOP", "LOGIN", "MARK", "PASSWORD", "number", "throw_away_unfinished",
]  # fmt: skip

LOGIN, PASSWORD = "demo", "daifa-demo-2026"
MARK, BEGUN, DONE = "demo", "begun", "done"
LIVE_SHOP = ShopProfile("douyin", "舒宜家居直播店", "33120457")


def number() -> int | None:
    """Its number, where there is one."""
    return next((n for n, name in people.list_companies() if name == COMPANY), None)


def throw_away_unfinished() -> bool:
    """Set aside a demo company whose making was killed: half a month of orders explains nothing to anybody.

    It keeps its number and its rows; the name and the login are free again. Returns whether there was one.
    """
    there = [number for number, name in people.list_companies() if name == COMPANY]
    for number in there:
        with tenant(number):
            mark = settings.noted(MARK)
            # Killed before the first note, or any time after it.
            unfinished = mark == BEGUN or (mark is None and not shops.list_shops())
        if unfinished:
            people.retire_company(number, name=f"{COMPANY}（没有做完，已停用 {number}）")
            return True
    return False
