"""The sheet's worked vectors, G1 to W3: published by one public client, confirmed by another."""

from __future__ import annotations

import pytest

from daifa.connectors.suppliers.alibaba1688.signing import sign

_TRADE = "param2/1/com.alibaba.trade"
_ADDRESS = (
    '{"fullName":"张三","mobile":"13800000000","provinceText":"浙江省","cityText":"杭州市","areaText":"滨江区",'
    '"address":"网商路699号"}'
)
_CARGO = '[{"offerId":554456348334,"specId":"b266e0726506185beaf205cbae88530d","quantity":2}]'
VECTORS = {
    "G1": (
        "secretXYZ", f"{_TRADE}/alibaba.trade.getBuyerOrderList/1234567",
        {"access_token": "tok-abc", "_aop_datatype": "application/json", "_aop_timestamp": "1700000000000",
         "page": "1", "pageSize": "20"},
        "D01C12C8FCD4B59367FFDD51E1DEC31C7C237A4C",
    ),
    "G2": (
        "s", "param2/1/ns/api/k", {"_aop_datatype": "application/json", "_aop_timestamp": "1"},
        "207584D75CAB31AC2141CC17D2EAAC3EB016AE42",
    ),
    "W1": (
        "k3yS3cret", f"{_TRADE}/alibaba.trade.fastCreateOrder/7654321",
        {"access_token": "at-0001", "_aop_timestamp": "1778025600000", "flow": "general", "message": "",
         "outOrderId": "ERP-20260506-000001", "addressParam": _ADDRESS, "cargoParamList": _CARGO},
        "635317217F4D344D2F5ACC67BBE596078FA69C05",
    ),
    "W2": (
        "k3yS3cret", f"{_TRADE}/alibaba.trade.cancel/7654321",
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
def test_the_documents_vectors(name: str) -> None:
    secret, path, parameters, expected = VECTORS[name]
    assert sign(secret, path, parameters) == expected
    assert sign(secret, path, {**parameters, "_aop_signature": "x"}) == expected
