"""一起付款: purchases that wait for a person to pay them at a supplier's platform, paid on one page there.

The page is asked for by a task (no company is called inside a request), for what is still unpaid and still wanted.
Nothing is ever withheld by it, and what was paid is known by reading the orders, as always.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from uuid import UUID

from daifa.areas.mailroom.services import outbox, tasks
from daifa.areas.mailroom.types import OutboxItem, TaskView
from daifa.areas.purchasing.services import placements
from daifa.base import audit
from daifa.base.actor import Actor
from daifa.base.jobs import tenant_task
from daifa.base.tenancy import tenant
from daifa.flows import answered, connect, deciding, supplier_intake
from daifa.flows.answered import Answer
from daifa.flows.connect import Line
from daifa.flows.steps import pay
from daifa.kit.errors import Conflict, Invalid
from daifa.kit.money import format_yuan
from daifa.kit.values import dataclass
from daifa.ports.supplier_api import Paid, PurchaseState

KIND = "pay_together"
# What a supplier platform's page takes at once.
MOST = 100


def ask(*, by: Actor, ids: Sequence[UUID]) -> UUID:
    """Have one page asked for that pays all of these; returns the task. Raises Invalid, Conflict."""
    if not 2 <= len(set(ids)) <= MOST:
        raise Invalid("how_many", f"一起付款要 2 到 {MOST} 单。")
    items = [outbox.get(i) for i in sorted(set(ids))]
    for connection in {i.connection_id for i in items}:
        deciding.in_scope(by, connection)
    if len({i.connection_id for i in items}) > 1:
        raise Invalid("several_accounts", "一次只能付同一个采购账号的订单。")
    if any(i.kind != pay.KIND or i.state != "person" for i in items):
        raise Conflict("not_waiting", "有的订单已经不在等付款，请刷新后再选。")
    title = f"一起付款：{len(items)} 单"
    task = tasks.start(by=by, kind=KIND, title=title, params={"deeds": [str(i.id) for i in items]})
    audit.record(by, "outbox.pay_together", title, kind="outbox", data={"deeds": [[], [i.reference for i in items]]})
    make.enqueue(task_id=str(task.id), connection_id=str(items[0].connection_id), ids=[str(i.id) for i in items])
    return task.id


@tenant_task("purchases.pay_together", queue="outside")
def make(*, tenant_id: int, task_id: str, connection_id: str, ids: list[str]) -> None:
    """Read what is still to be paid, ask for the page, and note it with each of them."""

    def find(_: TaskView) -> Answer:
        return Answer(_page(tenant_id, UUID(connection_id), [UUID(i) for i in ids]))

    answered.carry_out(tenant_id, UUID(task_id), find, link="/status")


@dataclass(frozen=True, slots=True)
class _Unpaid:
    """One deed whose orders there are unpaid and wanted."""

    item: OutboxItem
    numbers: tuple[str, ...]
    fen: int


def _page(tenant_id: int, connection_id: UUID, ids: Sequence[UUID]) -> str:
    with tenant(tenant_id):
        items = [i for i in (outbox.get(x) for x in ids) if i.state == "person"]
    unpaid = [u for u in (_unpaid(tenant_id, i) for i in items) if u is not None]
    numbers = tuple(n for u in unpaid for n in u.numbers)
    if not numbers:
        raise Conflict("nothing_to_pay", "这些订单都不用再付款了，请刷新。")
    if len(numbers) > MOST:
        raise Conflict("too_many", f"供应商拆成了 {len(numbers)} 张订单，一个付款页最多 {MOST} 张，请少选几单。")
    page: Paid = connect.ask(tenant_id, connection_id, partial(_asked, numbers))
    with tenant(tenant_id):
        for u in unpaid:
            if outbox.noted(u.item.id, state="person", result={"url": page.url}):
                placements.pay_state(u.item.reference, "due", url=page.url)
    left = f"，{len(ids) - len(unpaid)} 单不用付了" if len(unpaid) < len(ids) else ""
    return f"{len(unpaid)} 单合计 {format_yuan(sum(u.fen for u in unpaid))}，一个付款页付清{left}"


def _unpaid(tenant_id: int, item: OutboxItem) -> _Unpaid | None:
    with tenant(tenant_id):
        made = placements.by_reference(item.reference)
        if made is None or pay.not_wanted(item):
            return None
    found = supplier_intake.fetch(tenant_id, item.connection_id, made.external_ids)
    open_ones = [o for o in found if o.state is PurchaseState.UNPAID]
    fen = sum(o.total_fen or 0 for o in open_ones)
    return _Unpaid(item, tuple(o.external_id for o in open_ones), fen) if open_ones else None


def _asked(numbers: tuple[str, ...], line: Line) -> Paid:
    return line.supplier().pay_page(numbers)
