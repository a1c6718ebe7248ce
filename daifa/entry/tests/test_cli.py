"""Whatever goes wrong beneath a command: one Chinese line that says what to do, exit code 1, JSON for scripts."""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import OperationalError, ProgrammingError

from daifa.entry import cli, failures
from daifa.entry.postgres import NotStarted


def _cause(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    """A command that fails so."""

    def fails(_arguments: argparse.Namespace) -> int:
        raise error

    def parser(_argv: list[str]) -> argparse.ArgumentParser:
        made = argparse.ArgumentParser()
        made.add_argument("--json", action="store_true")
        made.set_defaults(run=fails)
        return made

    monkeypatch.setattr(cli, "_parser", parser)


def _left(*argv: str) -> int:
    with pytest.raises(SystemExit) as left:
        cli.main(list(argv))
    return int(left.value.code or 0)


@pytest.mark.parametrize(
    ("error", "code", "what_to_do"),
    [
        (OperationalError("connection to server failed\nIs it running?"), "database_unreachable", "daifa doctor"),
        (psycopg.OperationalError("down"), "database_unreachable", "再试一次"),
        (ProgrammingError('relation "orders_order" does not exist'), "database_other_version", "./start"),
        (NotStarted("initdb 失败：\nno space"), "database_not_started", "daifa doctor"),
        (PermissionError(13, "Permission denied", "/x/y.xlsx"), "file_trouble", "“/x/y.xlsx”"),
        (RuntimeError("a bug with 13812345678 in it"), "internal", "细节在"),
    ],
)
def test_every_failure_is_one_line(
    error: Exception, code: str, what_to_do: str, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    settings.DAIFA_HOME = str(tmp_path)
    _cause(error, monkeypatch)
    assert _left() == 1
    said = capsys.readouterr()
    assert (said.out, said.err.count("\n"), what_to_do in said.err) == ("", 1, True)
    assert "Traceback" not in said.err
    assert _left("--json") == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["refused"], told["code"], what_to_do in told["message"]) == (True, code, True)


def test_the_details_of_a_bug_are_kept_without_data(
    monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.DAIFA_HOME = str(tmp_path)
    _cause(RuntimeError("a bug with '王小明' 13812345678 in it"), monkeypatch)
    _left()
    kept = json.loads((tmp_path / "log" / failures.LOG).read_text())
    assert kept["error"]["type"] == "RuntimeError"
    assert any("test_cli" in place for place in kept["error"]["at"])
    assert "13812345678" not in str(kept)


_URLS = {"DATABASE_URL": "app", "DATABASE_OWNER_URL": "owner"}


def _alone(home: Path, *argv: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A command in a process of its own, as a shell starts it: none of the settings of these tests go along."""
    outer = {k: v for k, v in os.environ.items() if not k.startswith(("DAIFA_", "DATABASE_"))}
    return subprocess.run(
        [sys.executable, "-m", "daifa.entry.cli", *argv], capture_output=True, text=True, check=False, timeout=60,
        input="\n", env={**outer, "DAIFA_HOME": str(home), **environment},
    )  # fmt: skip


@pytest.mark.parametrize("verb", ["doctor", "orders"])
def test_a_data_folder_that_cannot_be_is_told_in_a_line(verb: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    found = _alone(tmp_path / "file", verb)
    assert (found.returncode, found.stdout, found.stderr.count("\n")) == (1, "", 1)
    assert "同名的文件已经在那里。请检查 DAIFA_HOME" in found.stderr
    assert json.loads(_alone(tmp_path / "file", verb, "--json").stdout)["refused"] is True


def test_a_setting_that_cannot_be_read_is_told_in_a_line(tmp_path: Path) -> None:
    found = _alone(tmp_path, "orders", DAIFA_POOL="many")
    assert (found.returncode, found.stderr.count("\n")) == (1, 1)
    assert ".env.example" in found.stderr


def test_a_preview_and_the_fields_write_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("订单号,商品名称,数量\n1001,杯子,2\n")
    for argv in (["fields"], ["import", "--preview", str(tmp_path / "a.csv")]):
        assert _alone(tmp_path / "home", *argv).returncode == 0
        assert not (tmp_path / "home").exists()


def test_a_database_that_is_not_there_is_told_in_chinese_and_soon(tmp_path: Path) -> None:
    nowhere = {name: f"postgresql://daifa_{role}:x@127.0.0.1:9/daifa" for name, role in _URLS.items()}
    found = _alone(tmp_path, "orders", **nowhere)
    assert (found.returncode, found.stderr.count("\n")) == (1, 1)
    assert "那个地址和端口上没有数据库" in found.stderr
    looked = _alone(tmp_path, "doctor", **nowhere)
    assert (looked.returncode, looked.stderr) == (1, "")
    assert "✖ 数据库：连不上" in looked.stdout


@pytest.mark.parametrize(
    "argv", [[], ["no-such"], ["orders", "--nope"], ["orders", "--tab", "x"], ["orders", "--limit", "x"],
             ["import", "a", "--shop", "x", "--new-shop", "y"], ["undo-import", "x"], ["init", "--owner"]],
)  # fmt: skip
def test_wrong_usage_is_told_in_chinese(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert _left(*argv) == 2
    said = capsys.readouterr().err
    assert said.startswith("用法：")
    assert not re.search(r"error|argument|invalid|expected|choice|required|allowed", said.splitlines()[-1])


@pytest.mark.parametrize("argv", [["no-such"], ["orders", "--nope"], ["world", "--nope"], ["--company"]])
def test_wrong_usage_is_json_for_a_program(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert _left(*argv, "--json") == 2
    said = capsys.readouterr()
    told = json.loads(said.out)
    assert (told["refused"], told["code"], said.err) == (True, "usage", "")
    assert re.search(r"[一-龥]", told["message"])


@pytest.mark.parametrize(
    "argv", [["orders"], ["holds", "--company", "x"], ["import", "a.csv"], ["rotate-keys"], ["backup", "b"], ["doctor"]]
)
def test_a_refused_command_in_an_empty_place_leaves_it_empty(argv: list[str], tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("订单号,商品名称,数量\n1001,杯子,2\n")
    home = tmp_path / "home"
    home.mkdir()
    given = [str(tmp_path / a) if a in {"a.csv", "b"} else a for a in argv]
    found = _alone(home, *given)
    assert (found.returncode, list(home.iterdir())) == (1, [])
    assert argv == ["doctor"] or "还没有公司，请先运行 ./start" in found.stderr


def test_a_founder_who_is_refused_makes_no_database(tmp_path: Path) -> None:
    found = _alone(tmp_path, "init", "--name", "甲", "--owner", "a", "--password-stdin")
    assert (found.returncode, (tmp_path / "pg").exists()) == (1, False)
    assert "密码" in found.stderr


def test_help_is_in_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    assert _left("import", "--help") == 0
    told = capsys.readouterr().out
    assert ("用法：" in told, "选项" in told, "show this help" in told) == (True, True, False)
