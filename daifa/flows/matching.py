"""匹配: suggestions for a listing SKU, a person's yes for all of its orders at once, and taking that back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice
from threading import Lock
from uuid import UUID

from daifa.areas.catalog.rules.index import CatalogueIndex, fingerprint
from daifa.areas.catalog.rules.matching import suggest
from daifa.areas.catalog.services import goods, mappings
from daifa.areas.catalog.services.mappings import NewMapping
from daifa.areas.catalog.types import ListingSku, MatchAnswer, Part, Sureness
from daifa.areas.orders.services import demands
from daifa.base import audit
from daifa.base.actor import Actor
from daifa.base.scope import current_tenant
from daifa.flows import advance, undo
from daifa.kit.errors import Conflict, Invalid
from daifa.kit.values import dataclass
from daifa.reads import match_desk, order_bonds
from daifa.reads.match_desk import Waiting
from daifa.reads.touched import Touched

VERB = "match"
KEPT_INDEXES = 8
FOUND = 20


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person says a listing SKU is: parts (SKU, pieces), or nothing to ship."""

    shop_id: UUID
    listing_key: str
    parts: tuple[tuple[UUID, int], ...]
    ships: bool = True


@dataclass(frozen=True, slots=True)
class Matched:
    """What a yes did, as a sentence, with the way back."""

    message: str
    undo: str
    orders: int


@dataclass(frozen=True, slots=True)
class Sure:
    """A listing SKU whose best suggestion is certain."""

    waiting: Waiting
    answer: MatchAnswer


_indexes: dict[int, tuple[tuple[object, ...], CatalogueIndex]] = {}
_lock = Lock()


def index() -> CatalogueIndex:
    """The company's catalogue ready for look-up, kept until a SKU or a mapping changes."""
    number, version = current_tenant(), match_desk.catalogue_version()
    with _lock:
        kept = _indexes.get(number)
    if kept is not None and kept[0] == version:
        return kept[1]
    decided = {
        fingerprint(title, spec): tuple(Part(sku, n) for sku, n in parts)
        for title, spec, parts in match_desk.precedents()
    }
    made = CatalogueIndex(goods.catalogue(), decided)
    with _lock:
        _indexes.pop(number, None)
        _indexes[number] = (version, made)
        for old in list(islice(_indexes, max(0, len(_indexes) - KEPT_INDEXES))):
            del _indexes[old]
    return made


def answer(waiting: Waiting) -> MatchAnswer:
    """What a listing SKU may be: at most five suggestions, its pack, whether it ships at all."""
    return suggest(_listing(waiting), index())


def _listing(w: Waiting) -> ListingSku:
    return ListingSku(w.title, w.spec, w.merchant_code, is_gift=w.gift)


def sure(actor: Actor) -> list[Sure]:
    """Listing SKUs whose best suggestion is certain: what can be accepted all at once, after a look."""
    known = index()
    found = [Sure(w, suggest(_listing(w), known)) for w in match_desk.queue(actor)]
    return [s for s in found if s.answer.suggestions and s.answer.suggestions[0].word is Sureness.SURE]


def decide(*, by: Actor, choices: Sequence[Choice]) -> Matched:
    """A person's yes, once for all orders of each listing SKU; they go on at once.

    Raises Invalid (empty, twice the same SKU), NotAllowed for a shop outside the scope, Conflict when nothing waits.
    """
    if not choices:
        raise Invalid("nothing_chosen", "请先选一个规格，或标为不发货。")
    for shop_id in {c.shop_id for c in choices}:
        by.need_shop(shop_id)
    words = {(w.shop_id, w.listing_key): w for w in match_desk.queue(by, limit=5000)}
    keys = [(c.shop_id, c.listing_key) for c in choices]
    if gone := [k for k in keys if k not in words]:
        raise Conflict("match_gone", f"“{gone[0][1]}”已经没有订单在等匹配，可能别人刚匹配过。请刷新。")
    _known_skus(choices)
    wanted = [_mapping(c, words[c.shop_id, c.listing_key], by) for c in choices]
    made = mappings.remember(by=by, mappings=wanted)
    waited = match_desk.waiting_for(keys)
    advance.advance(demands.unmatched_of_listings(keys))
    titles = _title(choices, words)
    audit.record(by, "match", f"匹配 {titles}", kind="mapping")
    token = undo.offer(
        by=by, verb=VERB, title=f"匹配 {titles}", count=len(waited),
        data={"mappings": [[str(m.id), str(m.shop_id), m.listing_key] for m in made.values()]},
    )  # fmt: skip
    return Matched(_released(waited), token, len(waited))


def _known_skus(choices: Sequence[Choice]) -> None:
    wanted = {sku for c in choices for sku, _ in c.parts}
    active = {s.id for s in goods.views(sorted(wanted)) if s.active}
    if wanted - active:
        raise Invalid("no_such_sku", "选的规格不在商品库里，或已停用。请换一个。")


def _mapping(choice: Choice, waiting: Waiting, by: Actor) -> NewMapping:
    return NewMapping(
        shop_id=choice.shop_id, listing_key=choice.listing_key, ships=choice.ships, parts=choice.parts, source="person",
        title=waiting.title, spec=waiting.spec,
        reason=f"{by.name}确认" if choice.ships else f"{by.name}标为不发货",
    )  # fmt: skip


def _title(choices: Sequence[Choice], words: Mapping[tuple[UUID, str], Waiting]) -> str:
    first = words[choices[0].shop_id, choices[0].listing_key]
    name = f"“{first.title} {first.spec}”".replace(" ”", "”")
    return name if len(choices) == 1 else f"{name} 等 {len(choices)} 个规格"


def _released(order_ids: Sequence[UUID]) -> str:
    tabs = order_bonds.steps_of(order_ids)
    total, free = len(order_ids), tabs.get("dispatch", 0)
    rest = []
    if n := tabs.get("match", 0):
        rest.append(f"{n} 单还有别的规格待匹配")
    if n := tabs.get("hold", 0):
        rest.append(f"{n} 单还有别的异常")
    if free == total:
        return f"{total} 单已放行"
    said = f"{total} 单已匹配" + (f"，{free} 单已放行" if free else "")
    return "，".join([said, *rest])


def _entries(data: Mapping[str, object]) -> list[tuple[UUID, UUID, str]]:
    stored = data["mappings"]
    assert isinstance(stored, Sequence)
    return [(UUID(str(m)), UUID(str(s)), str(k)) for m, s, k in stored]


def _touches(data: Mapping[str, object]) -> Touched:
    return Touched(shops=[shop for _, shop, _ in _entries(data)])


def _take_back(data: Mapping[str, object], by: Actor) -> str:
    entries = _entries(data)
    lines = order_bonds.matched_lines([(s, k) for _, s, k in entries], [m for m, _, _ in entries])
    orders = sorted({order for _, order in lines})
    if numbers := order_bonds.bought(orders):
        named = f"订单 {next(iter(numbers.values()))} 等 {len(numbers)} 单"
        raise Conflict("dispatched", f"{named}已经派单，不能撤销匹配。请先撤销派单。")
    mappings.forget([m for m, _, _ in entries])
    demands.thaw([line for line, _ in lines])
    advance.advance(orders)
    return f"已撤销匹配，{len(orders)} 单回到待匹配"


def find_skus(text: str) -> list[UUID]:
    """Our SKUs by code, title or spec, codes that begin so first; at most twenty."""
    said = text.strip().lower()
    if not said:
        return []
    words = said.split()
    known = index().skus
    begins = [s.sku_id for s in known if s.code.lower().startswith(said)]
    rest = (s.sku_id for s in known if all(w in f"{s.code} {s.title} {s.spec} {s.barcode}".lower() for w in words))
    return list(dict.fromkeys([*begins[:FOUND], *islice(rest, FOUND)]))[:FOUND]


undo.register(VERB, "orders.edit", _take_back, _touches)
