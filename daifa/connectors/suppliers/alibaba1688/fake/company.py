"""The gateway: checks a call in 1688's order, hands it to the API, words what comes back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from daifa.connectors.suppliers.alibaba1688.fake import (
    catalogue,
    messages,
    oauth,
    orders,
    parcels,
    paying,
    pictures,
    placing,
    refunds,
    selling,
)
from daifa.connectors.suppliers.alibaba1688.fake.call import (
    SYSTEM,
    Api,
    Call,
    GatewayError,
    Refused,
    ReplyLost,
    refusal,
)
from daifa.connectors.suppliers.alibaba1688.fake.goods import Goods, tell_followers
from daifa.connectors.suppliers.alibaba1688.fake.signing import SIGNATURE, same, sign
from daifa.connectors.suppliers.alibaba1688.fake.words import KEY, moment
from daifa.ports.books import Entity, Message, Offer, Parcel, SupplierOrder
from daifa.ports.world import Outgoing, Reply, Request, What, World

GATEWAY = "/openapi/"
# How far a timestamp may be off; the documents give no figure.
SKEW = timedelta(minutes=15)
# Received by itself so long after shipping.
RECEIVED_AFTER = 10 * 86_400
_LOST = b"<html><head><title>504 Gateway Time-out</title></head><body>504 Gateway Time-out</body></html>"


def _millis(call: Call) -> Any:
    return {"currentTimeMillis": int(call.world.now().timestamp() * 1000)}


def _time(call: Call) -> Any:
    return {"currentTime": moment(call.world.now())}


APIS: Mapping[str, Api] = {
    "currentTimeMillis": Api(SYSTEM, _millis, login=False),
    "currentTime": Api(SYSTEM, _time, login=False),
    **catalogue.APIS, **placing.APIS, **orders.APIS, **paying.APIS, **parcels.APIS, **refunds.APIS, **messages.APIS,
}  # fmt: skip


class Alibaba1688:
    """The company in the running world; everything it remembers is in the books."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.goods = Goods(world)

    def method(self, request: Request) -> str:
        """The API's name; pages by their path."""
        parts = request.path.strip("/").split("/")
        if request.path.startswith(GATEWAY) and len(parts) == 6:
            return parts[4]
        return request.path.strip("/").replace("/", ".") or "root"

    def handle(self, request: Request) -> Reply:
        """One request."""
        path = request.path
        if path == oauth.PAGE:
            return oauth.page(self.world, request)
        if path == paying.CASHIER:
            return paying.cashier(self.world, request)
        if pictures.is_picture(path):
            return pictures.picture(self.goods, path)
        if not path.startswith(GATEWAY):
            return Reply(200 if path in ("", "/") else 404, b"{}")
        try:
            return self._gateway(request)
        except GatewayError as error:
            return self._error(error)
        except ReplyLost:
            return Reply(504, _LOST, "text/html")

    def _gateway(self, request: Request) -> Reply:
        parts = request.path[len(GATEWAY) :].split("/")
        if len(parts) != 5:
            raise GatewayError(400, "gw.AppKeyMissing", "Request path must name version, namespace, API and appKey")
        _, version, namespace, name, key = parts
        if (namespace, name) == ("system.oauth2", "getToken"):
            return oauth.token_reply(self.world, key, request)
        if key != oauth.app_key(self.world):
            raise GatewayError(401, "gw.AppKeyInvalid", "Invalid appKey")
        api = APIS.get(name)
        if api is None or version != "1" or namespace != api.namespace or parts[0] != "param2":
            raise GatewayError(400, "gw.APIUnsupported", f"Unsupported API: {namespace}:{name}-{version}")
        params = {**request.pairs, **request.form}
        self._verify(api, "/".join(parts), params)
        self._throttle(name)
        # Permission comes before the arguments are looked at.
        if name in self.world.switch(KEY, "acl_denied"):
            raise GatewayError(403, "gw.APIACLDecline", "AppKey is not allowed(acl)")
        member = self._member(api, params)
        call = Call(self.world, self.goods, request, params, member, oauth.app_secret(self.world))
        try:
            answer = api.run(call)
        except Refused as no:
            answer = refusal(api.style, no)
        return Reply(body=orjson.dumps(answer))

    def _verify(self, api: Api, path: str, params: Mapping[str, str]) -> None:
        if api.namespace == SYSTEM and SIGNATURE not in params:
            return
        given = params.get(SIGNATURE, "")
        if not given:
            raise GatewayError(400, "gw.SignatureMissing", "Request need signature: _aop_signature")
        if not same(sign(oauth.app_secret(self.world), path, params), given):
            raise GatewayError(400, "gw.SignatureInvalid", "Request signature is invalid")
        text = params.get("_aop_timestamp", "")
        if text:
            self._timely(text)

    def _timely(self, text: str) -> None:
        now = self.world.now() + timedelta(seconds=self.world.fault(KEY, "clock_skew") or 0.0)
        sent = datetime.fromtimestamp(int(text) / 1000, UTC) if text.isdigit() and len(text) == 13 else None
        if sent is None or abs(sent - now) > SKEW:
            raise GatewayError(400, "gw.TimestampInvalid", "Request timestamp is invalid")

    def _throttle(self, name: str) -> None:
        most = int(self.world.switch(KEY, "calls_per_second"))
        if most <= 0:
            return
        second = int(self.world.now().timestamp())
        kept = self.world.books.doc(KEY, "rate", "app") or {}
        count = int(kept.get("count", 0)) + 1 if kept.get("second") == second else 1
        self.world.books.put_doc(KEY, "rate", "app", {"second": second, "count": count})
        if count > most:
            raise _too_fast()

    def _member(self, api: Api, params: Mapping[str, str]) -> str:
        if not api.login:
            return ""
        member = oauth.member_of(self.world, params.get("access_token", ""))
        if member is None:
            raise _no_token()
        return member

    def _error(self, error: GatewayError) -> Reply:
        number = self.world.number("alibaba1688.request")
        body = {
            "error_code": error.code, "error_message": error.message, "exception": error.message,
            "request_id": f"{self.world.now():%Y%m%d%H%M%S}{number:08d}",
        }  # fmt: skip
        return Reply(error.status, orjson.dumps(body))

    def trouble(self, name: str, request: Request) -> Reply | None:
        """The world's faults in the gateway's words; an expired or revoked token stays so."""
        if not request.path.startswith(GATEWAY) or "system.oauth2" in request.path:
            return None
        token = {**request.pairs, **request.form}.get("access_token", "")
        if name == "rate_limit":
            return self._error(_too_fast())
        if name == "unavailable":
            return self._error(GatewayError(400, "gw.QosRequestLimit", "Request is limited, try again later"))
        if not token:
            return None
        if name == "token_expired":
            oauth.expire(self.world, token)
        else:
            oauth.revoke(self.world, token)
        return self._error(_no_token())

    def happened(self, what: What, entity: Entity, more: Mapping[str, Any]) -> None:
        """Messages, and what sellers do on this platform because of it."""
        if isinstance(entity, Offer):
            self._offer_changed(entity)
        elif isinstance(entity, Parcel):
            messages.tell_scan(self.world, entity)
        elif isinstance(entity, SupplierOrder):
            if what is What.SUPPLY_PAID:
                self._shelves(entity)
            if entity.company == KEY:
                self._order(what, entity, more)

    def _offer_changed(self, offer: Offer) -> None:
        tell_followers(self.world, self.goods, list(self.world.books.docs(KEY, "account")), offer)

    def _shelves(self, order: SupplierOrder) -> None:
        # The stock goes down right after this is told, whoever bought; the difference is told a moment later.
        self.world.after(1, KEY, "shelves", seller=order.seller, skus=[x.sku for x in order.lines])

    def _order(self, what: What, order: SupplierOrder, more: Mapping[str, Any]) -> None:
        if what is What.SUPPLY_CREATED:
            selling.placed(self.world, order)
        elif what is What.SUPPLY_SHIPPED:
            self.world.after(RECEIVED_AFTER, KEY, "receive", order=order.number)
        elif what is What.SUPPLY_RECEIVED:
            order.extra["received"] = moment(self.world.now())
        messages.tell_order(self.world, what, order, more)

    def timer(self, name: str, data: Mapping[str, Any]) -> None:
        """What was put off."""
        world = self.world
        if name.startswith("refund_"):
            refunds.timer(world, name, data)
        elif name == "day":
            selling.day(world, self.goods)
        elif name == "back":
            item = self.goods.item(data["offer"])
            if item is not None:
                selling.put_back(world, self.goods.offers(item))
        elif name == "shelves":
            for sku in data["skus"]:
                offer = world.books.offer(data["seller"], sku)
                if offer is not None:
                    self._offer_changed(offer)
        elif (order := world.books.supply(KEY, str(data.get("order", "")))) is not None:
            if name == "reprice":
                selling.reprice(world, order)
            elif name == "receive":
                world.sellers.receive(order)

    def outgoing(self, messages_: Sequence[Message], *, forged: bool = False) -> Outgoing:
        """One message in a form."""
        return messages.outgoing(self.world, messages_, forged=forged)

    def accepted(self, status: int, body: bytes) -> bool:
        """HTTP 200 is the whole acknowledgement."""
        return status == 200

    def describe(self, base_url: str) -> Mapping[str, Any]:
        """Addresses, keys and granted buyers."""
        return {
            "urls": {"gateway": base_url, "oauth": base_url + oauth.PAGE, "push": None},
            "secrets": {"app_key": oauth.app_key(self.world), "app_secret": oauth.app_secret(self.world)},
            "accounts": oauth.granted(self.world),
        }


def _too_fast() -> GatewayError:
    return GatewayError(400, "gw.QosAppFrequencyLimit", "App call exceeds limited frequency")


def _no_token() -> GatewayError:
    # The exact spelling is not documented; the status is what counts.
    return GatewayError(401, "401", "Request need user authorized: access_token is invalid or expired")
