"""Doors of other companies: their pushes, and the way back from an authorisation. Neither has a session."""

from __future__ import annotations

from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from ninja import Router

from daifa.base.web import REFUSALS, open_query
from daifa.flows import authorizing, pushes

router = Router(tags=["connections"])
MOST_BYTES = 2 * 1024 * 1024


@router.post("/push/{platform}/{app_key}", response={200: bytes, **REFUSALS}, auth=None)
@open_query
def push(request: HttpRequest, platform: str, app_key: str) -> HttpResponse:
    """A platform's push to an application: its signature is checked, what it says is stored once."""
    body = request.body[:MOST_BYTES]
    headers = {k.lower(): v for k, v in request.headers.items()}
    answer, media = pushes.receive(platform, app_key, headers, body)
    return HttpResponse(answer, content_type=media)


@router.get("/authorized", response={302: None}, auth=None)
@open_query
def authorized(request: HttpRequest, state: str = "") -> HttpResponse:
    """The way back from the other company's page; leads on to the screen with what became of it."""
    answer = {k: str(v) for k, v in request.GET.items()}
    # Some companies want the address said again when the code becomes a token.
    answer["redirect_uri"] = request.build_absolute_uri("/api/authorized")
    back = authorizing.finish(state, answer)
    said = quote(back.message)
    return HttpResponseRedirect(f"/connections?{'done' if back.ok else 'failed'}={said}")
