"""The supplier protocol can be opened from the product; nothing else of the folder can."""

from __future__ import annotations

import re

import orjson
import pytest
from django.test import Client

from daifa.connectors import registry
from tests.browser import Company


def test_every_document_that_a_card_names_is_there() -> None:
    ours = [x.url for c in registry.cards() for x in c.links if x.url.startswith("/")]
    assert len(ours) == 2
    for url in ours:
        assert Client().get(url).status_code == 200
    assert b'"openapi"' in Client().get("/docs/supplier-protocol.openapi.json").getvalue()


@pytest.mark.parametrize("name", ["operations.md", "world.md", "nothing.md"])
def test_nothing_else_is(name: str) -> None:
    assert Client().get(f"/docs/{name}").status_code == 404


def test_an_address_that_nobody_can_guess_is_asked_for(transactional_db: None) -> None:
    company = Company()
    body = {"platform": "httpapi", "app_key": "k1", "secrets": {"app_secret": "s"}}
    assert company.owner.refused("POST", "/applications", body) == (422, "address_missing")
    wrong = {**body, "urls": {"gateway": "erp.example"}}
    assert company.owner.refused("POST", "/applications", wrong) == (422, "address_wrong")
    made = company.owner.post("/applications", {**body, "urls": {"gateway": " https://erp.example "}})
    assert made["urls"] == {"gateway": "https://erp.example"}
    change = f"/applications/{made['id']}"
    for urls, code in (
        ({}, "address_missing"), ({"gateway": "erp.example"}, "address_wrong"),
        ({"gateway": "https://"}, "address_wrong"),
        ({"gateway": "https://erp.example/a b"}, "address_wrong"), ({"gateway": "ftp://erp.example"}, "address_wrong"),
        ({"gateway": "https://erp.example", "else": "https://x"}, "address_unknown"),
    ):  # fmt: skip
        answer = company.owner.call("PUT", change, {"version": made["version"], "urls": urls})
        told = orjson.loads(answer.content)
        assert (answer.status_code, told["code"]) == (422, code), urls
        assert code == "address_unknown" or "接口地址" in told["data"]["fields"]["urls.gateway"], told
    kept = company.owner.call("PUT", change, {"version": made["version"], "urls": {"gateway": "http://127.0.0.1:9/x"}})
    assert orjson.loads(kept.content)["urls"] == {"gateway": "http://127.0.0.1:9/x"}
    [card] = [c for c in company.owner.get("/connections")["cards"] if c["key"] == "httpapi"]
    assert "接口说明" in card["begin"][0]
    assert "接口地址" in card["begin"][1]


def test_the_protocol_is_told_in_chinese_first_and_the_same_in_english() -> None:
    text = Client().get("/docs/supplier-protocol.md").getvalue().decode()
    chinese, english = text.split("## English\n", 1)
    assert chinese.startswith("# 供应商接口")
    # Whatever a program must spell is spelt in both.
    spelt = [set(re.findall(r"`[A-Za-z/][^`]*`", half)) for half in (chinese, english)]
    assert len(spelt[0]) > 40
    assert spelt[0] == spelt[1]
