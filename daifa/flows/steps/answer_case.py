"""A person's answer to an after-sale case, told to the shop's platform once and read back.

The case is read again right before the call: an answer is for the case as the person saw it. After a lost answer the
case itself says whether it was taken; it is told again only when the platform shows it as it was.
"""

from __future__ import annotations

from collections.abc import Mapping

from daifa.areas.mailroom.services import outbox
from daifa.areas.mailroom.types import OutboxItem
from daifa.areas.orders.services import history, standing
from daifa.areas.orders.services.history import Fact
from daifa.areas.support.services import cases
from daifa.areas.support.services.cases import CaseView
from daifa.base.tenancy import tenant
from daifa.flows import advance, api_intake, connect, placing
from daifa.flows.placing import Failed
from daifa.kit import clock, log
from daifa.kit.errors import AppError
from daifa.ports.errors import RemoteError
from daifa.ports.shop_api import Direction, Feed
from daifa.reads import aftersales_desk

KIND = "answer_case"
WORDS = {Direction.AGREE: "同意", Direction.REFUSE: "拒绝"}
_log = log.get("daifa.answer_case")


def seen_of(case: CaseView) -> str:
    """What an answer is given to: how the case stood before the person's eyes."""
    return f"{case.state}|{case.platform_state}|{case.amount_fen}"


def do(tenant_id: int, item: OutboxItem) -> None:
    """Tell one answer whose turn it is."""
    case = _read(tenant_id, item)
    if case is None:
        return
    with tenant(tenant_id):
        _lock(case)
        if seen_of(case) != item.data.get("seen"):
            outbox.settle(item.id, "void", before=("ready",), reason="售后单变了，请看过再答复")
            _tell(item, f"售后单 {case.external_id} 在平台上变成了“{case.platform_state}”，答复没有发出")
            return
        shows_after = connect.terms_of(connect.platform_of(item.connection_id)).visible_after
        if not outbox.claim(item.id, visible_at=clock.now() + shows_after):
            return
    told = item.data.get("details")
    details = {str(k): str(v) for k, v in told.items()} if isinstance(told, Mapping) else {}
    direction = Direction(str(item.data.get("direction")))
    try:
        with connect.use(tenant_id, item.connection_id, outbox_id=item.id, attempt=item.tries + 1) as line:
            line.shop().answer_refund(case.external_id, direction, details)
    except RemoteError as error:
        with tenant(tenant_id):
            _lock(case)
            _failed(item, error)
        return
    with tenant(tenant_id):
        _lock(case)
        if outbox.settle(item.id, "confirmed", before=("calling", "unknown")):
            _tell(item, f"售后单 {case.external_id} 已在平台{WORDS[direction]}")
    _read_back(tenant_id, item)


def _lock(case: CaseView) -> None:
    if case.order_id is not None:
        standing.lock([case.order_id])


def _read(tenant_id: int, item: OutboxItem) -> CaseView | None:
    missing = placing.first(
        tenant_id,
        item,
        lambda: api_intake.fetch(tenant_id, item.connection_id, Feed.REFUNDS, [item.reference], via="pull"),
    )
    if missing is None:
        return None
    with tenant(tenant_id):
        if missing:
            outbox.settle(item.id, "void", before=("ready",), reason="平台上没有这个售后单了")
            return None
        return cases.get(item.subject_id)


def _read_back(tenant_id: int, item: OutboxItem) -> None:
    """The platform's own word counts: case and order are read again."""
    with tenant(tenant_id):
        number = aftersales_desk.order_number(item.subject_id)
    try:
        api_intake.fetch(tenant_id, item.connection_id, Feed.REFUNDS, [item.reference], via="pull")
        if number:
            api_intake.fetch(tenant_id, item.connection_id, Feed.ORDERS, [number], via="pull")
    except (RemoteError, AppError) as error:
        _log.info("answer_case.read_back.later", error=type(error).__name__)


def _failed(item: OutboxItem, error: RemoteError) -> None:
    if placing.failed(item, error) is Failed.REFUSED:
        _tell(item, f"平台没有接受售后单 {item.reference} 的答复：{error.text}")


def _tell(item: OutboxItem, text: str) -> None:
    if item.order_id is not None:
        history.write([Fact(item.order_id, "aftersale", text, by="api")])
        advance.settle([item.order_id])


def ask(tenant_id: int, item: OutboxItem) -> None:
    """Was it taken? The case says so; while it stands as before, and long enough, it is told again."""
    found = placing.look(
        tenant_id,
        item,
        lambda: api_intake.fetch(tenant_id, item.connection_id, Feed.REFUNDS, [item.reference], via="pull"),
    )
    if found is None:
        return
    with tenant(tenant_id):
        case = cases.get(item.subject_id)
        _lock(case)
        if seen_of(case) != item.data.get("seen"):
            if outbox.settle(item.id, "confirmed", before=("unknown",), reason=f"平台显示：{case.platform_state}"):
                _tell(item, f"售后单 {case.external_id} 平台显示“{case.platform_state}”")
            return
        placing.tell_again(item, "查过没有变，再答复一次")
