"""A company of the product joined to a running world, as a merchant would: application keys typed in, the platform's
consent page answered, suppliers' offers read and linked to our goods.

Only HTTP and the product's own verbs are used; nothing is written past them.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db import IntegrityError

from daifa.areas.accounts.services import applications, connections, people, settings, shops, tokens
from daifa.areas.accounts.services.connections import Home
from daifa.areas.catalog.services import goods, mappings
from daifa.areas.catalog.services.mappings import NewMapping
from daifa.areas.purchasing.services import linking, suppliers
from daifa.base.actor import Actor
from daifa.base.tenancy import tenant
from daifa.connectors.suppliers.alibaba1688.fake.goods import offer_id, spec_id
from daifa.flows import authorizing, offer_watch
from daifa.kit import clock
from daifa.ports.errors import NotThere, RateLimited
from daifa.simulator import seeding
from daifa.simulator.company import LIVE_SHOP
from daifa.simulator.door import Door, consent
from daifa.simulator.suppliers import Offer
from daifa.simulator.world import World, build_world

DOUYIN, ALIBABA = "douyin", "alibaba1688"
BACK = "/api/authorized"
# Who of the demo company's suppliers takes orders at 1688; the rest stays with files.
AT_1688 = ("S04", "S06", "S07", "S08", "S09")
JOINED, FIRST_ORDERS = "joined_world", 3
# The world's 1688 knows no rate, and its clock runs faster than life: what we begin with in life would only slow it.
RATES = {ALIBABA: 200}


def application(door: Door, platform: str, *, by: Actor) -> UUID:
    """The application of the world's company, typed in as on the screen."""
    told = door.company(platform)
    secrets = {k: str(v) for k, v in told["secrets"].items() if k != "app_key"}
    urls = {k: str(v) for k, v in told["urls"].items() if v}
    key = str(told["secrets"]["app_key"])
    rates = {(a.platform, a.app_key): a.calls_per_second for a in applications.list_applications()}
    return applications.save(
        by=by, platform=platform, app_key=key, secrets=secrets, urls=urls, label="模拟世界",
        calls_per_second=rates.get((platform, key)) or RATES.get(platform),
    ).id  # fmt: skip


def pace(number: int, *, by: Actor, calls_per_second: int) -> None:
    """Every application of the company may call so often: the world's clock runs faster than life, rates do not."""
    with tenant(number):
        for app in applications.list_applications():
            applications.save(
                by=by, platform=app.platform, app_key=app.app_key, secrets={}, urls=app.urls,
                calls_per_second=calls_per_second,
            )  # fmt: skip


def meet(number: int, door: Door, *, by: Actor, platform: str, public: str) -> UUID:
    """The application here; there, where it sends people back to and where pushes go. Again when ports change."""
    with tenant(number):
        app = application(door, platform, by=by)
    if "app_callback" in door.get("/state")["companies"][platform]["switches"]:
        door.post("/switches", {"company": platform, "switches": {"app_callback": f"{public}{BACK}"}})
    key = str(door.company(platform)["secrets"]["app_key"])
    door.post("/push_target", {"company": platform, "url": f"{public}/api/push/{platform}/{key}"})
    return app


def authorize(number: int, door: Door, *, by: Actor, platform: str, home: Home, public: str, account: str) -> UUID:
    """One authorisation through the real pages. Raises RuntimeError with the product's words when it fails."""
    app = meet(number, door, by=by, platform=platform, public=public)
    back = f"{public}{BACK}"
    with tenant(number):
        url = authorizing.begin(by=by, application_id=app, home=home, back=back)
    answer = {**consent(url, account), "redirect_uri": back}
    done = authorizing.finish(answer.get("state", ""), answer)
    if not done.ok or done.connection_id is None:
        raise RuntimeError(done.message)
    return done.connection_id


def connect_shop(number: int, door: Door, *, by: Actor, shop_id: UUID, account: str, public: str) -> UUID:
    """A shop of the company speaks by its platform's API from now on."""
    with tenant(number):
        platform = next(s.platform for s in shops.list_shops() if s.id == shop_id)
    home = Home(shop_id)
    return authorize(number, door, by=by, platform=platform, home=home, public=public, account=account)


def connect_suppliers(number: int, door: Door, *, by: Actor, sellers: Sequence[str], public: str) -> UUID:
    """These suppliers (S01 …) take orders by 1688 from now on, under one buyer's account, each offer linked."""
    with tenant(number):
        known = connections.live(platform=ALIBABA)
    if known:
        connection = known[0].id
    else:
        account = str(door.company(ALIBABA)["accounts"][0]["id"])
        connection = authorize(number, door, by=by, platform=ALIBABA, home=Home(), public=public, account=account)
    world = build_world(door.seed)
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
            _read(number, supplier_id, ref)
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


def _read(number: int, supplier_id: UUID, ref: str) -> None:
    """Read an offer, as patiently as the platform wants it."""
    while True:
        try:
            offer_watch.read(number, supplier_id, ref)
        except RateLimited as error:
            time.sleep(min(error.after or 1.0, 30.0))
        else:
            return


def turn_dial(number: int, *, by: Actor, shop_id: UUID, dial: str = "automatic") -> None:
    """How much happens by itself in a shop."""
    with tenant(number):
        version = shops.version_of(shop_id)
        shops.change_shop(by=by, shop_id=shop_id, version=version, dial=dial)


def join_demo(number: int, door: Door, *, public: str) -> bool:
    """The demo company's live shop and its 1688 account, authorised against the world; returns whether just now.

    Done once: what a person changes afterwards stays changed. Addresses are brought up to date each time. Killed on
    its way, it goes on where it was.
    """
    # Somebody looks at this world: its offers have pictures to be seen.
    door.post("/switches", {"company": ALIBABA, "switches": {"own_pictures": True}})
    with tenant(number):
        by, joined = people.owner_actor(), settings.noted(JOINED)
    for platform in (DOUYIN, ALIBABA):
        meet(number, door, by=by, platform=platform, public=public)
    door.post("/product", {"url": public})
    if joined:
        return False
    shop_id = _live_shop(number, by)
    with tenant(number):
        connected = shop_id in connections.of_shops([shop_id])
    if not connected:
        connect_shop(number, door, by=by, shop_id=shop_id, account=LIVE_SHOP.id, public=public)
    know_goods(number, door, by=by, shop_id=shop_id, platform=DOUYIN)
    connect_suppliers(number, door, by=by, sellers=AT_1688, public=public)
    turn_dial(number, by=by, shop_id=shop_id)
    with tenant(number):
        # The world's page shows our books beside its own, by our API as any program may.
        _, token = tokens.create_token(by=by, name="模拟世界的对照页", scopes=["orders.view"], days=365)
        settings.note(JOINED, True)
    door.post("/product", {"token": token, "shop": str(shop_id)})
    door.post("/orders", {"company": DOUYIN, "shop": LIVE_SHOP.id, "count": FIRST_ORDERS})
    return True


def _live_shop(number: int, by: Actor) -> UUID:
    with tenant(number):
        known = next((s.id for s in shops.list_shops() if s.external_id == LIVE_SHOP.id), None)
        if known is not None:
            return known
        return shops.create_shop(by=by, platform=DOUYIN, name=LIVE_SHOP.name, external_id=LIVE_SHOP.id).id


def know_goods(number: int, door: Door, *, by: Actor, shop_id: UUID, platform: str) -> None:
    """What the company's other shop there sells is the same goods: a person has said of each listing what it is."""
    listings = build_world(door.seed).listings[platform]
    with tenant(number):
        skus = {s.code: s.id for s in goods.views()}
        made = [
            NewMapping(
                shop_id, seeding.listing_key(x), bool(x.parts), tuple((skus[code], n) for code, n in x.parts),
                "person", x.title, x.spec, "与旗舰店相同",
            )
            for x in listings
            if x.confirmed
        ]  # fmt: skip
    # Several SKUs of a platform may be one listing by our key.
    said = list({m.listing_key: m for m in made}.values())
    for again in (True, True, False):
        try:
            with tenant(number):
                mappings.remember(by=by, mappings=said)
            return
        except IntegrityError:
            # An order that arrived this moment was matched by its merchant code; a person's word stands above it.
            if not again:
                raise
