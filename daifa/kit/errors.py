"""The one tree of errors that a person may see: a code for machines, a Chinese sentence for people."""

from __future__ import annotations

from collections.abc import Mapping


class AppError(Exception):
    """A refusal with machine code, Chinese message (what, where, what to do) and HTTP status."""

    status = 400

    def __init__(self, code: str, message_zh: str, **data: object) -> None:
        super().__init__(message_zh)
        self.code = code
        self.message_zh = message_zh
        self.data: Mapping[str, object] = data


class Invalid(AppError):
    """What was given cannot be used as it is."""

    status = 422


class NotFound(AppError):
    """There is no such thing in this tenant."""

    status = 404


class Conflict(AppError):
    """The thing has changed, or another fact stands against it."""

    status = 409


class NotAllowed(AppError):
    """The person lacks the permission or the scope."""

    status = 403


class NotSignedIn(AppError):
    """Nobody is signed in, or the token is unknown."""

    status = 401


class TooMany(AppError):
    """Too many tries; data carries ``retry_after`` in seconds."""

    status = 429
