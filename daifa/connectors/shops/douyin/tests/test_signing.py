"""The worked vectors of the documents, and the canonical form they are computed over."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from daifa.connectors.shops.douyin.callbacks import verify
from daifa.connectors.shops.douyin.signing import canonical, event_sign, sign
from daifa.ports.transport import Credentials

APP, SECRET = "7000000000000000001", "demo-secret-0001"
PUSH = (
    rb'[{"tag":"101","msg_id":"demo-1","data":"{\"p_id\":6920000000000000001,\"s_ids\":[6920000000000000001],'
    rb'\"shop_id\":1,\"order_status\":2,\"pay_amount\":1990,\"pay_time\":1700000000}"}]'
)


def test_vector_1_chinese_and_markup_stay_literal() -> None:
    params = {"star": "5", "remark": "加急&<b>必须</b>", "is_add_star": "true", "order_id": "6920000000000000001"}
    text = canonical(params)
    assert text == '{"is_add_star":"true","order_id":"6920000000000000001","remark":"加急&<b>必须</b>","star":"5"}'
    found = sign(SECRET, APP, "order.addOrderRemark", text, "1700000000")
    assert found == "4d2180cf6548d1a9c343ece18153685df769bab5017933775aaa27d6a5781596"


def test_vector_2_nested_keys_whole_floats_and_a_time_in_words() -> None:
    pack = {
        "logistics_code": "SF1",
        "company_code": "shunfeng",
        "shipped_order_info": [{"shipped_order_id": "2", "shipped_num": 1}],
    }
    text = canonical({"weight": 2.0, "request_id": "r-1", "pack_list": [pack], "order_id": "1"})
    assert text == (
        '{"order_id":"1","pack_list":[{"company_code":"shunfeng","logistics_code":"SF1",'
        '"shipped_order_info":[{"shipped_num":1,"shipped_order_id":"2"}]}],"request_id":"r-1","weight":2}'
    )
    found = sign(SECRET, APP, "order.logisticsAddMultiPack", text, "2023-11-15 06:13:20")
    assert found == "4b00ff7ae570f29539c120152f403a21db03a5e04b26ae83f8f89514908765ad"


def test_the_vector_of_a_push_raw_and_without_blanks() -> None:
    assert event_sign(SECRET, APP, PUSH) == "3a251c354cce79cdc9feb4f03ba9d3eb"
    headers = {"App-Id": APP, "Event-Sign": "3A251C354CCE79CDC9FEB4F03BA9D3EB"}
    for body in (PUSH, PUSH.replace(b",", b", "), PUSH + b"\n"):
        verify(headers, body, Credentials(APP, SECRET))


_VALUES = st.text(max_size=8) | st.integers(-(2**63), 2**63 - 1) | st.lists(st.text(max_size=4), max_size=3)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.text(max_size=6), _VALUES, max_size=5))
def test_canonical_text_knows_no_order_and_holds_no_disputed_letters(params: dict[str, object]) -> None:
    text = canonical(params)
    assert "\u2028" not in text
    assert "\u2029" not in text
    assert canonical(dict(reversed(params.items()))) == text
