"""Behaviour 14: pushes in batches, signed, checked on subscribing, repeated, doubled, late, lost, of unknown kinds."""

from __future__ import annotations

import hashlib
from typing import Any

import orjson

from daifa.connectors.shops.douyin.fake import oauth, signing
from daifa.connectors.shops.douyin.fake.tests.caller import SHOP, Caller


def test_14_the_documents_worked_signature_of_a_push() -> None:
    body = (
        rb'[{"tag":"101","msg_id":"demo-1","data":"{\"p_id\":6920000000000000001,\"s_ids\":[6920000000000000001],'
        rb'\"shop_id\":1,\"order_status\":2,\"pay_amount\":1990,\"pay_time\":1700000000}"}]'
    )
    found = signing.event_sign("demo-secret-0001", "7000000000000000001", body)
    assert found == "3a251c354cce79cdc9feb4f03ba9d3eb"


def test_14_subscribing_is_checked_with_tag_0() -> None:
    caller = Caller()
    caller.world.set_push_target("douyin", "http://us/push")
    caller.pass_time(1)
    assert caller.tags() == ["0"]


def test_14_several_events_come_in_one_signed_array() -> None:
    caller = Caller()
    caller.listen()
    orders = [caller.order() for _ in range(3)]
    caller.pass_time(2)
    assert len(caller.pushed) == 1
    sent = caller.pushed[0]
    expected = hashlib.md5(oauth.APP_KEY.encode() + sent.body + caller.secret.encode()).hexdigest()  # noqa: S324
    assert (sent.headers["event-sign"], sent.headers["app-id"]) == (expected, oauth.APP_KEY)
    assert caller.tags().count("100") == caller.tags().count("101") == 3
    paid = next(m for m in caller.messages() if m["tag"] == "101")
    data = orjson.loads(paid["data"])
    assert (data["p_id"], type(data["p_id"]), data["order_status"]) == (int(orders[0].number), int, 2)


def test_14_what_is_not_acknowledged_comes_again_with_the_same_id() -> None:
    caller = Caller()
    caller.listen()
    for bad in ((200, b'{"code":1}'), (500, b'{"code":0}'), (0, b""), (200, b"<html>")):
        caller.ack = bad
        caller.order()
        caller.pass_time(3)
    caller.ack = (200, b'{"code":0,"msg":"success"}')
    caller.pass_time(60)
    ids = [m["msg_id"] for m in caller.messages()]
    assert all(ids.count(i) > 1 for i in ids)
    assert {m.state for m in caller.world.books.messages("douyin")} == {"acked"}


def test_14_a_receiver_that_never_answers_is_given_up_in_the_end() -> None:
    caller = Caller()
    caller.listen()
    caller.ack = (500, b"")
    caller.order()
    caller.pass_time(86400)
    created = next(m for m in caller.world.books.messages("douyin") if m.topic == "100")
    assert (created.state, created.attempts) == ("given_up", 8)


def test_14_duplicates_lateness_loss_disorder_and_forgery_on_demand() -> None:
    caller = Caller()
    caller.listen()
    add: Any = caller.world.faults.add
    add("push_duplicate", count=1)
    caller.order()
    caller.pass_time(2)
    assert caller.tags() == ["100", "101"] * 2
    caller.pushed.clear()
    add("push_late", method="100", count=1, seconds=300)
    caller.order()
    caller.pass_time(2)
    assert caller.tags() == ["101"]
    caller.pass_time(300)
    assert caller.tags() == ["101", "100"]
    caller.pushed.clear()
    add("push_missing", method="101", count=1)
    add("push_reorder", method="100", count=1)
    caller.order()
    caller.pass_time(60)
    assert caller.tags() == ["100"]
    caller.pushed.clear()
    add("push_bad_sign", count=1)
    caller.order()
    caller.pass_time(2)
    sent = caller.pushed[0]
    assert sent.headers["event-sign"] != signing.event_sign(caller.secret, oauth.APP_KEY, sent.body)


def test_14_both_spellings_mixed_times_and_tags_of_the_future() -> None:
    caller = Caller()
    caller.switch(push_data="object", push_id="msgId", push_unknown_every=1)
    caller.listen()
    order = caller.order()
    caller.world.buyers.apply(order, "不想要了")
    caller.pass_time(2)
    found = caller.messages()
    assert all("msgId" in m and isinstance(m["data"], dict) for m in found)
    assert "9901" in caller.tags()
    trade = next(m["data"] for m in found if m["tag"] == "101")
    case = next(m["data"] for m in found if m["tag"] == "200")
    assert type(trade["pay_time"]) is int
    assert case["update_time"].endswith("+08:00")
    assert (case["shop_id"], type(case["aftersale_id"])) == (int(SHOP), int)
