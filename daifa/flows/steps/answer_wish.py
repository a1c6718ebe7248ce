"""The answer to a buyer's wish to move, told to the shop's platform once; after a yes the order is read again.

The platform does not show in the order that a wish was refused. A lost yes is looked up in the order's receiver; a
lost no, and a yes that the order does not show, are told again: the same answer twice changes nothing more.
"""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from daifa.areas.mailroom.services import outbox
from daifa.areas.mailroom.types import OutboxItem
from daifa.areas.orders.services import history, recipients, standing, wishes
from daifa.areas.orders.services.history import Fact
from daifa.base.actor import SYSTEM
from daifa.base.tenancy import tenant
from daifa.flows import advance, api_intake, connect, order_files, placing
from daifa.flows.placing import LOOK_AGAIN, Failed
from daifa.kit import clock, log
from daifa.kit.errors import AppError
from daifa.ports.errors import RemoteError
from daifa.ports.shop import Recipient
from daifa.ports.shop_api import Feed

KIND = "answer_wish"
_log = log.get("daifa.answer_wish")


def do(tenant_id: int, item: OutboxItem) -> None:
    """Tell one answer whose turn it is."""
    if not _read(tenant_id, item):
        return
    with tenant(tenant_id):
        standing.lock([_order(item)])
        if wishes.get(item.subject_id).state != "open":
            outbox.settle(item.id, "void", before=("ready",), reason="这个申请不用答复了")
            return
        visible = connect.terms_of(connect.platform_of(item.connection_id)).visible_after
        if not outbox.claim(item.id, visible_at=clock.now() + visible):
            return
    approved = bool(item.data.get("approved"))
    try:
        with connect.use(tenant_id, item.connection_id, outbox_id=item.id, attempt=item.tries + 1) as line:
            line.shop().answer_address(item.reference, approved, str(item.data.get("code") or ""))
    except RemoteError as error:
        with tenant(tenant_id):
            standing.lock([_order(item)])
            if placing.failed(item, error) is Failed.REFUSED:
                _tell(item, f"平台没有接受改地址的答复：{error.text}")
        return
    with tenant(tenant_id):
        standing.lock([_order(item)])
        outbox.settle(item.id, "confirmed", before=("calling", "unknown"))
        _done(item)
    if approved:
        _read_back(tenant_id, item)


def _order(item: OutboxItem) -> UUID:
    assert item.order_id is not None
    return item.order_id


def _read(tenant_id: int, item: OutboxItem) -> bool:
    """Read the order right before answering for it; False when it cannot be read, and the answer waits."""
    missing = placing.first(tenant_id, item, lambda: _fetch(tenant_id, item))
    if missing:
        placing.postpone(tenant_id, item, "平台上查不到这个订单", LOOK_AGAIN)
    return missing is not None and not missing


def _fetch(tenant_id: int, item: OutboxItem) -> list[str]:
    return api_intake.fetch(tenant_id, item.connection_id, Feed.ORDERS, [item.reference], via="pull")


def _done(item: OutboxItem) -> None:
    approved = bool(item.data.get("approved"))
    by_name = str(item.data.get("by_name") or "")
    wishes.end(item.subject_id, "agreed" if approved else "refused", "", by_name=by_name)
    _tell(item, "已同意买家改地址，平台按新地址" if approved else "已拒绝买家改地址，按原地址发")


def _tell(item: OutboxItem, text: str) -> None:
    history.write([Fact(_order(item), "wish", text, by="api")])
    advance.settle([_order(item)])


def _read_back(tenant_id: int, item: OutboxItem) -> None:
    """The new address comes into the books; suppliers that have the order are told that it changed."""
    try:
        _fetch(tenant_id, item)
    except (RemoteError, AppError) as error:
        _log.info("answer_wish.read_back.later", error=type(error).__name__)
    with tenant(tenant_id):
        if order_files.tell_address(by=SYSTEM, order_id=_order(item), number=item.reference):
            _tell(item, "供应商已有这一单，请到“发给供应商”通知新地址")


def ask(tenant_id: int, item: OutboxItem) -> None:
    """Was it taken? A yes shows in the order's receiver; what does not show is told again."""
    found = placing.look(tenant_id, item, lambda: _fetch(tenant_id, item))
    if found is None:
        return
    with tenant(tenant_id):
        standing.lock([_order(item)])
        wish = wishes.get(item.subject_id)
        there = recipients.open_for_sending([_order(item)])
        moved = same_place(wishes.opened(wish.id), there[_order(item)].recipient)
        if wish.state != "open" or (item.data.get("approved") and moved):
            if outbox.settle(item.id, "confirmed", before=("unknown",), reason="平台已有结果") and wish.state == "open":
                _done(item)
                order_files.tell_address(by=SYSTEM, order_id=_order(item), number=item.reference)
            return
        placing.tell_again(item, "平台上看不出结果，再答复一次")


def same_place(wished: Recipient, there: Recipient) -> bool:
    """Whether an order goes where the buyer wished, as far as both texts (perhaps masked) tell."""
    parts = ("name", "phone", "province", "city", "district")
    return all(getattr(wished, p) == getattr(there, p) for p in parts) and _agree(wished.address, there.address)


def _agree(wished: str, there: str) -> bool:
    """A detail that one side does not show, or shows in part only, does not speak against it."""
    shown = (t.split("*", 1)[0] for t in (wished, there))
    one, other = shown
    return one.startswith(other) or other.startswith(one)


def data_of(*, approved: bool, code: str, by_name: str) -> Mapping[str, object]:
    """What the outbox keeps of an answer."""
    return {"approved": approved, "code": code, "by_name": by_name}
