"""Log lines are JSON and tell nothing about people."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from daifa.kit import log
from daifa.kit.masking import scrub
from daifa.kit.sealed import Sealed


@pytest.fixture
def lines() -> Iterator[list[dict[str, Any]]]:
    root, said = logging.getLogger(), io.StringIO()
    handlers, level = list(root.handlers), root.level
    found: list[dict[str, Any]] = []

    class Ear(io.StringIO):
        def write(self, text: str) -> int:
            found.extend(orjson.loads(part) for part in text.splitlines() if part)
            return said.write(text)

    log.configure(stream=Ear())
    yield found
    root.handlers[:] = handlers
    root.setLevel(level)


def test_a_line_is_an_object_with_time_level_and_event(lines: list[dict[str, Any]]) -> None:
    log.get("daifa.test").info("orders.record.done", orders=3, phone="打 13812345678 找张三", secret=Sealed("x"))
    line = lines[0]
    assert (line["event"], line["level"], line["logger"], line["orders"]) == (
        "orders.record.done", "info", "daifa.test", 3,
    )  # fmt: skip
    assert line["phone"] == "打 138****5678 找张三"
    assert line["secret"] == "•••"
    assert line["at"].endswith("Z")


def test_a_librarys_line_loses_its_data(lines: list[dict[str, Any]]) -> None:
    logging.getLogger("some.library").warning("cannot store %s for %s", "张三丰", "'Zhang San'")
    assert lines[0]["event"] == "cannot store … for '…'"


def test_the_job_queue_does_not_tell_its_arguments(lines: list[dict[str, Any]]) -> None:
    job = {"id": 7, "task_name": "flows.x", "task_kwargs": {"name": "张三"}}
    logging.getLogger("procrastinate.worker").error(
        "Job flows.x[7](name='张三') failed", extra={"action": "job_error", "job": job}
    )
    assert lines[0]["event"] == "queue.job_error"
    assert (lines[0]["job"], lines[0]["task"]) == (7, "flows.x")
    assert "张三" not in orjson.dumps(lines).decode()


def test_an_exception_tells_where_not_what(lines: list[dict[str, Any]]) -> None:
    try:
        try:
            raise KeyError("收件人 李四")
        except KeyError as error:
            raise ValueError('duplicate key "x"\nDETAIL:  Key (phone)=(13812345678) exists 李四') from error
    except ValueError:
        logging.getLogger("daifa.test").exception("orders.record.failed")
    told = lines[0]["error"]
    assert told["type"] == "ValueError"
    assert told["because"] == ["KeyError"]
    assert told["message"] == "duplicate key '…'"
    assert told["at"][-1].startswith("kit/tests/test_log.py:")
    everything = orjson.dumps(lines).decode()
    assert "李四" not in everything
    assert "13812345678" not in everything


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), st.sampled_from(["", " ", "，", "tel:", "+86 ", "86-"]))
def test_no_mobile_number_survives(phone: str, before: str) -> None:
    assert phone not in scrub(f"{before}{phone}，谢谢")


@given(st.from_regex(r"[0-9]{13,20}", fullmatch=True))
def test_longer_numbers_are_not_phones(number: str) -> None:
    assert scrub(f"单号{number}。") == f"单号{number}。"


def test_what_a_line_is_about_stands_in_it_and_ends_with_the_block(lines: list[dict[str, Any]]) -> None:
    log.begin(trace="t1", tenant=7)
    with log.about(order="o1", connection="c1", attempt=2, outbox=""):
        log.get("daifa.test").info("inside")
        with log.about(attempt=3):
            log.get("daifa.test").info("deeper")
    log.get("daifa.test").info("after")
    inside, deeper, after = ({k: v for k, v in x.items() if k in {"order", "connection", "attempt", "outbox", "trace"}}
                             for x in lines)  # fmt: skip
    assert inside == {"trace": "t1", "order": "o1", "connection": "c1", "attempt": 2}
    assert deeper == {**inside, "attempt": 3}
    assert after == {"trace": "t1"}
