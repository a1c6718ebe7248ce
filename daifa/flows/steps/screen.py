"""Screened: pass, or hold with a reason. The sealed part of an order is opened here for judging, and goes nowhere."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from functools import cached_property
from uuid import UUID

import orjson

from daifa.areas.accounts.services import settings
from daifa.areas.catalog.services import goods
from daifa.areas.orders.rules.moved import moved
from daifa.areas.orders.rules.screening import screen, screen_address
from daifa.areas.orders.services import demands, holds, memos, rows
from daifa.areas.orders.types import (
    BlockHit,
    Habit,
    ScreenFacts,
    ScreenLine,
    ScreenSettings,
    Twin,
)
from daifa.areas.purchasing.rules.eligibility import place_refused
from daifa.areas.purchasing.rules.routing import unsupplied
from daifa.areas.purchasing.services import factories
from daifa.areas.purchasing.services.offers import Market
from daifa.areas.purchasing.types import OfferView, Place, RouteDemand, RouteOrder, RouteSettings
from daifa.base import vault
from daifa.flows import ciphers
from daifa.flows.steps import rule
from daifa.flows.steps.appraise import Appraised, cheapest
from daifa.kit import clock
from daifa.kit.geo import parse_address
from daifa.kit.values import dataclass
from daifa.ports.shop import OrderState, Recipient, RecipientState, RefundState, WaitReason
from daifa.reads import routing_facts, screening_facts
from daifa.reads.screening_facts import HabitFact, Loaded, OrderFact

NO_HABIT = HabitFact(0, 0, 0, 0, 0)


def run(order_ids: Sequence[UUID], appraised: Mapping[UUID, Appraised], market: Market) -> None:
    """Bring the holds of these orders to what is found of them now."""
    now = market.now
    chosen = _settings()
    loaded = screening_facts.load(order_ids, now=now, duplicate_hours=chosen.duplicate_hours)
    supply = Supply(order_ids, market)
    opened = rows.load_persons(_to_open(loaded))
    persons: dict[UUID, dict[str, object]] = {i: dict(p.values) for i, p in opened.items()}
    words = {i: (_text(p.get("p:buyer_note")), _text(memos.shown(p))) for i, p in persons.items()}
    likely = {o.id: supply.likely(o.id, Place(o.province, o.city, o.district)) for o in loaded.orders}
    ruled = rule.run(order_ids, appraised, words, likely)
    routing = RouteSettings(split_quantity=bool(settings.get_all()["split_quantity"]))
    findings = {}
    for order in loaded.orders:
        facts = _facts(order, loaded, now, persons.get(order.id, {}), supply, appraised.get(order.id))
        facts = replace(
            facts, rule_holds=ruled.get(order.id, ()), conflict_shop=loaded.conflicts.get(order.id, ""),
            unable=supply.unable(order, routing, now),
        )  # fmt: skip
        findings[order.id] = screen(facts, chosen)
    holds.settle(findings)


def against(order_id: UUID, to: Recipient) -> list[str]:
    """What stands against sending an order to this recipient, as screening judges its own one."""
    now = clock.now()
    loaded = screening_facts.load([order_id], now=now, duplicate_hours=0)
    if not loaded.orders:
        return ["没有这个订单"]
    [order] = loaded.orders
    supply = Supply([order_id], Market(now))
    where: dict[str, str] = {k: str(v) for k, v in asdict(to).items()}
    place = Place(*rows.place_of(where)[0])
    plain = to.state is RecipientState.PLAIN
    hits = screening_facts.blocked_by(*rows.hashes_of(where)) if plain else []
    facts = replace(
        _facts(order, loaded, now, {}, supply, None),
        recipient_state=to.state,
        cipher_goes=to.state is RecipientState.CIPHER and supply.cipher_goes(order_id, order.shop_id),
        province=place.province,
        city=place.city,
        district=place.district,
        address_problems=_address_problems(where, None) if plain else (),
        address=to.address if plain else None,
        block_hits=tuple(BlockHit(kind, reason) for kind, reason in hits),
        region_not_served=supply.not_served(order_id, place),
    )
    return screen_address(facts, _settings())


@dataclass(frozen=True, slots=True)
class Unread:
    """Whether an order can be had without our reading its recipient: ``encrypted``: handed on as ciphertext (some
    perhaps to factories), ``no_factory``: why not all of it from factories bound to its shop ("" it can), ``first``:
    they are the cheapest of those who can take it."""

    encrypted: bool
    no_factory: str
    first: bool


def unread(order_id: UUID, shop_id: UUID, state: RecipientState) -> Unread:
    """How an order could be had unread."""
    now = clock.now()
    supply = Supply([order_id], Market(now))
    why = "" if supply.factories.get(shop_id) else "供应商里没有绑定这家店的厂商代发厂家"
    if not why and (left := supply.not_at_factories(order_id, shop_id)):
        why = f"绑定的厂家没有“{left[0]}”"
    return Unread(
        state is RecipientState.CIPHER and supply.cipher_goes(order_id, shop_id),
        why,
        not why and supply.factories_first(order_id, shop_id, state),
    )


def _settings() -> ScreenSettings:
    values = settings.get_all()
    return ScreenSettings(
        duplicate_hours=int(str(values["duplicate_hours"])),
        margin_floor_fen=int(str(values["margin_floor_fen"])),
        deadline_near_hours=int(str(values["deadline_near_hours"])),
        unusual_times=int(str(values["unusual_times"])),
        unusual_orders=int(str(values["unusual_orders"])),
        fingerprint_key=vault.lasting_hash("fingerprint", "holds"),
    )


def _to_open(loaded: Loaded) -> list[UUID]:
    """Orders whose sealed part matters now: still to be bought, with an address or words to judge."""
    return [
        o.id
        for o in loaded.orders
        if o.state in ("paid", "part_shipped", "unpaid")
        and (o.has_note or o.has_memo or o.recipient_state == RecipientState.PLAIN.value)
    ]


class Supply:
    """Which SKUs of these orders somebody can supply, and where to."""

    def __init__(self, order_ids: Sequence[UUID], market: Market) -> None:
        self.demands = demands.by_order(order_ids)
        sku_ids = sorted({d.sku_id for listed in self.demands.values() for d in listed})
        self.offers: Mapping[UUID, Sequence[OfferView]] = market.of(sku_ids)
        self.names = {s.id: f"{s.title} {s.spec}".strip() for s in goods.views(sku_ids)}

    def unsupplied(self, order_id: UUID) -> tuple[str, ...]:
        """Names of SKUs that nobody supplies."""
        wanted = self.demands.get(order_id, [])
        return tuple(self.names[d.sku_id] for d in wanted if not self._live(d.sku_id))

    def unable(self, order: OrderFact, routing: RouteSettings, now: datetime) -> tuple[tuple[str, str], ...]:
        """SKUs that somebody offers and nobody can supply now (out of stock, refused, too few), with the reason."""
        place = Place(order.province, order.city, order.district)
        aside = {*self.unsupplied(order.id), *self.not_served(order.id, place)}
        wanted = [d for d in self.demands.get(order.id, []) if self.names[d.sku_id] not in aside]
        if not wanted:
            return ()
        lines = tuple(RouteDemand(d.id, d.sku_id, self.names[d.sku_id], d.quantity) for d in wanted)
        asked = RouteOrder(order.id, order.number, lines, place, excluded=self.refused.get(order.id, {}))
        offered = [o for i in dict.fromkeys(d.sku_id for d in wanted) for o in self._live(i)]
        why = unsupplied(asked, offered, routing, now)
        return tuple((self.names[d.sku_id], why[d.id]) for d in wanted if d.id in why)

    @cached_property
    def refused(self) -> Mapping[UUID, Mapping[UUID, str]]:
        """By order the suppliers who already said no to it."""
        return routing_facts.refused(list(self.demands))

    def not_served(self, order_id: UUID, place: Place) -> tuple[str, ...]:
        """Names of SKUs that are supplied, but by nobody who serves the place."""
        if not place.known:
            return ()
        found = []
        for d in self.demands.get(order_id, []):
            live = self._live(d.sku_id)
            if live and all(place_refused(place, o) for o in live):
                found.append(self.names[d.sku_id])
        return tuple(found)

    def likely(self, order_id: UUID, place: Place) -> tuple[UUID, ...]:
        """Who would supply what is not bought yet, by price: the cheapest offer of each SKU."""
        best = (cheapest(self.offers.get(d.sku_id, ()), d.quantity, place) for d in self.demands.get(order_id, []))
        return tuple(dict.fromkeys(b[0].supplier.supplier_id for b in best if b is not None))

    @cached_property
    def carriers(self) -> frozenset[UUID]:
        """Suppliers whose platform decrypts; asked for only when an order's recipient is encrypted."""
        return ciphers.carriers()

    @cached_property
    def factories(self) -> Mapping[UUID, Mapping[UUID, str]]:
        """By shop the suppliers that are factories bound to it; asked for only when a recipient cannot be read."""
        return ciphers.bound(factories.shops())

    def cipher_goes(self, order_id: UUID, shop_id: UUID) -> bool:
        """Whether all of it can be had from suppliers whose platform decrypts the recipient itself, or from factories
        bound to its shop."""
        able = self.carriers | set(self.factories.get(shop_id, ()))
        return bool(able) and not self._beyond(order_id, able)

    def hands_over(self, order_id: UUID, shop_id: UUID) -> bool:
        """Whether all of it can be had from factories bound to its shop, which need no recipient of us."""
        return bool(self.factories.get(shop_id)) and not self.not_at_factories(order_id, shop_id)

    def not_at_factories(self, order_id: UUID, shop_id: UUID) -> tuple[str, ...]:
        """Names of its goods that no factory bound to its shop has."""
        return self._beyond(order_id, self.factories.get(shop_id, {}))

    def factories_first(self, order_id: UUID, shop_id: UUID, state: RecipientState) -> bool:
        """Whether routing by price would give all of it to factories, of those who can do without our reading it."""
        bound = set(self.factories.get(shop_id, ()))
        more = self.carriers if state is RecipientState.CIPHER else frozenset[UUID]()
        wanted = self.demands.get(order_id, [])
        for d in wanted:
            able = [
                o
                for o in self._live(d.sku_id)
                if state is RecipientState.PLAIN or o.supplier.supplier_id in bound | more
            ]
            best = cheapest(able, d.quantity, Place())
            if best is None or best[0].supplier.supplier_id not in bound:
                return False
        return bool(wanted)

    def _beyond(self, order_id: UUID, able: Collection[UUID]) -> tuple[str, ...]:
        wanted = self.demands.get(order_id, [])
        return tuple(
            self.names[d.sku_id]
            for d in wanted
            if not any(o.supplier.supplier_id in able for o in self._live(d.sku_id))
        )

    def _live(self, sku_id: UUID) -> list[OfferView]:
        return [o for o in self.offers.get(sku_id, ()) if not o.supplier.paused]


def _facts(
    order: OrderFact,
    loaded: Loaded,
    now: datetime,
    person: Mapping[str, object],
    supply: Supply,
    appraised: Appraised | None,
) -> ScreenFacts:
    recipient = person.get("p:recipient")
    where: Mapping[str, str] = recipient if isinstance(recipient, dict) else {}
    plain = where.get("state") == RecipientState.PLAIN.value
    habit = loaded.habits.get(order.shop_id, NO_HABIT)
    place = Place(order.province, order.city, order.district)
    return ScreenFacts(
        order_id=order.id,
        state=OrderState(order.state),
        now=now,
        refund=RefundState(order.refund),
        cash_on_delivery=order.cash_on_delivery,
        waits=tuple(WaitReason(w) for w in order.waits.split(",") if w),
        ship_not_before=order.ship_not_before,
        due_by=appraised.due_by if appraised else order.due_by,
        at=order.paid_at or order.ordered_at,
        sent=_sent(order.id, loaded),
        gone=_gone(order, loaded),
        lines=_lines(order.id, loaded),
        lines_missing=order.lines_missing,
        recipient_state=RecipientState(order.recipient_state),
        recipient_path=order.recipient_path,
        hands_over=loaded.handed.get(order.id, False) and supply.hands_over(order.id, order.shop_id),
        cipher_goes=order.recipient_state == RecipientState.CIPHER.value
        and supply.cipher_goes(order.id, order.shop_id),
        person_print=bytes(order.person_hash).hex(),
        province=order.province,
        city=order.city,
        district=order.district,
        address_problems=_address_problems(where, order.merge) if plain else (),
        address=where.get("address") if plain else None,
        consolidation=order.consolidation,
        courier_demand=order.courier_demand,
        note=_text(person.get("p:buyer_note")),
        # What a person wrote here asks nobody anything: who wants the order to wait holds it by hand.
        memo=None if memos.is_ours(person) else _text(person.get("p:seller_memo")),
        paid_fen=order.paid_fen,
        refunded_fen=order.refunded_fen,
        refund_refs=tuple(loaded.refunds.get(order.id, ())),
        margin_fen=appraised.margin_fen if appraised else None,
        twins=tuple(Twin(number, at) for number, at in loaded.twins.get(order.id, ())),
        block_hits=tuple(BlockHit(kind, reason) for kind, reason in loaded.blocked.get(order.id, ())),
        habit=Habit(
            habit.orders, habit.amount_median_fen, habit.amount_mad_fen, habit.quantity_median, habit.quantity_mad
        ),
        unsupplied=supply.unsupplied(order.id),
        region_not_served=supply.not_served(order.id, place),
        wish=loaded.wishes.get(order.id),
    )


def _sent(order_id: UUID, loaded: Loaded) -> bool:
    return order_id in loaded.open_pieces and loaded.open_pieces[order_id] == 0 and loaded.unsent.get(order_id, 0) == 0


def _gone(order: OrderFact, loaded: Loaded) -> bool:
    if not _sent(order.id, loaded) or not loaded.shipped.get(order.id, True):
        return False
    if order.lines_missing or any(x.match == "none" for x in loaded.lines.get(order.id, ())):
        return False
    if order.id in loaded.told:
        return loaded.told[order.id]
    # Nothing is told where the factory ships in the platform's own back office.
    return order.id in loaded.shipped and (order.recipient_path == "handover" or loaded.handed[order.id])


def _lines(order_id: UUID, loaded: Loaded) -> tuple[ScreenLine, ...]:
    return tuple(
        ScreenLine(
            line_id=x.id,
            title=x.title,
            quantity=x.quantity,
            matched=x.match != "none",
            ships=x.match != "no_ship",
            unit_price_fen=x.unit_price_fen,
            refund=RefundState(x.refund),
            listing_key=x.listing_key,
        )
        for x in loaded.lines.get(order_id, ())
    )


def _address_problems(where: Mapping[str, str], merge: str | None) -> tuple[tuple[str, str], ...]:
    parsed = parse_address(
        province=where.get("province", ""),
        city=where.get("city", ""),
        district=where.get("district", ""),
        street=where.get("street", ""),
        detail=where.get("address", ""),
    )
    found = [(p.kind, p.text) for p in parsed.problems]
    elsewhere = moved(orjson.loads(merge), where) if merge else ""
    return (*found, ("contradictory", elsewhere)) if elsewhere else tuple(found)


def _text(value: object) -> str | None:
    return str(value) if value else None
