"""Titles and codes in the form in which they are compared."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_HAN = re.compile(r"[\u4e00-\u9fff]+")
_WORD = re.compile(r"[a-z0-9]+(?:[.\-][a-z0-9]+)*")
_CODE_NOISE = re.compile(r"[\s\-_/.·]+")


def plain(text: str) -> str:
    """Half-width, lower case, single blanks."""
    return " ".join(unicodedata.normalize("NFKC", text).lower().split())


def plain_code(code: str) -> str:
    """A merchant code without case, blanks and full-width forms; separators stay (A-1 and A1 are two codes)."""
    return "".join(unicodedata.normalize("NFKC", code).upper().split()).strip("'`\"=")


def loose_code(code: str) -> str:
    """A merchant code without separators too: good enough to suggest, not to decide."""
    return _CODE_NOISE.sub("", plain_code(code))


def grams(text: str) -> Iterator[str]:
    """Pairs of neighbouring Chinese characters, and whole latin or number words of at least two signs."""
    for run in _HAN.findall(text):
        if len(run) == 1:
            yield run
        for at in range(len(run) - 1):
            yield run[at : at + 2]
    for word in _WORD.findall(text):
        if len(word) > 1:
            yield word


def common_words(one: str, other: str) -> tuple[str, ...]:
    """The stretches of ``one`` (at least two signs) that stand in ``other`` too, longest possible, in order."""
    found: dict[str, None] = {}
    for run in (*_HAN.findall(one), *_WORD.findall(one)):
        at = 0
        while at < len(run) - 1:
            size = 1
            while at + size < len(run) and run[at : at + size + 1] in other:
                size += 1
            if size > 1:
                found[run[at : at + size]] = None
            at += size
    return tuple(found)
