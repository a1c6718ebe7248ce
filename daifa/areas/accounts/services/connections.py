"""Connections: whose account we may speak for, its sealed tokens, how long they last, and how the connection fares."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from daifa.areas.accounts.models import Connection, ConnectionHealth, Door
from daifa.areas.accounts.services import applications
from daifa.areas.accounts.services.actors import hash_key
from daifa.areas.accounts.types import CONNECTION, ConnectionView, HealthView
from daifa.base import audit, resealing, vault
from daifa.base.actor import SYSTEM, Actor
from daifa.base.tenancy import current_tenant
from daifa.kit import clock
from daifa.kit.errors import Conflict, NotFound
from daifa.kit.values import dataclass
from daifa.ports.transport import Credentials, Granted

PURPOSE = "connection"
DOOR = "account"
FAILURES_UNTIL_OPEN = 5
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Home:
    """Whose a connection is: a shop's, or (None) the company's own account at a supplier platform."""

    shop_id: UUID | None = None


def view(row: Connection) -> ConnectionView:
    """A row as a value, without its tokens."""
    return ConnectionView(
        row.id, row.platform, row.kind, row.application_id, row.shop_id, row.account,
        row.account_name, row.state, row.state_reason, row.expires_at, row.refresh_expires_at, row.refreshed_at,
        row.version,
    )  # fmt: skip


def connect(*, by: Actor, application_id: UUID, home: Home, granted: Granted) -> ConnectionView:
    """From now on we may speak for this account. A live connection of the same home is upgraded in place.

    Raises Conflict when the account belongs to another shop of the company, or the shop has another account.
    """
    keys = applications.open_keys(application_id)
    others = Connection.objects.filter(platform=keys.platform, account=granted.account, live=True)
    mine = Q(shop_id=home.shop_id) if home.shop_id else Q(shop_id=None, platform=keys.platform, account=granted.account)
    if granted.account and others.exclude(mine).exists():
        raise Conflict(
            "account_taken", f"账号 {granted.account_name or granted.account} 已经接在另一处，请先在那里移除。"
        )
    row = Connection.objects.select_for_update().filter(mine, kind="api", live=True).first()
    if row is not None and row.account and granted.account and row.account != granted.account:
        raise Conflict(
            "other_account",
            f"这里原来接的是账号 {row.account_name or row.account}，现在授权的是 "
            f"{granted.account_name or granted.account}。请用原来的账号授权，或先移除旧的授权。",
        )
    if row is None:
        row = Connection(platform=keys.platform, shop_id=home.shop_id, application_id=application_id)
    row.application_id = application_id
    _hold(row, granted)
    # A company that does not say whose account it is: as the merchant calls the application.
    row.account_name = row.account_name or applications.get(application_id).label
    row.version += 1
    row.save()
    ConnectionHealth.objects.get_or_create(connection_id=row.id)
    if row.account:
        Door.objects.update_or_create(
            kind=DOOR, key_hash=hash_key(f"{row.platform}:{row.account}"), tenant_id=current_tenant(),
            defaults={"target": row.id},
        )  # fmt: skip
    audit.record(
        by, "connection.connect", f"授权 {row.account_name or row.account}", kind="connection", object_id=row.id
    )
    return view(row)


def _hold(row: Connection, granted: Granted) -> None:
    row.sealed = vault.seal_json(
        {"access_token": granted.access_token, "refresh_token": granted.refresh_token}, PURPOSE
    )
    row.account = granted.account or row.account
    row.account_name = granted.account_name or row.account_name
    row.expires_at, row.refresh_expires_at = granted.expires_at, granted.refresh_expires_at or row.refresh_expires_at
    row.refreshed_at, row.state, row.state_reason = clock.now(), "working", ""


def keep(connection_id: UUID, granted: Granted) -> None:
    """Tokens were refreshed."""
    row = get_row(connection_id, lock=True)
    _hold(row, granted)
    row.save()


def get_row(connection_id: UUID, *, lock: bool = False) -> Connection:
    """The row. Raises NotFound."""
    rows = Connection.objects.select_for_update() if lock else Connection.objects
    row = rows.filter(id=connection_id).first()
    if row is None:
        raise NotFound("no_such_connection", "没有这个授权。")
    return row


def get(connection_id: UUID) -> ConnectionView:
    """One connection. Raises NotFound."""
    return view(get_row(connection_id))


def credentials(connection_id: UUID) -> Credentials:
    """What a connector needs to speak for this account, opened for use. Raises NotFound."""
    return _opened(get_row(connection_id))


@dataclass(frozen=True, slots=True)
class Use:
    """A connection right before a call: who it is, what opens it, and how it fares."""

    view: ConnectionView
    credentials: Credentials
    health: HealthView | None


def for_use(connection_id: UUID) -> Use:
    """What a call needs, in one look. Raises NotFound, and Conflict when the connection does not work."""
    row = get_row(connection_id)
    if row.state != "working":
        raise Conflict("connection_not_working", row.state_reason or "授权不可用，请到“授权”里处理。")
    return Use(view(row), _opened(row), health([connection_id]).get(connection_id))


def _opened(row: Connection) -> Credentials:
    keys = applications.open_keys(row.application_id)
    tokens = vault.unseal_json(bytes(row.sealed), PURPOSE) if row.sealed else {}
    secrets = dict(keys.secrets)
    return Credentials(
        app_key=keys.app_key,
        app_secret=secrets.pop("app_secret", ""),
        urls=keys.urls,
        access_token=str(tokens.get("access_token") or ""),
        refresh_token=str(tokens.get("refresh_token") or ""),
        account=row.account,
        settings={**secrets, "account_name": row.account_name},
        calls_per_second=keys.calls_per_second,
    )


def live(*, platform: str = "") -> list[ConnectionView]:
    """Every connection that was not removed."""
    rows = Connection.objects.filter(live=True, **({"platform": platform} if platform else {}))
    return [view(r) for r in rows.order_by("platform", "created_at")]


def of_shops(shop_ids: Collection[UUID]) -> dict[UUID, ConnectionView]:
    """The live API connection of each of these shops that has one."""
    rows = Connection.objects.filter(live=True, kind="api", shop_id__in=list(shop_ids))
    return {r.shop_id: view(r) for r in rows if r.shop_id}


def where(platform: str, account: str) -> list[tuple[int, UUID]]:
    """(tenant, connection) of an account at a company: who a push is for."""
    rows = Door.objects.filter(kind=DOOR, key_hash=hash_key(f"{platform}:{account}"))
    return list(rows.values_list("tenant_id", "target"))


def move(connection_id: UUID, state: str, reason: str = "", *, by: Actor = SYSTEM) -> bool:
    """Bring a connection to a state; returns whether it changed. Raises Conflict by the life cycle."""
    row = get_row(connection_id, lock=True)
    CONNECTION.check(row.state, state)
    if row.state == state:
        return False
    row.state, row.state_reason = state, reason
    if state == "removed":
        row.live, row.sealed = False, None
        Door.objects.filter(kind=DOOR, tenant_id=current_tenant(), target=row.id).delete()
    row.version += 1
    row.save()
    text = f"{row.account_name or row.account}：{CONNECTION.labels[state]}{'，' + reason if reason else ''}"
    audit.record(by, f"connection.{state}", text, kind="connection", object_id=row.id, reason=reason)
    return True


def to_refresh(now: datetime, ahead: Mapping[str, timedelta]) -> list[UUID]:
    """Connections whose token ends within its company's ``ahead`` and can be refreshed."""
    found = []
    for row in Connection.objects.filter(live=True, state="working", expires_at__isnull=False):
        assert row.expires_at is not None
        if row.platform in ahead and row.expires_at - now <= ahead[row.platform]:
            found.append(row.id)
    return found


def health(connection_ids: Collection[UUID] | None = None) -> dict[UUID, HealthView]:
    """How connections fare."""
    rows = ConnectionHealth.objects.all()
    if connection_ids is not None:
        rows = rows.filter(connection_id__in=list(connection_ids))
    return {
        r.connection_id: HealthView(
            r.connection_id, r.ok_at, r.error_at, r.error, r.error_code, r.failures, r.open_until, r.quota
        )
        for r in rows
    }


def note_ok(connection_id: UUID) -> None:
    """A call succeeded: the breaker closes. Writes at most once in five seconds while all is well."""
    now = clock.wall()
    quiet = Q(failures=0, open_until=None, ok_at__gt=now - timedelta(seconds=5))
    ConnectionHealth.objects.filter(connection_id=connection_id).exclude(quiet).update(
        ok_at=now, failures=0, open_until=None
    )


def note_failure(connection_id: UUID, code: str, said: str, *, counts: bool) -> None:
    """A call failed. With ``counts`` the company was at fault: after several in a row calls pause (circuit breaker)."""
    row = ConnectionHealth.objects.select_for_update().filter(connection_id=connection_id).first()
    if row is None:
        return
    row.error_at, row.error, row.error_code = clock.wall(), said[:300], code[:100]
    if counts:
        row.failures += 1
        row.open_until = pause_until(row.failures, clock.wall())
    row.save()


def pause_until(failures: int, now: datetime) -> datetime | None:
    """When calls may be tried again after so many failures in a row; None while they may go on."""
    if failures < FAILURES_UNTIL_OPEN:
        return None
    doubled: timedelta = FIRST_PAUSE * (1 << min(failures - FAILURES_UNTIL_OPEN, 10))
    return now + min(doubled, LONGEST_PAUSE)


def note_quota(connection_id: UUID, quota: Mapping[str, object]) -> None:
    """What a company said is left of a quota."""
    row = ConnectionHealth.objects.select_for_update().filter(connection_id=connection_id).first()
    if row is not None:
        row.quota = {**row.quota, **quota}
        row.save(update_fields=["quota"])


def reseal(*, limit: int) -> int:
    """Seal tokens of older keys anew; returns how many."""
    return resealing.reseal(Connection, "sealed", lambda _: PURPOSE, limit=limit)
