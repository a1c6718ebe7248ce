"""Authorising: a person goes to the other company and says yes there; the answer comes back through a door of ours."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit
from uuid import UUID

from daifa.areas.accounts.services import applications, authorizing, connections, shops
from daifa.areas.accounts.services.connections import Home
from daifa.areas.accounts.types import ConnectionView
from daifa.base.actor import Actor
from daifa.base.jobs import tenant_task
from daifa.base.tenancy import tenant
from daifa.connectors import registry
from daifa.flows import api_intake, connect, supplier_intake
from daifa.flows.calling import Caller, watched
from daifa.kit import clock
from daifa.kit.errors import Conflict, Invalid, NotFound
from daifa.kit.values import dataclass
from daifa.ports.card import ConnectorKind
from daifa.ports.errors import RemoteError
from daifa.ports.shop_api import ShopDialect
from daifa.ports.supplier_api import SupplierDialect
from daifa.ports.transport import Credentials, Granted


@dataclass(frozen=True, slots=True)
class Back:
    """What became of an authorisation, for the page that the person returns to."""

    connection_id: UUID | None
    message: str
    ok: bool


def begin(*, by: Actor, application_id: UUID, home: Home, back: str) -> str:
    """The address at the other company where the owner says yes. Raises Invalid, NotFound."""
    keys = applications.open_keys(application_id)
    _fits(by, keys.platform, home)
    state = authorizing.begin(by=by, application_id=application_id, home=home)
    return _dialect(keys.platform).authorize_url(_credentials(keys), state, back)


def addresses(platform: str, urls: Mapping[str, str]) -> dict[str, str]:
    """The addresses to be kept of what a person filled in: those that differ from the usual ones may be left empty.

    Raises Invalid where one is missing that the company has no usual one for, is no address, or is nobody's.
    """
    known = {a.key: a for a in connect.terms_of(platform).addresses}
    given = {key: url.strip() for key, url in urls.items() if url.strip()}
    for key in given.keys() - known.keys():
        raise Invalid("address_unknown", f"“{key}”不是这个平台的地址。请刷新后再填。")
    for key, a in known.items():
        if key not in given and not a.default:
            raise _not(key, "address_missing", f"请填写{a.label}，向对方要（https:// 开头）。")
        if key in given and not _is_address(given[key]):
            raise _not(key, "address_wrong", f"{a.label}“{given[key]}”不是网址。请填 https:// 开头的地址。")
    return given


def _not(key: str, code: str, words: str) -> Invalid:
    return Invalid(code, words, fields={f"urls.{key}": words})


def _is_address(url: str) -> bool:
    """Whether calls can go there: a scheme, a host, nothing that belongs to one call."""
    try:
        found = urlsplit(url)
        host, _ = found.hostname, found.port
    except ValueError:
        return False
    plain = not re.search(r"\s", url) and not found.query and not found.fragment and found.username is None
    return found.scheme in {"https", "http"} and bool(host) and plain


def _fits(by: Actor, platform: str, home: Home) -> None:
    """Raises Invalid where a shop's platform and the application's differ."""
    kind = registry.connector(platform).card.kind
    if home.shop_id is not None:
        by.need_shop(home.shop_id)
        shop = next((s for s in shops.list_shops() if s.id == home.shop_id), None)
        if shop is None:
            raise NotFound("no_such_shop", "没有这个店铺。")
        if shop.platform != platform:
            raise Invalid("other_platform", f"店铺“{shop.name}”不是这个应用的平台。")
    elif kind is not ConnectorKind.SUPPLIER:
        raise Invalid("no_home", "请选择要授权的店铺。")


def _dialect(platform: str) -> ShopDialect | SupplierDialect:
    connector = registry.connector(platform)
    found = connector.shop or connector.supplier
    if found is None:
        raise Invalid("no_api", f"“{connector.card.label}”还没有接口连接。")
    return found


def _credentials(keys: applications.Keys) -> Credentials:
    secrets = dict(keys.secrets)
    return Credentials(keys.app_key, secrets.pop("app_secret", ""), keys.urls, settings=secrets)


def finish(state: str, answer: Mapping[str, str]) -> Back:
    """The owner said yes (or no): tokens for the answer, stored. Opens its own transactions; never raises for a no."""
    found = authorizing.where(state)
    if found is None:
        return Back(None, "这次授权已用过或已过期，请重新点“授权”。", ok=False)
    number, authorization_id = found
    try:
        with tenant(number):
            begun = authorizing.take(authorization_id)
            keys = applications.open_keys(begun.application_id)
        granted = _grant(number, keys, answer)
        with tenant(number):
            by = Actor(key=begun.by, name="授权", via="system")
            held = connections.connect(by=by, application_id=keys.id, home=begun.home, granted=granted)
            connected(held)
        use = "订单会自动进来" if held.shop_id is not None else "供应商资料里选“接口下单”，就用它下单"
        return Back(held.id, f"已授权：{held.account_name or held.account}。{use}。", ok=True)
    except RemoteError as error:
        return Back(None, f"授权没有成功：{error.text}", ok=False)
    except (Conflict, NotFound, Invalid) as error:
        return Back(None, error.message_zh, ok=False)


def _grant(number: int, keys: applications.Keys, answer: Mapping[str, str]) -> Granted:
    terms = connect.terms_of(keys.platform).paced(keys.calls_per_second)
    caller = Caller(
        tenant_id=number, connection_id=None, application=f"{keys.platform}:{keys.app_key}", platform=keys.platform,
        terms=terms,
    )  # fmt: skip
    with watched(caller):
        return _dialect(keys.platform).grant(_credentials(keys), caller, answer, clock.now())


def by_token(*, by: Actor, application_id: UUID, home: Home, granted: Granted) -> ConnectionView:
    """A pasted token instead of a visit. It is tried by a job; what comes of it stands on the connection."""
    keys = applications.open_keys(application_id)
    _fits(by, keys.platform, home)
    if not granted.access_token.strip():
        raise Invalid("token_missing", "请粘贴授权令牌。")
    if not granted.account.strip():
        raise Invalid("account_missing", "请填写店铺（或会员）在平台上的编号。")
    held = connections.connect(by=by, application_id=application_id, home=home, granted=granted)
    connected(held)
    return held


@tenant_task("connect.self", queue="outside")
def self_authorize(*, tenant_id: int, application_id: str, shop_id: str, account: str) -> None:
    """Authorise a self-built application for its own shop, without a visit."""
    with tenant(tenant_id):
        keys = applications.open_keys(UUID(application_id))
    granted = _grant(tenant_id, keys, {"shop_id": account})
    with tenant(tenant_id):
        by = Actor(key="system", name="系统", via="system")
        connected(connections.connect(by=by, application_id=keys.id, home=Home(UUID(shop_id)), granted=granted))


def connected(held: ConnectionView) -> None:
    """Start reading at once."""
    if held.shop_id is not None:
        api_intake.keep_reading()
    else:
        supplier_intake.keep_reading()
