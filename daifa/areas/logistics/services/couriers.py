"""The shared table of couriers, brought to the built-in one."""

from __future__ import annotations

from daifa.areas.logistics.models import Courier
from daifa.areas.logistics.rules.couriers import courier_table

_COLUMNS = ("code", "name", "aliases", "number_pattern", "codes")


def refresh_couriers() -> int:
    """Write the built-in couriers where rows differ; returns how many (none: one SELECT). Old codes stay: parcels
    carry them."""
    wanted = {c.code: (c.code, c.name, list(c.aliases), c.pattern, dict(c.codes)) for c in courier_table().values()}
    found = {row[0]: row for row in Courier.objects.values_list(*_COLUMNS)}
    differ = [
        Courier(**dict(zip(_COLUMNS, row, strict=True))) for code, row in wanted.items() if found.get(code) != row
    ]
    if differ:
        Courier.objects.bulk_create(
            differ, update_conflicts=True, unique_fields=["code"], update_fields=list(_COLUMNS[1:])
        )
    return len(differ)
