"""Parcels of purchases that were placed by API: recorded by the purchase itself, renumbered when the supplier does."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from daifa.areas.accounts.services import settings
from daifa.areas.logistics.rules.couriers import courier_name, recognise_courier
from daifa.areas.logistics.rules.matching import proposed, undemanded
from daifa.areas.logistics.rules.tracking_numbers import clean_number
from daifa.areas.logistics.services import claims as kept
from daifa.areas.logistics.services import parcels as boxes
from daifa.areas.logistics.services.claims import NewClaim
from daifa.areas.logistics.types import Content, DoubtKind, Matched, TrackingClaim
from daifa.areas.orders.services import history
from daifa.areas.orders.services.history import Fact
from daifa.base.actor import Actor
from daifa.flows import advance, tracking
from daifa.kit import clock
from daifa.ports.supplier_api import SupplierOrder, SupplierParcel
from daifa.reads import open_purchases
from daifa.reads.buy_facts import BuyPurchase
from daifa.reads.open_purchases import Bought

BY = Actor(key="api", name="供应商平台", via="system")


def parcels(p: BuyPurchase, order: SupplierOrder) -> None:
    """Record what is new of a purchase's parcels in the caller's transaction. Numbers that are known change nothing."""
    if not p.factory and not _told(p, order)[2]:
        # Most readings of an order that is shipped: others' parcels need not wait for it.
        return
    boxes.one_at_a_time()
    now = clock.now()
    bought, known, fresh = _told(p, order)
    if not fresh:
        if p.factory:
            _joined(p, order, bought)
        return
    gone = [n for n in known if n not in {clean_number(x.tracking_number) for x in order.parcels}]
    if len(gone) == 1 and len(fresh) == 1 and not any(x.left for x in bought.lines.values()):
        _renumbered(p, bought, gone[0], fresh[0])
        return
    numbers = [clean_number(x.tracking_number) for x in fresh]
    boxes.close_old(numbers, days=settings.number("tracking_window_days"), now=now)
    taken = {n.number for n in boxes.live_numbers(numbers)}
    matched = []
    left = {i: x.left for i, x in bought.lines.items()}
    for parcel in fresh:
        # What nothing says of its lines may be all that is still to come: it keeps nothing from the other boxes.
        shared = clean_number(parcel.tracking_number) in taken
        one = _matched(p, order, parcel, dict(left) if shared and not parcel.lines else left)
        if one is None:
            continue
        if shared:
            _asked(p, bought, one, DoubtKind.SHARED_BOX, _taken(p, one.tracking_no))
        elif why := _unwanted(p, bought, one):
            _asked(p, bought, one, DoubtKind.COURIER_DEMANDED, f"{why}。")
        else:
            matched.append(one)
    tracking.put(matched, bought.lines, by=BY)


def _told(p: BuyPurchase, order: SupplierOrder) -> tuple[Bought, set[str], list[SupplierParcel]]:
    """What is known of a purchase's parcels, their numbers, and which of the supplier's are new."""
    bought = open_purchases.load(since=clock.now() - timedelta(days=tracking.KNOWN_DAYS), purchase_ids=[p.id])
    known = {n for x in bought.purchases for n in x.tracking_numbers}
    named = [(x, clean_number(x.tracking_number)) for x in order.parcels]
    return bought, known, [x for x, number in named if number and number not in known]


def _joined(p: BuyPurchase, order: SupplierOrder, bought: Bought) -> None:
    """Several lines in one box are told line by line: what is new of a known box goes into it."""
    left = {i: x.left for i, x in bought.lines.items()}
    found = [one for x in order.parcels if (one := _matched(p, order, x, left))]
    tracking.put(found, bought.lines, by=BY, shared=True)


def _matched(p: BuyPurchase, order: SupplierOrder, parcel: SupplierParcel, left: dict[UUID, int]) -> Matched | None:
    contents = _of_line(p, order, parcel, left) if p.factory else _contents(p, parcel, left)
    if not contents:
        return None
    number = clean_number(parcel.tracking_number)
    reason = f"{p.supplier} 在平台发货（{order.external_id}）"
    return Matched((), p.id, number, recognise_courier(parcel.courier, number).code, tuple(contents), reason)


def _of_line(p: BuyPurchase, order: SupplierOrder, parcel: SupplierParcel, left: dict[UUID, int]) -> list[Content]:
    """A factory's box: so much of the shop's line as the box holds of the listing (of a set of three, three pieces)."""
    line_no, sku, pieces = order.lines[0]
    inside = sum(n for _, _, n in parcel.lines) or pieces
    found = []
    for line in p.lines:
        have = left.get(line.id, 0)
        if have <= 0 or (line.offer_ref != line_no if line_no else line.spec_ref != sku):
            continue
        take = have if inside >= pieces else min(have, max(1, line.qty * inside // pieces))
        left[line.id] = have - take
        found.append(Content(line.id, take))
    return found


def _contents(p: BuyPurchase, parcel: SupplierParcel, left: dict[UUID, int]) -> list[Content]:
    """What is in a box: the lines it names, else everything that is still to come."""
    wanted: dict[tuple[str, str], int] | None = None
    if parcel.lines:
        wanted = {}
        for offer, spec, n in parcel.lines:
            wanted[offer, spec] = wanted.get((offer, spec), 0) + n
    found = []
    for line in p.lines:
        have = left.get(line.id, 0)
        if have <= 0:
            continue
        take = have if wanted is None else min(have, wanted.get((line.offer_ref, line.spec_ref), 0))
        if take <= 0:
            continue
        if wanted is not None:
            wanted[line.offer_ref, line.spec_ref] -= take
        left[line.id] = have - take
        found.append(Content(line.id, take))
    return found


def _taken(p: BuyPurchase, number: str) -> str:
    return f"{p.supplier} 给 {p.number} 的单号 {number} 已经用在另一个包裹上。如果是合在一箱发的，请确认。"


def _unwanted(p: BuyPurchase, bought: Bought, found: Matched) -> str:
    """Why the buyer would not want this courier; what a factory told the platform itself is told already."""
    if p.handover:
        return ""
    return undemanded(bought.purchases[0].courier_demand, found.tracking_no, found.courier)


def _asked(p: BuyPurchase, bought: Bought, found: Matched, kind: DoubtKind, reason: str) -> None:
    """A number that only a person can take: it waits in the list of the doubtful, once, however often it is read."""
    proposal = proposed(bought.purchases[0], found.tracking_no, found.courier, found.contents)
    said = TrackingClaim(0, found.tracking_no, courier_name(found.courier), our_number=p.number)
    if kept.keep([NewClaim((said,), "doubtful", kind.value, reason, (proposal,))], supplier_id=p.supplier_id):
        history.write([Fact(o.id, "tracking", reason, by=BY.key, by_name=BY.name) for o in p.orders])


def _renumbered(p: BuyPurchase, bought: Bought, before: str, parcel: SupplierParcel) -> None:
    number = clean_number(parcel.tracking_number)
    courier = recognise_courier(parcel.courier, number).code
    found = boxes.of_numbers([before])
    if not found or boxes.live_numbers([number]):
        instead = Matched((), p.id, number, courier, (), "")
        _asked(p, bought, instead, DoubtKind.SHARED_BOX, _taken(p, number))
        return
    orders: Sequence[UUID] = boxes.renumber(
        found[0], tracking_number=number, courier=courier, by=BY.key, reason=f"{p.supplier} 换了单号"
    )
    told = "厂家已改在平台上" if p.handover else "要重新告诉平台"
    text = f"{p.supplier} 把单号 {before} 换成 {number}，{told}"
    history.write([Fact(o.id, "tracking", text, by=BY.key, by_name=BY.name) for o in p.orders])
    advance.settle(orders)
