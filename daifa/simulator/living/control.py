"""The world's own door: what is in the books, and everything a proof or a curious person may make happen."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict
from importlib.resources import files
from typing import Any

import httpx
import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from daifa.ports.books import BuyerOrder, CasePhase, Listing, Receiver, SupplyPhase
from daifa.ports.world import ShopProfile
from daifa.simulator.living import backoffice
from daifa.simulator.living.backoffice import NotNow
from daifa.simulator.living.buyers import profiles
from daifa.simulator.living.faults import NAMES
from daifa.simulator.living.pushes import Sender
from daifa.simulator.living.world import Living

# Where the door keeps what it knows of the product (company, kind, key).
PRODUCT = ("world", "product", "told")


class Wrong(ValueError):
    """The request asks for something that is not there or makes no sense."""


class Control:
    """The control door of one world. ``turn`` keeps its writers and the running loop apart."""

    def __init__(self, world: Living, send: Sender, describe: Callable[[], Mapping[str, Any]]) -> None:
        self.world, self._send, self._describe = world, send, describe
        self.turn = asyncio.Lock()

    def app(self) -> Starlette:
        """The door as an application."""
        posts: Mapping[str, Callable[[dict[str, Any]], Awaitable[Any]]] = {
            "/advance": self._advance, "/speed": self._speed, "/orders": self._orders, "/burst": self._burst,
            "/faults": self._faults, "/products": self._products, "/push_target": self._push_target,
            "/shops": self._shops, "/switches": self._switches, "/settings": self._settings, "/docs": self._docs,
            "/product": self._product,
        }  # fmt: skip
        routes = [Route(path, self._post(deed), methods=["POST"]) for path, deed in posts.items()]
        routes += [
            Route("/orders/{id:path}/{deed}", self._order_deed, methods=["POST"]),
            Route("/cases/{id:path}/{deed}", self._case_deed, methods=["POST"]),
            Route("/parcels/{id}/{deed}", self._parcel_deed, methods=["POST"]),
            Route("/supplies/{id:path}/{deed}", self._supply_deed, methods=["POST"]),
            Route("/state", self._get(self._state)),
            Route("/books", self._get(self._books)),
            Route("/ours", self._ours),
            Route("/faults", self._get(lambda _: self._fault_list())),
            Route("/companies", self._get(lambda _: self._describe())),
            Route("/world", self._page),
            Route("/", self._page),
        ]
        return Starlette(routes=routes)

    def _get(self, make: Callable[[Request], Any]) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            self.world.catch_up()
            return _json(make(request))

        return answer

    def _post(self, deed: Callable[[dict[str, Any]], Awaitable[Any]]) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            try:
                async with self.turn:
                    said = await deed(await _body(request))
                    self.world.commit()
            except (Wrong, NotNow, KeyError, TypeError) as error:
                return JSONResponse({"error": str(error)}, 400)
            return _json(said)

        return answer

    async def _page(self, request: Request) -> Response:
        page = files("daifa.simulator.living").joinpath("page.html").read_text(encoding="utf-8")
        return HTMLResponse(page)

    # What there is.

    def _state(self, _: Request) -> dict[str, Any]:
        world = self.world
        orders = world.books.orders()
        phases: dict[str, int] = {}
        for order in orders:
            phases[order.phase] = phases.get(order.phase, 0) + 1
        messages: dict[str, int] = {}
        for message in world.books.messages():
            messages[message.state] = messages.get(message.state, 0) + 1
        return {
            "now": world.now().isoformat(), "sim": world.clock.seconds(), "speed": world.clock.speed,
            "seed": world.seed, "events_waiting": len(world.agenda), "next_event_at": world.agenda.next_at,
            "orders": phases, "supplies": len(world.books.supplies()), "parcels": len(world.books.all_parcels()),
            "cases": len(world.books.cases()), "penalties": len(world.books.penalties()), "messages": messages,
            "settings": world.settings, "shops": profiles(world.all_shops()),
            "push_targets": {k: world.push_target(k) for k in world.fakes}, "notes": list(world.notes)[-60:],
            "companies": {f.key: {"name": f.name, "kind": f.kind, "switches": {**f.switches,
                          **world.switches.get(f.key, {})}} for f in world.fakes.values()},
        }  # fmt: skip

    def _books(self, request: Request) -> dict[str, Any]:
        books, company = self.world.books, request.query_params.get("company", "")
        last = int(request.query_params.get("last", "0"))
        wanted = request.query_params.get("with", "").split(",")
        found: dict[str, Any] = {
            "now": self.world.now(),
            "orders": [_order(o) for o in books.orders(company)[-last:]],
            "supplies": [{**asdict(s), "total_fen": s.total_fen} for s in books.supplies()[-last:]],
            "parcels": books.all_parcels()[-last:],
            "cases": books.cases(company)[-last:],
            "penalties": books.penalties(),
            "messages": books.messages(company)[-last:],
        }
        if "listings" in wanted:
            found["listings"] = books.listings(company)
        if "offers" in wanted:
            found["offers"] = books.offers()
        return found

    def _fault_list(self) -> dict[str, Any]:
        faults = self.world.faults
        return {
            "active": [asdict(f) for f in faults.active],
            "random": faults.random,
            "known": {k: {"label": zh, "seconds": s} for k, (zh, s) in NAMES.items()},
        }

    async def _ours(self, _: Request) -> Response:
        """What the product says of these shops' orders, by its own API as anybody may ask: number → where it stands."""
        told = self.world.books.doc(*PRODUCT)
        if told is None:
            return _json({"url": "", "orders": {}, "error": ""})
        try:
            async with httpx.AsyncClient(trust_env=False, timeout=4) as client:
                answer = await client.get(
                    f"{told['url']}/api/orders", params={"shop": told["shop"], "limit": "200"},
                    headers={"authorization": f"Bearer {told['token']}"},
                )  # fmt: skip
            answer.raise_for_status()
            orders = {row["number"]: row for row in answer.json()["items"]}
        except (httpx.HTTPError, ValueError, KeyError) as error:
            return _json({"url": told["url"], "orders": {}, "error": f"产品没有应答（{type(error).__name__}）"})
        return _json({"url": told["url"], "orders": orders, "error": ""})

    # What may be made to happen.

    async def _product(self, said: dict[str, Any]) -> Any:
        """Where the product is, one of its API tokens and its shop: the page shows its books beside the world's."""
        known = self.world.books.doc(*PRODUCT) or {}
        self.world.books.put_doc(
            *PRODUCT, {**known, **{k: str(said[k]) for k in ("url", "token", "shop") if k in said}}
        )
        return {"url": said.get("url", known.get("url", ""))}

    async def _advance(self, said: dict[str, Any]) -> Any:
        await self.world.advance(float(said["seconds"]), self._send)
        return {"now": self.world.now().isoformat()}

    async def _speed(self, said: dict[str, Any]) -> Any:
        self.world.clock.set_speed(float(said["speed"]))
        return {"speed": self.world.clock.speed}

    def _shop(self, said: Mapping[str, Any]) -> ShopProfile:
        wanted, company = str(said.get("shop", "")), str(said.get("company", ""))
        for shop in self.world.all_shops():
            if wanted in ("", shop.id, shop.name) and company in ("", shop.company):
                return shop
        raise Wrong(f"no such shop: {company} {wanted}")

    async def _orders(self, said: dict[str, Any]) -> Any:
        shop, world = self._shop(said), self.world
        lines = [(str(x["sku_no"]), int(x.get("quantity", 1))) for x in said.get("lines", [])]
        made = []
        for _ in range(int(said.get("count", 1))):
            order = world.buyers.make(
                shop.company, shop.id, lines=lines, talent=said.get("talent", ""), waits=said.get("waits"),
                receiver=_receiver(said), calm=bool(said.get("calm", True)), words=said.get("words"),
                presale=said.get("presale"),
            )  # fmt: skip
            if order is None:
                raise Wrong("nothing to buy: unknown sku_no or everything is off sale")
            made.append({"id": order.id, "number": order.number, "phase": order.phase, "lines": order.lines})
        return {"orders": made}

    async def _burst(self, said: dict[str, Any]) -> Any:
        shop = self._shop(said)
        title = self.world.buyers.burst(
            shop.company, shop.id, int(said.get("count", 60)), float(said.get("seconds", 600)), said.get("talent", "")
        )
        return {"title": title}

    async def _faults(self, said: dict[str, Any]) -> Any:
        faults = self.world.faults
        if "random" in said:
            faults.random = float(said["random"])
        if "waits" in said:
            faults.waits = float(said["waits"])
        if said.get("off"):
            faults.remove(said.get("id"), said.get("name", ""))
        elif "name" in said:
            known = ("company", "method", "count", "probability", "seconds", "until")
            faults.add(str(said["name"]), **{k: said[k] for k in known if said.get(k) is not None})
        return self._fault_list()

    async def _products(self, said: dict[str, Any]) -> Any:
        """List items on a shop, or change the ones that are there (price, stock, state, campaign_stock …)."""
        shop, world = self._shop(said), self.world
        found = []
        for item in said["items"]:
            listing = world.books.listing(shop.company, shop.id, str(item["sku_no"]))
            if listing is None:
                listing = Listing(
                    f"{shop.company}/{shop.id}/{item['sku_no']}", shop.company, shop.id, str(item["item_no"]),
                    str(item["sku_no"]), "", "", "", 0, 0, world.now(),
                )  # fmt: skip
                world.books.add(listing)
            for name in ("merchant_code", "title", "spec", "price_fen", "stock", "parts", "state", "campaign_stock",
                         "kind", "heat", "extra"):  # fmt: skip
                if name in item:
                    setattr(listing, name, item[name])
            listing.updated_at = world.now()
            world.books.touch(listing)
            found.append(listing)
        return {"listings": found}

    async def _push_target(self, said: dict[str, Any]) -> Any:
        company = str(said["company"])
        if company not in self.world.fakes:
            raise Wrong(f"no such company: {company}")
        self.world.set_push_target(company, str(said["url"]))
        return {"company": company, "url": said["url"]}

    async def _shops(self, said: dict[str, Any]) -> Any:
        shop = ShopProfile(str(said["company"]), str(said["name"]), str(said["id"]))
        self.world.add_shop(shop)
        return self._describe()

    async def _switches(self, said: dict[str, Any]) -> Any:
        company, known = str(said["company"]), self.world.fakes[str(said["company"])].switches
        for name, value in said["switches"].items():
            if name not in known:
                raise Wrong(f"no such switch: {name}")
            self.world.switches.setdefault(company, {})[name] = value
        return {**known, **self.world.switches.get(company, {})}

    async def _settings(self, said: dict[str, Any]) -> Any:
        for name, value in said.items():
            if name not in self.world.settings:
                raise Wrong(f"no such setting: {name}")
            was, self.world.settings[name] = self.world.settings[name], value
            if name == "auto" and value and not was:
                self.world.buyers.begin()
        return self.world.settings

    async def _docs(self, said: dict[str, Any]) -> Any:
        """A fake's own record, set by hand: a closed authorisation, an expired token, a company switched off."""
        company, kind, key = str(said["company"]), str(said["kind"]), str(said["key"])
        if "data" in said:
            self.world.books.put_doc(
                company, kind, key, {**(self.world.books.doc(company, kind, key) or {}), **said["data"]}
            )
        return self.world.books.doc(company, kind, key) or {}

    async def _order_deed(self, request: Request) -> Response:
        async def deed(said: dict[str, Any]) -> Any:
            order, world = self._order(request.path_params["id"]), self.world
            name, lines = request.path_params["deed"], [str(x) for x in said.get("lines", [])]
            if name == "refund":
                case = world.buyers.apply(order, said.get("reason", "不想要了"), after=bool(said.get("return")),
                                          lines=lines, fen=said.get("fen"))  # fmt: skip
                return {"case": case}
            if name == "cancel":
                world.buyers.refund_all(order, said.get("reason", "买家取消"))
            elif name == "change_address":
                wished = _receiver(said)
                if said.get("direct") and wished is not None:
                    world.orders.move_to(order, wished)
                else:
                    world.buyers.wish_address(order, wished)
            elif name == "memo":
                world.orders.remark(order, said.get("memo"), said.get("flag"))
            elif name == "pay_rest":
                world.buyers.timer("rest", {"order": order.id})
            elif name in ("office_ship", "office_split", "office_merge"):
                return backoffice.do(world, name, order, said, self._order)
            elif name == "release":
                world.orders.release(order)
            elif name == "finish":
                world.orders.finish(order)
            elif name == "ship_by":
                world.orders.set_ship_by(order, said.get("line"), _moment(said["at"]))
            else:
                raise Wrong(f"no such deed: {name}")
            return _order(order)

        return await self._post(deed)(request)

    def _order(self, key: str) -> BuyerOrder:
        company, _, number = key.rpartition("/")
        for where in [company] if company else list(self.world.fakes):
            if (order := self.world.books.order(where, number)) is not None:
                return order
        raise Wrong(f"no such order: {key}")

    async def _case_deed(self, request: Request) -> Response:
        async def deed(said: dict[str, Any]) -> Any:
            key, name, cases = request.path_params["id"], request.path_params["deed"], self.world.cases
            found = [c for c in self.world.books.cases() if key in (c.id, c.id.split("/", 1)[1])]
            if not found:
                raise Wrong(f"no such case: {key}")
            case = found[0]
            if name == "withdraw":
                cases.close(case, "withdrawn")
            elif name == "agree":
                cases.agree(case)
            elif name == "refund" and case.phase is not CasePhase.DONE:
                cases.refund(case, said.get("fen"))
            else:
                raise Wrong(f"no such deed: {name}")
            return case

        return await self._post(deed)(request)

    async def _supply_deed(self, request: Request) -> Response:
        async def deed(said: dict[str, Any]) -> Any:
            company, _, number = request.path_params["id"].partition("/")
            order = self.world.books.supply(company, number)
            if order is None or order.phase is not SupplyPhase.PAID:
                raise Wrong("no such order at a supplier, or it is not paid, or it left before")
            if request.path_params["deed"] != "ship":
                raise Wrong(f"no such deed: {request.path_params['deed']}")
            self.world.sellers.timer("ship", {"order": order.id})
            return order

        return await self._post(deed)(request)

    async def _parcel_deed(self, request: Request) -> Response:
        async def deed(said: dict[str, Any]) -> Any:
            parcel = self.world.books.parcel(request.path_params["id"])
            if parcel is None:
                raise Wrong("no such parcel")
            if request.path_params["deed"] == "recall":
                self.world.parcels.recall(parcel)
            else:
                self.world.parcels.timer(request.path_params["deed"], {"parcel": parcel.number})
            return parcel

        return await self._post(deed)(request)


def _order(order: BuyerOrder) -> dict[str, Any]:
    return {**asdict(order), "paid_fen": order.paid_fen, "refunded_fen": order.refunded_fen}


def _receiver(said: Mapping[str, Any]) -> Receiver | None:
    return Receiver(**said["receiver"]) if said.get("receiver") else None


def _moment(text: str) -> Any:
    from datetime import datetime

    return datetime.fromisoformat(text)


async def _body(request: Request) -> dict[str, Any]:
    raw = await request.body()
    try:
        found = orjson.loads(raw) if raw else {}
    except orjson.JSONDecodeError as error:
        raise Wrong("the body is no JSON") from error
    if not isinstance(found, dict):
        raise Wrong("the body is no object")
    return found


def _json(value: Any) -> Response:
    return Response(orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS), media_type="application/json")
