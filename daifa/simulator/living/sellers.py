"""The suppliers behind every supplier platform: five temperaments, one way of working.

A platform's fake (or the generic HTTP supplier) makes a ``SupplierOrder`` and calls these verbs; the sellers act on it
and tell the fakes what became of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from daifa.ports.books import Offer, Parcel, SupplierOrder, SupplyPhase
from daifa.ports.world import SellerProfile, What
from daifa.simulator.couriers import tracking_number
from daifa.simulator.suppliers import Supplier, Temper

if TYPE_CHECKING:
    from daifa.simulator.living.world import Living

HOUR = 3600
# How long each sort takes to ship what is paid, in hours; a liar's plenty runs out first.
_LEAD = {
    Temper.PUNCTUAL: (1, 8),
    Temper.SLOW: (20, 60),
    Temper.LIAR: (6, 30),
    Temper.SILENT: (4, 40),
    Temper.RAISER: (3, 16),
}
UNPAID_CLOSES_AFTER = 3 * 86400
SOLD_OUT = "sellerGoodsLack"


class Sellers:
    """The verbs of supplier orders, and what sellers do by themselves."""

    def __init__(self, world: Living) -> None:
        self._world = world

    def begin(self) -> None:
        """What each seller sells, on the first day."""
        world, made = self._world, self._world.made
        for sku, offers in made.offers.items():
            known = made.skus[sku]
            for offer in offers:
                # What the liar says is always plenty; what it has is a handful.
                truth = 3 if made.suppliers[offer.supplier].temper is Temper.LIAR else offer.stock
                world.books.add(
                    Offer(
                        f"{offer.supplier}/{sku}", offer.supplier, sku, offer.their_code, known.title,
                        f"{known.colour};{known.size}", [list(t) for t in offer.tiers], truth, offer.stock, world.now(),
                        known.weight_g,
                    )
                )  # fmt: skip
        world.after(86400, "sellers", "morning")

    def profile(self, code: str) -> SellerProfile:
        """A seller as it presents itself. Raises KeyError."""
        s = self._world.made.suppliers[code]
        return SellerProfile(
            s.code, s.name, s.temper.value, s.city, s.freight_fen, s.lead_hours, s.not_served, s.couriers, s.phone
        )

    def refusal(self, sku: str, seller: str, quantity: int) -> str:
        """Why the platform, which knows what the seller says, refuses this line now: off_sale, no_stock or ''."""
        offer = self._world.books.offer(seller, sku)
        if offer is None or not offer.on_sale:
            return "off_sale"
        return "no_stock" if offer.says < quantity else ""

    def place(self, order: SupplierOrder) -> None:
        """The merchant has ordered; unpaid orders close by themselves."""
        self._world.books.add(order)
        self._world.after(UNPAID_CLOSES_AFTER, "sellers", "unpaid", order=order.id)
        self._world.tell(What.SUPPLY_CREATED, order)

    def _changed(self, order: SupplierOrder, what: What, **more: object) -> None:
        order.updated_at = self._world.now()
        self._world.books.touch(order)
        self._world.tell(what, order, **more)

    def pay(self, order: SupplierOrder) -> None:
        """The merchant has paid: the seller takes the goods from its shelf, or finds the shelf empty."""
        if order.phase is not SupplyPhase.UNPAID:
            return
        order.phase, order.paid_at = SupplyPhase.PAID, self._world.now()
        self._changed(order, What.SUPPLY_PAID)
        seller = self._world.made.suppliers[order.seller]
        rng = self._world.rng("seller", order.id)
        empty = False
        for line in order.lines:
            offer = self._world.books.offer(order.seller, line.sku)
            if offer is None:
                continue
            empty |= offer.stock < line.quantity
            offer.stock = max(offer.stock - line.quantity, 0)
            offer.says = offer.says if seller.temper is Temper.LIAR else offer.stock
            offer.updated_at = self._world.now()
            self._world.books.touch(offer)
        low, high = _LEAD[seller.temper]
        if empty:
            self._world.after(rng.uniform(2, 20) * HOUR, "sellers", "sold_out", order=order.id)
        elif seller.temper is not Temper.SILENT or rng.random() < self._world.settings["silent_ships"]:
            # A silent one takes the money, and mostly nothing is heard of it again.
            self._world.after(rng.uniform(low, high) * HOUR, "sellers", "ship", order=order.id)

    def close(self, order: SupplierOrder, reason: str, *, refund: bool = False) -> None:
        """The order is over; ``refund`` gives a paid one its money back."""
        if order.phase in (SupplyPhase.CLOSED, SupplyPhase.RECEIVED):
            return
        if refund and order.paid_at is not None:
            order.refunded_fen = order.total_fen
        order.phase, order.close_reason, order.closed_at = SupplyPhase.CLOSED, reason, self._world.now()
        self._changed(order, What.SUPPLY_CLOSED)

    def receive(self, order: SupplierOrder) -> None:
        """The goods have arrived."""
        if order.phase is SupplyPhase.SHIPPED:
            order.phase = SupplyPhase.RECEIVED
            self._changed(order, What.SUPPLY_RECEIVED)

    def timer(self, name: str, data: dict[str, Any]) -> None:
        """What a seller does at its time."""
        if name == "morning":
            self._morning()
            return
        company, number = str(data["order"]).split("/", 1)
        order = self._world.books.supply(company, number)
        if order is None:
            return
        if name == "unpaid" and order.phase is SupplyPhase.UNPAID:
            self.close(order, "timeout")
        elif name == "sold_out" and order.phase is SupplyPhase.PAID:
            self.close(order, SOLD_OUT, refund=True)
        elif name == "ship" and order.phase is SupplyPhase.PAID:
            self._ship(order)
        elif name == "renumber" and order.parcels:
            self._renumber(order)

    def _ship(self, order: SupplierOrder) -> None:
        world, seller = self._world, self._world.made.suppliers[order.seller]
        rng = world.rng("ship", order.id)
        boxes = self._boxes(order, rng.random() < world.settings["split"])
        for n, contents in enumerate(boxes):
            courier = seller.couriers[0 if rng.random() < 0.8 else -1]
            self._box(order, seller, courier, n, self._maybe_wrong(order, contents, rng.random()))
        order.phase, order.shipped_at = SupplyPhase.SHIPPED, world.now()
        self._changed(order, What.SUPPLY_SHIPPED)
        if rng.random() < world.settings["renumber"]:
            world.after(rng.uniform(2, 10) * HOUR, "sellers", "renumber", order=order.id)

    def _boxes(self, order: SupplierOrder, split: bool) -> list[dict[str, int]]:
        whole: dict[str, int] = {}
        for line in order.lines:
            whole[line.sku] = whole.get(line.sku, 0) + line.quantity
        if split and len(whole) > 1:
            return [{sku: count} for sku, count in whole.items()]
        return [whole]

    def _maybe_wrong(self, order: SupplierOrder, contents: dict[str, int], luck: float) -> dict[str, int]:
        """Seldom something else of the same seller is packed."""
        if luck >= self._world.settings["ship_wrong"]:
            return contents
        others = [o.sku for o in self._world.books.offers(order.seller) if o.sku not in contents]
        return {others[0]: sum(contents.values())} if others else contents

    def _box(self, order: SupplierOrder, seller: Supplier, courier: str, n: int, contents: dict[str, int]) -> Parcel:
        number = tracking_number(courier, self._world.seed, order.id, n)
        parcel = self._world.parcels.post(courier, number, f"seller:{seller.code}", order.receiver, contents)
        parcel.supplier_order = order.id
        order.parcels.append(number)
        self._world.books.touch(parcel)
        return parcel

    def _renumber(self, order: SupplierOrder) -> None:
        """The seller gave the box another label: the old number is recalled."""
        world, old = self._world, self._world.books.parcel(order.parcels[0])
        if old is None or old.scans:
            return
        number = tracking_number(old.courier, world.seed, order.id, "again", len(order.parcels))
        fresh = world.parcels.post(old.courier, number, old.sender, old.receiver, dict(old.contents))
        fresh.supplier_order, old.replaced_by = order.id, number
        order.parcels[0] = number
        world.parcels.recall(old)
        world.books.touch(fresh, old)
        self._changed(order, What.NUMBER_CHANGED, old=old.number, new=number)

    def _morning(self) -> None:
        """Each day: raisers raise, shelves are filled."""
        world = self._world
        day = world.number("morning")
        for offer in world.books.offers():
            temper = world.made.suppliers[offer.seller].temper
            rng = world.rng("morning", day, offer.id)
            if temper is Temper.RAISER and rng.random() < world.settings["raise"]:
                offer.tiers = [[n, round(fen * rng.uniform(1.02, 1.12)) // 5 * 5] for n, fen in offer.tiers]
                self._offer_changed(offer)
            elif temper is not Temper.LIAR and offer.stock < 20 and rng.random() < 0.5:
                offer.stock = offer.says = rng.choice((60, 120, 300))
                self._offer_changed(offer)
        world.after(86400, "sellers", "morning")

    def _offer_changed(self, offer: Offer) -> None:
        offer.updated_at = self._world.now()
        self._world.books.touch(offer)
        self._world.tell(What.OFFER_CHANGED, offer)
