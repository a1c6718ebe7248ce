"""The demo's five shops and what stands in them: listing SKUs, and the truth of what each one really is."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from zlib import crc32

from daifa.kit.values import dataclass
from daifa.simulator.goods import BRAND, Product, Sku


@dataclass(frozen=True, slots=True)
class Shop:
    """One shop; ``weight`` is its share of the orders in percent.

    ``recipients``: how its orders' recipients reach us: ``file`` (in the export), ``masked`` (masked in the export for
    most, joined by a second file), ``absent`` (only in a second file), ``factory`` (handed over by 厂家代打).
    """

    platform: str
    name: str
    external_id: str
    weight: int
    recipients: str
    products: int
    price_factor: float


SHOPS = (
    Shop("douyin", "舒宜家居旗舰店", "21830476", 50, "masked", 78, 1.0),
    Shop("taobao", "舒宜家居生活馆", "528817640", 18, "file", 60, 1.0),
    Shop("pdd", "舒宜家居百货店", "904417238", 16, "absent", 52, 0.97),
    Shop("jd", "舒宜家居京东店", "12870435", 8, "file", 36, 1.03),
    Shop("kuaishou", "舒宜家居快手店", "3327150986", 8, "factory", 30, 0.99),
)


@dataclass(frozen=True, slots=True)
class ListingSku:
    """One buyable thing of a shop. ``parts``: our SKU codes with quantities per piece sold; empty = not shipped.

    ``kind``: single, multi, buy_two, bundle, gift, no_ship. ``confirmed``: a past user has said what it is.
    """

    platform: str
    item_no: str
    sku_no: str
    title: str
    spec: str
    merchant_code: str
    price_fen: int
    parts: tuple[tuple[str, int], ...]
    kind: str
    confirmed: bool
    heat: int


@dataclass(slots=True)
class _Ids:
    """Item and SKU numbers in the shape of each platform."""

    rng: Random
    used: int = 0

    def item(self, platform: str) -> str:
        self.used += 1
        digits = {"douyin": 19, "taobao": 12, "pdd": 12, "jd": 11}.get(platform, 14)
        first = {"douyin": "36", "taobao": "78", "pdd": "63", "jd": "10"}.get(platform, "21")
        middle = f"{self.rng.randrange(10 ** (digits - 6)):0{digits - 6}d}"
        return f"{first}{middle}{self.used:04d}"

    def sku(self, platform: str) -> str:
        self.used += 1
        return f"{self.rng.randrange(10**8):08d}{self.used:05d}"


def make_listings(rng: Random, products: Sequence[Product]) -> tuple[ListingSku, ...]:
    """Every shop's listing SKUs; about one in twenty is new and unconfirmed."""
    ids, found = _Ids(rng), list[ListingSku]()
    # SKUs without supply stay reachable: their product is put up by the biggest shop.
    last = products[-1]
    for shop in SHOPS:
        chosen = rng.sample(list(products[:-1]), shop.products)
        if shop.platform == "douyin":
            chosen.append(last)
        found += _shelf(rng, ids, shop, chosen, products)
    return tuple(found)


def newcomer(platform: str, name: str) -> Shop:
    """The merchant's shop on a platform that the demo company knows nothing of."""
    return Shop(platform, f"舒宜家居{name}店", str(10**9 + crc32(platform.encode()) % 10**9), 8, "file", 30, 1.0)


def newcomer_listings(rng: Random, shop: Shop, products: Sequence[Product]) -> tuple[ListingSku, ...]:
    """What stands in a newcomer's shop: the same goods as everywhere."""
    chosen = rng.sample(list(products[:-1]), shop.products)
    return tuple(_shelf(rng, _Ids(rng), shop, chosen, products))


def _shelf(
    rng: Random, ids: _Ids, shop: Shop, chosen: Sequence[Product], products: Sequence[Product]
) -> list[ListingSku]:
    found, news = list[ListingSku](), max(2, round(shop.products * 0.05))
    for n, product in enumerate(chosen):
        found += _item(rng, ids, shop, product, new=n < news)
    return [*found, *_bundles(rng, ids, shop, products), *_extras(rng, ids, shop)]


def _item(rng: Random, ids: _Ids, shop: Shop, product: Product, *, new: bool) -> list[ListingSku]:
    title, item = _title(rng, shop, product), ids.item(shop.platform)
    found = []
    for sku in product.skus:
        found.append(
            ListingSku(
                shop.platform,
                item,
                _sku_no(ids, shop, item),
                title,
                _spec(shop, sku.colour, sku.size),
                _merchant_code(rng, sku, new=new),
                _price(sku.price_fen * shop.price_factor),
                ((sku.code, 1),),
                "single",
                not new,
                product.heat,
            )
        )
    if not new and shop.platform != "jd" and rng.random() < 0.25:
        found.append(_multi(rng, ids, shop, product, item, title))
    return found


def _multi(rng: Random, ids: _Ids, shop: Shop, product: Product, item: str, title: str) -> ListingSku:
    sku = rng.choice(product.skus)
    buy_two = rng.random() < 0.3
    count, word = (3, "买二送一") if buy_two else (2, "两件装")
    price = _price(sku.price_fen * shop.price_factor * (2.0 if buy_two else 1.88))
    if buy_two:
        # What is given away must not eat the margin of a clean order.
        price = _price(sku.price_fen * shop.price_factor * 2.6)
    # Some merchants leave the single piece's code on the pack: a trap for matching by code.
    code = rng.choice((f"{sku.code}*{count}", "", sku.code))
    spec = _spec(shop, f"【{word}】{sku.colour}", sku.size)
    return ListingSku(
        shop.platform,
        item,
        _sku_no(ids, shop, item),
        title,
        spec,
        code,
        price,
        ((sku.code, count),),
        "buy_two" if buy_two else "multi",
        True,
        max(product.heat // 2, 1),
    )


def _bundles(rng: Random, ids: _Ids, shop: Shop, products: Sequence[Product]) -> list[ListingSku]:
    found = []
    for n in range(3 if shop.platform == "douyin" else 1):
        skus = [p.skus[0] for p in rng.sample(list(products[:-1]), 3)]
        names = "+".join(s.title.removeprefix(BRAND)[2:] for s in skus)
        price = _price(sum(s.price_fen for s in skus) * 0.94 * shop.price_factor)
        item = ids.item(shop.platform)
        found.append(
            ListingSku(
                shop.platform,
                item,
                _sku_no(ids, shop, item),
                f"{BRAND}入住组合装 {names} 搬家必备",
                _spec(shop, "组合三件", f"套餐{'ABC'[n]}"),
                f"ZH-{shop.platform[:2].upper()}{n + 1:02d}",
                price,
                tuple((s.code, 1) for s in skus),
                "bundle",
                True,
                6,
            )
        )
    return found


def _extras(rng: Random, ids: _Ids, shop: Shop) -> list[ListingSku]:
    item, other = ids.item(shop.platform), ids.item(shop.platform)
    return [
        ListingSku(
            shop.platform,
            item,
            _sku_no(ids, shop, item),
            "补差价专用链接 补运费 拍多少件补多少元 单拍不发货",
            _spec(shop, "补差价", "1元"),
            "",
            100,
            (),
            "no_ship",
            True,
            1,
        ),
        ListingSku(
            shop.platform,
            other,
            _sku_no(ids, shop, other),
            f"【赠品】{BRAND}百洁布 随单赠送 单拍不发",
            _spec(shop, "赠品", "1片"),
            "GIFT-01",
            0,
            (("SYJ006-A1", 1),),
            "gift",
            True,
            1,
        ),
    ]


def _sku_no(ids: _Ids, shop: Shop, item: str) -> str:
    # JD's 商品ID is the SKU itself; the others have a number of their own that not every export shows.
    return ids.item("jd") if shop.platform == "jd" else ids.sku(shop.platform)


def _title(rng: Random, shop: Shop, product: Product) -> str:
    words = list(product.words)
    rng.shuffle(words)
    lead = {"pdd": "【品质优选】", "jd": f"{BRAND}（SYJ）", "kuaishou": "【直播同款】"}
    tail = rng.choice(("2026新款", "家用大号", "送赠品", "源头工厂", "学生宿舍", "ins风"))
    brand = "" if shop.platform == "jd" else BRAND
    return f"{lead.get(shop.platform, '')}{brand}{product.style}{product.name} {' '.join(words)} {tail}"


def _spec(shop: Shop, colour: str, size: str) -> str:
    """How each platform's export writes the options."""
    if shop.platform == "taobao":
        return f"颜色分类:{colour};尺寸:{size}"
    if shop.platform == "pdd":
        return f"{colour},{size}"
    if shop.platform == "kuaishou":
        return f"颜色:{colour};规格:{size}"
    return f"{colour};{size}"


def _merchant_code(rng: Random, sku: Sku, *, new: bool) -> str:
    luck = rng.random()
    if new:
        # Nobody has filled in the codes of new links, or not ours.
        return "" if luck < 0.7 else f"NEW{rng.randrange(1000):03d}"
    if luck < 0.06:
        return ""
    if luck < 0.09:
        return sku.code.replace("SYJ", "SJ")
    return sku.code


def _price(fen: float) -> int:
    """To .90 yuan."""
    return max(int(fen) // 100, 1) * 100 + 90
