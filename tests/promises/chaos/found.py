"""Found the company of a chaos run and join it to the world: ``… chaos.found WORLD.json URL`` prints its number."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

SELLERS = tuple(f"S{n:02d}" for n in range(1, 11))


def main() -> None:
    """Print the company's number."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "daifa.entry.settings")
    import django

    django.setup()
    from daifa.areas.accounts.services import settings
    from daifa.base.tenancy import tenant
    from daifa.kit import clock
    from daifa.simulator import joining, seeding
    from daifa.simulator.door import Door

    door = Door(json.loads(Path(sys.argv[1]).read_text()))
    seeder = seeding.found(clock.now(), door.seed)
    number, by = seeder.number, seeder.actor
    with tenant(number):
        # A machine's week: no person is there to see that much was spent.
        limits = {"spend_day_fen": 1_000_000_000, "spend_supplier_day_fen": 1_000_000_000}
        settings.change(by=by, values={**limits, "cancel_window_minutes": int(sys.argv[3])})
    shop = seeder.shops["douyin"]
    account = str(door.company("douyin")["shops"][0]["id"])
    joining.connect_shop(number, door, by=by, shop_id=shop, account=account, public=sys.argv[2])
    joining.connect_suppliers(number, door, by=by, sellers=SELLERS, public=sys.argv[2])
    joining.turn_dial(number, by=by, shop_id=shop)
    joining.pace(number, by=by, calls_per_second=int(sys.argv[4]))
    sys.stdout.write(json.dumps({"number": number, "shop": account}))


if __name__ == "__main__":
    main()
