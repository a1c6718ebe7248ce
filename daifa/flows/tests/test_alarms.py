"""Alarms: each trouble once, by its worst, with what to do; somebody who knows is left alone until the facts change."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from daifa.areas.accounts.services import applications, connections, shops
from daifa.areas.accounts.services.connections import Home
from daifa.areas.mailroom.services import comparisons, inbox, outbox, tasks
from daifa.areas.mailroom.services.comparisons import Compared
from daifa.areas.mailroom.services.inbox import Arrived
from daifa.areas.mailroom.services.outbox import Want
from daifa.areas.mailroom.tests.test_boxes import connected
from daifa.base.actor import SYSTEM, Actor
from daifa.base.tenancy import tenant
from daifa.flows.alarm_rules import Alarm, Differs, Facts, Level, Line, Terms, alarms, stops
from daifa.flows.alarms import current
from daifa.kit import clock
from daifa.kit.ids import uuid7
from daifa.ports.transport import Granted
from tests.browser import Company
from tests.flows import files
from tests.flows.day import bring, make_shop

NOW = clock.beijing(2026, 11, 20, 12)
LINE = Line("c1", "甲店", "working", ok_at=NOW, expires_at=NOW + timedelta(days=6))


def _told(*lines: Line, **more: object) -> list[Alarm]:
    return alarms(Facts(now=NOW, wall=NOW, lines=lines, **more), Terms())  # type: ignore[arg-type]  # tests' words


def _kinds(*lines: Line, **more: object) -> list[str]:
    return [a.kind for a in _told(*lines, **more)]


def test_nothing_is_told_when_all_is_well_or_was_stopped_by_a_person() -> None:
    assert _told(LINE, replace(LINE, id="c2", state="paused", ok_at=NOW - timedelta(days=2))) == []
    assert _kinds(replace(LINE, ok_at=None)) == [], "just connected"


@pytest.mark.parametrize(
    ("change", "kind", "level"),
    [
        ({"state": "expired"}, "lost", Level.STOPPED),
        ({"state": "revoked", "ok_at": NOW - timedelta(days=1)}, "lost", Level.STOPPED),
        ({"open_until": NOW + timedelta(seconds=9), "ok_at": NOW - timedelta(days=1)}, "breaker", Level.STOPPED),
        ({"ok_at": NOW - timedelta(minutes=16)}, "silent", Level.STOPPED),
        ({"ok_at": None, "error_at": NOW - timedelta(minutes=16)}, "silent", Level.STOPPED),
        ({"expires_at": NOW + timedelta(minutes=20)}, "token", Level.LOOK),
        ({"expires_at": NOW + timedelta(days=2), "prolongs": False}, "token", Level.LOOK),
        ({"refresh_expires_at": NOW + timedelta(days=2)}, "token", Level.LOOK),
    ],
)
def test_of_one_connection_its_worst_trouble(change: dict[str, object], kind: str, level: Level) -> None:
    [alarm] = _told(replace(LINE, **change))  # type: ignore[arg-type]  # as parametrised
    assert (alarm.kind, alarm.level) == (kind, level)
    assert "甲店" in alarm.title
    assert alarm.todo
    assert alarm.screen == "connections"


@pytest.mark.parametrize(
    "change",
    [
        {"open_until": NOW - timedelta(seconds=1)},
        {"ok_at": NOW - timedelta(minutes=14)},
        {"expires_at": NOW + timedelta(minutes=30)},
        {"expires_at": NOW + timedelta(hours=9), "prolongs": False, "refresh_expires_at": NOW + timedelta(days=90)},
    ],
)
def test_not_a_moment_too_early(change: dict[str, object]) -> None:
    assert _told(replace(LINE, **change)) == []  # type: ignore[arg-type]  # as parametrised


def test_what_waits_is_told_in_one_line_each_what_stopped_first() -> None:
    doubtful = [("d1", NOW - timedelta(minutes=11)), ("d2", NOW - timedelta(minutes=2))]
    found = _told(
        LINE, waiting=["w1", "w2"], doubtful=doubtful, parked=["p1"], unrouted=["o1", "o2", "o3"],
        wishes=["w1"], still=["t1"], overdue=["o4", "o5"],
        differs=[Differs("c1", ("1",), ("2", "3")), Differs("gone", ("4",))],
    )  # fmt: skip
    assert [(a.kind, a.title) for a in found] == [
        ("person", "2 件对外动作等您决定"),
        ("differs", "甲店：平台有 1 单我们没有收到，我们有 2 单平台不认识"),
        ("overdue", "2 单已超时，还没有发货"),
        ("parked", "1 条来件读不懂，已搁置"),
        ("still", "1 个任务很久没有进展"),
        ("unknown", "1 件的结果一直没有查清"),
        ("unrouted", "自动派单剩下 3 单派不出去"),
        ("wishes", "1 单的买家要改地址，等您答复"),
    ]


def test_what_stops_with_a_connection_is_what_it_was_for() -> None:
    lost = replace(LINE, state="revoked")
    assert _told(lost)[0].title == "甲店的授权失效，订单和发货回传已停"
    assert _told(replace(lost, sells=False))[0].title == "甲店的授权失效，采购下单、付款和取单号已停"
    assert stops([False, True, False]) == "订单和发货回传、采购下单、付款和取单号已停"


def test_facts_stay_the_same_while_nothing_happens_and_change_with_it() -> None:
    def mark(*lines: Line, **more: object) -> str:
        [alarm] = _told(*lines, **more)
        return alarm.facts

    assert mark(waiting=["a", "b"]) == mark(waiting=["b", "a"])
    assert mark(waiting=["a", "b"]) != mark(waiting=["a", "c"]), "as many, but others"
    silent = replace(LINE, ok_at=NOW - timedelta(minutes=20))
    later = alarms(Facts(now=NOW, wall=NOW + timedelta(hours=1), lines=[silent]), Terms())
    assert [a.facts for a in later] == [mark(silent)], "longer silence is the same silence"
    assert mark(silent) != mark(replace(silent, ok_at=NOW - timedelta(minutes=18)))
    lost = replace(LINE, state="expired")
    assert mark(lost) != mark(replace(lost, version=3)), "lost again"


@pytest.fixture
def company(transactional_db: None) -> Company:
    return Company()


def _trouble(number: int) -> UUID:
    with tenant(number):
        where = connected()
        connections.move(where, "expired", "授权已失效")
        inbox.store(where, "poll", [Arrived("orders", "k1", "1", b"?")])
        inbox.park([(i.id, "读不懂") for i in inbox.take(where)])
        [deed] = outbox.want([Want("ship:1", "ship", where, uuid7())])
        assert outbox.claim(deed)
        outbox.settle(deed, "refused", before=("calling",), reason="不行")
        comparisons.keep(clock.business_day(clock.now()), Compared(where, "ok", strange=["9"]))
    return where


def test_the_bell_of_one_person(company: Company) -> None:
    owner = company.owner
    assert owner.get("/alarms") == {"fresh": 0, "alarms": []}
    where = _trouble(company.number)
    told = owner.get("/alarms")
    assert [a["kind"] for a in told["alarms"]] == ["lost", "person", "differs", "parked"]
    assert told["fresh"] == 4
    assert told["alarms"][2]["query"] == {"open": str(where)}
    parked = next(a for a in told["alarms"] if a["kind"] == "parked")
    owner.post("/alarms/known", {"keys": {parked["key"]: parked["facts"], "never-was": "x"}})
    told = owner.get("/alarms")
    assert told["fresh"] == 3
    assert [a["kind"] for a in told["alarms"] if a["known"]] == ["parked"]
    _, other = company.hire("operator")
    assert other.get("/alarms")["fresh"] == 4, "somebody else does not know yet"
    assert owner.get("/me/preferences/alarms")["value"] == {parked["key"]: parked["facts"]}
    with tenant(company.number):
        inbox.store(where, "poll", [Arrived("orders", "k2", "2", b"?")])
        inbox.park([(i.id, "读不懂") for i in inbox.take(where)])
    told = owner.get("/alarms")
    assert told["fresh"] == 4, "another one came: told again"


def test_nobody_hears_of_what_is_not_theirs(company: Company) -> None:
    _trouble(company.number)
    _, viewer = company.hire("viewer")
    assert viewer.refused("GET", "/alarms")[0] == 403
    assert Company().owner.get("/alarms")["alarms"] == []
    elsewhere = company.owner.post("/shops", {"platform": "douyin", "name": "二店"})
    _, scoped = company.hire("operator", shop_scope=[elsewhere["id"]])
    assert scoped.get("/alarms")["alarms"] == [], "another shop's troubles"


def test_what_the_machine_could_not_route_is_told(company: Company) -> None:
    number, day = company.number, clock.beijing(2026, 11, 20, 12)
    with clock.frozen(day):
        shop = make_shop(number)
        with tenant(number):
            shops.change_shop(by=SYSTEM, shop_id=shop, version=shops.version_of(shop), dial="automatic")
        bring(number, "商品.csv", files.goods("HP-001"))
        bring(number, "报价.csv", files.prices(("恒达百货", "HP-001", "11.20")))
        bring(number, "订单.csv", files.douyin({"主订单编号": "6901"}), shop=shop)
    owner = Actor(key="owner", name="老板", permissions=frozenset({"*"}))
    # Nobody carries out the job.
    for minutes, kinds in ((5, []), (15, ["unrouted"])):
        with clock.frozen(day + timedelta(minutes=minutes)), tenant(number):
            assert [a.kind for a, _ in current(owner)] == kinds


def test_a_layout_that_is_given_up_is_forgotten(company: Company) -> None:
    owner, path = company.owner, "/me/preferences/columns.orders"
    for value in (["number", "margin"], None, None):
        assert owner.call("PUT", path, {"value": value}).status_code == 200
        assert owner.get(path)["value"] == value


def test_the_red_bar_says_what_stopped_and_calls_a_shop_by_its_name(company: Company) -> None:
    def bar() -> tuple[list[str], str]:
        told = company.owner.get("/connections/broken")
        return told["reasons"], told["stops"]

    assert bar() == ([], "")
    with tenant(company.number):
        shop = connected("77", "甲店")
        app = applications.save(by=SYSTEM, platform="alibaba1688", app_key="k2", secrets={"app_secret": "s"}, urls={})
        granted = Granted("t2", "r2", clock.now() + timedelta(hours=2), None, "b2b-1", "采购号")
        buyer = connections.connect(by=SYSTEM, application_id=app.id, home=Home(), granted=granted).id
        connections.move(buyer, "revoked", "对方收回")
    assert bar() == (["采购号：授权被取消"], "采购下单、付款和取单号已停")
    with tenant(company.number):
        connections.move(shop, "expired", "授权已失效")
    assert bar() == (["采购号：授权被取消", "甲店：授权已过期"], "订单和发货回传、采购下单、付款和取单号已停")


def test_a_task_that_gets_no_further_is_told_to_who_may_see_it(tenant_number: int) -> None:
    boss = replace(SYSTEM, key="member:1")
    with clock.frozen(NOW), tenant(tenant_number):
        task = tasks.start(by=boss, kind="deed", title="派单")
        tasks.begin(task.id)
        assert tasks.still(boss) == []
    with clock.frozen(NOW + timedelta(minutes=11)), tenant(tenant_number):
        assert tasks.still(boss) == [task.id]
        assert [a.kind for a, _ in current(boss)] == ["still"]
        tasks.advance(task.id, 3)
        assert tasks.still(boss) == []
