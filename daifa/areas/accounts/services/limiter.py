"""Rates that all workers share: a token bucket per key in the database. Seconds are real, not the world's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.db import connection

from daifa.areas.accounts.models import RateBucket
from daifa.base import bulk
from daifa.base.tenancy import current_tenant
from daifa.kit import clock
from daifa.kit.ids import uuid7
from daifa.kit.values import dataclass


@dataclass(frozen=True, slots=True)
class Rate:
    """A bucket: ``per_second`` on average, ``burst`` at once."""

    key: str
    per_second: float
    burst: int


SQL = """
INSERT INTO accounts_ratebucket AS b (tenant_id, id, created_at, key, tokens, at)
SELECT {tenant}, v.id, v.at, v.key, v.burst - 1, v.at
FROM unnest(%s::uuid[], %s::text[], %s::float8[], %s::float8[], %s::timestamptz[]) AS v(id, key, rate, burst, at)
ON CONFLICT (tenant_id, key) DO UPDATE SET
  tokens = least((SELECT r.burst FROM unnest(%s::text[], %s::float8[]) AS r(key, burst) WHERE r.key = b.key),
                 b.tokens + greatest(extract(epoch FROM excluded.at - b.at), 0)
                   * (SELECT r.rate FROM unnest(%s::text[], %s::float8[]) AS r(key, rate) WHERE r.key = b.key)) - 1,
  at = greatest(excluded.at, b.at)
RETURNING key, tokens, held_until
"""


def take(rates: Sequence[Rate]) -> float:
    """Take one from each bucket; returns the seconds to wait before the call (0: now). Buckets may run into debt, so
    that waiting callers are served in turn."""
    if not rates:
        return 0.0
    ordered = sorted(rates, key=lambda r: r.key)
    now = clock.wall()
    keys = [r.key for r in ordered]
    per, burst = [r.per_second for r in ordered], [float(r.burst) for r in ordered]
    with connection.cursor() as cursor:
        cursor.execute(
            SQL.replace("{tenant}", str(int(current_tenant()))),
            [[uuid7() for _ in keys], keys, per, burst, [now] * len(keys), keys, burst, keys, per],
        )
        found = cursor.fetchall()
    speed = dict(zip(keys, per, strict=True))
    waits = [max(-float(tokens), 0.0) / speed[key] for key, tokens, _ in found]
    held = [(until - now).total_seconds() for _, _, until in found if until and until > now]
    return float(max([*waits, *held, 0.0]))


def give_back(keys: Sequence[str]) -> None:
    """A slot that was taken and not used, because the wait was too long."""
    bulk.select(
        "UPDATE accounts_ratebucket AS b SET tokens = b.tokens + 1 WHERE b.tenant_id = {tenant} AND b.key = ANY(%s)"
        " RETURNING b.id",
        [sorted(keys)],
    )


def hold(key: str, seconds: float) -> None:
    """The company says too fast: nobody calls under this key for so long."""
    RateBucket.objects.filter(key=key).update(held_until=clock.wall() + timedelta(seconds=seconds))
