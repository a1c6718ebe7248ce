"""Douyin's JSON in our words: the documents' sample, money, waits, deadlines, receivers, codes nobody knows."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from daifa.areas.mailroom.rules.parse import parse
from daifa.areas.mailroom.rules.recognise import recognise
from daifa.connectors import registry
from daifa.connectors.shops.douyin import api_cases, api_mapping, companies, errors
from daifa.connectors.shops.douyin.callbacks import events
from daifa.connectors.shops.douyin.signing import event_sign
from daifa.kit.tabular.read import read_file
from daifa.ports.errors import (
    BadReply,
    LoginExpired,
    NotGranted,
    OutcomeUnknown,
    RateLimited,
    Refused,
    RemoteError,
    Unavailable,
    Withdrawn,
)
from daifa.ports.shop import OrderState, RecipientState, RefundState, WaitReason
from daifa.ports.transport import Credentials

# The synthetic sample of the platform sheet.
SAMPLE = (
    '{"order_id":"6935112233445566778","shop_id":1234567,"order_status":2,"order_status_desc":"备货中",'
    '"create_time":1763890000,"pay_time":1763890020,"update_time":1763890021,"finish_time":0,"ship_time":0,'
    '"exp_ship_time":1764062820,"order_amount":1990,"pay_amount":1490,"post_amount":0,"promotion_amount":500,'
    '"promotion_shop_amount":300,"promotion_platform_amount":200,"promotion_talent_amount":0,'
    '"promotion_pay_amount":0,"shop_cost_amount":300,"only_platform_cost_amount":200,"author_cost_amount":0,'
    '"platform_cost_amount":200,"pay_type":2,"buyer_words":"","seller_words":"","seller_remark_stars":0,'
    '"open_address_id":"#x…","post_receiver":"","post_tel":"","encrypt_post_receiver":"##…",'
    '"encrypt_post_tel":"#ML3B#…#1##","mask_post_receiver":"张*","mask_post_tel":"1********34",'
    '"post_addr":{"province":{"id":"33","name":"浙江省"},"city":{"id":"330100","name":"杭州市"},'
    '"town":{"id":"330110","name":"余杭区"},"street":{"id":"330110012","name":"仓前街道"},"detail":"",'
    '"encrypt_detail":"##…"},"mask_post_addr":{"detail":"文一西路***"},"logistics_info":null,'
    '"shop_order_tag_ui":[],"sku_order_list":[{"order_id":"6935112233445566778",'
    '"parent_order_id":"6935112233445566778","order_status":2,"product_id":3654321098765432109,'
    '"product_id_str":"3654321098765432109","product_name":"示例商品","sku_id":1790000000000000123,'
    '"code":"A11-RED-XL","out_sku_id":"","spec":[{"name":"颜色","value":"红色"}],"item_num":1,"origin_amount":1990,'
    '"sum_amount":1990,"order_amount":1990,"pay_amount":1490,"trade_type":0,"pre_sale_type":0,"author_id":0,'
    '"c_biz":8,"exp_ship_time":1764062820,"need_serial_number":false,'
    '"after_sale_info":{"after_sale_status":0,"after_sale_type":0,"refund_status":0}}]}'
).encode()


def sample(**more: Any) -> bytes:
    return orjson.dumps({**orjson.loads(SAMPLE), **more})


def lines(*changes: dict[str, Any]) -> list[dict[str, Any]]:
    base = orjson.loads(SAMPLE)["sku_order_list"][0]
    return [{**base, "order_id": f"69351122334455667{n:02d}", **c} for n, c in enumerate(changes)]


def at(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def test_the_documents_sample() -> None:
    order = api_mapping.order(SAMPLE)
    assert (order.external_id, order.state, order.refund, order.waits) == (
        "6935112233445566778", OrderState.PAID, RefundState.NONE, (),
    )  # fmt: skip
    assert (order.amount_fen, order.paid_fen, order.receivable_fen, order.freight_fen) == (1990, 1490, 1690, 0)
    assert (order.ordered_at, order.finished_at, order.ship_by) == (at(1763890000), None, at(1764062820))
    assert order.shop_external_id == "1234567"
    to = order.recipient
    assert (to.state, to.name, to.phone, to.address) == (RecipientState.CIPHER, "张*", "1********34", "文一西路***")
    assert (to.province, to.city, to.district, to.street) == ("浙江省", "杭州市", "余杭区", "仓前街道")
    assert order.cipher is not None
    assert (order.cipher.key, order.cipher.phone) == ("#x…", "#ML3B#…#1##")
    [line] = order.lines
    assert (line.line_key, line.listing_key) == ("6935112233445566778", "3654321098765432109|红色")
    # The sample says who bears the discount for the order alone.
    assert (line.sku_id, line.merchant_code, line.receivable_fen) == ("1790000000000000123", "A11-RED-XL", None)


def test_the_key_of_a_listing_is_that_of_the_order_export() -> None:
    head = (
        "主订单编号,子订单编号,选购商品,商品规格,商品数量,商品ID,商家编码,商品单价,订单应付金额,支付优惠,"
        "平台实际承担优惠金额,达人实际承担优惠金额,订单提交时间,订单状态"
    )
    row = (
        "\t6935112233445566778,\t6935112233445566778,示例商品,红色;XL,1,\t3654321098765432109,A11,19.90,14.90,1.00,"
        "2.00,0.50,2025-11-23 17:26:40,待发货"
    )
    sheets = read_file(f"{head}\n{row}\n".encode("utf-8-sig"), "抖店订单导出.csv")
    [guess] = recognise(sheets, registry.profiles())
    [filed] = parse(sheets[0], guess, registry.profiles()).orders
    spec = [{"name": "颜色", "value": "红色"}, {"name": "尺码", "value": "XL"}]
    line = {"order_id": "6935112233445566778", "spec": spec, "promotion_pay_amount": 100}
    [told] = api_mapping.order(
        sample(sku_order_list=lines({**line, "platform_cost_amount": 250, "code": "A11"}))
    ).lines  # fmt: skip
    [kept] = filed.lines
    assert (told.line_key, told.listing_key) == (kept.line_key, kept.listing_key)
    assert (told.amount_fen, told.paid_fen, told.receivable_fen) == (
        kept.amount_fen, kept.paid_fen, kept.receivable_fen,
    )  # fmt: skip


def test_reasons_to_wait() -> None:
    assert api_mapping.order(sample(order_status=105)).waits == (WaitReason.UNDER_REVIEW,)
    group = sample(order_status=105, sku_order_list=lines({"order_status": 105, "trade_type": 1}))
    assert api_mapping.order(group).waits == (WaitReason.UNDER_REVIEW, WaitReason.GROUP_PENDING)
    agreed = api_mapping.order(sample(appointment_ship_time=1764500000))
    assert (agreed.waits, agreed.ship_not_before, agreed.ship_by) == (
        (WaitReason.RESERVED,), at(1764500000), at(1764500000),
    )  # fmt: skip
    assert api_mapping.order(sample(order_status=3, appointment_ship_time=1764500000)).waits == ()


ALL_LISTED = [{"phase_order_id": "1", "pay_success": True}, {"phase_order_id": "2", "pay_success": False}]
ONE_LISTED = [{"current_phase": 1, "total_phase": 2, "pay_success": "true"}]


@pytest.mark.parametrize("status", [1, 105, 2])
@pytest.mark.parametrize("phases", [ALL_LISTED, ONE_LISTED])
def test_a_deposit_alone_is_not_paid_whatever_the_status(status: int, phases: list[dict[str, Any]]) -> None:
    # Without a payment such an order would look as if it were paid for on delivery.
    told = api_mapping.order(
        sample(
            order_status=status,
            order_phase_list=phases,
            pay_type=0,
            pay_time=0,
            appointment_ship_time=1764500000,
            sku_order_list=lines({"order_status": status, "trade_type": 2, "pre_sale_type": 2}),
        )
    )
    assert (told.state, told.waits, told.cash_on_delivery) == (OrderState.UNPAID, (WaitReason.PRESALE,), False)


@pytest.mark.parametrize("of", [{"trade_type": 2, "pre_sale_type": 2}, {"pre_sale_type": 1}])
def test_a_presale_that_is_paid_waits_for_its_day(of: dict[str, Any]) -> None:
    paid = [
        {"current_phase": 1, "total_phase": 2, "pay_success": True},
        {"current_phase": 2, "total_phase": 2, "pay_success": "1"},
    ]
    told = api_mapping.order(sample(order_phase_list=paid, sku_order_list=lines(of), appointment_ship_time=1764500000))
    assert (told.state, told.waits, told.ship_not_before) == (
        OrderState.PAID, (WaitReason.PRESALE,), at(1764500000),
    )  # fmt: skip
    at_once = api_mapping.order(sample(order_phase_list=[{"pay_success": True}], sku_order_list=lines(of)))
    assert (at_once.state, at_once.waits) == (OrderState.PAID, ())


def test_the_earliest_deadline_of_what_still_has_to_leave() -> None:
    told = lines(
        {"order_status": 3, "exp_ship_time": 1764000001},
        {"order_status": 2, "exp_ship_time": 1764000009},
        {"order_status": 2, "exp_ship_time": 1764000005},
    )
    order = api_mapping.order(sample(order_status=101, sku_order_list=told))
    assert (order.ship_by, order.state) == (at(1764000005), OrderState.PART_SHIPPED)
    assert [x.state for x in order.lines] == [OrderState.SHIPPED, OrderState.PAID, OrderState.PAID]


def after(kind: int, status: int, refund: int, state: int = 2) -> dict[str, Any]:
    info = {"after_sale_type": kind, "after_sale_status": status, "refund_status": refund}
    return {"order_status": state, "after_sale_info": info}


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ((after(2, 6, 1), after(0, 0, 0)), RefundState.APPLIED),
        # Applied and withdrawn: the refund status stays 1.
        ((after(2, 28, 1),), RefundState.WITHDRAWN),
        ((after(2, 12, 3, 4), after(0, 0, 0)), RefundState.PARTLY),
        ((after(2, 12, 3, 4),), RefundState.FULL),
        # Money back on a line that goes on: how much, only the case says.
        ((after(1, 12, 3, 3),), None),
        ((after(3, 14, 1, 3),), RefundState.NONE),
        ((after(0, 27, 1, 3),), RefundState.APPLIED),
    ],
)
def test_refunds_of_lines_and_of_the_order(told: tuple[dict[str, Any], ...], said: RefundState | None) -> None:
    assert api_mapping.order(sample(sku_order_list=lines(*told))).refund is said


def test_gifts_authors_memos_and_flags() -> None:
    told = lines({"c_biz": 2, "author_name": "小美"}, {"given_product_type": "FREE"}, {"trade_type": 102})
    order = api_mapping.order(sample(sku_order_list=told, seller_words="加急", seller_remark_stars=5, pay_type=0))
    assert [x.is_gift for x in order.lines] == [False, True, True]
    assert dict(order.extra)["达人昵称"] == "小美"
    assert "佣金" in dict(order.extra)["带货佣金"]
    assert (order.seller_memo, order.flag, order.buyer_note) == ("加急", "红", "")
    assert not order.cash_on_delivery
    assert api_mapping.order(sample(pay_type=0, pay_time=0)).cash_on_delivery


@pytest.mark.parametrize(
    ("told", "promoted"),
    [
        ([{"c_biz": 2}], True),
        # 店铺自播: an author of the merchant's own, nobody else is paid.
        ([{"c_biz": 8, "author_id": 77}], False),
        ([{"c_biz": 8}, {"c_biz": 2, "author_id": "77"}], True),
        ([{"c_biz": None, "author_id": 77}], True),
        ([{"c_biz": None, "author_id": 0}], None),
        ([{"c_biz": 8}, {"c_biz": 0}], None),
    ],
)
def test_who_is_paid_for_selling_it(told: list[dict[str, Any]], promoted: bool | None) -> None:
    assert api_mapping.order(sample(sku_order_list=lines(*told))).promoted is promoted


def test_receivers_in_their_four_states() -> None:
    plain = sample(post_receiver="张三", post_tel="13800000000", post_addr={"detail": "文一西路 1 号"})
    assert api_mapping.order(plain).recipient.state is RecipientState.PLAIN
    masked = api_mapping.order(sample(encrypt_post_tel=""))
    assert (masked.recipient.state, masked.cipher) == (RecipientState.MASKED, None)
    gone = api_mapping.order(
        sample(encrypt_post_tel="", mask_post_receiver="", mask_post_tel="", post_addr=None, mask_post_addr=None)
    )
    assert gone.recipient.state is RecipientState.ABSENT


@pytest.mark.parametrize(
    "more",
    [
        {"order_status": 77},
        {"order_status": None},
        {"seller_remark_stars": 9},
        {"pay_amount": "a lot"},
        {"sku_order_list": lines({"order_status": 99})},
        {"sku_order_list": lines(after(0, 99, 0))},
        {"sku_order_list": lines({"item_num": None})},
    ],
)
def test_what_is_unknown_is_named_never_guessed(more: dict[str, Any]) -> None:
    with pytest.raises(BadReply) as bad:
        api_mapping.order(sample(**more))
    assert bad.value.code


def test_half_an_item_is_a_bad_reply() -> None:
    with pytest.raises(BadReply):
        api_mapping.order(SAMPLE[:50])


def test_money_of_a_case_stands_in_its_detail_alone() -> None:
    row = {
        "order_info": {"shop_order_id": "1A", "related_order_info": [{"sku_order_id": "2"}]},
        "aftersale_info": {
            "aftersale_id": '"7300000000000000001"', "aftersale_type": "1", "aftersale_status": "12",
            "refund_status": "3", "refund_amount": "1490", "update_time": "1763890021",
        },
    }  # fmt: skip
    listed = api_cases.refund(orjson.dumps(row))
    assert (listed.external_id, listed.state, listed.amount_fen) == ("7300000000000000001", RefundState.FULL, None)
    detail = {
        "process_info": {
            "after_sale_info": {
                "after_sale_id": 7300000000000000001, "after_sale_type": 1, "after_sale_status": 12,
                "refund_status": 3, "real_refund_amount": 990, "refund_time": 1763890100,
            }
        },
        "order_info": {"shop_order_id": 1, "sku_order_infos": [{"sku_order_id": 2}]},
    }  # fmt: skip
    for raw in (row | {"detail": detail}, {"detail": detail}, detail):
        case = api_cases.refund(orjson.dumps(raw))
        assert (case.external_id, case.amount_fen, case.needs_return) == ("7300000000000000001", 990, False)
        assert (case.order_external_id, case.line_external_id, case.finished_at) == ("1", "2", at(1763890100))


@pytest.mark.parametrize(
    ("code", "sub_code", "write", "error", "word"),
    [
        (50002, "isv.business-failed:60040", True, Refused, "退款待处理"),
        (50002, "isv.business-failed:70011", True, Unavailable, "正在处理"),
        (50002, "isv.business-failed:70019", True, Refused, "早于付款"),
        (50002, "isv.business-failed:987654", True, Refused, "他们的话"),
        (40003, "isv.access-token-expired", False, LoginExpired, "过期"),
        (30001, "dop.authorization-closed", False, Withdrawn, "关闭了授权"),
        (30002, "", False, NotGranted, "白名单"),
        (50001, "dop.token-generate-failed:code-expired", True, LoginExpired, "授权码"),
        (50002, "isv.business-failed:31012", False, Unavailable, "刷新"),
        (60000, "", True, RateLimited, "限流"),
        (20000, "isp.service-error:1", False, Unavailable, "不可用"),
        (20001, "", True, OutcomeUnknown, "超时"),
        (80000, "isv.risk-control-failed:300011", False, Refused, "解密"),
        (12345, "new.thing", False, BadReply, "不认识"),
    ],
)
def test_their_refusals_in_our_errors(
    code: int, sub_code: str, write: bool, error: type[RemoteError], word: str
) -> None:
    found = errors.problem(code, sub_code, "他们的话", write=write)
    assert type(found) is error
    assert word in found.text


# Every business number that the platform sheet names for shipping, addresses, stock, factories and cases.
TOLD = (
    "60033 60021 60068 60040 60018 70018 60017 70019 60072 60027 70011 60062 60056 700047 60083 80001 80102"
    " 300003 300008 300011 40010 -20001 -20002 -20008"
    " -40001 -40002 -40003 2010401 41000 41001 41002 41003 41004 41007 40000 88888"
    " 20309541 11001 20001 20008 20011 20012 20013 20014 20015 10035 31009 31012"
).split()


@pytest.mark.parametrize("number", TOLD)
def test_every_refusal_that_is_documented_says_what_to_do(number: str) -> None:
    found = errors.problem(50002, f"isv.business-failed:{number}", "", write=True)
    assert re.search(r"[一-鿿]", found.said)
    assert number not in found.said
    assert found.fix


def test_their_words_carry_no_person_and_no_secret() -> None:
    said = errors.clean("收件人13800001234 #ML3B#0BB1W4adLHYf+1s8VI3eLeeK0Kq0kc8A=#1## token-0001", ("token-0001",))
    assert not [s for s in ("13800001234", "0BB1W4ad", "token-0001") if s in said]


def test_couriers_by_name_by_code_by_short_name() -> None:
    live = [("顺丰速运", "shunfeng"), ("圆通快递", "yuantong"), ("极兔速递(原天天)", "jtexpress"), ("优速", "yousu")]
    assert companies.match(live, "SF", "顺丰速运") == "shunfeng"
    assert companies.match(live, "YTO", "圆通速递") == "yuantong"
    assert companies.match(live, "JTSD", "极兔快递") == "jtexpress"
    assert companies.match(live, "UC", "优速快递") == "yousu"
    assert companies.match(live, "ZZZ", "没有的快递") == ""


def test_both_spellings_of_a_push_and_tags_of_the_future() -> None:
    keys = Credentials("1", "s")
    body = orjson.dumps(
        [
            {"tag": "0", "msg_id": "0", "data": "{}"},
            {"tag": "126", "msgId": "a", "data": {"p_id": "69A", "shop_id": 5}},
            {"tag": "206", "msg_id": "b", "data": '{"aftersale_id":7,"update_time":"2026-09-01T10:00:00+08:00"}'},
            {"tag": "9901", "data": "not json"},
        ]
    )
    found = events({"app-id": "1", "event-sign": event_sign("s", "1", body)}, body, keys)
    assert [(e.feed, e.object_id) for e in found] == [("", ""), ("orders", "69"), ("refunds", "7"), ("", "")]
    assert found[1].account == "5"
    assert found[2].at == datetime(2026, 9, 1, 2, tzinfo=UTC)
    assert len({e.key for e in found}) == 4
