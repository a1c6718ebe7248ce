"""No personal data in a log line, a table, a file on disk or the database's own log."""

from __future__ import annotations

import io
import logging
import os
import re
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from daifa.areas.accounts.models import User
from daifa.base import bulk, opening
from daifa.base.actor import SYSTEM
from daifa.base.tenancy import tenant
from daifa.entry.request_log import RequestLog
from daifa.kit import log
from daifa.kit.errors import TooMany
from daifa.kit.ids import uuid7
from tests.browser import PASSWORD, Browser
from tests.fences.world import PERSON, SECRET, busy_company, ids, tables
from tests.flows import files

PHONE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")


@pytest.fixture
def said() -> Iterator[io.StringIO]:
    """Everything this process logs, as the product would write it."""
    root, stream = logging.getLogger(), io.StringIO()
    handlers, level = list(root.handlers), root.level
    log.configure(stream=stream)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)


def _clean(text: str, *secrets: str) -> None:
    assert not PHONE.findall(text)
    for secret in (*PERSON, PASSWORD, *secrets):
        assert secret not in text, f"a log line holds “{secret}”"


def test_a_day_of_requests_and_jobs_logs_nobodys_data(tenant_number: int, said: io.StringIO) -> None:
    company = busy_company()
    browser, known = company.owner, ids(company.number)
    token = browser.post("/tokens", {"name": "脚本", "scopes": ["orders.view"], "days": 9})["token"]
    Browser().call("POST", "/sign-in", {"login": PERSON[1], "password": "ein-geheimnis-7"})
    Browser().call("GET", "/shops?phone=17012345678&name=王小明", token=token)
    Browser().call("GET", f"/s/{token}")
    browser.call("POST", "/orders/person", {"text": PERSON[0]})
    browser.call("POST", f"/orders/{known['orders_order']}/open/recipient", {"reason": f"打给{PERSON[0]} {PERSON[1]}"})
    browser.call("POST", "/orders/paste-recipients", {"text": f"6901 {' '.join(PERSON[:3])}"})
    browser.call("POST", "/tracking/text", {"text": f"{PERSON[0]} 尾号5678 中通 73123456789012"})
    browser.call("POST", "/suppliers", {"name": 7, "note": PERSON[0]})
    browser.client.post(
        "/api/imports", b"\xff\xfe" + PERSON[0].encode(), content_type="multipart/form-data; boundary=x"
    )
    text = said.getvalue()
    _clean(text, token, "ein-geheimnis-7", browser.client.cookies["daifa_session"].value, company.owner_login)
    lines = [orjson.loads(line) for line in text.splitlines()]
    requests = [x for x in lines if x["event"] == "http.request"]
    assert len(requests) > 8
    assert {"method", "route", "status", "ms", "tenant", "actor", "trace", "at", "level"} <= set(requests[-1])
    routes = {x["route"] for x in requests}
    assert any("<" in r and ":" in r for r in routes), "paths must be templates"
    assert not [r for r in routes if str(known["orders_order"]) in r or token in r or "?" in r]
    opened = next(x for x in requests if "/open/" in x["route"])
    assert (opened["tenant"], opened["actor"]) == (company.number, f"member:{company.owner_id}")


def test_what_breaks_is_told_without_what_was_in_it(said: io.StringIO) -> None:
    def broken(request: HttpRequest) -> HttpResponse:
        try:
            raise ValueError(f"cannot read '{PERSON[0]}' {PERSON[1]} of {PERSON[2]}")
        except ValueError as error:
            middleware.process_exception(request, error)
        return HttpResponse(status=500)

    middleware = RequestLog(broken)
    answer = middleware(RequestFactory().get(f"/api/x?name={PERSON[0]}"))
    line = orjson.loads(said.getvalue())
    assert (line["level"], line["error"]["type"], line["route"]) == ("error", "ValueError", "unmatched")
    assert line["error"]["at"]
    assert line["trace"] == answer["X-Request-Id"]
    _clean(said.getvalue())


def test_the_databases_own_log_does_not_repeat_rows(tenant_number: int) -> None:
    if os.environ.get("DATABASE_URL"):
        pytest.skip("a managed server's log is not ours to read")
    company = busy_company()
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(login=company.owner_login, name=PERSON[0])
    with pytest.raises(IntegrityError), tenant(company.number), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO orders_order (tenant_id, id, title) VALUES (%s, %s, %s)",
            [company.number, uuid7(), PERSON[0] + PERSON[1]],
        )
    told = (Path(settings.DAIFA_HOME) / "pg" / "log").read_text(errors="replace")
    assert "null value in column" in told, "the error itself must be there"
    _clean(told)


def test_no_table_holds_a_person_in_the_clear(tenant_number: int) -> None:
    company = busy_company()
    known = ids(company.number)
    path = f"/orders/{known['orders_order']}/open/recipient"
    shown = company.owner.post(path, {"reason": "联系买家"}, key="open")
    assert PERSON[0] in str(shown) or PERSON[3] in str(shown), "otherwise this test proves nothing"
    needles = [*PERSON, SECRET, *(p.encode().hex() for p in (*PERSON, SECRET))]
    found = []
    with tenant(company.number):
        for table in [*tables(), "procrastinate_jobs", "accounts_usersession", "accounts_user", "accounts_logintry"]:
            scope = "WHERE t.tenant_id = {tenant}" if table in tables() else ""
            rows = bulk.select_named(
                f"SELECT count(*) FROM {table} AS t {scope} {'AND' if scope else 'WHERE'}"
                " EXISTS (SELECT 1 FROM unnest(%(needles)s::text[]) AS n WHERE strpos(t::text, n) > 0)",
                {"needles": needles},
            )
            if rows != [(0,)]:
                found.append(table)
    assert not found


def test_no_file_on_disk_holds_a_person_in_the_clear(tenant_number: int) -> None:
    busy_company()
    home = Path(settings.DAIFA_HOME)
    seen = 0
    for path in home.rglob("*"):
        if path.is_file() and path.relative_to(home).parts[0] != "pg":
            content = path.read_bytes()
            seen += 1
            assert not [p for p in PERSON if p.encode() in content or p.encode("gb18030") in content], path
    assert seen >= 3
    blobs = list((home / "blobs").rglob("*"))
    assert all(b.stat().st_mode & 0o077 == 0 for b in blobs), "others on this machine may not read them"


def test_an_opening_is_written_down_with_its_reason_but_without_the_number(tenant_number: int) -> None:
    company = busy_company()
    known = ids(company.number)
    path = f"/orders/{known['orders_order']}/open/recipient"
    assert company.owner.refused("POST", path, {"reason": " "})[0] == 422
    company.owner.post(path, {"reason": "回电 13812345678 核对地址"})
    entry = company.owner.get("/audit?topic=private")["items"][0]
    assert entry["reason"] == "回电 138****5678 核对地址"
    assert (entry["kind"], entry["object_id"]) == ("order", str(known["orders_order"]))


def test_openings_have_a_limit_per_person_and_hour(in_tenant: int) -> None:
    for _ in range(3):
        opening.allow(by=SYSTEM, kind="order", object_id=uuid7(), what="订单 1 的收件人", reason="核对", limit=3)
    with pytest.raises(TooMany):
        opening.allow(by=SYSTEM, kind="order", object_id=uuid7(), what="订单 1 的收件人", reason="核对", limit=3)


def test_what_was_typed_into_files_is_what_was_searched() -> None:
    """The recipients of the made-up files are the ones that the fences look for."""
    data = files.douyin({"主订单编号": "1"}).decode("utf-8-sig")
    assert all(p in data for p in PERSON[:3])
