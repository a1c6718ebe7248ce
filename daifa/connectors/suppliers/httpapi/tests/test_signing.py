"""The worked example of docs/supplier-protocol.md."""

from __future__ import annotations

from daifa.connectors.suppliers.httpapi.signing import sign


def test_the_documents_example() -> None:
    body = '{"province":"浙江省","lines":[{"sku":"10-1001","quantity":2}]}'.encode()
    found = sign("sk_test", "post", "/v1/quote", "1778025600", body)
    assert found == "31c49ad268d369cfa4c42181601856b8acabf2386fab74f545e73aeba788d255"
