"""Two independent readings of the same public facts meet: what the product's importer finds in the demo's files is
what the world says is in them.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from pathlib import PurePosixPath

import pytest

from daifa.areas.mailroom.rules.parse import parse
from daifa.areas.mailroom.rules.recognise import recognise
from daifa.connectors.registry import profiles
from daifa.kit.tabular.read import read_file
from daifa.ports.sheet import Parsed
from daifa.simulator.demo import Demo, make_demo
from daifa.simulator.manifest import FileEntry
from daifa.simulator.orders import RefundPhase

_STATES = {
    RefundPhase.APPLIED: "applied",
    RefundPhase.WITHDRAWN: "withdrawn",
    RefundPhase.PART: "partly",
    RefundPhase.FULL: "full",
}


@pytest.fixture(scope="module")
def demo() -> Demo:
    return make_demo(date(2026, 9, 15), orders_per_day=80, days=9)


def imported(demo: Demo, entry: FileEntry) -> Parsed:
    """The file as the importer reads it, without any help but the password in its name."""
    sheets = read_file(demo.files[entry.path], PurePosixPath(entry.path).name)
    known = profiles()
    (guess,) = [g for g in recognise(sheets, known) if g.chosen]
    assert guess.kind is not None, entry.path
    assert guess.kind.value == entry.kind, entry.path
    assert guess.platform == entry.platform, entry.path
    assert not guess.asked, [c.column for c in guess.asked]
    return parse(sheets[0], guess, known)


def test_order_files_are_read_to_the_fen(demo: Demo) -> None:
    m = demo.manifest
    files = [e for d in (*m.history, *m.days) for e in d.files] + list(m.waiting.files)
    for entry in (e for e in files if e.kind == "orders"):
        found = imported(demo, entry)
        assert not found.errors, (entry.path, found.errors[:3])
        assert (found.rows, len(found.orders), found.lines) == (entry.rows, entry.orders, entry.lines), entry.path
        totals = {k: getattr(found.totals, k) for k in entry.totals}
        assert totals == dict(entry.totals), entry.path
        if entry.part != "lines":
            states = Counter(o.recipient.state.value for o in found.orders)
            assert dict(states) == dict(entry.recipients), entry.path


def test_what_keeps_an_order_waiting_is_read(demo: Demo) -> None:
    waits: dict[str, set[str]] = {}
    for entry in demo.manifest.waiting.files:
        if entry.kind == "orders":
            for order in imported(demo, entry).orders:
                for wait in order.waits:
                    waits.setdefault(wait.value, set()).add(order.external_id)
    kinds = ("under_review", "group_pending", "presale", "reserved", "risk")
    assert waits == {kind: set(demo.manifest.waiting.holds[kind]) for kind in kinds}


def test_refunds_and_recipients_are_read(demo: Demo) -> None:
    for entry in demo.manifest.waiting.files:
        if entry.kind == "refunds":
            found = imported(demo, entry)
            assert len(found.refunds) == entry.rows
            said = {r.order_external_id: r.state.value for r in found.refunds}
            at = datetime.fromisoformat(entry.at)
            assert said == {number: _STATES[demo.orders[number].refund_phase(at)] for number in said}
            assert len(said) == entry.orders
    for entry in demo.manifest.waiting.files:
        if entry.kind == "recipients":
            sheets = read_file(demo.files[entry.path], PurePosixPath(entry.path).name)
            (guess,) = recognise(sheets, profiles())
            assert guess.kind is not None
            assert guess.kind.value == "recipients"
            assert len(parse(sheets[0], guess, profiles()).records) == entry.rows


def test_setup_files_are_read(demo: Demo) -> None:
    for entry in demo.manifest.setup:
        found = imported(demo, entry)
        assert not found.errors, (entry.path, found.errors[:3])
        assert len(found.records) == entry.rows, entry.path
