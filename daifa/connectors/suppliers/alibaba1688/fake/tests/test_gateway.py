"""Signature, envelope, permission, limits, tokens: behaviours 1–4 of 1688's sheet."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from daifa.connectors.suppliers.alibaba1688.fake.signing import sign
from daifa.connectors.suppliers.alibaba1688.fake.tests.driving import ADDRESS, Driver

ADDRESS_TEXT = (
    '{"fullName":"张三","mobile":"13800000000","provinceText":"浙江省","cityText":"杭州市","areaText":"滨江区",'
    '"address":"网商路699号"}'
)
CARGO_TEXT = '[{"offerId":554456348334,"specId":"b266e0726506185beaf205cbae88530d","quantity":2}]'
VECTORS = {
    "G1": (
        "secretXYZ", "param2/1/com.alibaba.trade/alibaba.trade.getBuyerOrderList/1234567",
        {"access_token": "tok-abc", "_aop_datatype": "application/json", "_aop_timestamp": "1700000000000",
         "page": "1", "pageSize": "20"},
        "D01C12C8FCD4B59367FFDD51E1DEC31C7C237A4C",
    ),
    "G2": (
        "s", "param2/1/ns/api/k", {"_aop_datatype": "application/json", "_aop_timestamp": "1"},
        "207584D75CAB31AC2141CC17D2EAAC3EB016AE42",
    ),
    "W1": (
        "k3yS3cret", "param2/1/com.alibaba.trade/alibaba.trade.fastCreateOrder/7654321",
        {"access_token": "at-0001", "_aop_timestamp": "1778025600000", "flow": "general", "message": "",
         "outOrderId": "ERP-20260506-000001", "addressParam": ADDRESS_TEXT, "cargoParamList": CARGO_TEXT},
        "635317217F4D344D2F5ACC67BBE596078FA69C05",
    ),
    "W2": (
        "k3yS3cret", "param2/1/com.alibaba.trade/alibaba.trade.cancel/7654321",
        {"access_token": "at-0001", "webSite": "1688", "tradeID": "1234567890123456789", "cancelReason": "other",
         "remark": "重复下单 😅"},
        "F5C3D06692757DE0C465EDC965CC15505BBC37CF",
    ),
    "W3": (
        "k3yS3cret", "param2/1/ns/api/7654321", {"a": "z", "a1": "b", "access_token": "t"},
        "5DB2F2911E2C68CC15C94E83D0BD82680BBAE641",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", VECTORS)
def test_01_signature_vectors(name: str) -> None:
    secret, path, params, expected = VECTORS[name]
    assert sign(secret, path, params) == expected


def test_01_gateway_errors_are_http_400_and_the_order_by_name_is_refused() -> None:
    d = Driver()
    wrong = d.raw("alibaba.trade.getBuyerOrderList", {"access_token": d.token}, secret="another")
    assert (wrong.status_code, wrong.json()["error_code"]) == (400, "gw.SignatureInvalid")
    assert {"error_message", "request_id", "exception"} <= set(wrong.json())
    path = f"/openapi/param2/1/com.alibaba.trade/alibaba.trade.getBuyerOrderList/{d.key}"
    missing = d.ask("POST", path, data={"access_token": d.token})
    assert (missing.status_code, missing.json()["error_code"]) == (400, "gw.SignatureMissing")
    unknown = d.raw("alibaba.trade.nothing", {"access_token": d.token})
    assert (unknown.status_code, unknown.json()["error_code"]) == (400, "gw.APIUnsupported")
    other = d.ask("POST", path.replace(d.key, "1"), data={})
    assert (other.status_code, other.json()["error_code"]) == (401, "gw.AppKeyInvalid")
    late = {"access_token": d.token, "_aop_timestamp": "1500000000000"}
    assert d.raw("alibaba.trade.getBuyerOrderList", late).json()["error_code"] == "gw.TimestampInvalid"
    # Joined name+value order: a1b sorts before az.
    good = {"access_token": d.token, "page": "1", "a": "z", "a1": "b", "message": ""}
    assert d.raw("alibaba.trade.getBuyerOrderList", good).json()["totalRecord"] == 0
    assert d.raw("alibaba.trade.getBuyerOrderList", good, method="GET").json()["totalRecord"] == 0


def test_01_only_the_system_namespace_answers_without_a_signature() -> None:
    d = Driver()
    told = d.ask("GET", f"/openapi/param2/1/system/currentTimeMillis/{d.key}")
    assert told.json() == {"currentTimeMillis": int(d.world.now().timestamp() * 1000)}
    assert d.ask("GET", f"/openapi/param2/1/system/currentTime/{d.key}").json() == {
        "currentTime": "20260901100000000+0800"
    }


def test_02_permission_is_refused_before_the_arguments_are_looked_at() -> None:
    d = Driver()
    answer = d.raw("alibaba.product.get", {"access_token": d.token})
    assert (answer.status_code, answer.json()["error_code"]) == (403, "gw.APIACLDecline")
    assert answer.json()["error_message"] == "AppKey is not allowed(acl)"
    d.switch(acl_denied=[])
    missing = d.raw("alibaba.product.get", {"access_token": d.token})
    assert (missing.status_code, missing.json()["error_code"]) == (400, "gw.ParamMissing")
    assert "productID" in missing.json()["error_message"]


def test_03_the_frequency_limit_is_http_400() -> None:
    d = Driver()
    d.switch(calls_per_second=2)
    answers = [d.raw("alibaba.trade.getBuyerOrderList", {"access_token": d.token}) for _ in range(3)]
    assert [a.status_code for a in answers] == [200, 200, 400]
    assert answers[2].json()["error_code"] == "gw.QosAppFrequencyLimit"
    d.advance(1)
    assert d.raw("alibaba.trade.getBuyerOrderList", {"access_token": d.token}).status_code == 200
    d.world.faults.add("rate_limit", count=1)
    assert d.raw("alibaba.trade.getBuyerOrderList", {"access_token": d.token}).status_code == 400


def token_call(d: Driver, **said: str) -> tuple[int, dict[str, str]]:
    answer = d.ask("POST", f"/openapi/http/1/system.oauth2/getToken/{d.key}", data=said)
    return answer.status_code, answer.json()


def test_04_tokens_live_ten_hours_and_a_bad_grant_says_so() -> None:
    d = Driver()
    assert "totalRecord" in d.listed()
    d.advance(10 * 3600)
    gone = d.raw("alibaba.trade.getBuyerOrderList", {"access_token": d.token})
    assert (gone.status_code, gone.json()["error_code"]) == (401, "401")
    app = {"client_id": d.key, "client_secret": d.secret}
    status, fresh = token_call(d, grant_type="refresh_token", refresh_token=d.refresh_token, **app)
    assert status == 200
    assert fresh["expires_in"] == "36000"
    assert fresh["memberId"] == d.member
    assert "refresh_token" not in fresh
    d.token = fresh["access_token"]
    assert "totalRecord" in d.listed()
    status, no = token_call(d, grant_type="refresh_token", refresh_token="wrong", **app)
    assert (status, no["error"]) == (400, "invalid_grant")
    # The other path does the same.
    param2 = d.ask(
        "POST", f"/openapi/param2/1/system.oauth2/getToken/{d.key}",
        data={"grant_type": "refresh_token", "refresh_token": d.refresh_token, **app},
    )  # fmt: skip
    assert param2.json()["memberId"] == d.member


def test_04_expired_and_revoked_by_the_world() -> None:
    d = Driver()
    d.world.faults.add("token_expired", count=1)
    for _ in range(2):
        assert d.raw("alibaba.trade.getBuyerOrderList", {"access_token": d.token}).status_code == 401
    app = {"client_id": d.key, "client_secret": d.secret}
    _, fresh = token_call(d, grant_type="refresh_token", refresh_token=d.refresh_token, **app)
    d.token = fresh["access_token"]
    d.world.faults.add("token_revoked", count=1)
    assert d.raw("alibaba.trade.getBuyerOrderList", {"access_token": d.token}).status_code == 401
    _, no = token_call(d, grant_type="refresh_token", refresh_token=d.refresh_token, **app)
    assert no["error"] == "invalid_grant"


def test_the_authorise_page_gives_a_code_that_works_once() -> None:
    d = Driver()
    back = "http://us.test/callback"
    assert "缺少必要参数" in d.ask("GET", f"/oauth/authorize?client_id={d.key}").text
    assert "非法请求" in d.ask("GET", f"/oauth/authorize?client_id={d.key}&redirect_uri=javascript:x").text
    page = d.ask("GET", f"/oauth/authorize?client_id={d.key}&site=1688&redirect_uri={back}&state=S1")
    assert d.member in page.text
    said = {"client_id": d.key, "redirect_uri": back, "state": "S1", "member": d.member}
    answer = d.ask("POST", "/oauth/authorize", data=said)
    assert answer.status_code == 302
    query = parse_qs(urlsplit(answer.headers["location"]).query)
    assert query["state"] == ["S1"]
    ask = {
        "grant_type": "authorization_code", "need_refresh_token": "true", "client_id": d.key,
        "client_secret": d.secret, "redirect_uri": back, "code": query["code"][0],
    }  # fmt: skip
    status, fresh = token_call(d, **ask)
    assert status == 200
    assert {"aliId", "resource_owner", "memberId", "expires_in", "refresh_token", "access_token",
            "refresh_token_timeout"} == set(fresh)  # fmt: skip
    assert fresh["refresh_token_timeout"].endswith("+0800")
    assert token_call(d, **ask)[1]["error"] == "invalid_grant"


def test_described_for_whoever_connects() -> None:
    d = Driver()
    told = d.world.companies["alibaba1688"].describe("http://x")
    assert told["urls"] == {"gateway": "http://x", "oauth": "http://x/oauth/authorize", "push": None}
    assert set(told["secrets"]) == {"app_key", "app_secret"}
    assert set(told["accounts"][0]) == {"name", "id", "access_token", "refresh_token"}
    assert ADDRESS["fullName"] == "张三"
