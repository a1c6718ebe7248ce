"""Products and SKUs: recorded in bulk from files, changed one by one on screen."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from uuid import UUID

from pypinyin import lazy_pinyin

from daifa.areas.catalog.models import Product, Sku
from daifa.areas.catalog.types import OurSku
from daifa.base import audit, bulk
from daifa.base.actor import Actor
from daifa.base.web import changed
from daifa.kit import clock
from daifa.kit.errors import Conflict, Invalid, NotFound
from daifa.kit.ids import uuid7
from daifa.kit.values import dataclass
from daifa.ports.sheet import GoodsRow


@dataclass(frozen=True, slots=True)
class SkuView:
    """One SKU with its product's title."""

    id: UUID
    code: str
    title: str
    spec: str
    cost_fen: int | None
    weight_g: int | None
    image_url: str
    active: bool


@lru_cache(maxsize=65536)
def sort_key(text: str) -> str:
    """Pinyin of a text, so that lists sort as people look things up."""
    return "".join(lazy_pinyin(text)).lower()[:60]


def record_goods(rows: Sequence[GoodsRow]) -> list[tuple[int, str, UUID]]:
    """Write goods of a file, SKU by code; returns (row, new/updated/unchanged, SKU id).

    What a row leaves empty stays as it was.
    """
    last = {r.sku_code: r for r in rows}
    products = _products(list(last.values()))
    known = {s.code: s for s in Sku.objects.filter(code__in=list(last))}
    fresh, changes, fates = [], [], {}
    for code, row in last.items():
        before = known.get(code)
        if before is None:
            fates[code] = ("new", uuid7())
            fresh.append((fates[code][1], products[row.product_code or code], row))
            continue
        after = (
            row.spec or before.spec,
            row.barcode or before.barcode,
            before.weight_g if row.weight_g is None else row.weight_g,
            before.cost_fen if row.cost_fen is None else row.cost_fen,
            row.image_url or before.image_url,
        )
        same = after == (before.spec, before.barcode, before.weight_g, before.cost_fen, before.image_url)
        fates[code] = ("unchanged" if same else "updated", before.id)
        if not same:
            changes.append((before.id, *after))
    _insert(fresh)
    columns = ("spec", "barcode", "weight_g", "cost_fen", "image_url")
    bulk.update(Sku, columns, changes, extra_set="version = t.version + 1")
    return [(r.row, *fates[r.sku_code]) for r in rows]


def _products(rows: Sequence[GoodsRow]) -> dict[str, UUID]:
    wanted = {r.product_code or r.sku_code: r for r in rows}
    found = dict(Product.objects.filter(code__in=list(wanted)).values_list("code", "id"))
    at = clock.now()
    new = [
        (uuid7(), at, code, r.title or r.spec or code, r.category, r.image_url, True, 1)
        for code, r in wanted.items()
        if code not in found
    ]
    columns = ("id", "created_at", "code", "title", "category", "image_url", "active", "version")
    bulk.insert(Product, columns, new, on_conflict="(tenant_id, code) DO NOTHING")
    return {**found, **{str(n[2]): n[0] for n in new}}


def _insert(fresh: Sequence[tuple[UUID, UUID, GoodsRow]]) -> None:
    at = clock.now()
    columns = (
        "id", "created_at", "product_id", "code", "spec", "barcode", "weight_g", "cost_fen", "image_url",
        "sort_key", "active", "version",
    )  # fmt: skip
    rows = [
        (i, at, p, r.sku_code, r.spec, r.barcode, r.weight_g, r.cost_fen, r.image_url, sort_key(r.title), True, 1)
        for i, p, r in fresh
    ]
    bulk.insert(Sku, columns, rows, on_conflict="(tenant_id, code) DO NOTHING")


def ids_by_code(codes: Sequence[str]) -> dict[str, UUID]:
    """SKU ids of merchant codes (exact)."""
    return dict(Sku.objects.filter(code__in=list(codes)).values_list("code", "id"))


def views(ids: Sequence[UUID] | None = None) -> list[SkuView]:
    """SKUs with titles; all active ones when no ids are named."""
    rows = Sku.objects.select_related("product")
    rows = rows.filter(active=True) if ids is None else rows.filter(id__in=list(ids))
    return [
        SkuView(
            s.id, s.code, s.product.title, s.spec, s.cost_fen, s.weight_g, s.image_url or s.product.image_url, s.active
        )
        for s in rows.order_by("sort_key", "code")
    ]


def create_sku(*, by: Actor, row: GoodsRow) -> SkuView:
    """A new SKU by hand. Raises Invalid, Conflict."""
    if not row.sku_code.strip():
        raise Invalid("code_missing", "请填写 SKU 编码。", fields={"sku_code": "请填写 SKU 编码"})
    if Sku.objects.filter(code=row.sku_code).exists():
        raise Conflict("sku_exists", f"SKU 编码“{row.sku_code}”已经存在。", fields={"sku_code": "已经存在"})
    [(_, _, sku_id)] = record_goods([row])
    audit.record(by, "sku.create", f"新增规格 {row.sku_code}", kind="sku", object_id=sku_id)
    return views([sku_id])[0]


_OF_PRODUCT = frozenset({"title", "category"})


def change_sku(*, by: Actor, sku_id: UUID, version: int, **values: object) -> SkuView:
    """Change a SKU, and the title and category of its product. Raises NotFound, Conflict for a stale form, Invalid."""
    sku = Sku.objects.select_for_update(of=("self",)).select_related("product").filter(id=sku_id).first()
    if sku is None:
        raise NotFound("no_such_sku", "没有这个规格。")
    if sku.version != version:
        raise Conflict("stale", "这个规格刚被别人改过，请刷新后再改。")
    allowed = {"spec", "barcode", "weight_g", "cost_fen", "image_url", "active"} | _OF_PRODUCT
    if unknown := set(values) - allowed:
        raise Invalid("unknown_field", f"不能修改：{'、'.join(sorted(unknown))}。")
    before = {k: getattr(sku.product if k in _OF_PRODUCT else sku, k) for k in values}
    for key, value in values.items():
        setattr(sku.product if key in _OF_PRODUCT else sku, key, value)
    if _OF_PRODUCT & set(values):
        if not sku.product.title.strip():
            raise Invalid("title_missing", "请填写商品名称。", fields={"title": "请填写商品名称"})
        sku.product.version += 1
        sku.product.save()
        Sku.objects.filter(product_id=sku.product_id).update(sort_key=sort_key(sku.product.title))
        sku.sort_key = sort_key(sku.product.title)
    sku.version += 1
    sku.save()
    audit.record(by, "sku.change", f"修改规格 {sku.code}", kind="sku", object_id=sku.id, data=changed(before, values))
    return views([sku.id])[0]


def of_codes(codes: Sequence[str]) -> list[OurSku]:
    """Active SKUs that go by one of these merchant codes, as matching sees them."""
    rows = Sku.objects.select_related("product").filter(code__in=list(codes), active=True)
    return [_ours(s) for s in rows]


def catalogue() -> list[OurSku]:
    """Every active SKU, as matching sees it."""
    return [_ours(s) for s in Sku.objects.select_related("product").filter(active=True)]


def _ours(row: Sku) -> OurSku:
    return OurSku(row.id, row.code, row.product.title, row.spec, row.barcode, row.product.code)
