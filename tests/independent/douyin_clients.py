"""Public Douyin clients against the world: run by the Python of an environment that holds ``doudian`` and
``mcp-cn-commerce``. Reads the line of ``daifa world --json`` on standard input, prints what happened as JSON.

Only hosts are replaced, by subclassing; signing, encoding, envelope reading and reply checks are the clients' own.
"""

from __future__ import annotations

import asyncio
import http.server
import json
import os
import re
import sys
import threading
import time
import urllib.parse
import urllib.request
from typing import Any

# The first client signs the computer's local time and calls it Beijing's.
os.environ["TZ"] = "Asia/Shanghai"
time.tzset()

from doudian import AppType, DouDian  # noqa: E402
from servers.doudian.client import DouDianClient  # noqa: E402

TOLD = json.load(sys.stdin)
HOME, CONTROL = TOLD["companies"]["douyin"], TOLD["control"]
GATEWAY, KEYS, SHOP = HOME["urls"]["gateway"], HOME["secrets"], HOME["shops"][0]


def control(path: str, **said: Any) -> Any:
    """Ask the world itself."""
    request = urllib.request.Request(f"{CONTROL}{path}", json.dumps(said).encode() if said else None)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


class Here(DouDian):
    """The first client, with its hosts replaced."""

    @property
    def _gate_way(self) -> str:
        return str(GATEWAY)

    @_gate_way.setter
    def _gate_way(self, value: str) -> None:
        pass


def consent(client: DouDian) -> str:
    """The merchant opens the client's own link and presses the button; the code that comes back."""
    link = client.build_auth_url("24070", "state-1").replace("https://fuwu.jinritemai.com", GATEWAY)
    with urllib.request.urlopen(link, timeout=30) as answer:
        page = answer.read().decode()
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', page))
    fields |= {"shop_id": SHOP["id"], "approve": "1"}
    action = re.search(r'action="([^"]+)"', page)
    assert action is not None
    body = urllib.parse.urlencode(fields).encode()
    with urllib.request.urlopen(f"{GATEWAY}{action.group(1)}", body, timeout=30) as answer:
        return str(answer.read().decode()).removeprefix("code=")


def first() -> dict[str, Any]:
    """Authorise → list → detail → ship → read back, with pushes checked by the client."""
    client = Here(KEYS["app_key"], KEYS["app_secret"], app_type=AppType.TOOL)
    assert client.init_token(consent(client))
    heard: list[Any] = []

    class Door(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            heard.append(client.callback({k.lower(): v for k, v in self.headers.items()}, body))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b'{"code":0,"msg":"success"}')

        def log_message(self, *_: Any) -> None:
            pass

    door = http.server.HTTPServer(("127.0.0.1", 0), Door)
    threading.Thread(target=door.serve_forever, daemon=True).start()
    control("/push_target", company="douyin", url=f"http://127.0.0.1:{door.server_port}/push")
    made = control("/orders", shop=SHOP["id"], count=3)["orders"]
    now = int(time.time())
    listed = client.request("/order/searchList", {"create_time_start": now - 3600, "page": 0, "size": 10})
    number = made[0]["number"]
    assert number in [o["order_id"] for o in listed["data"]["shop_order_list"]]
    remark = client.request("/order/addOrderRemark", {"order_id": number, "remark": "加急&<b>", "is_add_star": "true",
                                                      "star": "5"})  # fmt: skip
    assert remark["err_no"] == 0, remark
    shipped = client.request("/order/logisticsAdd", {"order_id": number, "company_code": "zhongtong",
                                                     "logistics_code": "78123456789012"})  # fmt: skip
    assert shipped["err_no"] == 0, shipped
    detail = client.request("/order/orderDetail", {"shop_order_id": number})["data"]["shop_order_detail"]
    assert (detail["order_status"], detail["seller_words"]) == (3, "加急&<b>")
    until = time.monotonic() + 10
    while time.monotonic() < until and not any(m["tag"] == "102" for h in heard if h for m in h):
        time.sleep(0.05)
    door.shutdown()
    tags = sorted({m["tag"] for h in heard if h for m in h})
    assert None not in heard
    assert {"0", "100", "101", "102", "113"} <= set(tags), tags
    return {"token": bool(client._access_token()), "tags": tags}


async def second() -> dict[str, Any]:
    """The second client checks replies against schemas of its own."""
    client = DouDianClient(KEYS["app_key"], KEYS["app_secret"], SHOP["access_token"], SHOP["id"])
    client.BASE_URL = f"{GATEWAY}/"
    now, done = int(time.time()), {}
    number = control("/books?last=1")["orders"][0]["number"]
    case = control(f"/orders/{number}/refund", reason="不想要了")["case"]["id"].split("/")[1]
    for method, params in (
        ("order/searchList", {"create_time_start": now - 3600, "create_time_end": now + 60, "page": 0, "size": 10}),
        ("order/orderDetail", {"shop_order_id": number}),
        ("afterSale/List", {"page": 0, "size": 10}),
        ("afterSale/Detail", {"after_sale_id": case}),
        ("product/listV2", {"page": 1, "size": 10}),
        ("order/logisticsCompanyList", {}),
    ):
        try:
            answer = await client.request(method, params)
            done[method] = "ok" if answer is not None else "empty"
        except Exception as error:  # noqa: BLE001  # whatever the client dislikes is the finding
            done[method] = f"{type(error).__name__}: {error}"[:200]
    return done


if __name__ == "__main__":
    found = {"doudian": first(), "mcp": asyncio.run(second())}
    sys.stdout.write(json.dumps(found, ensure_ascii=False) + "\n")
