"""A running world from outside: its own door, and other companies' consent pages with their one button."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

import httpx


@dataclass(slots=True)
class Door:
    """A running world, as ``daifa world --json`` told of it."""

    told: Mapping[str, Any]

    @property
    def control(self) -> str:
        """The world's own door."""
        return str(self.told["control"])

    def company(self, key: str) -> Mapping[str, Any]:
        """Addresses, secrets and accounts of one company."""
        found: Mapping[str, Any] = self.told["companies"][key]
        return found

    @property
    def seed(self) -> int:
        """Which of all worlds it is: whoever knows the seed knows its catalogue."""
        return int(self.get("/state")["seed"])

    def post(self, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """Make something happen in the world."""
        answer = httpx.post(f"{self.control}{path}", json=dict(body or {}), timeout=120, trust_env=False)
        answer.raise_for_status()
        return answer.json()

    def get(self, path: str) -> Any:
        """Look into the world."""
        answer = httpx.get(f"{self.control}{path}", timeout=120, trust_env=False)
        answer.raise_for_status()
        return answer.json()


class _Form(HTMLParser):
    """The first form of a consent page: where it goes, its hidden fields, its options and its button."""

    def __init__(self) -> None:
        super().__init__()
        self.action = ""
        self.fields: dict[str, str] = {}
        self.options: dict[str, list[str]] = {}
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {k: v or "" for k, v in attrs}
        if tag == "form":
            self.action = said.get("action", "")
        elif tag == "select":
            self._select = said.get("name", "")
        elif tag == "option" and self._select:
            self.options.setdefault(self._select, []).append(said.get("value", ""))
        elif tag in {"input", "button"} and said.get("name"):
            self.fields.setdefault(said["name"], said.get("value", ""))


def consent(url: str, account: str) -> dict[str, str]:
    """Open the other company's page, choose the account and press the button; returns what it sends back to us."""
    with httpx.Client(timeout=30, trust_env=False, follow_redirects=False) as browser:
        page = browser.get(url)
        form = _Form()
        form.feed(page.text)
        said = form.fields | {name: account for name, values in form.options.items() if account in values}
        answer = browser.post(urljoin(url, form.action), data=said)
    back = answer.headers.get("location", "")
    return {k: v[0] for k, v in parse_qs(urlsplit(back).query).items()}
