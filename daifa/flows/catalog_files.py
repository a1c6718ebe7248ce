"""Goods, suppliers, price lists and supply links into records: rows that belong together in one short transaction."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from uuid import UUID

from daifa.areas.accounts.services import shops
from daifa.areas.accounts.types import ShopView
from daifa.areas.catalog.services import goods, mappings
from daifa.areas.catalog.services.mappings import NewMapping
from daifa.areas.mailroom.services import imports, tasks
from daifa.areas.mailroom.types import ImportView
from daifa.areas.orders.services import demands
from daifa.areas.purchasing.rules.freight_reading import FIX, read_freight
from daifa.areas.purchasing.services import offers, suppliers
from daifa.base.actor import SYSTEM
from daifa.base.tenancy import tenant
from daifa.connectors import registry
from daifa.flows import advance, supply_moved
from daifa.kit import clock
from daifa.ports.sheet import GoodsRow, ImportKind, LinkRow, Parsed, PriceRow, SupplierRow
from daifa.reads import waiting

type Fate = tuple[int, str, UUID | None, str, str, str]

BATCH = 2000
_NO_SKU = ("SKU编码", "商品库里没有这个编码", "先导入商品，或改成已有的编码。")
_NO_SUPPLIER = ("供应商", "没有写是哪个供应商的价格", "补上供应商名称，或在导入卡片里选好供应商。")


def _together[T](rows: Sequence[T], key: Callable[[T], Hashable], size: int = BATCH) -> Iterator[list[T]]:
    """Batches of about ``size`` rows; rows with the same key are never in two of them."""
    groups: dict[Hashable, list[T]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    batch: list[T] = []
    for group in groups.values():
        if batch and len(batch) + len(group) > size:
            yield batch
            batch = []
        batch += group
    if batch:
        yield batch


def _write[T](
    tenant_id: int,
    row: ImportView,
    rows: Sequence[T],
    key: Callable[[T], Hashable],
    verb: Callable[[Sequence[T]], Sequence[Fate]],
) -> None:
    """Write batch after batch with the fate of every row; a cancel throws away the batch it falls in."""
    done = 0
    for batch in _together(rows, key):
        with tenant(tenant_id):
            imports.record_rows(row.id, verb(batch))
            done += len(batch)
            if row.task_id:
                tasks.progress(row.task_id, done, len(rows), f"已处理 {done} / {len(rows)} 行")


def record_goods(tenant_id: int, row: ImportView, parsed: Parsed) -> dict[str, object]:
    """The merchant's SKUs; orders that waited for one of these codes go on."""
    rows = [r for r in parsed.records if isinstance(r, GoodsRow)]
    _write(
        tenant_id,
        row,
        rows,
        lambda r: r.product_code or r.sku_code,
        _goods,
    )
    return {}


def _goods(batch: Sequence[GoodsRow]) -> list[Fate]:
    recorded = goods.record_goods(batch)
    fresh = {n for n, outcome, _ in recorded if outcome == "new"}
    advance.advance(waiting.for_codes(r.sku_code for r in batch if r.row in fresh))
    moved = _tiers_of_goods(batch, {r.sku_code: s for r, (_, _, s) in zip(batch, recorded, strict=True)})
    return [
        (n, "updated" if outcome == "unchanged" and n in moved else outcome, sku, "", "", "")
        for n, outcome, sku in recorded
    ]


def _tiers_of_goods(batch: Sequence[GoodsRow], known: Mapping[str, UUID]) -> set[int]:
    """Tiers beside our goods are their supplier's price list; returns the rows whose prices are new or others."""
    prices = [
        PriceRow(
            row=r.row, supplier=r.supplier, sku_code=r.sku_code,
            min_qty=r.tiers[0][0], price_fen=r.tiers[0][1], tiers=r.tiers[1:],
        )
        for r in batch
        if r.tiers
    ]  # fmt: skip
    if not prices:
        return set()
    fates = offers.record_prices(prices, known, today=clock.business_day(clock.now()))
    supply_moved.moved({known[r.sku_code] for r in prices})
    return {n for n, outcome, _ in fates if outcome != "unchanged"}


def record_suppliers(tenant_id: int, row: ImportView, parsed: Parsed) -> dict[str, object]:
    """Suppliers by name."""
    rows = [r for r in parsed.records if isinstance(r, SupplierRow)]
    _write(
        tenant_id,
        row,
        rows,
        lambda r: r.name.strip(),
        lambda batch: [(n, outcome, i, "", "", "") for n, outcome, i in suppliers.record_suppliers(batch)],
    )
    return {}


def record_prices(tenant_id: int, row: ImportView, parsed: Parsed) -> dict[str, object]:
    """A supplier's price list; all tiers of one article are written together."""
    rows = [r for r in parsed.records if isinstance(r, PriceRow)]
    _write(tenant_id, row, rows, lambda r: (r.supplier, r.sku_code, r.supplier_code, r.valid_from), _prices)
    with tenant(tenant_id):
        offers.agree_terms({r.supplier for r in rows}, today=clock.business_day(clock.now()))
    return {}


def _prices(batch: Sequence[PriceRow]) -> list[Fate]:
    known = goods.ids_by_code([r.sku_code for r in batch])
    today = clock.business_day(clock.now())
    fates = offers.record_prices(batch, known, today=today)
    supply_moved.moved(known.values())
    said = {r.row: r.freight_text for r in batch}
    return [_price_fate(*fate, freight=said[fate[0]]) for fate in fates]


def _price_fate(n: int, outcome: str, link: UUID | None, *, freight: str = "") -> Fate:
    if outcome == "bad_freight":
        return (n, "rejected", None, "运费", f"运费“{freight}”里的“{read_freight(freight)}”看不懂", FIX)
    if outcome == "unknown_sku":
        return (n, "rejected", None, *_NO_SKU)
    if outcome == "no_supplier":
        return (n, "rejected", None, *_NO_SUPPLIER)
    return (n, outcome, link, "", "", "")


def record_links(tenant_id: int, row: ImportView, parsed: Parsed) -> dict[str, object]:
    """Which supplier has which SKU at what price, and which listing SKU of a shop means which of ours."""
    rows = [r for r in parsed.records if isinstance(r, LinkRow)]
    with tenant(tenant_id):
        by_name = {s.name: s for s in shops.list_shops()}
    keys = {id(r): _link_key(r, by_name) for r in rows}
    _write(tenant_id, row, rows, lambda r: keys[id(r)], lambda batch: _links(batch, by_name))
    return {}


def _link_key(r: LinkRow, by_name: Mapping[str, ShopView]) -> Hashable:
    if r.supplier:
        return ("supply", r.supplier, r.sku_code, r.supplier_code)
    shop = by_name.get(r.shop_name)
    return ("listing", r.shop_name, listing_key(shop.platform, r) if shop else r.row)


def _links(batch: Sequence[LinkRow], by_name: Mapping[str, ShopView]) -> list[Fate]:
    known = goods.ids_by_code([r.sku_code for r in batch])
    fates: dict[int, Fate] = {r.row: (r.row, "rejected", None, *_NO_SKU) for r in batch if r.sku_code not in known}
    ours = [r for r in batch if r.sku_code in known]
    prices = [
        PriceRow(
            row=r.row, supplier=r.supplier, sku_code=r.sku_code, supplier_code=r.supplier_code,
            min_qty=r.min_qty, price_fen=r.price_fen, tiers=r.tiers,
        )
        for r in ours
        if r.supplier and r.price_fen is not None
    ]  # fmt: skip
    today = clock.business_day(clock.now())
    fates |= {n: _price_fate(n, o, i) for n, o, i in offers.record_prices(prices, known, today=today)}
    fates |= {
        r.row: (r.row, "rejected", None, "供货价", "没有写供货价", "补上供货价，或改用报价文件导入。")
        for r in ours
        if r.supplier and r.price_fen is None
    }
    fates |= _listings([r for r in ours if not r.supplier], known, by_name)
    return [fates[r.row] for r in batch]


def listing_key(platform: str, r: LinkRow) -> str:
    """What a listing SKU of a platform's order files is remembered by; "" when the row names none."""
    profile = next((p for p in registry.profiles() if p.platform == platform and p.kind == ImportKind.ORDERS), None)
    if r.sku_no and (profile is None or "sku_no" in profile.listing_key):
        return r.sku_no
    if r.item_no:
        return f"{r.item_no}|{r.spec}"
    return f"{r.title}|{r.spec}" if r.title and r.spec else r.title


def _listings(rows: Sequence[LinkRow], known: Mapping[str, UUID], by_name: Mapping[str, ShopView]) -> dict[int, Fate]:
    fates: dict[int, Fate] = {}
    wanted: dict[tuple[UUID, str], list[LinkRow]] = {}
    for r in rows:
        shop = by_name.get(r.shop_name)
        if shop is None:
            why = f"没有店铺“{r.shop_name}”" if r.shop_name else "既没有写供应商，也没有写店铺"
            fates[r.row] = (r.row, "rejected", None, "店铺名称", why, "先在“店铺”里新增，或改成已有店铺的名称。")
        elif not (key := listing_key(shop.platform, r)):
            fates[r.row] = (r.row, "rejected", None, "规格ID", "没有写是店铺里的哪个商品", "补上规格ID、商品ID或标题。")
        else:
            wanted.setdefault((shop.id, key), []).append(r)
    before = mappings.find(list(wanted))
    fresh = [
        NewMapping(
            shop_id=shop_id,
            listing_key=key,
            ships=True,
            parts=tuple({known[r.sku_code]: r.quantity for r in group}.items()),
            source="file",
            title=group[0].title,
            spec=group[0].spec,
            reason="由供货关系文件导入",
        )
        for (shop_id, key), group in wanted.items()
    ]
    changed = [m for m in fresh if not _same(before.get((m.shop_id, m.listing_key)), m)]
    made = mappings.remember(by=SYSTEM, mappings=changed) if changed else {}
    for pair, group in wanted.items():
        outcome = "unchanged" if pair not in made else ("updated" if pair in before else "new")
        found = made.get(pair) or before[pair]
        fates |= {r.row: (r.row, outcome, found.id, "", "", "") for r in group}
    advance.advance(demands.unmatched_of_listings(list(made)))
    return fates


def _same(before: mappings.MappingView | None, wanted: NewMapping) -> bool:
    return before is not None and before.ships and set(before.parts) == set(wanted.parts)
