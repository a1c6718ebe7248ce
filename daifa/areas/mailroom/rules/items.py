"""Several items in one cell: 收纳箱 白色*2；衣架*1, A*1 + B*3."""

from __future__ import annotations

import re

# A separator ends an item only behind its count: a title may have commas of its own. The x of Max2 is no sign.
_ITEM = re.compile(
    r"\s*(?P<title>.+?)\s*(?:[*×]|(?<![A-Za-z])[xX])\s*(?P<n>\d{1,6})\s*[件个]?\s*(?:[;；\n,，、+＋]+|$)", re.DOTALL
)


def cut_items(text: str) -> tuple[list[tuple[str, int]], str]:
    """The (title, count) pairs of a cell, and the rest that has no count ("" when all of it was understood)."""
    found: list[tuple[str, int]] = []
    at = 0
    while at < len(text) and (match := _ITEM.match(text, at)):
        found.append((match["title"].strip(), int(match["n"])))
        at = match.end()
    return found, text[at:].strip()
