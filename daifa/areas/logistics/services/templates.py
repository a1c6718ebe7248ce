"""How each shop's batch-ship file looks, and how each platform calls the couriers: learned, corrected, confirmed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from uuid import UUID

from daifa.areas.logistics.models import CourierName
from daifa.areas.logistics.models import ShipTemplate as TemplateRow
from daifa.areas.logistics.rules.couriers import courier_table
from daifa.areas.logistics.rules.ship_file import CourierNaming, Several, ShipFormat
from daifa.areas.logistics.rules.ship_template import document_of, form_of
from daifa.kit.errors import Invalid
from daifa.kit.values import dataclass

MOST_ROWS = 100_000


@dataclass(frozen=True, slots=True)
class ShopTemplate:
    """A shop's own template."""

    shop_id: UUID
    name: str
    form: ShipFormat
    file_id: UUID | None
    version: int


def of_shops(shop_ids: Collection[UUID]) -> dict[UUID, ShopTemplate]:
    """The templates that shops learned or confirmed; the others use the platform's built-in one."""
    rows = TemplateRow.objects.filter(shop_id__in=list(shop_ids))
    return {
        r.shop_id: ShopTemplate(
            r.shop_id, r.name, replace(form_of(r.format), verified=r.verified), r.file_id, r.version
        )
        for r in rows
    }


def save(*, shop_id: UUID, name: str, form: ShipFormat, verified: bool = False, file_id: UUID | None = None) -> None:
    """From now on this shop's file looks like this."""
    values = {"name": name, "format": document_of(form), "verified": verified, "file_id": file_id}
    row = TemplateRow.objects.select_for_update().filter(shop_id=shop_id).first()
    if row is None:
        TemplateRow.objects.create(shop_id=shop_id, **values)
    else:
        TemplateRow.objects.filter(id=row.id).update(**values, version=row.version + 1)


def adjusted(form: ShipFormat, *, row_limit: int, one_courier: bool, several: str) -> ShipFormat:
    """A format with a person's limits and split rules. Raises Invalid."""
    if not 0 <= row_limit <= MOST_ROWS:
        raise Invalid("bad_row_limit", f"每个文件的行数要在 0 到 {MOST_ROWS} 之间（0 = 不限）。")
    if several not in {s.value for s in Several}:
        raise Invalid("bad_several", "多包裹的处理方式不对，请重新选择。")
    return replace(form, row_limit=row_limit, one_courier=one_courier, several=Several(several))


def forget(shop_id: UUID) -> bool:
    """Back to the platform's built-in template; returns whether there was another."""
    return TemplateRow.objects.filter(shop_id=shop_id).delete()[0] > 0


def names_of(platform: str) -> dict[str, str]:
    """The merchant's own names (or codes) for couriers on one platform, by our code."""
    return dict(CourierName.objects.filter(platform=platform).values_list("courier", "name"))


def set_name(*, platform: str, courier: str, name: str) -> None:
    """How a platform wants a courier to be called; '' goes back to the built-in name. Raises Invalid."""
    if courier not in courier_table():
        raise Invalid("no_such_courier", f"没有“{courier}”这家快递。")
    if not name.strip():
        CourierName.objects.filter(platform=platform, courier=courier).delete()
        return
    CourierName.objects.update_or_create(platform=platform, courier=courier, defaults={"name": name.strip()[:40]})


def naming_of(platform: str, form: ShipFormat, own: Mapping[str, str]) -> CourierNaming:
    """The naming a format needs: where it has both a name and a code column, plain letters and digits are codes."""
    both = {"courier", "courier_code"} <= {c.value for c in form.columns}
    codes = {k: v for k, v in own.items() if not both or v.isascii()}
    names = {k: v for k, v in own.items() if not both or not v.isascii()}
    return CourierNaming(platform, names, codes, platform)
