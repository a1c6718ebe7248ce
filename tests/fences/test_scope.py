"""A data scope: every list that a scoped member asks shows nothing of other shops and other suppliers."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import pytest

from daifa.areas.accounts.services import applications, connections
from daifa.areas.accounts.services.connections import Home
from daifa.areas.mailroom.services import calls, comparisons, inbox, outbox
from daifa.areas.mailroom.services.calls import Made
from daifa.areas.mailroom.services.comparisons import Compared
from daifa.areas.mailroom.services.inbox import Arrived
from daifa.areas.mailroom.services.outbox import Want
from daifa.base import bulk
from daifa.base.actor import SYSTEM
from daifa.base.permissions import PERMISSIONS
from daifa.base.tenancy import tenant
from daifa.flows import reporting, sending, tracking_desk
from daifa.flows.steps import route
from daifa.kit import clock
from daifa.kit.ids import uuid7
from daifa.ports.transport import Granted
from tests.browser import Browser, Company
from tests.fences.world import TABLE_OF, Route, ids, routes
from tests.flows import files
from tests.flows.day import bring, make_shop
from tests.flows.test_tracking import GOOD, returned

# Words that screens are made of, and one's own account: the same for everybody of a company.
SAME_FOR_ALL = {"GET /api/members", "GET /api/roles", "GET /api/me/sessions", "GET /api/import-templates"}


@dataclass(frozen=True, slots=True)
class Two:
    """A company of two shops and two suppliers that have nothing to do with each other."""

    company: Company
    shops: dict[str, str]
    suppliers: dict[str, str]
    secrets: dict[str, set[str]]

    def scoped(self, **scope: list[str]) -> Browser:
        """A member who may look at everything, within a scope."""
        body = {"name": "全看", "permissions": list(PERMISSIONS)}
        self.company.owner.call("PUT", "/roles/looker", body)
        return self.company.hire("looker", **scope)[1]


def _order(number: str, sku: str) -> dict[str, str]:
    # Everybody is somebody else: the same person with the same goods would be held as a duplicate.
    tail = f"{int(number) % 10_000_000:07d}"
    person = {"收件人": f"李{'一二三四五六七八九'[int(tail) % 9]}", "收件人手机号": f"1701{tail}"}
    return {"主订单编号": number, "商家编码": sku, "商品ID": sku, "详细地址": f"测试路 {tail} 号", **person}


def _half(number: int, shop_name: str, supplier: str, sku: str, orders: list[str], parcel: str) -> str:
    shop = make_shop(number, name=shop_name)
    bring(number, f"商品-{sku}.csv", files.goods(sku))
    bring(number, f"报价-{supplier}.csv", files.prices((supplier, sku, "11.20")))
    rows = [_order(o, sku) for o in orders]
    bring(number, f"订单-{shop_name}.csv", files.douyin(*rows), shop=shop)
    with tenant(number):
        found = bulk.select("SELECT id FROM orders_order WHERE tenant_id = {tenant} AND step = 'dispatch'")
        route.dispatch([i for (i,) in found], by=SYSTEM, run=f"r-{sku}")
        sending.send(by=SYSTEM)
        ours = bulk.select(
            "SELECT p.number FROM purchasing_purchaseorder p JOIN orders_order o ON o.tenant_id = {tenant}"
            " AND o.id = p.order_id WHERE p.tenant_id = {tenant} AND o.external_id = ANY(%s) ORDER BY o.external_id",
            [orders],
        )
    # One parcel is told at once, one number is doubtful (another name beside our number), the third is owed.
    bring(number, f"回单-{supplier}.csv", returned((ours[0][0], "", "", "中通", parcel)), kind="tracking")
    doubtful = returned((ours[1][0], "赵六", "1", "中通", f"{int(parcel) + 5}"))
    bring(number, f"疑问-{supplier}.csv", doubtful, kind="tracking")
    with tenant(number):
        tracking_desk.paste(f"谁家的 中通 {int(parcel) + 7}", by=SYSTEM)
        reporting.make(reporting.shops_of(SYSTEM, [shop]), by=SYSTEM)
        _by_api(shop, shop_name, orders)
    return str(shop)


def _by_api(shop: UUID, name: str, orders: list[str]) -> None:
    """The shop is connected and its supplier buys by API: something arrived and cannot be read, deeds wait for a
    person, numbers differ, calls were made."""
    keys = applications.save(by=SYSTEM, platform="douyin", app_key=f"{uuid7()}", secrets={"app_secret": "x"}, urls={})
    token = Granted("t", "", None, None, f"{name}的账号")
    line = connections.connect(by=SYSTEM, application_id=keys.id, home=Home(shop), granted=token).id
    inbox.store(line, "poll", [Arrived("orders", f"orders:{orders[0]}", orders[0], b"{}")])
    inbox.park([(i, f"{name}的读不懂") for (i,) in bulk.select(_ARRIVED)])
    differ = Compared(line, "ok", missing=orders[:1], left={orders[0]: "读不懂"}, strange=orders[1:2])
    comparisons.keep(clock.business_day(clock.now()), differ)
    [(order, purchase)] = bulk.select(_BOUGHT, [orders[0]])
    outbox.want(
        [
            Want(f"place:{purchase}", "place", line, purchase, reference=f"{orders[0]}-下单"),
            Want(f"ship:{order}", "ship", line, order, order, reference=f"{orders[0]}-回传"),
        ]
    )
    for (deed,) in bulk.select(_WANTED):
        outbox.settle(deed, "held", before=("ready",), reason=f"{name}等人")
    calls.record(Made(line, "douyin", "order.orderDetail", clock.now(), 9, "refused", said=f"{name}：{orders[0]} 不对"))


_ARRIVED = "SELECT id FROM mailroom_inbox WHERE tenant_id = {tenant} AND state = 'new'"
_WANTED = "SELECT id FROM mailroom_outbox WHERE tenant_id = {tenant} AND state = 'ready'"
_BOUGHT = (
    "SELECT o.id, l.purchase_id FROM orders_order o JOIN purchasing_purchaseline l ON l.tenant_id = {tenant}"
    " AND l.order_id = o.id WHERE o.tenant_id = {tenant} AND o.external_id = %s"
)


@pytest.fixture
def two(transactional_db: None) -> Two:
    company = Company()
    n = company.number
    orders = {half: [f"6{half}{n:015d}{i}" for i in range(1, 4)] for half in "12"}
    shops = {
        "1": _half(n, "东家店", "东家供应商", "HP-101", orders["1"], GOOD),
        "2": _half(n, "西家店", "西家供应商", "HP-202", orders["2"], f"{int(GOOD) + 100}"),
    }
    with tenant(n):
        suppliers = {str(name)[0]: str(i) for i, name in bulk.select(_SUPPLIERS)}
        secrets = {half: set(orders[half]) for half in "12"}
        for order, *found in bulk.select(_WHAT):
            half = next(h for h in "12" if order in orders[h])
            secrets[half] |= {str(x) for x in found if x}
    return Two(company, shops, {"1": suppliers["东"], "2": suppliers["西"]}, secrets)


_SUPPLIERS = "SELECT id, name FROM purchasing_supplier WHERE tenant_id = {tenant}"
_WHAT = """
SELECT o.external_id, o.id, p.id, p.number, c.tracking_number, d.id
FROM orders_order o
LEFT JOIN purchasing_purchaseline l ON l.tenant_id = {tenant} AND l.order_id = o.id
LEFT JOIN purchasing_purchaseorder p ON p.tenant_id = {tenant} AND p.id = l.purchase_id
LEFT JOIN purchasing_dispatchline x ON x.tenant_id = {tenant} AND x.purchase_line_id = l.id
LEFT JOIN purchasing_dispatch d ON d.tenant_id = {tenant} AND d.id = x.dispatch_id
LEFT JOIN logistics_parcelline z ON z.tenant_id = {tenant} AND z.order_id = o.id
LEFT JOIN logistics_parcel c ON c.tenant_id = {tenant} AND c.id = z.parcel_id
WHERE o.tenant_id = {tenant}
"""


def _lists() -> list[Route]:
    return [r for r in routes() if r.method == "GET" and not r.names and r.title not in SAME_FOR_ALL]


def _shown(browser: Browser, secrets: set[str]) -> dict[str, list[str]]:
    found = {}
    for one in _lists():
        told = browser.call("GET", one.filled({})).content.decode(errors="replace")
        if seen := sorted(s for s in secrets if s in told):
            found[one.title] = seen
    return found


def _opened(browser: Browser, number: int, secrets: set[str]) -> dict[str, list[str]]:
    """As ``_shown``, of what opens by an id: every row there is is asked for."""
    first, found = ids(number), {}
    with tenant(number):
        rows = {t: [i for (i,) in bulk.select(f"SELECT id FROM {t} WHERE tenant_id = {{tenant}}")] for t in first}
    for one in routes():
        table = next((TABLE_OF[n] for n in one.names if n in TABLE_OF), "")
        if one.method != "GET" or table not in rows:
            continue
        for row in rows[table]:
            named = {t: row if t == table else i for t, i in first.items()}
            told = browser.call("GET", one.filled(named)).content.decode(errors="replace")
            # A name that was asked for comes back in nothing but the refusal.
            if seen := sorted(s for s in secrets if s in told):
                found[one.title] = seen
    return found


def test_nothing_of_another_shop_opens_by_its_id(two: Two) -> None:
    other = two.secrets["1"] | {"东家店", "东家供应商-代发"}
    assert len(_opened(two.company.owner, two.company.number, other)) >= 10
    assert _opened(two.scoped(shop_scope=[two.shops["2"]]), two.company.number, other) == {}


def test_nothing_of_another_supplier_opens_by_its_id(two: Two) -> None:
    other = two.secrets["1"] | {"东家供应商"}
    assert _opened(two.scoped(supplier_scope=[two.suppliers["2"]]), two.company.number, other) == {}


def test_deeds_of_another_scope_are_not_decided(two: Two) -> None:
    told = two.company.owner.get("/status")
    theirs = [d["id"] for d in told["stuck"] if "东家店" in d["reason"]]
    parked = [p["id"] for p in told["parked"] if "东家店" in p["reason"]]
    assert (len(theirs), len(parked), told["queues"]["outbox"]) == (2, 1, {"held": 4})
    for scope in ({"shop_scope": [two.shops["2"]]}, {"supplier_scope": [two.suppliers["2"]]}):
        member = two.scoped(**scope)
        seen = member.get("/status")
        assert (len(seen["stuck"]), seen["queues"]["outbox"]) == (2, {"held": 2})
        for deed in theirs:
            answer = {"answer": "drop", "why": "不要了"}
            assert member.refused("POST", f"/outbox/{deed}/decide", answer)[0] == 403
        assert member.refused("POST", "/inbox/again", {"ids": parked})[0] == 404


def test_lists_show_nothing_of_another_shop(two: Two) -> None:
    other = two.secrets["1"] | {two.shops["1"], "东家店", "东家供应商-代发", "订单-东家店"}
    unscoped = _shown(two.company.owner, other)
    assert len(unscoped) >= 10, unscoped
    member = two.scoped(shop_scope=[two.shops["2"]])
    assert _shown(member, other) == {}
    seen = set(_shown(member, two.secrets["2"] | {"西家店"}))
    assert {
        f"GET /api/{name}" for name in ("orders", "purchases", "parcels", "imports", "tracking", "today", "status")
    } <= seen


def test_lists_show_nothing_of_another_supplier(two: Two) -> None:
    other = two.secrets["1"] | {two.suppliers["1"], "东家供应商"}
    member = two.scoped(supplier_scope=[two.suppliers["2"]])
    assert _shown(member, other) == {}
    seen = set(_shown(member, two.secrets["2"] | {"西家供应商"}))
    assert {f"GET /api/{name}" for name in ("orders", "purchases", "parcels", "tracking", "sending", "status")} <= seen


def test_counts_are_those_of_the_scope(two: Two) -> None:
    by_shop, by_supplier = two.scoped(shop_scope=[two.shops["2"]]), two.scoped(supplier_scope=[two.suppliers["2"]])
    for member in (by_shop, by_supplier):
        assert member.get("/orders/counts")["counts"]["all"] == member.get("/orders")["total"] == 3
        assert [s["supplier"] for s in member.get("/tracking")["owed"]] == ["西家供应商"]


def test_one_of_another_scope_does_not_open(two: Two) -> None:
    first = next(o for o in two.company.owner.get("/orders")["items"] if o["shop_name"] == "东家店")
    for scope in ({"shop_scope": [two.shops["2"]]}, {"supplier_scope": [two.suppliers["2"]]}):
        member = two.scoped(**scope)
        assert member.refused("GET", f"/orders/{first['id']}")[0] in {403, 404}
        assert member.refused("POST", f"/orders/{first['id']}/open/recipient", {"reason": "联系买家"})[0] in {403, 404}
        claims = [c["id"] for c in two.company.owner.get("/tracking")["doubtful"] if "东家" in str(c)]
        for claim in claims:
            assert member.refused("POST", f"/tracking/claims/{claim}/accept", {})[0] in {403, 404}


def test_a_buyer_bound_to_a_supplier_sends_and_takes_the_zip_home(two: Two) -> None:
    n, shop = two.company.number, two.shops
    for half in "12":
        row = _order(f"7{half}{n:015d}9", f"HP-{half}0{half}")
        bring(n, f"又一单{half}.csv", files.douyin(row), shop=UUID(shop[half]))
    with tenant(n):
        found = bulk.select("SELECT id FROM orders_order WHERE tenant_id = {tenant} AND step = 'dispatch'")
        route.dispatch([i for (i,) in found], by=SYSTEM, run="r-more")
    _, buyer = two.company.hire("buyer", supplier_scope=[two.suppliers["2"]])
    _, other = two.company.hire("buyer", supplier_scope=[two.suppliers["1"]])
    done = buyer.post("/sending/send", {})
    assert [s["supplier"] for s in done["sent"]] == ["西家供应商"]
    path = done["zip_path"].removeprefix("/api")
    assert buyer.call("GET", path).status_code == 200
    assert other.refused("GET", path)[0] == 404
    assert two.company.owner.call("GET", path).status_code == 200
    # The zip waits in the task centre too.
    [task] = [t for t in buyer.get("/tasks")["items"] if t["file"]]
    assert buyer.call("GET", f"/tasks/{task['id']}/file").status_code == 200
