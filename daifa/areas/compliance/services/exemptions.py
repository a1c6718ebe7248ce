"""Days in which a platform does not count lateness: added, replaced, taken away, each with its reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from daifa.areas.compliance import models
from daifa.areas.compliance.rules import exemption_problems
from daifa.areas.compliance.types import Exemption
from daifa.base import audit
from daifa.base.actor import Actor
from daifa.base.tenancy import alone
from daifa.base.web import changed
from daifa.kit.clock import BEIJING
from daifa.kit.errors import Invalid, NotFound
from daifa.kit.geo import full_province
from daifa.kit.values import dataclass

KIND = "exemption"


@dataclass(frozen=True, slots=True)
class ExemptionOut:
    """A stored exemption; ``by_name`` is empty where nobody was written down."""

    id: UUID
    platform: str
    province: str
    starts_at: datetime
    ends_at: datetime
    source: str
    by_name: str
    created_at: datetime


def in_force() -> list[Exemption]:
    """Every exemption of the company, as the clock takes it."""
    return [_value(row) for row in models.Exemption.objects.all()]


def list_exemptions() -> list[ExemptionOut]:
    """The company's exemptions, the latest first."""
    rows = models.Exemption.objects.order_by("-ends_at", "id")
    return [
        ExemptionOut(e.id, e.platform, e.province, e.starts_at, e.ends_at, e.source, e.by_name, e.created_at)
        for e in rows
    ]


def checked(wanted: Exemption, *, instead_of: UUID | None = None) -> tuple[Exemption, list[Exemption], list[Exemption]]:
    """An exemption as it can be kept, those that stand now, and those that will stand with it.

    ``instead_of`` is the one that it replaces. Raises Invalid (sentences at their fields), NotFound.
    """
    rows = list(models.Exemption.objects.all())
    if instead_of is not None and instead_of not in {r.id for r in rows}:
        raise NotFound("no_such_exemption", "这个时段刚被别人改过或删除，请刷新后再看。")
    others = [_value(r) for r in rows if r.id != instead_of]
    province = full_province(wanted.province)
    problems = exemption_problems(replace(wanted, province=province), others)
    if wanted.province and not province:
        problems = {"province": f"没有“{wanted.province}”这个省份，请从列表里选。", **problems}
    if problems:
        raise Invalid("bad_exemption", "".join(problems.values()), fields=problems)
    kept = replace(wanted, province=province, source=wanted.source.strip())
    return kept, [_value(r) for r in rows], [*others, kept]


def add_exemption(*, by: Actor, wanted: Exemption) -> UUID:
    """Days in which lateness is not counted (empty platform or province: all). Raises Invalid."""
    alone(KIND)
    kept, _, _ = checked(wanted)
    row = _store(by, kept)
    audit.record(
        by,
        "exemption.add",
        f"新增不计超时的时段：{_said(kept)}",
        kind=KIND,
        object_id=row,
        data=changed({}, _data(kept)),
    )
    return row


def replace_exemption(*, by: Actor, exemption_id: UUID, wanted: Exemption) -> UUID:
    """Another one in the place of one that stands; the old id is gone. Raises Invalid, NotFound."""
    alone(KIND)
    kept, _, _ = checked(wanted, instead_of=exemption_id)
    old = models.Exemption.objects.get(id=exemption_id)
    before = _value(old)
    old.delete()
    row = _store(by, kept)
    audit.record(
        by, "exemption.change", f"修改不计超时的时段：{_said(kept)}", kind=KIND, object_id=row,
        data=changed(_data(before), _data(kept)),
    )  # fmt: skip
    return row


def remove_exemption(*, by: Actor, exemption_id: UUID, reason: str) -> Exemption:
    """Take an exemption away; returns what it was. Raises NotFound, Invalid without a reason."""
    if not reason.strip():
        raise Invalid("reason_missing", "请写明为什么删除。", fields={"reason": "请写明原因"})
    alone(KIND)
    row = models.Exemption.objects.filter(id=exemption_id).first()
    if row is None:
        raise NotFound("no_such_exemption", "没有这个时段，可能刚被别人删除，请刷新后再看。")
    was = _value(row)
    audit.record(
        by, "exemption.remove", f"删除不计超时的时段：{_said(was)}", kind=KIND, object_id=row.id,
        reason=reason.strip(), data=changed(_data(was), dict.fromkeys(_data(was), "")),
    )  # fmt: skip
    row.delete()
    return was


def _store(by: Actor, kept: Exemption) -> UUID:
    row = models.Exemption.objects.create(
        platform=kept.platform,
        province=kept.province,
        starts_at=kept.starts_at,
        ends_at=kept.ends_at,
        source=kept.source,
        by_name=by.name,
    )
    return row.id


def _value(row: models.Exemption) -> Exemption:
    return Exemption(row.starts_at, row.ends_at, row.source, row.platform, row.province)


def _said(exemption: Exemption) -> str:
    where = "、".join(p for p in (exemption.platform, exemption.province) if p) or "所有平台和地区"
    return f"{exemption.source}（{where}）"


def _data(exemption: Exemption) -> dict[str, object]:
    return {
        "platform": exemption.platform,
        "province": exemption.province,
        "starts_at": _shown(exemption.starts_at),
        "ends_at": _shown(exemption.ends_at),
        "source": exemption.source,
    }


def _shown(at: datetime) -> str:
    return at.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M")
