"""The simulated world beside the demo: its process, the clock that both live by, the demo joined to it once.

The product does not know of it: it finds a shop and a supplier account that answer at local addresses.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

FOLDER, TOLD = "world", "world.json"
ORDERS_PER_DAY = 80


def folder(home: Path) -> Path:
    """Where the world keeps its books."""
    return home / FOLDER


def prepare(home: Path) -> list[str]:
    """The world's command; from here on what this process starts lives by the world's clock."""
    from daifa.simulator.company import LIVE_SHOP

    place = folder(home)
    (place / TOLD).unlink(missing_ok=True)
    os.environ["DAIFA_CLOCK"] = str(place / "clock.json")
    shop = f"{LIVE_SHOP.company}:{LIVE_SHOP.id}:{LIVE_SHOP.name}"
    command = [sys.executable, "-m", "daifa.entry.cli", "world", "--home", str(place), "--catch-up", "--shop", shop]
    # Later on the number is whatever was chosen on the world's page.
    return command if (place / "world.sqlite").exists() else [*command, "--orders-per-day", str(ORDERS_PER_DAY)]


def page(home: Path) -> str:
    """The address of the world's own page; "" while it is not up."""
    try:
        told = json.loads((folder(home) / TOLD).read_text(encoding="utf-8"))
        return f"{told['control']}/world"
    except (OSError, ValueError):
        return ""


def joining(home: Path, public: str) -> list[str]:
    """The command that joins the demo company to the world."""
    told = str(folder(home) / TOLD)
    return [sys.executable, "-m", "daifa.entry.cli", "join-world", "--told", told, "--public", public]
