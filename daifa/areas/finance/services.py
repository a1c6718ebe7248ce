"""A company's own rates: entered, dated, ended; and the table to compute margins with."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from uuid import UUID

from daifa.areas.finance import models
from daifa.areas.finance.rules import RateTable, rate_problems
from daifa.areas.finance.types import RATE_LABELS, Rate, RateKind
from daifa.base import audit
from daifa.base.actor import Actor
from daifa.base.web import changed
from daifa.kit.errors import Conflict, Invalid, NotFound
from daifa.kit.money import Fen
from daifa.kit.values import dataclass


@dataclass(frozen=True, slots=True)
class RateOut:
    """A rate as the settings screen shows it; built-in ones have no id and version 0."""

    id: UUID | None
    kind: str
    label: str
    platform: str
    shop_id: UUID | None
    category: str
    percent: Decimal | None
    fixed_fen: Fen | None
    valid_from: date
    valid_to: date | None
    source: str
    own: bool
    version: int


def rate_table(built_in: Iterable[Rate]) -> RateTable:
    """The current company's rates over the built-in ones."""
    return RateTable([*(_rate(r) for r in models.Rate.objects.all()), *built_in])


def list_rates(built_in: Iterable[Rate]) -> list[RateOut]:
    """The company's own rates, then the built-in ones."""
    own = models.Rate.objects.order_by("kind", "platform", "category", "-valid_from", "id")
    return [*(_out(_rate(r), r.id, r.version) for r in own), *(_out(r, None, 0) for r in built_in)]


def add_rate(*, by: Actor, rate: Rate) -> RateOut:
    """A new dated rate. Raises Invalid; Conflict when one for the same thing begins on that day."""
    _check(rate)
    same = models.Rate.objects.filter(
        kind=rate.kind, platform=rate.platform, shop_id=rate.shop_id, category=rate.category, valid_from=rate.valid_from
    )
    if same.exists():
        raise Conflict("rate_exists", f"{rate.valid_from} 起已经有一条同样的费率，请修改那一条。")
    row = models.Rate.objects.create(
        kind=rate.kind, platform=rate.platform, shop_id=rate.shop_id, category=rate.category, percent=rate.percent,
        fixed_fen=rate.fixed_fen, valid_from=rate.valid_from, valid_to=rate.valid_to, source=rate.source,
    )  # fmt: skip
    audit.record(by, "rate.add", f"新增费率 {_title(rate)}", kind="rate", object_id=row.id)
    return _out(_rate(row), row.id, row.version)


def change_rate(
    *, by: Actor, rate_id: UUID, version: int, percent: Decimal | None, fixed_fen: Fen | None,
    valid_to: date | None, source: str,
) -> RateOut:  # fmt: skip
    """Change a rate's value, end or source. Raises NotFound, Conflict for a stale form, Invalid."""
    row = _locked(rate_id, version)
    values = {"percent": percent, "fixed_fen": fixed_fen, "valid_to": valid_to, "source": source}
    before = {k: getattr(row, k) for k in values}
    for key, value in values.items():
        setattr(row, key, value)
    _check(_rate(row))
    row.version += 1
    row.save()
    data = {k: [str(a), str(b)] for k, (a, b) in _pairs(changed(before, values)).items()}
    audit.record(by, "rate.change", f"修改费率 {_title(_rate(row))}", kind="rate", object_id=row.id, data=data)
    return _out(_rate(row), row.id, row.version)


def remove_rate(*, by: Actor, rate_id: UUID, version: int) -> None:
    """Take a rate away. Raises NotFound, Conflict for a stale form."""
    row = _locked(rate_id, version)
    audit.record(by, "rate.remove", f"删除费率 {_title(_rate(row))}", kind="rate", object_id=row.id)
    row.delete()


def _locked(rate_id: UUID, version: int) -> models.Rate:
    row = models.Rate.objects.select_for_update().filter(id=rate_id).first()
    if row is None:
        raise NotFound("no_such_rate", "没有这条费率。")
    if row.version != version:
        raise Conflict("stale", "这条费率刚被别人改过，请刷新后再改。")
    return row


def _check(rate: Rate) -> None:
    if problems := rate_problems(rate):
        raise Invalid("bad_rate", "；".join(problems))


def _title(rate: Rate) -> str:
    value = [] if rate.percent is None else [f"{rate.percent}%"]
    value += [] if rate.fixed_fen is None else [f"每单 {rate.fixed_fen} 分"]
    return f"{RATE_LABELS[rate.kind]} {rate.platform or '所有平台'} {rate.category} {' + '.join(value)}"


def _pairs(found: dict[str, object]) -> dict[str, tuple[object, object]]:
    return {k: (v[0], v[1]) for k, v in found.items() if isinstance(v, list)}


def _rate(row: models.Rate) -> Rate:
    return Rate(
        RateKind(row.kind), row.platform, row.shop_id, row.category, row.percent, row.fixed_fen, row.valid_from,
        row.valid_to, row.source or "本公司设置的费率", own=True,
    )  # fmt: skip


def _out(rate: Rate, rate_id: UUID | None, version: int) -> RateOut:
    return RateOut(
        rate_id, rate.kind, RATE_LABELS[rate.kind], rate.platform, rate.shop_id, rate.category, rate.percent,
        rate.fixed_fen, rate.valid_from, rate.valid_to, rate.source, rate.own, version,
    )  # fmt: skip
