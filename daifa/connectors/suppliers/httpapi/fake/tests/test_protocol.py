"""The reference server keeps the contract of docs/supplier-protocol.md, and answers as its OpenAPI document says."""

from __future__ import annotations

import asyncio
import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import httpx
import pytest

from daifa.connectors.suppliers.httpapi.fake import FAKE
from daifa.connectors.suppliers.httpapi.fake.company import ROUTES
from daifa.connectors.suppliers.httpapi.fake.signing import sign
from daifa.ports.books import Offer
from daifa.ports.world import Outgoing
from daifa.simulator.living.http import CompanyApp, CutOff
from daifa.simulator.living.world import Living

DOCS = Path(__file__).parents[6] / "docs"
DOCUMENT: dict[str, Any] = json.loads((DOCS / "supplier-protocol.openapi.json").read_bytes())
SCHEMAS = DOCUMENT["components"]["schemas"]
RECEIVER = {"name": "张三", "phone": "13800000000", "province": "浙江省", "city": "杭州市", "detail": "网商路699号"}
HOOK = "http://us.test/hook/7?shop=1"
TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str, "integer": int, "boolean": bool, "object": dict, "array": list, "null": type(None),
}  # fmt: skip


def fits(value: Any, schema: dict[str, Any], where: str = "$") -> None:
    """As much of JSON Schema as the document uses."""
    if "$ref" in schema:
        schema = SCHEMAS[schema["$ref"].rsplit("/", 1)[1]]
    if "anyOf" in schema:
        schema = schema["anyOf"][1] if value is None else schema["anyOf"][0]
        fits(value, schema, where)
        return
    kind: Any = TYPES[schema["type"]]
    assert isinstance(value, kind), where
    assert value in schema.get("enum", [value]), where
    if schema["type"] == "object":
        assert set(schema["required"]) <= set(value), where
        for name, inner in value.items():
            assert schema["additionalProperties"] or name in schema["properties"], f"{where}.{name}"
            if name in schema["properties"]:
                fits(inner, schema["properties"][name], f"{where}.{name}")
    if schema["type"] == "array":
        for n, inner in enumerate(value):
            fits(inner, schema["items"], f"{where}[{n}]")
    if schema.get("format") == "date-time":
        assert datetime.fromisoformat(value).tzinfo is not None, where


class Merchant:
    """A client of the protocol, written from the document."""

    def __init__(self, home: Path | None = None, **settings: Any) -> None:
        self.world = Living(
            [FAKE], start=datetime(2026, 9, 1, 2, 0, tzinfo=UTC), speed=0, home=home,
            settings={"auto": False, "renumber": 0.0, "lose": 0.0, "stall": 0.0, "refuse": 0.0, **settings},
        )  # fmt: skip
        told = self.world.companies["httpapi"].describe("http://s")
        self.key, self.secret = told["secrets"]["app_key"], told["secrets"]["app_secret"]
        self.heard: list[dict[str, Any]] = []
        self.answer = 204

    def ask(self, method: str, target: str, said: Any = None, *, skew: int = 0, secret: str = "") -> httpx.Response:
        body = b"" if said is None else json.dumps(said, ensure_ascii=False).encode()
        stamp = str(int(self.world.now().timestamp()) + skew)
        headers = {
            "X-Daifa-Key": self.key, "X-Daifa-Timestamp": stamp,
            "X-Daifa-Signature": sign(secret or self.secret, method, target, stamp, body),
        }  # fmt: skip

        async def once() -> httpx.Response:
            transport = httpx.ASGITransport(CompanyApp(self.world, "httpapi"))
            async with httpx.AsyncClient(transport=transport, base_url="http://s") as client:
                return await client.request(method, target, content=body, headers=headers)

        answer = asyncio.run(once())
        self._documented(method, target, answer)
        return answer

    def _documented(self, method: str, target: str, answer: httpx.Response) -> None:
        path = target.partition("?")[0]
        for pattern, operations in DOCUMENT["paths"].items():
            if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", pattern), path) and method.lower() in operations:
                said = operations[method.lower()]["responses"][str(answer.status_code)]
                fits(answer.json(), said["content"]["application/json"]["schema"])

    def advance(self, seconds: float) -> None:
        asyncio.run(self.world.advance(seconds, self._hear))

    async def _hear(self, target: str, outgoing: Outgoing, timeout: float) -> tuple[int, bytes]:
        stamp = outgoing.headers["x-daifa-timestamp"]
        if outgoing.headers["x-daifa-signature"] != sign(self.secret, "POST", "/hook/7?shop=1", stamp, outgoing.body):
            return 401, b""
        self.heard.append(json.loads(outgoing.body))
        fits(self.heard[-1], SCHEMAS["Event"])
        return self.answer, b""

    def offer(self, n: int = 0) -> Offer:
        return [o for o in self.world.books.offers("S10") if o.says > 10][n]

    def order(self, reference: str = "CG1-1", quantity: int = 2, **more: Any) -> dict[str, Any]:
        lines = [{"sku": self.offer().their_code, "quantity": quantity}]
        return {"reference": reference, "lines": lines, "receiver": RECEIVER, **more}

    def placed(self) -> int:
        return len(list(self.world.books.supplies("httpapi")))


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


def test_the_documents_worked_signature() -> None:
    text = (DOCS / "supplier-protocol.md").read_text(encoding="utf-8")
    body = '{"province":"浙江省","lines":[{"sku":"10-1001","quantity":2}]}'
    assert body in text
    assert f"`{sign('sk_test', 'POST', '/v1/quote', '1778025600', body.encode())}`" in text


def test_every_documented_operation_is_served_and_no_other() -> None:
    documented = {
        (m.upper(), re.sub(r"\{\w+\}", "([^/]+)", p), o["operationId"])
        for p, operations in DOCUMENT["paths"].items() for m, o in operations.items()
    }  # fmt: skip
    assert documented == {(m, p, name) for m, p, name, _ in ROUTES}


def test_who_may_ask() -> None:
    m = Merchant()
    good = f"/v1/stock?sku={m.offer().their_code}"
    assert m.ask("GET", good).status_code == 200
    assert m.ask("GET", good, skew=-300).status_code == 200
    stale = m.ask("GET", good, skew=301)
    assert code(stale) == (401, "stale_timestamp")
    assert stale.json()["error"]["now"] == int(m.world.now().timestamp())
    assert code(m.ask("GET", good, secret="other")) == (401, "bad_signature")
    m.key = "mk_nobody"
    assert code(m.ask("GET", good)) == (401, "unknown_key")


def test_placed_once_by_reference() -> None:
    m = Merchant()
    first = m.ask("POST", "/v1/orders", m.order())
    assert first.status_code == 201
    again = m.ask("POST", "/v1/orders", m.order(most_fen=1))
    assert again.status_code == 200
    assert again.json() == first.json()
    assert code(m.ask("POST", "/v1/orders", m.order(quantity=3))) == (409, "reference_conflict")
    other = {**m.order(), "receiver": {**RECEIVER, "name": "李四"}}
    assert code(m.ask("POST", "/v1/orders", other)) == (409, "reference_conflict")
    assert m.placed() == 1
    assert m.ask("GET", "/v1/orders/CG1-1").json() == first.json()
    assert code(m.ask("GET", "/v1/orders/CG1-2")) == (404, "not_found")


@pytest.mark.parametrize("fault", ["timeout_after", "half_body"])
def test_a_lost_reply_is_asked_for_by_reference(fault: str, tmp_path: Path) -> None:
    m = Merchant(tmp_path)
    m.world.faults.add(fault, method="placeOrder", count=1, seconds=0)
    with pytest.raises(CutOff):
        m.ask("POST", "/v1/orders", m.order())
    assert m.ask("GET", "/v1/orders/CG1-1").json()["state"] == "accepted"
    killed = Merchant(tmp_path)
    assert killed.ask("POST", "/v1/orders", killed.order()).status_code == 200
    assert killed.placed() == 1
    m.world.faults.add("timeout_before", method="placeOrder", count=1, seconds=0)
    with pytest.raises(CutOff):
        m.ask("POST", "/v1/orders", m.order("CG1-9"))
    assert m.ask("GET", "/v1/orders/CG1-9").status_code == 404


def test_refusals_change_nothing_and_are_chinese() -> None:
    m = Merchant()
    offer = m.offer()
    tries = [
        ({**m.order(), "lines": [{"sku": "nope", "quantity": 1}]}, 422, "unknown_sku"),
        (m.order(quantity=offer.says + 1), 422, "out_of_stock"),
        ({**m.order(), "receiver": {**RECEIVER, "province": "西藏自治区"}}, 422, "not_served"),
        (m.order(most_fen=1), 422, "price_above_limit"),
        ({**m.order(), "receiver": {"name": "张三"}}, 400, "malformed"),
        ({**m.order(), "lines": []}, 400, "malformed"),
        ({**m.order(), "reference": "a/b"}, 400, "malformed"),
        ([], 400, "malformed"),
    ]
    for said, status, name in tries:
        answer = m.ask("POST", "/v1/orders", said)
        assert code(answer) == (status, name)
        assert re.search(r"[\u4e00-\u9fff]", answer.json()["error"]["message"])
    offer.on_sale = False
    assert code(m.ask("POST", "/v1/orders", {**m.order(), "lines": [{"sku": offer.their_code, "quantity": 1}]})) == (
        422, "off_sale",
    )  # fmt: skip
    assert m.placed() == 0
    assert code(m.ask("GET", "/v2/orders")) == (404, "unknown_path")


def test_cancelled_before_shipping_only() -> None:
    m = Merchant()
    total = m.ask("POST", "/v1/orders", m.order()).json()["total_fen"]
    gone = m.ask("POST", "/v1/orders/CG1-1/cancel").json()
    assert (gone["state"], gone["cancelled"]["code"]) == ("cancelled", "merchant")
    assert m.ask("POST", "/v1/orders/CG1-1/cancel").json() == gone
    assert m.ask("POST", "/v1/orders", m.order()).json() == gone
    assert next(iter(m.world.books.supplies("httpapi"))).refunded_fen == total
    m.ask("POST", "/v1/orders", m.order("CG1-2"))
    m.advance(9 * 3600)
    assert code(m.ask("POST", "/v1/orders/CG1-2/cancel")) == (409, "already_shipped")
    assert code(m.ask("POST", "/v1/orders/CG1-3/cancel")) == (404, "not_found")


def test_stock_and_quote_agree_with_the_order() -> None:
    m = Merchant()
    one, two = m.offer(), m.offer(1)
    target = "/v1/stock?" + urlencode([("sku", one.their_code), ("sku", two.their_code), ("sku", "nope")])
    items = {x["sku"]: x for x in m.ask("GET", target).json()["items"]}
    assert set(items) == {one.their_code, two.their_code}
    assert items[one.their_code]["quantity"] == one.says
    lines = [{"sku": one.their_code, "quantity": 1}, {"sku": two.their_code, "quantity": 3}]
    quoted = m.ask("POST", "/v1/quote", {"province": "浙江省", "lines": lines}).json()
    assert quoted["total_fen"] == quoted["goods_fen"] + quoted["freight_fen"]
    order = {"reference": "CG2-1", "lines": lines, "receiver": RECEIVER, "most_fen": quoted["total_fen"]}
    assert m.ask("POST", "/v1/orders", order).json()["total_fen"] == quoted["total_fen"]
    assert code(m.ask("GET", "/v1/stock")) == (400, "malformed")


def test_followed_to_the_door_and_heard_by_webhook() -> None:
    m = Merchant()
    m.world.set_push_target("httpapi", HOOK)
    m.ask("POST", "/v1/orders", m.order())
    m.advance(8 * 86_400)
    order = m.ask("GET", "/v1/orders/CG1-1").json()
    assert order["state"] == "shipped"
    parcels = m.ask("GET", "/v1/orders/CG1-1/tracking").json()["parcels"]
    assert [p["number"] for p in parcels] == [p["number"] for p in order["parcels"]]
    assert [parcels[0]["events"][n]["kind"] for n in (0, -1)] == ["collected", "signed"]
    heard = [e["type"] for e in m.heard]
    assert heard[:2] == ["order.accepted", "order.shipped"]
    assert "order.tracking" in heard
    assert {e["reference"] for e in m.heard} == {"CG1-1"}


def test_a_webhook_comes_again_and_a_forged_one_is_seen() -> None:
    m = Merchant()
    m.world.set_push_target("httpapi", HOOK)
    m.answer = 500
    m.ask("POST", "/v1/orders", m.order())
    m.advance(2)
    m.answer = 204
    m.advance(15)
    assert len(m.heard) == 2
    assert m.heard[0]["id"] == m.heard[1]["id"]
    m.world.faults.add("push_bad_sign", count=1)
    m.ask("POST", "/v1/orders", m.order("CG1-2"))
    m.advance(2)
    assert len(m.heard) == 2


def test_what_changed_is_read_in_pages() -> None:
    m = Merchant()
    for n in range(5):
        m.ask("POST", "/v1/orders", m.order(f"CG1-{n}", 1))
        m.advance(60)
    found: list[str] = []
    page: dict[str, Any] = {"next": {"changed_since": "2026-09-01T00:00:00+00:00", "after": ""}}
    while page["next"] is not None:
        target = "/v1/orders?" + urlencode({**page["next"], "limit": 2}, quote_via=quote)
        page = m.ask("GET", target).json()
        found += [o["reference"] for o in page["orders"]]
    assert found == [f"CG1-{n}" for n in range(5)]
    assert code(m.ask("GET", "/v1/orders?changed_since=yesterday")) == (400, "malformed")


def test_too_fast_and_unavailable_say_when_to_come_back() -> None:
    m = Merchant()
    target = f"/v1/stock?sku={m.offer().their_code}"
    for fault, status in (("rate_limit", 429), ("unavailable", 503)):
        m.world.faults.add(fault, count=1)
        answer = m.ask("GET", target)
        assert answer.status_code == status
        assert answer.headers["retry-after"] == "1"
    m.world.switches["httpapi"] = {"calls_per_second": 1}
    assert m.ask("GET", target).status_code == 200
    assert code(m.ask("GET", target)) == (429, "too_fast")
