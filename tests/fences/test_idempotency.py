"""A POST with an Idempotency-Key happens once: same key same answer, another body 409; on every route that creates."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import orjson
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections

from daifa.base import bulk, idempotency
from daifa.base.models import Answered
from daifa.base.tenancy import tenant
from daifa.entry.commands.product import document
from daifa.kit import clock
from tests.browser import PASSWORD, Browser, Company
from tests.fences.test_routes import PUBLIC
from tests.flows import files

CREATORS: dict[str, Callable[[Company, str], dict[str, object]]] = {
    "/shops": lambda c, mark: {"platform": "pdd", "name": f"店{mark}"},
    "/members": lambda c, mark: {"login": f"x-{mark}-{c.mark}", "password": PASSWORD, "role": "viewer"},
    "/tokens": lambda c, mark: {"name": mark, "scopes": ["orders.view"], "days": 9},
    "/suppliers": lambda c, mark: {"name": f"供应商{mark}"},
}


def test_the_document_names_the_key_on_every_post_behind_a_session() -> None:
    spec = orjson.loads(document())
    silent = [
        path
        for path, operations in spec["paths"].items()
        if "post" in operations
        and f"POST {path}" not in PUBLIC
        and not any(p["name"] == "Idempotency-Key" for p in operations["post"].get("parameters", []))
    ]
    assert not silent


@pytest.mark.parametrize("path", CREATORS)
def test_asking_twice_is_done_once_and_answered_alike(tenant_number: int, path: str) -> None:
    company = Company()
    body = CREATORS[path](company, "甲")
    first = company.owner.post(path, body, key="one")
    before = company.owner.get("/audit")["total"]
    assert company.owner.post(path, body, key="one") == first
    assert company.owner.get("/audit")["total"] == before, "the second time did something"
    other = company.owner.call("POST", path, CREATORS[path](company, "乙"), key="one")
    assert (other.status_code, orjson.loads(other.content)["code"]) == (409, "key_reused")
    assert company.owner.post(path, CREATORS[path](company, "乙"), key="two") != first


def test_a_key_belongs_to_its_person_and_its_company(tenant_number: int) -> None:
    one, two = Company(), Company()
    body = {"platform": "pdd", "name": "一店"}
    mine = one.owner.post("/shops", body, key="same")
    assert two.owner.post("/shops", body, key="same")["id"] != mine["id"]
    _, colleague = one.hire("operator")
    answer = colleague.call("POST", "/shops", body, key="same")
    assert answer.status_code == 409, "their own wish: the shop exists already"
    assert orjson.loads(answer.content)["code"] == "shop_exists"


def test_a_refusal_frees_its_key(tenant_number: int) -> None:
    company = Company()
    bad = company.owner.call("POST", "/shops", {"platform": "pdd", "name": " "}, key="k")
    assert bad.status_code == 422
    assert company.owner.post("/shops", {"platform": "pdd", "name": "一店"}, key="k")["name"] == "一店"


def test_two_at_the_same_moment_are_one(tenant_number: int) -> None:
    company = Company()
    start = threading.Barrier(4)

    def ask(_n: int) -> bytes:
        browser = Browser()
        browser.client.cookies.load(company.owner.client.cookies.output(header="", sep=";"))
        try:
            start.wait(10)
            return browser.call("POST", "/shops", {"platform": "pdd", "name": "一店"}, key="at once").content
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        answers = set(pool.map(ask, range(4)))
    assert len(answers) == 1
    assert len(company.owner.get("/shops")) == 1


def _upload(browser: Browser, data: bytes, key: str) -> tuple[int, bytes]:
    headers = {"X-CSRFToken": browser.client.cookies["csrftoken"].value, "Idempotency-Key": key}
    answer = browser.client.post(
        "/api/imports", {"files": SimpleUploadedFile("订单.csv", data)}, headers=headers
    )  # fmt: skip
    return answer.status_code, answer.content


def test_an_upload_is_compared_by_its_files(tenant_number: int) -> None:
    company = Company()
    data = files.douyin({"主订单编号": "6901"})
    first = _upload(company.owner, data, "up")
    assert first[0] == 200, first[1].decode()
    assert _upload(company.owner, data, "up") == first
    assert _upload(company.owner, files.douyin({"主订单编号": "6902"}), "up")[0] == 409


def test_a_file_is_made_again_not_remembered(tenant_number: int) -> None:
    company = Company()
    one = company.owner.call("POST", "/audit/export", {}, key="x")
    two = company.owner.call("POST", "/audit/export", {}, key="x")
    assert (one.status_code, two.status_code) == (200, 200)
    assert two.content[:2] == b"PK"


def test_answers_are_sealed_and_forgotten(tenant_number: int) -> None:
    company = Company()
    company.owner.post("/shops", {"platform": "pdd", "name": "秘密店铺"}, key="k")
    with tenant(company.number):
        stored = bulk.select("SELECT answer, body_digest FROM base_answered WHERE tenant_id = {tenant}")
        assert "秘密店铺".encode() not in bytes(stored[0][0])
        with clock.frozen(clock.now() + idempotency.KEEP * 2):
            assert idempotency.forget_old() == 1
        assert not Answered.objects.exists()


def test_a_key_has_a_length(tenant_number: int) -> None:
    company = Company()
    answer = company.owner.call("POST", "/shops", {"platform": "pdd", "name": "一店"}, key="k" * 300)
    assert orjson.loads(answer.content)["code"] == "key_too_long"
