"""Mapping templates: a person's correction of a file's columns, remembered under a name."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from daifa.areas.mailroom.models import MappingTemplate
from daifa.base import audit
from daifa.base.actor import Actor
from daifa.kit.errors import Conflict, NotFound


def save(*, name: str, kind: str, platform: str, fingerprint: str, mapping: Mapping[str, object]) -> UUID:
    """Remember a person's correction under a name; the same header replaces the older template.

    Raises Conflict when another header has this name.
    """
    same = MappingTemplate.objects.filter(kind=kind, fingerprint=fingerprint).first()
    check_name(name, besides=same.id if same else None)
    row, _ = MappingTemplate.objects.update_or_create(
        kind=kind,
        fingerprint=fingerprint,
        defaults={"name": name.strip(), "platform": platform, "mapping": dict(mapping)},
    )
    return row.id


def listing() -> list[dict[str, object]]:
    """Every remembered mapping: id, name, kind, platform, and its columns by name."""
    rows = MappingTemplate.objects.order_by("name")
    return [
        {
            "id": r.id,
            "name": r.name,
            "kind": r.kind,
            "platform": r.platform,
            "columns": r.mapping.get("columns", {}),
            "created_at": r.created_at,
        }
        for r in rows
    ]


def _template(template_id: UUID) -> MappingTemplate:
    row = MappingTemplate.objects.select_for_update().filter(id=template_id).first()
    if row is None:
        raise NotFound("no_such_template", "没有这个模板。")
    return row


def rename(*, by: Actor, template_id: UUID, name: str) -> None:
    """Call a remembered mapping something else. Raises NotFound, Conflict for a name that is taken."""
    row = _template(template_id)
    check_name(name, besides=row.id)
    before, row.name = row.name, name.strip()
    row.mapping = {**row.mapping, "name": row.name}
    row.version += 1
    row.save()
    audit.record(by, "template.rename", f"导入模板 {before} 改名为 {row.name}", kind="template", object_id=row.id)


def check_name(name: str, *, besides: UUID | None = None) -> None:
    """Raise Conflict when another template has this name, or when it is empty."""
    if not name.strip():
        raise Conflict("name_missing", "请填写模板名称。")
    rows = MappingTemplate.objects.filter(name=name.strip())
    if (rows if besides is None else rows.exclude(id=besides)).exists():
        raise Conflict("template_exists", f"已经有叫“{name.strip()}”的模板，请换一个名称。")


def delete(*, by: Actor, template_id: UUID) -> None:
    """Forget a mapping; files are asked about again. Raises NotFound."""
    row = _template(template_id)
    audit.record(by, "template.delete", f"删除导入模板 {row.name}", kind="template", object_id=row.id)
    MappingTemplate.objects.filter(id=row.id).delete()


def documents() -> list[Mapping[str, object]]:
    """The documents of every remembered mapping, newest first, as recognising takes them."""
    rows = MappingTemplate.objects.order_by("-created_at")
    return [{**r.mapping, "fingerprint": r.fingerprint, "name": r.name} for r in rows]


def names() -> set[str]:
    """The names of every remembered mapping."""
    return set(MappingTemplate.objects.values_list("name", flat=True))
