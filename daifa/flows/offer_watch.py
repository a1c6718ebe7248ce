"""Suppliers' offers by API: read when somebody links one, and again by themselves; changed options freeze links."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.conf import settings as installation

from daifa.areas.accounts.services import settings
from daifa.areas.purchasing.services import linking, suppliers
from daifa.areas.purchasing.services.suppliers import SupplierOut
from daifa.base import lanes
from daifa.base.jobs import tenant_task
from daifa.base.tenancy import tenant
from daifa.flows import connect, supply_moved
from daifa.flows.connect import Line
from daifa.kit import clock, log
from daifa.kit.errors import AppError, Conflict
from daifa.ports.errors import NotThere, RemoteError
from daifa.ports.supplier_api import SupplierOffer
from daifa.reads import offer_desk

EVERY = timedelta(hours=1)
READ_AT = "offers_read_at"
_log = log.get("daifa.offer_watch")


def read(tenant_id: int, supplier_id: UUID, offer_id: str, *, asked: bool = False) -> list[UUID]:
    """Read one offer now and keep it; returns the SKUs whose supply changed.

    Raises RemoteError, Conflict (no authorisation; when a person ``asked`` also: the offer is another seller's).
    """
    with tenant(tenant_id):
        row = suppliers.get(supplier_id)
    if row.connection_id is None:
        raise Conflict("no_connection", f"{row.name} 没有接口授权。")
    offer = connect.ask(tenant_id, row.connection_id, partial(_offer, offer_id))
    with tenant(tenant_id):
        if asked:
            _sold_by(row, offer)
        return linking.keep(supplier_id, offer)


def _sold_by(row: SupplierOut, offer: SupplierOffer) -> None:
    """Raises Conflict where we know whom the platform calls this supplier, and the offer is somebody else's."""
    known = {row.account.casefold()} if row.account else {s.casefold() for s in linking.sellers_of(row.id)}
    if known and offer.seller_ids and known.isdisjoint(s.casefold() for s in offer.seller_ids):
        told = f"这个货源是“{offer.seller}”卖的，不是 {row.name}。请到卖它的供应商下面关联；"
        raise Conflict("other_seller", told + "如果是同一家换了账号，先在供应商资料里改“他在平台上的账号”。")


def _offer(offer_id: str, line: Line) -> SupplierOffer:
    return line.supplier().offer(offer_id)


@tenant_task("offers.watch", queue="outside")
def watch(*, tenant_id: int) -> None:
    """Read linked offers again, several at once, what sells more often; what cannot be read now stays as it is."""
    with tenant(tenant_id):
        pairs = [offer_desk.to_watch(clock.now(), EVERY)]
        settings.note(READ_AT, clock.now().isoformat())
    lanes.work(
        lambda: pairs.pop() if pairs else (),
        partial(_watched, tenant_id),
        of=lambda p: p,
        lanes=installation.DEED_LANES,
    )


def _watched(tenant_id: int, pair: tuple[UUID, str]) -> None:
    supplier_id, offer_id = pair
    try:
        changed = read(tenant_id, supplier_id, offer_id)
        with tenant(tenant_id):
            supply_moved.moved(changed)
    except NotThere:
        with tenant(tenant_id):
            supply_moved.moved(linking.gone(supplier_id, offer_id))
    except (RemoteError, AppError) as error:
        _log.info("offers.watch.later", error=type(error).__name__)


def keep_watching() -> None:
    """Queue the watch when its hour is over."""
    last = settings.noted(READ_AT)
    if last is None or clock.now() - datetime.fromisoformat(str(last)) >= EVERY:
        watch.nudge("offers")
