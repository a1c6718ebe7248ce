"""Shops: making, finding by what files call them, changing how they work."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from daifa.areas.accounts.models import Shop, ShopAlias
from daifa.areas.accounts.types import ShopView
from daifa.base import audit
from daifa.base.actor import Actor
from daifa.base.web import changed
from daifa.kit.errors import Conflict, Invalid, NotFound

NAMELESS = "*"  # the alias of files that do not say whose they are


def view(shop: Shop) -> ShopView:
    """A shop's row as a value."""
    return ShopView(shop.id, shop.platform, shop.name, shop.external_id, shop.recipient_path, shop.dial, shop.active)


def list_shops() -> list[ShopView]:
    """Every shop of the company, by platform and name."""
    return [view(s) for s in Shop.objects.order_by("platform", "name")]


def create_shop(
    *, by: Actor, platform: str, name: str, external_id: str = "", recipient_path: str = "file"
) -> ShopView:
    """A new shop. Raises Conflict when the platform has one of this name."""
    if not name.strip():
        raise Invalid("shop_name_missing", "请填写店铺名称。")
    if Shop.objects.filter(platform=platform, name=name.strip()).exists():
        raise Conflict("shop_exists", f"店铺“{name}”已经存在。")
    shop = Shop.objects.create(
        platform=platform, name=name.strip(), external_id=external_id, recipient_path=recipient_path
    )
    audit.record(by, "shop.create", f"新增店铺 {shop.name}", kind="shop", object_id=shop.id)
    return view(shop)


def find_by_alias(platform: str, names: Iterable[str]) -> ShopView | None:
    """The one shop that files of this platform call by one of these names; None when unknown or ambiguous.

    No platform: any shop that goes by the name, for sheets that no platform wrote.
    """
    wanted = {n.strip() for n in names if n.strip()}
    same = {"platform": platform} if platform else {}
    found = {s.id: s for s in Shop.objects.filter(name__in=wanted, **same)}
    for alias in ShopAlias.objects.select_related("shop").filter(alias__in=wanted, **same):
        found[alias.shop_id] = alias.shop
    return view(next(iter(found.values()))) if len(found) == 1 else None


def remember_alias(*, shop_id: UUID, platform: str, alias: str) -> None:
    """From now on files that say ``alias`` belong to this shop; the newest word of a person wins."""
    if alias.strip():
        ShopAlias.objects.update_or_create(platform=platform, alias=alias.strip(), defaults={"shop_id": shop_id})


def change_shop(*, by: Actor, shop_id: UUID, version: int, **values: object) -> ShopView:
    """Change name, recipient path, dial, activity or settings. Raises NotFound, Conflict for a stale form."""
    shop = Shop.objects.select_for_update().filter(id=shop_id).first()
    if shop is None:
        raise NotFound("no_such_shop", "没有这个店铺。")
    if shop.version != version:
        raise Conflict("stale", "这个店铺刚被别人改过，请刷新后再改。")
    allowed = {"name", "external_id", "recipient_path", "dial", "active", "settings"}
    before = {k: getattr(shop, k) for k in values}
    for key, value in values.items():
        if key not in allowed:
            raise Invalid("unknown_field", f"不能修改“{key}”。")
        setattr(shop, key, value)
    shop.version += 1
    shop.save()
    audit.record(
        by, "shop.change", f"修改店铺 {shop.name}", kind="shop", object_id=shop.id, data=changed(before, values)
    )
    return view(shop)


def version_of(shop_id: UUID) -> int:
    """The version a form would be sent with. Raises NotFound."""
    found = Shop.objects.filter(id=shop_id).values_list("version", flat=True).first()
    if found is None:
        raise NotFound("no_such_shop", "没有这个店铺。")
    return int(found)


def exported(shop_id: UUID, as_of: datetime) -> None:
    """An export of this shop was imported; the newest as-of is how fresh we are."""
    Shop.objects.filter(Q(exported_as_of__isnull=True) | Q(exported_as_of__lt=as_of), id=shop_id).update(
        exported_as_of=as_of
    )


def export_undone(shop_id: UUID, as_of: datetime, before: datetime | None) -> None:
    """An export was taken back: where none newer came, we are as fresh as we were ``before`` it."""
    Shop.objects.filter(id=shop_id, exported_as_of=as_of).update(exported_as_of=before)


def forget_alias(*, by: Actor, alias_id: UUID) -> None:
    """Files with this name are asked about again. Raises NotFound."""
    row = ShopAlias.objects.select_related("shop").filter(id=alias_id).first()
    if row is None:
        raise NotFound("no_such_alias", "没有这个别名。")
    by.need_shop(row.shop_id)
    audit.record(
        by, "shop.alias", f"店铺 {row.shop.name} 不再叫“{row.alias}”", kind="shop", object_id=row.shop_id
    )  # fmt: skip
    ShopAlias.objects.filter(id=alias_id).delete()


def only_of(platform: str) -> ShopView | None:
    """The company's one active shop on a platform, once a person has said of one file that it is of this shop."""
    found = list(Shop.objects.filter(platform=platform, active=True)[:2])
    if len(found) != 1:
        return None
    [shop] = found
    said = ShopAlias.objects.filter(shop_id=shop.id, alias=NAMELESS).exists()
    return view(shop) if said or shop.exported_as_of is not None else None
