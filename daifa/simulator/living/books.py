"""The world's books in memory, with what has changed since they were last written down."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from daifa.ports.books import (
    KINDS,
    BuyerOrder,
    Case,
    Doc,
    Entity,
    Listing,
    Message,
    Offer,
    Parcel,
    Penalty,
    SupplierOrder,
)

E = TypeVar("E", bound=Entity)


class LivingBooks:
    """Every entity by kind and id. Orders of a company and docs of a kind are found without a walk."""

    def __init__(self) -> None:
        self._all: dict[type, dict[str, Any]] = {kind: {} for kind in KINDS}
        self._orders: dict[str, dict[str, BuyerOrder]] = defaultdict(dict)
        self._cases: dict[str, list[Case]] = defaultdict(list)
        self._docs: dict[tuple[str, str], dict[str, dict[str, Any]]] = defaultdict(dict)
        self.changed: dict[tuple[str, str], Entity] = {}
        self.dropped: set[tuple[str, str]] = set()

    def load(self, entities: Iterable[Entity]) -> None:
        """Take what was written down."""
        for entity in entities:
            self._keep(entity)
        # The store hands rows out by id; the books live in the order of making.
        for company, found in self._orders.items():
            self._orders[company] = dict(sorted(found.items(), key=lambda x: (x[1].created_at, x[0])))

    def _keep(self, entity: Entity) -> None:
        self._all[type(entity)][entity.id] = entity
        if isinstance(entity, BuyerOrder):
            self._orders[entity.company][entity.number] = entity
        elif isinstance(entity, Case):
            self._cases[entity.order].append(entity)
        elif isinstance(entity, Doc):
            company, kind, key = entity.id.split("/", 2)
            self._docs[company, kind][key] = entity.data

    def add(self, entity: Entity) -> None:
        """A new entity; its id must be free."""
        if entity.id in self._all[type(entity)]:
            raise ValueError(f"{type(entity).__name__} {entity.id} is there already")
        self._keep(entity)
        self.touch(entity)

    def touch(self, *entities: Entity) -> None:
        """These changed and are to be written down."""
        for entity in entities:
            key = (type(entity).__name__, entity.id)
            self.changed[key] = entity
            self.dropped.discard(key)

    def drop(self, entity: Entity) -> None:
        """The entity is gone."""
        self._all[type(entity)].pop(entity.id, None)
        if isinstance(entity, Doc):
            company, kind, key = entity.id.split("/", 2)
            self._docs[company, kind].pop(key, None)
        if isinstance(entity, BuyerOrder):
            self._orders[entity.company].pop(entity.number, None)
        key2 = (type(entity).__name__, entity.id)
        self.changed.pop(key2, None)
        self.dropped.add(key2)

    def _get(self, kind: type[E], key: str) -> E | None:
        found: E | None = self._all[kind].get(key)
        return found

    def _some(self, kind: type[E], prefix: str = "") -> list[E]:
        return [e for e in self._all[kind].values() if not prefix or e.id.startswith(prefix)]

    def order(self, company: str, number: str) -> BuyerOrder | None:
        """A buyer's order by its platform number."""
        return self._orders[company].get(number)

    def orders(self, company: str = "", shop: str = "") -> list[BuyerOrder]:
        """Buyers' orders in the order of their making."""
        if not company:
            # Two companies may sell at one moment: their ids decide, so that a restart changes nothing.
            return sorted(self._some(BuyerOrder), key=lambda o: (o.created_at, o.id))
        found = self._orders[company].values()
        return [o for o in found if o.shop == shop] if shop else list(found)

    def supply(self, company: str, number: str) -> SupplierOrder | None:
        """A supplier's order by its number."""
        return self._get(SupplierOrder, f"{company}/{number}")

    def supplies(self, company: str = "") -> list[SupplierOrder]:
        """Orders at suppliers."""
        return self._some(SupplierOrder, f"{company}/" if company else "")

    def parcel(self, number: str) -> Parcel | None:
        """A parcel by its tracking number."""
        return self._get(Parcel, number)

    def all_parcels(self) -> list[Parcel]:
        """Every parcel there is."""
        return self._some(Parcel)

    def case(self, company: str, number: str) -> Case | None:
        """A case by its number."""
        return self._get(Case, f"{company}/{number}")

    def cases(self, company: str = "", shop: str = "") -> list[Case]:
        """After-sale cases."""
        return [c for c in self._some(Case, f"{company}/" if company else "") if not shop or c.shop == shop]

    def cases_of(self, order: str) -> list[Case]:
        """Cases of one order, by the order's id."""
        return list(self._cases[order])

    def listing(self, company: str, shop: str, sku_no: str) -> Listing | None:
        """A listing SKU."""
        return self._get(Listing, f"{company}/{shop}/{sku_no}")

    def listings(self, company: str = "", shop: str = "") -> list[Listing]:
        """What stands in the shops."""
        return self._some(Listing, f"{company}/{shop}/" if shop else f"{company}/" if company else "")

    def offer(self, seller: str, sku: str) -> Offer | None:
        """What a seller asks for a SKU."""
        return self._get(Offer, f"{seller}/{sku}")

    def offers(self, seller: str = "") -> list[Offer]:
        """What sellers sell."""
        return self._some(Offer, f"{seller}/" if seller else "")

    def penalties(self) -> list[Penalty]:
        """What the platforms took."""
        return self._some(Penalty)

    def message(self, number: str) -> Message | None:
        """A push by its id."""
        return self._get(Message, number)

    def messages(self, company: str = "") -> list[Message]:
        """Pushes, made in this order."""
        return [m for m in self._some(Message) if not company or m.company == company]

    def doc(self, company: str, kind: str, key: str) -> dict[str, Any] | None:
        """A fake's own record; change it with ``put_doc``."""
        return self._docs[company, kind].get(key)

    def put_doc(self, company: str, kind: str, key: str, data: dict[str, Any]) -> None:
        """Keep a fake's own record."""
        entity = Doc(f"{company}/{kind}/{key}", data)
        self._keep(entity)
        self.touch(entity)

    def drop_doc(self, company: str, kind: str, key: str) -> None:
        """Forget a fake's own record."""
        if (found := self._get(Doc, f"{company}/{kind}/{key}")) is not None:
            self.drop(found)

    def docs(self, company: str, kind: str) -> Mapping[str, dict[str, Any]]:
        """A fake's own records of a kind."""
        return dict(self._docs[company, kind])
