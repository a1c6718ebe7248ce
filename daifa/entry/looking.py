"""A question to the database for whoever cannot wait: over a connection of its own, given up after a few seconds.

The product's connections are kept in a pool, which tries for half a minute to replace one.
"""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from contextvars import copy_context
from typing import Any

import psycopg
from django.db import connections

from daifa.entry.migrating import why

# libpq counts no less than two seconds for an address.
CONNECT_SECONDS = 2
PATIENCE = 3.0


class Unanswered(Exception):
    """The database did not answer; the message says why, in Chinese."""


def ask[T](question: Callable[[psycopg.Cursor[Any]], T], seconds: float = PATIENCE) -> T:
    """The answer, within so many seconds. Raises Unanswered."""
    look = _Look(question)
    look.start()
    look.join(seconds)
    if look.answered:
        return look.answered[0]
    look.give_up()
    raise Unanswered(look.problem or f"数据库 {seconds:.0f} 秒没有回应")


class _Look[T](threading.Thread):
    """The question under way."""

    def __init__(self, question: Callable[[psycopg.Cursor[Any]], T]) -> None:
        super().__init__(name="look", daemon=True)
        self._question = question
        self._given = {**connections["default"].get_connection_params(), "connect_timeout": CONNECT_SECONDS}
        self._context = copy_context()
        self._link: psycopg.Connection[Any] | None = None
        self.answered: list[T] = []
        self.problem = ""

    def run(self) -> None:
        """Ask."""
        try:
            self._link = psycopg.connect(**self._given)
            with self._link, self._link.cursor() as cursor:
                self.answered.append(self._context.run(self._question, cursor))
        except psycopg.OperationalError as error:
            self.problem = f"连不上数据库：{why(error)}"
        except Exception as error:  # noqa: BLE001  # whatever the database says, whoever asks gets a reason
            self.problem = f"数据库出错（{type(error).__name__}）"

    def give_up(self) -> None:
        """A server that took the connection and went silent would hold thread and socket for ever."""
        if self.is_alive() and (link := self._link) is not None:
            with suppress(OSError, psycopg.Error), socket.socket(fileno=os.dup(link.fileno())) as line:
                line.shutdown(socket.SHUT_RDWR)
