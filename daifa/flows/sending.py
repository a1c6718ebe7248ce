"""To the supplier: sheets, links and texts made from draft purchases; sent at first taking; 重发 only on purpose."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from uuid import UUID

from daifa.areas.accounts.services import settings
from daifa.areas.mailroom.services import files, tasks
from daifa.areas.orders.services import history
from daifa.areas.orders.services.history import Fact
from daifa.areas.purchasing.services import amendments, dispatches, purchases, suppliers
from daifa.areas.purchasing.services.dispatches import DispatchRow
from daifa.base import audit
from daifa.base.actor import Actor
from daifa.flows import advance, sending_views, supplier_links
from daifa.flows.sending_views import Made, Stays
from daifa.kit import clock
from daifa.kit.errors import Conflict, Invalid, NotAllowed
from daifa.kit.values import dataclass
from daifa.reads import dispatch_facts, sending_board

PURPOSE = "sheet"


@dataclass(frozen=True, slots=True)
class Sent:
    """One supplier's sending: its file (sheet or text) or its link, and what stayed with the reason."""

    dispatch_id: UUID
    supplier_id: UUID
    supplier: str
    channel: str
    run: str
    version: int
    order_ids: frozenset[UUID]
    pieces: int
    file_id: UUID | None
    file_name: str
    link: str
    stays: tuple[Stays, ...]

    @property
    def orders(self) -> int:
        """How many orders are in it."""
        return len(self.order_ids)


@dataclass(frozen=True, slots=True)
class SentAll:
    """全部发送: every supplier's sending, the one zip with their files, and what stayed."""

    sent: tuple[Sent, ...]
    stays: tuple[Stays, ...]
    zip_id: UUID | None
    zip_name: str
    message: str


def prepare(*, by: Actor, supplier_id: UUID, purchase_ids: Sequence[UUID]) -> tuple[Sent | None, tuple[Stays, ...]]:
    """Freeze the sending of draft purchases to one supplier, ready to be taken; None when none can go out."""
    by.need_supplier(supplier_id)
    run = dispatches.next_run(supplier_id, clock.business_day(clock.now()))
    made = sending_views.make(supplier_id, purchase_ids, run=run)
    if not made.purchase_ids:
        return None, made.stays
    return _keep(by, made, run=run, version=1, resend=False), made.stays


def _keep(by: Actor, made: Made, *, run: str, version: int, resend: bool) -> Sent:
    keep = settings.number("keep_file_days")
    # A link shows its list live; the sheet is stored as what was shown on that day.
    stored = files.store(by=by, data=made.data, name=made.file_name, purpose=PURPOSE, direction="out", keep_days=keep)
    row = dispatches.create(
        supplier_id=made.supplier_id,
        run=run,
        version=version,
        channel=made.channel,
        purchase_ids=made.purchase_ids,
        file_id=stored.id,
        resend=resend,
    )
    link = supplier_links.ensure(by=by, supplier_id=made.supplier_id).token if made.channel == "link" else ""
    return Sent(
        row.id, made.supplier_id, made.name, made.channel, run, version, made.order_ids, made.pieces, stored.id,
        stored.name, link, made.stays,
    )  # fmt: skip


def _mine(dispatch_id: UUID, by: Actor) -> DispatchRow:
    """A sending whose whole content is within somebody's scope, locked. Raises NotFound, NotAllowed."""
    row = dispatches.get(dispatch_id, lock=True)
    by.need_supplier(row.supplier_id)
    if not sending_board.may_take(by, dispatch_id):
        raise NotAllowed("sending_out_of_scope", "这次发送里有别的店铺的订单，不在您的数据范围内。")
    return row


def take(*, by: Actor, dispatch_id: UUID) -> DispatchRow:
    """First download, copy or opening of a sending marks it and its purchases sent; later ones change nothing."""
    row = _mine(dispatch_id, by)
    bought = dispatches.mark_sent(dispatch_id, by_name=by.name)
    if bought is None:
        return row
    purchases.mark_sent(bought)
    name = suppliers.get(row.supplier_id).name
    how = {"sheet": "表格", "link": "链接", "text": "文本"}[row.channel]
    mark = f"（重发，第 {row.version} 版）" if row.resend else ""
    orders = purchases.orders_of(bought)
    numbers = {p.id: p.number for p in dispatch_facts.load(bought)}
    facts = [
        Fact(order, "sent", f"{numbers[p]} 用{how}发给 {name}{mark}", by=by.key, by_name=by.name, file_id=row.file_id)
        for p, listed in orders.items()
        for order in listed
    ]
    history.write(facts)
    advance.settle(sorted({f.order_id for f in facts}))
    audit.record(
        by, "purchasing.send", f"发给 {name} {len(bought)} 张采购单，批次 {row.run}{mark}", kind="dispatch",
        object_id=row.id,
    )  # fmt: skip
    return dispatches.get(dispatch_id)


def send(*, by: Actor, supplier_ids: Sequence[UUID] | None = None) -> SentAll:
    """全部发送: the drafts of these suppliers (of all) go out as one deed. Raises Invalid when nothing can go out."""
    wanted = supplier_ids if by.suppliers is None or supplier_ids is not None else sorted(by.suppliers)
    sent, stays = list[Sent](), list[Stays]()
    for supplier_id, purchase_ids in dispatches.drafts(wanted, shops=by.shops).items():
        made, left = prepare(by=by, supplier_id=supplier_id, purchase_ids=purchase_ids)
        stays += left
        if made is not None:
            take(by=by, dispatch_id=made.dispatch_id)
            sent.append(made)
    if not sent:
        why = f"{stays[0].number}：{stays[0].reason}" if stays else "没有待发送的采购单，请先派单"
        raise Invalid("nothing_to_send", f"没有可以发送的采购单。{why}")
    orders, pieces = len(frozenset[UUID]().union(*(s.order_ids for s in sent))), sum(s.pieces for s in sent)
    left_words = f"，{len(stays)} 张采购单没有发出" if stays else ""
    message = f"{len(sent)} 家供应商的 {orders} 单 {pieces} 件已备好，请转发给他们{left_words}"
    zipped = _zip(by, sent)
    if zipped:
        result = {"succeeded": len(sent), "failed": len(stays), "message": message}
        tasks.record(by=by, kind="export", title=zipped[1], file_id=zipped[0], result=result, link="/send")
    return SentAll(
        sent=tuple(sent),
        stays=tuple(stays),
        zip_id=zipped[0] if zipped else None,
        zip_name=zipped[1] if zipped else "",
        message=message,
    )


def _zip(by: Actor, sent: Sequence[Sent]) -> tuple[UUID, str] | None:
    named = [s for s in sent if s.file_id is not None]
    if not named:
        return None
    out = io.BytesIO()
    taken: set[str] = set()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for one in named:
            assert one.file_id is not None
            name = one.file_name if one.file_name not in taken else f"{one.run}-{one.file_name}"
            taken.add(name)
            archive.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), files.content(one.file_id))
    day = clock.business_day(clock.now())
    name = f"发给供应商-{day:%Y%m%d}-{len(named)}家.zip"
    keep = settings.number("keep_file_days")
    stored = files.store(by=by, data=out.getvalue(), name=name, purpose=PURPOSE, direction="out", keep_days=keep)
    return stored.id, name


def resend(*, by: Actor, dispatch_id: UUID, purchase_ids: Sequence[UUID] | None = None) -> Sent:
    """重发: the lines of an earlier sending (or some of its purchases) in a new version, marked so in the sheet.

    Open changes of address, quantity or goods travel with it. Raises Conflict when nothing of it is still to ship.
    """
    before = _mine(dispatch_id, by)
    if before.state != "sent":
        raise Conflict("not_sent_yet", "这一批还没有发送过，不用重发。")
    ids = dispatches.purchases_of(dispatch_id, only_live=True)
    if purchase_ids is not None:
        ids = [i for i in ids if i in set(purchase_ids)]
    if not ids:
        raise Conflict("nothing_left", "这一批已经全部发货或取消，没有要重发的。")
    version = dispatches.next_version(before.supplier_id, before.run)
    made = sending_views.make(before.supplier_id, ids, run=before.run, version=version, resend=True)
    if not made.purchase_ids:
        raise Conflict("nothing_left", f"没有可以重发的：{made.stays[0].reason}")
    sent = _keep(by, made, run=before.run, version=version, resend=True)
    take(by=by, dispatch_id=sent.dispatch_id)
    if sent.file_id is not None:
        result = {"succeeded": sent.orders, "message": f"重发给 {sent.supplier} {sent.orders} 单，第 {version} 版"}
        tasks.record(by=by, kind="export", title=sent.file_name, file_id=sent.file_id, result=result, link="/send")
    amendments.told(made.purchase_ids)
    return sent


def content(*, by: Actor, dispatch_id: UUID) -> tuple[bytes, str]:
    """The file of a sending, for its first or any later download (marks the first)."""
    row = take(by=by, dispatch_id=dispatch_id)
    if row.file_id is None:
        raise Invalid("no_file", "这次发送没有文件。")
    stored = files.get(row.file_id)
    audit.record(by, "purchasing.download", f"下载 {stored.name}", kind="dispatch", object_id=row.id)
    return files.content(row.file_id), stored.name
