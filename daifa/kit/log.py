"""The log: one JSON object a line, ``area.verb.result`` as event; never personal data, never an argument of a call.

Every line of every library goes through here. What a person typed is not logged in the first place; as a second
fence, mobile numbers are masked in every value, and of an exception only its type, its place and a message without
quoted values, names and long numbers are kept: databases like to repeat the row that they refused.
"""

from __future__ import annotations

import logging
import re
import sys
import traceback
from collections.abc import Mapping, MutableMapping
from contextlib import AbstractContextManager
from typing import Any, TextIO

import orjson
import structlog
from structlog.typing import EventDict, ExcInfo, Processor, WrappedLogger

from daifa.kit.masking import scrub

MOST_FRAMES = 15
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'|“[^”]*”|\([^()]*\)|\[[^\[\]]*\]|\{[^{}]*\}")
_LONG_NUMBER = re.compile(r"\d{5,}")
_NON_ASCII = re.compile(r"[^\x00-\x7f]+")
# Loggers that would repeat addresses or arguments; what they have to say is said by our own lines.
_SILENT = ("django.request", "django.security", "django.server")
_QUIET = ("procrastinate", "django", "asyncio", "httpx", "PIL", "fontTools")


def bare(message: str) -> str:
    """A foreign message without the data in it: no detail lines, quoted values, long numbers, or non-ASCII words."""
    first = message.split("\n", maxsplit=1)[0].split("DETAIL:", maxsplit=1)[0]
    return _NON_ASCII.sub("…", _LONG_NUMBER.sub("#", _QUOTED.sub("'…'", first)))[:300]


def failure(error: BaseException) -> dict[str, Any]:
    """An exception as a log line tells it: types of the chain, bare message, code and frames (file:line function)."""
    frames = traceback.extract_tb(error.__traceback__)[-MOST_FRAMES:]
    chain: list[str] = []
    at = error.__cause__ or error.__context__
    while at is not None and len(chain) < 5:
        chain.append(type(at).__name__)
        at = at.__cause__ or at.__context__
    told: dict[str, Any] = {"type": type(error).__name__, "message": bare(str(error))}
    if isinstance(code := getattr(error, "code", None), str):
        told["code"] = code
    if chain:
        told["because"] = chain
    told["at"] = [f"{_short(f.filename)}:{f.lineno} {f.name}" for f in frames]
    return told


def _short(path: str) -> str:
    parts = path.replace("\\", "/").split("/")
    return "/".join(parts[-3:])


def _exception(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    given: ExcInfo | BaseException | bool | None = event.pop("exc_info", None)
    if given is True:
        given = sys.exc_info()[1]
    elif isinstance(given, tuple):
        given = given[1]
    if isinstance(given, BaseException):
        event["error"] = failure(given)
    event.pop("stack_info", None)
    return event


def _library(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """A library's own line: the job queue's message holds the job's arguments, so only its action is kept."""
    record: logging.LogRecord | None = event.get("_record")
    if record is not None and record.name.startswith("procrastinate"):
        job = getattr(record, "job", None)
        known = job if isinstance(job, Mapping) else {}
        event["event"] = f"queue.{getattr(record, 'action', 'note')}"
        event["job"], event["task"] = known.get("id"), known.get("task_name")
    elif record is not None and not record.name.startswith("daifa"):
        event["event"] = bare(str(event.get("event", "")))
    return event


def _masked(value: Any) -> Any:
    if isinstance(value, str):
        return scrub(value)
    if isinstance(value, Mapping):
        return {str(k): _masked(v) for k, v in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_masked(v) for v in value]
    return value


def _mask(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    masked: EventDict = {k: _masked(v) for k, v in event.items()}
    return masked


def _render(_logger: WrappedLogger, _method: str, event: MutableMapping[str, Any]) -> str:
    return orjson.dumps(event, default=str).decode()


_SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
]


def configure(*, stream: TextIO | None = None, level: int = logging.INFO) -> None:
    """Send every line of this process, ours and the libraries', to ``stream`` (standard output) as JSON."""
    handler = logging.StreamHandler(stream or sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=_SHARED,
            processors=[
                _library,
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _exception,
                _mask,
                _render,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    for name in _SILENT:
        logging.getLogger(name).handlers[:] = [logging.NullHandler()]
        logging.getLogger(name).propagate = False
    logging.captureWarnings(True)


# At import, so that a line of a process that never called ``configure`` is not printed by the library itself.
structlog.configure(
    processors=[
        structlog.stdlib.filter_by_level,
        *_SHARED,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=structlog.stdlib.BoundLogger,
    cache_logger_on_first_use=False,
)


def get(name: str) -> structlog.stdlib.BoundLogger:
    """A logger; ``get("daifa.web").info("http.request", status=200)``. Values, never sentences."""
    found: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return found


def begin(**known: object) -> None:
    """Start a piece of work: what is known of it (trace, tenant, actor) stands in each of its lines."""
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(**known)


def bind(**known: object) -> None:
    """Say more about the present piece of work."""
    structlog.contextvars.bind_contextvars(**known)


def about(**known: object) -> AbstractContextManager[None]:
    """Inside the block every line says this too: the order, the connection, the attempt at hand."""
    return structlog.contextvars.bound_contextvars(**{k: v for k, v in known.items() if v not in {None, ""}})


def trace() -> str:
    """The trace of the present piece of work; "" outside of one."""
    return str(structlog.contextvars.get_contextvars().get("trace") or "")
