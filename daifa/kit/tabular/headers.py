"""Headers as they are compared: platforms and people write the same one in many ways."""

from __future__ import annotations


def header_key(text: object) -> str:
    """A header as it is compared: no blanks, BOM or stars, full-width brackets and colons made half-width."""
    return "".join(str("" if text is None else text).translate(_HEADER_TABLE).split()).strip("*＊\"'=")


_HEADER_TABLE = str.maketrans(
    {"（": "(", "）": ")", "：": ":", "，": ",", "／": "/", "－": "-", "\ufeff": None, "\u200b": None, "\xa0": " "}
)
