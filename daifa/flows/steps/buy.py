"""Bought by API, exactly once: intent and outbox row first, commit; the call under our reference; on doubt, ask.

What may happen at each point, and what then: killed before the claim, it is done again; killed after, the claim is
found lost and asked after by our reference; an answer that was lost is found the same way. A second placing of one
purchase needs a known no, and the database refuses it otherwise (``placement_live``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from uuid import UUID

from daifa.areas.accounts.services import settings
from daifa.areas.catalog.services import goods
from daifa.areas.mailroom.services import outbox
from daifa.areas.mailroom.services.outbox import Want
from daifa.areas.mailroom.types import OutboxItem
from daifa.areas.orders.services import history, standing
from daifa.areas.orders.services.history import Fact
from daifa.areas.purchasing.rules.placing import Money, Ruling, Standing, Verdict, may_place, may_spend, window_end
from daifa.areas.purchasing.services import offers, placements, purchases
from daifa.base.tenancy import tenant
from daifa.flows import advance, connect, handing_over, placing, rereading
from daifa.flows.factory_supplier import Handed
from daifa.flows.placing import LOOK_AGAIN, Failed, Outcome
from daifa.flows.steps.wanted import wanted_of
from daifa.kit import clock
from daifa.kit.errors import AppError
from daifa.kit.money import format_yuan
from daifa.kit.values import dataclass
from daifa.ports.errors import Refused, RemoteError
from daifa.ports.supplier_api import LeftOut, PlacedOrders, Quote, SupplierOrder, Wanted
from daifa.reads import buy_facts
from daifa.reads.buy_facts import BuyPurchase

KIND = "buy"


def queue(purchase_ids: Sequence[UUID], *, by: str = "system", window_minutes: int = 0) -> list[UUID]:
    """Draft purchases of suppliers by API are to be placed, each once, after the cancel window. Returns connections."""
    found = [p for p in buy_facts.load(purchase_ids) if p.state == "draft"]
    cut_offs = offers.cut_offs({p.supplier_id for p in found})
    now = clock.now()
    wants, concerned = [], set()
    for p in found:
        if p.connection_id is None:
            continue
        attempt = placements.next_attempt(p.id)
        wants.append(
            Want(
                key=f"{KIND}:{p.id}:{attempt}",
                kind=KIND,
                connection_id=p.connection_id,
                subject_id=p.id,
                order_id=p.order_id,
                reference=placements.reference_of(p.plain_number, attempt),
                due_at=window_end(now, window_minutes, cut_offs[p.supplier_id]),
                data={"planned_fen": p.planned_fen, "attempt": attempt},
                by=by,
            )
        )
        concerned.add(p.connection_id)
    outbox.want(wants)
    return sorted(concerned)


def places_at(purchase_id: UUID) -> datetime | None:
    """When a purchase that nobody tried to place yet is placed; None where none waits for its turn."""
    waiting = [x for x in outbox.of_subject([purchase_id]) if x.kind == KIND and x.state == "ready" and not x.tries]
    return waiting[-1].due_at if waiting else None


# --- doing -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ready:
    """A purchase that may be placed: what to ask for, and what it costs now; ``handed``: to which factory."""

    wanted: Wanted
    quote: Quote
    purchase: BuyPurchase
    handed: Handed | None


def do(tenant_id: int, item: OutboxItem) -> None:
    """Place one purchase whose turn it is. Never raises RemoteError: what happened stands in outbox and placement."""
    try:
        ready = _prepare(tenant_id, item)
    except RemoteError as error:
        placing.later(tenant_id, item, error)
        return
    except AppError as error:
        placing.postpone(tenant_id, item, error.message_zh, LOOK_AGAIN)
        return
    if ready is None or not _claim(tenant_id, item, ready):
        return
    try:
        with connect.use(tenant_id, item.connection_id, outbox_id=item.id, attempt=item.tries + 1) as line:
            answer = line.supplier(ready.handed).place(ready.wanted)
    except RemoteError as error:
        with tenant(tenant_id):
            _failed(item, error)
        return
    with tenant(tenant_id):
        _done(item, answer)


def _prepare(tenant_id: int, item: OutboxItem) -> Ready | None:
    """Read everything again that the decision hangs on; None when it is settled without a call."""
    with tenant(tenant_id):
        found = buy_facts.load([item.subject_id])
        if not found:
            outbox.settle(item.id, "void", before=("ready",), reason="采购单不存在")
            return None
        if _told_of(item):
            return None
        # What we know already may stop it: then nobody has to be asked.
        if (ruling := _ruling(item, found[0], {})).verdict is not Verdict.GO:
            _stop(item, found[0], ruling)
            return None
    read = rereading.orders(tenant_id, [(o.shop_id, o.number) for o in found[0].orders])
    with tenant(tenant_id):
        [p] = buy_facts.load([item.subject_id]) if read else found
        ruling = _ruling(item, p, rereading.ages([o.id for o in p.orders]))
        if ruling.verdict is not Verdict.GO:
            _stop(item, p, ruling)
            return None
        if p.factory and (why := handing_over.why_not(p)):
            if outbox.settle(item.id, "refused", before=("ready",), reason=why):
                placing.refused(item, why)
            return None
        handed = handing_over.handed(item, p)
        wanted = wanted_of(item, p)
        if isinstance(wanted, str):
            _stop(item, p, Ruling(Verdict.HOLD, wanted))
            return None
    quoted = partial(_quote, tenant_id, item.connection_id, handed)
    try:
        quote = quoted(wanted)
    except Refused as no:
        if not (left := _at_fault(quoted, wanted, no)):
            raise
        with tenant(tenant_id):
            standing.lock([o.id for o in p.orders])
            [p] = buy_facts.load([item.subject_id])
            placing.without(item, p, left)
        return None
    return Ready(wanted, quote, p, replace(handed, numbers=quote.numbers) if handed else None)


def _quote(tenant_id: int, connection_id: UUID, handed: Handed | None, wanted: Wanted) -> Quote:
    return connect.ask(tenant_id, connection_id, lambda line: line.supplier(handed).quote(wanted))


def _at_fault(quoted: Callable[[Wanted], Quote], wanted: Wanted, no: Refused) -> list[LeftOut]:
    """Which of several goods a refused quote is about: those refused alone for the same reason.

    Empty where it is about all of them, or about none by itself (the address, sellers that do not go together).
    """
    found = []
    for line in wanted.lines if len(wanted.lines) > 1 else ():
        try:
            quoted(replace(wanted, lines=(line,)))
        except Refused as alone:
            if alone.code == no.code:
                found.append(LeftOut(line.offer_id, line.spec_id, alone.code, alone.said))
    return found if len(found) < len(wanted.lines) else []


def _told_of(item: OutboxItem) -> bool:
    """Whether the platform told of its order after the look-ups had not shown it: it is read, never placed again."""
    if not _numbers(item):
        return False
    return outbox.settle(
        item.id, "unknown", before=("ready",), reason="供应商平台说已经有这一单，正在核对", due_at=clock.now()
    )


def _numbers(item: OutboxItem) -> tuple[str, ...]:
    """The supplier's own order numbers, as far as we were told of them."""
    made = placements.by_reference(item.reference)
    return tuple(made.external_ids) if made else ()


def _ruling(item: OutboxItem, p: BuyPurchase, ages: dict[UUID, float]) -> Ruling:
    orders = [Standing(o.number, o.state, o.refund, o.holds, ages.get(o.id)) for o in p.orders]
    frozen = sorted({x.offer_ref for x in p.lines if x.frozen})
    return may_place(p.state, orders, frozen, _unlinked(item, p), p.supplier)


def _unlinked(item: OutboxItem, p: BuyPurchase) -> dict[str, str]:
    """Goods, by code, of which no offer of the platform is known: their price list names the supplier's own code."""
    platform = connect.platform_of(item.connection_id)
    # A factory's lines are the shop's own.
    names_one: Callable[[str], object] = bool if p.factory else connect.supplier_dialect(platform).offer_ref
    missing = sorted({x.sku_id for x in p.lines if not names_one(x.offer_ref)})
    return {s.code: f"{s.title} {s.spec}".strip() for s in goods.views(missing)} if missing else {}


def _money(item: OutboxItem, p: BuyPurchase, quote: Quote) -> Ruling:
    if quote.problems:
        return Ruling(Verdict.ASK, "；".join(quote.problems))
    today = clock.day_start(clock.business_day(clock.now()))
    approved = item.result.get("approved_fen")
    # What was refused since is not planned any more: its price leaves no room for the rest to rise.
    planned = min((x for x in (item.data.get("planned_fen"), p.planned_fen) if isinstance(x, int)), default=None)
    return may_spend(
        Money(
            planned_fen=planned,
            quoted_fen=quote.total_fen,
            margins=tuple(o.margin_fen for o in p.orders),
            floor_fen=settings.number("margin_floor_fen"),
            rise_allowed_fen=settings.number("cost_rise_fen"),
            spent_day_fen=buy_facts.spent_today(today),
            day_limit_fen=settings.number("spend_day_fen"),
            spent_supplier_fen=buy_facts.spent_today(today, p.supplier_id),
            supplier_limit_fen=settings.number("spend_supplier_day_fen"),
            approved_fen=approved if isinstance(approved, int) else None,
        )
    )


def _claim(tenant_id: int, item: OutboxItem, ready: Ready) -> bool:
    """Write the intent and commit: from here on this purchase is asked after, never repeated blindly.

    The orders are locked and judged once more, so that a refund that came in meanwhile is not missed.
    """
    terms = connect.buying(connect.platform_of(item.connection_id, tenant_id)).terms
    with tenant(tenant_id):
        standing.lock([o.id for o in ready.purchase.orders])
        [p] = buy_facts.load([item.subject_id])
        ruling = _ruling(item, p, {})
        if ruling.verdict is not Verdict.GO or p.lines != ready.purchase.lines:
            _stop(item, p, ruling)
            return False
        # Placings run beside each other: what this one and the day may cost is judged by one at a time.
        placements.one_at_a_time()
        ruling = _money(item, p, ready.quote)
        if ruling.verdict is not Verdict.GO:
            _stop(item, p, ruling, ready.quote)
            return False
        if ready.handed is not None:
            # By these it is asked after when the answer is lost.
            outbox.settle(item.id, "ready", before=("ready",), result={"numbers": list(ready.handed.numbers)})
        if not outbox.claim(item.id, visible_at=clock.now() + terms.visible_after):
            return False
        attempt = item.data.get("attempt")
        placements.intend(
            purchase_id=p.id, connection_id=item.connection_id, reference=item.reference,
            attempt=attempt if isinstance(attempt, int) else 1, quoted_fen=ready.quote.total_fen,
        )  # fmt: skip
        purchases.mark_sent([p.id])
        return True


def _stop(item: OutboxItem, p: BuyPurchase, ruling: Ruling, quote: Quote | None = None) -> None:
    """It is not placed now: dropped, held for a person, or looked at again soon."""
    if ruling.verdict is Verdict.DROP:
        outbox.settle(item.id, "void", before=("ready",), reason=ruling.reason)
        if p.state == "sent" and placements.of_purchases([p.id]):
            # It was claimed before and never placed: nothing of it is coming.
            placing.give_up(p, item.reference, ruling.reason)
        return
    if ruling.verdict is Verdict.ASK:
        # A sum that the supplier does not stand by is nothing to agree to, and nothing to measure another by.
        asked = quote.total_fen if quote and not quote.problems else None
        shown: dict[str, object] = {"quoted_fen": asked, "freight_fen": quote.freight_fen if quote else None}
        shown |= {"mend": ruling.mend, "things": list(ruling.things)}
        outbox.settle(item.id, "held", before=("ready",), reason=ruling.reason, result=shown)
        advance.settle([o.id for o in p.orders])
        return
    placing.wait(item, ruling.reason, LOOK_AGAIN)


# --- what came of it ---------------------------------------------------------------------------------------------


def _done(item: OutboxItem, answer: PlacedOrders) -> None:
    standing.lock(_order_ids(item))
    if not outbox.settle(
        item.id, "confirmed", before=("calling", "unknown"), result={"external_ids": list(answer.external_ids)}
    ):
        return
    placing.placed(item, Outcome(answer.external_ids, answer.total_fen, answer.freight_fen, answer.left_out))


def _order_ids(item: OutboxItem) -> list[UUID]:
    return purchases.orders_of([item.subject_id]).get(item.subject_id, [])


def _failed(item: OutboxItem, error: RemoteError) -> None:
    orders = _order_ids(item)
    standing.lock(orders)
    first = connect.buying(connect.platform_of(item.connection_id)).terms.ask_after[0]
    what = placing.failed(item, error, look_in=first)
    if what is Failed.UNKNOWN:
        placements.doubt(item.reference, error.text)
        history.write([Fact(i, "placing", f"下单 {item.reference} 没有应答，正在按我们的编号查证") for i in orders])
    elif what is Failed.REFUSED:
        placing.refused(item, error.text)


def ask(tenant_id: int, item: OutboxItem) -> None:
    """Its outcome is unknown: look for our reference at the supplier's platform, wait out its delay, look again.

    What a push told of is read by its own number while the look-ups do not show it yet.
    """
    with tenant(tenant_id):
        handed = next((handing_over.handed(item, p) for p in buy_facts.load([item.subject_id])), None)
        told = _numbers(item)
    seen = placing.look(
        tenant_id,
        item,
        lambda: connect.ask(tenant_id, item.connection_id, partial(_find, item.reference, told, handed)),
    )
    if seen is None:
        return
    found, by_number = seen
    with tenant(tenant_id):
        standing.lock(_order_ids(item))
        living = [o for o in found if o.state.value != "closed"]
        if told and not living:
            # It stood and is closed: its pieces were freed when that was read.
            outbox.settle(item.id, "confirmed", before=("unknown",), result={"external_ids": list(told)})
            return
        left = handing_over.left_out(handed, living)
        if left and by_number:
            # Others of the same placing may stand where no look-up shows them: nothing is freed for another supplier.
            outbox.asked(item.id, clock.now() + LOOK_AGAIN)
            return
        if living and not (left and _too_early(item)):
            ids = tuple(o.external_id for o in living)
            if outbox.settle(item.id, "confirmed", before=("unknown",), result={"external_ids": list(ids)}):
                placing.found(item, living, left)
            return
        _not_there(item)


def _find(
    reference: str, told: Sequence[str], handed: Handed | None, line: connect.Line
) -> tuple[list[SupplierOrder], bool]:
    """The orders under our reference; where none shows, those that we were told of, by number (True)."""
    supplier = line.supplier(handed)
    found = list(supplier.find(reference))
    return (found, False) if found else ([supplier.fetch(number) for number in told], bool(told))


def _too_early(item: OutboxItem) -> bool:
    """Whether what was asked for may be done and not be seen yet."""
    visible_at = outbox.visible_at(item.id)
    return visible_at is not None and clock.now() < visible_at


def _not_there(item: OutboxItem) -> None:
    terms = connect.buying(connect.platform_of(item.connection_id)).terms
    asks = item.asks + 1
    if asks < len(terms.ask_after) or _too_early(item):
        outbox.asked(item.id, clock.now() + terms.ask_after[min(asks, len(terms.ask_after) - 1)])
        return
    orders = _order_ids(item)
    if terms.findable and bool(settings.get_all()["repeat_after_not_found"]):
        reason = f"按编号 {item.reference} 查了 {asks} 次都没有，用同一编号再下单"
        outbox.settle(item.id, "ready", before=("unknown",), reason=reason, due_at=clock.now())
    else:
        reason = f"按编号 {item.reference} 查不到，请到供应商平台核对后决定"
        outbox.settle(item.id, "person", before=("unknown",), reason=reason)
        advance.settle(orders)
    history.write([Fact(i, "placing", reason) for i in orders])


def lost(item: OutboxItem) -> None:
    """Whoever claimed it died: its outcome is unknown, and asked after at once."""
    if outbox.settle(item.id, "unknown", before=("calling",), reason="下单途中程序中断，正在查证", due_at=clock.now()):
        placements.doubt(item.reference, "程序中断")


def approve(outbox_id: UUID, *, by_name: str) -> str:
    """A person accepts the price that stopped it: it goes on up to that price."""
    item = outbox.get(outbox_id, lock=True)
    fen = item.result.get("quoted_fen")
    result = {"approved_fen": fen, "approved_by": by_name}
    outbox.settle(item.id, "ready", before=("held",), reason="", result=result, due_at=clock.now())
    said = f"{by_name} 同意按 {format_yuan(fen)} 下单" if isinstance(fen, int) else f"{by_name} 同意下单"
    history.write([Fact(i, "placing", said) for i in _order_ids(item)])
    advance.settle(_order_ids(item))
    return said
