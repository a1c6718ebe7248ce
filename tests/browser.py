"""A person at a browser, for tests of routes: a company, its people, requests with session and CSRF as in life."""

from __future__ import annotations

import itertools
from typing import Any
from uuid import uuid4

import orjson
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.http import HttpResponse
from django.test import Client

from daifa.areas.accounts.services import people

PASSWORD = "daifa-demo-2026"
AGENT = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/130.0 Safari/537.36"
# Slow hashing is what passwords need and tests do not: the same algorithm, a hundred times cheaper.
Argon2PasswordHasher.time_cost, Argon2PasswordHasher.memory_cost, Argon2PasswordHasher.parallelism = 1, 64, 1
_numbers = itertools.count(1)


class Browser:
    """One browser: keeps its cookies, sends the CSRF token as the web application does."""

    def __init__(self, address: str = "127.0.0.1", **headers: str) -> None:
        self.client = Client(
            enforce_csrf_checks=True, raise_request_exception=False, REMOTE_ADDR=address,
            headers={"User-Agent": AGENT, **headers},
        )  # fmt: skip

    def call(self, method: str, path: str, body: object = None, *, key: str = "", token: str = "") -> HttpResponse:
        """One request with a JSON body."""
        headers = {}
        if "csrftoken" in self.client.cookies:
            headers["X-CSRFToken"] = self.client.cookies["csrftoken"].value
        if key:
            headers["Idempotency-Key"] = key
        if token:
            headers["Authorization"] = f"Bearer {token}"
        data = b"" if body is None else orjson.dumps(body)
        answer: HttpResponse = self.client.generic(  # type: ignore[assignment]  # the test client's subclass
            method, f"/api{path}", data, content_type="application/json", headers=headers
        )
        return answer

    def get(self, path: str) -> Any:
        """A GET that must succeed; its JSON."""
        return self._good(self.call("GET", path))

    def post(self, path: str, body: object = None, *, key: str = "") -> Any:
        """A POST that must succeed; its JSON."""
        return self._good(self.call("POST", path, {} if body is None else body, key=key))

    def refused(self, method: str, path: str, body: object = None) -> tuple[int, str]:
        """A request that must be refused: (status, code)."""
        answer = self.call(method, path, body)
        assert answer.status_code >= 400, answer.content
        return answer.status_code, str(orjson.loads(answer.content)["code"])

    @staticmethod
    def _good(answer: HttpResponse) -> Any:
        assert answer.status_code == 200, (answer.status_code, answer.content.decode())
        return orjson.loads(answer.content)

    def sign_in(self, login: str, password: str = PASSWORD, code: str = "") -> None:
        """Sign in."""
        self.get("/me")
        self.post("/sign-in", {"login": login, "password": password, "code": code})


class Company:
    """A fresh company with an owner who is signed in."""

    def __init__(self) -> None:
        self.mark = f"{next(_numbers)}-{uuid4().hex[:6]}"
        self.owner_login = f"boss-{self.mark}"
        self.number, self.owner_id = people.create_company(
            name=f"公司{self.mark}", login=self.owner_login, password=PASSWORD, owner_name="老板"
        )
        self.owner = Browser()
        self.owner.sign_in(self.owner_login)

    def hire(self, role: str, **more: object) -> tuple[dict[str, Any], Browser]:
        """A new member with this role, signed in."""
        login = f"{role}-{next(_numbers)}-{self.mark}"
        body = {"login": login, "password": PASSWORD, "name": f"{role}甲", "role": role, **more}
        made: dict[str, Any] = self.owner.post("/members", body)
        browser = Browser()
        browser.sign_in(login)
        return made, browser
