"""Suppliers: recorded from files or by hand, found by name, changed with an audit entry."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from pypinyin import Style, lazy_pinyin

from daifa.areas.purchasing.models import Supplier
from daifa.areas.purchasing.rules.documents import freight_of
from daifa.areas.purchasing.rules.numbers import short_name
from daifa.areas.purchasing.rules.whose_file import named_supplier
from daifa.base import audit, vault
from daifa.base.actor import Actor
from daifa.base.web import changed
from daifa.kit.errors import Conflict, Invalid, NotFound
from daifa.kit.masking import mask_address, mask_name, mask_phone
from daifa.kit.values import dataclass
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
    connection_id: UUID | None
    account: str


def view(row: Supplier) -> SupplierOut:
    """A row as a value."""
    return SupplierOut(
        row.id, row.name, row.code, row.short, row.channel, row.lead_hours, row.freight, row.regions_not_served,
        row.cut_off, row.remark, bool(row.sheet_format), row.active, row.version,
        row.connection_id, row.account,
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


def by_api(connection_ids: Collection[UUID]) -> frozenset[UUID]:
    """Those who are ordered from under one of these connections."""
    rows = Supplier.objects.filter(channel="api", connection_id__in=list(connection_ids))
    return frozenset(rows.values_list("id", flat=True))


def names() -> dict[UUID, str]:
    """Supplier names by id."""
    return dict(Supplier.objects.values_list("id", "name"))


def named_in(text: str) -> tuple[UUID, str] | None:
    """The only supplier whose name stands in a text (a file's name), and that name."""
    known = {i: (name, short) for i, name, short in Supplier.objects.values_list("id", "name", "short")}
    found = named_supplier(text, known)
    return (found, known[found][0]) if found else None


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


def sheet_format(supplier_id: UUID) -> dict[str, object]:
    """The learned document of the supplier's sheet; empty when it takes ours. Raises NotFound."""
    row = Supplier.objects.filter(id=supplier_id).values("sheet_format").first()
    if row is None:
        raise NotFound("no_such_supplier", "没有这个供应商。")
    return dict(row["sheet_format"])


CHANGEABLE = frozenset(
    {
        "name",
        "channel",
        "lead_hours",
        "freight",
        "regions_not_served",
        "cut_off",
        "remark",
        "active",
        "sheet_format",
        "connection_id",
        "account",
    }
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
    _check(row, values)
    before = {k: getattr(row, k) for k in values}
    for key, value in values.items():
        setattr(row, key, value.strip() if isinstance(value, str) else value)
    row.version += 1
    row.save()
    audit.record(
        by, "supplier.change", f"修改供应商 {row.name}", kind="supplier", object_id=row.id,
        data=changed(before, values),
    )  # fmt: skip
    return view(row)


def by_sheet_again(connection_id: UUID, *, by: Actor) -> int:
    """Without the account nothing can be bought by API: its purchases would wait for ever. Returns how many."""
    rows = list(Supplier.objects.filter(connection_id=connection_id))
    for row in rows:
        channel = "sheet" if row.channel == "api" else row.channel
        change(by=by, supplier_id=row.id, version=row.version, channel=channel, connection_id=None)
    return len(rows)


def _check(row: Supplier, values: Mapping[str, object]) -> None:
    freight = values.get("freight")
    if isinstance(freight, Mapping):
        freight_of(freight)
    name = values.get("name")
    if name is not None and not str(name).strip():
        raise Invalid("name_missing", "请填写供应商名称。", fields={"name": "请填写供应商名称"})
    if name and Supplier.objects.filter(name=str(name).strip()).exclude(id=row.id).exists():
        raise Conflict("supplier_exists", f"供应商“{name}”已经存在。", fields={"name": "已有同名供应商"})
    channel = values.get("channel", row.channel)
    if channel == "api" and values.get("connection_id", row.connection_id) is None:
        told = "请先在“授权”里接上供应商平台的采购账号，再选“接口下单”。"
        raise Invalid("no_connection", told, fields={"channel": "还没有接口授权"})
    cut_off = str(values.get("cut_off") or "")
    if cut_off and not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", cut_off):
        raise Invalid("bad_time", f"截单时间“{cut_off}”不对，请写成 16:00 这样。", fields={"cut_off": "如 16:00"})


CONTACT_FIELDS: Mapping[str, str] = {"person": "联系人", "phone": "电话", "wechat": "微信", "address": "地址"}


def set_contact(*, by: Actor, supplier_id: UUID, **given: str) -> None:
    """Change contact data: what is not given stays, an empty text clears. Raises NotFound, Invalid."""
    row = Supplier.objects.select_for_update().filter(id=supplier_id).first()
    if row is None:
        raise NotFound("no_such_supplier", "没有这个供应商。")
    if unknown := set(given) - set(CONTACT_FIELDS):
        raise Invalid("unknown_field", f"不能修改：{'、'.join(sorted(unknown))}。")
    held = vault.unseal_json(bytes(row.contact_sealed), CONTACT) if row.contact_sealed else {}
    merged = {k: v for k, v in {**held, **{k: v.strip() for k, v in given.items()}}.items() if v}
    Supplier.objects.filter(id=row.id).update(contact_sealed=vault.seal_json(merged, CONTACT) if merged else None)
    named = "、".join(CONTACT_FIELDS[k] for k in given)
    audit.record(by, "supplier.contact", f"修改供应商 {row.name} 的{named}", kind="supplier", object_id=row.id)


def masked_contact(supplier_id: UUID) -> dict[str, str]:
    """The contact data as screens show them."""
    mask = {"person": mask_name, "phone": mask_phone, "wechat": mask_name, "address": mask_address}
    return {k: mask[k](str(v)) for k, v in contact(supplier_id).items() if k in mask and v}


def open_contact(*, by: Actor, supplier_id: UUID, field: str, reason: str) -> str:
    """One piece of contact data in plain, on the record. Raises NotFound, Invalid without a reason."""
    if not reason.strip():
        raise Invalid("reason_missing", "请写明查看原因。")
    value = str(contact(supplier_id).get(field) or "")
    if field not in CONTACT_FIELDS or not value:
        raise NotFound("no_contact", "没有填写这项联系方式。")
    audit.record(
        by, "supplier.open", f"查看供应商 {get(supplier_id).name} 的{CONTACT_FIELDS[field]}",
        kind="supplier", object_id=supplier_id, reason=reason,
    )  # fmt: skip
    return value


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
