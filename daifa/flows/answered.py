"""A person's question that another company answers: asked by a task, because no company is called inside a request."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from uuid import UUID

from daifa.areas.mailroom.services import tasks
from daifa.areas.mailroom.types import TaskView
from daifa.base.tenancy import tenant
from daifa.kit.errors import AppError
from daifa.kit.values import dataclass
from daifa.ports.errors import RemoteError


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of the question: a sentence, what a screen reads besides, and where to look (``link``)."""

    message: str
    more: Mapping[str, object] = field(default_factory=dict)
    link: str = ""
    ok: bool = True


def words(error: RemoteError | AppError) -> str:
    """The Chinese sentence of a refusal, whoever refused."""
    return error.text if isinstance(error, RemoteError) else error.message_zh


def carry_out(
    tenant_id: int,
    task_id: UUID,
    find: Callable[[TaskView], Answer],
    *,
    told: Callable[[RemoteError | AppError], str] = words,
    link: str = "",
) -> None:
    """Begin the task, ask outside of any transaction, and end it with the answer or with why there is none.

    ``link``: where to look when the answer names nothing else. A task that is over or cancelled asks nobody.
    """
    with tenant(tenant_id):
        begun = tasks.begin(task_id)
    if begun is None:
        return
    try:
        answer = find(begun)
    except tasks.Cancelled:
        with tenant(tenant_id):
            tasks.finish(task_id, state="cancelled")
        return
    except (RemoteError, AppError) as error:
        answer = Answer(told(error), ok=False)
    with tenant(tenant_id):
        tasks.finish(
            task_id,
            state="done" if answer.ok else "failed",
            result={"message": answer.message, **answer.more},
            link=answer.link or link,
        )
