"""上传平台: a shop that is told by API says so and needs no file, until its authorisation is gone."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from daifa.areas.accounts.services import applications, connections
from daifa.areas.accounts.services.connections import Home
from daifa.areas.logistics.services import reports
from daifa.areas.mailroom.services import outbox
from daifa.base.actor import SYSTEM
from daifa.base.tenancy import tenant
from daifa.flows import advance, reporting
from daifa.flows.steps import report_shipment
from daifa.kit.errors import Invalid
from daifa.ports.transport import Granted
from daifa.reads import ship_facts
from tests.browser import Company
from tests.flows.test_reporting import shipped

ORDER = "6900000000000000001"


def _line(shop: UUID) -> UUID:
    app = applications.save(by=SYSTEM, platform="douyin", app_key="k1", secrets={"app_secret": "s"}, urls={})
    granted = Granted("t", "r", None, None, "77", "一店")
    return connections.connect(by=SYSTEM, application_id=app.id, home=Home(shop), granted=granted).id


def _board(company: Company) -> tuple[Any, Any]:
    """The board and the shop's card."""
    board = company.owner.get("/upload")
    [card] = [c for c in board["shops"] if c["platform"] == "douyin"]
    return board, card


def test_a_shop_with_an_api_uploads_by_itself(transactional_db: None) -> None:
    company = Company()
    shop = shipped(company.number, {"主订单编号": ORDER})
    board, card = _board(company)
    assert (card["api"], board["ready_orders"], card["ready_orders"]) == (None, 1, 1)

    with tenant(company.number):
        line = _line(shop)
        [report] = ship_facts.waiting([shop])
        report_shipment.queue([report.order_id])
    board, card = _board(company)
    assert card["api"]["working"]
    assert (card["api"]["waiting"], card["api"]["told"]) == (1, 0)
    # What goes by itself is not asked of a person; the file stays a way out for who names the shop.
    assert (board["ready_orders"], board["ready_shops"], card["ready_orders"]) == (0, 0, 1)
    with tenant(company.number), pytest.raises(Invalid):
        reporting.make(reporting.by_file(reporting.shops_of(SYSTEM)), by=SYSTEM)

    with tenant(company.number):
        [deed] = outbox.of_subject([report.id])
        assert outbox.claim(deed.id)
        outbox.settle(deed.id, "confirmed", before=("calling",))
    assert _board(company)[1]["api"]["told"] == 1

    with tenant(company.number):
        connections.move(line, "revoked", "对方收回")
    board, card = _board(company)
    assert (card["api"]["working"], card["api"]["why"], board["ready_orders"]) == (False, "对方收回", 1)
    assert len(company.owner.post("/upload/files", {})["ids"]) == 1


def test_a_named_shop_gets_its_file(transactional_db: None) -> None:
    company = Company()
    shop = shipped(company.number, {"主订单编号": ORDER})
    with tenant(company.number):
        _line(shop)
    assert company.owner.refused("POST", "/upload/files", {})[0] == 422
    assert len(company.owner.post("/upload/files", {"shop_ids": [str(shop)]})["ids"]) == 1


def _to_do(company: Company) -> tuple[int, list[str], int]:
    """The last station: its number, its notes, and how many orders its list holds."""
    told = company.owner.get("/today/stations")
    station = next(x for x in told["stations"] if x["key"] == "upload")
    return station["count"], station["notes"], company.owner.get("/orders?tab=report&to_tell=1")["total"]


def test_the_last_station_counts_what_a_person_has_to_do(transactional_db: None) -> None:
    company = Company()
    shop = shipped(company.number, {"主订单编号": ORDER})
    assert _to_do(company) == (1, ["家居旗舰店 1"], 1)
    with tenant(company.number):
        line = _line(shop)
        [report] = ship_facts.waiting([shop])
        report_shipment.queue([report.order_id])
    assert _to_do(company) == (0, ["另有 1 单自动上传，不用处理"], 0)
    assert company.owner.get("/today/stations")["to_download"] == 0

    with tenant(company.number):
        [deed] = outbox.of_subject([report.id])
        assert outbox.claim(deed.id)
        reports.calling(report.id)
        advance.settle([report.order_id])
    assert _to_do(company)[::2] == (0, 0), "it is being told"
    with tenant(company.number):
        outbox.settle(deed.id, "unknown", before=("calling",))
        outbox.settle(deed.id, "person", before=("unknown",), reason="要人看")
    assert _to_do(company) == (1, ["家居旗舰店 1"], 1), "it stopped"

    with tenant(company.number):
        outbox.decide(deed.id, "ready", "再试一次")
        reports.wait_again(report.id)
        advance.settle([report.order_id])
    assert _to_do(company)[::2] == (0, 0)
    with tenant(company.number):
        connections.move(line, "revoked", "对方收回")
    assert _to_do(company) == (1, ["家居旗舰店 1"], 1), "nobody tells it any more"
