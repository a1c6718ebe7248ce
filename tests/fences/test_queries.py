"""No request's address may ask what nobody reads: a misspelt filter would be passed over, and mean "all"."""

from __future__ import annotations

from urllib.parse import quote

import orjson

from tests.browser import Browser
from tests.fences.world import busy_company, ids, routes

# Other companies add to these addresses what they like.
OPEN = {"GET /api/authorized"}
STRANGE = "shopp"


def test_every_address_refuses_parameters_that_nobody_knows(tenant_number: int) -> None:
    company = busy_company()
    known, read = ids(company.number), 0
    silent = {}
    for route in routes():
        if route.method != "GET" or "{token}" in route.path:
            continue
        plain = company.owner.call("GET", route.filled(known)).status_code
        answer = company.owner.call("GET", f"{route.filled(known)}?{STRANGE}={quote('东店')}")
        told = answer.content.decode(errors="replace")
        if route.title in OPEN:
            assert answer.status_code == 302
        elif plain == 200:
            read += 1
            if answer.status_code != 422 or f"{STRANGE} 不是这里的参数" not in told:
                silent[route.title] = answer.status_code
    assert silent == {}
    assert read > 60, read


def test_the_refusal_names_every_strange_parameter_and_only_those(tenant_number: int) -> None:
    company = busy_company()
    answer = company.owner.call("GET", "/orders?tab=all&shopp=x&paid_form=2026-11-01")
    assert answer.status_code == 422
    said = orjson.loads(answer.content)
    assert said["message"] == "地址有误：shopp 不是这里的参数；paid_form 不是这里的参数。请检查后重试。"
    assert [f["field"] for f in said["data"]["fields"]] == ["shopp", "paid_form"]
    assert company.owner.get("/orders?tab=all")["items"]
    # Who is not let in is told nothing of what may be asked.
    assert Browser("10.1.1.9").call("GET", "/orders?shopp=x").status_code == 401
