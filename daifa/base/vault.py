"""Sealing personal data and files: AES-256-GCM, key id in the blob, tenant + purpose as authenticated context.

The key ring is ``DAIFA_KEYS`` (``id:base64,id:base64``, the first seals, all open) or the 0600 file
``DAIFA_HOME/keys``. Search goes through keyed hashes (HMAC-SHA256, 16 bytes) of normalised values.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
from functools import lru_cache
from pathlib import Path

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from daifa.base.scope import current_tenant
from daifa.kit.errors import AppError


class CannotOpen(AppError):
    """A sealed value whose key is missing, or that was tampered with."""

    status = 500


def _parse(ring: str) -> list[tuple[int, bytes]]:
    keys = []
    for entry in ring.replace("\n", ",").split(","):
        if entry.strip():
            number, _, text = entry.strip().partition(":")
            keys.append((int(number), base64.b64decode(text)))
    return keys


def _file() -> Path:
    return Path(settings.DAIFA_HOME) / "keys"


def _write(keys: list[tuple[int, bytes]]) -> None:
    path = _file()
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(f".{os.getpid()}.tmp")
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        out.write("\n".join(f"{n}:{base64.b64encode(k).decode()}" for n, k in keys) + "\n")
    fresh.replace(path)


@lru_cache(maxsize=1)
def _ring() -> tuple[tuple[int, bytes], ...]:
    if settings.DAIFA_KEYS:
        return tuple(_parse(settings.DAIFA_KEYS))
    if not _file().exists():
        _write([(1, secrets.token_bytes(32))])
    return tuple(_parse(_file().read_text()))


def forget_keys() -> None:
    """Read the key ring again at the next use."""
    _ring.cache_clear()
    _cipher.cache_clear()
    _hash_key.cache_clear()


def add_key() -> int:
    """Put a new key in front of the ring file (rotation); returns its id. Raises AppError with an environment ring."""
    if settings.DAIFA_KEYS:
        raise AppError("keys_in_environment", "密钥来自环境变量 DAIFA_KEYS，请在那里把新密钥加在最前面。")
    ring = list(_ring())
    number = max(n for n, _ in ring) + 1
    _write([(number, secrets.token_bytes(32)), *ring])
    forget_keys()
    return number


def current_key() -> int:
    """The id of the key that seals now."""
    return _ring()[0][0]


def key_of(blob: bytes) -> int:
    """The id of the key a blob was sealed with."""
    return int.from_bytes(blob[:2])


@lru_cache(maxsize=4096)
def _cipher(number: int, tenant: int) -> AESGCM:
    for known, key in _ring():
        if known == number:
            return AESGCM(hmac.digest(key, b"seal:%d" % tenant, "sha256"))
    raise CannotOpen("key_missing", f"缺少第 {number} 号密钥，无法打开加密数据。请恢复 DAIFA_HOME/keys。")


@lru_cache(maxsize=4096)
def _hash_key(tenant: int) -> bytes:
    # The oldest key: search hashes survive a rotation until `rotate-keys` re-keys them.
    return hmac.digest(_ring()[-1][1], b"hash:%d" % tenant, "sha256")


def seal(data: bytes, purpose: str) -> bytes:
    """Seal bytes for the current tenant; ``purpose`` must be given again to open."""
    number, tenant = current_key(), current_tenant()
    nonce = os.urandom(12)
    context = f"{tenant}:{purpose}".encode()
    return number.to_bytes(2) + nonce + _cipher(number, tenant).encrypt(nonce, data, context)


def unseal(blob: bytes, purpose: str) -> bytes:
    """Open what ``seal`` made for the same tenant and purpose. Raises CannotOpen."""
    blob, tenant = bytes(blob), current_tenant()
    try:
        context = f"{tenant}:{purpose}".encode()
        return _cipher(key_of(blob), tenant).decrypt(blob[2:14], blob[14:], context)
    except InvalidTag as error:
        raise CannotOpen("sealed_broken", "加密数据与密钥不符，无法打开。") from error


def seal_json(value: object, purpose: str) -> bytes:
    """Seal a JSON value."""
    return seal(orjson.dumps(value), purpose)


def unseal_json(blob: bytes, purpose: str) -> dict[str, object]:
    """Open a sealed JSON object."""
    value: dict[str, object] = orjson.loads(unseal(blob, purpose))
    return value


def search_hash(kind: str, value: str) -> bytes:
    """The keyed hash (16 bytes) of a normalised value, for equality search inside the tenant; empty for empty."""
    if not value:
        return b""
    key = _hash_key(current_tenant())
    return hmac.digest(key, f"{kind}:{value}".encode(), "sha256")[:16]


def digest(data: bytes) -> str:
    """Keyed digest of a file's bytes, hexadecimal: names blobs and finds repeats without telling content."""
    return hmac.new(_hash_key(current_tenant()), data, hashlib.sha256).hexdigest()
