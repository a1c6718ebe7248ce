"""Whoever reads a screen, a message or a page of the documentation is addressed in one way: 您."""

from __future__ import annotations

from pathlib import Path

from tests.fences.test_house import ROOT

# These read or repeat what others write: buyers' notes, addresses, suppliers' chat, a platform's own refusals.
OTHERS_SPEAK = {
    "daifa/kit/geo/address.py",
    "daifa/areas/orders/rules/note_words.py",
    "daifa/areas/logistics/rules/chat_words.py",
}
PLACES = ("daifa/**/*.py", "web/src/**/*.ts", "web/src/**/*.tsx", "docs/**/*.md", "*.md", "start", "test", ".setup.sh")


def _impolite(path: Path) -> list[int]:
    """The lines that say 你 to somebody; 迷你 is a size."""
    lines = path.read_text(encoding="utf-8").replace("迷你", "").splitlines()
    return [n for n, line in enumerate(lines, 1) if "你" in line]


def test_everybody_is_addressed_alike() -> None:
    found = []
    for pattern in PLACES:
        for path in ROOT.glob(pattern):
            inside = path.relative_to(ROOT).as_posix()
            if "/tests/" in inside or "/fake/" in inside or "node_modules" in inside or inside in OTHERS_SPEAK:
                continue
            found += [f"{inside}:{n}" for n in _impolite(path)]
    assert found == []


def test_a_slip_would_be_seen(tmp_path: Path) -> None:
    slip = tmp_path / "a.tsx"
    slip.write_text("<p>请填您的电话</p>\n<p>你的账号</p>\n<p>迷你盒</p>\n")
    assert _impolite(slip) == [2]
