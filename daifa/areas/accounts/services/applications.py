"""Applications: app keys with their sealed secrets and base addresses; those of the installation come from outside."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.conf import settings

from daifa.areas.accounts.models import Application, Door
from daifa.areas.accounts.services.actors import hash_key
from daifa.areas.accounts.types import MOST_CALLS, ApplicationView
from daifa.base import audit, resealing, vault
from daifa.base.actor import Actor
from daifa.base.tenancy import current_tenant
from daifa.kit.errors import Conflict, Invalid, NotFound
from daifa.kit.values import dataclass

PURPOSE = "application"
DOOR = "application"


@dataclass(frozen=True, slots=True)
class Keys:
    """An application with its secret opened; ``secrets`` by the card's field names."""

    id: UUID
    platform: str
    app_key: str
    secrets: Mapping[str, str]
    urls: Mapping[str, str]
    calls_per_second: int | None


def view(row: Application) -> ApplicationView:
    """A row as a value, without its secret."""
    return ApplicationView(
        row.id, row.platform, row.app_key, row.label, row.urls, row.calls_per_second, row.origin, row.active,
        row.version,
    )  # fmt: skip


def list_applications() -> list[ApplicationView]:
    """Every application of the company, by platform."""
    return [view(a) for a in Application.objects.order_by("platform", "created_at")]


def get(application_id: UUID) -> ApplicationView:
    """One of them. Raises NotFound."""
    row = Application.objects.filter(id=application_id).first()
    if row is None:
        raise NotFound("no_such_application", "没有这个应用。")
    return view(row)


def save(
    *, by: Actor, platform: str, app_key: str, secrets: Mapping[str, str], urls: Mapping[str, str], label: str = "",
    calls_per_second: int | None = None,
) -> ApplicationView:  # fmt: skip
    """Add an application, or change the one of this app key: for whoever may say the same again.

    Raises Invalid, Conflict.
    """
    known = Application.objects.filter(platform=platform, app_key=app_key.strip()).first()
    if known is None:
        return add(
            by=by, platform=platform, app_key=app_key, secrets=secrets, urls=urls, label=label,
            calls_per_second=calls_per_second,
        )  # fmt: skip
    return change(
        by=by, application_id=known.id, version=known.version, secrets=secrets, urls=urls, label=label,
        calls_per_second=calls_per_second,
    )  # fmt: skip


def add(
    *, by: Actor, platform: str, app_key: str, secrets: Mapping[str, str], urls: Mapping[str, str], label: str = "",
    calls_per_second: int | None = None,
) -> ApplicationView:  # fmt: skip
    """A new application. Raises Invalid, and Conflict when the company has one with this app key already."""
    key = app_key.strip()
    given = _given(secrets)
    _check_rate(calls_per_second)
    if not key or not given:
        raise Invalid("application_incomplete", "请填写 App Key 和密钥。")
    row, made = Application.objects.get_or_create(
        platform=platform,
        app_key=key,
        defaults={
            "label": label,
            "sealed": vault.seal_json(given, PURPOSE),
            "urls": dict(urls),
            "calls_per_second": calls_per_second,
        },
    )
    if not made:
        raise _known(row)
    _door(row)
    audit.record(by, "application.add", f"新增应用 {key}", kind="application", object_id=row.id)
    return view(row)


def change(
    *, by: Actor, application_id: UUID, version: int, secrets: Mapping[str, str], urls: Mapping[str, str],
    label: str = "", calls_per_second: int | None = None,
) -> ApplicationView:  # fmt: skip
    """Addresses, rate, label and new secrets of an application; secrets that are not given again stay as they are.

    Raises NotFound, Invalid, Conflict for a stale form and for an application of the installation.
    """
    given = _given(secrets)
    _check_rate(calls_per_second)
    row = Application.objects.select_for_update().filter(id=application_id).first()
    if row is None:
        raise NotFound("no_such_application", "没有这个应用。")
    if row.origin == "installation":
        raise Conflict("application_of_installation", "这个应用由系统管理员在环境变量里配置，不能在这里改。")
    if row.version != version:
        raise Conflict("stale", "这个应用刚被别人改过，请刷新后再改。")
    if given:
        row.sealed = vault.seal_json({**keys_of(row).secrets, **given}, PURPOSE)
    row.urls, row.label, row.active, row.calls_per_second = dict(urls), label or row.label, True, calls_per_second
    row.version += 1
    row.save(update_fields=["sealed", "urls", "label", "active", "calls_per_second", "version"])
    audit.record(by, "application.change", f"修改应用 {row.app_key}", kind="application", object_id=row.id)
    return view(row)


def _given(secrets: Mapping[str, str]) -> dict[str, str]:
    return {k: v.strip() for k, v in secrets.items() if v.strip()}


def _check_rate(calls_per_second: int | None) -> None:
    if calls_per_second is not None and not 1 <= calls_per_second <= MOST_CALLS:
        raise Invalid("application_rate", f"每秒调用次数请填 1 到 {MOST_CALLS} 的整数，不填就按平台的起始值。")


def _known(row: Application) -> Conflict:
    """Why there is no second application of an app key, and where to go instead."""
    name = f"“{row.label}”" if row.label else ""
    told = (
        "它由系统管理员在环境变量里配置，不用再填。" if row.origin == "installation"
        else "要换密钥、地址或调用次数，请在“授权”里这个应用的右边点“修改”；要接另一个应用，请核对 App Key。"
    )  # fmt: skip
    return Conflict(
        "application_known", f"App Key {row.app_key} 已经有了，是应用{name}。{told}", application_id=str(row.id)
    )


def _door(row: Application) -> None:
    key = hash_key(f"{row.platform}:{row.app_key}")
    Door.objects.get_or_create(kind=DOOR, key_hash=key, tenant_id=current_tenant(), defaults={"target": row.id})


def adopt_installation() -> list[ApplicationView]:
    """Give the company the applications that the installation's environment names (``DAIFA_APPLICATIONS``)."""
    made = []
    for entry in settings.DAIFA_APPLICATIONS:
        row, _ = Application.objects.update_or_create(
            platform=entry["platform"],
            app_key=entry["app_key"],
            defaults={
                "origin": "installation",
                "label": entry.get("label", ""),
                "urls": entry.get("urls", {}),
                "calls_per_second": entry.get("calls_per_second"),
            },
        )
        _door(row)
        made.append(view(row))
    return made


def open_keys(application_id: UUID) -> Keys:
    """An application with its secret, for one call. Raises NotFound."""
    row = Application.objects.filter(id=application_id).first()
    if row is None:
        raise NotFound("no_such_application", "没有这个应用。")
    return keys_of(row)


def keys_of(row: Application) -> Keys:
    """The secret of a row: its own, or the installation's."""
    if row.origin == "installation":
        for entry in settings.DAIFA_APPLICATIONS:
            if entry["platform"] == row.platform and entry["app_key"] == row.app_key:
                return Keys(row.id, row.platform, row.app_key, entry["secrets"], entry.get("urls", {}),
                            entry.get("calls_per_second"))  # fmt: skip
        raise NotFound("application_gone", f"环境变量 DAIFA_APPLICATIONS 里不再有应用 {row.app_key}。")
    assert row.sealed is not None
    secrets = {k: str(v) for k, v in vault.unseal_json(bytes(row.sealed), PURPOSE).items()}
    return Keys(row.id, row.platform, row.app_key, secrets, row.urls, row.calls_per_second)


def companies_of(platform: str, app_key: str) -> list[tuple[int, UUID]]:
    """(tenant, application) of everyone who uses this app key: a push to it may be for any of them."""
    rows = Door.objects.filter(kind=DOOR, key_hash=hash_key(f"{platform}:{app_key}")).order_by("id")
    return list(rows.values_list("tenant_id", "target"))


def reseal(*, limit: int) -> int:
    """Seal secrets of older keys anew; returns how many."""
    return resealing.reseal(Application, "sealed", lambda _: PURPOSE, limit=limit)
