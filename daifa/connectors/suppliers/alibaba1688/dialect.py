"""1688 beside its live API: what its messages tell, how access is granted, how far placing can be trusted."""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlencode

import orjson

from daifa.connectors.suppliers.alibaba1688 import api_mapping as mapping
from daifa.connectors.suppliers.alibaba1688.client import AUTH, Client
from daifa.connectors.suppliers.alibaba1688.connector import granted
from daifa.connectors.suppliers.alibaba1688.signing import SIGNATURE, sign
from daifa.ports.errors import BadReply, LoginExpired
from daifa.ports.shop_api import FeedTerms, Item
from daifa.ports.supplier_api import PlacingTerms, SupplierOrder
from daifa.ports.transport import BadSignature, Credentials, Event, Granted, Transport

_SECONDS = (2, 5, 15, 60, 120, 240)
# Addresses of offer pages as buyers paste them (inferred: no document names them); a bare number always works.
_OFFER = re.compile(r"(?:/offer/|[?&](?:offerId|offerid|id)=)(\d{6,20})")


class Dialect:
    """1688's words."""

    terms = PlacingTerms(
        findable=True,
        visible_after=timedelta(minutes=10),
        ask_after=tuple(timedelta(seconds=s) for s in _SECONDS),
        repeatable=False,
        payment=True,
        source="getBuyerOrderList 有 outOrderId 参数（文档）；重复提交的应答和可见延迟没有文档，按 10 分钟",
    )
    feed = FeedTerms(
        window=timedelta(days=1), overlap=timedelta(minutes=5), lag=timedelta(seconds=5), every=timedelta(seconds=60),
        back=timedelta(days=7), source="窗口上限没有文档",
    )  # fmt: skip

    def order(self, item: Item) -> SupplierOrder:
        """An order of a list."""
        try:
            return mapping.order(orjson.loads(item.raw))
        except (orjson.JSONDecodeError, AttributeError) as error:
            raise BadReply("存下来的 1688 订单读不懂", code="json") from error

    def offer_ref(self, text: str) -> str:
        """A number as it is, or the number inside an offer page's address."""
        said = text.strip()
        if re.fullmatch(r"\d{6,20}", said):
            return said
        found = _OFFER.search(said)
        return found.group(1) if found else ""

    def events(self, headers: Mapping[str, str], body: bytes, credentials: Credentials) -> list[Event]:
        """One pushed message; its signature is over the form, without any path."""
        del headers
        form = {k: v[0] for k, v in parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True).items()}
        given = form.get(SIGNATURE, "")
        if not hmac.compare_digest(sign(credentials.app_secret, "", form).encode(), given.encode()):
            raise BadSignature("1688 的消息签名不对")
        try:
            message = orjson.loads(form["message"])
            data = message.get("data") or {}
            if isinstance(data, str):
                data = orjson.loads(data)
        except (KeyError, orjson.JSONDecodeError) as error:
            raise BadReply("1688 的消息读不懂") from error
        topic = str(message.get("type") or "")
        born = message.get("gmtBorn")
        at = datetime.fromtimestamp(int(born) / 1000, UTC) if born else None
        found = []
        for number in _orders(data) if topic.startswith(("ORDER_", "LOGISTICS_")) else ():
            key = f"{message.get('msgId')}:{number}"
            found.append(Event(key, str(message.get("userInfo") or ""), topic, "purchases", number, at))
        return found

    def receipt(self) -> tuple[bytes, str]:
        """HTTP 200 is all it wants."""
        return b"success", "text/plain"

    def authorize_url(self, credentials: Credentials, state: str, back: str) -> str:
        """The page where the buyer says yes."""
        base = (credentials.urls.get("oauth") or AUTH).rstrip("/")
        page = base if base.endswith("/oauth/authorize") else f"{base}/oauth/authorize"
        asked = {"client_id": credentials.app_key, "site": "1688", "redirect_uri": back, "state": state}
        return f"{page}?{urlencode(asked)}"

    def grant(
        self, credentials: Credentials, transport: Transport, answer: Mapping[str, str], now: datetime
    ) -> Granted:
        """The code becomes tokens; the address is said again."""
        code = answer.get("code", "")
        if not code:
            raise LoginExpired("1688 没有给授权码，可能是点了取消")
        given = {
            "grant_type": "authorization_code", "need_refresh_token": "true", "code": code,
            "redirect_uri": answer.get("redirect_uri", ""),
        }  # fmt: skip
        return granted(Client(credentials, transport).token(given), "", now)


def _orders(data: Mapping[str, object]) -> list[str]:
    """The order numbers a message is about."""
    model = data.get("OrderLogisticsTracingModel")
    if isinstance(model, dict):
        return sorted({str(x["orderId"]) for x in model.get("orderLogsItems") or () if x.get("orderId")})
    if data.get("orderId"):
        return [str(data["orderId"])]
    batch = data.get("batchPay")
    return [str(x["orderId"]) for x in batch if x.get("orderId")] if isinstance(batch, list) else []
