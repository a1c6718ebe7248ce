"""The key ring: made once, never silently anew, private, known by its fingerprint."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from daifa.base import blobs, vault
from daifa.base.scope import current


@pytest.fixture
def home(tmp_path: Path, settings: object) -> Path:
    """An installation of its own."""
    settings.DAIFA_HOME = str(tmp_path)  # type: ignore[attr-defined]  # pytest-django's settings
    settings.DAIFA_KEYS = ""  # type: ignore[attr-defined]  # pytest-django's settings
    vault.forget_keys()
    return tmp_path


@pytest.fixture(autouse=True)
def _forget() -> object:
    token = current.set(7)
    yield
    current.reset(token)
    vault.forget_keys()


def test_the_first_key_is_made_private_and_remembered(home: Path) -> None:
    assert vault.current_key() == 1
    assert (home / "keys").stat().st_mode & 0o777 == 0o600
    assert vault.known_fingerprints() == {1: vault.fingerprint(vault.ring()[0][1])}
    assert vault.ring()[0][1].hex() not in (home / "keys.known").read_text()


def test_a_lost_key_file_is_not_replaced_by_a_new_one(home: Path) -> None:
    vault.seal(b"x", "y")
    (home / "keys").unlink()
    vault.forget_keys()
    with pytest.raises(vault.CannotOpen, match="不见了"):
        vault.seal(b"x", "y")
    assert not (home / "keys").exists()


def test_another_process_rotation_is_seen_in_a_moment(home: Path) -> None:
    blob = vault.seal(b"x", "y")
    ring = (home / "keys").read_text()
    fresh = "2:" + "C" * 43 + "=\n" + ring
    vault.write_private(home / "keys", fresh)
    time.sleep(vault.FRESH)
    assert vault.current_key() == 2
    assert vault.unseal(blob, "y") == b"x"


def test_a_missing_key_says_what_to_do(home: Path) -> None:
    vault.add_key()
    blob = vault.seal(b"x", "y")
    lines = (home / "keys").read_text().splitlines()
    vault.write_private(home / "keys", lines[1] + "\n")
    vault.forget_keys()
    with pytest.raises(vault.CannotOpen, match="缺少第 2 号密钥"):
        vault.unseal(blob, "y")


def test_a_seal_is_for_one_owner_and_purpose(home: Path) -> None:
    mine = vault.seal(b"x", "p", owner=vault.INSTALLATION)
    assert vault.unseal(mine, "p", owner=vault.INSTALLATION) == b"x"
    for purpose, owner in (("q", vault.INSTALLATION), ("p", None)):
        with pytest.raises(vault.CannotOpen):
            vault.unseal(mine, purpose, owner=owner)
    broken = mine[:-1] + bytes([mine[-1] ^ 1])
    with pytest.raises(vault.CannotOpen):
        vault.unseal(broken, "p", owner=vault.INSTALLATION)


def test_files_are_private_found_again_and_moved_to_a_new_key(home: Path) -> None:
    digest = blobs.put("张三".encode() * 100)
    [path] = [p for p in (home / "blobs").rglob("*") if p.is_file()]
    assert path.stat().st_mode & 0o777 == 0o600
    assert "张三".encode() not in path.read_bytes()
    assert list(blobs.stored()) == [digest]
    vault.add_key()
    assert blobs.needs_reseal(digest)
    moved = blobs.reseal(digest)
    assert (blobs.get(moved), blobs.needs_reseal(moved)) == ("张三".encode() * 100, False)
    blobs.remove(digest)
    assert not blobs.exists(digest)
    left = [p for p in (home / "blobs").rglob("*") if p.is_file()]
    assert path not in left
    assert len(left) == 1
