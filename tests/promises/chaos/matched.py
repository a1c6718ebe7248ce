"""What a person at the matching screen says during a chaos run: ``… chaos.matched NUMBER SEED``."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Match what waits, by the words that the merchant would go by."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "daifa.entry.settings")
    import django

    django.setup()
    from daifa.areas.accounts.services import shops
    from daifa.base.actor import SYSTEM
    from daifa.base.tenancy import tenant
    from daifa.kit import clock
    from daifa.simulator import seeding
    from daifa.simulator.demo import make_demo

    known = make_demo(clock.business_day(clock.now()), int(sys.argv[2]), now=clock.now()).manifest.mappings
    with tenant(int(sys.argv[1])):
        seeding.match(SYSTEM, {s.id: s.platform for s in shops.list_shops()}, known)


if __name__ == "__main__":
    main()
