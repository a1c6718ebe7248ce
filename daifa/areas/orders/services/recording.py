"""Recording platform orders: new ones in bulk, known ones merged; twice is once, older never overwrites newer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import datetime
from uuid import UUID

from django.db.models import F

from daifa.areas.orders.models import Line, Order, OrderPerson
from daifa.areas.orders.rules.change_words import sentence
from daifa.areas.orders.rules.keeping import again, pack, unpack
from daifa.areas.orders.rules.merging import first, merge
from daifa.areas.orders.rules.readings import Reading, Values, line_keys
from daifa.areas.orders.rules.refunds import settled
from daifa.areas.orders.services import demands, history, rows
from daifa.areas.orders.services.history import Fact
from daifa.base import bulk
from daifa.base.actor import Actor
from daifa.kit import clock
from daifa.kit.errors import Conflict
from daifa.kit.ids import uuid7
from daifa.kit.values import dataclass

LOAD = (
    "id", "external_id", "shop_id", "platform", "merge", "edits", "version", *rows.PLAIN,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Source:
    """Where readings come from: shop, number space, and the file with the sheet rows of each order."""

    shop_id: UUID
    platform: str
    space: str
    by: str = "system"
    by_name: str = ""
    import_id: UUID | None = None
    file_id: UUID | None = None
    rows: Mapping[str, Sequence[int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of one reading: new, updated, unchanged, other_shop (asks a person) or unknown (no such order)."""

    external_id: str
    outcome: str
    order_id: UUID | None
    changed: tuple[str, ...] = ()


def record(source: Source, readings: Sequence[Reading], *, may_create: bool = True) -> list[Recorded]:
    """Record readings of orders, in the order given. With ``may_create`` false unknown numbers are left alone.

    Several readings of one order are merged one after the other; its outcome is the sum of theirs.
    """
    if len({r.external_id for r in readings}) < len(readings):
        return _one_by_one(source, readings, may_create=may_create)
    known = _known(source, [r.external_id for r in readings])
    fresh = [r for r in readings if r.external_id not in known]
    result: dict[str, Recorded] = {}
    if may_create:
        made = _create(source, fresh)
        result = {n: Recorded(n, "new", i) for n, i in made.items()}
    else:
        result = {r.external_id: Recorded(r.external_id, "unknown", None) for r in fresh}
    result |= _update(source, [r for r in readings if r.external_id in known], known)
    return [result[r.external_id] for r in readings]


def _one_by_one(source: Source, readings: Sequence[Reading], *, may_create: bool) -> list[Recorded]:
    seen: dict[str, int] = {}
    rounds: list[list[Reading]] = []
    for reading in readings:
        n = seen[reading.external_id] = seen.get(reading.external_id, -1) + 1
        if n == len(rounds):
            rounds.append([])
        rounds[n].append(reading)
    result: dict[str, Recorded] = {}
    for members in rounds:
        for done in record(source, members, may_create=may_create):
            before = result.get(done.external_id)
            # Of new, updated and unchanged the first is what happened in all.
            if before is None or before.outcome == "unchanged":
                result[done.external_id] = done
    return [result[r.external_id] for r in readings]


def _known(source: Source, numbers: Sequence[str]) -> dict[str, dict[str, object]]:
    found = Order.objects.select_for_update().filter(space=source.space, external_id__in=list(numbers)).order_by("id")
    return {str(row["external_id"]): row for row in found.values(*LOAD)}


def _create(source: Source, readings: Sequence[Reading]) -> dict[str, UUID]:
    if not readings:
        return {}
    at = clock.now()
    orders, persons, lines, facts = [], [], [], []
    made: dict[str, UUID] = {}
    for reading in readings:
        document = first(reading)
        values = settled(document)
        listed = rows.lines_of(values)
        order_id = made[reading.external_id] = uuid7()
        orders.append(
            (
                order_id, at, source.shop_id, source.platform, source.space, reading.external_id,
                pack(document, values), {}, source.import_id, at, 1, *rows.order_values(values, listed), "match",
                "match",
            )
        )  # fmt: skip
        persons.append((uuid7(), at, order_id, *rows.person_values(order_id, values)))
        lines += [(uuid7(), at, order_id, source.shop_id, *v) for v in rows.line_values(listed)]
        facts.append(_received(source, order_id, reading, at))
        facts += _repaired(source, order_id, document.values, at)
    columns = (
        "id", "created_at", "shop_id", "platform", "space", "external_id", "merge", "edits", "imported_id",
        "updated_at", "version", *rows.ORDER_COLUMNS, "step", "tab",
    )  # fmt: skip
    bulk.insert(Order, columns, orders)
    bulk.insert(OrderPerson, ("id", "created_at", "order_id", *rows.PERSON_COLUMNS), persons)
    bulk.insert(Line, ("id", "created_at", "order_id", "shop_id", *rows.LINE_COLUMNS), lines)
    history.write(facts)
    return made


def _repaired(source: Source, order_id: UUID, values: Mapping[str, object], at: datetime) -> list[Fact]:
    recipient = values.get("p:recipient")
    _, repairs = rows.place_of(recipient) if isinstance(recipient, dict) else ((), ())
    text = f"地址整理：{'；'.join(repairs)}"
    return [Fact(order_id, "address", text, batch_id=source.import_id, at=at)] if repairs else []


def _received(source: Source, order_id: UUID, reading: Reading, at: datetime) -> Fact:
    row = next(iter(source.rows.get(reading.external_id, ())), None)
    text = "导入订单" if source.import_id else "收到订单"
    return Fact(
        order_id, "received", text, by=source.by, by_name=source.by_name, batch_id=source.import_id,
        file_id=source.file_id, row=row, at=at,
    )  # fmt: skip


def _update(
    source: Source, readings: Sequence[Reading], known: Mapping[str, Mapping[str, object]]
) -> dict[str, Recorded]:
    result: dict[str, Recorded] = {}
    todo: list[tuple[Reading, Mapping[str, object]]] = []
    fresher: list[tuple[object, ...]] = []
    for reading in readings:
        row = known[reading.external_id]
        order_id = row["id"]
        assert isinstance(order_id, UUID)
        if row["shop_id"] != source.shop_id:
            result[reading.external_id] = Recorded(reading.external_id, "other_shop", order_id)
        elif (packed := again(_mapping(row["merge"]), reading)) is not None:
            result[reading.external_id] = Recorded(reading.external_id, "unchanged", order_id)
            if packed is not row["merge"]:
                fresher.append((order_id, packed))
        else:
            todo.append((reading, row))
    bulk.update(Order, ("merge",), fresher)
    return result | _merge(source, todo)


def _merge(source: Source, todo: Sequence[tuple[Reading, Mapping[str, object]]]) -> dict[str, Recorded]:
    if not todo:
        return {}
    ids = [row["id"] for _, row in todo]
    persons = rows.load_persons(ids)
    lines = rows.load_lines(ids)
    stamps_only, orders, changed_persons, facts = [], [], [], []
    new_lines, old_lines = [], []
    result = {}
    at = clock.now()
    for reading, row in todo:
        order_id = row["id"]
        assert isinstance(order_id, UUID)
        before = rows.values_of(row, persons.get(order_id), lines.get(order_id, {}))
        document, changed = merge(unpack(_mapping(row["merge"]), before), reading)
        values = settled(document)
        result[reading.external_id] = Recorded(
            reading.external_id, "updated" if changed else "unchanged", order_id, changed
        )
        if not changed:
            stamps_only.append((order_id, pack(document)))
            continue
        listed = rows.lines_of(values)
        orders.append((order_id, pack(document, values), at, *rows.order_values(values, listed)))
        if any(k.startswith("p:") for k in changed):
            changed_persons.append((persons[order_id].id, *rows.person_values(order_id, values)))
        touched = line_keys(changed)
        for line in rows.line_values(listed):
            if line[0] in touched:
                known_id = lines.get(order_id, {}).get(str(line[0]))
                if known_id is None:
                    new_lines.append((uuid7(), at, order_id, source.shop_id, *line))
                else:
                    old_lines.append((known_id.id, *line))
        facts.append(_changed(source, order_id, reading, before, values, changed, at))
    bulk.update(Order, ("merge",), stamps_only)
    bulk.update(Order, ("merge", "updated_at", *rows.ORDER_COLUMNS), orders, extra_set="version = t.version + 1")
    bulk.update(OrderPerson, rows.PERSON_COLUMNS, changed_persons)
    bulk.insert(Line, ("id", "created_at", "order_id", "shop_id", *rows.LINE_COLUMNS), new_lines)
    bulk.update(Line, rows.LINE_COLUMNS, old_lines)
    history.write(facts)
    return result


def _changed(
    source: Source,
    order_id: UUID,
    reading: Reading,
    before: Mapping[str, object],
    after: Values,
    changed: Sequence[str],
    at: datetime,
) -> Fact:
    text = sentence(before, after, changed)
    row = next(iter(source.rows.get(reading.external_id, ())), None)
    return Fact(
        order_id, "changed", text, by=source.by, by_name=source.by_name, batch_id=source.import_id,
        file_id=source.file_id, row=row, at=at, data={"fields": sorted({k.rsplit(":", 1)[-1] for k in changed})},
    )  # fmt: skip


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


@dataclass(frozen=True, slots=True)
class Home:
    """Where an order number lives."""

    order_id: UUID
    shop_id: UUID
    platform: str
    space: str


def locate(numbers: Sequence[str]) -> dict[str, list[Home]]:
    """Every order that goes by one of these platform numbers, whatever its shop."""
    found: dict[str, list[Home]] = {}
    homes = Order.objects.filter(external_id__in=list(set(numbers)))
    for number, i, shop, platform, space in homes.values_list("external_id", "id", "shop_id", "platform", "space"):
        found.setdefault(number, []).append(Home(i, shop, platform, space))
    return found


def find(space: str, numbers: Sequence[str]) -> dict[str, UUID]:
    """Order ids by number inside one number space."""
    return dict(Order.objects.filter(space=space, external_id__in=list(set(numbers))).values_list("external_id", "id"))


def rehome(order_id: UUID, shop_id: UUID, *, by: Actor, text: str) -> None:
    """The order is another shop's: it and its lines stand there from now on, unmatched, for listings are a shop's own.

    Raises Conflict when pieces of it are assigned, for those were bought for the shop it stands in.
    """
    line_ids = list(Line.objects.filter(order_id=order_id).values_list("id", flat=True))
    matched = set(Line.objects.filter(id__in=line_ids).exclude(match="none").values_list("id", flat=True))
    if matched - set(demands.thaw(sorted(matched))):
        raise Conflict("dispatched", "这一单已经派单，不能改到别的店铺。请先撤销派单。")
    Line.objects.filter(order_id=order_id).update(shop_id=shop_id)
    Order.objects.filter(id=order_id).update(shop_id=shop_id, version=F("version") + 1, updated_at=clock.now())
    history.write([Fact(order_id, "shop", text, by=by.key, by_name=by.name)])
