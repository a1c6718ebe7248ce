"""A purchase held because it became dearer: who else could take it, giving it to them once, and asking anew."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID

import orjson
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from daifa.areas.accounts.services import settings
from daifa.areas.mailroom.services import outbox
from daifa.areas.mailroom.types import OutboxItem
from daifa.areas.orders.services import history, holds
from daifa.areas.purchasing.services import placements, purchases, suppliers
from daifa.base import bulk
from daifa.base.actor import SYSTEM, Actor
from daifa.base.models import AuditEntry
from daifa.base.tenancy import tenant
from daifa.flows import company_settings, deciding, sweep, switching
from daifa.flows.deciding import To
from daifa.flows.switching import HeldDeed, Offered
from daifa.kit import clock
from daifa.kit.errors import AppError, Conflict, Invalid, NotAllowed
from daifa.reads import status_desk
from daifa.simulator.living.world import Living
from tests.browser import Company as Browsing
from tests.flows import files
from tests.flows.api_company import BOSS, SELLER, Company, company
from tests.flows.day import bring

OTHER = "义乌小店"
PLACE = "alibaba.trade.*reateOrder*"


@pytest.fixture
def ours(tenant_number: int, tmp_path: Path) -> Iterator[Company]:
    with company(tenant_number, tmp_path, dial="manual") as made:
        yield made


def dearer(ours: Company, fen: int = 6000) -> None:
    """The seller asks so much for everything from now on."""

    def deed(world: Living) -> None:
        for offer in world.books.offers():
            if offer.seller == SELLER:
                offer.tiers = [[1, fen]]
                world.books.touch(offer)

    ours.world.within(deed)


def another(ours: Company, yuan: str = "6.00", channel: str = "api") -> UUID:
    """A second supplier of all goods, by default through the same account."""
    bring(ours.number, "报价2.csv", files.prices(*((OTHER, code, yuan) for code, _ in ours.items)))
    with tenant(ours.number):
        [row] = [s for s in suppliers.list_suppliers() if s.name == OTHER]
        line = ours.supplier_line if channel == "api" else None
        suppliers.change(by=BOSS, supplier_id=row.id, version=row.version, channel=channel, connection_id=line)
        return row.id


def held(ours: Company, *wanted: int) -> tuple[str, UUID]:
    """An order whose purchase is held at the margin gate; its number and the purchase."""
    number = ours.order(*wanted)
    purchase = ours.buy(number)
    dearer(ours)
    ours.work()
    assert ours.deeds(purchase) == [("buy", "held")]
    return number, purchase


def deed(ours: Company, purchase: UUID) -> OutboxItem:
    with tenant(ours.number):
        [item] = [x for x in outbox.of_subject([purchase]) if x.kind == "buy"]
    return item


def offered(ours: Company, *purchases: UUID) -> list[Offered]:
    items = [deed(ours, p) for p in purchases]
    with tenant(ours.number):
        found = switching.offered([HeldDeed(i.id, i.subject_id, switching.quoted(i.result)) for i in items])
    return [found[i.id] for i in items]


def press(ours: Company, purchase: UUID, to: UUID, seen: int | None = None, by: Actor = BOSS) -> str:
    item = deed(ours, purchase)
    with tenant(ours.number):
        return deciding.decide(by=by, outbox_id=item.id, answer="switch", to=To(to, seen))


def bought(ours: Company) -> list[tuple[str, str, int, int]]:
    """(supplier, state, goods, freight) of every purchase, the oldest first."""
    with tenant(ours.number):
        return bulk.select(
            "SELECT s.name, p.state, p.goods_fen, p.freight_fen FROM purchasing_purchaseorder p"
            " JOIN purchasing_supplier s ON s.tenant_id = {tenant} AND s.id = p.supplier_id"
            " WHERE p.tenant_id = {tenant} ORDER BY p.created_at, p.id"
        )


def test_the_other_supplier_is_offered_with_the_exact_difference_and_gets_exactly_it(ours: Company) -> None:
    number, purchase = held(ours)
    other = another(ours)
    item = deed(ours, purchase)
    [offer] = offered(ours, purchase)
    [choice] = offer.choices
    asks = item.result["quoted_fen"]
    assert isinstance(asks, int)
    assert (choice.supplier_id, choice.landed_fen, choice.delta_fen) == (other, 900, 900 - asks)
    said = press(ours, purchase, other, choice.landed_fen)
    assert OTHER in said
    assert choice.said in said
    assert [(b[0], b[1]) for b in bought(ours)][-1] == (OTHER, "draft")
    assert bought(ours)[-1][2:] == (600, 300)
    assert bought(ours)[0][1] == "cancelled"
    assert ours.deeds(purchase) == [("buy", "void")]
    with tenant(ours.number):
        order = ours.id_of(number)
        [(demanded, assigned)] = ours.asked("SELECT qty, assigned_qty FROM orders_demand WHERE order_id = %s", order)
        facts = [f.text for f in history.of_order(order)]
        [*_, (why, by)] = bulk.select(
            "SELECT summary, by FROM purchasing_decision WHERE tenant_id = {tenant} AND order_id = %s ORDER BY id",
            [order],
        )
        [audited] = AuditEntry.objects.filter(tenant_id=ours.number, verb="outbox.switch")
        assert status_desk.proof(SYSTEM)["duplicates"] == 0
    assert demanded == assigned
    assert any(said in f and "店主" in f for f in facts)
    assert "按 店主 对这一单的选择" in why
    assert by == BOSS.key
    assert audited.summary == said
    ours.work(minutes=5)
    assert ours.supplies() == []


def test_nobody_else_is_said_and_a_supplier_without_all_of_it_is_none(ours: Company) -> None:
    _, purchase = held(ours)
    [offer] = offered(ours, purchase)
    assert (offer.choices, offer.why) == ((), "没有别的供应商能发这些商品")
    other = another(ours)
    with tenant(ours.number):
        row = suppliers.get(other)
        suppliers.change(by=BOSS, supplier_id=other, version=row.version, active=False)
    assert offered(ours, purchase)[0].choices == ()
    with pytest.raises(Conflict, match="没有别的供应商能发"):
        press(ours, purchase, other)
    assert ours.deeds(purchase) == [("buy", "held")]


def test_exactly_the_held_pieces_move_and_what_else_is_open_stays(ours: Company) -> None:
    number, purchase = held(ours, 0, 1)
    other = another(ours)
    with tenant(ours.number):
        order = ours.id_of(number)
        [(gone, demand)] = bulk.select(
            "SELECT l.id, a.demand_id FROM purchasing_purchaseline l JOIN purchasing_assignment a"
            " ON a.tenant_id = {tenant} AND a.id = l.assignment_id"
            " WHERE l.tenant_id = {tenant} AND l.purchase_id = %s ORDER BY l.id LIMIT 1",
            [purchase],
        )
        purchases.answer_lines([(gone, "cancelled", "人工")])
    press(ours, purchase, other)
    with tenant(ours.number):
        assigned = dict(ours.asked("SELECT id, assigned_qty FROM orders_demand WHERE order_id = %s", order))
    assert assigned.pop(demand) == 0
    assert list(assigned.values()) == [1]


def test_dearer_than_was_seen_is_refused_and_nothing_changes(ours: Company) -> None:
    _, purchase = held(ours)
    other = another(ours)
    another(ours, "7.00")
    with pytest.raises(Conflict, match=r"现在要 ¥10\.00"):
        press(ours, purchase, other, 900)
    assert ours.deeds(purchase) == [("buy", "held")]
    assert [b[1] for b in bought(ours)] == ["draft"]
    press(ours, purchase, other, 1000)


def test_an_order_that_waits_for_something_else_is_not_switched_past_it(ours: Company) -> None:
    number, purchase = held(ours)
    other = another(ours)
    with tenant(ours.number):
        holds.hold(by=BOSS, order_ids=[ours.id_of(number)], why="等买家回话")
    with pytest.raises(Conflict, match="现在不能派单：等买家回话"):
        press(ours, purchase, other)
    assert ours.deeds(purchase) == [("buy", "held")]
    assert [b[1] for b in bought(ours)] == ["draft"]


def test_only_who_may_dispatch_within_their_scope(ours: Company) -> None:
    _, purchase = held(ours)
    other = another(ours)
    sends = Actor(key="member:2", name="小王", permissions=frozenset({"purchasing.send"}))
    may = frozenset({"purchasing.send", "purchasing.edit"})
    elsewhere = Actor(key="member:3", name="小李", permissions=may, shops=frozenset({other}))
    one = Actor(key="member:4", name="小张", permissions=may, suppliers=frozenset({other}))
    for who in (sends, elsewhere, one):
        with pytest.raises(NotAllowed):
            press(ours, purchase, other, by=who)
    with pytest.raises(Invalid, match="本来就在"):
        press(ours, purchase, deed_supplier(ours, purchase))
    assert ours.deeds(purchase) == [("buy", "held")]


def deed_supplier(ours: Company, purchase: UUID) -> UUID:
    with tenant(ours.number):
        return UUID(str(ours.asked("SELECT supplier_id FROM purchasing_purchaseorder WHERE id = %s", purchase)[0][0]))


def test_two_presses_at_once_buy_once(ours: Company) -> None:
    number, purchase = held(ours)
    other = another(ours)
    gate = threading.Barrier(2)

    def pressing() -> str:
        try:
            gate.wait(10)
            return press(ours, purchase, other)
        except AppError as error:
            return error.code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as two:
        answers = sorted(f.result(30) for f in [two.submit(pressing), two.submit(pressing)])
    assert sum(a == "not_held" for a in answers) == 1
    assert [b[:2] for b in bought(ours)][1:] == [(OTHER, "draft")]
    with tenant(ours.number):
        [(qty, assigned)] = ours.asked(
            "SELECT qty, assigned_qty FROM orders_demand WHERE order_id = %s", ours.id_of(number)
        )
    assert qty == assigned


@pytest.mark.parametrize("state", ["ready", "calling", "unknown", "person", "confirmed", "void"])
def test_once_it_was_taken_up_nothing_is_switched(ours: Company, state: str) -> None:
    _, purchase = held(ours)
    other = another(ours)
    with tenant(ours.number):
        bulk.select(
            "UPDATE mailroom_outbox SET state = %s, called_at = %s WHERE tenant_id = {tenant} AND subject_id = %s"
            " RETURNING id",
            [state, clock.wall(), purchase],
        )
    with pytest.raises(Conflict) as refused:
        press(ours, purchase, other)
    assert refused.value.code == "not_held"
    assert refused.value.message_zh
    assert ours.deeds(purchase) == [("buy", state)]
    assert [b[1] for b in bought(ours)] == ["draft"]


def test_approved_and_placed_meanwhile_it_stays_where_it_was_bought(ours: Company) -> None:
    _, purchase = held(ours)
    other = another(ours)
    with tenant(ours.number):
        deciding.decide(by=BOSS, outbox_id=deed(ours, purchase).id, answer="approve")
    ours.work()
    with pytest.raises(Conflict, match="已经下成了"):
        press(ours, purchase, other)
    assert len(ours.supplies()) == 1
    assert len(bought(ours)) == 1


def test_a_placing_that_failed_for_sure_before_is_over_when_it_is_switched(ours: Company) -> None:
    purchase = ours.buy(ours.order())
    ours.door.post("/faults", {"name": "unavailable", "company": "alibaba1688", "method": PLACE, "count": 1})
    ours.work()
    with tenant(ours.number):
        [made] = placements.of_purchases([purchase])[purchase]
    assert made.state == "intended", "the fault never struck"
    dearer(ours)
    other = another(ours)
    for _ in range(4):
        ours.work(minutes=10)
    assert ours.deeds(purchase) == [("buy", "held")]
    press(ours, purchase, other)
    with tenant(ours.number):
        assert [x.state for x in placements.of_purchases([purchase])[purchase]] == ["refused"]
    assert [b[:2] for b in bought(ours)][-1] == (OTHER, "draft")
    ours.work(minutes=5)
    assert ours.supplies() == []


def test_who_cannot_read_the_recipient_is_no_choice_until_they_can(ours: Company) -> None:
    _, purchase = held(ours)
    other = another(ours, channel="sheet")
    [none] = offered(ours, purchase)
    assert none.choices == ()
    assert OTHER in none.text
    assert "平台加密" in none.text
    another(ours)
    assert [c.supplier_id for c in offered(ours, purchase)[0].choices] == [other]
    press(ours, purchase, other)
    with tenant(ours.number):
        [(new,)] = ours.asked("SELECT id FROM purchasing_purchaseorder WHERE supplier_id = %s", other)
    assert ours.deeds(UUID(str(new))) == [("buy", "ready")]


def test_a_page_of_deeds_asks_as_often_as_one(ours: Company) -> None:
    with tenant(ours.number):
        settings.change(by=BOSS, values={"merge_recipients": False})
    purchases_held = [ours.buy(ours.order(n % 2)) for n in range(3)]
    dearer(ours)
    ours.work()
    another(ours)
    items = [deed(ours, p) for p in purchases_held]
    assert {i.state for i in items} == {"held"}
    asked = [HeldDeed(i.id, i.subject_id, switching.quoted(i.result)) for i in items]

    def count(some: list[HeldDeed]) -> int:
        with tenant(ours.number), CaptureQueriesContext(connection) as seen:
            found = switching.offered(some)
        assert all(o.choices for o in found.values())
        return len(seen)

    assert count(asked) == count(asked[:1])


def test_a_lower_floor_frees_the_hold_and_prices_the_placing_again(ours: Company) -> None:
    _, purchase = held(ours)
    with tenant(ours.number):
        company_settings.change(by=BOSS, values={"margin_floor_fen": -100_000})
    assert ours.deeds(purchase) == [("buy", "ready")]
    ours.work()
    assert [s["phase"] for s in ours.supplies()] == ["paid"]
    assert ("buy", "confirmed") in ours.deeds(purchase)


def test_the_reason_of_the_hold_follows_the_floor(ours: Company) -> None:
    number = ours.order()
    with tenant(ours.number):
        order = ours.id_of(number)

    def said(floor: int) -> list[str]:
        with tenant(ours.number):
            company_settings.change(by=BOSS, values={"margin_floor_fen": floor})
        sweep.open_again.function(tenant_id=ours.number)
        with tenant(ours.number):
            return [h.reason for h in holds.of_order(order) if h.state == "open" and h.kind == "margin_low"]

    assert "低于下限 ¥1,000.00" in said(100_000)[0]
    assert "低于下限 ¥900.00" in said(90_000)[0]
    assert said(0) == []


def test_the_status_page_offers_it_and_a_press_there_gives_it_to_them(transactional_db: None, tmp_path: Path) -> None:
    there = Browsing()
    with company(there.number, tmp_path, dial="manual") as ours:
        _, purchase = held(ours)
        other = another(ours)
        [row] = there.owner.get("/status")["stuck"]
        [choice] = row["switches"]
        asked = row["result"]["quoted_fen"]
        assert (choice["name"], choice["landed_fen"], choice["delta_fen"]) == (OTHER, 900, 900 - asked)
        assert row["no_switch"] == ""
        path, said = f"/outbox/{row['id']}/decide", {"answer": "switch", "supplier_id": str(other)}
        assert there.owner.refused("POST", path, {"answer": "switch"}) == (422, "supplier_missing")
        assert there.owner.refused("POST", path, {**said, "seen_fen": 899}) == (409, "price_moved")
        assert OTHER in there.owner.post(path, {**said, "seen_fen": 900})["message"]
        assert there.owner.refused("POST", path, said) == (409, "not_held")
        assert ours.deeds(purchase) == [("buy", "void")]
        assert there.owner.call("PUT", "/settings", {"link_days": 4}).status_code == 200


def judgings() -> int:
    """How often open orders are to be judged anew."""
    [(n,)] = bulk.select(
        "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'sweep.open'"
        " AND (args ->> 'tenant_id')::int = {tenant}"
    )
    return int(n)


def test_a_paused_supplier_has_open_orders_judged_anew_and_a_remark_does_not(transactional_db: None) -> None:
    there = Browsing()
    made = there.owner.post("/suppliers", {"name": OTHER})
    for values, judged in (({"remark": "周日休息"}, 0), ({"active": False}, 1)):
        answer = there.owner.call("PATCH", f"/suppliers/{made['id']}", {"version": made["version"], **values})
        assert answer.status_code == 200, answer.content
        made = orjson.loads(answer.content)
        with tenant(there.number):
            assert judgings() == judged


def test_settings_that_judge_nothing_queue_nothing(tenant_number: int) -> None:
    with tenant(tenant_number):
        company_settings.change(by=BOSS, values={"link_days": 4, "margin_floor_fen": 0})
        assert judgings() == 0
        company_settings.change(by=BOSS, values={"margin_floor_fen": 100})
        assert judgings() == 1
