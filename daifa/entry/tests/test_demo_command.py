"""`daifa demo` tells a script what it made, and a person that a killed one is made anew."""

from __future__ import annotations

import argparse
import json

import pytest

from daifa.areas.accounts.services import people
from daifa.entry.commands import product
from daifa.kit.errors import Conflict
from daifa.simulator import company, seeding


@pytest.fixture
def nobody(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, str]]:
    """An installation in which only the demo will be; what is made is a name."""
    there: list[tuple[int, str]] = []
    monkeypatch.setattr(product, "with_database", lambda **_how: None)
    monkeypatch.setattr(people, "list_companies", lambda: there)
    monkeypatch.setattr(seeding, "first", lambda _told: there.append((7, seeding.COMPANY)))
    return there


def _run(capsys: pytest.CaptureFixture[str], *, as_json: bool) -> str:
    assert product._make_demo(argparse.Namespace(json=as_json)) == 0
    return capsys.readouterr().out


def test_json_is_json_also_when_there_is_nothing_to_make(
    nobody: list[tuple[int, str]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(company, "throw_away_unfinished", lambda: False)
    made = json.loads(_run(capsys, as_json=True))
    assert made == {
        "made": True, "company": 7, "name": seeding.COMPANY, "login": seeding.LOGIN, "password": seeding.PASSWORD,
    }  # fmt: skip
    assert json.loads(_run(capsys, as_json=True))["made"] is False


def test_beside_another_company_it_is_refused_with_what_to_do(
    nobody: list[tuple[int, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(company, "throw_away_unfinished", lambda: False)
    nobody[:] = [(1, "别家")]
    with pytest.raises(Conflict, match=r"已有公司“别家”.*DAIFA_HOME=.*\./start"):
        product._make_demo(argparse.Namespace(json=False))
    assert nobody == [(1, "别家")]


def test_a_person_is_told_that_a_killed_demo_is_made_anew(
    nobody: list[tuple[int, str]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(company, "throw_away_unfinished", lambda: True)
    said = _run(capsys, as_json=False)
    assert "没有做完：那一家已停用，现在重新建立" in said
    assert seeding.PASSWORD in said
