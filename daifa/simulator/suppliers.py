"""The demo's ten suppliers: what each supplies at which tiers, where it does not send, and what it is like.

Their sheets are in ``supplier_sheets``, what they send back in ``returns``.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from random import Random

from daifa.kit.values import dataclass
from daifa.simulator.goods import Product, Sku
from daifa.simulator.places import person_name, phone


class Temper(StrEnum):
    """How a supplier behaves."""

    PUNCTUAL = "punctual"
    SLOW = "slow"
    LIAR = "liar"
    SILENT = "silent"
    RAISER = "raiser"


class Channel(StrEnum):
    """How a supplier takes orders and gives numbers back."""

    SHEET = "sheet"
    CHAT = "chat"
    PORTAL = "portal"


@dataclass(frozen=True, slots=True)
class Supplier:
    """One supplier. Freight is flat per purchase; ``couriers`` by preference; ``layout`` names its sheet."""

    code: str
    name: str
    city: str
    categories: tuple[str, ...]
    temper: Temper
    channel: Channel
    layout: str
    freight_fen: int
    lead_hours: int
    not_served: tuple[str, ...]
    factor: float
    couriers: tuple[str, ...]
    contact: str = ""
    phone: str = ""

    @property
    def wechat(self) -> str:
        """Their chat name."""
        return f"syj_{self.code.lower()}"


@dataclass(frozen=True, slots=True)
class Offer:
    """One SKU at one supplier: tiers are (from pieces, fen a piece), dearest first; ``stock`` is what it says."""

    supplier: str
    sku: str
    their_code: str
    tiers: tuple[tuple[int, int], ...]
    stock: int

    @property
    def one_fen(self) -> int:
        """The price of a single piece."""
        return self.tiers[0][1]


# code|name|city|categories|temper|channel
_WHO = """
S01|义乌市鸿顺日用百货商行|浙江省金华市|收纳整理 厨房收纳 厨房用品|punctual|sheet
S02|佛山市南海锦屋家居厂|广东省佛山市|家具 卫浴用品 收纳整理|slow|sheet
S03|临沂市万邦清洁用品有限公司|山东省临沂市|清洁用品 厨房用品|liar|sheet
S04|南通市暖冬家纺有限公司|江苏省南通市|家纺布艺|punctual|sheet
S05|永康市利得杯壶工贸|浙江省金华市|杯壶餐具|raiser|chat
S06|台州市黄岩佳塑日用品厂|浙江省台州市|收纳整理 厨房收纳 清洁用品|punctual|sheet
S07|义乌市百汇小商品经营部|浙江省金华市|家居装饰 卫浴用品 厨房用品 清洁用品|punctual|sheet
S08|潮州市白云陶瓷商行|广东省潮州市|杯壶餐具 家居装饰|slow|sheet
S09|高阳县棉语毛巾厂|河北省保定市|家纺布艺 卫浴用品|silent|chat
S10|揭阳市云集代发仓|广东省揭阳市|厨房收纳 厨房用品 卫浴用品 家具 家居装饰|punctual|portal
"""
# code|layout|freight fen|lead hours|not served|price factor|couriers
_HOW = """
S01|plain|350|24|西藏 新疆|1.00|ZTO YTO
S02|plain_short|600|48|西藏 新疆 青海|0.97|DBKD JTSD
S03|plain_codes|320|36|西藏|0.95|YUNDA STO
S04|plain_address|450|24|西藏 新疆 海南|1.00|ZTO JTSD
S05|plain|400|24|西藏|1.02|YTO ZTO
S06|merged_title|300|48|西藏 新疆|1.03|STO YUNDA
S07|one_cell|280|24|西藏 新疆 内蒙古|1.04|YTO POSTB
S08|two_headers|500|48|西藏 新疆|0.98|JTSD YTO
S09|plain_address|380|48|西藏 新疆|0.96|YUNDA ZTO
S10|portal|0|24|西藏 新疆 青海|1.09|ZTO JTSD SF
"""
# How many SKUs nobody supplies any more.
WITHOUT_SUPPLY = 4


def make_suppliers(rng: Random) -> tuple[Supplier, ...]:
    """The ten, each with a contact person."""
    found = []
    for who, how in zip(_WHO.strip().splitlines(), _HOW.strip().splitlines(), strict=True):
        code, name, city, cats, temper, channel = who.split("|")
        _, layout, freight, lead, away, factor, couriers = how.split("|")
        found.append(
            Supplier(
                code,
                name,
                city,
                tuple(cats.split()),
                Temper(temper),
                Channel(channel),
                layout,
                int(freight),
                int(lead),
                tuple(away.split()),
                float(factor),
                tuple(couriers.split()),
                person_name(rng),
                phone(rng),
            )
        )
    return tuple(found)


def make_offers(rng: Random, products: Sequence[Product], suppliers: Sequence[Supplier]) -> tuple[Offer, ...]:
    """Each SKU at one to three suppliers of its category; the last few SKUs of the catalogue at none."""
    skus = [s for p in products for s in p.skus]
    offers: list[Offer] = []
    counters = dict.fromkeys((s.code for s in suppliers), 0)
    for sku in skus[: len(skus) - WITHOUT_SUPPLY]:
        able = [s for s in suppliers if sku.category in s.categories]
        chosen = rng.sample(able, min(len(able), rng.choice((1, 2, 2, 3))))
        for supplier in sorted(chosen, key=lambda s: s.code):
            counters[supplier.code] += 1
            offers.append(_offer(rng, sku, supplier, counters[supplier.code]))
    return tuple(offers)


def _offer(rng: Random, sku: Sku, supplier: Supplier, number: int) -> Offer:
    one = max(round(sku.cost_fen * supplier.factor * rng.uniform(0.98, 1.03)) // 5 * 5, 100)
    tiers = [(1, one)]
    if rng.random() < 0.6:
        tiers.append((10, round(one * 0.96) // 5 * 5))
        if rng.random() < 0.5:
            tiers.append((50, round(one * 0.91) // 5 * 5))
    stock = rng.choice((60, 120, 300, 800, 2000))
    # The liar says plenty, always the same.
    stock = 9999 if supplier.temper is Temper.LIAR else stock
    return Offer(supplier.code, sku.code, f"{supplier.code[1:]}-{1000 + number}", tuple(tiers), stock)
