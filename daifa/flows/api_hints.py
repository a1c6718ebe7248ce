"""Pushes only say that something changed: what they name is fetched, each object once however many pushes named it.

One object that cannot be fetched never keeps the others waiting; one that never can is parked with the reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.conf import settings

from daifa.areas.mailroom.services import inbox
from daifa.areas.mailroom.types import InboxItem
from daifa.base import lanes
from daifa.base.jobs import tenant_task
from daifa.base.tenancy import tenant
from daifa.flows import address_wishes, api_intake
from daifa.flows.api_intake import HINT
from daifa.flows.calling import Paused
from daifa.kit import log
from daifa.kit.errors import Conflict
from daifa.ports.errors import LoginExpired, RateLimited, RemoteError, Withdrawn
from daifa.ports.shop_api import Feed

AT_ONCE = 50
# So many failures one after the other are the company's, not the objects': the rest waits unharmed.
COMPANY_IS_ILL = 3
# Nothing can be had for now, whatever is asked for: all of it waits.
_WAIT = (RateLimited, LoginExpired, Withdrawn, Paused)
_log = log.get("daifa.intake")


@tenant_task("api.hints", queue="outside")
def follow_hints(*, tenant_id: int, connection_id: str) -> None:
    """Fetch what pushes pointed at, several at once, until nothing is left or nothing gets any further."""
    where = UUID(connection_id)
    trip = _Trip(tenant_id, where)
    try:
        lanes.work(trip.more, trip.follow, of=lambda told: told[0].object_id, lanes=settings.DEED_LANES)
    except (*_WAIT, Conflict) as error:
        _log.info("intake.hint.later", error=type(error).__name__)
    finally:
        api_intake.understand(tenant_id, where)
    address_wishes.take_in(tenant_id, where)


class _Trip:
    """One run over the hints of a connection: each object once."""

    def __init__(self, tenant_id: int, connection_id: UUID) -> None:
        self._tenant, self._where = tenant_id, connection_id
        self._asked: set[tuple[str, str]] = set()
        self._failed_in_a_row = 0

    def more(self) -> list[list[InboxItem]]:
        """The next hints, those of one object together; what came of the ones before is acted on first."""
        if self._failed_in_a_row >= COMPANY_IS_ILL:
            return []
        if self._asked:
            api_intake.understand(self._tenant, self._where)
        with tenant(self._tenant):
            inbox.overtaken(self._where, HINT)
            hints = inbox.take(self._where, feeds=[HINT + f.value for f in Feed], limit=AT_ONCE)
        told: dict[tuple[str, str], list[InboxItem]] = {}
        for hint in hints:
            if (what := (hint.feed, hint.object_id)) not in self._asked:
                told.setdefault(what, []).append(hint)
        self._asked.update(told)
        return list(told.values())

    def follow(self, told: Sequence[InboxItem]) -> None:
        """Bring what these hints of one object name; when it cannot be had now it stays, behind the others.

        Raises ``_WAIT``.
        """
        if self._failed_in_a_row >= COMPANY_IS_ILL:
            return
        feed, ids = Feed(told[0].feed.removeprefix(HINT)), [h.id for h in told]
        try:
            there = api_intake.bring(self._tenant, self._where, feed, told[0].object_id, via="push")
        except _WAIT:
            raise
        except RemoteError as error:
            with tenant(self._tenant):
                if error.again or error.happened is None:
                    self._failed_in_a_row += 1
                    inbox.stumbled(ids, error.text)
                else:
                    inbox.park([(i, error.text) for i in ids])
            return
        self._failed_in_a_row = 0
        with tenant(self._tenant):
            inbox.done([(i, "fetched" if there else "missing") for i in ids])


def again(connection_id: UUID) -> None:
    """Have what waits in the inbox of a connection taken up."""
    where = str(connection_id)
    follow_hints.nudge(f"hints:{where}", connection_id=where)
    api_intake.understand_job.nudge(f"understand:{where}", connection_id=where)
