"""The list of the order desk as a workbook: the columns on screen, masked unless a reason is given, logged."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import batched
from uuid import UUID

from daifa.areas.accounts.services import settings
from daifa.areas.mailroom.services import files, tasks
from daifa.areas.orders.services import editing
from daifa.base import audit, opening
from daifa.base.actor import Actor
from daifa.base.jobs import tenant_task
from daifa.base.tenancy import tenant
from daifa.flows import handing
from daifa.kit import clock
from daifa.kit.clock import BEIJING
from daifa.kit.errors import AppError
from daifa.kit.tabular.write import Out, Table, write_xlsx
from daifa.kit.values import dataclass
from daifa.reads import order_desk, order_query
from daifa.reads.order_desk import OrderRow
from daifa.reads.order_query import Target

BATCH = 1000


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the screen as columns of the sheet."""

    heads: tuple[str, ...]
    cells: Callable[[OrderRow], tuple[Out, ...]]
    width: int = 14


def _yuan(fen: int | None) -> Decimal | None:
    return None if fen is None else Decimal(fen) / 100


def _time(at: datetime | None) -> str:
    return at.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M") if at else ""


COLUMNS: Mapping[str, Column] = {
    "number": Column(("店铺", "订单号"), lambda r: (r.shop_name, r.number), 22),
    "goods": Column(
        ("商品", "件数"),
        lambda r: ("；".join(f"{x.title} {x.spec} ×{x.quantity}" for x in r.lines), r.quantity), 40,
    ),
    "money": Column(("实付", "毛利", "毛利说明"), lambda r: (_yuan(r.paid_fen), _yuan(r.margin_fen), r.margin_note)),
    "recipient": Column(("收件人", "地区"), lambda r: (r.recipient, r.region), 20),
    "purchase": Column(
        ("供应商", "采购单"),
        lambda r: ("、".join(p.supplier for p in r.purchases), "、".join(p.number for p in r.purchases)), 20,
    ),
    "parcel": Column(
        ("快递", "运单号"),
        lambda r: ("、".join(p.courier for p in r.parcels), "、".join(p.number for p in r.parcels)), 20,
    ),
    "clock": Column(
        ("付款时间", "最晚发货", "超时会损失"), lambda r: (_time(r.paid_at), _time(r.due_by), _yuan(r.risk_fen)), 17
    ),
    "state": Column(
        ("状态", "异常", "说明"),
        lambda r: (r.step_label, "、".join(h.label for h in r.holds), "；".join(h.reason for h in r.holds) or r.reason),
        18,
    ),
    "marks": Column(("标签", "旗帜", "备注"), lambda r: ("、".join(r.tags), r.flag, r.remark)),
}  # fmt: skip
PLAIN = Column(("姓名", "电话", "地址"), lambda _row: (), 24)


def start(*, by: Actor, target: Target, columns: Sequence[str], plain: bool = False, reason: str = "") -> UUID:
    """Begin an export; returns its task. ``plain`` recipients need a permission and a reason. Raises Invalid."""
    chosen = [c for c in columns if c in COLUMNS] or list(COLUMNS)
    ids = order_query.orders_of(target, by)
    # A plain one is taken home with the reason that was given for it.
    params = {"reason": reason.strip()} if plain else {}
    task = tasks.start(by=by, kind="export", title=f"导出订单 {len(ids)} 单", params=params)
    if plain:
        opening.allow(
            by=by, kind="task", object_id=task.id, what=f"{len(ids)} 单的收件人（导出）", reason=reason,
            limit=settings.number("openings_per_hour"),
        )  # fmt: skip
    audit.record(
        by, "orders.export", f"导出订单 {len(ids)} 单" + ("（含收件人原文）" if plain else ""), kind="task",
        object_id=task.id, reason=reason,
    )  # fmt: skip
    write_orders.enqueue(
        task_id=str(task.id), ids=[str(i) for i in ids], columns=chosen, plain=plain,
        by=[by.key, by.name], money=by.may(order_desk.MONEY),
    )  # fmt: skip
    return task.id


@tenant_task("orders.export")
def write_orders(
    *, tenant_id: int, task_id: str, ids: Sequence[str], columns: Sequence[str], plain: bool, by: Sequence[str],
    money: bool,
) -> None:  # fmt: skip
    """Write the workbook of an export; run again after a crash it is simply written again."""
    # Whoever asked was let in when they asked; the job acts with exactly what they might see then.
    actor = Actor(by[0], by[1], frozenset({order_desk.MONEY} if money else ()), via="job")
    task = UUID(task_id)
    with tenant(tenant_id):
        if tasks.begin(task) is None:
            return
    try:
        data = _workbook(tenant_id, task, [UUID(i) for i in ids], columns, plain, actor)
    except tasks.Cancelled:
        with tenant(tenant_id):
            tasks.finish(task, state="cancelled")
        return
    except AppError as error:
        with tenant(tenant_id):
            tasks.finish(task, state="failed", result={"message": error.message_zh})
        return
    with tenant(tenant_id):
        name = f"订单_{clock.now().astimezone(BEIJING):%Y%m%d_%H%M}.xlsx"
        made = files.store(
            by=actor, data=data, name=name, purpose=handing.PLAIN if plain else handing.EXPORT, direction="out",
            keep_days=settings.number("keep_file_days"),
        )  # fmt: skip
        tasks.finish(task, file_id=made.id, result={"new": len(ids), "message": f"导出了 {len(ids)} 单"})


def _workbook(
    tenant_id: int, task: UUID, ids: Sequence[UUID], columns: Sequence[str], plain: bool, actor: Actor
) -> bytes:
    chosen = [COLUMNS[c] for c in columns] + ([PLAIN] if plain else [])
    heads = [h for c in chosen for h in c.heads]
    widths = [c.width for c in chosen for _ in c.heads]
    return write_xlsx([Table("订单", heads, _rows(tenant_id, task, ids, chosen, plain, actor), widths=widths)])


def _rows(
    tenant_id: int, task: UUID, ids: Sequence[UUID], chosen: Sequence[Column], plain: bool, actor: Actor
) -> Iterator[tuple[Out, ...]]:
    done = 0
    for chunk in batched(ids, BATCH):
        with tenant(tenant_id):
            rows = order_desk.by_ids(chunk, actor)
            for row in rows:
                cells = [v for c in chosen if c is not PLAIN for v in c.cells(row)]
                yield (*cells, *(_person(row.id) if plain else ()))
            done += len(chunk)
            tasks.progress(task, done, len(ids), f"已写 {done} / {len(ids)} 单")


def _person(order_id: UUID) -> tuple[str, str, str]:
    found = editing.opened(order_id)
    place = "".join(found.get(k, "") for k in ("province", "city", "district", "street"))
    address = found.get("address", "")
    return found.get("name", ""), found.get("phone", ""), address if address.startswith(place[:2]) else place + address
