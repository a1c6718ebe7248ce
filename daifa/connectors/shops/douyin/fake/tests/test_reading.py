"""Behaviours 4–12 and 24: searching, detail, order shapes, receivers, decrypting, address wishes."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from daifa.connectors.shops.douyin.fake import receivers
from daifa.connectors.shops.douyin.fake.tests.caller import SHOP, START, Caller
from daifa.ports.books import OrderPhase, Receiver, Shipment

NOW = int(START.timestamp())


def search(caller: Caller, **params: Any) -> dict[str, Any]:
    found: dict[str, Any] = caller.call("order.searchList", {"update_time_start": NOW - 60, "size": 100, **params})
    return found


def detail(caller: Caller, number: str) -> dict[str, Any]:
    found: dict[str, Any] = caller.call("order.orderDetail", {"shop_order_id": number})["shop_order_detail"]
    return found


def test_04_what_a_search_refuses() -> None:
    caller = Caller()
    base = {"create_time_start": NOW, "size": 100}
    assert caller.number("order.searchList", {**base, "page": 501}) == "20013"
    assert caller.number("order.searchList", {**base, "combine_status": [{}, {}]}) == "20012"
    assert caller.number("order.searchList", {"size": 10}) == "20011"
    assert caller.number("order.searchList", {**base, "size": 101}) == "20008"
    assert caller.number("order.searchList", {**base, "page": -1}) == "10035"


def test_05_new_orders_push_old_ones_to_the_next_page() -> None:
    caller = Caller()
    for _ in range(6):
        caller.order()
        caller.pass_time(2)
    first = search(caller, size=3, page=0)
    caller.world.faults.add("pages_shift", method="order.searchList", count=1)
    second = search(caller, size=3, page=1)
    assert (first["total"], second["total"]) == (6, 7)
    shown = [o["order_id"] for o in first["shop_order_list"]], [o["order_id"] for o in second["shop_order_list"]]
    assert shown[0][-1] == shown[1][0]
    ascending = search(caller, size=100, page=0, order_by="update_time", order_asc=True)["shop_order_list"]
    assert [o["update_time"] for o in ascending] == sorted(o["update_time"] for o in ascending)


def test_a_search_may_show_late_what_changed() -> None:
    caller = Caller()
    caller.switch(list_lag=90)
    order = caller.order()
    assert (search(caller)["total"], detail(caller, order.number)["order_status"]) == (0, 2)
    caller.pass_time(91)
    assert search(caller)["total"] == 1


def test_06_lists_forget_after_ninety_days_and_details_do_not() -> None:
    caller = Caller()
    order = caller.order()
    caller.pass_time(91 * 86400)
    caller.authorise()
    assert search(caller, create_time_start=NOW - 60)["total"] == 0
    assert detail(caller, order.number)["order_id"] == order.number
    assert caller.number("order.orderDetail", {"shop_order_id": "1"}) == "20014"


def test_07_a_held_back_order_is_released_or_cancelled_later() -> None:
    caller = Caller()
    risk, group = caller.order(waits="risk"), caller.order(waits="group")
    assert [detail(caller, o.number)["order_status"] for o in (risk, group)] == [105, 105]
    assert detail(caller, group.number)["sku_order_list"][0]["trade_type"] == 1
    caller.world.buyers.refund_all(group, "拼团失败")
    caller.pass_time(5400)
    assert [detail(caller, o.number)["order_status"] for o in (risk, group)] == [2, 4]


def test_08_lines_have_a_status_of_their_own() -> None:
    caller = Caller()
    order = caller.order(pieces=(1, 1, 2))
    first, second, third = (x.number for x in order.lines)
    caller.world.orders.ship(
        order, Shipment("p", "", "ZTO", "78000000000001", caller.world.now(), {first: 1, third: 1})
    )
    told = detail(caller, order.number)
    assert told["order_status"] == 101
    assert [x["order_status"] for x in told["sku_order_list"]] == [3, 2, 101]
    caller.world.orders.close_line(order, second)
    assert [x["order_status"] for x in detail(caller, order.number)["sku_order_list"]] == [3, 4, 101]


def test_09_missing_arrays_zeros_and_ids_of_both_kinds() -> None:
    caller = Caller()
    order = caller.order()
    told = detail(caller, order.number)
    assert told["logistics_info"] is None
    assert "order_phase_list" not in told
    assert told["finish_time"] == told["ship_time"] == 0
    assert (type(told["order_id"]), type(told["shop_id"])) == (str, int)
    line = told["sku_order_list"][0]
    assert (type(line["product_id"]), type(line["product_id_str"])) == (int, str)
    assert str(line["product_id"]) == line["product_id_str"]
    assert told["promotion_amount"] == sum(told[f"promotion_{k}_amount"] for k in ("shop", "platform", "talent"))
    assert told["order_amount"] - told["promotion_amount"] == told["pay_amount"]
    assert told["pay_amount"] - told["promotion_pay_amount"] == order.paid_fen


def test_10_deadlines_move_by_line_and_a_push_tells() -> None:
    caller = Caller()
    caller.listen()
    order = caller.order(pieces=(1, 1))
    at = caller.world.now() + timedelta(hours=72)
    caller.world.orders.set_ship_by(order, order.lines[1].number, at)
    told = detail(caller, order.number)
    dates = [x["exp_ship_time"] for x in told["sku_order_list"]]
    assert dates == [NOW + 1 + 48 * 3600, int(at.timestamp())]
    assert told["exp_ship_time"] == min(dates)
    caller.pass_time(5)
    moved = next(m for m in caller.messages() if m["tag"] == "126")
    assert f'"p_id":"{order.number}"' in moved["data"]


def test_11_each_reading_brings_new_ciphers_of_the_same_person() -> None:
    caller = Caller()
    order = caller.order()
    one, two = detail(caller, order.number), detail(caller, order.number)
    for name in ("encrypt_post_receiver", "encrypt_post_tel"):
        assert one[name] != two[name]
        assert one[name].startswith("#")
        assert one[name].endswith("#1##")
    assert one["post_addr"]["encrypt_detail"] != two["post_addr"]["encrypt_detail"]
    assert one["open_address_id"] == two["open_address_id"]
    assert one["post_receiver"] == one["post_tel"] == one["post_addr"]["detail"] == ""
    assert one["mask_post_receiver"].startswith(order.receiver.name[0])
    assert order.receiver.phone not in str(one)
    assert order.receiver.detail not in str(one)
    index = caller.call("order.getSearchIndex", {"plain_text": order.receiver.phone, "encrypt_type": 3})
    assert one["encrypt_post_tel"].split("#")[1] == index["search_text"]


def infos(caller: Caller, number: str) -> list[dict[str, str]]:
    told = detail(caller, number)
    ciphers = (told["encrypt_post_receiver"], told["encrypt_post_tel"], told["post_addr"]["encrypt_detail"])
    return [{"auth_id": number, "cipher_text": c} for c in ciphers]


def test_12_decrypting_gives_virtual_numbers_that_expire() -> None:
    caller = Caller()
    order = caller.order()
    told = caller.call("order.batchDecrypt", {"cipher_infos": infos(caller, order.number)})["decrypt_infos"]
    name, phone, place = told
    assert (name["decrypt_text"], place["decrypt_text"]) == (order.receiver.name, order.receiver.detail)
    assert phone["is_virtual_tel"]
    assert phone["decrypt_text"] == f"{phone['phone_no_a']}-{phone['phone_no_b']}"
    assert phone["expire_time"] == NOW + 24 * 3600
    caller.pass_time(25 * 3600)
    later = caller.call("order.batchDecrypt", {"cipher_infos": infos(caller, order.number)[1:2]})["decrypt_infos"][0]
    assert later["decrypt_text"] != phone["decrypt_text"]
    masked = caller.call("order.batchSensitive", {"cipher_infos": infos(caller, order.number)})["decrypt_infos"]
    assert masked[1]["decrypt_text"] == receivers.mask(receivers.PHONE, order.receiver.phone)


def test_12_decrypting_refuses_too_many_foreign_ones_and_over_quota() -> None:
    caller = Caller()
    mine, other = caller.order(), caller.order()
    asked = infos(caller, mine.number)
    assert caller.refused("order.batchDecrypt", {"cipher_infos": asked * 17}).startswith("isv.parameter-invalid")
    mixed = [*asked[:1], {**asked[1], "auth_id": other.number}]
    found = caller.raw("order.batchDecrypt", {"cipher_infos": mixed})
    assert (found["code"], found["sub_code"]) == (50002, "isv.business-failed:300008")
    assert [x["err_no"] for x in found["data"]["decrypt_infos"]] == [0, 300003]
    assert found["data"]["custom_err"]["err_code"] == 300008
    assert caller.number("order.batchDecrypt", {"cipher_infos": mixed[1:]}) == "300003"
    caller.switch(decrypt_quota_a_day=8)
    assert caller.raw("order.batchDecrypt", {"cipher_infos": asked})["code"] == 10000
    assert caller.raw("order.batchDecrypt", {"cipher_infos": asked})["code"] == 80000
    caller.pass_time(86400)
    assert caller.raw("order.batchDecrypt", {"cipher_infos": asked})["code"] == 10000
    caller.world.faults.add("decrypt_quota", count=1)
    assert caller.raw("order.batchDecrypt", {"cipher_infos": asked})["code"] == 80000
    caller.switch(decrypt="masked")
    assert caller.raw("order.batchDecrypt", {"cipher_infos": asked})["code"] == 30001


def elsewhere(name: str) -> Receiver:
    return Receiver(name, "15412345678", "广东省", "广州市", "天河区", "", "望湖路9号")


def test_24_a_wish_for_another_address_must_be_answered() -> None:
    caller = Caller()
    caller.listen()
    yes, no, silent = caller.order(), caller.order(), caller.order()
    for order in (yes, no, silent):
        caller.world.buyers.wish_address(order, elsewhere("新收件人"))
    caller.pass_time(2)
    assert caller.tags().count("111") == 3
    assert detail(caller, yes.number)["shop_order_tag_ui"][0]["text"] == "买家申请改地址"
    assert caller.refused("order.addressConfirm", {"order_id": f"{yes.number}A", "is_approved": 0})
    caller.call("order.addressConfirm", {"order_id": yes.number, "is_approved": 0})
    caller.call("order.addressConfirm", {"order_id": no.number, "is_approved": 1001})
    caller.pass_time(86401)
    assert [o.receiver.name == "新收件人" for o in (yes, no, silent)] == [True, False, True]
    assert caller.tags().count("105") == 2
    assert caller.number("order.addressConfirm", {"order_id": no.number, "is_approved": 0}) == "80003"


def test_24_the_merchant_may_change_it_until_a_part_has_left() -> None:
    caller = Caller()
    order = caller.order(pieces=(1, 1))
    params = {"order_id": order.number, "post_receiver": "王五", "post_addr": {"city": {"name": "宁波市"}}}
    caller.call("order.addressModify", params)
    assert (order.receiver.name, order.receiver.city) == ("王五", "宁波市")
    first = order.lines[0].number
    caller.world.orders.ship(order, Shipment("p", "", "ZTO", "78000000000001", caller.world.now(), {first: 1}))
    assert caller.number("order.addressModify", params) == "80102"


def test_memo_and_flag_go_both_ways_and_survive_a_kill(tmp_path: Path) -> None:
    caller = Caller(tmp_path)
    order = caller.order()
    caller.call(
        "order.addOrderRemark", {"order_id": order.number, "remark": "加急", "is_add_star": "true", "star": "5"}
    )
    again = Caller(tmp_path)
    assert again.token == caller.token
    told = detail(again, order.number)
    assert (told["seller_words"], told["seller_remark_stars"]) == ("加急", 5)
    assert again.number("order.addOrderRemark", {"order_id": "9", "remark": "x"}) == "20014"
    assert again.refused("order.addOrderRemark", {"order_id": order.number, "remark": "长" * 61})


def test_status_search_and_merge() -> None:
    caller = Caller()
    paid, shut = caller.order(), caller.order()
    caller.world.buyers.refund_all(shut, "买家取消")
    found = search(caller, combine_status=[{"order_status": "2,101"}])["shop_order_list"]
    assert [o["order_id"] for o in found] == [paid.number]
    twin = caller.world.buyers.make("douyin", SHOP, calm=True, receiver=paid.receiver)
    assert twin is not None
    assert twin.phase is OrderPhase.TO_SHIP
    rows = [{"order_id": o.number, "open_address_id": "#same"} for o in (paid, twin)]
    assert caller.call("order.merge", {"merge_list": rows})["order_list"] == [{"order_ids": [paid.number, twin.number]}]
