"""How each shop's ship file looks and how platforms call the couriers: learned, corrected, confirmed."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest
from ninja import File, Router, Schema
from ninja.files import UploadedFile

from daifa.areas.logistics.rules.couriers import courier_name, courier_table
from daifa.areas.logistics.rules.ship_file import courier_word
from daifa.areas.logistics.services import templates
from daifa.base import audit
from daifa.base.web import REFUSALS, Given, May, actor_of
from daifa.flows import ship_templates
from daifa.reads import ship_forms

router = Router(tags=["upload"])
SEE = May("logistics.view")
EDIT = May("logistics.edit")


class TemplateDone(Schema):
    """What an action says."""

    message: str


class LearnedOut(Schema):
    """What was learned of a blank template."""

    message: str
    asked: list[str]
    notes: list[str]


class ColumnChoice(Schema):
    """One column of a template and what it takes."""

    header: str
    value: str
    fixed: str


class TemplateDetail(Schema):
    """A template opened for correction."""

    name: str
    columns: list[ColumnChoice]
    row_limit: int
    one_courier: bool
    several: str
    verified: bool
    source: str


class TemplateIn(Given):
    """A person's word over a template; ``columns`` are values by position."""

    columns: list[str] = []
    row_limit: int = 0
    one_courier: bool = False
    several: str = "row_each"
    verified: bool = False


class CourierNameOut(Schema):
    """How one platform calls one courier: built in, and the merchant's own."""

    courier: str
    name: str
    built_in: str
    own: str


class CourierNameIn(Given):
    """A merchant's own name (or code); '' goes back to the built-in one."""

    platform: str
    courier: str
    name: str


@router.get("/upload/shops/{shop_id}/template", response={200: TemplateDetail, **REFUSALS}, auth=SEE)
def see_template(request: HttpRequest, shop_id: UUID) -> TemplateDetail:
    """The template a shop uses."""
    actor_of(request).need_shop(shop_id)
    form, name = ship_templates.current(ship_templates.shop_of(shop_id))
    return TemplateDetail(
        name=name,
        columns=[ColumnChoice(header=c.header, value=c.value, fixed=c.fixed) for c in form.columns],
        row_limit=form.row_limit,
        one_courier=form.one_courier,
        several=form.several.value,
        verified=form.verified,
        source=form.source,
    )


@router.post("/upload/shops/{shop_id}/template", response={200: LearnedOut, **REFUSALS}, auth=EDIT)
def learn_template(request: HttpRequest, shop_id: UUID, file: File[UploadedFile]) -> LearnedOut:
    """Learn a shop's template from the platform's blank file."""
    learned = ship_templates.take(shop_id, data=file.read(), name=file.name or "模板.xlsx", by=actor_of(request))
    return LearnedOut(message=learned.message, asked=list(learned.asked), notes=list(learned.notes))


@router.put("/upload/shops/{shop_id}/template", response={200: TemplateDone, **REFUSALS}, auth=EDIT)
def change_template(request: HttpRequest, shop_id: UUID, body: TemplateIn) -> TemplateDone:
    """Columns, limits, split rules, and that it works."""
    ship_templates.change(
        shop_id,
        by=actor_of(request),
        columns=dict(enumerate(body.columns)),
        row_limit=body.row_limit,
        one_courier=body.one_courier,
        several=body.several,
        verified=body.verified,
    )
    return TemplateDone(message="模板已保存。")


@router.delete("/upload/shops/{shop_id}/template", response={200: TemplateDone, **REFUSALS}, auth=EDIT)
def forget_template(request: HttpRequest, shop_id: UUID) -> TemplateDone:
    """Back to the built-in template."""
    ship_templates.forget(shop_id, by=actor_of(request))
    return TemplateDone(message="已改回内置模板。")


@router.get("/upload/couriers", response={200: list[CourierNameOut], **REFUSALS}, auth=SEE)
def courier_names(request: HttpRequest, platform: str) -> list[CourierNameOut]:
    """How a platform calls the couriers."""
    form, _ = ship_forms.of_platform(platform)
    own = templates.names_of(platform)
    built = templates.naming_of(platform, form, {})
    as_code = any(c.value == "courier_code" for c in form.columns)
    return [
        CourierNameOut(
            courier=c.code, name=c.name, built_in=courier_word(c.code, built, as_code=as_code), own=own.get(c.code, "")
        )
        for c in courier_table().values()
        if c.active or c.code in own
    ]


@router.put("/upload/couriers", response={200: TemplateDone, **REFUSALS}, auth=EDIT)
def set_courier_name(request: HttpRequest, body: CourierNameIn) -> TemplateDone:
    """The merchant's own name or code."""
    before = templates.names_of(body.platform).get(body.courier, "")
    templates.set_name(platform=body.platform, courier=body.courier, name=body.name)
    audit.record(
        actor_of(request), "courier_name.set", f"{body.platform} 的{courier_name(body.courier)}改叫“{body.name}”",
        kind="courier", data={"name": [before, body.name]},
    )  # fmt: skip
    return TemplateDone(message=f"{courier_name(body.courier)}：{body.name or '用内置名称'}。")
