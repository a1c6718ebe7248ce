"""Status words of a file that nobody knew, as the import screen asks for them."""

from __future__ import annotations

from ninja import Schema


class WordMeaning(Schema):
    """One thing a word can mean."""

    key: str
    label: str


class StatusWord(Schema):
    """A status word of a file: in which column, on how many rows, and what a person said it means ("" asks)."""

    key: str
    field: str
    word: str
    rows: int
    meaning: str
    choices: list[WordMeaning]
