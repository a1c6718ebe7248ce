"""Several things at once inside one job: each lane has a database connection of its own, the caller's context, one
thing at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context

from django.db import connections


def work[T](groups: Sequence[Sequence[T]], do: Callable[[T], object], *, lanes: int) -> None:
    """Do everything; what is in one group strictly one after the other, groups beside each other. Outside transactions.

    The first error of a lane is raised when all are done.
    """
    if len(groups) <= 1 or lanes <= 1:
        for group in groups:
            _in_turn(group, do)
        return
    with ThreadPoolExecutor(min(lanes, len(groups)), thread_name_prefix="lane") as pool:
        waiting = [pool.submit(copy_context().run, _lane, group, do) for group in groups]
    for one in waiting:
        one.result()


def _in_turn[T](group: Sequence[T], do: Callable[[T], object]) -> None:
    for thing in group:
        do(thing)


def _lane[T](group: Sequence[T], do: Callable[[T], object]) -> None:
    try:
        _in_turn(group, do)
    finally:
        # Back into the pool: the thread will not be asked again.
        connections.close_all()
