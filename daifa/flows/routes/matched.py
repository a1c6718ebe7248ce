"""已匹配: the list of what listing SKUs were taken for, changing one, taking many back."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field, ValidationError

from daifa.base.web import REFUSALS, Given, May, actor_of
from daifa.flows import rematching
from daifa.kit.errors import Invalid
from daifa.kit.paging import limit_of
from daifa.reads import matched_desk
from daifa.reads.matched_desk import SOURCES, Matched, MatchedFilter

router = Router(tags=["match"])
VIEW, EDIT = May("orders.view"), May("orders.edit")


class MatchedPart(Schema):
    """n pieces of one of our SKUs."""

    sku_id: UUID
    code: str
    title: str
    spec: str
    quantity: int


class MatchedRow(Schema):
    """One remembered mapping; no parts: nothing to ship. ``by`` is empty for the machine and for files."""

    id: UUID
    shop_id: UUID
    shop_name: str
    platform: str
    listing_key: str
    title: str
    spec: str
    image_url: str
    ships: bool
    source: str
    source_label: str
    reason: str
    by: str
    decided_at: datetime
    parts: list[MatchedPart]


class MatchedPage(Schema):
    """A page of mappings."""

    items: list[MatchedRow]
    next_cursor: str | None
    total: int | None


class MatchedCounts(Schema):
    """How many mappings each tab has: all, person, code, file, none (nothing to ship)."""

    counts: dict[str, int]


class MatchedQuery(Schema):
    """What is asked for; empty asks nothing. ``shop``: ids, comma between."""

    text: str = ""
    shop: str = ""
    tab: str = "all"

    def filter(self) -> MatchedFilter:
        """As the reads take it. Raises Invalid."""
        try:
            shops = tuple(UUID(i) for i in self.shop.split(",") if i)
        except ValueError as error:
            raise Invalid("bad_id", "店铺编号不对，请重新选择。") from error
        return MatchedFilter(self.text, shops, self.tab)


class MatchedTarget(Given):
    """Which mappings: ``ids``, or everything a ``filter`` (as in the address) finds ``except`` some."""

    ids: list[UUID] | None = None
    filter: dict[str, str] = {}
    leave: list[UUID] = Field(default=[], alias="except")


class MatchedTaken(Given):
    """Mappings to take back."""

    target: MatchedTarget


class MatchedChange(Given):
    """What the listing SKU means instead: parts (SKU, pieces), or nothing to ship."""

    parts: list[tuple[UUID, int]] = []
    ships: bool = True


class MatchedSaid(Schema):
    """What was done; ``undo`` is the token for 撤销."""

    message: str
    orders: int
    stay: int
    undo: str


@router.get("/match/mappings", response={200: MatchedPage, **REFUSALS}, auth=VIEW)
def list_mappings(
    request: HttpRequest, asked: Query[MatchedQuery], cursor: str = "", limit: int | None = None
) -> MatchedPage:
    """What listing SKUs were taken for, the newest first."""
    by, wanted = actor_of(request), asked.filter()
    found = matched_desk.page(wanted, by, cursor=cursor, limit=limit_of(limit))
    total = matched_desk.counts(wanted, by)[wanted.tab]
    return MatchedPage(items=[_row(m) for m in found.items], next_cursor=found.next or None, total=total)


@router.get("/match/mappings/counts", response={200: MatchedCounts, **REFUSALS}, auth=VIEW)
def count_mappings(request: HttpRequest, asked: Query[MatchedQuery]) -> Any:
    """How many mappings each tab has."""
    return {"counts": matched_desk.counts(asked.filter(), actor_of(request))}


@router.get("/match/mappings/{uuid:mapping_id}", response={200: MatchedRow, **REFUSALS}, auth=VIEW)
def get_mapping(request: HttpRequest, mapping_id: UUID) -> MatchedRow:
    """One mapping."""
    return _row(matched_desk.one(mapping_id, actor_of(request)))


@router.post("/match/mappings/cancel", response={200: MatchedSaid, **REFUSALS}, auth=EDIT)
def cancel_mappings(request: HttpRequest, body: MatchedTaken) -> Any:
    """Take mappings back: open orders wait for a match again, dispatched ones stay."""
    by = actor_of(request)
    return rematching.cancel(by=by, mapping_ids=_chosen(request, body.target))


@router.post("/match/mappings/{uuid:mapping_id}/change", response={200: MatchedSaid, **REFUSALS}, auth=EDIT)
def change_mapping(request: HttpRequest, mapping_id: UUID, body: MatchedChange) -> Any:
    """The listing SKU means something else from now on."""
    by = actor_of(request)
    return rematching.change(by=by, mapping_id=mapping_id, parts=body.parts, ships=body.ships)


def _chosen(request: HttpRequest, target: MatchedTarget) -> list[UUID]:
    if target.ids is not None:
        return target.ids
    try:
        asked = MatchedQuery.model_validate(target.filter)
    except ValidationError as error:
        raise Invalid("bad_filter", "筛选条件不对，请刷新后再选。") from error
    left = set(target.leave)
    return [i for i in matched_desk.ids(asked.filter(), actor_of(request)) if i not in left]


def _row(m: Matched) -> MatchedRow:
    return MatchedRow(
        id=m.id, shop_id=m.shop_id, shop_name=m.shop_name, platform=m.platform, listing_key=m.listing_key,
        title=m.title, spec=m.spec, image_url=m.image_url, ships=m.ships, source=m.source,
        source_label=SOURCES.get(m.source, m.source), reason=m.reason, by=m.by, decided_at=m.decided_at,
        parts=[MatchedPart.model_validate(p, from_attributes=True) for p in m.parts],
    )  # fmt: skip
