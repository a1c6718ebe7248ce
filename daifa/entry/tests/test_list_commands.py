"""`daifa orders|purchases|parcels` narrow down as the screens do."""

from __future__ import annotations

import json
from typing import Any

import pytest

from daifa.entry import cli
from daifa.entry.commands import scope
from daifa.kit import clock
from tests.fences.world import busy_company


@pytest.fixture
def ask(transactional_db: None, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Any:
    """Ask a company that has dispatched and shipped two orders."""
    monkeypatch.setattr(scope, "with_database", lambda: None)
    number = str(busy_company().number)

    def daifa(*argv: str) -> Any:
        with pytest.raises(SystemExit) as left:
            cli.main([*argv, "--company", number, "--json"])
        return left.value.code, json.loads(capsys.readouterr().out)

    daifa.company = number  # type: ignore[attr-defined]  # for those who read what a person does
    return daifa


def test_purchases_by_shop_and_day(ask: Any) -> None:
    today = clock.business_day(clock.now()).isoformat()
    code, rows = ask("purchases", "--day-from", today, "--day-to", today)
    assert (code, len(rows)) == (0, 2)
    assert ask("purchases", "--shop", rows[0]["shop_name"])[1] == rows
    assert ask("purchases", "--day-to", "2020-01-01") == (0, [])
    assert ask("purchases", "--shop", "没有这家")[1]["code"] == "no_such_name"


def test_orders_by_what_was_paid(ask: Any) -> None:
    assert len(ask("orders", "--paid-min", "39.90", "--paid-max", "39.9")[1]) == 2
    assert ask("orders", "--paid-min", "39.91") == (0, [])
    assert ask("orders", "--paid-max", "39.89") == (0, [])
    code, told = ask("orders", "--paid-min", "许多")
    assert (code, told["code"]) == (1, "bad_money")


@pytest.mark.parametrize("listing", ["orders", "parcels"])
def test_a_list_that_was_cut_off_says_so(ask: Any, listing: str, capsys: pytest.CaptureFixture[str]) -> None:
    everything = ask(listing, "--limit", "0")[1]
    assert len(everything) == 2
    assert ask(listing, "--limit", "1")[1] == everything[:1]

    def end(limit: str) -> str:
        with pytest.raises(SystemExit):
            cli.main([listing, "--limit", limit, "--company", ask.company])
        return capsys.readouterr().out.splitlines()[-1]

    assert end("1") == "只列出前 1 条，后面还有；--limit 0 是全部"
    assert end("2") == "共 2 条"


def test_parcels_by_supplier(ask: Any) -> None:
    code, rows = ask("parcels", "--supplier", ask("purchases")[1][0]["supplier"])
    assert (code, len(rows)) == (0, 2)
    assert ask("parcels", "--supplier", "没有这家")[0] == 1
