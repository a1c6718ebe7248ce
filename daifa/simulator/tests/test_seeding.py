"""A demo that was killed while it was made is thrown away, and made again under another number."""

from __future__ import annotations

import pytest

from daifa.areas.accounts.services import people
from daifa.kit import clock
from daifa.simulator import seeding


class Killed(BaseException):
    """As kill -9: nothing below may catch it."""


def _demos() -> list[int]:
    return [number for number, name in people.list_companies() if name == seeding.COMPANY]


@pytest.mark.slow
@pytest.mark.usefixtures("transactional_db")
def test_an_unfinished_demo_makes_room_for_a_whole_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def dies(_seeder: seeding.Seeder) -> None:
        raise Killed

    monkeypatch.setattr(seeding, "history", dies)
    with pytest.raises(Killed):
        seeding.first(lambda _line: None)
    [half] = _demos()
    assert seeding.throw_away_unfinished()
    assert _demos() == []
    # Name and login are free again; the rest of the making is shortened here.
    for step in ("history", "recent", "today"):
        monkeypatch.setattr(seeding, step, lambda _seeder: None)
    whole = seeding.first(lambda _line: None)
    assert (_demos(), whole != half) == ([whole], True)
    assert not seeding.throw_away_unfinished()
    people.retire_company(whole, name=f"试过 {whole} {clock.now()}")
