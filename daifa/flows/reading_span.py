"""补拉: everything of a shop that changed within a span of days is read again because somebody asked, as a task.

What is known already is recognised; what is new goes on as any order that arrives by itself.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from daifa.areas.accounts.types import ConnectionView
from daifa.areas.mailroom.services import tasks
from daifa.areas.mailroom.types import TaskView
from daifa.base.actor import Actor
from daifa.base.jobs import tenant_task
from daifa.base.tenancy import tenant
from daifa.flows import answered, api_intake, connect
from daifa.flows.answered import Answer
from daifa.kit import clock
from daifa.kit.errors import Conflict, Invalid
from daifa.kit.values import dataclass
from daifa.ports.shop_api import Feed

KIND = "read_span"
_LABELS = {Feed.ORDERS: "订单", Feed.REFUNDS: "售后"}


@dataclass(frozen=True, slots=True)
class Window:
    """One piece of the span, as long as the platform allows."""

    feed: Feed
    start: datetime
    end: datetime

    @property
    def said(self) -> str:
        """For the progress bar."""
        return f"{_LABELS[self.feed]} {self.start.astimezone(clock.BEIJING):%m-%d}"


def ask(*, by: Actor, held: ConnectionView, since: date, until: date) -> UUID:
    """Have these days read, both included, as the shop counts days; returns the task.

    Raises Invalid, Conflict while another span of the shop is read.
    """
    if held.shop_id is None:
        raise Invalid("no_shop", "这是采购账号，没有店铺订单，不能补拉。")
    today = clock.business_day(clock.now())
    if until < since:
        raise Invalid("span_empty", "结束日期早于开始日期，请改过来。", fields={"until": "不能早于开始日期"})
    if since > today:
        raise Invalid("span_ahead", "开始日期还没有到，请选今天或更早的日子。", fields={"since": "不能晚于今天"})
    reach = min(t.reach for t in connect.terms_of(held.platform).feeds.values())
    if since < (first := today - reach):
        told = f"平台只给最近 {reach.days} 天的订单，请从 {first} 或以后开始；更早的请导入平台导出的文件。"
        raise Invalid("span_too_old", told, fields={"since": f"最早 {first}"})
    if tasks.under_way(KIND, connection=str(held.id)):
        raise Conflict("reading_already", "这家店铺正在补拉，请等它结束，或到任务中心取消它。")
    title = f"补拉 {held.account_name or held.account}：{since} 至 {until}"
    task = tasks.start(by=by, kind=KIND, title=title, params={"connection": str(held.id)})
    read.enqueue(task_id=str(task.id), connection_id=str(held.id), since=since.isoformat(), until=until.isoformat())
    return task.id


@tenant_task("api.read_span", queue="outside")
def read(*, tenant_id: int, task_id: str, connection_id: str, since: str, until: str) -> None:
    """Read the span window by window, oldest first; a worker that takes it up again begins anew, nothing doubles."""
    task, where = UUID(task_id), UUID(connection_id)

    def find(_: TaskView) -> Answer:
        with tenant(tenant_id):
            windows = _windows(where, date.fromisoformat(since), date.fromisoformat(until))
        fresh = {Feed.ORDERS: 0, Feed.REFUNDS: 0}
        for i, w in enumerate(windows):
            with tenant(tenant_id):
                tasks.progress(task, i, len(windows), w.said)
            fresh[w.feed] += api_intake.read_window(tenant_id, where, w.feed, w.start, w.end, via="pull")
            api_intake.understand(tenant_id, where)
        with tenant(tenant_id):
            tasks.progress(task, len(windows), len(windows), "")
        said = "、".join(f"{_LABELS[f]} {n} 条" for f, n in fresh.items() if n)
        return Answer(f"新的或有变化的：{said}" if said else "没有新的，也没有变化", link="/orders?tab=all")

    answered.carry_out(tenant_id, task, find)


def _windows(connection_id: UUID, since: date, until: date) -> list[Window]:
    terms = connect.terms_of(connect.platform_of(connection_id)).feeds
    start, end = clock.day_start(since), clock.day_start(until + timedelta(days=1))
    return [
        Window(f, *w) for f, t in terms.items() for w in api_intake.cut(start, min(end, clock.now() - t.lag), t.window)
    ]
