"""Douyin's gateway: one method per remote call. Signs, sends, reads the body, unwraps the envelope, raises our errors.

HTTP 200 proves nothing and other statuses carry no envelope. A lost or unreadable answer to a write is OutcomeUnknown;
to a reading it is Unavailable, because nothing was changed. Times are Unix seconds, money is fen, ids go as text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from daifa.connectors.shops.douyin import errors, signing
from daifa.ports.errors import BadReply, OutcomeUnknown, RateLimited, Unavailable
from daifa.ports.transport import Credentials, Reply, Request, Transport

SIZE = 100
_PERSON = frozenset(
    {
        "post_receiver", "post_tel", "detail", "encrypt_detail", "encrypt_post_receiver", "encrypt_post_tel",
        "cipher_text", "decrypt_text", "remark", "buyer_words", "seller_words", "mask_post_receiver", "mask_post_tel",
    }
)  # fmt: skip
_HEADERS = (("Content-Type", "application/json"), ("x-open-no-old-err-code", "1"))
type Json = dict[str, Any]


class Client:
    """One shop through one application."""

    def __init__(self, credentials: Credentials, transport: Transport) -> None:
        self._is = credentials
        self._transport = transport
        self._secrets = tuple(
            s for s in (credentials.app_secret, credentials.access_token, credentials.refresh_token) if s
        )

    # --- orders --------------------------------------------------------------------------------------------------

    def search_orders(self, start: int, end: int, page: int, size: int) -> Json:
        """order.searchList by update time, oldest first; page from 0."""
        params = {
            "page": page, "size": size, "update_time_start": start, "update_time_end": end,
            "order_by": "update_time", "order_asc": True,
        }  # fmt: skip
        return self._object("order.searchList", params)

    def order_detail(self, order_id: str) -> Json:
        """order.orderDetail: one order however old."""
        found = self._object("order.orderDetail", {"shop_order_id": order_id}).get("shop_order_detail")
        if not isinstance(found, dict):
            raise BadReply("平台的订单详情里没有订单", code="shop_order_detail")
        return found

    def remark(self, order_id: str, text: str, star: str) -> None:
        """order.addOrderRemark: memo (at most 60 characters), and flag unless ``star`` is ""."""
        params = {"order_id": order_id, "remark": text}
        if star:
            params |= {"is_add_star": "true", "star": star}
        self._call("order.addOrderRemark", params, write=True)

    def confirm_address(self, order_id: str, approved: int) -> None:
        """order.addressConfirm: 0 yes, 1001–1005 no."""
        self._call("order.addressConfirm", {"order_id": order_id, "is_approved": approved}, write=True)

    def decrypt(self, infos: Sequence[Mapping[str, str]], extra: Mapping[str, str]) -> list[Json]:
        """order.batchDecrypt (at most 50): what opened and what did not, also where only a part did."""
        data = self._call("order.batchDecrypt", {"cipher_infos": list(infos), **extra}, partly=True)
        rows = data.get("decrypt_infos") if isinstance(data, dict) else None
        return [r for r in rows if isinstance(r, dict)] if isinstance(rows, list) else []

    # --- shipping ------------------------------------------------------------------------------------------------

    def companies(self) -> list[Json]:
        """order.logisticsCompanyList: a bare array of {id, name, code}."""
        return self._rows("order.logisticsCompanyList", {})

    def ship(self, method: str, params: Json) -> Json:
        """One of the shipping writes: logisticsAdd, logisticsAddMultiPack, logisticsEdit, logisticsEditByPack, …"""
        data = self._call(f"order.{method}", params, write=True)
        return data if isinstance(data, dict) else {}

    # --- after-sales ---------------------------------------------------------------------------------------------

    def search_cases(self, start: int, end: int, page: int, size: int) -> Json:
        """afterSale.List by update time (``end`` exclusive); without ``order_by`` rows are missed; page from 0."""
        params = {
            "page": page, "size": size, "update_start_time": start, "update_end_time": end,
            "order_by": ["update_time asc"],
        }  # fmt: skip
        return self._object("afterSale.List", params)

    def case_detail(self, case_id: str) -> Json:
        """afterSale.Detail: the only place that says what was really refunded."""
        return self._object("afterSale.Detail", {"after_sale_id": case_id})

    def reject_reasons(self, case_id: str) -> Json:
        """afterSale.rejectReasonCodeList: empty for what was never shipped."""
        return self._object("afterSale.rejectReasonCodeList", {"aftersale_id": case_id})

    def operate_case(self, kind: int, item: Json) -> None:
        """afterSale.operate with one item: several would be refused together."""
        self._call("afterSale.operate", {"type": kind, "items": [item]}, write=True)

    # --- goods ---------------------------------------------------------------------------------------------------

    def items(self, page: int, size: int) -> Json:
        """product.listV2: items, page from 1, page × size at most 10,000."""
        return self._object("product.listV2", {"page": page, "size": size})

    def skus(self, item_id: str) -> list[Json]:
        """sku.list: an item's SKUs as a bare array."""
        return self._rows("sku.list", {"product_id": item_id})

    # --- factories -----------------------------------------------------------------------------------------------

    def iop_suppliers(self, status: int, page: int) -> list[Json]:
        """iop.sellerSupplierList: factories of one bind_status (1 asked, 2 bound, 3 refused, 4 ended); page from 0."""
        told = self._object("iop.sellerSupplierList", {"page": page, "page_size": SIZE, "bind_status": status})
        return _listed(told, "supplier_list")

    def iop_list(self, start: int, end: int, page: int) -> Json:
        """iop.sellerOrderList by update time, at most 30 minutes; page from 0, with the total."""
        params = {"start_update_time": start, "end_update_time": end, "page": page, "size": SIZE}
        return self._object("iop.sellerOrderList", params)

    def iop_orders(self, start: int, end: int, page: int) -> list[Json]:
        """The rows of a page of it."""
        return _listed(self.iop_list(start, end, page), "distr_order_list")

    def iop_order(self, number: str) -> Json:
        """iop.sellerOrderInfo: one assignable order."""
        return self._object("iop.sellerOrderInfo", {"distr_order_id": number})

    def iop_distribute(self, factory: str, numbers: Sequence[str]) -> Json:
        """iop.sellerDistribute: at most 100, each with its own result."""
        listed = [{"supplier_shop_id": factory, "distr_order_id": n} for n in numbers]
        data = self._call("iop.sellerDistribute", {"distribute_order_list": listed}, write=True)
        return data if isinstance(data, dict) else {}

    def iop_cancel(self, number: str) -> None:
        """iop.sellerCancleDistribute (spelt so): one assignable order."""
        self._call("iop.sellerCancleDistribute", {"distr_order_id": number}, write=True)

    # --- tokens --------------------------------------------------------------------------------------------------

    def create_token(self, params: Json) -> Json:
        """token.create: a code, or a self-built application's own shop, becomes tokens. Signed without token."""
        return self._object("token.create", params, token=False, write=True)

    def refresh_token(self) -> Json:
        """token.refresh: repeating it is harmless."""
        params = {"grant_type": "refresh_token", "refresh_token": self._is.refresh_token}
        return self._object("token.refresh", params, token=False)

    # --- the wire ------------------------------------------------------------------------------------------------

    def _object(self, method: str, params: Mapping[str, Any], *, token: bool = True, write: bool = False) -> Json:
        data = self._call(method, params, token=token, write=write)
        if not isinstance(data, dict):
            raise BadReply(f"平台对 {method} 的回答不是预期的样子", code="data")
        return data

    def _rows(self, method: str, params: Mapping[str, Any]) -> list[Json]:
        data = self._call(method, params)
        if not isinstance(data, list):
            raise BadReply(f"平台对 {method} 的回答不是列表", code="data")
        return [row for row in data if isinstance(row, dict)]

    def _call(
        self, method: str, params: Mapping[str, Any], *, write: bool = False, token: bool = True, partly: bool = False
    ) -> Any:
        request = self._request(method, params, write=write, token=token)
        try:
            reply = self._transport.send(request)
        except OutcomeUnknown as lost:
            if write:
                raise
            raise Unavailable("平台没有应答", code=lost.code, fix="系统会自动重试") from lost
        return self._unwrap(method, reply, write=write, partly=partly)

    def _request(self, method: str, params: Mapping[str, Any], *, write: bool, token: bool) -> Request:
        text = signing.canonical(params)
        keys = self._is
        stamp = str(int(self._transport.turn(method).timestamp()))
        query = [("app_key", keys.app_key), ("method", method)]
        if token:
            query.append(("access_token", keys.access_token))
        query += [
            ("timestamp", stamp), ("v", "2"), ("sign_method", "hmac-sha256"),
            ("sign", signing.sign(keys.app_secret, keys.app_key, method, text, stamp)),
        ]  # fmt: skip
        gateway = keys.urls["gateway"].rstrip("/")
        url = f"{gateway}/{method.replace('.', '/')}"
        return Request(method, url, "POST", tuple(query), _HEADERS, text.encode(), write, _PERSON)

    def _unwrap(self, method: str, reply: Reply, *, write: bool, partly: bool) -> Any:
        if reply.status == 429:
            raise RateLimited("调用太频繁，平台限流", code="http-429", fix="系统会自动重试")
        told = _told(reply.body) if reply.status == 200 else None
        if told is None:
            what = f"http-{reply.status}" if reply.status != 200 else "not-json"
            if write:
                raise OutcomeUnknown("平台的回答看不懂，不知道办没办成", code=what)
            raise Unavailable("平台的回答看不懂", code=what, fix="系统会自动重试")
        code, sub_code = _whole(told.get("code", told.get("err_no"))), str(told.get("sub_code") or "")
        # The old envelope (err_no 0) is still seen where the new one was asked for.
        if code == errors.SUCCESS or (code == 0 and "code" not in told):
            return told.get("data")
        number = sub_code.rpartition(":")[2]
        if partly and told.get("data") and (
            code == errors.PARTLY or number in {errors.PARTLY_OPENED, errors.NOTHING_OPENED}
        ):  # fmt: skip
            return told["data"]
        said = str(told.get("sub_msg") or told.get("msg") or told.get("message") or "")
        raise errors.problem(code, sub_code, said, write=write, secrets=self._secrets)


def _listed(told: Json, name: str) -> list[Json]:
    found = told.get(name)
    return [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []


def _told(body: bytes) -> Json | None:
    """The envelope; None for half a body, a web page, or JSON without a code."""
    try:
        told = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    return told if isinstance(told, dict) and ("code" in told or "err_no" in told) else None


def _whole(value: object) -> int:
    try:
        return int(str(value))
    except ValueError:
        return -1
