"""Files with recipients in clear: nobody takes one home but who may open recipients, within scope, with a reason."""

from __future__ import annotations

from uuid import UUID

import pytest

from daifa.areas.mailroom.services import tasks
from daifa.base.actor import SYSTEM
from daifa.base.models import AuditEntry
from daifa.base.tenancy import tenant
from daifa.flows import order_export
from daifa.reads import order_query
from daifa.reads.order_query import Target
from tests.browser import Browser, Company
from tests.fences.world import PERSON, busy_company, ids
from tests.flows import files
from tests.flows.day import bring, make_shop


@pytest.fixture
def company(transactional_db: None) -> Company:
    return busy_company()


def _exported(company: Company, *, plain: bool) -> str:
    """The owner's export, written as the worker would; its address."""
    body = {"target": {"filter": {}}, "columns": [], "plain": plain, "reason": "对账" if plain else ""}
    task_id = str(company.owner.post("/orders/export", body)["task_id"])
    with tenant(company.number):
        owner = tasks.get(UUID(task_id)).started_by
        orders = [str(i) for i in order_query.orders_of(Target((), {}), SYSTEM)]
    order_export.write_orders.function(
        tenant_id=company.number, task_id=task_id, ids=orders, columns=["number"], plain=plain, by=[owner, "老板"],
        money=True,
    )  # fmt: skip
    return f"/tasks/{task_id}/file"


def _openings(company: Company) -> list[str]:
    with tenant(company.number):
        return list(AuditEntry.objects.filter(verb="sealed.open").order_by("at").values_list("reason", flat=True))


def test_a_plain_export_is_its_starters_alone(company: Company) -> None:
    path = _exported(company, plain=True)
    other = make_shop(company.number, "taobao", "别家店")
    _, finance = company.hire("finance")
    _, operator = company.hire("operator")
    _, scoped = company.hire("operator", shop_scope=[str(other)])
    assert finance.refused("GET", path)[0] == 403
    assert operator.refused("GET", path)[0] == 404
    assert scoped.refused("GET", path)[0] == 404
    assert company.owner.call("GET", path).status_code == 200
    # Asking for it and taking it home: both are counted, with the reason that was given once.
    assert _openings(company) == ["对账", "对账"]


def test_a_masked_export_is_for_who_may_export_within_scope(company: Company) -> None:
    path = _exported(company, plain=False)
    other = make_shop(company.number, "taobao", "别家店")
    _, finance = company.hire("finance")
    _, viewer = company.hire("viewer")
    _, scoped = company.hire("operator", shop_scope=[str(other)])
    assert finance.call("GET", path).status_code == 200
    assert viewer.refused("GET", path)[0] == 403
    assert scoped.refused("GET", path)[0] == 404
    assert scoped.get("/tasks")["items"] == scoped.get("/tasks?live=1")["items"] == []
    assert scoped.refused("POST", path.replace("/file", "/cancel"))[0] == 404


def _import_of(company: Company, kind: str) -> str:
    [found] = [i["id"] for i in company.owner.get(f"/imports?kind={kind}")["items"][:1]]
    return str(found)


def _asked(browser: Browser, path: str) -> tuple[int, int]:
    """What a door answers without a reason and with one."""
    return browser.call("GET", path).status_code, browser.call("GET", f"{path}?reason=核对地址").status_code


def test_an_uploaded_order_file_opens_with_a_reason_within_scope(company: Company) -> None:
    orders, goods = _import_of(company, "orders"), _import_of(company, "goods")
    task = company.owner.get(f"/imports/{orders}")["task_id"]
    _, buyer = company.hire("buyer")
    other = make_shop(company.number, "taobao", "别家店")
    _, scoped = company.hire("operator", shop_scope=[str(other)])
    for path in (f"/imports/{orders}/file", f"/tasks/{task}/file"):
        assert _asked(company.owner, path) == (422, 200)
        assert _asked(buyer, path) == (403, 403)
        assert _asked(scoped, path) == (404, 404)
    assert _openings(company) == ["核对地址", "核对地址"]
    assert _asked(buyer, f"/imports/{goods}/file") == (200, 200)


def test_refused_rows_with_recipients_open_with_a_reason(company: Company) -> None:
    shop = ids(company.number)["accounts_shop"]
    bad = {"主订单编号": "6977", "订单应付金额": "很多", "收件人": PERSON[0], "收件人手机号": PERSON[1]}
    done = bring(company.number, "坏.csv", files.douyin(bad), shop=shop)
    result = company.owner.get(f"/imports/{done['id']}/result")
    assert (result["rejected_total"], result["error_file_asks"]) == (1, True)
    assert _asked(company.owner, f"/imports/{done['id']}/error-file") == (422, 200)
    task = company.owner.get("/tasks?text=坏.csv")["items"][0]
    assert (task["error_file_asks"], task["file"]["asks_reason"]) == (True, True)
    assert _asked(company.owner, f"/tasks/{task['id']}/error-file") == (422, 200)


def test_every_file_that_is_made_waits_in_the_task_centre(company: Company) -> None:
    """Sheets of suppliers, upload files and the log's export are taken home again from there, by right."""
    owner = company.owner
    owner.call("POST", "/audit/export", {})
    made = {t["title"]: t for t in owner.get("/tasks?kind=export")["items"]}
    log = next(t for title, t in made.items() if title.startswith("导出操作日志"))
    ship = next(t for title, t in made.items() if title.startswith("发货-"))
    for task in (log, ship):
        assert (task["state"], owner.call("GET", f"/tasks/{task['id']}/file").status_code) == ("done", 200)
    _, operator = company.hire("operator")
    _, finance = company.hire("finance")
    assert operator.refused("GET", f"/tasks/{log['id']}/file")[0] == 403
    assert finance.call("GET", f"/tasks/{log['id']}/file").status_code == 200
    assert finance.refused("GET", f"/tasks/{ship['id']}/file")[0] == 403
