"""The ports: everything over real local HTTP, the control door, and the command that starts it all."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from daifa.simulator.living.server import WorldServer
from daifa.simulator.living.tests.test_living import START, supply
from daifa.simulator.living.tests.toy import TOY
from daifa.simulator.living.world import Living

SHOP = "21830476"


@asynccontextmanager
async def served(**settings: Any) -> AsyncIterator[tuple[WorldServer, httpx.AsyncClient]]:
    world = Living([TOY], start=START, speed=0, settings={"auto": False, **settings})
    server = WorldServer(world)
    await server.start()
    running = asyncio.create_task(server.run())
    async with httpx.AsyncClient(base_url=server.urls["control"], timeout=20) as client:
        try:
            yield server, client
        finally:
            server.stop()
            await running
    await server.close()


def live(story: Callable[[WorldServer, httpx.AsyncClient], Awaitable[None]], **settings: Any) -> None:
    async def run() -> None:
        async with served(**settings) as (server, client):
            await story(server, client)

    asyncio.run(run())


async def say(client: httpx.AsyncClient, path: str, status: int = 200, **said: Any) -> Any:
    answer = await client.post(path, json=said)
    assert answer.status_code == status, answer.text
    return answer.json()


def test_the_door_makes_orders_and_shows_them_in_the_books() -> None:
    async def story(server: WorldServer, client: httpx.AsyncClient) -> None:
        made = (await say(client, "/orders", shop=SHOP, count=2))["orders"]
        number = made[0]["number"]
        await say(client, f"/orders/{number}/memo", memo="加急", flag="红")
        await say(client, f"/orders/{number}/refund", reason="拍错/多拍")
        await say(client, f"/orders/{made[1]['id']}/cancel")
        await say(client, "/advance", seconds=3600)
        books = (await client.get("/books?with=listings,offers")).json()
        assert [o["memo"] for o in books["orders"]] == ["加急", ""]
        assert books["orders"][1]["refunded_fen"] == books["orders"][1]["paid_fen"] > 0
        assert [c["phase"] for c in books["cases"]] == ["applied"]
        assert books["listings"]
        assert books["offers"]
        state = (await client.get("/state")).json()
        assert state["orders"] == {"to_ship": 1, "closed": 1}
        assert state["sim"] == START.timestamp() + 3600
        await say(client, f"/cases/{books['cases'][0]['id']}/agree")

    live(story)


def test_a_supplier_ships_when_the_door_says_so() -> None:
    async def story(server: WorldServer, client: httpx.AsyncClient) -> None:
        offer = next(iter(server.world.books.offers()))
        order = supply(server.world, "1", offer.sku, offer.seller)
        server.world.sellers.place(order)
        await say(client, "/supplies/x/1/ship", 400)
        server.world.sellers.pay(order)
        shipped = await say(client, "/supplies/x/1/ship")
        assert shipped["phase"] == "shipped"
        assert len(shipped["parcels"]) == 1
        await say(client, "/supplies/x/1/ship", 400)
        await say(client, "/supplies/x/1/burn", 400)

    live(story)


def test_the_door_refuses_nonsense() -> None:
    async def story(server: WorldServer, client: httpx.AsyncClient) -> None:
        await say(client, "/orders", 400, shop="nowhere")
        await say(client, "/orders/404/memo", 400)
        await say(client, "/faults", 400, name="earthquake")
        await say(client, "/switches", 400, company="douyin", switches={"no": 1})
        assert (await client.post("/speed", content=b"{")).status_code == 400

    live(story)


def test_faults_bursts_goods_shops_and_speed_from_the_door() -> None:
    async def story(server: WorldServer, client: httpx.AsyncClient) -> None:
        await say(client, "/faults", name="http_5xx", company="douyin", count=1)
        gateway = server.urls["douyin"]
        assert [(await client.get(f"{gateway}/x")).status_code for _ in range(2)] == [502, 200]
        await say(client, "/faults", name="timeout_after", seconds=0, count=1)
        with pytest.raises(httpx.RemoteProtocolError):
            await client.get(f"{gateway}/x")
        await say(client, "/faults", name="half_body", count=1)
        with pytest.raises(httpx.RemoteProtocolError):
            await client.get(f"{gateway}/x")
        await say(client, "/faults", random=0.5)
        assert (await say(client, "/faults", off=True))["active"] == []
        await say(client, "/faults", random=0)
        items = [{"item_no": "3600000000000000001", "sku_no": "1", "title": "新品", "price_fen": 990, "stock": 9}]
        await say(client, "/products", shop=SHOP, items=items)
        await say(client, "/orders", shop=SHOP, lines=[{"sku_no": "1", "quantity": 2}])
        assert (await say(client, "/burst", shop=SHOP, count=20, seconds=300))["title"]
        await say(client, "/advance", seconds=400)
        assert (await client.get("/state")).json()["orders"]["to_ship"] >= 15
        await say(client, "/speed", speed=100000)
        await asyncio.sleep(0.2)
        assert server.world.clock.seconds() > START.timestamp() + 5000
        assert "世界" in (await client.get("/world")).text

    live(story)


def test_pushes_reach_a_real_address() -> None:
    async def story(server: WorldServer, client: httpx.AsyncClient) -> None:
        got: list[bytes] = []

        async def receive(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            got.append(await reader.readuntil(b"]"))
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
            await writer.drain()
            writer.close()

        listener = await asyncio.start_server(receive, "127.0.0.1", 0)
        port = listener.sockets[0].getsockname()[1]
        await say(client, "/push_target", company="douyin", url=f"http://127.0.0.1:{port}/push")
        await say(client, "/orders", shop=SHOP)
        await say(client, "/advance", seconds=5)
        listener.close()
        assert b"sign: good" in got[0]
        assert (await client.get("/state")).json()["messages"] == {"acked": 1}

    live(story)


@pytest.mark.slow
def test_the_command_says_where_it_is_and_survives_a_kill(tmp_path: Path) -> None:
    def start() -> tuple[subprocess.Popen[str], dict[str, Any]]:
        command = [sys.executable, "-m", "daifa.entry.cli", "world", "--json", "--step", "--home", str(tmp_path)]
        environment = {k: v for k, v in os.environ.items() if not k.startswith("DJANGO")}
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
        assert process.stdout is not None
        return process, json.loads(process.stdout.readline())

    process, told = start()
    with process:
        httpx.post(f"{told['control']}/advance", json={"seconds": 7200}, timeout=60)
        before = httpx.get(f"{told['control']}/books").json()
        process.kill()
    process, again = start()
    with process:
        after = httpx.get(f"{again['control']}/books").json()
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    assert len(before["orders"]) > 5
    assert before == after
    assert again["companies"]["douyin"]["urls"] == told["companies"]["douyin"]["urls"]
    tokens = [t["companies"]["douyin"]["shops"][0]["access_token"] for t in (told, again)]
    assert tokens[0] == tokens[1]
    assert json.loads(Path(told["clock"]).read_text())["speed"] == 0
