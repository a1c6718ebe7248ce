"""The blocklist through its routes: orders are held and freed at once, nobody is shown, everything is written down."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from daifa.base.models import AuditEntry
from daifa.base.tenancy import tenant
from tests.browser import Browser, Company
from tests.flows.test_route import _ready as ready

PHONE = "17055556666"


def _order(browser: Browser, number: str) -> dict[str, Any]:
    [row] = browser.get(f"/orders?numbers={number}")["items"]
    return dict(row)


def _company() -> Company:
    company = Company()
    ready(
        company.number,
        {"主订单编号": "69001"},
        {"主订单编号": "69002", "收件人": "李四", "收件人手机号": PHONE},
        {"主订单编号": "69003", "收件人": "王*", "收件人手机号": "170****5678", "详细地址": "测试路****"},
    )
    return company


def test_who_is_blocked_is_held_and_freed_again(tenant_number: int) -> None:
    company = _company()
    boss = company.owner
    assert _order(boss, "69002")["tab"] == "dispatch"
    said = boss.post("/blocklist", {"phone": "170 5555 6666", "reason": "拒收三次"})["message"]
    assert said == "已拉黑 170****6666；1 单因此挂起"
    held = _order(boss, "69002")
    assert held["tab"] == "hold"
    assert [h["remedy_label"] for h in held["holds"] if h["kind"] == "blocked"] == ["看黑名单"]
    [row] = boss.get("/blocklist")
    assert (row["shown"], row["kind"], row["by_name"], row["held"]) == ("170****6666", "phone", "老板", ["69002"])
    again = boss.post("/blocklist", {"phone": PHONE, "reason": "又拒收"})["message"]
    assert "已在黑名单里" in again
    assert len(boss.get("/blocklist")) == 1
    assert boss.refused("POST", f"/blocklist/{row['id']}/remove", {"reason": " "}) == (422, "reason_missing")
    assert "1 单已重新检查" in boss.post(f"/blocklist/{row['id']}/remove", {"reason": "说清了"})["message"]
    assert _order(boss, "69002")["tab"] == "dispatch"
    assert boss.get("/blocklist") == []
    assert boss.refused("POST", f"/blocklist/{row['id']}/remove", {"reason": "x"}) == (404, "no_such_blocked")
    with tenant(company.number):
        told = list(AuditEntry.objects.filter(verb__startswith="blocklist.").values_list("summary", "reason"))
    assert ("移出黑名单 170****6666", "说清了") in told
    assert all(PHONE not in f"{s}{r}" for s, r in told)


def test_an_orders_recipient_is_blocked_without_being_shown(tenant_number: int) -> None:
    company = _company()
    boss = company.owner
    one = _order(boss, "69002")["id"]
    said = boss.post(f"/orders/{one}/block", {"reason": "恶意退款"})["message"]
    assert said == "已拉黑 170****6666；1 单因此挂起"
    masked = _order(boss, "69003")["id"]
    assert boss.refused("POST", f"/orders/{masked}/block", {"reason": "x"}) == (422, "no_plain_recipient")
    assert boss.refused("POST", f"/orders/{uuid4()}/block", {"reason": "x"}) == (404, "no_such_order")
    with tenant(company.number):
        [entry] = AuditEntry.objects.filter(verb="blocklist.add")
        assert (entry.summary, entry.reason) == ("拉黑订单 69002 的收件人 170****6666", "恶意退款")


def test_a_name_blocks_and_two_reasons_free_only_together(tenant_number: int) -> None:
    boss = _company().owner
    boss.post("/blocklist", {"name": " 李四 ", "reason": "同行"})
    boss.post("/blocklist", {"phone": PHONE, "reason": "拒收"})
    rows = {r["kind"]: r for r in boss.get("/blocklist")}
    assert (rows["name"]["shown"], rows["name"]["held"]) == ("李*", ["69002"])
    boss.post(f"/blocklist/{rows['phone']['id']}/remove", {"reason": "说清了"})
    assert _order(boss, "69002")["tab"] == "hold"
    boss.post(f"/blocklist/{rows['name']['id']}/remove", {"reason": "说清了"})
    assert _order(boss, "69002")["tab"] == "dispatch"


def test_what_names_nobody_and_who_may_not(tenant_number: int) -> None:
    company = Company()
    boss = company.owner
    assert boss.refused("POST", "/blocklist", {"phone": "123", "reason": "x"}) == (422, "bad_phone")
    assert boss.refused("POST", "/blocklist", {"phone": "170****6666", "reason": "x"}) == (422, "masked")
    assert boss.refused("POST", "/blocklist", {"reason": "x"}) == (422, "nothing_to_block")
    assert boss.refused("POST", "/blocklist", {"name": "李四", "reason": " "}) == (422, "reason_missing")
    _, viewer = company.hire("viewer")
    assert viewer.refused("GET", "/blocklist") == (403, "not_allowed")
    assert viewer.refused("POST", "/blocklist", {"name": "李四", "reason": "x"}) == (403, "not_allowed")
