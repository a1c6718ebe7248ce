"""Doing things as a merchant would, in one call each."""

from __future__ import annotations

from uuid import UUID

from daifa.areas.accounts.services import shops
from daifa.areas.mailroom.services import imports
from daifa.base.actor import SYSTEM
from daifa.base.tenancy import tenant
from daifa.flows import import_run, intake
from daifa.flows.reading import Said


def make_shop(number: int, platform: str = "douyin", name: str = "家居旗舰店") -> UUID:
    """A shop."""
    with tenant(number):
        return shops.create_shop(by=SYSTEM, platform=platform, name=name).id


def bring(number: int, name: str, data: bytes, *, shop: UUID | None = None, kind: str = "") -> dict[str, object]:
    """Upload a file, name its shop when it has one, run it; returns state and counts."""
    with tenant(number):
        import_id = intake.receive(by=SYSTEM, name=name, data=data, kind=kind)
        intake.recognise(import_id)
        if shop is not None:
            intake.correct(by=SYSTEM, import_id=import_id, said=Said(kind=kind, shop_id=shop))
        # Not as a job besides: where workers run, two would record the same file at once.
        intake.run(by=SYSTEM, import_ids=[import_id], later=False)
    import_run.perform(number, import_id)
    with tenant(number):
        row = imports.get(import_id)
        return {"id": row.id, "state": row.state, **row.counts}
