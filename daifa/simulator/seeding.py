"""The demo company in the product, by the product's own path: files in, purchases out, day by day.

Only what a merchant would do happens here: importing files, saying whose a file is, matching, dispatching, sending,
importing suppliers' returns, uploading. No table is written directly. Each past day runs under its own frozen clock.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from daifa.areas.accounts.services import people, settings, shops
from daifa.areas.catalog.services import goods, mappings
from daifa.areas.catalog.services.mappings import NewMapping
from daifa.areas.compliance.services import blocklist
from daifa.areas.finance import services as finance
from daifa.areas.finance.types import Rate, RateKind
from daifa.areas.logistics.rules.chat import parse_tracking_text
from daifa.areas.mailroom.services import imports, templates
from daifa.areas.orders.services import demands
from daifa.areas.purchasing.services import records, suppliers
from daifa.base.actor import Actor
from daifa.base.tenancy import tenant
from daifa.connectors import registry
from daifa.flows import advance, dispatching, import_run, intake, reporting, sending, sheet_samples, tracking
from daifa.flows.reading import Said
from daifa.kit import clock
from daifa.kit.errors import AppError
from daifa.reads import order_desk, sent_lines
from daifa.reads.order_filters import OrderFilter
from daifa.reads.sent_lines import SentLine
from daifa.simulator.company import BEGUN, COMPANY, DONE, LOGIN, MARK, PASSWORD, throw_away_unfinished
from daifa.simulator.demo import Demo, make_demo
from daifa.simulator.listings import ListingSku
from daifa.simulator.manifest import MappingEntry
from daifa.simulator.returns import Returned, tracking_return
from daifa.simulator.supplier_sheets import Dispatched
from daifa.simulator.suppliers import Channel
from daifa.simulator.world import SEED

__all__ = ["COMPANY", "LOGIN", "PASSWORD", "first", "throw_away_unfinished"]

CHANNELS = {Channel.SHEET: "sheet", Channel.CHAT: "text", Channel.PORTAL: "link"}
CHUNK_DAYS = 4
PROMOTERS_SHARE = Rate(RateKind.COMMISSION, "douyin", percent=Decimal(5), source="与达人约定的佣金 5%", own=True)


@dataclass(slots=True)
class Seeder:
    """One demo company under way."""

    number: int
    actor: Actor
    demo: Demo
    shops: dict[str, UUID]

    def bring(
        self, name: str, data: bytes, *, platform: str = "", told: Mapping[str, str] | None = None, template: str = ""
    ) -> None:
        """Import one file as a person would: drop it, say whose it is where the file does not, run it."""
        with tenant(self.number):
            import_id = intake.receive(by=self.actor, name=name, data=data)
            intake.recognise(import_id)
            row = imports.get(import_id)
            if platform and row.shop_id is None:
                intake.correct(by=self.actor, import_id=import_id, said=Said(shop_id=self.shops[platform]))
            if told and template not in templates.names():
                said = Said(kind="tracking", columns=dict(told))
                intake.correct(by=self.actor, import_id=import_id, said=said, template_name=template)
            try:
                intake.run(by=self.actor, import_ids=[import_id], later=False)
            except AppError:
                intake.discard(by=self.actor, import_id=import_id)
                return
        import_run.perform(self.number, import_id)


def found(now: datetime, seed: int = SEED) -> Seeder:
    """Make a seed's company with shops, goods, suppliers, prices and links, as of the first day of its month."""
    demo = make_demo(clock.business_day(now), seed, now=now)
    with clock.frozen(now - timedelta(days=31)):
        number, member = people.create_company(
            name=demo.manifest.company, login=LOGIN, password=PASSWORD, owner_name="店主小舒"
        )
        with tenant(number):
            settings.note(MARK, BEGUN)
        actor = Actor(key=f"member:{member}", name="店主小舒", permissions=frozenset({"*"}), member_id=member)
        with tenant(number):
            made = {
                s.platform: shops.create_shop(
                    by=actor,
                    platform=s.platform,
                    name=s.name,
                    external_id=s.external_id,
                    recipient_path="handover" if s.recipients == "factory" else "file",
                ).id
                for s in demo.manifest.shops
            }
        seeder = Seeder(number, actor, demo, made)
        for entry in demo.manifest.setup:
            seeder.bring(entry.path.rsplit("/", 1)[-1], demo.files[entry.path])
        with tenant(number):
            _suppliers(seeder)
            _no_ship(seeder)
            _blocklist(seeder)
            # Douyin's export names who promoted an order and not what they get: the merchant knows the agreed share.
            finance.add_rate(by=actor, rate=PROMOTERS_SHARE)
    return seeder


def _suppliers(seeder: Seeder) -> None:
    """How each supplier works: freight, lead time, regions, channel, and the sheet that it taught us."""
    by_name = {s.name: s for s in suppliers.list_suppliers()}
    for told in seeder.demo.manifest.suppliers:
        row = by_name[told.name]
        row = suppliers.change(
            by=seeder.actor,
            supplier_id=row.id,
            version=row.version,
            freight={"basis": "order", "zones": [{"first_fen": told.freight_fen}]},
            lead_hours=told.lead_hours,
            regions_not_served=list(told.not_served),
            channel=CHANNELS[Channel(told.channel)],
        )
        if told.sample:
            name, data = told.sample.rsplit("/", 1)[-1], seeder.demo.files[told.sample]
            sheet_samples.learn(by=seeder.actor, supplier_id=row.id, name=name, data=data, save_at=row.version)


def _no_ship(seeder: Seeder) -> None:
    made = []
    for told in seeder.demo.manifest.mappings:
        if told.parts or not told.confirmed:
            continue
        key = listing_key(told)
        made.append(NewMapping(seeder.shops[told.platform], key, False, (), "person", told.title, told.spec, "不发货"))
    mappings.remember(by=seeder.actor, mappings=made)


def listing_key(of: MappingEntry | ListingSku) -> str:
    """What names a listing of a shop in the files of its platform."""
    fields = next(p.listing_key for p in registry.profiles() if p.kind == "orders" and p.platform == of.platform)
    values = {"item_no": of.item_no, "sku_no": of.sku_no, "spec": of.spec, "merchant_code": of.merchant_code}
    return "|".join(v for f in fields if (v := values.get(f, "")))


def _match(seeder: Seeder) -> None:
    match(seeder.actor, {i: p for p, i in seeder.shops.items()}, seeder.demo.manifest.mappings)


def match(by: Actor, platforms: Mapping[UUID, str], known: Iterable[MappingEntry]) -> None:
    """What a person says on the matching screen about the listings that nobody has matched yet."""
    skus = {s.code: s.id for s in goods.views()}
    truths = {(t.platform, t.title, t.spec): t for t in known}
    open_lines = demands.unmatched(order_desk.ids(OrderFilter(step=("match",)), by))
    made = {}
    for line in open_lines:
        truth = truths.get((platforms[line.shop_id], line.title, line.spec))
        if truth is None or not truth.confirmed:
            continue
        parts = tuple((skus[code], n) for code, n in truth.parts)
        key = (line.shop_id, line.listing_key)
        made[key] = NewMapping(*key, bool(parts), parts, "person", line.title, line.spec, "人工匹配")
    mappings.remember(by=by, mappings=list(made.values()))
    advance.advance(demands.unmatched_of_listings(list(made)))


def _blocklist(seeder: Seeder) -> None:
    for blocked in seeder.demo.manifest.blocklist:
        blocklist.block(by=seeder.actor, name=blocked.name, phone=blocked.phone, reason=blocked.reason)


def recent(seeder: Seeder) -> None:
    """The last two mornings: their orders imported, dispatched, sent, returned and uploaded."""
    for day in seeder.demo.manifest.days:
        at = datetime.fromisoformat(day.at)
        with clock.frozen(at):
            for entry in day.files:
                seeder.bring(entry.path.rsplit("/", 1)[-1], seeder.demo.files[entry.path], platform=entry.platform)
        _buy(seeder, at + timedelta(minutes=30), at + timedelta(hours=7))


def history(seeder: Seeder) -> None:
    """The month before, as the platforms ended it: one export per shop and week, made two days ago."""
    for week in seeder.demo.manifest.history:
        with clock.frozen(datetime.fromisoformat(week.at)):
            for entry in week.files:
                seeder.bring(entry.path.rsplit("/", 1)[-1], seeder.demo.files[entry.path], platform=entry.platform)


def _buy(seeder: Seeder, morning: datetime, evening: datetime) -> None:
    """Dispatch and send what waits; in the evening the suppliers' returns come and go to the platforms."""
    with clock.frozen(morning), tenant(seeder.number):
        _match(seeder)
        stale = list(seeder.shops.values())
        dispatching.dispatch(by=seeder.actor, stale_confirmed=stale)
        sending.send(by=seeder.actor)
    _evening(seeder, evening)


def _evening(seeder: Seeder, evening: datetime) -> None:
    """What suppliers return is recorded and told to the platforms, whose next export confirms it."""
    with clock.frozen(evening):
        with tenant(seeder.number):
            back = returns_of(seeder, sent_lines.load(), evening)
        for supplier_id, returned in back:
            _bring_back(seeder, supplier_id, returned)
        with tenant(seeder.number):
            try:
                made = reporting.make(reporting.shops_of(seeder.actor), by=seeder.actor)
            except AppError:
                return
            ids = [f.id for f in made.files]
            reporting.hand_out(ids, by=seeder.actor)
            reporting.uploaded(ids, by=seeder.actor)
    _confirm(seeder, evening + timedelta(hours=2))


def _confirm(seeder: Seeder, at: datetime) -> None:
    """The platforms' next export, in which what was uploaded is shipped."""
    with clock.frozen(at):
        with tenant(seeder.number):
            told: dict[str, list[tuple[str, str]]] = defaultdict(list)
            for number, courier, tracking_number in sent_lines.told():
                told[number].append((courier, tracking_number))
        for entry, data in seeder.demo.confirming_exports(told, at):
            seeder.bring(entry.path.rsplit("/", 1)[-1], data, platform=entry.platform)


# What a person told once about two suppliers' own return sheets; remembered as templates from then on.
_TOLD = {"merged_title": {"0": "our_number"}, "one_cell": {"2": "tracking_no", "3": "our_number"}}


def _bring_back(seeder: Seeder, supplier_id: UUID, returned: Returned) -> None:
    if returned.name.endswith(".txt"):
        with tenant(seeder.number):
            tracking.take(
                lambda known: parse_tracking_text(returned.text, own_numbers=known.own, order_numbers=known.orders),
                by=seeder.actor,
                supplier_id=supplier_id,
            )
        return
    supplier = next(s for s in seeder.demo.manifest.suppliers if s.code == returned.supplier)
    seeder.bring(returned.name, returned.data, told=_TOLD.get(supplier.layout, {}), template=f"{supplier.name}回单")


def returns_of(
    seeder: Seeder, waiting: Sequence[SentLine], at: datetime, *, dirt: Sequence[str] = ()
) -> list[tuple[UUID, Returned]]:
    """What each supplier sends back for these lines, in the caller's transaction; ``dirt`` as ``returns`` knows it."""
    ids = {s.name: s.id for s in suppliers.list_suppliers()}
    codes = {s.name: s.code for s in seeder.demo.manifest.suppliers}
    lines: dict[str, list[Dispatched]] = defaultdict(list)
    for x in waiting:
        order = seeder.demo.orders.get(x.order_no)
        person = order.person if order else None
        lines[x.supplier].append(
            Dispatched(
                supplier=x.supplier,
                our_number=x.number,
                order_no=x.order_no,
                sku_code=x.sku_code,
                title=x.title,
                spec=x.spec,
                quantity=x.quantity,
                name=person.name if person else "",
                phone=person.phone if person else "",
                address=person.full_address if person else "",
            )
        )
    return [
        (ids[name], tracking_return(seeder.demo.world, codes[name], listed, at, dirt=dirt if n == 0 else ()))
        for n, (name, listed) in enumerate(sorted(lines.items()))
    ]


def today(seeder: Seeder) -> None:
    """Today's files wait in the import screen, as a person would have dropped them; prices and stock are fresh."""
    for entry in seeder.demo.manifest.setup:
        if entry.kind == "prices":
            seeder.bring(entry.path.rsplit("/", 1)[-1], seeder.demo.files[entry.path])
    with tenant(seeder.number):
        for entry in seeder.demo.manifest.waiting.files:
            name, data = entry.path.rsplit("/", 1)[-1], seeder.demo.files[entry.path]
            import_id = intake.receive(by=seeder.actor, name=name, data=data)
            intake.recognise(import_id)


def first(say: Callable[[str], None]) -> int:
    """The demo company ready to be used: founded, two days lived, today's files waiting; the past follows as a job."""
    now = clock.now()
    seeder = found(now)
    say("   商品、供应商、报价、匹配已导入")
    history(seeder)
    say("   过去 30 天的订单已导入")
    recent(seeder)
    with tenant(seeder.number):
        records.count(clock.now())
    say("   最近两天的订单已派单、发货、上传")
    today(seeder)
    with tenant(seeder.number):
        settings.note(MARK, DONE)
    say("   今天的文件已放在“导入”里，等您来处理")
    return seeder.number
