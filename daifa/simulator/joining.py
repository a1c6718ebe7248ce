"""A company of the product joined to a running world, as a merchant would: application keys typed in, the platform's
consent page answered, suppliers' offers read and linked to our goods.

Only HTTP and the product's own verbs are used; nothing is written past them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from daifa.areas.accounts.services import applications, shops
from daifa.areas.accounts.services.connections import Home
from daifa.areas.catalog.services import goods
from daifa.areas.purchasing.services import linking, suppliers
from daifa.base.actor import Actor
from daifa.base.tenancy import tenant
from daifa.connectors.suppliers.alibaba1688.fake.goods import offer_id, spec_id
from daifa.flows import authorizing, offer_watch
from daifa.kit import clock
from daifa.ports.errors import NotThere
from daifa.simulator.door import Door, consent
from daifa.simulator.suppliers import Offer
from daifa.simulator.world import World, build_world

DOUYIN, ALIBABA = "douyin", "alibaba1688"


def application(door: Door, platform: str, *, by: Actor) -> UUID:
    """The application of the world's company, typed in as on the screen."""
    told = door.company(platform)
    secrets = {k: str(v) for k, v in told["secrets"].items() if k != "app_key"}
    urls = {k: str(v) for k, v in told["urls"].items() if v}
    return applications.save(
        by=by, platform=platform, app_key=str(told["secrets"]["app_key"]), secrets=secrets, urls=urls, label="模拟世界"
    ).id


def authorize(
    number: int, door: Door, *, by: Actor, platform: str, home: Home, public: str, choose: Mapping[str, str]
) -> UUID:
    """One authorisation through the real pages. Raises RuntimeError with the product's words when it fails."""
    with tenant(number):
        app = application(door, platform, by=by)
    # Where the platform sends people back to is set at the application there, as in life.
    back = f"{public}/api/authorized"
    if platform == DOUYIN:
        door.post("/switches", {"company": platform, "switches": {"app_callback": back}})
    with tenant(number):
        url = authorizing.begin(by=by, application_id=app, home=home, back=back)
    answer = {**consent(url, choose), "redirect_uri": back}
    done = authorizing.finish(answer.get("state", ""), answer)
    if not done.ok or done.connection_id is None:
        raise RuntimeError(done.message)
    key = str(door.company(platform)["secrets"]["app_key"])
    door.post("/push_target", {"company": platform, "url": f"{public}/api/push/{platform}/{key}"})
    return done.connection_id


def connect_shop(number: int, door: Door, *, by: Actor, shop_id: UUID, account: str, public: str) -> UUID:
    """A Douyin shop of the company speaks by API from now on."""
    home = Home(shop_id)
    return authorize(number, door, by=by, platform=DOUYIN, home=home, public=public, choose={"shop_id": account})


def connect_suppliers(number: int, door: Door, *, by: Actor, sellers: Sequence[str], public: str) -> UUID:
    """These suppliers (S01 …) take orders by 1688 from now on, under one buyer's account, each offer linked."""
    account = str(door.company(ALIBABA)["accounts"][0]["id"])
    choose = {"member": account}
    connection = authorize(number, door, by=by, platform=ALIBABA, home=Home(), public=public, choose=choose)
    world = build_world()
    with tenant(number):
        by_name = {s.name: s for s in suppliers.list_suppliers()}
        skus = {s.code: s.id for s in goods.views()}
        ids = {}
        for code in sellers:
            row = by_name[world.suppliers[code].name]
            suppliers.change(by=by, supplier_id=row.id, version=row.version, channel="api", connection_id=connection)
            ids[code] = row.id
    for code, supplier_id in ids.items():
        _link(number, by, world, code, supplier_id, skus)
    return connection


def _link(number: int, by: Actor, world: World, seller: str, supplier_id: UUID, skus: Mapping[str, UUID]) -> None:
    """Read the seller's offers, then link each of our SKUs to its option."""
    mine: dict[str, list[Offer]] = {}
    for listed in world.offers.values():
        for offer in listed:
            if offer.supplier == seller:
                mine.setdefault(world.skus[offer.sku].title, []).append(offer)
    today = clock.business_day(clock.now())
    for title, offers in sorted(mine.items()):
        ref = str(offer_id(seller, title))
        try:
            offer_watch.read(number, supplier_id, ref)
        except NotThere:  # the seller has taken it down
            continue
        with tenant(number):
            page = linking.get(supplier_id, ref)
            known = {(str(o.get("spec_id", "")), str(o.get("code", ""))) for o in page.options}
            for offer in offers if page.on_sale else ():
                named = spec_id(seller, offer.sku)
                # A page with one option names no spec: only the seller's own number tells which of ours it is.
                spec = named if any(s == named for s, _ in known) else ""
                if offer.sku in skus and (spec or ("", offer.their_code) in known):
                    linking.link(
                        by=by, supplier_id=supplier_id, sku_id=skus[offer.sku], offer_id=ref, spec_id=spec, today=today
                    )


def turn_dial(number: int, *, by: Actor, shop_id: UUID, dial: str = "automatic") -> None:
    """How much happens by itself in a shop."""
    with tenant(number):
        version = shops.version_of(shop_id)
        shops.change_shop(by=by, shop_id=shop_id, version=version, dial=dial)
