"""Drives the fake as a client would: signed forms over ASGI, the clock by hand."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx

from daifa.connectors.suppliers.alibaba1688.fake import FAKE, oauth
from daifa.connectors.suppliers.alibaba1688.fake.goods import Goods, Item
from daifa.connectors.suppliers.alibaba1688.fake.signing import sign, sign_message
from daifa.connectors.suppliers.alibaba1688.fake.words import KEY
from daifa.ports.books import SupplierOrder
from daifa.ports.world import Fake, Outgoing
from daifa.simulator.living.http import CompanyApp
from daifa.simulator.living.world import Living

START = datetime(2026, 9, 1, 2, 0, tzinfo=UTC)
TRADE, LOGISTICS, FENXIAO = "com.alibaba.trade", "com.alibaba.logistics", "com.alibaba.fenxiao"
SPACES = {"alibaba.product": "com.alibaba.product", "alibaba.fenxiao": FENXIAO, "push": "cn.alibaba.open"}
ADDRESS = {
    "fullName": "张三", "mobile": "13800000000", "provinceText": "浙江省", "cityText": "杭州市", "areaText": "滨江区",
    "address": "网商路699号",
}  # fmt: skip


def space_of(api: str) -> str:
    """The namespace of an API as the documents give it."""
    if "Logistic" in api or api.startswith("logistics.delivery"):
        return LOGISTICS
    if api in ("alibaba.trade.createFenxiaoOrder.preview", "refund.address.get"):
        return FENXIAO
    return next((space for head, space in SPACES.items() if api.startswith(head)), TRADE)


class Driver:
    """One world with 1688 in it, and a buyer with a token."""

    def __init__(self, home: Path | None = None, *, fakes: tuple[Fake, ...] = (FAKE,), **settings: Any) -> None:
        self.world = Living(
            fakes, start=START, speed=0, home=home, settings={"auto": False, "renumber": 0.0, "split": 0.0, **settings}
        )
        self.key, self.secret = oauth.app_key(self.world), oauth.app_secret(self.world)
        buyer = oauth.granted(self.world)[0]
        self.member, self.token, self.refresh_token = buyer["id"], buyer["access_token"], buyer["refresh_token"]
        self.goods = Goods(self.world)
        self.pushed: list[dict[str, Any]] = []
        self.push_status = 200
        self.switch(list_lag=0, raise_after_preview=0, liar_admits=0, reprice_unpaid=0, offer_expires=0,
                    options_change=0, refund_rejects=0)  # fmt: skip

    def switch(self, **values: Any) -> None:
        self.world.switches.setdefault(KEY, {}).update(values)

    def ask(self, method: str, url: str, **more: Any) -> httpx.Response:
        async def once() -> httpx.Response:
            transport = httpx.ASGITransport(CompanyApp(self.world, KEY))
            async with httpx.AsyncClient(transport=transport, base_url="http://gw.test") as client:
                return await client.request(method, url, **more)

        return asyncio.run(once())

    def raw(self, api: str, params: Mapping[str, str], *, space: str = "", method: str = "POST",
            secret: str = "") -> httpx.Response:  # fmt: skip
        """A signed call, whatever comes back."""
        path = f"param2/1/{space or space_of(api)}/{api}/{self.key}"
        form = {**params, "_aop_signature": sign(secret or self.secret, path, params)}
        if method == "GET":
            return self.ask("GET", f"/openapi/{path}?{urlencode(form)}")
        return self.ask("POST", f"/openapi/{path}", data=form)

    def call(self, api: str, *, space: str = "", token: str | None = None, **params: Any) -> Any:
        """A call with token; complex values become JSON; the answer is read with big integers."""
        texts = {k: v if isinstance(v, str) else json.dumps(v, ensure_ascii=False) for k, v in params.items()}
        texts["access_token"] = self.token if token is None else token
        return json.loads(self.raw(api, texts, space=space).text)

    def advance(self, seconds: float) -> None:
        asyncio.run(self.world.advance(seconds, self._receive))

    async def _receive(self, target: str, outgoing: Outgoing, timeout: float) -> tuple[int, bytes]:
        form = {k: v[0] for k, v in parse_qs(outgoing.body.decode(), keep_blank_values=True).items()}
        given = form.pop("_aop_signature")
        # Bad signature: 401, as the receiving side is told to answer.
        if given != sign_message(self.secret, form):
            return 401, b""
        if self.push_status == 200:
            self.pushed.append(json.loads(form["message"]))
        return self.push_status, b""

    def topics(self) -> list[str]:
        return [m["type"] for m in self.pushed]

    # What there is to buy.

    def item(self, temper: str = "punctual", *, specs: int = 2, seller: str = "") -> Item:
        """A page of a seller of that temper with at least so many specs (1: exactly one)."""
        for item in self.goods.items():
            who = self.world.sellers.profile(item.seller)
            enough = item.single if specs == 1 else len(item.skus) >= specs
            if who.temper == temper and enough and seller in ("", item.seller):
                return item
        raise LookupError(temper)

    def cargo(self, item: Item, *quantities: int) -> list[dict[str, Any]]:
        """Lines of one page: so many of the first spec, so many of the second."""
        listed = []
        info = self.call("alibaba.fenxiao.productInfo.get", offerId=str(item.offer_id))["productInfo"]
        for n, quantity in enumerate(quantities):
            line: dict[str, Any] = {"offerId": item.offer_id, "quantity": quantity}
            if not item.single:
                line["specId"] = info["skuInfos"][n]["specId"]
            listed.append(line)
        return listed

    def preview(self, cargo: Any, flow: str = "general", **more: Any) -> Any:
        return self.call("alibaba.createOrder.preview", flow=flow, addressParam=ADDRESS, cargoParamList=cargo, **more)

    def create(self, cargo: Any, reference: str = "ERP-1", flow: str = "general", *,
               api: str = "alibaba.trade.fastCreateOrder", **more: Any) -> Any:  # fmt: skip
        return self.call(
            api, **{"flow": flow, "addressParam": ADDRESS, "cargoParamList": cargo, "outOrderId": reference, **more}
        )

    def order(self, temper: str = "punctual", *quantities: int, reference: str = "ERP-1", specs: int = 2) -> str:
        """A made order's number."""
        made = self.create(self.cargo(self.item(temper, specs=specs), *(quantities or (2,))), reference)
        return str(made["result"]["orderId"])

    def kept(self, number: str) -> SupplierOrder:
        """The order in the world's books."""
        found = self.world.books.supply(KEY, number)
        assert found is not None
        return found

    def pay(self, *numbers: str) -> None:
        """Get a cashier link and press the button there."""
        link = self.call("alibaba.alipay.url.get", orderIdList=[int(n) for n in numbers])["payUrl"]
        ticket = parse_qs(urlsplit(link).query)["ticket"][0]
        assert self.ask("POST", "/order/cashier.htm", data={"ticket": ticket}).status_code == 200

    def view(self, number: str) -> Any:
        return self.call("alibaba.trade.get.buyerView", webSite="1688", orderId=number)["result"]

    def listed(self, **params: Any) -> Any:
        return self.call("alibaba.trade.getBuyerOrderList", **params)
