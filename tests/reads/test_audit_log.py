"""The log: found by who, what, object, words and day; paged without gaps; only for those who may; only one's own."""

from __future__ import annotations

import io
from datetime import timedelta
from uuid import UUID

from openpyxl import load_workbook

from daifa.base import audit
from daifa.base.actor import Actor
from daifa.base.tenancy import tenant
from daifa.kit import clock
from daifa.kit.ids import uuid7
from tests.browser import Company

NOON = clock.beijing(2026, 11, 20, 12)


def _deeds(company: Company, number: int) -> UUID:
    """So many deeds of 阿明, one an hour; returns the object of the first."""
    ming, first = Actor(key="member:ming", name="阿明", address="10.0.0.8"), uuid7()
    with tenant(company.number):
        for n in range(number):
            with clock.frozen(NOON + timedelta(hours=n)):
                verb = "shop.change" if n % 2 else "member.change"
                what = {"kind": "shop", "object_id": first} if n == 0 else {}
                audit.record(ming, verb, f"第{n}件事_100%", reason=f"因为{n}", **what)  # type: ignore[arg-type]
    return first


def _found(company: Company, query: str) -> list[str]:
    return [e["summary"] for e in company.owner.get(f"/audit?{query}")["items"]]


def test_pages_follow_each_other_without_gaps(tenant_number: int) -> None:
    company = Company()
    _deeds(company, 7)
    seen: list[str] = []
    cursor = ""
    for _ in range(4):
        page = company.owner.get(f"/audit?who=阿明&limit=2&cursor={cursor}")
        seen += [e["summary"] for e in page["items"]]
        assert page["total"] == 7
        cursor = page["next_cursor"] or ""
    assert seen == [f"第{n}件事_100%" for n in reversed(range(7))]
    assert cursor == ""
    assert company.owner.refused("GET", "/audit?cursor=nonsense") == (422, "bad_cursor")


def test_every_question_is_answered(tenant_number: int) -> None:
    company = Company()
    first = _deeds(company, 40)
    assert len(_found(company, "who=member:ming&limit=100")) == 40
    assert len(_found(company, "topic=records&limit=100")) == 20
    assert _found(company, f"object_id={first}") == ["第0件事_100%"]
    assert _found(company, "kind=shop") == ["第0件事_100%"]
    assert _found(company, "text=第7件") == ["第7件事_100%"]
    assert _found(company, "text=因为39") == ["第39件事_100%"]
    assert _found(company, "text=%25件") == [], "a per cent sign is a letter, not a wildcard"
    assert len(_found(company, "who=阿明&at_from=2026-11-20&at_to=2026-11-20&limit=100")) == 12
    assert len(_found(company, "who=阿明&at_from=2026-11-21&at_to=2026-11-21&limit=100")) == 24
    assert company.owner.refused("GET", "/audit?topic=nothing") == (422, "unknown_topic")


def test_the_log_is_for_those_who_may_and_of_their_company(tenant_number: int) -> None:
    company, other = Company(), Company()
    _deeds(company, 3)
    _, viewer = company.hire("viewer")
    assert viewer.refused("GET", "/audit") == (403, "not_allowed")
    assert viewer.refused("POST", "/audit/export", {}) == (403, "not_allowed")
    assert _found(other, "who=阿明") == []


def test_the_export_holds_what_the_filter_finds_and_is_written_down(tenant_number: int) -> None:
    company = Company()
    _deeds(company, 5)
    answer = company.owner.call("POST", "/audit/export", {"who": "阿明", "text": "第3件"})
    rows = list(load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))
    assert rows[0][:4] == ("时间（北京）", "谁", "类别", "做了什么")
    assert rows[1][:5] == ("2026-11-20 15:00:00", "阿明", "商品与店铺", "第3件事_100%", "因为3")
    assert len(rows) == 2
    assert _found(company, "topic=files")[0] == "导出操作日志 1 条"
