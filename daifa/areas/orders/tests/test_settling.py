"""Settling holds: properties that must hold for any holds, clearances and findings."""

from __future__ import annotations

from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from daifa.areas.orders.rules.settling import settle
from daifa.areas.orders.types import HOLDS, Clearance, HoldFinding, HoldKind, OpenHold, Settled

KINDS = st.sampled_from([HoldKind.NOTE_ASKS, HoldKind.UNMATCHED, HoldKind.MARGIN_LOW, HoldKind.RULE])
LINES = st.sampled_from([None, UUID(int=1), UUID(int=2)])
PRINTS = st.sampled_from("abc")
KEYS = st.tuples(KINDS, LINES)


def finding(kind: HoldKind, line: UUID | None, print_: str) -> HoldFinding:
    return HoldFinding(kind, line, f"理由 {print_}", print_, HOLDS[kind].remedy)


FINDINGS = st.dictionaries(KEYS, PRINTS, max_size=6).map(
    lambda d: [finding(kind, line, p) for (kind, line), p in d.items()]
)
OPEN = st.dictionaries(KEYS, st.tuples(PRINTS, st.sampled_from(["screen", "m:7"])), max_size=6).map(
    lambda d: [
        OpenHold(UUID(int=100 + n), kind, line, p, f"理由 {p}", by)
        for n, ((kind, line), (p, by)) in enumerate(d.items())
    ]
)
CLEARED = st.lists(st.builds(Clearance, KINDS, LINES, PRINTS), max_size=6)


def after(settled: Settled) -> list[OpenHold]:
    """The holds that stand once it is done."""
    opened = [
        OpenHold(UUID(int=500 + n), f.kind, f.line_id, f.fingerprint, f.reason) for n, f in enumerate(settled.to_open)
    ]
    changed = [OpenHold(h.id, h.kind, h.line_id, f.fingerprint, f.reason) for h, f in settled.to_change]
    return [*opened, *changed, *settled.kept]


@settings(max_examples=200, deadline=None)
@given(OPEN, CLEARED, FINDINGS)
def test_settling_again_changes_nothing(
    standing: list[OpenHold], cleared: list[Clearance], found: list[HoldFinding]
) -> None:
    once = after(settle(standing, cleared, found))
    again = settle(once, cleared, found)
    assert (again.to_open, again.to_change, again.to_close) == ((), (), ())
    assert {h.id for h in again.kept} == {h.id for h in once}


@settings(max_examples=100, deadline=None)
@given(OPEN, CLEARED, FINDINGS, st.randoms(use_true_random=False))
def test_no_order_of_anything_matters(standing, cleared, found, random) -> None:  # type: ignore[no-untyped-def]
    calm = settle(standing, cleared, found)
    mixed = [list(standing), list(cleared), [*found, *found]]
    for items in mixed:
        random.shuffle(items)
    assert settle(*mixed) == calm


@settings(max_examples=200, deadline=None)
@given(OPEN, CLEARED, FINDINGS)
def test_what_stands_afterwards_is_what_was_found_and_not_cleared(
    standing: list[OpenHold], cleared: list[Clearance], found: list[HoldFinding]
) -> None:
    settled = settle(standing, cleared, found)
    words = {(c.kind, c.line_id, c.fingerprint) for c in cleared}
    wanted = {(f.kind, f.line_id) for f in found if (f.kind, f.line_id, f.fingerprint) not in words}
    people = {(h.kind, h.line_id) for h in standing if h.raised_by != "screen"}
    stands = [(h.kind, h.line_id) for h in after(settled)]
    assert len(stands) == len(set(stands))
    assert set(stands) == wanted | people
    # Every hold that stood is closed, changed or kept: exactly one of them.
    touched = [h.id for h in (*settled.to_close, *settled.kept)] + [h.id for h, _ in settled.to_change]
    assert sorted(touched) == sorted(h.id for h in standing)
    assert all(h.raised_by == "screen" for h in settled.to_close)


@settings(max_examples=100, deadline=None)
@given(KEYS, PRINTS, PRINTS)
def test_a_persons_word_stands_until_the_facts_change(key: tuple[HoldKind, UUID | None], judged: str, now: str) -> None:
    kind, line = key
    settled = settle([], [Clearance(kind, line, judged)], [finding(kind, line, now)])
    assert bool(settled.to_open) is (now != judged)


def test_a_hold_whose_facts_changed_stays_the_same_hold() -> None:
    hold = OpenHold(UUID(int=9), HoldKind.MARGIN_LOW, None, "a", "毛利 -¥1.00")
    fresh = finding(HoldKind.MARGIN_LOW, None, "b")
    assert settle([hold], [], [fresh]) == Settled(to_change=((hold, fresh),))


def test_a_derived_hold_closes_with_its_fact() -> None:
    hold = OpenHold(UUID(int=9), HoldKind.MARGIN_LOW, None, "a", "毛利 -¥1.00")
    assert settle([hold], [], []) == Settled(to_close=(hold,))
