"""The supplier's page without account: the secret in its address leads to one supplier of one company."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from daifa.areas.accounts.services import doors
from daifa.areas.logistics.rules.answering import NO_NUMBER, answer_of
from daifa.areas.orders.services import recipients
from daifa.areas.purchasing.rules.dispatch_view import RenderedSheet
from daifa.areas.purchasing.rules.numbers import spelled_out
from daifa.areas.purchasing.rules.sheet_documents import sheet_form_of
from daifa.areas.purchasing.rules.sheet_rendering import full_address, render
from daifa.areas.purchasing.services import dispatches, links, suppliers
from daifa.base.actor import Actor
from daifa.base.tenancy import tenant
from daifa.flows import recalling, sending_views, supplier_links, tracking_desk, tracking_files
from daifa.kit.errors import NotFound
from daifa.kit.tabular import Table, write_csv, write_xlsx
from daifa.kit.values import dataclass
from daifa.ports.shop import RecipientState
from daifa.reads import dispatch_facts, portal_list
from daifa.reads.portal_list import PortalLine

MISSES, DEEDS = 40, 600
_WAITING = frozenset({"open", "accepted", "part_shipped"})


@dataclass(frozen=True, slots=True)
class Visit:
    """Who came through a link."""

    link_id: UUID
    supplier_id: UUID
    supplier: str
    expires_at: datetime
    actor: Actor


@dataclass(frozen=True, slots=True)
class To:
    """Who receives a purchase: plain where it may be written down, else how it leaves (``instead``)."""

    purchase_id: UUID
    name: str
    phone: str
    address: str
    instead: str


@dataclass(frozen=True, slots=True)
class Back:
    """What a supplier wrote that cannot be used (its lines), and why, with what to do."""

    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Handed:
    """What became of typed numbers, in words; and what goes back to be mended."""

    message: str
    back: tuple[Back, ...]


@dataclass(frozen=True, slots=True)
class Today:
    """The supplier's page."""

    merchant: str
    supplier: str
    expires_at: datetime
    lines: tuple[PortalLine, ...]
    to: tuple[To, ...]


@contextmanager
def visit(token: str, address: str) -> Iterator[Visit]:
    """Inside the company that a link leads to, in one transaction. Raises NotFound, TooMany.

    An unknown, expired, revoked or foreign link answers alike: nobody learns which of them it was.
    """
    doors.check(f"link:{address}", limit=MISSES)
    door = doors.where(supplier_links.DOOR, token)
    if door is None:
        doors.note(f"link:{address}")
        raise NotFound("link_closed", "这个链接已过期或已停用，请联系商家要新的链接。")
    number, link_id = door
    with tenant(number):
        supplier_id, expires_at = links.enter(link_id)
        name = suppliers.get(supplier_id).name
        actor = Actor(
            key=f"supplier:{supplier_id}",
            name=f"{name}（链接）",
            suppliers=frozenset({supplier_id}),
            address=address,
            via="link",
        )
        yield Visit(link_id, supplier_id, name, expires_at, actor)


def today(who: Visit) -> Today:
    """The list, with recipients of what is to be packed; the opening is counted."""
    links.opened(who.link_id)
    dispatches.opened(who.supplier_id)
    found = portal_list.lines(who.supplier_id)
    return Today(sending_views.merchant(), who.supplier, who.expires_at, tuple(found), tuple(_recipients(found)))


def _recipients(found: Sequence[PortalLine]) -> list[To]:
    by_purchase = {x.purchase_id: x for x in found}
    opened = recipients.open_for_sending(sorted({x.order_id for x in found}))
    made = []
    for purchase_id, line in by_purchase.items():
        person = opened.get(line.order_id)
        if line.handover:
            made.append(To(purchase_id, "", "", "", "厂家代打，凭单号打单发货"))
        elif person is None or person.recipient.state is not RecipientState.PLAIN:
            made.append(To(purchase_id, "", "", "", "收件人请联系商家"))
        else:
            to = person.recipient
            made.append(To(purchase_id, to.name, to.phone, full_address(to), ""))
    return made


def answer(who: Visit, *, line_ids: Sequence[UUID] | None, answer: str, words: str) -> int:
    """Accept, refuse with a reason, or out of stock: named lines, or all that still wait for an answer."""
    doors.count(f"link-deed:{who.link_id}", limit=DEEDS)
    if line_ids is None:
        found = portal_list.lines(who.supplier_id)
        wanted = [x.id for x in found if x.state == "open" and x.purchase_state != "recalling"]
    else:
        wanted = list(dict.fromkeys(line_ids))
        if set(wanted) != portal_list.owned(wanted, who.supplier_id):
            raise NotFound("no_such_line", "有的商品行已经不在了，请刷新后再试。")
    if not wanted:
        return 0
    return recalling.answer(by=who.actor, line_ids=wanted, answer=answer, words=words)


def answer_recall(who: Visit, *, purchase_id: UUID, agreed: bool, words: str) -> str:
    """The supplier's word about a recall."""
    doors.count(f"link-deed:{who.link_id}", limit=DEEDS)
    if purchase_id not in {x.purchase_id for x in portal_list.lines(who.supplier_id)}:
        raise NotFound("no_such_purchase", "没有这张采购单。")
    recalling.recall_answered(by=who.actor, purchase_id=purchase_id, agreed=agreed, words=words)
    return "已告诉商家：可以追回" if agreed else "已告诉商家：不能追回"


def answer_changes(who: Visit, *, purchase_id: UUID, taken: bool, words: str) -> str:
    """The supplier's word about what changed after sending."""
    doors.count(f"link-deed:{who.link_id}", limit=DEEDS)
    if purchase_id not in {x.purchase_id for x in portal_list.lines(who.supplier_id)}:
        raise NotFound("no_such_purchase", "没有这张采购单。")
    n = recalling.changes_answered(by=who.actor, purchase_id=purchase_id, taken=taken, words=words)
    return f"已告诉商家：{n} 处变更{'按新的发' if taken else '来不及了'}"


def track(who: Visit, text: str) -> Handed:
    """Tracking numbers typed or pasted by the supplier; what is beyond doubt counts at once, what is doubtful waits for
    us, what cannot be used goes back with the reason."""
    doors.count(f"link-deed:{who.link_id}", limit=DEEDS)
    waiting = [x.number for x in portal_list.lines(who.supplier_id) if x.state in _WAITING]
    clear, unclear = spelled_out(text, waiting)
    back = {line: f"可能是 {'、'.join(meant)}。请在前面写上完整的采购单号。" for line, meant in unclear.items()}
    if unclear and not clear.strip():
        return _handed(["✔ 对上了 0"], back)
    _, outcome = tracking_desk.paste(clear, by=who.actor, supplier_id=who.supplier_id)
    back |= dict.fromkeys(outcome.numberless, NO_NUMBER)
    for wrong in outcome.wrong:
        back.setdefault(wrong.claims[0].said, answer_of(wrong))
    said = [f"✔ 对上了 {outcome.parcels}"]
    said += [f"已登记过 {outcome.repeated}"] if outcome.repeated else []
    said += [f"交给商家核对 {outcome.doubtful}"] if outcome.doubtful else []
    return _handed(said, back)


def _handed(said: Sequence[str], back: Mapping[str, str]) -> Handed:
    told = [*said, f"要您改 {len(back)}"] if back else said
    return Handed(" · ".join(told), tuple(Back(line, why) for line, why in back.items()))


def track_file(who: Visit, name: str, data: bytes) -> str:
    """The supplier's own file of tracking numbers, as beyond doubt or not as what they type."""
    doors.count(f"link-deed:{who.link_id}", limit=DEEDS)
    return tracking_files.take_of_supplier(by=who.actor, supplier_id=who.supplier_id, name=name, data=data)


def sheet(who: Visit) -> tuple[bytes, str]:
    """What is still to ship, as a sheet in the supplier's own format."""
    doors.count(f"link-deed:{who.link_id}", limit=DEEDS)
    found = portal_list.lines(who.supplier_id)
    # What is being asked back must not be packed meanwhile.
    waiting = {x.purchase_id for x in found if x.state in {"open", "accepted"} and x.purchase_state != "recalling"}
    view = sending_views.view_of(who.supplier, dispatch_facts.load(sorted(waiting)))
    form = sheet_form_of(suppliers.sheet_format(who.supplier_id))
    made: RenderedSheet = render(form, view)
    table = Table(made.name, made.header, made.rows, made.titles)
    data = write_csv(table, encoding=form.encoding) if form.file_type == "csv" else write_xlsx([table])
    return data, f"{sending_views.merchant()}-待发货-{view.on:%Y%m%d}.{form.file_type}"
