"""A shop's own batch-ship template: learned from the platform's blank file, corrected, confirmed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from daifa.areas.accounts.services import shops
from daifa.areas.accounts.types import ShopView
from daifa.areas.logistics.rules.ship_file import ShipFormat
from daifa.areas.logistics.rules.ship_template import LearnedTemplate, learn
from daifa.areas.logistics.services import templates
from daifa.areas.mailroom.services import files
from daifa.areas.mailroom.types import ImportView
from daifa.base import audit
from daifa.base.actor import Actor
from daifa.base.tenancy import tenant
from daifa.flows import reading
from daifa.kit.errors import Invalid, NotFound
from daifa.kit.tabular.read import read_file
from daifa.kit.values import dataclass
from daifa.ports.sheet import Parsed
from daifa.reads import ship_forms


@dataclass(frozen=True, slots=True)
class Learned:
    """What was learned: a sentence, columns a person should look at, and remarks."""

    message: str
    asked: tuple[str, ...]
    notes: tuple[str, ...]


def record_template(tenant_id: int, row: ImportView, parsed: Parsed) -> dict[str, object]:
    """A blank template that came in as a file: from now on its shop's file looks like it."""
    with tenant(tenant_id):
        if row.shop_id is None:
            raise Invalid("which_shop", "请先选择这个模板属于哪个店铺。")
        password = reading.open_password(row.guess.get("password"))
        data = files.content(row.file_id)
        by = Actor(key=row.started_by or "system", name="导入")
        name = str(row.guess.get("name") or row.file_name)
        learned = _learn(data, name, row.shop_id, row.file_id, by, password=password, sheet=row.sheet)
    return {"new": 1, "message": learned.message}


def take(shop_id: UUID, *, data: bytes, name: str, by: Actor) -> Learned:
    """Learn a shop's template from the blank file that a person drops on its card. Raises Invalid, UnreadableFile."""
    by.need_shop(shop_id)
    stored = files.store(by=by, data=data, name=name, purpose="ship_template", keep_days=3650)
    return _learn(data, name, shop_id, stored.id, by)


def _learn(
    data: bytes, name: str, shop_id: UUID, file_id: UUID, by: Actor, *, password: str | None = None, sheet: str = ""
) -> Learned:
    shop = shop_of(shop_id)
    learned = _understood(data, name, password, sheet)
    templates.save(shop_id=shop_id, name=name, form=learned.form, file_id=file_id)
    audit.record(by, "ship_template.learn", f"{shop.name} 的发货模板改为 {name}", kind="shop", object_id=shop_id)
    message = f"学会了“{shop.name}”的发货模板：{'、'.join(c.header for c in learned.form.columns)}。"
    return Learned(message, learned.asked, learned.notes)


def _understood(data: bytes, name: str, password: str | None, sheet: str) -> LearnedTemplate:
    problem: Invalid | None = None
    for one in read_file(data, name, password):
        if sheet and reading.sheet_key(one) != sheet:
            continue
        try:
            kind = "csv" if one.file.lower().endswith(".csv") else "xlsx"
            return learn(one.rows, sheet=one.name or "Sheet1", file_type=kind)
        except Invalid as error:
            problem = error
    raise problem or Invalid("template_empty", "这个文件里没有表。请拖入平台“批量发货”页面下载的空模板。")


def shop_of(shop_id: UUID) -> ShopView:
    """A shop. Raises NotFound."""
    found = next((s for s in shops.list_shops() if s.id == shop_id), None)
    if found is None:
        raise NotFound("no_such_shop", "没有这个店铺。")
    return found


def current(shop: ShopView) -> tuple[ShipFormat, str]:
    """The template in use and its name: the shop's own, or the platform's built-in one."""
    known = templates.of_shops([shop.id]).get(shop.id)
    return (known.form, known.name) if known else ship_forms.of_platform(shop.platform)


def change(shop_id: UUID, *, by: Actor, columns: Mapping[int, str], row_limit: int, one_courier: bool, several: str,
           verified: bool) -> None:  # fmt: skip
    """A person's word over a template: what columns take, limits, split rules, and that it works (核实).

    Raises Invalid when the columns no longer name an order and a number.
    """
    by.need_shop(shop_id)
    shop = shop_of(shop_id)
    form, name = current(shop)
    known = templates.of_shops([shop_id]).get(shop_id)
    made = templates.adjusted(form, row_limit=row_limit, one_courier=one_courier, several=several)
    if columns:
        made = replace(
            made,
            columns=tuple(
                replace(c, value=columns.get(i, c.value), fixed="" if columns.get(i) else c.fixed)
                for i, c in enumerate(made.columns)
            ),
        )
        made = replace(made, line_level=any(c.value == "line_no" for c in made.columns))
    values = [c.value for c in made.columns if c.value]
    if len(values) != len(set(values)):
        raise Invalid("column_twice", "有两列选了同一个内容，请改正。")
    if "tracking_no" not in values or not {"order_no", "line_no"} & set(values):
        raise Invalid("column_missing", "模板里要有“订单号”（或子订单号）和“快递单号”两列。")
    templates.save(shop_id=shop_id, name=name, form=made, verified=verified, file_id=known.file_id if known else None)
    audit.record(by, "ship_template.change", f"修改 {shop.name} 的发货模板", kind="shop", object_id=shop_id)


def forget(shop_id: UUID, *, by: Actor) -> None:
    """Back to the platform's built-in template."""
    by.need_shop(shop_id)
    shop = shop_of(shop_id)
    if templates.forget(shop_id):
        audit.record(by, "ship_template.forget", f"{shop.name} 改回内置发货模板", kind="shop", object_id=shop_id)
