"""What setting up needs to know: platforms, kinds of files, fields, and blanks to fill in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema

from daifa.areas.accounts.services import shops
from daifa.areas.mailroom.rules import blanks
from daifa.areas.mailroom.rules.preview import fields_json
from daifa.base.web import REFUSALS, May, actor_of, download
from daifa.connectors import registry
from daifa.flows.recorders import RECORDERS
from daifa.kit.errors import NotFound
from daifa.ports.sheet import ImportKind

router = Router(tags=["setup"])


class PlatformCardOut(Schema):
    """One company that shops are on (or goods come from): its badge, and whether its files were confirmed."""

    key: str
    name: str
    short: str
    letter: str
    colour: str
    kind: str
    verified: bool
    capabilities: list[str]


@router.get("/platforms", response={200: list[PlatformCardOut], **REFUSALS}, auth=May())
def list_platforms(request: HttpRequest) -> Any:
    """Every platform the product knows."""
    return [
        {
            "key": c.key,
            "name": c.label,
            "short": c.short,
            "letter": c.badge,
            "colour": c.hue,
            "kind": c.kind.value,
            "verified": c.verified,
            "capabilities": sorted(x.value for x in c.capabilities),
        }
        for c in registry.cards()
    ]


class FileKind(Schema):
    """A kind of file: whether it is imported on the import screen, and whether there is a blank for it."""

    key: str
    label: str
    imported_here: bool
    blank: str | None


@router.get("/import-kinds", response={200: list[FileKind], **REFUSALS}, auth=May("imports.run"))
def list_kinds(request: HttpRequest) -> Any:
    """Every kind of file."""
    with_blank = set(blanks.kinds())
    return [
        {
            "key": k.value,
            "label": k.label,
            "imported_here": k.value in RECORDERS,
            "blank": f"/api/import-blanks/{k.value}" if k in with_blank else None,
        }
        for k in ImportKind
    ]


def _kind(text: str) -> ImportKind:
    if text not in set(ImportKind):
        raise NotFound("unknown_kind", f"没有“{text}”这种导入类型。")
    return ImportKind(text)


class FileField(Schema):
    """A field that a column can mean."""

    field: str
    label: str
    type: str
    meaning: str
    kinds: list[str]
    adds_up: bool


@router.get("/import-fields", response={200: list[FileField], **REFUSALS}, auth=May("imports.run"))
def list_fields(request: HttpRequest, kind: str = "") -> Any:
    """Every field that a column (of one kind of file) can mean."""
    return fields_json(_kind(kind) if kind else None)


@router.get("/import-blanks/{kind}", response={200: bytes, **REFUSALS}, auth=May("imports.run"))
def get_blank(request: HttpRequest, kind: str) -> HttpResponse:
    """A blank to fill in, with an example row."""
    wanted = _kind(kind)
    return download(blanks.blank(wanted), blanks.blank_name(wanted))


class AliasForgotten(Schema):
    """What an action says."""

    message: str | None = None


@router.delete("/shop-aliases/{uuid:alias_id}", response={200: AliasForgotten, **REFUSALS}, auth=May("shops.edit"))
def forget_alias(request: HttpRequest, alias_id: UUID) -> Any:
    """Files with this name are asked about again."""
    shops.forget_alias(by=actor_of(request), alias_id=alias_id)
    return {"message": "已删除；文件里再出现这个名字时会重新询问"}
