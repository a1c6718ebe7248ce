"""What tells goods apart in their titles: 北欧 is not 日式, and a 碗 is no 掸, however much else they share."""

from __future__ import annotations

import re
from collections.abc import Iterable

from daifa.areas.catalog.rules.specs import Compared, Verdict

# Styles that a thing has one of. What goes with any of them (简约, ins, 轻奢) is none.
_STYLES = re.compile("北欧|日式|新中式|中式|美式|欧式|法式|韩式|英式|泰式")
_HAN = re.compile(r"[\u4e00-\u9fff]+")
_LONGEST = 6


def contrast(listing: str, ours: str, alternatives: Iterable[str]) -> Compared | None:
    """The word that speaks against our title, if any. ``alternatives`` are titles of ours that fit the listing better:
    where one of them differs in a single word, the listing has that word and lacks ours, it is not this one."""
    for other in alternatives:
        theirs, mine = _differing(other, ours)
        if theirs and mine and theirs in listing and mine not in listing:
            return Compared("标题", Verdict.CONTRADICTS, mine, theirs)
    said, own = _STYLES.findall(listing), _STYLES.findall(ours)
    if said and own and not set(said) & set(own):
        return Compared("标题", Verdict.CONTRADICTS, own[0], said[0])
    return None


def _differing(one: str, other: str) -> tuple[str, str]:
    """The only stretch in which two titles differ, on both sides; '' when it is none or too long to be a word."""
    before = _shared(one, other)
    after = _shared(one[before:][::-1], other[before:][::-1])
    if not before and not after:
        return "", ""
    lengths = len(one) - before - after, len(other) - before - after
    if not min(lengths) or max(lengths) > _LONGEST:
        return "", ""
    if min(lengths) == 1 and after:
        # 大 and 小 stand in many words: 大碗 and 小碗 are what is looked for.
        after -= 1
    elif min(lengths) == 1:
        before -= 1
    return one[before : len(one) - after].strip(), other[before : len(other) - after].strip()


def _shared(one: str, other: str) -> int:
    """How many signs two texts begin with alike."""
    return next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def other_kind(listing: str, ours: str) -> bool:
    """Whether nothing that our title ends its words with (瓷碗, or at least 碗) is in the listing: Chinese names a
    thing last."""
    runs = _HAN.findall(ours)
    return bool(runs) and not any(run[-1] in listing for run in runs)
