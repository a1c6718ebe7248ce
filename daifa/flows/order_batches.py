"""A deed on thousands of orders: a task that does it in short transactions, can be stopped, and says what was left."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import batched
from uuid import UUID

from daifa.areas.accounts.services import settings
from daifa.areas.mailroom.services import files, tasks
from daifa.base.actor import Actor
from daifa.base.jobs import tenant_task
from daifa.base.tenancy import tenant
from daifa.flows import handing, order_deeds
from daifa.flows.order_deeds import Done, LeftOrder
from daifa.kit.errors import AppError
from daifa.kit.tabular.write import Table, write_xlsx

# What a person may wait for; more goes to the worker.
AT_ONCE = 2_000
BATCH = 1_000
DEEDS: Mapping[str, tuple[str, Callable[..., Done]]] = {
    "clear": ("放行异常", order_deeds.clear_holds),
    "hold": ("挂起", order_deeds.hold),
    "tag": ("打标", order_deeds.tag),
    "remark": ("写内部备注", order_deeds.remark),
    "priority": ("改加急", order_deeds.priority),
    "asked": ("标记等买家回复", order_deeds.asked),
    "path": ("改收件人的处理方式", order_deeds.path),
}


def do(*, by: Actor, deed: str, order_ids: Sequence[UUID], **words: object) -> tuple[Done, UUID | None]:
    """Do it at once, or begin a task where there are too many orders to wait for. Raises what the deed raises."""
    title, act = DEEDS[deed]
    if len(order_ids) <= AT_ONCE:
        return act(by=by, order_ids=order_ids, **words), None
    task = tasks.start(by=by, kind="deed", title=f"{title} {len(order_ids)} 单")
    run.enqueue(
        task_id=str(task.id), deed=deed, ids=[str(i) for i in order_ids], words=words,
        by=[by.key, by.name, sorted(by.permissions)],
    )  # fmt: skip
    return Done(f"{len(order_ids)} 单较多，正在分批处理，{tasks.TOLD_LATER}"), task.id


@tenant_task("orders.deed")
def run(
    *, tenant_id: int, task_id: str, deed: str, ids: Sequence[str], words: Mapping[str, object], by: Sequence[object]
) -> None:
    """Do a deed batch by batch; taken up again after a crash where it was: how far it is commits with what it did."""
    key, name, permissions = by
    assert isinstance(permissions, list)
    # Whoever asked was let in, and their scope checked, when they asked.
    actor = Actor(str(key), str(name), frozenset(permissions), via="job")
    task = UUID(task_id)
    with tenant(tenant_id):
        begun = tasks.begin(task)
    if begun is None:
        return
    left = [LeftOrder(UUID(i), n, why) for i, n, why in _noted(begun.result)]
    try:
        for chunk in batched(ids[begun.done :], BATCH):
            left += _batch(tenant_id, task, deed, [UUID(i) for i in chunk], words, actor, len(ids), left)
    except tasks.Cancelled:
        end(tenant_id, task, "cancelled", len(ids), left, actor)
        return
    end(tenant_id, task, "done", len(ids), left, actor)


def _noted(result: Mapping[str, object]) -> list[tuple[str, str, str]]:
    found = result.get("left")
    return [(str(i), str(n), str(why)) for i, n, why in found] if isinstance(found, list) else []


def _batch(
    tenant_id: int, task: UUID, deed: str, ids: Sequence[UUID], words: Mapping[str, object], by: Actor, total: int,
    before: Sequence[LeftOrder],
) -> list[LeftOrder]:  # fmt: skip
    with tenant(tenant_id):
        done = tasks.get(task).done
        tasks.progress(task, done, total, f"已处理 {done} / {total} 单")
        try:
            left = list(DEEDS[deed][1](by=by, order_ids=ids, **words).left)
        except AppError as error:
            left = order_deeds.all_left(ids, error.message_zh)
        tasks.note(task, {"left": [[str(x.order_id), x.number, x.reason] for x in (*before, *left)]})
        tasks.advance(task, done + len(ids))
    return left


def end(tenant_id: int, task: UUID, state: str, total: int, left: Sequence[LeftOrder], by: Actor) -> None:
    """End the task with its counts, and a file of what was left and why."""
    with tenant(tenant_id):
        done = tasks.get(task).done
        reasons = {x.reason for x in left}
        why = reasons.pop() if len(reasons) == 1 else ""
        result = {
            "succeeded": done - len(left), "failed": len(left), "left": [],
            "message": f"处理了 {done} / {total} 单" if state == "cancelled" else why,
        }  # fmt: skip
        made = None
        if left:
            rows = [(x.number, x.reason) for x in left]
            made = files.store(
                by=by, data=write_xlsx([Table("失败原因", ("订单号", "原因"), rows, widths=(24, 60))]),
                name=f"失败原因-{len(left)}单.xlsx", purpose=handing.LEFT, direction="out",
                keep_days=settings.number("keep_file_days"),
            )  # fmt: skip
        tasks.finish(task, state=state, result=result, error_file=made.id if made else None, link="/orders")
