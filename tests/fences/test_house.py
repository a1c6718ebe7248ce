"""The house's own rules that no linter knows: file sizes, folder names, glossary, the page's policy."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.test import Client

ROOT = Path(__file__).resolve().parents[2]
PYTHON_LINES, WEB_LINES = 400, 250
FORBIDDEN_FOLDERS = {"utils", "util", "helpers", "common", "manager", "managers", "misc"}


def files(*suffixes: str) -> list[Path]:
    """Files of the project: what git knows, and what will be added."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if listed.returncode:
        return [p for p in ROOT.rglob("*") if p.suffix in suffixes and not {".venv", "node_modules"} & {*p.parts}]
    return [ROOT / name for name in listed.stdout.splitlines() if name.endswith(suffixes) and (ROOT / name).exists()]


def _lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def test_a_python_file_is_one_idea() -> None:
    sizes = {str(p.relative_to(ROOT)): _lines(p) for p in files(".py") if "migrations" not in p.parts}
    assert sizes, "no files found"
    assert not {name: n for name, n in sizes.items() if n > PYTHON_LINES}


def test_a_screens_file_is_one_idea() -> None:
    sizes = {str(p.relative_to(ROOT)): _lines(p) for p in files(".ts", ".tsx") if p.name != "schema.d.ts"}
    assert not {name: n for name, n in sizes.items() if n > WEB_LINES}


def test_frozen_values_are_the_quick_ones() -> None:
    """The standard library's are six times slower to make; see ``daifa.kit.values``."""
    slow = re.compile(r"^from dataclasses import .*\bdataclass\b", re.MULTILINE)
    texts = {p: p.read_text(encoding="utf-8") for p in files(".py") if p.relative_to(ROOT).parts[0] == "daifa"}
    assert not [str(p) for p, text in texts.items() if "frozen=True, slots=True" in text and slow.search(text)]


def test_no_folder_is_a_drawer_for_everything() -> None:
    parts = {part for p in files(".py", ".ts", ".tsx") for part in p.relative_to(ROOT).parts[:-1]}
    assert not parts & FORBIDDEN_FOLDERS


def _glossary() -> str:
    return (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")


def _term(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()


MODELS = sorted(m.__name__ for m in apps.get_models() if m.__module__.startswith("daifa."))


@pytest.mark.parametrize("name", MODELS)
def test_every_table_has_its_word_in_the_glossary(name: str) -> None:
    assert f"`{_term(name)}`" in _glossary(), f"add the Chinese word for `{_term(name)}` to docs/glossary.md"


def test_a_word_stands_for_one_thing() -> None:
    terms = re.findall(r"^\| [^|]+ \| `([^`]+)` \|", _glossary(), re.MULTILINE)
    assert len(terms) > len(MODELS)
    assert len(terms) == len(set(terms))


def test_screens_call_a_thing_by_its_one_name() -> None:
    """By hand in the platform's back office it is 厂家代打, by its API 厂商代发."""
    twins = re.compile("平台" + "代[发打]|厂家" + "代发")
    shown = [p for p in files(".py", ".ts", ".tsx") if p.relative_to(ROOT).parts[0] in {"daifa", "web"}]
    assert shown
    assert not [str(p) for p in shown if twins.search(p.read_text(encoding="utf-8"))]


def test_merchants_read_no_technicians_words() -> None:
    words = re.compile("粘贴 ?token|熔断|令牌有效期|推送地址|由数据库保证|OpenAPI 文件|X-Daifa-Key")
    shown = [
        p for p in files(".ts", ".tsx", "card.py", "errors.py") if p.relative_to(ROOT).parts[0] in {"daifa", "web"}
    ]
    found = {str(p.relative_to(ROOT)): words.findall(p.read_text(encoding="utf-8")) for p in shown}
    assert not {name: said for name, said in found.items() if said}


def test_permissions_have_no_twins() -> None:
    from daifa.base.permissions import PERMISSIONS

    assert len(set(PERMISSIONS.values())) == len(PERMISSIONS)
    assert all(re.fullmatch(r"[a-z]+\.[a-z]+", key) for key in PERMISSIONS)


@pytest.mark.parametrize("path", ["/api/me", "/healthz", "/", "/orders?x=1", "/api/nothing-here"])
def test_every_answer_carries_the_content_policy(tenant_number: int, path: str) -> None:
    answer = Client().get(path)
    policy = answer["Content-Security-Policy"]
    parts = dict(p.strip().partition(" ")[::2] for p in policy.split(";"))
    assert "unsafe" not in policy
    assert re.search(r"'nonce-[\w-]{20,}'", parts["style-src"])
    assert parts["script-src"] == "'self'"
    assert (parts["default-src"], parts["object-src"], parts["base-uri"]) == ("'self'", "'none'", "'none'")
    assert parts["frame-ancestors"] == "'none'"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert Client().get(path)["Content-Security-Policy"] != policy, "a nonce is used once"


def test_pictures_come_by_https_only_unless_a_world_beside_draws_them(settings: Any) -> None:
    def sources() -> str:
        policy = Client().get("/healthz")["Content-Security-Policy"]
        return " ".join(re.findall(r"img-src ([^;]*)", policy)[0].split())

    assert sources() == "'self' data: blob: https:"
    settings.PICTURES_FROM = "http://127.0.0.1:*"
    assert sources() == "'self' data: blob: https: http://127.0.0.1:*"


def test_the_page_gives_its_styles_the_nonce_and_has_no_inline_script() -> None:
    text = (ROOT / "web" / "index.html").read_text(encoding="utf-8")
    assert "__CSP_NONCE__" in text
    assert not re.search(r"<script(?![^>]*\bsrc=)[^>]*>\s*\S", text)
    assert " style=" not in text
