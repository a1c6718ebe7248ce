"""Suppliers' numbers against open purchases: the three piles, by example and for any mess."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from daifa.areas.logistics.rules.matching import match_tracking, plain_key
from daifa.areas.logistics.types import (
    Content,
    Doubtful,
    DoubtKind,
    LiveNumber,
    Matched,
    MatchSettings,
    OpenLine,
    OpenPurchase,
    Presumed,
    TrackingClaim,
    TrackingMatch,
    Unusable,
    UnusableKind,
)

NOW = datetime(2025, 11, 25, 8, tzinfo=UTC)
Z1, Z2, Y1 = "78400000000076", "78400000000077", "YT1000000000097"
HENGDA, YOUXUAN = UUID(int=900), UUID(int=901)


def line(n: int, quantity: int = 1, name: str = "陶瓷杯", spec: str = "", shipped: int = 0) -> OpenLine:
    return OpenLine(UUID(int=n), name, spec, quantity, shipped, (f"L{n}",))


def purchase(n: int, *lines: OpenLine, name: str = "李四", tail: str = "1234", of: UUID = HENGDA) -> OpenPurchase:
    return OpenPurchase(
        UUID(int=n),
        of,
        (f"P251125-恒达-{n:03d}", f"P251125-HD-{n:03d}-X"),
        (f"25112{n:014d}",),
        lines or (line(n * 10),),
        name_key=plain_key("name", name) if name else b"",
        tail_key=plain_key("tail", tail) if tail else b"",
    )


def run(
    claims: list[TrackingClaim], purchases: list[OpenPurchase], live: list[LiveNumber] | None = None, **more: object
) -> TrackingMatch:
    return match_tracking(claims, purchases, live or [], MatchSettings(), NOW, **more)  # type: ignore[arg-type]


def one(result: TrackingMatch) -> Matched | Doubtful | Unusable:
    found: list[Matched | Doubtful | Unusable] = [*result.matched, *result.doubtful, *result.unusable]
    assert len(found) == 1
    return found[0]


def doubt(result: TrackingMatch) -> Doubtful:
    found = one(result)
    assert isinstance(found, Doubtful)
    return found


def unusable(result: TrackingMatch) -> Unusable:
    found = one(result)
    assert isinstance(found, Unusable)
    return found


def test_by_our_number() -> None:
    found = one(run([TrackingClaim(1, Z1, "中通", our_number="p251125 恒达 001")], [purchase(1), purchase(2)]))
    assert isinstance(found, Matched)
    assert found.purchase_id == UUID(int=1)
    assert (found.courier, found.contents) == ("ZTO", (Content(UUID(int=10), 1),))
    assert found.reason == "按我方单号对上 P251125-恒达-001；写的是中通快递。"


def test_by_platform_number_also_when_it_stands_in_our_column() -> None:
    number = purchase(1).order_numbers[0]
    for claim in (TrackingClaim(1, Z1, "中通", order_no=number), TrackingClaim(1, Z1, "中通", our_number=number)):
        found = one(run([claim], [purchase(1), purchase(2)]))
        assert isinstance(found, Matched)
        assert found.reason.startswith("按平台单号对上")


def test_by_name_and_tail() -> None:
    claim = TrackingClaim(1, Z1, "中通", names=("陶瓷杯", "李四"), phone_tail="1234")
    found = one(run([claim], [purchase(1), purchase(2, tail="9999")]))
    assert isinstance(found, Matched)
    assert found.purchase_id == UUID(int=1)


def test_a_name_alone_or_a_tail_alone_is_only_a_suggestion() -> None:
    for claim in (TrackingClaim(1, Z1, "中通", names=("李四",)), TrackingClaim(1, Z1, "中通", phone_tail="1234")):
        found = doubt(run([claim], [purchase(1)]))
        assert found.kind is DoubtKind.RECIPIENT_ONLY
        assert found.suggestions[0].why == "登记到 P251125-恒达-001：中通快递 78400000000076，1 件"


def test_a_name_whose_tail_differs_is_said() -> None:
    found = doubt(run([TrackingClaim(1, Z1, "中通", names=("李四",), phone_tail="0000")], [purchase(1)]))
    assert found.reason == "姓名对得上，尾号 0000 对不上，可能是 P251125-恒达-001。"


def test_keys_are_the_callers() -> None:
    def hashed(kind: str, value: str) -> bytes:
        return f"{kind}#{value}".encode()

    mine = replace(purchase(1), name_key=hashed("name", "李四"), tail_key=hashed("tail", "1234"))
    claim = TrackingClaim(1, Z1, "中通", names=("李四",), phone_tail="1234")
    assert isinstance(one(run([claim], [mine], key_of=hashed)), Matched)
    assert isinstance(one(run([claim], [mine])), Unusable)


def test_one_recipient_with_two_orders_asks_unless_the_goods_are_named() -> None:
    two = [purchase(1, line(11, name="陶瓷杯", spec="白色")), purchase(2, line(21, name="毛巾", spec="灰色"))]
    claim = TrackingClaim(1, Z1, "中通", names=("李四",), phone_tail="1234")
    found = doubt(run([claim], two))
    assert found.kind is DoubtKind.SEVERAL_ORDERS
    assert len(found.suggestions) == 2
    named = one(run([replace(claim, title="毛巾")], two))
    assert isinstance(named, Matched)
    assert named.purchase_id == UUID(int=2)


def test_two_numbers_that_disagree() -> None:
    claim = TrackingClaim(1, Z1, "中通", our_number="P251125-恒达-001", order_no=purchase(2).order_numbers[0])
    found = doubt(run([claim], [purchase(1), purchase(2)]))
    assert found.kind is DoubtKind.NUMBERS_DISAGREE
    assert {s.purchase_id for s in found.suggestions} == {UUID(int=1), UUID(int=2)}


def test_a_number_nobody_has_does_not_fall_back_to_the_recipient_silently() -> None:
    claim = TrackingClaim(1, Z1, "中通", our_number="P251125-恒达-777", names=("李四",), phone_tail="1234")
    assert doubt(run([claim], [purchase(1)])).kind is DoubtKind.NUMBERS_DISAGREE
    bare = replace(claim, names=(), phone_tail="")
    assert unusable(run([bare], [purchase(1)])).reason == (
        "找不到单号“P251125-恒达-777”。请核对是不是抄错，或先导入这张订单。"
    )


def test_a_row_that_slipped_is_noticed() -> None:
    claim = TrackingClaim(1, Z1, "中通", our_number="P251125-恒达-001", names=("王五",), names_sure=True)
    assert doubt(run([claim], [purchase(1)])).kind is DoubtKind.RECIPIENT_DISAGREES
    chat = replace(claim, names_sure=False)  # words of a chat line prove nothing
    assert isinstance(one(run([chat], [purchase(1)])), Matched)
    tail = replace(chat, phone_tail="9999")
    assert doubt(run([tail], [purchase(1)])).kind is DoubtKind.RECIPIENT_DISAGREES


def test_the_courier_must_agree_with_its_number() -> None:
    own = "P251125-恒达-001"
    found = doubt(run([TrackingClaim(1, Y1, "中通", our_number=own)], [purchase(1)]))
    assert found.kind is DoubtKind.NUMBER_SHAPE
    assert "像圆通速递的" in found.reason
    none = doubt(run([TrackingClaim(1, "123456789012", our_number=own)], [purchase(1)]))
    assert none.kind is DoubtKind.COURIER
    usual = MatchSettings(usual_courier={HENGDA: "STO"})
    claim = TrackingClaim(1, "123456789012", our_number=own)
    assert match_tracking([claim], [purchase(1)], [], usual, NOW).matched[0].courier == "STO"


def test_numbers_that_are_none() -> None:
    own = "P251125-恒达-001"
    for said, kind in [
        ("7.84E+13", UnusableKind.PRECISION),
        ("", UnusableKind.NO_NUMBER),
        ("13800138000", UnusableKind.NOT_A_NUMBER),
        (purchase(1).order_numbers[0], UnusableKind.NOT_A_NUMBER),
    ]:
        assert unusable(run([TrackingClaim(1, said, "中通", our_number=own)], [purchase(1)])).kind is kind


def test_the_same_file_twice_changes_nothing() -> None:
    shipped = replace(purchase(1, line(10, 1, shipped=1)), tracking_numbers=(Z1,))
    claim = TrackingClaim(1, Z1, "中通", our_number="P251125-恒达-001")
    assert unusable(run([claim], [shipped])).kind is UnusableKind.REPEATED
    live = LiveNumber(Z1, (UUID(int=1),), "P251125-恒达-001", NOW)
    assert unusable(run([claim], [purchase(1)], [live])).kind is UnusableKind.REPEATED


def test_another_number_for_a_shipped_order_asks() -> None:
    shipped = replace(purchase(1, line(10, 1, shipped=1)), tracking_numbers=(Z2,))
    found = doubt(run([TrackingClaim(1, Z1, "中通", our_number="P251125-恒达-001")], [shipped]))
    assert found.kind is DoubtKind.ALREADY_SHIPPED
    assert Z2 in found.reason
    assert found.suggestions[0].why == f"登记到 P251125-恒达-001：中通快递 {Z1}，代替原来的单号"


def test_a_parcel_by_another_courier_than_the_buyer_asked_for_is_looked_at() -> None:
    asked = replace(purchase(1), courier_demand="指定顺丰（加价）")
    found = doubt(run([TrackingClaim(1, Z1, "中通", our_number="P251125-恒达-001")], [asked]))
    assert (found.kind, "指定顺丰" in found.reason, "中通快递" in found.reason) == (
        DoubtKind.COURIER_DEMANDED, True, True,
    )  # fmt: skip
    assert len(found.suggestions) == 1
    for fine in ("中通", "不要韵达", "按约定发货", ""):
        plain = replace(purchase(1), courier_demand=fine)
        assert isinstance(one(run([TrackingClaim(1, Z1, "中通", our_number="P251125-恒达-001")], [plain])), Matched)
    refused = replace(purchase(1), courier_demand="别发中通")
    assert doubt(run([TrackingClaim(1, Z1, "中通", our_number="P251125-恒达-001")], [refused])).kind is found.kind


def test_a_number_in_use_elsewhere() -> None:
    claim = TrackingClaim(1, Z1, "中通", our_number="P251125-恒达-001")
    others = [purchase(1), purchase(2), purchase(3, name="王五", tail="9999"), purchase(4, name="", tail="")]

    def used_by(n: int, days: int = 1, delivered: bool = False) -> TrackingMatch:
        at = NOW - timedelta(days=days)
        number = LiveNumber(Z1, (UUID(int=n),), f"P251125-恒达-{n:03d}", at, at if delivered else None)
        return run([claim], others, [number])

    assert doubt(used_by(2)).kind is DoubtKind.SHARED_BOX
    assert "收件人相同" in doubt(used_by(2)).reason
    assert unusable(used_by(3)).kind is UnusableKind.NUMBER_TAKEN
    assert "收件人无法核对" in doubt(used_by(4)).reason
    assert doubt(used_by(99)).kind is DoubtKind.SHARED_BOX
    assert isinstance(one(used_by(3, days=91, delivered=True)), Matched)
    assert isinstance(one(used_by(3, days=89, delivered=True)), Unusable)


def test_one_number_for_two_orders_of_a_file_needs_a_person() -> None:
    claims = [TrackingClaim(n, Z1, "中通", our_number=f"P251125-恒达-00{n}") for n in (1, 2)]
    result = run(claims, [purchase(1), purchase(2)])
    assert [d.kind for d in result.doubtful] == [DoubtKind.SHARED_BOX] * 2
    assert "收件人相同，可能合在一箱" in result.doubtful[0].reason


def test_several_parcels_of_an_order() -> None:
    own = "P251125-恒达-001"
    both = [line(11, 2, "陶瓷杯", "白色"), line(12, 1, "毛巾", "灰色")]
    told = [
        TrackingClaim(1, Z1, "中通", our_number=own, title="陶瓷杯", spec="白色", quantity=2),
        TrackingClaim(2, Z2, "中通", our_number=own, title="毛巾", spec="灰色", quantity=1),
    ]
    result = run(told, [purchase(1, *both)])
    assert [m.contents for m in result.matched] == [(Content(UUID(int=11), 2),), (Content(UUID(int=12), 1),)]
    untold = [replace(c, title="", spec="", quantity=None) for c in told]
    result = run(untold, [purchase(1, *both)])
    assert [d.kind for d in result.doubtful] == [DoubtKind.CONTENTS] * 2
    assert [d.suggestions[0].contents for d in result.doubtful] == [
        m.contents for m in run(told, [purchase(1, *both)]).matched
    ]


def test_rows_per_item_are_one_parcel() -> None:
    own = "P251125-恒达-001"
    rows = [
        TrackingClaim(1, Z1, "中通", our_number=own, title="陶瓷杯", quantity=2),
        TrackingClaim(2, Z1, "中通", our_number=own, title="毛巾", quantity=1),
    ]
    result = run(rows, [purchase(1, line(11, 2, "陶瓷杯"), line(12, 1, "毛巾"))])
    (found,) = result.matched
    assert found.rows == (1, 2)
    assert sum(c.quantity for c in found.contents) == 3


def test_quantities() -> None:
    own = "P251125-恒达-001"
    claim = TrackingClaim(1, Z1, "中通", our_number=own, quantity=3)
    found = doubt(run([claim], [purchase(1, line(10, 2))]))
    assert found.kind is DoubtKind.QUANTITY
    assert found.reason == "写了 3 件，P251125-恒达-001 只剩 2 件没发。"
    part = one(run([replace(claim, quantity=1)], [purchase(1, line(10, 2))]))
    assert isinstance(part, Matched)
    assert "1 件，还差 1 件" in part.reason
    unclear = doubt(run([replace(claim, quantity=2)], [purchase(1, line(11, 2), line(12, 1, "毛巾"))]))
    assert unclear.kind is DoubtKind.CONTENTS


def test_another_suppliers_order_is_not_theirs_to_ship() -> None:
    claim = TrackingClaim(1, Z1, "中通", our_number="P251125-恒达-001")
    found = doubt(run([claim], [purchase(1, of=YOUXUAN)], supplier_id=HENGDA))
    assert found.kind is DoubtKind.OTHER_SUPPLIER


def test_an_order_split_over_suppliers_is_found_by_who_sends() -> None:
    shared = purchase(1).order_numbers
    two = [purchase(1), replace(purchase(2, of=YOUXUAN), order_numbers=shared)]
    claim = TrackingClaim(1, Z1, "中通", order_no=shared[0])
    unsaid = doubt(run([claim], two))
    assert (unsaid.kind, len(unsaid.suggestions)) == (DoubtKind.SEVERAL_ORDERS, 2)
    assert unsaid.reason.endswith("是 2 家供应商的，没写是哪一家发的。请选一张。")
    found = one(run([claim], two, supplier_id=YOUXUAN))
    assert isinstance(found, Matched)
    assert found.purchase_id == UUID(int=2)


def test_a_presumed_sender_decides_between_suppliers_and_nothing_else() -> None:
    shared = purchase(1).order_numbers
    two = [purchase(1), replace(purchase(2, of=YOUXUAN), order_numbers=shared)]
    claim = TrackingClaim(1, Z1, "中通", order_no=shared[0])
    presumed = Presumed(YOUXUAN, "按文件名认定是 优选 发的")
    found = one(run([claim], two, presumed=presumed))
    assert isinstance(found, Matched)
    assert found.purchase_id == UUID(int=2)
    assert found.reason.startswith("按平台单号（按文件名认定是 优选 发的）对上 ")
    plain = one(run([claim], two[:1], presumed=presumed))
    assert isinstance(plain, Matched)
    assert "认定" not in plain.reason
    said = one(run([claim], two, presumed=presumed, supplier_id=HENGDA))
    assert isinstance(said, Matched)
    assert said.purchase_id == UUID(int=1)


def test_a_known_sender_is_never_led_to_anothers_open_purchase() -> None:
    shared = purchase(1).order_numbers
    done = replace(purchase(1, line(10, shipped=1)), tracking_numbers=(Z2,))
    two = [done, replace(purchase(2, of=YOUXUAN), order_numbers=shared)]
    for claim in (
        TrackingClaim(1, Z1, "中通", order_no=shared[0]),
        TrackingClaim(1, Z1, "中通", names=("李四",), phone_tail="1234"),
        TrackingClaim(1, Z1, "中通", names=("李四",)),
    ):
        found = doubt(run([claim], two, supplier_id=HENGDA))
        assert [s.purchase_id for s in found.suggestions] == [UUID(int=1)]
        assert found.kind in {DoubtKind.ALREADY_SHIPPED, DoubtKind.RECIPIENT_ONLY}


def test_a_recalled_purchase_that_was_shipped_all_the_same() -> None:
    claim = TrackingClaim(1, Z1, "中通", our_number="P251125-恒达-001")
    found = doubt(run([claim], [replace(purchase(1), dead="已追回")]))
    assert found.kind is DoubtKind.NOT_LIVE


NUMBERS = st.sampled_from([Z1, Z2, Y1, "773000000000025", "7.8E+13", "", "13800138000"])
CLAIMS = st.lists(
    st.builds(
        TrackingClaim,
        row=st.integers(1, 9),
        tracking_no=NUMBERS,
        courier=st.sampled_from(["", "中通", "圆通", "未知"]),
        our_number=st.sampled_from(["", "P251125-恒达-001", "P251125-恒达-002", "P251125-恒达-009"]),
        order_no=st.sampled_from(["", *purchase(1).order_numbers, *purchase(3).order_numbers]),
        names=st.sampled_from([(), ("李四",), ("王五",)]),
        names_sure=st.booleans(),
        phone_tail=st.sampled_from(["", "1234", "9999"]),
        quantity=st.none() | st.integers(1, 4),
        title=st.sampled_from(["", "陶瓷杯", "毛巾"]),
    ),
    max_size=8,
)


@settings(max_examples=250, deadline=None)
@given(CLAIMS, st.sampled_from([None, HENGDA]), st.booleans())
def test_every_claim_is_in_one_pile_and_nothing_is_shipped_twice(
    claims: list[TrackingClaim], supplier_id: UUID | None, used: bool
) -> None:
    purchases = [
        purchase(1, line(11, 2, "陶瓷杯"), line(12, 1, "毛巾")),
        purchase(2, line(21, 3, shipped=1)),
        purchase(3, name="王五", tail="9999", of=YOUXUAN),
        replace(purchase(4, line(41, 1, shipped=1)), tracking_numbers=(Y1,)),
    ]
    live = [LiveNumber(Z2, (UUID(int=4),), "P251125-恒达-004", NOW)] if used else []
    result = match_tracking(claims, purchases, live, MatchSettings(), NOW, supplier_id=supplier_id)
    rows = Counter(r for m in result.matched for r in m.rows)
    others = [c for pile in (result.doubtful, result.unusable) for d in pile for c in d.claims]
    assert len(others) <= len(claims)
    assert set(rows) | {c.row for c in others} == {c.row for c in claims}
    by_id = {p.purchase_id: p for p in purchases}
    numbers = [m.tracking_no for m in result.matched]
    assert len(numbers) == len(set(numbers))
    taken: Counter[UUID] = Counter()
    for m in result.matched:
        p = by_id[m.purchase_id]
        assert m.contents
        assert m.courier
        assert not used or m.tracking_no != Z2
        assert m.tracking_no not in p.tracking_numbers
        assert supplier_id is None or p.supplier_id == supplier_id
        for content in m.contents:
            assert content.quantity > 0
            taken[content.line_id] += content.quantity
    for p in purchases:
        for x in p.lines:
            assert taken[x.line_id] <= x.left
    assert all(d.reason.endswith("。") for d in result.doubtful)
    assert all(u.reason.endswith("。") for u in result.unusable)
    assert all(d.suggestions for d in result.doubtful)
