"""Backup, restore and doctor on real installations: what comes back is what was there, or it is refused."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from daifa.entry import postgres
from daifa.kit.values import dataclass
from tests.flows import files

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(os.environ.get("DATABASE_URL")), reason="needs servers of its own"),
]


@dataclass(frozen=True, slots=True)
class Installation:
    """A home with the command line as its users have it."""

    home: Path

    def run(self, *argv: str, stdin: str = "") -> tuple[int, Any]:
        """Exit code and the JSON that was printed."""
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-m", "daifa.entry.cli", "--json", *argv],
            env={**os.environ, "DAIFA_HOME": str(self.home)}, input=stdin, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.stdout, done.stderr
        return done.returncode, json.loads(done.stdout)

    def findings(self) -> dict[str, str]:
        """What the doctor finds that is not well: part → level."""
        _, told = self.run("doctor")
        aside = {"后台任务", "网页"}  # no product runs here, and the bundle is not what is tested
        return {f["part"]: f["level"] for f in told["findings"] if f["level"] != "ok" and f["part"] not in aside}


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    """A small company that has imported a file; its database runs for the test."""
    made = Installation(tmp_path / "one")
    postgres.start(made.home)
    try:
        assert (
            made.run("init", "--company-name", "试", "--owner", "boss", "--password-stdin", stdin="daifa-demo-2026\n")[
                0
            ]
            == 0
        )
        orders = tmp_path / "订单.csv"
        orders.write_bytes(files.douyin({"主订单编号": "6900000000000000001"}, {"主订单编号": "6900000000000000002"}))
        assert made.run("import", str(orders), "--new-shop", "douyin:一店")[0] == 0
        yield made
    finally:
        postgres.stop(made.home)


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Installation]:
    """A home where nothing is yet."""
    made = Installation(tmp_path / "two")
    yield made
    postgres.stop(made.home)


def test_a_backup_comes_back_whole(installation: Installation, empty: Installation, tmp_path: Path) -> None:
    target = tmp_path / "backup"
    code, told = installation.run("backup", str(target))
    assert (code, told["files"] >= 1, told["rows"] > 20) == (0, True, True)
    assert (tmp_path / "backup.keys").stat().st_mode & 0o777 == 0o600
    assert not list(target.rglob("keys*")), "the keys lie apart"
    everything = b"".join(p.read_bytes() for p in target.rglob("*") if p.is_file())
    assert "王小明".encode() not in everything
    assert b"17012345678" not in everything
    assert installation.run("backup", str(target))[1]["code"] == "target_not_empty"

    before = installation.run("orders")[1]
    code, back = empty.run("restore", str(target))
    assert (code, back["rows"], back["files"]) == (0, told["rows"], told["files"])
    assert empty.run("orders")[1] == before
    assert empty.findings() == {}
    assert empty.run("restore", str(target))[1]["code"] == "home_not_empty"


def test_a_damaged_backup_or_the_wrong_keys_restore_nothing(
    installation: Installation, empty: Installation, tmp_path: Path
) -> None:
    target = tmp_path / "backup"
    assert installation.run("backup", str(target))[0] == 0
    keys = tmp_path / "backup.keys"
    right = keys.read_text()
    keys.rename(tmp_path / "elsewhere")
    assert empty.run("restore", str(target))[1]["code"] == "keys_missing"
    keys.write_text(json.dumps({"keys": "1:" + "A" * 43 + "=\n"}))
    assert empty.run("restore", str(target))[1]["code"] == "keys_wrong"
    keys.write_text("not what a backup wrote")
    assert empty.run("restore", str(target))[1]["code"] == "backup_unreadable"
    keys.write_text(right)
    blob = next(p for p in (target / "blobs").rglob("*") if p.is_file())
    content = blob.read_bytes()
    blob.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    assert empty.run("restore", str(target))[1]["code"] == "blob_damaged"
    blob.write_bytes(content)
    with (target / "database.dump").open("ab") as dump:
        dump.write(b"x")
    assert empty.run("restore", str(target))[1]["code"] == "dump_damaged"
    (target / "manifest.json").unlink()
    assert empty.run("restore", str(target))[1]["code"] == "no_backup"
    assert not (empty.home / "pg").exists(), "nothing was begun"


def test_the_doctor_finds_what_was_broken(installation: Installation) -> None:
    keys = installation.home / "keys"
    keys.chmod(0o644)
    assert installation.findings() == {"密钥": "bad"}
    keys.chmod(0o600)
    content = next(p for p in (installation.home / "blobs").rglob("*") if p.is_file())
    content.rename(installation.home / "moved")
    assert installation.findings() == {"文件": "bad"}
    (installation.home / "moved").rename(content)
    right = keys.read_text()
    keys.unlink()
    assert installation.findings() == {"密钥": "bad"}
    assert not keys.exists(), "a doctor makes no key"
    keys.write_text("1:" + "A" * 43 + "=\n")
    keys.chmod(0o600)
    assert installation.findings()["密钥"] == "bad"
    keys.write_text(right)
    assert installation.findings() == {}


def test_keys_rotate_from_the_command_line(installation: Installation) -> None:
    code, told = installation.run("rotate-keys")
    assert (code, told["key"], told["retired"]) == (0, 2, [1])
    assert told["resealed"]["收件人"] == 2
    assert installation.findings() == {}
