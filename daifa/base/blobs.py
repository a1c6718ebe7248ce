"""Sealed files by digest under ``DAIFA_HOME/blobs``: what arrived and what was produced, as it was."""

from __future__ import annotations

import os
import secrets
import zlib
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from daifa.base import vault
from daifa.base.scope import current_tenant
from daifa.kit.errors import NotFound


def _path(digest: str) -> Path:
    return Path(settings.DAIFA_HOME) / "blobs" / str(current_tenant()) / digest[:2] / digest


def put(data: bytes) -> str:
    """Store bytes sealed (compressed first); returns the keyed digest. Storing the same twice is once."""
    digest = vault.digest(data)
    path = _path(digest)
    if not path.exists():
        for folder in (path.parents[2], path.parents[1], path.parent):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = path.with_suffix(f".{secrets.token_hex(6)}.tmp")
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            out.write(vault.seal(zlib.compress(data, 1), f"blob:{digest}"))
            out.flush()
            os.fsync(out.fileno())
        fresh.replace(path)
    return digest


def get(digest: str) -> bytes:
    """The bytes of a stored file. Raises NotFound when its retention is over."""
    path = _path(digest)
    if not path.exists():
        raise NotFound("file_gone", "原文件已过保留期或不存在，请重新上传。")
    return zlib.decompress(vault.unseal(path.read_bytes(), f"blob:{digest}"))


def reseal(digest: str) -> str:
    """The same file under the newest key; returns its new digest. The old one stays until ``remove``."""
    return put(get(digest))


def exists(digest: str) -> bool:
    """Whether the content of a stored file is there."""
    return _path(digest).exists()


def stored() -> Iterator[str]:
    """The digest of every file of the tenant that is on disk."""
    home = Path(settings.DAIFA_HOME) / "blobs" / str(current_tenant())
    for folder in home.iterdir() if home.exists() else ():
        yield from (f.name for f in folder.iterdir() if len(f.name) == 64)


def needs_reseal(digest: str) -> bool:
    """Whether a file is there and sealed by an older key."""
    try:
        with _path(digest).open("rb") as content:
            return vault.key_of(content.read(2)) != vault.current_key()
    except FileNotFoundError:
        return False


def remove(digest: str) -> None:
    """Shred a stored file; removing what is gone is nothing."""
    _path(digest).unlink(missing_ok=True)
