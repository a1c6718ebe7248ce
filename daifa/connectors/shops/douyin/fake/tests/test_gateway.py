"""Behaviours 1–3, 13, 23 and 25 of the platform sheet: signatures, envelope, paging base, tokens, throttling."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlparse

import pytest

from daifa.connectors.shops.douyin.fake import oauth, signing
from daifa.connectors.shops.douyin.fake.tests.caller import SHOP, START, Caller, beijing_text

VECTORS = [
    (
        "order.addOrderRemark", "1700000000",
        '{"is_add_star":"true","order_id":"6920000000000000001","remark":"加急&<b>必须</b>","star":"5"}',
        "4d2180cf6548d1a9c343ece18153685df769bab5017933775aaa27d6a5781596",
    ),
    (
        "order.logisticsAddMultiPack", "2023-11-15 06:13:20",
        '{"order_id":"1","pack_list":[{"company_code":"shunfeng","logistics_code":"SF1","shipped_order_info":'
        '[{"shipped_num":1,"shipped_order_id":"2"}]}],"request_id":"r-1","weight":2}',
        "4b00ff7ae570f29539c120152f403a21db03a5e04b26ae83f8f89514908765ad",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("method", "stamp", "text", "sign"), VECTORS)
def test_01_the_documents_worked_signatures(method: str, stamp: str, text: str, sign: str) -> None:
    assert signing.sign("demo-secret-0001", "7000000000000000001", method, text, stamp, "hmac-sha256") == sign
    assert signing.canonical(json.loads(text)) == text


def test_01_whole_floats_become_whole_numbers() -> None:
    assert signing.canonical({"weight": 2.0, "b": {"z": 1, "a": "<&>/中"}}) == '{"b":{"a":"<&>/中","z":1},"weight":2}'


def test_01_the_sign_covers_the_body_as_sent_and_strict_mode_wants_the_canonical_form() -> None:
    caller, order = Caller(), None
    order = caller.order()
    escaped = json.dumps({"remark": "加急", "order_id": order.number})
    assert "\\u" in escaped
    url = caller.url("order.addOrderRemark", escaped)
    assert caller.send(url, escaped).json()["code"] == 10000
    assert order.memo == "加急"
    caller.switch(strict=True)
    assert caller.send(url, escaped).json()["sub_code"] == "isv.signature-invalid"
    assert caller.raw("order.addOrderRemark", {"order_id": order.number, "remark": "好"})["code"] == 10000
    assert caller.send(url.replace("sign=", "sign=0"), escaped).json()["sub_code"] == "isv.signature-invalid"


def test_01_both_timestamps_and_both_methods_and_a_stale_one() -> None:
    caller = Caller()
    params = {"shop_order_id": caller.order().number}
    assert caller.call("order.orderDetail", params, stamp=beijing_text(START))
    assert caller.call("order.orderDetail", params, how="md5")
    assert caller.refused("order.orderDetail", params, stamp="yesterday") == "isv.timestamp-format-error"
    stale = beijing_text(START - timedelta(seconds=601))
    assert caller.refused("order.orderDetail", params, stamp=stale) == "isv.timestamp-invalid"
    caller.world.faults.add("clock_skew", count=1, seconds=1800)
    assert caller.refused("order.orderDetail", params) == "isv.timestamp-invalid"
    assert caller.call("order.orderDetail", params)


def test_01_parameters_may_stand_in_the_query() -> None:
    caller = Caller()
    text = json.dumps({"grant_type": "authorization_self", "shop_id": SHOP, "code": ""})
    for body in ("", text):
        url = caller.url("token.create", text, token="", param_json=text)
        assert caller.send(url, body).json()["data"]["shop_id"] == SHOP


def test_02_business_errors_are_200_with_null_or_an_empty_object_and_a_log_id() -> None:
    caller = Caller()
    bodies = []
    for _ in range(4):
        text = "{}"
        answer = caller.send(caller.url("order.orderDetail", text), text)
        assert answer.status_code == 200
        bodies.append(answer.json())
    assert all(b["code"] == 40002 and b["log_id"].startswith("20260901") for b in bodies)
    assert [b["data"] for b in bodies] in ([None, {}, None, {}], [{}, None, {}, None])
    assert len({b["log_id"] for b in bodies}) == 4
    assert caller.refused("order.searchlist") == "isp.api-service-off"


def test_03_orders_count_pages_from_zero_goods_from_one() -> None:
    caller = Caller()
    caller.order()
    now = int(START.timestamp())
    search = {"create_time_start": now - 10, "size": 10}
    assert len(caller.call("order.searchList", {**search, "page": 0})["shop_order_list"]) == 1
    assert caller.call("order.searchList", {**search, "page": 1})["shop_order_list"] == []
    assert caller.refused("product.listV2", {"page": 0, "size": 10}).endswith("10035")
    first = caller.call("product.listV2", {"page": 1, "size": 100})
    assert len(first["data"]) == first["total"] == 84
    second = caller.call("product.listV2", {"page": 2, "size": 50})
    assert first["data"][50:] == second["data"]


def create(caller: Caller, **params: str) -> dict[str, Any]:
    found: dict[str, Any] = caller.call("token.create", params, token="")
    return found


def refresh(caller: Caller, refresh_token: str) -> dict[str, Any]:
    found: dict[str, Any] = caller.call(
        "token.refresh", {"grant_type": "refresh_token", "refresh_token": refresh_token}, token=""
    )
    return found


def works(caller: Caller, token: str) -> str:
    found = caller.raw("order.logisticsCompanyList", {}, token=token)
    return "" if found["code"] == 10000 else str(found["sub_code"])


def test_13_consent_gives_a_code_that_works_once_for_ten_minutes() -> None:
    caller = Caller()
    page = caller.send(
        f"/authorize?service_id=24070&state=a%26b&redirect_uri=http://us/back&shop_id={SHOP}", verb="GET"
    )
    assert "同意授权" in page.text

    def approve() -> str:
        answer = caller.send("/authorize", f"approve=1&shop_id={SHOP}&state=a%26b&redirect_uri=http%3A%2F%2Fus%2Fback")
        assert answer.status_code == 302
        query = parse_qs(urlparse(answer.headers["location"]).query)
        assert query["state"] == ["a&b"]
        return query["code"][0]

    code = approve()
    told = create(caller, code=code, grant_type="authorization_code")
    assert (told["shop_id"], told["shop_name"]) == (SHOP, "舒宜家居旗舰店")
    again = {"code": code, "grant_type": "authorization_code"}
    assert caller.refused("token.create", again, token="").endswith("code-invalid")
    code = approve()
    caller.pass_time(601)
    late = {"code": code, "grant_type": "authorization_code"}
    assert caller.refused("token.create", late, token="").endswith("code-expired")


def test_13_refreshing_early_changes_nothing_and_late_makes_a_new_pair() -> None:
    caller = Caller()
    pair = create(caller, grant_type="authorization_self", shop_id=SHOP)
    caller.pass_time(3 * 86400)
    same = refresh(caller, pair["refresh_token"])
    assert same["access_token"] == pair["access_token"]
    assert same["expires_in"] == 4 * 86400
    caller.pass_time(4 * 86400 - 1800)
    fresh = refresh(caller, pair["refresh_token"])
    assert fresh["access_token"] != pair["access_token"]
    assert works(caller, pair["access_token"]) == works(caller, fresh["access_token"]) == ""
    caller.pass_time(3601)
    assert works(caller, pair["access_token"]) == "isv.access-token-expired"
    assert works(caller, fresh["access_token"]) == ""
    caller.pass_time(7 * 86400)
    last = refresh(caller, fresh["refresh_token"])
    assert (works(caller, fresh["access_token"]), works(caller, last["access_token"])) == (
        "isv.access-token-expired", "",
    )  # fmt: skip
    caller.pass_time(14 * 86400 + 1)
    dead = {"grant_type": "refresh_token", "refresh_token": last["refresh_token"]}
    assert caller.refused("token.refresh", dead, token="").endswith("token-expired")


def test_13_two_refreshes_at_once_and_an_unknown_one() -> None:
    caller = Caller()
    pair = create(caller, grant_type="authorization_self", shop_id=SHOP)
    caller.pass_time(7 * 86400 - 600)
    fresh = refresh(caller, pair["refresh_token"])
    asked = {"grant_type": "refresh_token", "refresh_token": pair["refresh_token"]}
    assert caller.number("token.refresh", asked, token="") == "31012"
    caller.pass_time(5)
    assert refresh(caller, pair["refresh_token"])["access_token"] == fresh["access_token"]
    caller.switch(refresh_again="invalid")
    assert caller.refused("token.refresh", asked, token="").endswith("token-invalid")
    assert caller.number("token.refresh", {**asked, "refresh_token": "x"}, token="") == "31009"


def test_13_tokens_of_nobody_of_others_and_of_a_merchant_who_closed_the_door() -> None:
    caller = Caller()
    assert works(caller, "") == "isv.access-token-missing"
    assert works(caller, "x") == "isv.access-token-no-existed"
    token = caller.world.books.doc("douyin", "token", caller.token)
    assert token is not None
    caller.world.books.put_doc("douyin", "token", "foreign", {**token, "app_key": "7200000000000000009"})
    assert works(caller, "foreign") == "isv.access-token-invalid"
    caller.world.books.put_doc("douyin", "grant", f"{oauth.APP_KEY}:{SHOP}", {"open": False})
    found = caller.raw("order.logisticsCompanyList")
    assert (found["code"], found["sub_code"]) == (30001, "dop.authorization-closed")


def test_23_throttling_bursts_and_a_service_that_recovers() -> None:
    caller = Caller()
    caller.world.faults.add("rate_limit", company="douyin", method="order.*", count=2)
    params = {"shop_order_id": caller.order().number}
    assert [caller.raw("order.orderDetail", params)["code"] for _ in range(3)] == [60000, 60000, 10000]
    caller.world.faults.add("unavailable", until=caller.world.clock.seconds() + 30)
    assert caller.raw("order.orderDetail", params)["code"] == 20000
    caller.pass_time(31)
    assert caller.raw("order.orderDetail", params)["code"] == 10000
    caller.switch(throttle_calls=3)
    assert [caller.raw("order.orderDetail", params)["code"] for _ in range(5)] == [10000] * 3 + [60000] * 2
    caller.pass_time(1)
    assert caller.raw("order.orderDetail", params)["code"] == 10000


def test_23_a_slow_answer_is_slower_than_the_sdks_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    caller, waited = Caller(), []
    params = {"shop_order_id": caller.order().number}

    async def nap(seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr(asyncio, "sleep", nap)
    caller.world.faults.add("slow", count=1)
    assert caller.call("order.orderDetail", params)
    assert waited == [12]


def test_25_real_clients_find_what_they_expect() -> None:
    caller = Caller()
    assert caller.send("/", verb="HEAD").status_code < 500
    text = signing.canonical({"grant_type": "authorization_self", "shop_id": SHOP})
    url = caller.url("token.create", text, token="")
    old = caller.send(url, text).json()
    assert (old["err_no"], old["message"], old["code"]) == (0, "success", 10000)
    new = caller.send(url, text, x_open_no_old_err_code="1").json()
    assert "err_no" not in new
    assert new["data"]["expires_in"] == 604800
