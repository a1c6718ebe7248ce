"""Exemptions through their routes: tried, put in force, replaced, removed; open orders get their deadline anew."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

from daifa.areas.compliance.services.platform_rules import refresh_platform_rules
from daifa.areas.orders.models import Order
from daifa.base.models import AuditEntry
from daifa.base.tenancy import tenant
from daifa.flows import sweep, terms
from tests.browser import Company
from tests.flows.test_route import _ready as ready


def _due(number: int) -> dict[str, datetime | None]:
    sweep.open_again.function(tenant_id=number)
    with tenant(number):
        return {o.external_id: o.due_by for o in Order.objects.all()}


def test_an_exemption_moves_the_deadlines_it_says_and_lets_go(tenant_number: int) -> None:
    company = Company()
    with tenant(company.number):
        refresh_platform_rules(terms.rules())
    far = {"省": "黑龙江省", "市": "哈尔滨市", "区": "道里区", "街道": "", "收件人": "李四"}
    ready(company.number, {"主订单编号": "69001"}, {"主订单编号": "69002", **far})
    boss = company.owner
    before = _due(company.number)
    with tenant(company.number):
        provinces = dict(Order.objects.values_list("external_id", "province"))
    assert provinces["69002"] == "黑龙江省"
    first = before["69002"]
    assert first is not None
    wanted = {
        "platform": "douyin", "province": "黑龙江省", "source": "https://example.com/notice",
        "starts_at": (first - timedelta(hours=5)).isoformat(), "ends_at": (first + timedelta(hours=24)).isoformat(),
    }  # fmt: skip
    asked = "&".join(f"{k}={v.replace('+', '%2B')}" for k, v in wanted.items() if k != "source")
    assert boss.get(f"/exemptions/reach?{asked}") == {"orders": 1}
    said = boss.post("/exemptions", wanted)
    assert said["orders"] == 1
    assert "1 单未完成订单的发货截止会变" in said["message"]
    after = _due(company.number)
    assert (after["69001"], after["69002"] != first) == (before["69001"], True)
    [row] = boss.get("/exemptions")["items"]
    assert (row["by_name"], row["province"]) == ("老板", "黑龙江省")
    assert "黑龙江省" in boss.get("/exemptions")["provinces"]

    assert boss.refused("POST", "/exemptions", wanted) == (422, "bad_exemption")
    assert boss.refused("POST", "/exemptions", {**wanted, "platform": "moon"}) == (422, "bad_exemption")
    gone = {**wanted, "platform": "pdd"}
    assert boss.refused("PUT", f"/exemptions/{uuid4()}", gone) == (404, "no_such_exemption")
    assert boss.call("PUT", f"/exemptions/{row['id']}", gone).status_code == 200
    assert _due(company.number) == before, "another platform's days are none of theirs"
    [row] = boss.get("/exemptions")["items"]
    assert boss.refused("POST", f"/exemptions/{row['id']}/remove", {"reason": ""}) == (422, "reason_missing")
    assert boss.post(f"/exemptions/{row['id']}/remove", {"reason": "录错了"})["orders"] == 0
    assert boss.get("/exemptions")["items"] == []
    with tenant(company.number):
        assert AuditEntry.objects.filter(verb="exemption.remove", reason="录错了").count() == 1


def test_whoever_may_not_edit_rules_only_looks(tenant_number: int) -> None:
    company = Company()
    _, viewer = company.hire("viewer")
    assert viewer.get("/exemptions")["items"] == []
    days = {"starts_at": "2026-02-15T00:00:00+08:00", "ends_at": "2026-02-20T00:00:00+08:00"}
    assert viewer.refused("POST", "/exemptions", {**days, "source": "春节"}) == (403, "not_allowed")
    assert company.owner.post("/exemptions", {**days, "source": "春节"})["orders"] == 0
    [row] = viewer.get("/exemptions")["items"]
    assert viewer.refused("POST", f"/exemptions/{row['id']}/remove", {"reason": "x"}) == (403, "not_allowed")
