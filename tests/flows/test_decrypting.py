"""Recipients decrypted by their platform: permitted, audited, sealed, under its quota, and only while they hold."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from daifa.areas.accounts.services import settings
from daifa.areas.mailroom.services import tasks
from daifa.areas.mailroom.types import TaskView
from daifa.areas.orders.models import Order
from daifa.areas.orders.services import editing, history
from daifa.base import bulk
from daifa.base.actor import Actor
from daifa.base.tenancy import tenant
from daifa.flows import decrypting
from daifa.flows.recipient_paths import Path as Way
from daifa.kit.errors import Conflict, Invalid, NotAllowed
from tests.flows.api_company import BOSS, Company, company


@pytest.fixture
def ours(tenant_number: int, tmp_path: Path) -> Iterator[Company]:
    with company(tenant_number, tmp_path) as made:
        yield made


def _decrypt(ours: Company, *orders: UUID, by: Actor = BOSS, reason: str = "发给线下供应商") -> TaskView:
    with tenant(ours.number):
        _, task = decrypting.begin(by=by, order_ids=list(orders), reason=reason)
    assert task is not None
    decrypting.run.function(
        tenant_id=ours.number, task_id=str(task), ids=[str(i) for i in orders], by=[by.key, by.name]
    )
    with tenant(ours.number):
        return tasks.get(task)


def _id(ours: Company, number: str) -> UUID:
    with tenant(ours.number):
        return ours.id_of(number)


def _state(ours: Company, order: UUID) -> str:
    with tenant(ours.number):
        [(state,)] = ours.asked("SELECT recipient_state FROM orders_order WHERE id = %s", order)
    return str(state)


def _way(ours: Company, order: UUID) -> Way:
    with tenant(ours.number):
        return decrypting.ways(by=BOSS, order_id=order).taken


def _receiver(ours: Company, number: str) -> dict[str, Any]:
    [row] = [o for o in ours.door.get("/books")["orders"] if o["number"] == number]
    found: dict[str, Any] = row["receiver"]
    return found


def test_decrypted_kept_sealed_and_written_down(ours: Company) -> None:
    one, two = ours.order(), ours.order(1)
    ids = [_id(ours, n) for n in (one, two)]
    assert [_way(ours, i) for i in ids] == [Way.HANDED_ON, Way.HANDED_ON]
    ended = _decrypt(ours, *ids)
    assert (ended.state, ended.result["failed"]) == ("done", 0)
    assert [_state(ours, i) for i in ids] == ["plain", "plain"]
    assert _way(ours, ids[0]) is Way.DECRYPTED
    with tenant(ours.number):
        opened = editing.opened(ids[0])
        theirs = _receiver(ours, one)
        assert (opened["name"], opened["address"]) == (theirs["name"], theirs["detail"])
        assert "-" in opened["phone"], "a virtual number with its extension"
        said = [f.text for f in history.of_order(ids[0])]
        assert any("已由平台解密" in t and "虚拟号" in t for t in said)
        assert theirs["name"] not in "".join(said)
        audited = ours.asked("SELECT reason FROM base_auditentry WHERE verb = %s", "sealed.open")
        assert [r for (r,) in audited] == ["发给线下供应商"] * 2
        # Two orders, one call.
        calls = bulk.select(
            "SELECT count(*) FROM mailroom_call WHERE tenant_id = {tenant} AND name = 'order.batchDecrypt'"
        )
    assert calls[0][0] == 1


def test_the_quota_gone_is_said_in_chinese_and_nothing_is_kept(ours: Company) -> None:
    order = _id(ours, ours.order())
    ours.door.post("/faults", {"name": "decrypt_quota", "company": "douyin", "count": 5})
    ended = _decrypt(ours, order)
    assert ended.result["failed"] == 1
    assert ended.error_file_id is not None
    assert _state(ours, order) == "cipher"
    with tenant(ours.number):
        assert any("今天不能再解密" in f.text for f in history.of_order(order))


def test_a_buyer_who_moves_is_not_sent_to_the_old_address(ours: Company) -> None:
    number = ours.order()
    order = _id(ours, number)
    _decrypt(ours, order)
    moved = {**_receiver(ours, number), "detail": "新地址 8 号"}
    ours.door.post(f"/orders/douyin/{number}/change_address", {"direct": True, "receiver": moved})
    ours.pass_time(1)
    ours.read()
    assert _state(ours, order) == "cipher"
    _decrypt(ours, order)
    with tenant(ours.number):
        assert editing.opened(order)["address"] == "新地址 8 号"


def test_only_who_may_with_a_reason_and_within_the_hours_limit(ours: Company) -> None:
    orders = [_id(ours, ours.order()), _id(ours, ours.order(1))]
    with tenant(ours.number):
        settings.change(by=BOSS, values={"openings_per_hour": 1})
    with tenant(ours.number), pytest.raises(NotAllowed):
        decrypting.begin(by=Actor("m", "看客", frozenset({"orders.view"})), order_ids=orders, reason="看看")
    with tenant(ours.number), pytest.raises(Invalid, match="写明打开的原因"):
        decrypting.begin(by=BOSS, order_ids=orders, reason=" ")
    with tenant(ours.number):
        done, _ = decrypting.begin(by=BOSS, order_ids=orders, reason="发给线下供应商")
    assert [x.order_id for x in done.left] == orders[1:]
    assert "达到上限" in done.left[0].reason


def test_pressed_again_it_is_done_and_asks_nobody(ours: Company) -> None:
    order, other = _id(ours, ours.order()), _id(ours, ours.order(1))
    _decrypt(ours, order)
    with tenant(ours.number):
        done, task = decrypting.begin(by=BOSS, order_ids=[order], reason="再看一次")
        assert (done.message, done.left, task) == ("1 单的收件人已经可用，不用再解密", (), None)
        done, task = decrypting.begin(by=BOSS, order_ids=[order, other], reason="发给线下供应商")
        assert task is not None
        assert done.message.startswith("正在请平台解密 1 单的收件人")
        assert done.message.endswith("1 单的收件人已经可用，不用再解密")


def test_what_cannot_be_decrypted_says_why(ours: Company) -> None:
    order = _id(ours, ours.order())
    with tenant(ours.number):
        Order.objects.filter(id=order).update(recipient_state="masked")
    with tenant(ours.number), pytest.raises(Conflict, match="不是平台加密的"):
        decrypting.begin(by=BOSS, order_ids=[order], reason="发给线下供应商")
