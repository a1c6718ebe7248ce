"""The matching screen: the queue, suggestions with their words, a person's yes, many at once, new SKUs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from daifa.areas.catalog.services import goods
from daifa.areas.catalog.services.goods import SkuView
from daifa.areas.catalog.types import MatchAnswer, Pack, Suggestion
from daifa.base.web import REFUSALS, Given, May, actor_of
from daifa.flows import matching
from daifa.flows.matching import Choice
from daifa.ports.sheet import GoodsRow
from daifa.reads import match_desk
from daifa.reads.match_desk import Waiting

router = Router(tags=["match"])


class MatchWaiting(Schema):
    """One listing SKU that orders wait for."""

    shop_id: UUID
    shop_name: str
    platform: str
    listing_key: str
    title: str
    spec: str
    merchant_code: str
    image_url: str
    gift: bool
    orders: int
    pieces: int
    stake_fen: int
    due_by: datetime | None


class MatchQueue(Schema):
    """Everything that waits for a match; ``orders`` and ``stake_fen`` over all of it."""

    items: list[MatchWaiting]
    orders: int
    stake_fen: int


class MatchSku(Schema):
    """One of our SKUs as the matching screen shows it."""

    id: UUID
    code: str
    title: str
    spec: str
    image_url: str
    cost_fen: int | None
    suppliers: int


class MatchPart(Schema):
    """n pieces of one of our SKUs."""

    sku: MatchSku
    quantity: int


class MatchSuggestion(Schema):
    """What a listing SKU may be; ``agree`` and ``differ`` are the words to mark in the texts."""

    parts: list[MatchPart]
    word: str
    reason: str
    agree: list[str]
    differ: list[tuple[str, str]]


class MatchAnswerOut(Schema):
    """Up to five suggestions, best first; ``pack`` is the multipack that the words tell."""

    suggestions: list[MatchSuggestion]
    pack: int
    pack_words: str
    no_ship: str | None


class MatchSure(Schema):
    """A listing SKU with its certain suggestion."""

    waiting: MatchWaiting
    suggestion: MatchSuggestion


class MatchSureList(Schema):
    """What is certain."""

    items: list[MatchSure]


class MatchSkuList(Schema):
    """SKUs that a search finds."""

    items: list[MatchSku]


class MatchChoice(Given):
    """A person's word; ``parts``: (SKU, pieces). Nothing to ship: no parts, ``ships`` false."""

    shop_id: UUID
    listing_key: str
    parts: list[tuple[UUID, int]] = []
    ships: bool = True


class MatchChoices(Given):
    """Words about one or many listing SKUs."""

    items: list[MatchChoice]


class MatchNewSku(Given):
    """A SKU that is not in the catalogue yet, made for this listing."""

    shop_id: UUID
    listing_key: str
    code: str
    title: str
    spec: str = ""
    cost_fen: int | None = None
    quantity: int = 1


class MatchDone(Schema):
    """What happened, and the way back."""

    message: str
    undo: str | None
    orders: int


@router.get("/match", response={200: MatchQueue, **REFUSALS}, auth=May("orders.view"))
def match_queue(request: HttpRequest, text: str = "") -> Any:
    """Listing SKUs without a match, the most orders first; ``text``: words in title, spec, code or shop."""
    items = match_desk.queue(actor_of(request), text=text)
    return {
        "items": [_waiting(w) for w in items],
        "orders": sum(w.orders for w in items),
        "stake_fen": sum(w.stake_fen for w in items),
    }


@router.get("/match/suggest", response={200: MatchAnswerOut, **REFUSALS}, auth=May("orders.view"))
def suggest_match(request: HttpRequest, shop: UUID, listing: str) -> Any:
    """What one listing SKU may be, with the words that agree and those that do not."""
    waiting = _one(request, shop, listing)
    # Somebody else may have matched it a moment ago: then there is nothing to suggest.
    found = matching.answer(waiting) if waiting else MatchAnswer((), Pack())
    views = _views(found.suggestions)
    return {
        "suggestions": [_suggestion(s, views) for s in found.suggestions],
        "pack": found.pack.quantity,
        "pack_words": found.pack.words,
        "no_ship": found.no_ship.reason if found.no_ship else None,
    }


@router.get("/match/sure", response={200: MatchSureList, **REFUSALS}, auth=May("orders.view"))
def sure_matches(request: HttpRequest) -> Any:
    """What can be accepted all at once: listing SKUs whose best suggestion is certain."""
    found = matching.sure(actor_of(request))
    views = _views([_best(s.answer) for s in found])
    return {
        "items": [{"waiting": _waiting(s.waiting), "suggestion": _suggestion(_best(s.answer), views)} for s in found]
    }


@router.get("/match/skus", response={200: MatchSkuList, **REFUSALS}, auth=May("orders.view"))
def find_skus(request: HttpRequest, text: str = "") -> Any:
    """Our SKUs by code, title or spec."""
    ids = matching.find_skus(text)
    views = _outs(ids)
    return {"items": [views[i] for i in ids if i in views]}


@router.post("/match/decide", response={200: MatchDone, **REFUSALS}, auth=May("orders.edit"))
def decide(request: HttpRequest, body: MatchChoices) -> Any:
    """A person's yes for all orders of these listing SKUs."""
    choices = [Choice(c.shop_id, c.listing_key, tuple((s, n) for s, n in c.parts), c.ships) for c in body.items]
    return matching.decide(by=actor_of(request), choices=choices)


@router.post("/match/new-sku", response={200: MatchDone, **REFUSALS}, auth=May("orders.edit", "catalog.edit"))
def new_sku(request: HttpRequest, body: MatchNewSku) -> Any:
    """Make a SKU for a listing SKU and match it at once."""
    actor = actor_of(request)
    made = goods.create_sku(
        by=actor, row=GoodsRow(0, body.code.strip(), title=body.title, spec=body.spec, cost_fen=body.cost_fen)
    )
    return matching.decide(by=actor, choices=[Choice(body.shop_id, body.listing_key, ((made.id, body.quantity),))])


def _one(request: HttpRequest, shop: UUID, listing: str) -> Waiting | None:
    queue = match_desk.queue(actor_of(request), limit=5000)
    return next((w for w in queue if (w.shop_id, w.listing_key) == (shop, listing)), None)


def _best(answer: MatchAnswer) -> Suggestion:
    return answer.suggestions[0]


def _waiting(w: Waiting) -> dict[str, Any]:
    return {name: getattr(w, name) for name in MatchWaiting.model_fields}


def _views(suggestions: Sequence[Suggestion]) -> dict[UUID, dict[str, Any]]:
    return _outs([p.sku_id for s in suggestions for p in s.parts])


def _outs(ids: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    suppliers = match_desk.suppliers_of(ids)
    return {v.id: _sku(v, suppliers.get(v.id, 0)) for v in goods.views(sorted(set(ids)))}


def _sku(v: SkuView, suppliers: int) -> dict[str, Any]:
    return {
        "id": v.id, "code": v.code, "title": v.title, "spec": v.spec, "image_url": v.image_url, "cost_fen": v.cost_fen,
        "suppliers": suppliers,
    }  # fmt: skip


def _suggestion(s: Suggestion, views: dict[UUID, dict[str, Any]]) -> dict[str, Any]:
    return {
        "parts": [{"sku": views[p.sku_id], "quantity": p.quantity} for p in s.parts if p.sku_id in views],
        "word": s.word.value,
        "reason": s.reason,
        "agree": list(s.agreeing),
        "differ": list(s.disagreeing),
    }
