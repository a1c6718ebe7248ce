"""A seller's memo and flag that a person wrote here, told to the shop's platform; of several writings the last wins.

Telling it twice leaves what telling it once leaves, so that a doubtful outcome is looked up once and told again.
"""

from __future__ import annotations

from daifa.areas.mailroom.services import outbox
from daifa.areas.mailroom.types import OutboxItem
from daifa.areas.orders.services import history, memos, standing
from daifa.areas.orders.services.history import Fact
from daifa.areas.orders.services.memos import Written
from daifa.base.tenancy import tenant
from daifa.flows import advance, connect, placing, rereading
from daifa.flows.placing import Failed
from daifa.kit import clock, log
from daifa.kit.errors import AppError
from daifa.ports.errors import RemoteError
from daifa.reads import order_bonds

KIND = "memo"
OVERTAKEN = "后来又改了，以最后一次为准"
_log = log.get("daifa.write_memo")


def do(tenant_id: int, item: OutboxItem) -> None:
    """Tell one writing whose turn it is."""
    with tenant(tenant_id):
        wanted = _wanted(item)
        if wanted is None:
            outbox.settle(item.id, "void", before=("ready",), reason=OVERTAKEN)
            return
    # A flag alone is told with the memo as it is now: what somebody wrote there meanwhile must not be lost.
    if wanted.text is None and not _read(tenant_id, item):
        return
    with tenant(tenant_id):
        standing.lock([item.subject_id])
        wanted = _wanted(item)
        if wanted is None:
            outbox.settle(item.id, "void", before=("ready",), reason=OVERTAKEN)
            return
        text = memos.platform_memo(item.subject_id) if wanted.text is None else wanted.text
        visible = connect.terms_of(connect.platform_of(item.connection_id)).visible_after
        if not outbox.claim(item.id, visible_at=clock.now() + visible):
            return
    try:
        with connect.use(tenant_id, item.connection_id, outbox_id=item.id, attempt=item.tries + 1) as line:
            line.shop().memo(item.reference, text, wanted.flag)
    except RemoteError as error:
        with tenant(tenant_id):
            standing.lock([item.subject_id])
            if placing.failed(item, error) is Failed.REFUSED:
                _tell(item, f"平台没有接受备注：{error.text}")
        return
    with tenant(tenant_id):
        standing.lock([item.subject_id])
        if outbox.settle(item.id, "confirmed", before=("calling", "unknown")):
            _tell(item, "备注已写回平台")
    _read_back(tenant_id, item)


def _wanted(item: OutboxItem) -> Written | None:
    """What is to be told; None when somebody wrote again since."""
    found = memos.last(item.subject_id)
    return found if found is not None and found.n == item.data.get("n") else None


def _read(tenant_id: int, item: OutboxItem) -> bool:
    """Read the order as it is now; False when it cannot be read, and the writing waits."""
    return placing.first(tenant_id, item, lambda: _reread(tenant_id, item)) is not None


def _reread(tenant_id: int, item: OutboxItem) -> int:
    with tenant(tenant_id):
        shop_id, _ = order_bonds.shop_of(item.subject_id)
    return rereading.orders(tenant_id, [(shop_id, item.reference)], always=True)


def _read_back(tenant_id: int, item: OutboxItem) -> None:
    try:
        _reread(tenant_id, item)
    except (RemoteError, AppError) as error:
        _log.info("write_memo.read_back.later", error=type(error).__name__)


def _tell(item: OutboxItem, text: str) -> None:
    history.write([Fact(item.subject_id, "memo", text, by="api")])
    advance.settle([item.subject_id])


def ask(tenant_id: int, item: OutboxItem) -> None:
    """Was it taken? The order says so; what it does not show is told again."""
    if placing.look(tenant_id, item, lambda: _reread(tenant_id, item)) is None:
        return
    with tenant(tenant_id):
        standing.lock([item.subject_id])
        wanted = _wanted(item)
        if wanted is None:
            outbox.settle(item.id, "ready", before=("unknown",), reason=OVERTAKEN)
            outbox.settle(item.id, "void", before=("ready",), reason=OVERTAKEN)
            return
        same_flag = wanted.flag in ("", order_bonds.flag_of(item.subject_id))
        if same_flag and (wanted.text is None or memos.platform_memo(item.subject_id) == wanted.text):
            if outbox.settle(item.id, "confirmed", before=("unknown",), reason="平台已有这条备注"):
                _tell(item, "备注已写回平台")
            return
        placing.tell_again(item, "平台还没有这条备注，再写一次")
