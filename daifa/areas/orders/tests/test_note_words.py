"""Notes and memos: what asks for something, and what only says thanks."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daifa.areas.orders.rules.note_words import Intent, intents, normal
from daifa.areas.orders.rules.transit_words import transit_marks

HARMLESS = """
谢谢 | 辛苦了 | 第二次买了 | 回购 | 质量很好又来了 | 老客户 | 已回访 | 会员 | 尽快发货 | 好评 | 请尽快发货谢谢
麻烦快点发货 | 不用开发票 | 不急 | 麻烦尽快安排发货，谢谢 | 包装好一点 | 请包装严实点，谢谢！ | 检查好再发
不要发破损的 | 加急 | 急用 | 早点发货哦 | 无 | 没有 | 。 | 亲尽快发货哦，急用 | 好评返现已处理 | 地址不变
已核对地址 | 希望质量好 | 买给妈妈的 | 今天能发吗 | 老板发财 | 第3次来了 | 不要发错了 | 别漏发 | 请不要发错货
不需要发票 | 地址没问题 | 不着急用 | 👍 | 请问质量怎么样
""".replace("\n", "|")
ASKING = {
    Intent.HOLD: (
        "先别发 | 暂不发货 | 等我通知再发 | 缓发 | 先不要发，等通知 | 不要急着发货 | 拦截 | 别发货 | 等电话再发"
    ),
    Intent.CANCEL: "取消订单 | 不要了 | 拍错了 | 申请退款 | 重复下单了",
    Intent.ADDRESS: (
        "地址改为浙江省 | 改电话 | 寄到公司 | 新地址 | 收货人改一下 | 换个地址 | 电话写错了 | 客户要求改地址"
    ),
    Intent.SPEC: (
        "麻烦换成灰色的 | 要红色 | 换大号 | 尺码要L | 颜色随机 | 不要白色 | XL | 不要发票，要蓝色 | 发黑色的"
    ),
    Intent.QUANTITY: "多发一个 | 只要2件 | 数量改成三个",
    Intent.COURIER: (
        "发顺丰 | 不要中通 | 别发邮政 | 走京东快递 | 不要发邮政 | 尽快发货，发顺丰 | 指定快递 | 顺丰到付 | 圆通不到"
    ),
    Intent.DATE: "周五前送到 | 12月1日发货 | 晚点发 | 3天后发 | 20号之后发 | 下周一再发货 | 周末送 | 元旦后发",
    Intent.CONTACT: "发货前联系我 | 发货前打电话 | 请联系客户 | 加微信",
    Intent.INVOICE: "开发票 抬头甲公司 | 要专票",
    Intent.GIFT: "送人的，不要放价格单 | 送个小礼物 | 写上生日快乐 | 附贺卡 | 要礼盒 | 送给朋友的",
    Intent.TOGETHER: "两单一起发 | 合并发货 | 分开发",
    Intent.RESHIP: "上次少发一件 | 补发 | 换货",
    Intent.DELIVERY: "放驿站 | 送货上门 | 不要放快递柜 | 放门口",
    Intent.OTHER: "请用泡沫箱装 | 不要香菜味 | 麻烦给个好的",
}


@pytest.mark.parametrize("text", [t.strip() for t in HARMLESS.split("|") if t.strip()])
def test_harmless_words_ask_for_nothing(text: str) -> None:
    assert intents(text) == ()


@pytest.mark.parametrize(
    ("text", "intent"), [(t.strip(), intent) for intent, texts in ASKING.items() for t in texts.split("|")]
)
def test_a_wish_is_understood_by_its_intent(text: str, intent: Intent) -> None:
    assert intent in intents(text)


def test_each_intent_is_proved() -> None:
    assert set(ASKING) == set(Intent)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("周五前送到", (Intent.DATE,)),
        ("地址改为浙江省", (Intent.ADDRESS,)),
        ("上次少发一件补发", (Intent.RESHIP,)),
        ("不要发顺丰", (Intent.COURIER,)),
        ("先不要发，换成红色，开发票", (Intent.HOLD, Intent.INVOICE, Intent.SPEC)),
    ],
)
def test_one_wish_is_not_read_as_two(text: str, found: tuple[Intent, ...]) -> None:
    assert intents(text) == found


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from([t.strip() for texts in ASKING.values() for t in texts.split("|")]), st.sampled_from("，。！ \n")
)
def test_thanks_around_a_wish_do_not_hide_it(text: str, mark: str) -> None:
    assert set(intents(text)) <= set(intents(f"谢谢{mark}{text}{mark}辛苦了{mark}尽快发货"))


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_read_without_a_failure(text: str) -> None:
    found = intents(text)
    assert len(set(found)) == len(found)
    assert normal(normal(text)) == normal(text)


@pytest.mark.parametrize("stutter", ["请", "请麻烦", "包好", "不要", "1", "尽快辛苦", "送我", "周一"])
def test_a_pasted_novel_costs_no_minutes(stutter: str) -> None:
    assert len(intents(stutter * 20_000)) <= len(Intent)


@pytest.mark.parametrize(
    ("address", "marks"),
    [
        ("丰泽路66号新疆集运中转仓（转运码XJ8821）", ("集运中转仓", "转运码")),
        ("临江路18号云达集运仓A区（会员号HK30716 转香港）", ("集运仓", "会员号", "转香港")),
        ("集运路12号", ()),
        ("人民路中转站宿舍3栋", ()),
        ("中转站旁边菜鸟驿站", ()),
        ("东莞市虎门镇国际仓3楼 唛头A12", ("国际仓", "唛头")),
        ("北苑街道丹溪北路88号", ()),
        ("", ()),
    ],
)
def test_forwarding_warehouses_are_told_from_streets(address: str, marks: tuple[str, ...]) -> None:
    assert transit_marks(address) == marks
