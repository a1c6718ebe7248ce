"""Key rotation while the product runs: a new key seals, everything older is sealed anew in batches, old keys retire.

Resumable at any moment: whether something still hangs on an older key is written in the thing itself, so running it
again goes on where it stopped. Reading works throughout, because every key of the ring opens.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from functools import partial

from django.conf import settings
from django.db import transaction

from daifa.areas.accounts.services import applications, connections, people, second_factor
from daifa.areas.compliance.services import blocklist
from daifa.areas.logistics.services import sealing as logistics
from daifa.areas.mailroom.services import sealing as mailroom
from daifa.areas.orders.services import sealing as orders
from daifa.areas.orders.services import wishes
from daifa.areas.purchasing.services import sealing as purchasing
from daifa.base import idempotency, vault
from daifa.base.tenancy import tenant
from daifa.flows.reading import PASSWORD
from daifa.kit.errors import Conflict
from daifa.kit.values import dataclass

type Verb = Callable[..., int]
type Say = Callable[[str, int], None]
BATCH = 500
MOST_PASSES = 5

# The blocklist first and its old hashes last: a blocked receiver is recognised at every moment in between.
VERBS: Mapping[str, Verb] = {
    "黑名单": blocklist.reseal,
    "收件人": orders.reseal,
    "改地址申请": wishes.reseal,
    "供应商": purchasing.reseal,
    "回单疑问": logistics.reseal,
    "文件": mailroom.reseal,
    "文件密码": partial(mailroom.reseal_passwords, purpose=PASSWORD),
    "接口应答": idempotency.reseal,
    "应用密钥": applications.reseal,
    "授权": connections.reseal,
    "接口收件": mailroom.reseal_arrived,
    "接口记录": mailroom.reseal_calls,
}


@dataclass(frozen=True, slots=True)
class Rotated:
    """What a rotation did: the key that seals now, how much was sealed anew by kind, which keys retired."""

    key: int
    counts: dict[str, int]
    retired: list[int]


def rotate(say: Say = lambda _kind, _done: None) -> Rotated:
    """Begin a rotation, or go on with the one that was interrupted, to its end.

    Opens its own short transactions. ``say`` is told (kind, how many so far) after each batch. Raises Conflict when
    the keys come from the environment and no new one was added there.
    """
    if not vault.is_rotating():
        if settings.DAIFA_KEYS:
            raise Conflict(
                "add_key_first",
                "密钥来自环境变量 DAIFA_KEYS：请在最前面加上一把新密钥（编号:base64），重启产品，再运行本命令。",
            )
        vault.add_key()
    counts: Counter[str] = Counter()
    for _ in range(MOST_PASSES):
        if _pass(counts, say) == 0:
            break
    else:
        raise Conflict("still_sealing", "仍有数据在用旧密钥加密，请确认所有进程都已读到新密钥后再运行一次。")
    for number in people.every_company():
        with tenant(number):
            blocklist.forget_old_hashes()
            mailroom.sweep()
    return Rotated(vault.current_key(), dict(counts), vault.retire_old_keys())


def _pass(counts: Counter[str], say: Say) -> int:
    done = _until_none("动态码", second_factor.reseal, counts, say, transaction.atomic)
    for number in people.every_company():
        for kind, verb in VERBS.items():
            done += _until_none(kind, verb, counts, say, partial(tenant, number))
    return done


def _until_none(
    kind: str, verb: Verb, counts: Counter[str], say: Say, enter: Callable[[], AbstractContextManager[None]]
) -> int:
    done = 0
    while True:
        with enter():
            n = verb(limit=BATCH)
        if n == 0:
            return done
        done += n
        counts[kind] += n
        say(kind, counts[kind])
