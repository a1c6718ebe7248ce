"""Shapes that several route modules answer with."""

from __future__ import annotations

from ninja import Schema


class Done(Schema):
    """It is done; ``message`` says what, in a sentence."""

    ok: bool = True
    message: str | None = None
