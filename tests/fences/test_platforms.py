"""A platform is one folder: what lies outside of the connectors names none, but for what is listed with its why."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from daifa.connectors import registry
from daifa.ports.card import GENERIC
from tests.fences.test_house import ROOT, files

# The demo company's own files, shops and story (the rest of the simulator) are about the five platforms on purpose.
PLACES = (
    "daifa/areas", "daifa/base", "daifa/entry", "daifa/flows", "daifa/kit", "daifa/ports", "daifa/reads", "web/src",
    "tests/contract/bench.py", "tests/contract/test_shop_api.py", "daifa/connectors/registry.py",
    "daifa/simulator/door.py", "daifa/simulator/living",
)  # fmt: skip
ALLOWED = {
    "daifa/areas/logistics/rules/chat_words.py": "the one order number with a dash, so that chat does not split it",
    "daifa/areas/logistics/rules/couriers.py": "columns of couriers.csv; a platform without one goes by names",
    "daifa/areas/logistics/rules/ship_file.py": "the same, in a docstring",
    "daifa/areas/logistics/types.py": "the same, in a docstring",
    "daifa/areas/mailroom/rules/words.py": "column words that merchants write; the neutral ones beside them suffice",
    "daifa/areas/purchasing/rules/sheet_words.py": "column words that suppliers write; the neutral ones suffice",
    "daifa/entry/commands/world.py": "says whom the demo company joins",
    "daifa/kit/geo/plain.py": "shapes of ciphertexts, so that none is taken for an address; an API tells by itself",
    "daifa/kit/tabular/locked.py": "a rule for passwords of locked files; any other file asks for its password",
    "daifa/ports/terms.py": "says whose level an estimate follows",
    "daifa/simulator/living/world.py": "shapes of order numbers; a platform without one gets a plain number",
}


def _names() -> list[str]:
    """Keys and what people call them."""
    found = set[str]()
    for card in registry.cards():
        if card.key not in {GENERIC, "httpapi"}:
            found |= {card.key, card.label, card.short, *(n.strip() for n in card.label.split("/"))}
    return sorted(found)


def _pattern() -> re.Pattern[str]:
    words = (rf"(?<![A-Za-z0-9]){re.escape(n)}(?![A-Za-z0-9])" if n.isascii() else re.escape(n) for n in _names())
    return re.compile("|".join(words), re.IGNORECASE)


def _naming() -> dict[str, str]:
    """Files that name a platform, with the first line that does."""
    pattern, found = _pattern(), {}
    for path in files(".py", ".ts", ".tsx", ".html"):
        place = str(path.relative_to(ROOT))
        if not place.startswith(PLACES) or _is_test(path) or place.startswith("web/src/api/"):
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            # JD is a courier too, which has nothing to do with the platform.
            if pattern.search(re.sub(r'"JD\w*"|京东快递|京东物流', "", line)):
                found[place] = f"{number}: {line.strip()[:90]}"
                break
    return found


def _is_test(path: Path) -> bool:
    return "tests" in path.relative_to(ROOT).parts[1:-1] or ".test." in path.name


def test_nothing_outside_of_its_folder_names_a_platform() -> None:
    naming = {place: line for place, line in _naming().items() if place not in ALLOWED}
    assert not naming, "let the card, the registry or a port say it (docs/adding-a-platform.md)"


def test_what_is_allowed_is_still_needed() -> None:
    assert ALLOWED.keys() <= _naming().keys()


def test_a_fake_knows_nothing_of_its_connector() -> None:
    fakes = [p for p in files(".py") if "fake" in p.parts and "tests" not in p.parts[p.parts.index("fake") :]]
    assert len(fakes) > 20
    theirs = re.compile(r"^\s*(?:from|import) (?:daifa\.connectors\.\w+\.\w+(?!\.fake)\b|\.\.)", re.MULTILINE)
    assert [str(p) for p in fakes if theirs.search(p.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize("line", ['if platform == "douyin":', "label: '抖店'", "Shop.PDD", "# as jd does"])
def test_the_fence_sees(line: str) -> None:
    assert _pattern().search(line)


def test_a_card_says_what_needs_the_companys_cloud_in_words_for_people() -> None:
    said = {c.key: w for c in registry.cards() if c.api for w in c.api.needs_cloud}
    assert said
    assert not {key: w for key, w in said.items() if re.search(r"[A-Za-z]", w)}
