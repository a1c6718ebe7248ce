"""The second factor: a one-time code from a phone (RFC 6238), or a recovery code when the phone is lost.

The secret is the user's, not a tenant's: it is sealed for the installation. A code works once; recovery codes are
kept as hashes and are used up.
"""

from __future__ import annotations

import os
from base64 import b32encode
from collections.abc import MutableMapping
from typing import Any

import segno
from django.db import transaction

from daifa.areas.accounts import rules
from daifa.areas.accounts.models import User
from daifa.base import vault
from daifa.kit import clock
from daifa.kit.errors import Conflict, Invalid
from daifa.kit.values import dataclass

ISSUER = "代发"
PENDING = "totp_pending"
SECRET_BYTES = 20


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What a person needs to set up their authenticator; shown once. ``qr`` is an SVG as a data address."""

    secret: str
    uri: str
    qr: str


def _purpose(user: User) -> str:
    return f"totp:{user.pk}"


def is_on(user: User) -> bool:
    """Whether sign-in asks for a code."""
    return user.totp_sealed is not None


def begin(user: User, session: MutableMapping[str, Any]) -> Enrolment:
    """A new secret, kept sealed in the session until a first code proves that the phone has it. Raises Conflict."""
    if is_on(user):
        raise Conflict("totp_on", "已经开启了动态码。要换手机，请先关闭再开启。")
    secret = os.urandom(SECRET_BYTES)
    session[PENDING] = vault.seal(secret, _purpose(user), owner=vault.INSTALLATION).hex()
    uri = rules.provisioning_uri(secret, user.login, ISSUER)
    qr = segno.make(uri, micro=False, error="m").svg_data_uri(scale=4, border=2)
    return Enrolment(b32encode(secret).decode().rstrip("="), uri, qr)


def confirm(user: User, session: MutableMapping[str, Any], code: str) -> list[str]:
    """Switch the second factor on with a first code; returns the recovery codes, shown once. Raises Invalid."""
    pending = session.get(PENDING)
    if not pending:
        raise Invalid("totp_not_begun", "请先扫描二维码，再输入动态码。")
    secret = vault.unseal(bytes.fromhex(str(pending)), _purpose(user), owner=vault.INSTALLATION)
    step = rules.accepted_step(secret, code.strip(), clock.wall(), 0)
    if step is None:
        raise Invalid(
            "wrong_code",
            "动态码不对。请确认手机时间是自动校准的，再输入验证器里现在显示的 6 位数字。",
            fields={"code": "动态码不对"},
        )
    codes = rules.new_recovery_codes()
    user.totp_sealed = vault.seal(secret, _purpose(user), owner=vault.INSTALLATION)
    user.totp_last_step = step
    user.recovery_hashes = [rules.recovery_hash(user.pk, c) for c in codes]
    user.save(update_fields=["totp_sealed", "totp_last_step", "recovery_hashes"])
    del session[PENDING]
    return codes


def accept(user: User, typed: str) -> bool:
    """Whether this code opens the door now; a used code opens it never again."""
    code = "".join(typed.split())
    if user.totp_sealed is None:
        return False
    if not rules.is_one_time_code(code):
        return _use_recovery(user, code)
    secret = vault.unseal(bytes(user.totp_sealed), _purpose(user), owner=vault.INSTALLATION)
    step = rules.accepted_step(secret, code, clock.wall(), user.totp_last_step)
    if step is None:
        return False
    # Two requests with the same code at once: one hits the row.
    return User.objects.filter(pk=user.pk, totp_last_step__lt=step).update(totp_last_step=step) == 1


def _use_recovery(user: User, code: str) -> bool:
    mark = rules.recovery_hash(user.pk, code)
    with transaction.atomic():
        row = User.objects.select_for_update().get(pk=user.pk)
        if mark not in row.recovery_hashes:
            return False
        row.recovery_hashes = [h for h in row.recovery_hashes if h != mark]
        row.save(update_fields=["recovery_hashes"])
    return True


def renew_recovery(user: User) -> list[str]:
    """New recovery codes; the old ones are void. Raises Conflict when the second factor is off."""
    if not is_on(user):
        raise Conflict("totp_off", "还没有开启动态码。")
    codes = rules.new_recovery_codes()
    User.objects.filter(pk=user.pk).update(recovery_hashes=[rules.recovery_hash(user.pk, c) for c in codes])
    return codes


def switch_off(user: User) -> None:
    """Sign-in asks for the password only."""
    User.objects.filter(pk=user.pk).update(totp_sealed=None, totp_last_step=0, recovery_hashes=[])


def reseal(*, limit: int = 500) -> int:
    """Seal up to ``limit`` secrets with the newest key; returns how many there were."""
    changed = 0
    for user in User.objects.select_for_update().exclude(totp_sealed=None).order_by("pk"):
        sealed = bytes(user.totp_sealed or b"")
        if vault.key_of(sealed) == vault.current_key():
            continue
        user.totp_sealed = vault.reseal(sealed, _purpose(user), owner=vault.INSTALLATION)
        user.save(update_fields=["totp_sealed"])
        changed += 1
        if changed >= limit:
            break
    return changed
