"""The platforms' callback door: signature checked, stored once, answered at once. A push only triggers a fetch."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from uuid import UUID

from daifa.areas.accounts.services import applications, connections
from daifa.areas.mailroom.services import inbox
from daifa.areas.mailroom.services.inbox import Arrived
from daifa.base.tenancy import tenant
from daifa.connectors import registry
from daifa.flows import address_wishes, api_hints, api_intake, supplier_intake
from daifa.kit import log
from daifa.kit.errors import NotAllowed, NotFound
from daifa.ports.errors import BadReply
from daifa.ports.factory_api import FEED
from daifa.ports.transport import BadSignature, Credentials, Event

_log = log.get("daifa.pushes")


def receive(platform: str, app_key: str, headers: Mapping[str, str], body: bytes) -> tuple[bytes, str]:
    """Take in one push to an application; returns the receipt. Opens its own transactions.

    Raises NotFound for an application nobody has, NotAllowed for a wrong signature.
    """
    connector = registry.connectors().get(platform)
    dialect = (connector.shop or connector.supplier) if connector else None
    companies = applications.companies_of(platform, app_key)
    if dialect is None or not companies:
        raise NotFound("no_such_application", "没有这个应用。")
    number, application_id = companies[0]
    with tenant(number):
        keys = applications.open_keys(application_id)
    secrets = dict(keys.secrets)
    try:
        events = dialect.events(
            headers, body, Credentials(keys.app_key, secrets.pop("app_secret", ""), keys.urls, settings=secrets)
        )
    except BadSignature as error:
        _log.warning("push.bad_signature", platform=platform)
        raise NotAllowed("bad_signature", "签名不对。") from error
    except BadReply:
        # Received all the same: reading in windows finds what it was about.
        _log.warning("push.unreadable", platform=platform)
        return dialect.receipt()
    _store(platform, events)
    return dialect.receipt()


def _store(platform: str, events: Sequence[Event]) -> None:
    homes: dict[tuple[int, UUID], list[Event]] = defaultdict(list)
    for event in events:
        for home in connections.where(platform, event.account):
            homes[home].append(event)
    for (number, connection_id), mine in homes.items():
        with tenant(number):
            fresh = inbox.store(
                connection_id,
                "push",
                [
                    Arrived(api_intake.HINT + e.feed, f"push:{e.key}", e.object_id, e.topic.encode(), e.at)
                    for e in mine
                    if e.object_id
                ]
                # What stands in the message alone is kept as it came.
                + [
                    Arrived(address_wishes.FEED + e.wish, f"wish:{e.key}", e.object_id, e.told, e.at)
                    for e in mine
                    if e.wish
                ],
            )
            if not fresh:
                continue
            if connections.get(connection_id).shop_id is not None:
                api_hints.again(connection_id)
            if any(e.feed == FEED for e in mine):
                where = f"supplier:{connection_id}"
                supplier_intake.take_in_job.nudge(f"in:{where}", lock=where, connection_id=str(connection_id))
