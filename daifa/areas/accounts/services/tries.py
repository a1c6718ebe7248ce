"""Slowing down guesses: failed sign-ins counted per login and address, per login, and per address."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings

from daifa.areas.accounts.models import LoginTry
from daifa.kit import clock
from daifa.kit.errors import TooMany

WINDOW = timedelta(minutes=15)
# The pair is strict; the login alone is generous, so that a stranger cannot lock a person out with a few tries.
LIMITS = {"pair": 8, "login": 60, "address": 40}


def _keys(login: str, address: str) -> list[tuple[str, int]]:
    told = {"pair": f"{login}\n{address}", "login": login, "address": address}
    return [(_key(kind, told[kind]), limit) for kind, limit in LIMITS.items()]


def _key(kind: str, text: str) -> str:
    # People type phone numbers and passwords into the wrong field: only a keyed digest is kept.
    mark = hmac.digest(settings.SECRET_KEY.encode(), f"{kind}:{text}".encode(), hashlib.sha256)
    return f"{kind}:{mark.hex()[:32]}"


def begin(login: str, address: str) -> list[int]:
    """Count a try before its password is looked at, so that many at once are counted too. Raises TooMany.

    Returns the marks that ``forgive`` takes back when the password was right.
    """
    now = clock.now()
    keys = _keys(login, address)
    marks = [row.pk for row in LoginTry.objects.bulk_create([LoginTry(key=k, at=now) for k, _ in keys])]
    for key, limit in keys:
        if LoginTry.objects.filter(key=key, at__gt=now - WINDOW).count() > limit:
            LoginTry.objects.filter(pk__in=marks).delete()
            raise TooMany(
                "too_many_tries",
                f"尝试次数太多，请 {WINDOW.seconds // 60} 分钟后再试。忘记密码请找店主在“成员与权限”里重设。",
                retry_after=WINDOW.seconds,
            )
    LoginTry.objects.filter(at__lt=now - 4 * WINDOW).delete()
    return marks


def count(login: str, address: str) -> None:
    """Remember a failure that was found inside a transaction which a refusal rolls back."""
    now = clock.now()
    LoginTry.objects.bulk_create([LoginTry(key=k, at=now) for k, _ in _keys(login, address)])


def forgive(marks: Sequence[int]) -> None:
    """These tries were right."""
    LoginTry.objects.filter(pk__in=list(marks)).delete()


def succeeded(login: str, address: str) -> int:
    """Somebody signed in: clear their own failures here; returns how many failures the login had lately."""
    since: datetime = clock.now() - WINDOW
    failures = LoginTry.objects.filter(key=_key("login", login), at__gt=since).count()
    LoginTry.objects.filter(key=_key("pair", f"{login}\n{address}")).delete()
    return failures
