"""The supplier protocol can be opened from the product; nothing else of the folder can."""

from __future__ import annotations

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
    company.owner.post("/applications", {**body, "urls": {"gateway": "https://erp.example"}})
    [card] = [c for c in company.owner.get("/connections")["cards"] if c["key"] == "httpapi"]
    assert "接口说明" in card["begin"][0]
    assert "接口地址" in card["begin"][1]
