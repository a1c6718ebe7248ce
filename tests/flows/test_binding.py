"""An order that a person placed by hand at 1688 is read, compared and bound to its purchase, once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
import pytest
from django.db import IntegrityError, transaction

from daifa.areas.mailroom.services import outbox
from daifa.areas.purchasing.models import PlacementOrder
from daifa.areas.purchasing.services import placements, suppliers
from daifa.base import bulk
from daifa.base.actor import SYSTEM
from daifa.base.tenancy import tenant
from daifa.flows import binding, connect, dispatching, offer_links, unclaimed
from daifa.flows.steps import buy, pay
from daifa.kit import clock
from daifa.ports.shop import Recipient, RecipientState
from daifa.ports.supplier_api import Wanted, WantedLine
from daifa.reads import status_desk
from daifa.simulator.living.world import Living
from tests.flows.joined import START, Joined, joined
from tests.flows.test_dispatching import TWO, ready

SELLER = "S01"
TO = Recipient(
    RecipientState.PLAIN, "王小明", "17012345678", "浙江省", "金华市", "义乌市", "稠城街道", "测试路 12 号 3 幢 501 室"
)  # fmt: skip


@dataclass(slots=True)
class Bought:
    """A world with purchases that are to be placed at one 1688 offer."""

    world: Joined
    purchases: list[UUID]
    line: WantedLine

    def by_hand(self, to: Recipient = TO, pieces: int = 1, reference: str = "") -> str:
        """A person orders at 1688."""
        assert self.world.connection is not None
        wanted = Wanted(reference, (WantedLine(self.line.offer_id, self.line.spec_id, pieces),), to)
        with connect.use(self.world.number, self.world.connection) as line:
            [number] = line.supplier().place(wanted).external_ids
        return number

    def read(self, number: str, purchase: int = 0) -> tuple[str, dict[str, Any]]:
        """Type the number in, let the worker read; the task's id and what it says."""
        owner, path = self.world.company.owner, f"/purchases/{self.purchases[purchase]}/bind/read"
        task = owner.post(path, {"number": number})["task_id"]
        binding.compare.function(
            tenant_id=self.world.number, task_id=task, purchase_id=str(self.purchases[purchase]), number=number
        )
        return task, owner.get(f"/tasks/{task}")

    def compared(self, task: str, purchase: int = 0) -> dict[str, Any]:
        found: dict[str, Any] = self.world.company.owner.get(f"/purchases/{self.purchases[purchase]}/bind/{task}")
        return found

    def opened(self, purchase: int = 0) -> dict[str, Any]:
        found: dict[str, Any] = self.world.company.owner.get(f"/purchases/{self.purchases[purchase]}")
        return found


@pytest.fixture
def bought(transactional_db: None) -> Iterator[Bought]:
    with joined() as world:
        world.buy_account()
        ready(world.number, TWO[0], {**TWO[0], "主订单编号": "69009", "收件人": "李四", "收件人手机号": "17087654321"})
        with tenant(world.number):
            dispatching.dispatch(by=SYSTEM)
            found = bulk.select(
                "SELECT p.id, p.supplier_id, l.sku_id FROM purchasing_purchaseorder p JOIN purchasing_purchaseline l"
                " ON l.tenant_id = {tenant} AND l.purchase_id = p.id JOIN orders_order o ON o.tenant_id = {tenant}"
                " AND o.id = p.order_id WHERE p.tenant_id = {tenant} ORDER BY o.external_id = '69009'"
            )
            row = suppliers.get(found[0][1])
            suppliers.change(
                by=SYSTEM, supplier_id=row.id, version=row.version, channel="api", connection_id=world.connection
            )
        ref, options = world.page_of(SELLER)
        owner = world.company.owner
        asked = owner.post(f"/suppliers/{row.id}/offers/read", {"text": ref})
        offer_links.read_asked.function(
            tenant_id=world.number, task_id=asked["task_id"], supplier_id=str(row.id), ref=ref
        )
        pair = {"sku_id": str(found[0][2]), "spec_id": world.spec(options[0])}
        assert owner.post(f"/suppliers/{row.id}/offers/link", {"ref": ref, "items": [pair]})["items"][0]["ok"]
        assert len(found) == 2
        yield Bought(world, [p for p, _, _ in found], WantedLine(ref, pair["spec_id"], 1))


def test_it_is_read_compared_and_bound_and_then_paid_and_followed(bought: Bought) -> None:
    owner, number = bought.world.company.owner, bought.by_hand()
    task, said = bought.read(number)
    assert said["state"] == "done", said
    seen = bought.compared(task)
    assert [(x["ours"], x["theirs"]) for x in seen["lines"]] == [(1, 1)]
    assert (seen["state"], seen["recipient_same"], seen["forbidden"]) == ("unpaid", True, "")
    assert not [w for w in seen["warnings"] if "收件" in w or "货源" in w or "件数" in w]
    for plain in (TO.name, TO.phone, "测试路 12 号"):
        assert plain not in orjson.dumps([said, seen]).decode()
    assert owner.post(f"/purchases/{bought.purchases[0]}/bind", {"task_id": task})["message"].startswith("已绑定")
    now = bought.opened()
    [placing] = now["placings"]
    assert (placing["state"], placing["external_ids"], placing["by_hand"]) == ("placed", [number], True)
    assert (now["purchase"]["state"], placing["total_fen"]) == ("sent", seen["total_fen"])
    with tenant(bought.world.number):
        due = {x.kind: x for x in outbox.of_subject([bought.purchases[0]])}
    assert {k: x.state for k, x in due.items()} == {"pay": "ready"}
    pay.do(bought.world.number, due["pay"])
    assert bought.world.connection is not None
    binding.follow.function(tenant_id=bought.world.number, connection_id=str(bought.world.connection), number=number)
    assert bought.opened()["placings"][0]["pay_state"] in {"paid", "due"}
    [supply] = [x for x in bought.world.world.world.books.supplies("alibaba1688") if x.number == number]

    def pays(w: Living) -> None:
        w.sellers.pay(supply)

    bought.world.world.within(pays)
    binding.follow.function(tenant_id=bought.world.number, connection_id=str(bought.world.connection), number=number)
    assert bought.opened()["placings"][0]["pay_state"] == "paid"
    # Bound, so nothing is placed by itself any more.
    assert bought.opened()["not_bindable"] != ""
    assert owner.refused("POST", f"/purchases/{bought.purchases[0]}/bind", {"task_id": task}) == (409, "not_bindable")


def test_one_order_there_binds_once(bought: Bought) -> None:
    owner, number = bought.world.company.owner, bought.by_hand()
    task, _ = bought.read(number)
    other, _ = bought.read(number, 1)
    assert "收件人姓名不同" in bought.compared(other, 1)["warnings"]
    owner.post(f"/purchases/{bought.purchases[0]}/bind", {"task_id": task})
    assert owner.refused("POST", f"/purchases/{bought.purchases[1]}/bind", {"task_id": other}) == (409, "order_bound")
    again, _ = bought.read(number, 1)
    assert "已经属于采购单" in bought.compared(again, 1)["forbidden"]
    with tenant(bought.world.number):
        row = PlacementOrder.objects.get(external_id=number)
        with pytest.raises(IntegrityError), transaction.atomic():
            PlacementOrder.objects.create(
                placement_id=row.placement_id, connection_id=row.connection_id, external_id=number
            )
        assert status_desk.proof(SYSTEM)["duplicates"] == 0


def test_a_queued_placing_is_taken_back_when_a_person_placed_it(bought: Bought) -> None:
    purchase = bought.purchases[0]
    with tenant(bought.world.number):
        buy.queue([purchase])
    task, _ = bought.read(bought.by_hand())
    bought.world.company.owner.post(f"/purchases/{purchase}/bind", {"task_id": task})
    with tenant(bought.world.number):
        states = {x.kind: x.state for x in outbox.of_subject([purchase])}
        item = next(x for x in outbox.of_subject([purchase]) if x.kind == "buy")
    assert states == {"buy": "void", "pay": "ready"}
    before = len(bought.world.world.world.books.supplies("alibaba1688"))
    buy.do(bought.world.number, item)
    assert len(bought.world.world.world.books.supplies("alibaba1688")) == before


def waiting(bought: Bought, state: str, visible_at: datetime | None = None) -> str:
    """The purchase's placing has no known outcome; returns its reference."""
    purchase = bought.purchases[0]
    with tenant(bought.world.number):
        buy.queue([purchase])
        [item] = [x for x in outbox.of_subject([purchase]) if x.kind == "buy"]
        assert bought.world.connection is not None
        assert outbox.claim(item.id, visible_at=visible_at)
        placements.intend(
            purchase_id=purchase, connection_id=bought.world.connection, reference=item.reference, attempt=1,
            quoted_fen=1000,
        )  # fmt: skip
        outbox.settle(item.id, "unknown", before=("calling",), due_at=clock.now())
        placements.move(item.reference, "unknown")
        if state == "person":
            outbox.settle(item.id, "person", before=("unknown",))
    return item.reference


def test_an_outcome_that_waits_for_a_person_is_settled_by_the_order_they_found(bought: Bought) -> None:
    reference, owner = waiting(bought, "person"), bought.world.company.owner
    with tenant(bought.world.number):
        [item] = [x for x in outbox.of_subject([bought.purchases[0]]) if x.kind == "buy"]
    said = {"answer": "done", "why": "在后台看到了"}
    assert owner.refused("POST", f"/outbox/{item.id}/decide", said) == (409, "bind_it")
    number = bought.by_hand()
    task, _ = bought.read(number)
    owner.post(f"/purchases/{bought.purchases[0]}/bind", {"task_id": task})
    [placing] = bought.opened()["placings"]
    assert (placing["reference"], placing["state"], placing["external_ids"]) == (reference, "placed", [number])
    with tenant(bought.world.number):
        assert outbox.get(item.id).state == "confirmed"


def test_while_the_machine_asks_only_its_own_order_may_be_bound(bought: Bought) -> None:
    reference = waiting(bought, "unknown")
    task, _ = bought.read(bought.by_hand())
    assert "正在按编号" in bought.compared(task)["forbidden"]
    path = f"/purchases/{bought.purchases[0]}/bind"
    assert bought.world.company.owner.refused("POST", path, {"task_id": task}) == (409, "not_bindable")
    ours, _ = bought.read(bought.by_hand(reference=reference))
    assert bought.compared(ours)["forbidden"] == ""
    other, _ = bought.read(bought.by_hand(reference=reference), 1)
    assert "另一张采购单" in bought.compared(other, 1)["forbidden"]
    bought.world.company.owner.post(path, {"task_id": ours})


def test_differences_are_said_and_errors_say_what_to_do(bought: Bought) -> None:
    owner = bought.world.company.owner
    path = f"/purchases/{bought.purchases[0]}/bind"
    assert owner.refused("POST", f"{path}/read", {"number": " "}) == (422, "number_missing")
    _, missing = bought.read("123456789012345678")
    assert (missing["state"], "请核对订单号" in missing["message"]) == ("failed", True)
    task, _ = bought.read(bought.by_hand(pieces=2))
    assert any("件数不同" in w for w in bought.compared(task)["warnings"])
    with clock.frozen(START + timedelta(minutes=11)):
        assert owner.refused("POST", path, {"task_id": task}) == (409, "comparison_old")
    assert owner.refused("POST", path, {"task_id": str(UUID(int=3))})[0] == 404
    _, viewer = bought.world.company.hire("viewer")
    assert viewer.refused("POST", f"{path}/read", {"number": "1"})[0] == 403
    owner.post(f"/connections/{bought.world.connection}/state", {"state": "paused"})
    assert owner.refused("POST", f"{path}/read", {"number": "1"}) == (409, "not_bindable")


def both(bought: Bought) -> dict[str, Any]:
    """Both lists, read by the worker."""
    owner, path = bought.world.company.owner, f"/connections/{bought.world.connection}/unclaimed"
    task = owner.post(path, {})["task_id"]
    unclaimed.look.function(
        tenant_id=bought.world.number, task_id=task, connection_id=str(bought.world.connection)
    )  # fmt: skip
    said = owner.get(f"/tasks/{task}")
    assert said["state"] == "done", said
    for plain in (TO.name, TO.phone, "测试路 12 号"):
        assert plain not in orjson.dumps(said).decode()
    found: dict[str, Any] = owner.get(f"{path}/{task}")
    return found


def test_our_unknowns_stand_beside_the_accounts_orders_that_belong_to_nobody(bought: Bought) -> None:
    reference = waiting(bought, "person")
    somebodys = bought.by_hand(to=replace(TO, name="赵六", phone="17099990000"), pieces=3)
    right = bought.by_hand()
    bound = bought.by_hand(to=replace(TO, name="李四", phone="17087654321"))
    task, _ = bought.read(bound, 1)
    bought.world.company.owner.post(f"/purchases/{bought.purchases[1]}/bind", {"task_id": task})
    seen = both(bought)
    [ours] = seen["ours"]
    assert (ours["reference"], ours["purchase_id"], ours["state"]) == (reference, str(bought.purchases[0]), "person")
    assert (seen["whole"], ours["goods"][0][1], "王" in ours["recipient"]) == (True, 1, True)
    assert TO.phone not in orjson.dumps(seen).decode()
    theirs = {t["external_id"]: t["alike"][0] for t in seen["theirs"]}
    assert set(theirs) == {somebodys, right}
    # The seller's freight is more than the purchase planned.
    assert (theirs[right]["differs"], theirs[right]["score"] > theirs[somebodys]["score"]) == (["金额不同"], True)
    assert {"商品和件数一致", "收件人一致"} <= set(theirs[right]["agrees"])
    assert "收件人姓名不同" in theirs[somebodys]["differs"]
    task, _ = bought.read(right)
    bought.world.company.owner.post(f"/purchases/{bought.purchases[0]}/bind", {"task_id": task})
    path = f"/connections/{bought.world.connection}/unclaimed"
    assert bought.world.company.owner.refused("POST", path, {}) == (409, "nothing_open")


def test_nobody_repeats_what_may_have_been_done_nor_says_too_early_that_it_was_not(bought: Bought) -> None:
    waiting(bought, "unknown", visible_at=START + timedelta(minutes=3))
    owner = bought.world.company.owner
    with tenant(bought.world.number):
        [item] = [x for x in outbox.of_subject([bought.purchases[0]]) if x.kind == "buy"]
    path = f"/outbox/{item.id}/decide"
    assert owner.refused("POST", path, {"answer": "again"}) == (409, "still_unknown")
    assert owner.refused("POST", path, {"answer": "not_done"}) == (409, "too_early")
    with clock.frozen(START + timedelta(minutes=4)):
        owner.post(path, {"answer": "not_done"})
    with tenant(bought.world.number):
        assert outbox.get(item.id).state == "ready"


def test_a_list_that_cannot_be_read_says_what_to_do(bought: Bought) -> None:
    waiting(bought, "person")
    owner, path = bought.world.company.owner, f"/connections/{bought.world.connection}/unclaimed"
    bought.world.door.post("/faults", {"name": "http_5xx", "company": "alibaba1688"})
    task = owner.post(path, {})["task_id"]
    unclaimed.look.function(tenant_id=bought.world.number, task_id=task, connection_id=str(bought.world.connection))
    said = owner.get(f"/tasks/{task}")
    assert (said["state"], "读不到供应商平台的订单列表" in said["message"]) == ("failed", True)
    assert owner.refused("GET", f"{path}/{task}") == (409, "not_listed")
    _, viewer = bought.world.company.hire("viewer")
    assert viewer.refused("POST", path, {})[0] == 403
