"""Sending one signed request to another company: what connectors give, and what they get back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from typing import Protocol

from daifa.kit.values import dataclass


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request, ready to send. ``name``: the company's name of the call, for limits and the record.

    ``write``: whether it changes something outside, so that a lost answer means "perhaps". ``private``: field names
    (any depth) of the body whose values are personal data.
    """

    name: str
    url: str
    method: str = "POST"
    query: tuple[tuple[str, str], ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    write: bool = False
    private: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back, as it was. A status proves nothing: connectors read the body."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


class Transport(Protocol):
    """Sends; raises ``Unavailable`` when surely nothing was sent, ``OutcomeUnknown`` when it was and nothing came."""

    def turn(self, name: str) -> datetime:
        """Wait until this call may be made; returns the moment to sign it with, just before it is sent."""

    def send(self, request: Request) -> Reply:
        """Send one request and return the reply."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a connector needs to speak for one account; times UTC. ``urls``: by the card's names of base addresses.

    ``calls_per_second``: what the merchant's own contract allows; None: as the card says.
    """

    app_key: str
    app_secret: str = field(repr=False)
    urls: Mapping[str, str] = field(default_factory=dict)
    access_token: str = field(default="", repr=False)
    refresh_token: str = field(default="", repr=False)
    account: str = ""
    settings: Mapping[str, str] = field(default_factory=dict)
    calls_per_second: int | None = None


@dataclass(frozen=True, slots=True)
class Granted:
    """What an authorisation gave: tokens, until when, and whose account it is."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_at: datetime | None
    refresh_expires_at: datetime | None
    account: str
    account_name: str = ""
    scope: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """What a push tells: a hint to fetch. ``key``: the company's own id of the message, unique per connection.

    ``account``: whose it is (shop id, member id). ``object_id`` "" when it names nothing to fetch. ``wish``: what it
    tells of a buyer's wish to move ("" nothing), and ``told`` what it alone says of that: personal.
    """

    key: str
    account: str
    topic: str
    feed: str
    object_id: str
    at: datetime | None = None
    wish: str = ""
    told: bytes = field(default=b"", repr=False)


class BadSignature(Exception):
    """A push that is not from whom it says, or too old."""
