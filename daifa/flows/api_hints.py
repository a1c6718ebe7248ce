"""Pushes only say that something changed: what they name is fetched, each object once however many pushes named it.

One object that cannot be fetched never keeps the others waiting; one that never can is parked with the reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from daifa.areas.mailroom.services import inbox
from daifa.areas.mailroom.types import InboxItem
from daifa.base.jobs import tenant_task
from daifa.base.tenancy import tenant
from daifa.flows import address_wishes, api_intake
from daifa.flows.api_intake import HINT
from daifa.kit import log
from daifa.kit.errors import Conflict
from daifa.ports.errors import LoginExpired, RateLimited, RemoteError, Withdrawn
from daifa.ports.shop_api import Feed

AT_ONCE = 50
# So many failures one after the other are the company's, not the objects': the rest waits unharmed.
COMPANY_IS_ILL = 3
# Nothing can be had for now, whatever is asked for: all of it waits.
_WAIT = (RateLimited, LoginExpired, Withdrawn)
_log = log.get("daifa.intake")


@tenant_task("api.hints", queue="outside")
def follow_hints(*, tenant_id: int, connection_id: str) -> None:
    """Fetch what pushes pointed at, until nothing is left or nothing gets any further."""
    where = UUID(connection_id)
    while _some(tenant_id, where):
        pass
    address_wishes.take_in(tenant_id, where)


def _some(tenant_id: int, connection_id: UUID) -> bool:
    """Follow one set of hints; returns whether to go on."""
    with tenant(tenant_id):
        inbox.overtaken(connection_id, HINT)
        hints = inbox.take(connection_id, feeds=[HINT + f.value for f in Feed], limit=AT_ONCE)
    if not hints:
        return False
    outcomes: list[tuple[UUID, str]] = []
    try:
        for feed in Feed:
            outcomes += _follow(tenant_id, connection_id, feed, [h for h in hints if h.feed == HINT + feed.value])
    except (*_WAIT, Conflict) as error:
        _log.info("intake.hint.later", error=type(error).__name__)
        return False
    finally:
        api_intake.understand(tenant_id, connection_id)
    return bool(outcomes)


def _follow(tenant_id: int, connection_id: UUID, feed: Feed, hints: Sequence[InboxItem]) -> list[tuple[UUID, str]]:
    """Bring what these hints of one feed name; what did not come now stays, behind the others. Raises ``_WAIT``."""
    done: list[tuple[UUID, str]] = []
    in_a_row = 0
    for object_id in dict.fromkeys(h.object_id for h in hints):
        if in_a_row >= COMPANY_IS_ILL:
            break
        told = [h.id for h in hints if h.object_id == object_id]
        try:
            there = api_intake.bring(tenant_id, connection_id, feed, object_id, via="push")
        except _WAIT:
            raise
        except RemoteError as error:
            with tenant(tenant_id):
                if error.again or error.happened is None:
                    in_a_row += 1
                    inbox.stumbled(told, error.text)
                else:
                    inbox.park([(i, error.text) for i in told])
            continue
        in_a_row = 0
        outcome = [(i, "fetched" if there else "missing") for i in told]
        with tenant(tenant_id):
            inbox.done(outcome)
        done += outcome
    return done


def again(connection_id: UUID) -> None:
    """Have what waits in the inbox of a connection taken up."""
    where = str(connection_id)
    follow_hints.nudge(f"hints:{where}", connection_id=where)
    api_intake.understand_job.nudge(f"understand:{where}", connection_id=where)
