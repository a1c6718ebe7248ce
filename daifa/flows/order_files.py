"""Order, refund and recipient files into orders: whole orders in batches of short transactions, then advanced."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from itertools import batched
from uuid import UUID

from daifa.areas.accounts.services import shops
from daifa.areas.mailroom.services import imports, tasks
from daifa.areas.mailroom.types import ImportView
from daifa.areas.orders.rules.readings import (
    RECIPIENT,
    Reading,
    case_reading,
    partial_reading,
    reading_document,
    reading_from,
    reading_of,
    recipient_values,
)
from daifa.areas.orders.services import recording
from daifa.areas.orders.services.recording import Recorded, Source
from daifa.areas.purchasing.services import amendments
from daifa.areas.support.services import cases
from daifa.base.actor import SYSTEM, Actor
from daifa.base.tenancy import tenant
from daifa.connectors import registry
from daifa.flows import advance, reporting
from daifa.kit import clock
from daifa.kit.errors import Invalid
from daifa.kit.tabular.headers import header_key
from daifa.ports.card import GENERIC
from daifa.ports.sheet import Parsed, RecipientRow
from daifa.ports.shop import ShopOrder, ShopRefund
from daifa.reads import order_bonds

type Fate = tuple[int, str, UUID | None, str, str, str]

BATCH = 2000
_NOBODY = frozenset({"", "-", "--", "0", "无", "null"})


def space_of(platform: str, shop_id: UUID) -> str:
    """The number space of an order: its platform where numbers are unique across shops, else the shop."""
    known = registry.connectors().get(platform)
    return platform if known and known.card.shared_numbers else f"shop:{shop_id}"


def _source(row: ImportView) -> Source:
    if row.shop_id is None:
        raise Invalid("which_shop", "请先选择这个文件属于哪个店铺。")
    platform = row.platform or GENERIC
    return Source(
        shop_id=row.shop_id,
        platform=platform,
        space=space_of(platform, row.shop_id),
        by=row.started_by or "system",
        import_id=row.id,
        file_id=row.file_id,
    )


def record_orders(tenant_id: int, row: ImportView, parsed: Parsed) -> dict[str, object]:
    """Record the orders of a file; each becomes whole or not at all. Raises Cancelled between two batches."""
    as_of = row.as_of or parsed.as_of or clock.now()
    promoters = _promoters(parsed.orders)
    promoted = [any(n in promoters and text.strip() not in _NOBODY for n, text in o.extra) for o in parsed.orders]
    # Where some orders of a file name their promoter, the others have none; where none does, perhaps the column lacks.
    told = any(promoted)
    # Made batch by batch: a file of fifty thousand orders is held once, not twice.
    orders = (
        (reading_of(o, as_of, promoted=p if told else None), o.rows)
        for o, p in zip(parsed.orders, promoted, strict=True)
    )
    _run(tenant_id, row, orders, total=len(promoted), then=_cases_that_waited)
    with tenant(tenant_id):
        if row.shop_id is not None:
            shops.exported(row.shop_id, as_of)
    return {"as_of": as_of.isoformat()}


def _promoters(orders: Sequence[ShopOrder]) -> set[str]:
    """Which of a file's columns name somebody who promoted an order."""
    columns = {(o.platform, name) for o in orders for name, _ in o.extra}
    return {name for platform, name in columns if header_key(name) in registry.promoter_columns(platform)}


def _run(
    tenant_id: int,
    row: ImportView,
    readings: Iterable[tuple[Reading, tuple[int, ...]]],
    *,
    total: int,
    may_create: bool = True,
    then: Callable[[Source, Sequence[Recorded]], None],
) -> None:
    done = 0
    for chunk in batched(readings, BATCH):
        with tenant(tenant_id):
            source = _source(row)
            source = _with_rows(source, chunk)
            recorded = recording.record(source, [r for r, _ in chunk], may_create=may_create)
            then(source, recorded)
            imports.record_rows(row.id, _fates(recorded, chunk, row.shop_id))
            done += len(chunk)
            if row.task_id:
                tasks.progress(row.task_id, done, total, f"已处理 {done} / {total} 单")
            # Committed with the orders: to whoever takes the import up after a kill they are unchanged, and nobody
            # would advance them.
            _advance(recorded)


def _with_rows(source: Source, chunk: Iterable[tuple[Reading, tuple[int, ...]]]) -> Source:
    from dataclasses import replace

    return replace(source, rows={r.external_id: n for r, n in chunk})


def _advance(recorded: Sequence[Recorded]) -> None:
    ids = [r.order_id for r in recorded if r.order_id and r.outcome in {"new", "updated"}]
    reporting.confirm(ids)
    # A number that another shop's file claims is in doubt from now on, though nothing of it was written.
    advance.advance([*ids, *(r.order_id for r in recorded if r.order_id and r.outcome == "other_shop")])


def _fates(
    recorded: Sequence[Recorded], chunk: Sequence[tuple[Reading, tuple[int, ...]]], shop_id: UUID | None
) -> list[Fate]:
    names = {s.id: s.name for s in shops.list_shops()}
    fates: list[Fate] = []
    for result, (reading, numbers) in zip(recorded, chunk, strict=True):
        for n in numbers:
            if result.outcome == "other_shop":
                reason = f"单号 {reading.external_id} 已经属于另一家店铺"
                mine = names.get(shop_id) if shop_id else ""
                fix = f"文件选错了店铺就换成对的店铺重新导入；真是“{mine}”的，到这一单的“单号冲突”里改到“{mine}”。"
                fates.append((n, "rejected", result.order_id, "订单号", reason, fix))
            elif result.outcome == "unknown":
                reason = f"还没有单号 {reading.external_id} 的订单，已记下"
                fates.append((n, "waiting", None, "订单号", reason, "导入这一单的订单文件后自动生效。"))
            else:
                fates.append((n, result.outcome, result.order_id, "", "", ""))
    return fates


def _cases_that_waited(source: Source, recorded: Sequence[Recorded]) -> None:
    """What refund files said of orders before these came is true of them now."""
    fresh = {r.external_id: r.order_id for r in recorded if r.outcome == "new" and r.order_id}
    said = [reading_from(number, document) for number, document in cases.arrived(source.shop_id, fresh)]
    if said:
        recording.record(Source(source.shop_id, source.platform, source.space), said, may_create=False)


def record_refunds(tenant_id: int, row: ImportView, parsed: Parsed) -> dict[str, object]:
    """Refund and after-sale exports: cases are kept and move their orders, at once or when these come."""
    as_of = row.as_of or parsed.as_of or clock.now()
    readings = [(refund_reading(r, as_of), r.rows) for r in parsed.refunds]
    by_number: dict[str, list[tuple[ShopRefund, Reading]]] = {}
    for refund, (reading, _) in zip(parsed.refunds, readings, strict=True):
        by_number.setdefault(refund.order_external_id, []).append((refund, reading))
    waiting: set[str] = set()

    def keep(source: Source, recorded: Sequence[Recorded]) -> None:
        # An order of another shop asks a person first; its case is not ours to keep.
        ours = {r.external_id: r.order_id for r in recorded if r.outcome != "other_shop"}
        waiting.update(number for number, order in ours.items() if order is None)
        told = [(one, order, reading_document(r)) for n, order in ours.items() for one, r in by_number[n]]
        cases.record(source.shop_id, told)

    _run(tenant_id, row, readings, total=len(readings), may_create=False, then=keep)
    if not waiting:
        return {}
    return {"message": f"有 {len(waiting)} 单还没有导入，它们的售后已记下，导入订单后自动生效", "waiting": len(waiting)}


def refund_reading(refund: ShopRefund, as_of: datetime) -> Reading:
    """What one refund case says of its order, at the latest moment it is known to be true of."""
    at = refund.finished_at or refund.applied_at or as_of
    return case_reading(refund, max(at, as_of))


def record_recipients(tenant_id: int, row: ImportView, parsed: Parsed) -> dict[str, object]:
    """A second file with recipients, joined to orders by their numbers."""
    rows = [r for r in parsed.records if isinstance(r, RecipientRow)]
    as_of = row.as_of or clock.now()
    join_recipients(tenant_id, row, rows, as_of)
    return {}


def join_recipients(tenant_id: int, row: ImportView, rows: Sequence[RecipientRow], as_of: datetime) -> None:
    """Join recipients to orders of any shop by platform number; an ambiguous number is refused by name."""
    done = 0
    for chunk in batched(rows, BATCH):
        with tenant(tenant_id):
            fates, ids = join_some(chunk, as_of, import_id=row.id, file_id=row.file_id)
            imports.record_rows(row.id, fates)
            done += len(chunk)
            if row.task_id:
                tasks.progress(row.task_id, done, len(rows), f"已处理 {done} / {len(rows)} 行")
        with tenant(tenant_id):
            advance.advance(ids)


def join_some(
    rows: Sequence[RecipientRow],
    as_of: datetime,
    *,
    import_id: UUID | None = None,
    file_id: UUID | None = None,
    by: Actor = SYSTEM,
) -> tuple[list[Fate], list[UUID]]:
    """Join recipients in the caller's transaction; returns the fate of each row and the orders to advance."""
    places = recording.locate([r.order_no for r in rows])
    fates: list[Fate] = []
    ids: list[UUID] = []
    for r in rows:
        homes = [h for h in places.get(r.order_no, []) if by.shops is None or h.shop_id in by.shops]
        if len(homes) != 1:
            fates.append(_not_one(r, len(homes)))
            continue
        home = homes[0]
        source = Source(
            home.shop_id, home.platform, home.space, by=by.key, by_name="" if by is SYSTEM else by.name,
            import_id=import_id, file_id=file_id,
        )  # fmt: skip
        [result] = recording.record(source, [_recipient_reading(r, as_of)], may_create=False)
        fates.append((r.row, result.outcome, result.order_id, "", "", ""))
        if result.order_id:
            ids.append(result.order_id)
            if RECIPIENT in result.changed:
                tell_address(by=by, order_id=result.order_id, number=r.order_no)
    return fates, ids


def tell_address(*, by: Actor, order_id: UUID, number: str) -> bool:
    """A supplier that has the order already is told of the new address; whether one has it."""
    told = order_bonds.sent_purchases(order_id)
    for purchase_id in told:
        text = f"订单 {number} 的收货地址改了，请按新地址发货。"
        amendments.create(by=by, purchase_id=purchase_id, kind="address", text=text)
    return bool(told)


def _not_one(r: RecipientRow, homes: int) -> Fate:
    if homes:
        return (
            r.row,
            "rejected",
            None,
            "订单号",
            f"单号 {r.order_no} 在 {homes} 家店铺都有",
            "请在订单里分别填写收件人。",
        )
    return (r.row, "rejected", None, "订单号", f"没有单号 {r.order_no} 的订单", "先导入订单文件，再导入收件人。")


def _recipient_reading(r: RecipientRow, as_of: datetime) -> Reading:
    return partial_reading(r.order_no, recipient_values(r.recipient), as_of)
