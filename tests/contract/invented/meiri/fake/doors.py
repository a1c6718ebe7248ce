"""Who may come in: the application, the owner's consent page, tickets and tokens."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from html import escape
from typing import Any
from urllib.parse import urlencode

from daifa.ports.world import Reply, Request, World

KEY, APP = "meiri", "mr-0001"
ACCESS, REFRESH = timedelta(days=1), timedelta(days=60)


class Fail(Exception):
    """A refusal in Meiri's words."""

    def __init__(self, code: str, text: str = "") -> None:
        super().__init__(code)
        self.code, self.text = code, text


def secret(world: World) -> str:
    """The application's secret."""
    return hashlib.sha256(f"{world.seed}:meiri".encode()).hexdigest()


def _fresh(world: World, what: str) -> str:
    return hashlib.sha256(f"{world.seed}:{what}:{world.number('meiri_secret')}".encode()).hexdigest()[:40]


def page(world: World, request: Request) -> Reply:
    """GET shows the stores; the button leads back with a ticket."""
    said = {**request.pairs, **request.form}
    stores = world.shops(KEY)
    if request.method == "POST":
        ticket = _fresh(world, "ticket")
        world.books.put_doc(KEY, "ticket", ticket, {"store": said.get("store") or stores[0].id})
        query = urlencode({"ticket": ticket, "state": said.get("state", "")})
        return Reply(302, b"", "text/html", {"location": f"{said['back']}?{query}"})
    hidden = "".join(f'<input type="hidden" name="{escape(k)}" value="{escape(v)}">' for k, v in said.items())
    options = "".join(f'<option value="{escape(s.id)}">{escape(s.name)}</option>' for s in stores)
    fields = f'{hidden}<select name="store">{options}</select><button>同意</button>'
    text = f'<form method="post" action="/consent">{fields}</form>'
    return Reply(200, text.encode(), "text/html;charset=utf-8")


def pair(world: World, store: str) -> dict[str, Any]:
    """A store's tokens; a new access token when the last one ended."""
    kept = world.books.doc(KEY, "store", store)
    if kept is None or datetime.fromisoformat(kept["until"]) <= world.now():
        refresh = kept["refresh"] if kept else _fresh(world, "refresh")
        until = (world.now() + ACCESS).isoformat()
        kept = {"store": store, "access": _fresh(world, "access"), "refresh": refresh, "until": until}
        world.books.put_doc(KEY, "store", store, kept)
        world.books.put_doc(KEY, "token", kept["access"], kept)
        world.books.put_doc(KEY, "refresh", kept["refresh"], {"store": store})
    return kept


def store_of(world: World, token: str) -> str:
    """Whose token it is."""
    kept = world.books.doc(KEY, "token", token)
    if kept is None:
        raise Fail("TOKEN_WRONG")
    if datetime.fromisoformat(kept["until"]) <= world.now():
        raise Fail("TOKEN_OLD")
    return str(kept["store"])


def token(world: World, said: Mapping[str, Any]) -> dict[str, Any]:
    """Tokens for a ticket (once) or a refresh token."""
    if ticket := said.get("ticket"):
        kept = world.books.doc(KEY, "ticket", str(ticket))
        if kept is None:
            raise Fail("CODE_WRONG")
        world.books.drop_doc(KEY, "ticket", str(ticket))
    else:
        kept = world.books.doc(KEY, "refresh", str(said.get("refresh", "")))
        if kept is None:
            raise Fail("TOKEN_WRONG")
    store = next(s for s in world.shops(KEY) if s.id == kept["store"])
    made = pair(world, store.id)
    left = datetime.fromisoformat(made["until"]) - world.now()
    return {
        "access": made["access"], "refresh": made["refresh"], "seconds": int(left.total_seconds()),
        "refresh_seconds": int(REFRESH.total_seconds()), "store": store.id, "store_name": store.name,
    }  # fmt: skip
