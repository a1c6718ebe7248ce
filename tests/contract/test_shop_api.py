"""What every shop platform's connector must do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from daifa.connectors import registry
from daifa.ports.books import BuyerOrder, OrderPhase
from daifa.ports.card import Capability
from daifa.ports.errors import NotSupported, NotThere, Refused, RemoteError
from daifa.ports.shop import OrderState, RecipientState, RefundState, ShopOrder
from daifa.ports.shop_api import Direction, Feed, Item, SharedShipment, Shipment, ShipPiece, ShopApi, ShopDialect
from daifa.ports.transport import BadSignature
from tests.contract.bench import AFTERWARDS, READING, WRITING, Bench, silent

KEYS = [k for k, c in registry.connectors().items() if c.shop_api is not None and k in registry.fakes()]


@pytest.fixture(params=KEYS)
def bench(request: pytest.FixtureRequest) -> Bench:
    return Bench(request.param)


def api(bench: Bench, **more: Any) -> ShopApi:
    made = bench.connector.shop_api
    assert made is not None
    return made(replace(bench.credentials, **more), bench.wire, bench.world.now())


def dialect(bench: Bench) -> ShopDialect:
    assert bench.connector.shop is not None
    return bench.connector.shop


def needs(bench: Bench, *wanted: Capability) -> None:
    if not {*wanted} <= bench.connector.card.capabilities:
        pytest.skip("not on the card")


def shop_id(bench: Bench) -> str:
    return bench.world.shops(bench.key)[0].id


def make(bench: Bench, pieces: tuple[int, ...] = (1,), **how: Any) -> BuyerOrder:
    shelf = [x for x in bench.world.books.listings(bench.key, shop_id(bench)) if x.kind == "single"]
    lines = [(shelf[n * 3].sku_no, count) for n, count in enumerate(pieces)]
    made = bench.world.buyers.make(bench.key, shop_id(bench), lines=lines, calm=True, **how)
    assert made is not None
    return made


def read(bench: Bench, feed: Feed, start: datetime | None = None) -> list[Item]:
    now, found, cursor = bench.world.now(), list[Item](), ""
    for _ in range(50):
        page = api(bench).changes(feed, start or now - timedelta(hours=2), now, cursor)
        found += page.items
        if not page.cursor:
            return found
        cursor = page.cursor
    raise AssertionError("paging does not end")


def now_of(bench: Bench, number: str) -> ShopOrder:
    return dialect(bench).order(api(bench).fetch(Feed.ORDERS, number).raw)


def box(bench: Bench, order: BuyerOrder, number: str = "78123456789012", **more: Any) -> Shipment:
    how: dict[str, Any] = {"reference": "r-1", "courier": "ZTO", "courier_name": "中通快递", **more}
    return Shipment(order_id=order.number, tracking_number=number, **how)


def test_orders_are_listed_and_understood(bench: Bench) -> None:
    made = [make(bench, (1, 2)), make(bench, waits="risk"), make(bench)]
    bench.world.orders.close(made[2], "不要了")
    bench.pass_time(30)
    found = {i.object_id: i for i in read(bench, Feed.ORDERS)}
    assert set(found) == {o.number for o in made}
    first = dialect(bench).order(found[made[0].number].raw)
    assert (first.state, first.waits, first.platform) == (OrderState.PAID, (), bench.key)
    assert [(x.line_key, x.quantity, x.item_id) for x in first.lines] == [
        (x.number, x.quantity, x.item_no) for x in made[0].lines
    ]
    assert first.ordered_at == made[0].created_at.replace(microsecond=0)
    assert first.paid_fen == made[0].paid_fen
    assert first.receivable_fen is not None
    assert first.receivable_fen >= first.paid_fen
    assert first.shop_external_id == shop_id(bench)
    assert found[made[0].number].modified is not None
    assert dialect(bench).order(found[made[1].number].raw).waits
    assert dialect(bench).order(found[made[2].number].raw).state is OrderState.CANCELLED


def test_what_is_listed_and_what_is_fetched_say_the_same(bench: Bench) -> None:
    order = make(bench)
    bench.pass_time(10)
    [listed] = read(bench, Feed.ORDERS)
    one, other = dialect(bench).order(listed.raw), now_of(bench, order.number)
    assert replace(one, cipher=None) == replace(other, cipher=None)
    assert one.recipient.state in {RecipientState.CIPHER, RecipientState.PLAIN}
    assert order.receiver.phone not in repr(one)
    assert one.recipient.province == order.receiver.province


def test_nothing_is_missed_while_pages_shift(bench: Bench) -> None:
    made = [make(bench).number for _ in range(230)]
    bench.pass_time(10)
    end = bench.world.now()
    start = end - timedelta(hours=2)
    seen, cursor, pages = set[str](), "", 0
    while True:
        page = api(bench).changes(Feed.ORDERS, start, end, cursor)
        seen |= {i.object_id for i in page.items}
        pages += 1
        # An order that was read changes: it moves behind all others, which move up.
        for item in page.items[:5]:
            order = bench.world.books.order(bench.key, item.object_id)
            assert order is not None
            bench.pass_time(1)
            bench.world.orders.remark(order, "改", None)
        if not page.cursor:
            break
        cursor = page.cursor
        assert pages < 40
    assert set(made) <= seen


def test_an_order_that_is_not_there(bench: Bench) -> None:
    with pytest.raises(NotThere):
        api(bench).fetch(Feed.ORDERS, "1")


def test_a_whole_order_ships_and_shows_it(bench: Bench) -> None:
    needs(bench, Capability.SHIP)
    order = make(bench, (1, 2))
    api(bench).ship(box(bench, order))
    assert order.phase is OrderPhase.SHIPPED
    seen = now_of(bench, order.number)
    assert seen.state is OrderState.SHIPPED
    assert [n for _, n in seen.parcels] == ["78123456789012"]


def test_parts_ship_once_per_reference(bench: Bench) -> None:
    needs(bench, Capability.SHIP)
    order = make(bench, (1, 2))
    part = box(bench, order, whole=False, pieces=(ShipPiece(order.lines[1].number, 1),))
    first = api(bench).ship(part)
    assert api(bench).ship(part) == first
    assert (len(order.shipments), order.lines[1].shipped) == (1, 1)
    seen = now_of(bench, order.number)
    assert seen.state is OrderState.PART_SHIPPED
    again = box(bench, order, "78999999999999", reference="r-2", replaces="78123456789012", pack_id=first.pack_id)
    api(bench).ship(again)
    assert [s.number for s in order.shipments] == ["78999999999999"]


def together(reference: str, *orders: BuyerOrder) -> SharedShipment:
    boxed = [(o.number, tuple(ShipPiece(x.number, x.quantity) for x in o.lines)) for o in orders]
    return SharedShipment(reference, "ZTO", "中通快递", "78123456789012", tuple(boxed))


def test_a_refusal_says_why_and_what_to_do(bench: Bench) -> None:
    needs(bench, Capability.SHIP)
    order = make(bench)
    bench.world.buyers.apply(order, "不想要了")
    with pytest.raises(Refused) as refused:
        api(bench).ship(box(bench, order))
    assert "退款" in refused.value.text
    assert order.phase is OrderPhase.TO_SHIP
    assert now_of(bench, order.number).refund is RefundState.APPLIED
    with pytest.raises(Refused):
        api(bench).ship(box(bench, make(bench), courier="NOBODY", courier_name="没有这家"))


def test_cases_are_listed_fetched_answered_and_counted(bench: Bench) -> None:
    needs(bench, Capability.REFUNDS, Capability.ANSWER_REFUND)
    one, two = make(bench), make(bench)
    kept, agreed = bench.world.buyers.apply(one, "不想要了"), bench.world.buyers.apply(two, "拍错了")
    assert kept is not None
    assert agreed is not None
    bench.pass_time(5)
    found = {i.object_id: dialect(bench).refund(i.raw) for i in read(bench, Feed.REFUNDS)}
    assert {r.order_external_id for r in found.values()} == {one.number, two.number}
    assert {r.state for r in found.values()} == {RefundState.APPLIED}
    case_id = agreed.id.split("/", 1)[1]
    api(bench).answer_refund(case_id, Direction.AGREE, {})
    bench.pass_time(60)
    done = dialect(bench).refund(api(bench).fetch(Feed.REFUNDS, case_id).raw)
    assert (done.state, done.amount_fen) == (RefundState.FULL, agreed.real_fen)
    listed = {i.object_id: dialect(bench).refund(i.raw) for i in read(bench, Feed.REFUNDS)}
    assert listed[case_id].amount_fen == agreed.real_fen
    assert now_of(bench, two.number).state is OrderState.CANCELLED
    with pytest.raises(Refused):
        api(bench).answer_refund(case_id, Direction.REFUSE, {})


def test_a_case_is_refused_by_a_reason_of_the_platform(bench: Bench) -> None:
    if Capability.ANSWER_REFUND not in bench.connector.card.capabilities:
        pytest.skip("not on the card")
    unshipped, sent = make(bench), make(bench)
    api(bench).ship(box(bench, sent))
    bench.world.orders.finish(sent)
    plain, back = bench.world.buyers.apply(unshipped, "不想要了"), bench.world.buyers.apply(sent, "坏了", after=True)
    assert plain is not None
    assert back is not None
    number = back.id.split("/", 1)[1]
    assert api(bench).refuse_reasons(plain.id.split("/", 1)[1]) == ()
    before = dialect(bench).refund(api(bench).fetch(Feed.REFUNDS, number).raw).platform_state
    reasons = api(bench).refuse_reasons(number)
    given = {"reason": "商品没有问题"}
    if reasons:
        assert {r.evidence for r in reasons} == {True, False}
        given["reject_reason_code"] = next(r.code for r in reasons if r.evidence)
        with pytest.raises(Refused):
            api(bench).answer_refund(number, Direction.REFUSE, given)
    api(bench).answer_refund(number, Direction.REFUSE, {**given, "evidence_url": "https://img.example/1.jpg"})
    seen = dialect(bench).refund(api(bench).fetch(Feed.REFUNDS, number).raw)
    assert seen.platform_state != before
    assert seen.answer_by is None or seen.answer_by > bench.world.now()


def test_tokens_are_renewed(bench: Bench) -> None:
    granted = api(bench).refresh()
    assert granted.access_token
    assert granted.expires_at is not None
    assert granted.expires_at > bench.world.now()
    assert granted.access_token not in repr(granted)
    with pytest.raises(RemoteError) as lost:
        api(bench, refresh_token="nobody's").refresh()
    assert lost.value.who == "owner"


def test_the_owner_authorises_a_shop(bench: Bench) -> None:
    credentials = replace(bench.credentials, access_token="", refresh_token="")
    answer = bench.press_yes(dialect(bench).authorize_url(credentials, "state-1", "http://us.example/back"))
    assert answer["state"] == "state-1"
    granted = dialect(bench).grant(credentials, bench.wire, answer, bench.world.now())
    assert granted.account == shop_id(bench)
    make(bench)
    found = api(bench, access_token=granted.access_token)
    assert found.changes(Feed.ORDERS, bench.world.now() - timedelta(hours=1), bench.world.now()).items
    with pytest.raises(RemoteError) as twice:
        dialect(bench).grant(credentials, bench.wire, answer, bench.world.now())
    assert twice.value.who == "owner"


def test_pushes_name_what_to_fetch(bench: Bench) -> None:
    needs(bench, Capability.PUSH)
    orders: list[BuyerOrder] = []
    sent = bench.pushed(lambda: orders.append(make(bench)))
    keys = bench.credentials
    found = [e for s in sent for e in dialect(bench).events(s.headers, s.body, keys)]
    assert {(e.feed, e.object_id, e.account) for e in found if e.object_id} == {
        (Feed.ORDERS.value, orders[0].number, shop_id(bench))
    }
    assert len({e.key for e in found}) == len(found)
    for forged in (replace(keys, app_secret="another"), replace(keys, app_key="1")):
        with pytest.raises(BadSignature):
            dialect(bench).events(sent[-1].headers, sent[-1].body, forged)
    with pytest.raises(BadSignature):
        dialect(bench).events({}, sent[-1].body, keys)
    assert bench.world.companies[bench.key].accepted(200, dialect(bench).receipt()[0])


@pytest.mark.parametrize("fault", READING)
def test_a_reading_that_fails(bench: Bench, fault: str) -> None:
    order = make(bench)
    bench.strike(fault)
    with pytest.raises(RemoteError) as failed:
        api(bench).fetch(Feed.ORDERS, order.number)
    assert isinstance(failed.value, READING[fault]), failed.value
    assert failed.value.happened is False
    assert failed.value.text
    silent(bench, failed.value)


@pytest.mark.parametrize("fault", WRITING)
def test_a_write_that_fails_is_honest(bench: Bench, fault: str) -> None:
    needs(bench, Capability.SHIP)
    order = make(bench)
    bench.wire.before_write = lambda: bench.strike(fault)
    with pytest.raises(RemoteError) as failed:
        api(bench).ship(box(bench, order))
    assert isinstance(failed.value, WRITING[fault]), failed.value
    done = order.phase is OrderPhase.SHIPPED
    assert done is (fault in AFTERWARDS)
    if done:
        assert failed.value.happened is None
    silent(bench, failed.value)


def _probes(bench: Bench) -> dict[Capability, Callable[[], object]]:
    shop, order = api(bench), make(bench)
    case = bench.world.buyers.apply(make(bench), "不想要了")
    assert case is not None
    now = bench.world.now()
    return {
        Capability.ORDERS: lambda: shop.changes(Feed.ORDERS, now - timedelta(hours=1), now),
        Capability.REFUNDS: lambda: shop.changes(Feed.REFUNDS, now - timedelta(hours=1), now),
        Capability.GOODS: shop.goods,
        Capability.OPEN_CIPHERS: lambda: shop.open_ciphers([(order.number, "#nothing#1##")]),
        Capability.MEMO: lambda: shop.memo(order.number, "备注", "红"),
        Capability.ANSWER_REFUND: lambda: shop.answer_refund(case.id.split("/", 1)[1], Direction.REFUSE, {}),
        Capability.ANSWER_ADDRESS: lambda: shop.answer_address(order.number, approved=True),
        Capability.SHIP_TOGETHER: lambda: shop.ship_together(together("r-9", order)),
        Capability.SHIP_EXTRA: lambda: shop.ship_extra(box(bench, order)),
        Capability.SHIP: lambda: shop.ship(box(bench, order)),
    }


def test_the_card_is_honest(bench: Bench) -> None:
    card = bench.connector.card
    assert card.api is not None
    assert not card.verified
    for capability, probe in _probes(bench).items():
        if capability in card.capabilities:
            try:
                probe()
            except NotSupported:
                pytest.fail(f"{capability} is declared and missing")
            except RemoteError:
                pass
        else:
            with pytest.raises(NotSupported):
                probe()
    assert set(card.api.feeds) == {f for f in Feed if Capability(f.value) in card.capabilities}
    assert {a.key for a in card.api.addresses} <= set(bench.credentials.urls)
    for limit in card.api.limits:
        assert limit.source


def test_a_new_memo_is_seen(bench: Bench) -> None:
    needs(bench, Capability.MEMO)
    order = make(bench)
    api(bench).memo(order.number, "加急，<必须>今天发&", "红")
    seen = now_of(bench, order.number)
    assert (seen.seller_memo, seen.flag) == ("加急，<必须>今天发&", "红")
    terms = bench.connector.card.memo
    assert terms is not None
    api(bench).memo(order.number, "长" * terms.longest, "")
    assert now_of(bench, order.number).flag == "红"
    for text, flag in (("长" * (terms.longest + 1), ""), ("短", "无")):
        with pytest.raises(Refused):
            api(bench).memo(order.number, text, flag)
    for flag in terms.flags:
        api(bench).memo(order.number, "短", flag)


def test_goods_are_read_with_stock(bench: Bench) -> None:
    needs(bench, Capability.GOODS)
    found, cursor = {}, ""
    while True:
        items, cursor = api(bench).goods(cursor)
        found.update({i.sku_id: i for i in items})
        if not cursor:
            break
    shelf = bench.world.books.listings(bench.key, shop_id(bench))
    assert {i.lstrip("0") for i in found} == {x.sku_no.lstrip("0") for x in shelf if x.state != "deleted"}
    one = next(x for x in shelf if x.state == "on" and not x.sku_no.startswith("0"))
    seen = found[one.sku_no]
    assert (seen.item_id, seen.price_fen, seen.stock, seen.on_sale) == (one.item_no, one.price_fen, one.stock, True)
    assert seen.title == one.title


def test_ciphers_open_under_a_quota(bench: Bench) -> None:
    needs(bench, Capability.OPEN_CIPHERS)
    order = make(bench)
    cipher = now_of(bench, order.number).cipher
    assert cipher is not None
    asked = [(order.number, c) for c in (cipher.name, cipher.phone, cipher.address, "#AAAA#1##")]
    other = make(bench)
    theirs = now_of(bench, other.number).cipher
    assert theirs is not None
    opened = api(bench).open_ciphers([*asked, (other.number, theirs.name)])
    # Several orders go into one call.
    assert opened.pop().plain == other.receiver.name
    assert [o.plain for o in opened[::2]] == [order.receiver.name, order.receiver.detail]
    assert opened[1].until is not None
    assert opened[1].until > bench.world.now()
    assert opened[3].problem
    assert order.receiver.name not in repr(opened)
    bench.strike("decrypt_quota")
    with pytest.raises(Refused) as gone:
        api(bench).open_ciphers([(order.number, cipher.name)])
    assert "解密" in gone.value.text
