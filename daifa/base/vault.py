"""Sealing personal data and files: AES-256-GCM, key id in the blob, tenant + purpose as authenticated context.

The key ring is ``DAIFA_KEYS`` (``id:base64,id:base64``, the first seals, all open) or the 0600 file
``DAIFA_HOME/keys``, looked at again every twentieth of a second, so that keys rotate while the product runs. Search
goes through keyed hashes (HMAC-SHA256, 16 bytes) of normalised values. Retired keys are kept in ``keys.retired``.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
import time
from functools import lru_cache
from pathlib import Path

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from daifa.base.scope import current_tenant
from daifa.kit.errors import AppError

type Ring = tuple[tuple[int, bytes], ...]
INSTALLATION = 0  # the owner of what belongs to no tenant (a user's one-time-code secret)


class CannotOpen(AppError):
    """A sealed value whose key is missing, or that was tampered with."""

    status = 500


@lru_cache(maxsize=8)
def _parse(ring: str) -> Ring:
    keys = []
    for entry in ring.replace("\n", ",").split(","):
        if entry.strip():
            number, _, text = entry.strip().partition(":")
            keys.append((int(number), base64.b64decode(text)))
    return tuple(keys)


def ring_file() -> Path:
    """Where the key ring is, unless it comes from the environment."""
    return Path(settings.DAIFA_HOME) / "keys"


def _beside(name: str) -> Path:
    return ring_file().with_name(f"keys.{name}")


def _text(keys: Ring) -> str:
    return "\n".join(f"{n}:{base64.b64encode(k).decode()}" for n, k in keys) + "\n"


def write_private(path: Path, text: str, *, only_new: bool = False) -> None:
    """Write a 0600 file whole or not at all; with ``only_new`` an existing one stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(6)}.tmp")
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    if not only_new:
        fresh.replace(path)
        return
    try:
        os.link(fresh, path)
    except FileExistsError:
        pass
    fresh.unlink()


def fingerprint(key: bytes) -> str:
    """What may be told about a key: enough to recognise it, nothing to use."""
    return hashlib.sha256(b"daifa:" + key).hexdigest()[:16]


def _write(keys: Ring) -> None:
    write_private(ring_file(), _text(keys))
    write_private(_beside("known"), "".join(f"{n} {fingerprint(k)}\n" for n, k in keys))


def known_fingerprints() -> dict[int, str]:
    """Key ids and fingerprints this installation has sealed with, as far as it remembers."""
    try:
        lines = _beside("known").read_text().split("\n")
    except FileNotFoundError:
        return {}
    return {int(n): mark for n, _, mark in (line.partition(" ") for line in lines) if n}


_seen: tuple[object, Ring] | None = None
# A batch of orders asks for the ring a hundred thousand times: the file is looked at every so many seconds.
FRESH = 0.05
_looked: tuple[str, float] = ("", 0.0)


def ring() -> Ring:
    """The key ring, newest key first. Makes a fresh installation's first key. Raises CannotOpen when lost."""
    global _seen, _looked
    if settings.DAIFA_KEYS:
        return _parse(settings.DAIFA_KEYS)
    # Asked for every value that is sealed: plain text instead of Path objects.
    path = f"{settings.DAIFA_HOME}/keys"
    now = time.monotonic()
    if _seen is not None and _looked[0] == path and now - _looked[1] < FRESH:
        return _seen[1]
    try:
        about = os.stat(path)  # noqa: PTH116
    except FileNotFoundError:
        if known_fingerprints():
            raise CannotOpen(
                "keys_lost", f"密钥文件 {path} 不见了。请从备份恢复它；没有它，加密的收件人和文件都打不开。"
            ) from None
        write_private(ring_file(), _text(((1, secrets.token_bytes(32)),)), only_new=True)
        _write(_parse(ring_file().read_text()))
        about = os.stat(path)  # noqa: PTH116
    stamp = (path, about.st_mtime_ns, about.st_ino)
    if _seen is None or _seen[0] != stamp:
        forget_keys()
        _seen = (stamp, _parse(ring_file().read_text()))
    _looked = (path, now)
    return _seen[1]


def forget_keys() -> None:
    """Read the key ring again at the next use."""
    global _seen
    _seen = None
    _cipher.cache_clear()
    _hash_key.cache_clear()


def add_key() -> int:
    """Put a new key in front of the ring file (rotation); returns its id. Raises AppError with an environment ring."""
    if settings.DAIFA_KEYS:
        raise AppError("keys_in_environment", "密钥来自环境变量 DAIFA_KEYS，请在那里把新密钥加在最前面。")
    before = ring()
    number = max(n for n, _ in before) + 1
    _write(((number, secrets.token_bytes(32)), *before))
    forget_keys()
    # From here on every other process seals with it too.
    time.sleep(FRESH)
    return number


def retire_old_keys() -> list[int]:
    """Take every key but the newest out of the ring; they stay openable from ``keys.retired`` for old backups."""
    if settings.DAIFA_KEYS or len(ring()) == 1:
        return []
    newest, *old = ring()
    write_private(_beside("retired"), _text((*old, *_retired())))
    _write((newest,))
    forget_keys()
    return [n for n, _ in old]


def _retired() -> Ring:
    path = _beside("retired")
    return _parse(path.read_text()) if not settings.DAIFA_KEYS and path.exists() else ()


def current_key() -> int:
    """The id of the key that seals now."""
    return ring()[0][0]


def is_rotating() -> bool:
    """Whether older keys are still in use."""
    return len(ring()) > 1


def key_of(blob: bytes) -> int:
    """The id of the key a blob was sealed with."""
    return int.from_bytes(bytes(blob[:2]))


def key_mark() -> bytes:
    """The first two bytes of everything that the newest key sealed."""
    return current_key().to_bytes(2)


@lru_cache(maxsize=4096)
def _cipher(number: int, owner: int) -> AESGCM:
    for known, key in (*ring(), *_retired()):
        if known == number:
            return AESGCM(hmac.digest(key, b"seal:%d" % owner, "sha256"))
    raise CannotOpen("key_missing", f"缺少第 {number} 号密钥，无法打开加密数据。请恢复 DAIFA_HOME/keys。")


@lru_cache(maxsize=4096)
def _hash_key(number: int, tenant: int) -> bytes:
    key = next(k for n, k in ring() if n == number)
    return hmac.digest(key, b"hash:%d" % tenant, "sha256")


def seal(data: bytes, purpose: str, *, owner: int | None = None) -> bytes:
    """Seal bytes for the current tenant (or ``INSTALLATION``); ``purpose`` must be given again to open."""
    number, whose = current_key(), current_tenant() if owner is None else owner
    nonce = os.urandom(12)
    context = f"{whose}:{purpose}".encode()
    return number.to_bytes(2) + nonce + _cipher(number, whose).encrypt(nonce, data, context)


def unseal(blob: bytes, purpose: str, *, owner: int | None = None) -> bytes:
    """Open what ``seal`` made for the same owner and purpose. Raises CannotOpen."""
    blob, whose = bytes(blob), current_tenant() if owner is None else owner
    try:
        context = f"{whose}:{purpose}".encode()
        return _cipher(key_of(blob), whose).decrypt(blob[2:14], blob[14:], context)
    except InvalidTag as error:
        raise CannotOpen("sealed_broken", "加密数据与密钥不符，无法打开。") from error


def reseal(blob: bytes, purpose: str, *, owner: int | None = None) -> bytes:
    """The same secret under the newest key."""
    return seal(unseal(blob, purpose, owner=owner), purpose, owner=owner)


def seal_json(value: object, purpose: str) -> bytes:
    """Seal a JSON value."""
    return seal(orjson.dumps(value), purpose)


def unseal_json(blob: bytes, purpose: str) -> dict[str, object]:
    """Open a sealed JSON object."""
    value: dict[str, object] = orjson.loads(unseal(blob, purpose))
    return value


def search_hash(kind: str, value: str) -> bytes:
    """The keyed hash (16 bytes) of a normalised value, to be stored; empty for empty."""
    return search_hashes(kind, value)[0]


def search_hashes(kind: str, value: str) -> list[bytes]:
    """The hashes to look for (``IN``): the newest key's first, older keys' while a rotation is under way."""
    if not value:
        return [b""]
    tenant, text = current_tenant(), f"{kind}:{value}".encode()
    return [hmac.digest(_hash_key(number, tenant), text, "sha256")[:16] for number, _ in ring()]


def lasting_hash(kind: str, value: str) -> bytes:
    """A keyed hash that a rotation does not change: for marks that cannot be made again from what is stored.

    It hangs on the oldest key, which ``keys.retired`` keeps. For search use ``search_hash``.
    """
    _, key = min((*ring(), *_retired()))
    tenant_key = hmac.digest(key, b"lasting:%d" % current_tenant(), "sha256")
    return hmac.digest(tenant_key, f"{kind}:{value}".encode(), "sha256")[:16]


def digest(data: bytes) -> str:
    """Keyed digest of a file's bytes, hexadecimal: names blobs and finds repeats without telling content."""
    return hmac.new(_hash_key(current_key(), current_tenant()), data, hashlib.sha256).hexdigest()
