"""Whose turn it is to be answered: new lines, second thoughts, and what was forgotten on earlier days."""

from __future__ import annotations

from datetime import timedelta

from daifa.kit import clock
from daifa.reads.sent_lines import SentLine
from daifa.simulator.suppliers_answer import whose_turn

NOW = clock.beijing(2026, 11, 30, 15)


def line(number: str, **ago: float) -> SentLine:
    return SentLine("恒达百货", number, "6901", "HP-001", "陶瓷杯", "白色", 1, NOW - timedelta(**ago))


def turns(
    *lines: SentLine, known: tuple[str, ...] = (), before: dict[str, str] | None = None
) -> tuple[list[str], list[str]]:
    fresh, late = whose_turn(lines, known, before or {}, NOW)
    return [x.number for x in fresh], [x.number for x in late]


def test_what_was_sent_a_moment_ago_waits_and_what_was_answered_well_is_over() -> None:
    assert turns(line("a", seconds=5), line("b", minutes=1), line("c", minutes=1), known=("c",)) == (["b"], [])


def test_what_was_answered_badly_comes_right_after_a_while() -> None:
    told = {"a": (NOW - timedelta(minutes=1)).isoformat(), "b": (NOW - timedelta(minutes=3)).isoformat()}
    assert turns(line("a", minutes=5), line("b", minutes=5), before=told) == ([], ["b"])


def test_what_was_forgotten_on_earlier_days_comes_along_once_the_days_first_answers_went_out() -> None:
    old = line("old", days=1)
    assert turns(old) == ([], []), "nothing comes in before the merchant has sent anything today"
    assert turns(old, line("new", minutes=1), known=("x",)) == (["new"], [])
    assert turns(old, line("older", days=6), known=("new",)) == ([], ["old"])
