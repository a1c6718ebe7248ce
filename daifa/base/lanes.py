"""Several things at once inside one job: each lane has a database connection of its own, the caller's context, one
thing at a time. No lane waits for another: who is ready takes the next thing."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Hashable, Sequence
from contextvars import Context, copy_context

from django.db import connections


def work[T](
    more: Callable[[], Sequence[T]], do: Callable[[T], object], *, of: Callable[[T], Hashable], lanes: int
) -> int:
    """Do what ``more`` brings until it brings nothing; returns how many. Outside transactions.

    ``more`` is asked by one lane at a time whenever nothing waits, and must not bring a thing twice. Things of the same
    ``of`` are done one after the other in the order in which they came. After an error nothing new is begun; the first
    one is raised when what was under way is done.
    """
    flow = _Flow(more, do, of, lanes, copy_context())
    flow.lane()
    for thread in flow.threads:
        thread.join()
    if flow.error is not None:
        raise flow.error
    return flow.done


def release() -> None:
    """Give this thread's database connection back while another company is waited for; the next statement takes one
    again. Within a transaction nothing is given back."""
    held = connections["default"]
    if held.connection is not None and not held.in_atomic_block:
        held.close()


class _Flow[T]:
    """What waits and what is under way, shared by the lanes."""

    def __init__(
        self, more: Callable[[], Sequence[T]], do: Callable[[T], object], of: Callable[[T], Hashable], lanes: int,
        context: Context,
    ) -> None:  # fmt: skip
        self._more, self._do, self._of, self._lanes, self._context = more, do, of, lanes, context
        self._turn = threading.Condition()
        self._waiting: deque[T] = deque()
        self._busy: set[Hashable] = set()
        self.threads: list[threading.Thread] = []
        self.error: Exception | None = None
        self.done = 0

    def lane(self) -> None:
        """Take the next thing and do it, until there is none."""
        while (thing := self._next()) is not None:
            error = None
            try:
                self._do(thing[0])
            except Exception as failed:  # noqa: BLE001  # raised by the caller's thread when the others are done
                error = failed
            # Whoever waits for its turn holds no connection that the one whose turn it is may need.
            release()
            with self._turn:
                self.error = self.error or error
                self._busy.discard(self._of(thing[0]))
                self._turn.notify_all()

    def _next(self) -> tuple[T] | None:
        with self._turn:
            while self.error is None:
                if (thing := self._free()) is not None:
                    self._busy.add(self._of(thing[0]))
                    self.done += 1
                    self._grow()
                    return thing
                if not self._waiting and self._refilled():
                    continue
                if not self._busy:
                    break
                self._turn.wait()
            return None

    def _free(self) -> tuple[T] | None:
        """The first that waits for nothing that is under way."""
        for n, thing in enumerate(self._waiting):
            if self._of(thing) not in self._busy:
                del self._waiting[n]
                return (thing,)
        return None

    def _refilled(self) -> bool:
        try:
            self._waiting.extend(self._more())
        except Exception as failed:  # noqa: BLE001  # as if a thing had failed
            self.error = failed
            self._turn.notify_all()
        finally:
            release()
        return bool(self._waiting)

    def _grow(self) -> None:
        """One more lane as long as something could be done beside."""
        if len(self.threads) + 1 < self._lanes and any(self._of(t) not in self._busy for t in self._waiting):
            thread = threading.Thread(target=self._context.copy().run, args=(self._other_lane,), name="lane")
            self.threads.append(thread)
            thread.start()

    def _other_lane(self) -> None:
        try:
            self.lane()
        finally:
            # Back into the pool: the thread will not be asked again.
            connections.close_all()
