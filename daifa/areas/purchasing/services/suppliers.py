"""Suppliers: recorded from files or by hand, found by name, changed with an audit entry."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from pypinyin import Style, lazy_pinyin

from daifa.areas.purchasing.models import Supplier
from daifa.areas.purchasing.rules.documents import freight_of
from daifa.areas.purchasing.rules.numbers import short_name
from daifa.base import audit, vault
from daifa.base.actor import Actor
from daifa.base.web import changed
from daifa.kit.errors import Conflict, Invalid, NotFound
from daifa.ports.sheet import SupplierRow

CONTACT = "supplier.contact"


@dataclass(frozen=True, slots=True)
class SupplierOut:
    """A supplier as lists show it (contact stays sealed)."""

    id: UUID
    name: str
    code: str
    short: str
    channel: str
    lead_hours: int
    freight: Mapping[str, object]
    regions_not_served: Sequence[str]
    cut_off: str
    remark: str
    has_format: bool
    active: bool
    version: int


def view(row: Supplier) -> SupplierOut:
    """A row as a value."""
    return SupplierOut(
        row.id, row.name, row.code, row.short, row.channel, row.lead_hours, row.freight, row.regions_not_served,
        row.cut_off, row.remark, bool(row.sheet_format), row.active, row.version,
    )  # fmt: skip


def _code_of(name: str, taken: Collection[str]) -> str:
    letters = "".join(lazy_pinyin(short_name(name), style=Style.FIRST_LETTER)).upper()
    stem = re.sub(r"[^A-Z0-9]", "", letters)[:5] or "S"
    stem = stem if stem[0].isalpha() else f"S{stem}"[:5]
    number, code = 1, stem
    while code in taken:
        number += 1
        code = f"{stem}{number}"
    return code


def _short_of(name: str, taken: Collection[str]) -> str:
    short = short_name(name).replace("-", "")
    number, free = 1, short
    while free in taken:
        number += 1
        free = f"{short[:5]}{'一二三四五六七八九十'[min(number, 10) - 1]}"
    return free


def ensure(names: Sequence[str]) -> dict[str, UUID]:
    """Ids of suppliers by name, making those that are new."""
    wanted = list(dict.fromkeys(n.strip() for n in names if n.strip()))
    found = dict(Supplier.objects.filter(name__in=wanted).values_list("name", "id"))
    missing = [n for n in wanted if n not in found]
    if missing:
        codes = set(Supplier.objects.values_list("code", flat=True))
        shorts = set(Supplier.objects.values_list("short", flat=True))
        for name in missing:
            code, short = _code_of(name, codes), _short_of(name, shorts)
            codes.add(code)
            shorts.add(short)
            found[name] = Supplier.objects.create(name=name, code=code, short=short).id
    return found


def record_suppliers(rows: Sequence[SupplierRow]) -> list[tuple[int, str, UUID]]:
    """Write suppliers of a file by name; returns (row, new/updated/unchanged, id). What a row leaves empty stays."""
    before = set(Supplier.objects.values_list("name", flat=True))
    ids = ensure([r.name for r in rows])
    fates = []
    for row in rows:
        supplier = Supplier.objects.get(id=ids[row.name.strip()])
        contact = {"person": row.contact, "phone": row.phone, "wechat": row.wechat, "address": row.address}
        given = {k: v for k, v in contact.items() if v}
        held = vault.unseal_json(bytes(supplier.contact_sealed), CONTACT) if supplier.contact_sealed else {}
        merged = {**held, **given}
        is_new = row.name.strip() not in before
        if merged != held or (row.note and row.note != supplier.remark):
            supplier.contact_sealed = vault.seal_json(merged, CONTACT)
            supplier.remark = row.note or supplier.remark
            supplier.version += 1
            supplier.save()
            fates.append((row.row, "new" if is_new else "updated", supplier.id))
        else:
            fates.append((row.row, "new" if is_new else "unchanged", supplier.id))
        before.add(row.name.strip())
    return fates


def list_suppliers(*, only_active: bool = False) -> list[SupplierOut]:
    """Every supplier by name."""
    rows = Supplier.objects.order_by("name")
    return [view(s) for s in (rows.filter(active=True) if only_active else rows)]


def names() -> dict[UUID, str]:
    """Supplier names by id."""
    return dict(Supplier.objects.values_list("id", "name"))


def get(supplier_id: UUID) -> SupplierOut:
    """One supplier. Raises NotFound."""
    row = Supplier.objects.filter(id=supplier_id).first()
    if row is None:
        raise NotFound("no_such_supplier", "没有这个供应商。")
    return view(row)


def contact(supplier_id: UUID) -> dict[str, object]:
    """The supplier's own contact data (business data of a partner, sealed at rest)."""
    row = Supplier.objects.filter(id=supplier_id).first()
    return vault.unseal_json(bytes(row.contact_sealed), CONTACT) if row and row.contact_sealed else {}


CHANGEABLE = frozenset(
    {"name", "channel", "lead_hours", "freight", "regions_not_served", "cut_off", "remark", "active", "sheet_format"}
)


def change(*, by: Actor, supplier_id: UUID, version: int, **values: object) -> SupplierOut:
    """Change a supplier. Raises NotFound, Conflict for a stale form, Invalid for an unreadable freight table."""
    row = Supplier.objects.select_for_update().filter(id=supplier_id).first()
    if row is None:
        raise NotFound("no_such_supplier", "没有这个供应商。")
    if row.version != version:
        raise Conflict("stale", "这个供应商刚被别人改过，请刷新后再改。")
    if unknown := set(values) - CHANGEABLE:
        raise Invalid("unknown_field", f"不能修改：{'、'.join(sorted(unknown))}。")
    freight = values.get("freight")
    if isinstance(freight, Mapping):
        freight_of(freight)
    before = {k: getattr(row, k) for k in values}
    for key, value in values.items():
        setattr(row, key, value)
    row.version += 1
    row.save()
    audit.record(
        by, "supplier.change", f"修改供应商 {row.name}", kind="supplier", object_id=row.id,
        data=changed(before, values),
    )  # fmt: skip
    return view(row)


def create(*, by: Actor, name: str, channel: str = "sheet", lead_hours: int = 48) -> SupplierOut:
    """A new supplier by hand. Raises Invalid, Conflict."""
    if not name.strip():
        raise Invalid("name_missing", "请填写供应商名称。")
    if Supplier.objects.filter(name=name.strip()).exists():
        raise Conflict("supplier_exists", f"供应商“{name}”已经存在。")
    supplier_id = ensure([name])[name.strip()]
    Supplier.objects.filter(id=supplier_id).update(channel=channel, lead_hours=lead_hours)
    audit.record(by, "supplier.create", f"新增供应商 {name}", kind="supplier", object_id=supplier_id)
    return get(supplier_id)
