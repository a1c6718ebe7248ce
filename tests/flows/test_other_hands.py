"""What other hands do on the platform's side: they ship, in part or together, and orders are split and merged there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from daifa.base.tenancy import tenant
from daifa.flows import order_deeds, outbox_run, supplier_intake
from daifa.simulator.living.world import Living
from tests.flows.api_company import BOSS, Company, company


@pytest.fixture
def ours(tenant_number: int, tmp_path: Path) -> Iterator[Company]:
    with company(tenant_number, tmp_path) as made:
        yield made


def place(ours: Company, *wanted: tuple[int, int]) -> dict[str, Any]:
    """A buyer orders these goods (place in ``items``, pieces); as the world has it, not read yet."""
    lines = [{"sku_no": ours.items[i][1], "quantity": n} for i, n in wanted]
    said = {"company": "douyin", "shop": ours.account, "lines": lines, "words": ""}
    [made] = ours.door.post("/orders", said)["orders"]
    return there(ours, str(made["number"]))


def there(ours: Company, number: str) -> dict[str, Any]:
    """The order in the world's books."""
    [found] = [o for o in ours.door.get("/books?company=douyin")["orders"] if o["number"] == number]
    return dict(found)


def office(ours: Company, number: str, name: str, **said: Any) -> str:
    """Somebody does this in the platform's back office, and we read it."""
    ours.pass_time(1)
    done = ours.door.post(f"/orders/douyin/{number}/office_{name}", said)
    ours.pass_time(1)
    ours.read()
    return str(done["number"])


def bought(ours: Company) -> Counter[str]:
    """Pieces by our code, of everything that stands at the suppliers."""
    found: Counter[str] = Counter()
    for s in ours.supplies():
        if s["phase"] != "closed":
            for x in s["lines"]:
                found[x["sku"]] += x["quantity"]
    return found


def delivered(ours: Company) -> None:
    """The seller ships everything, and the shop is told."""
    for s in ours.supplies():
        if s["phase"] == "paid":
            ours.world.within(partial(_ships, key=s["id"]))
    ours.pass_time(2)
    ours.read()
    supplier_intake.take_in(ours.number, ours.supplier_line)
    for _ in range(3):
        outbox_run.work(ours.number, ours.shop_line)
    ours.pass_time(1)
    ours.read()


def _ships(world: Living, *, key: str) -> None:
    world.sellers.timer("ship", {"order": key})


def told(ours: Company, number: str) -> dict[str, int]:
    """Pieces that the shop was told of by line, by the world's books."""
    found: Counter[str] = Counter()
    for s in there(ours, number)["shipments"]:
        found.update(s["pieces"])
    return dict(found)


def costs(ours: Company, *numbers: str) -> int:
    """What these orders cost in our books, fen."""
    with tenant(ours.number):
        return sum(
            fen for (fen,) in ours.asked("SELECT cost_fen FROM orders_order WHERE external_id = ANY(%s)", list(numbers))
        )


def charged(ours: Company) -> int:
    """What the suppliers charged, fen."""
    return sum(int(s["total_fen"]) for s in ours.supplies() if s["phase"] != "closed")


def paid(ours: Company) -> int:
    """What buyers paid for orders that go on, by our books, fen."""
    with tenant(ours.number):
        [(fen,)] = ours.asked("SELECT sum(paid_fen) FROM orders_order WHERE state <> 'cancelled'")
    return int(fen)


def test_what_was_shipped_there_is_never_bought(ours: Company) -> None:
    first, second = place(ours, (0, 1)), place(ours, (0, 2))
    ours.pass_time(1)
    ours.read()
    office(ours, first["number"], "ship", **{"with": [second["number"]]})
    ours.by_itself()
    assert ours.supplies() == []
    assert [ours.step(o["number"])[0] for o in (first, second)] == ["elsewhere", "elsewhere"]


def test_of_a_line_that_left_in_part_only_the_rest_is_bought(ours: Company) -> None:
    order = place(ours, (0, 3), (1, 1))
    one, two = (x["number"] for x in order["lines"])
    office(ours, order["number"], "ship", pieces={one: 2})
    ours.by_itself()
    codes = [code for code, _ in ours.items]
    assert bought(ours) == {codes[0]: 1, codes[1]: 1}
    delivered(ours)
    assert told(ours, order["number"]) == {one: 3, two: 1}
    assert ours.step(order["number"])[0] == "follow"


def test_a_line_that_left_whole_is_not_bought_and_the_others_are_once(ours: Company) -> None:
    order = place(ours, (0, 2), (1, 1))
    one, two = (x["number"] for x in order["lines"])
    office(ours, order["number"], "ship", pieces={one: 2})
    ours.by_itself()
    assert bought(ours) == {ours.items[1][0]: 1}
    delivered(ours)
    assert told(ours, order["number"]) == {one: 2, two: 1}


@pytest.mark.parametrize("seen", [True, False])
def test_split_first_each_piece_is_bought_once_and_told_where_it_is_now(ours: Company, seen: bool) -> None:
    order = place(ours, (0, 1), (1, 2))
    one, two = (x["number"] for x in order["lines"])
    if seen:
        ours.pass_time(1)
        ours.read()
    made = office(ours, order["number"], "split", lines=[two])
    ours.by_itself()
    codes = [code for code, _ in ours.items]
    assert bought(ours) == {codes[0]: 1, codes[1]: 2}
    assert costs(ours, order["number"], made) == charged(ours)
    delivered(ours)
    assert (told(ours, order["number"]), told(ours, made)) == ({one: 1}, {two: 2})
    assert [ours.step(n)[0] for n in (order["number"], made)] == ["follow", "follow"]


@pytest.mark.parametrize("seen", [True, False])
def test_merged_before_they_are_bought_each_piece_is_bought_once(ours: Company, seen: bool) -> None:
    order = place(ours, (0, 1))
    receiver = order["receiver"]
    said = {"company": "douyin", "shop": ours.account, "words": "", "receiver": receiver}
    [made] = ours.door.post("/orders", {**said, "lines": [{"sku_no": ours.items[1][1], "quantity": 2}]})["orders"]
    if seen:
        ours.pass_time(1)
        ours.read()
    office(ours, order["number"], "merge", orders=[str(made["number"])])
    ours.by_itself()
    codes = [code for code, _ in ours.items]
    assert bought(ours) == {codes[0]: 1, codes[1]: 2}
    assert costs(ours, order["number"]) == charged(ours)
    assert paid(ours) == sum(there(ours, n)["paid_fen"] for n in (order["number"], str(made["number"])))
    delivered(ours)
    lines = {x["number"]: x["quantity"] for x in there(ours, order["number"])["lines"]}
    assert told(ours, order["number"]) == lines
    assert len(lines) == 2


def test_split_after_it_is_bought_nothing_is_bought_again_before_a_person_says_so(ours: Company) -> None:
    order = place(ours, (0, 1), (1, 2))
    two = order["lines"][1]["number"]
    ours.pass_time(1)
    ours.read()
    ours.by_itself()
    once = bought(ours)
    assert sum(once.values()) == 3
    made = office(ours, order["number"], "split", lines=[two])
    ours.by_itself()
    assert bought(ours) == once
    step, reason = ours.step(made)
    assert (step, f"原来在订单 {order['number']} 里，已经向供应商采购" in reason) == ("hold", True)
    # Released by a person it is not held again for the same.
    with tenant(ours.number):
        [(hold,)] = ours.asked("SELECT id FROM orders_hold WHERE state = 'open' AND order_id = %s", ours.id_of(made))
        order_deeds.clear_holds(by=BOSS, hold_ids=[hold], why="确实要再买")
    ours.door.post(f"/orders/douyin/{made}/memo", {"memo": "看过了"})
    ours.pass_time(1)
    ours.read()
    assert ours.step(made)[0] in {"route", "dispatch"}


def test_merged_after_they_are_bought_nothing_is_bought_again_before_a_person_says_so(ours: Company) -> None:
    order = place(ours, (0, 1))
    said = {"company": "douyin", "shop": ours.account, "words": "", "receiver": order["receiver"]}
    [other] = ours.door.post("/orders", {**said, "lines": [{"sku_no": ours.items[1][1]}]})["orders"]
    ours.pass_time(1)
    ours.read()
    ours.by_itself()
    once = bought(ours)
    assert sum(once.values()) == 2
    office(ours, order["number"], "merge", orders=[str(other["number"])])
    ours.by_itself()
    assert all(n <= once[code] for code, n in bought(ours).items())
    assert "已经向供应商采购" in ours.step(order["number"])[1]


def test_split_and_merged_back_nothing_is_lost_in_silence(ours: Company) -> None:
    order = place(ours, (0, 1), (1, 2))
    two = order["lines"][1]["number"]
    ours.pass_time(1)
    ours.read()
    made = office(ours, order["number"], "split", lines=[two])
    office(ours, order["number"], "merge", orders=[made])
    ours.by_itself()
    step, reason = ours.step(order["number"])
    assert (step, "移回了这一单" in reason, ours.supplies()) == ("hold", True, [])
    assert ours.step(made)[0] == "closed"
