"""One order read again because somebody asked: a task, whose result says what the platform answered and what became
of it. No company is called inside a request.
"""

from __future__ import annotations

from datetime import datetime
from urllib.parse import quote
from uuid import UUID

from daifa.areas.accounts.types import ConnectionView
from daifa.areas.mailroom.services import inbox, tasks
from daifa.areas.mailroom.types import TaskView
from daifa.base.actor import Actor
from daifa.base.jobs import tenant_task
from daifa.base.tenancy import tenant
from daifa.flows import answered, api_intake
from daifa.flows.answered import Answer
from daifa.flows.pull_log import pull
from daifa.kit import clock
from daifa.kit.errors import AppError, Invalid
from daifa.ports.errors import RemoteError
from daifa.ports.shop_api import Feed

KIND = "read"
LONGEST = 64
_OUTCOMES = {"new": "读到了，是新订单，已经进来", "updated": "读到了，订单已更新"}


def ask(*, by: Actor, held: ConnectionView, number: str) -> UUID:
    """Have one order read; returns the task. Raises Invalid."""
    if held.shop_id is None:
        raise Invalid("no_shop", "这是采购账号，没有店铺订单。请在采购单里点“绑定平台订单”。")
    if len(number) > LONGEST:
        raise Invalid("number_too_long", f"单号最多 {LONGEST} 个字，请只填一个平台订单号。")
    task = tasks.start(by=by, kind=KIND, title=f"读订单 {number}", params={"number": number})
    read.enqueue(task_id=str(task.id), connection_id=str(held.id), number=number)
    return task.id


@tenant_task("api.read_one", queue="outside")
def read(*, tenant_id: int, task_id: str, connection_id: str, number: str) -> None:
    """Read the order; what came of it stands in the task, the reading in the pull log."""
    where = UUID(connection_id)

    def find(begun: TaskView) -> Answer:
        if _fetched(tenant_id, where, number):
            return Answer(f"平台上没有订单 {number}。请核对单号，以及是不是这家店铺的。", ok=False)
        with tenant(tenant_id):
            return _became(where, number, begun.started_at or begun.created_at)

    answered.carry_out(tenant_id, UUID(task_id), find, told=_told)


def _told(error: RemoteError | AppError) -> str:
    if isinstance(error, AppError):
        return f"没有读成：{error.message_zh}"
    return f"没有读成：{error.said}{'，请过一会儿再读' if error.who == 'machine' else ''}"


def _fetched(tenant_id: int, connection_id: UUID, number: str) -> bool:
    """Read and understand it; returns whether it is missing there. Raises RemoteError, Conflict."""
    with pull(tenant_id, connection_id, Feed.ORDERS.value, via="pull", start=None, end=clock.now()) as done:
        missing = api_intake.fetch(tenant_id, connection_id, Feed.ORDERS, [number], via="pull")
        done.pages, done.items = 1, 0 if missing else 1
    return bool(missing)


def _became(connection_id: UUID, number: str, since: datetime) -> Answer:
    """What was made of the reading."""
    link = f"/orders?tab=all&numbers={quote(number)}"
    last = inbox.last_of(connection_id, Feed.ORDERS.value, number)
    if last is None:
        return Answer("读到了", link=link)
    if last.state == "parked":
        return Answer(f"读到了，但没有收进来：{last.reason}", ok=False)
    fresh = last.done_at is not None and last.done_at >= since
    return Answer(_OUTCOMES.get(last.outcome if fresh else "", "读到了，和我们的一样，没有变化"), link=link)
