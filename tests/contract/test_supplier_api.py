"""What every supplier platform's connector must do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from daifa.ports.books import SupplyPhase
from daifa.ports.card import Capability
from daifa.ports.errors import NotSupported, NotThere, Refused, RemoteError
from daifa.ports.shop import Recipient
from daifa.ports.shop_api import Item
from daifa.ports.supplier_api import Cipher, PurchaseState, RefundStage, Wanted
from daifa.ports.transport import BadSignature
from tests.contract.bench import Bench, silent
from tests.contract.supplying import KEYS, REFERENCE, TO, api, dialect, make_bench, make_paid, shelf, supplies, wanted


@pytest.fixture(params=KEYS)
def bench(request: pytest.FixtureRequest) -> Bench:
    return make_bench(request.param)


def test_what_is_quoted_is_what_is_charged(bench: Bench) -> None:
    quote = api(bench).quote(wanted(bench))
    assert quote.problems == ()
    made = api(bench).place(wanted(bench))
    [order] = supplies(bench)
    assert (quote.total_fen, quote.freight_fen) == (order.total_fen, order.freight_fen)
    assert (made.total_fen, made.freight_fen) == (order.total_fen, order.freight_fen)
    assert (order.reference, order.receiver.name, order.receiver.detail) == (REFERENCE, TO.name, TO.address)
    assert made.left_out == ()
    seen = api(bench).fetch(made.external_ids[0])
    assert (seen.total_fen, seen.freight_fen, seen.reference) == (order.total_fen, order.freight_fen, REFERENCE)
    assert seen.lines == ((*(shelf(bench)[0][1].offer_id, shelf(bench)[0][1].spec_id), 3),)
    assert seen.state is (PurchaseState.UNPAID if dialect(bench).terms.payment else PurchaseState.PAID)
    assert seen.created_at is not None


def test_found_by_our_reference_and_by_no_other(bench: Bench) -> None:
    assert api(bench).find(REFERENCE) == []
    made = api(bench).place(wanted(bench))
    api(bench).place(wanted(bench, "CG260901-0001-11"))
    bench.pass_time(1)
    assert [o.external_id for o in api(bench).find(REFERENCE)] == list(made.external_ids)


def test_shipped_with_numbers(bench: Bench) -> None:
    number = make_paid(bench)
    bench.pass_time(4 * 86_400)
    [order] = supplies(bench)
    assert order.parcels
    seen = api(bench).fetch(number)
    assert seen.state in {PurchaseState.SHIPPED, PurchaseState.DONE}
    assert [p.tracking_number for p in seen.parcels] == order.parcels
    assert all(p.courier and p.shipped_at for p in seen.parcels)
    assert {n for p in seen.parcels for _, _, n in p.lines} <= {3}
    assert seen.paid_at is not None


def test_several_parcels_say_what_is_in_which() -> None:
    for key in KEYS:
        bench = make_bench(key, split=1.0)
        lines = [w for o, w in shelf(bench) if o.seller == shelf(bench)[0][0].seller][:2]
        made = api(bench).place(Wanted(REFERENCE, tuple(lines), TO))
        [order] = supplies(bench)
        if dialect(bench).terms.payment:
            bench.world.sellers.pay(order)
        bench.pass_time(4 * 86_400)
        seen = api(bench).fetch(made.external_ids[0])
        assert [p.tracking_number for p in seen.parcels] == order.parcels
        if len(order.parcels) > 1:
            assert len({p.lines for p in seen.parcels}) == len(order.parcels)


def read(bench: Bench, start_ago: float = 7200) -> list[Item]:
    end, found, cursor = bench.world.now(), list[Item](), ""
    for _ in range(60):
        page = api(bench).changes(end - timedelta(seconds=start_ago), end, cursor)
        found += page.items
        if not page.cursor:
            return found
        cursor = page.cursor
    raise AssertionError("paging does not end")


def test_changes_are_listed_and_understood(bench: Bench) -> None:
    made = [api(bench).place(wanted(bench, f"CG-{n}")).external_ids[0] for n in range(3)]
    bench.pass_time(20)
    found = {i.object_id: dialect(bench).order(i) for i in read(bench)}
    assert set(found) == set(made)
    assert {o.reference for o in found.values()} == {"CG-0", "CG-1", "CG-2"}
    assert all(i.modified for i in read(bench))
    bench.pass_time(7200)
    assert read(bench, 60) == []


def test_an_order_that_is_not_there(bench: Bench) -> None:
    with pytest.raises(NotThere):
        api(bench).fetch("1")


def test_cancelled_while_it_may_be(bench: Bench) -> None:
    [number] = api(bench).place(wanted(bench)).external_ids
    if bench.key == "alibaba1688":
        with pytest.raises(RemoteError) as early:
            api(bench).cancel(number, "买家不要了")
        assert (early.value.again, early.value.after) == (True, 10)
    bench.pass_time(11)
    api(bench).cancel(number, "买家不要了")
    assert supplies(bench)[0].phase is SupplyPhase.CLOSED
    assert api(bench).fetch(number).state is PurchaseState.CLOSED
    assert api(bench).find(REFERENCE)[0].state is PurchaseState.CLOSED


def test_paid_and_taken_back(bench: Bench) -> None:
    number = make_paid(bench)
    bench.pass_time(11)
    seen = api(bench).fetch(number)
    assert seen.state is PurchaseState.PAID
    case = api(bench).ask_refund(number, seen.total_fen or 0, "买家不要了", "k-1")
    assert case
    if dialect(bench).terms.payment:
        assert api(bench).fetch(number).refund is RefundStage.ASKED
        # The seller agrees at once, before it ships.
        bench.world.companies[bench.key].timer("refund_answer", {"refund": case})
    after = api(bench).fetch(number)
    assert after.state is PurchaseState.CLOSED
    [order] = supplies(bench)
    assert order.phase is SupplyPhase.CLOSED
    if dialect(bench).terms.payment:
        assert (after.refund, after.refunded_fen) == (RefundStage.DONE, order.total_fen)


def test_shipped_is_no_longer_cancelled(bench: Bench) -> None:
    number = make_paid(bench)
    bench.pass_time(4 * 86_400)
    with pytest.raises(Refused):
        api(bench).cancel(number, "买家不要了")


def test_paying_by_agreement_by_page_and_in_doubt(bench: Bench) -> None:
    if Capability.PAY not in bench.connector.card.capabilities:
        with pytest.raises(NotSupported):
            api(bench).pay(("1",), 100, "k")
        return
    made = api(bench).place(wanted(bench))
    bench.switch(agreements=[])
    by_hand = api(bench).pay(made.external_ids, made.total_fen or 0, "k-1")
    assert not by_hand.done
    assert by_hand.url.startswith("http")
    bench.switch(agreements=["alipay"], pay_unclear=1)
    unclear = api(bench).pay(made.external_ids, made.total_fen or 0, "k-2")
    assert (unclear.done, unclear.url) == (False, "")
    assert api(bench).fetch(made.external_ids[0]).state is PurchaseState.PAID
    other = api(bench).place(wanted(bench, "CG-2"))
    bench.switch(pay_unclear=0)
    with pytest.raises(Refused):
        api(bench).pay(other.external_ids, 1, "k-3")
    assert api(bench).pay(other.external_ids, other.total_fen or 0, "k-4").done
    assert api(bench).fetch(other.external_ids[0]).state is PurchaseState.PAID


def test_offers_as_they_are_now(bench: Bench) -> None:
    offer, line = shelf(bench)[0]
    seen = api(bench).offer(line.offer_id)
    assert (seen.offer_id, seen.title, seen.on_sale) == (line.offer_id, offer.title, True)
    option = next(o for o in seen.options if o.spec_id == line.spec_id)
    price = option.price or seen.tiers[0][1]
    assert (int(price * 100), option.stock) == (offer.tiers[0][1], offer.says)
    with pytest.raises(NotThere):
        api(bench).offer("1")


def test_a_receiver_handed_on_unopened() -> None:
    for key in KEYS:
        bench = make_bench(key, beside=("douyin",))
        sold = bench.world.buyers.make("douyin", bench.world.shops("douyin")[0].id, calm=True)
        assert sold is not None
        cipher = Cipher("douyin", "21830476", "店", "7200000000000000001", sold.number, "#n", "#p", "#a", "文三路***")
        asked = Wanted(REFERENCE, (shelf(bench)[0][1],), Recipient(), cipher=cipher)
        if Capability.CIPHER_ORDERS not in bench.connector.card.capabilities:
            for ask in (api(bench).quote, api(bench).place):
                with pytest.raises(NotSupported):
                    ask(asked)
            continue
        assert api(bench).quote(asked).total_fen
        made = api(bench).place(asked)
        [order] = supplies(bench)
        assert order.receiver.detail == sold.receiver.detail
        assert sold.receiver.phone not in repr(api(bench).fetch(made.external_ids[0]))


def test_tokens_are_renewed(bench: Bench) -> None:
    granted = api(bench).refresh()
    assert granted.access_token
    assert granted.account == (bench.account["id"] if bench.credentials.access_token else bench.credentials.app_key)
    assert api(bench, access_token=granted.access_token).find(REFERENCE) == []
    with pytest.raises(RemoteError) as lost:
        api(bench, refresh_token="nobody's", app_secret="nobody's").refresh()
    assert lost.value.who == "owner"
    silent(bench, lost.value)


def test_the_owner_authorises_an_account(bench: Bench) -> None:
    back = "http://us.example/back"
    blank = replace(bench.credentials, access_token="", refresh_token="")
    url = dialect(bench).authorize_url(blank, "state-1", back)
    answer = {"state": "state-1", "code": "key"} if url.startswith(back) else bench.press_yes(url)
    assert answer["state"] == "state-1"
    granted = dialect(bench).grant(blank, bench.wire, {**answer, "redirect_uri": back}, bench.world.now())
    assert granted.account
    assert api(bench, access_token=granted.access_token).find(REFERENCE) == []
    if not url.startswith(back):
        with pytest.raises(RemoteError) as twice:
            dialect(bench).grant(blank, bench.wire, {**answer, "redirect_uri": back}, bench.world.now())
        assert twice.value.who == "owner"


def test_pushes_name_what_to_fetch(bench: Bench) -> None:
    numbers: list[str] = []
    sent = bench.pushed(lambda: numbers.extend(api(bench).place(wanted(bench)).external_ids))
    keys = replace(bench.credentials, settings={"push_path": "/push"})
    found = [e for s in sent for e in dialect(bench).events(s.headers, s.body, keys)]
    account = bench.account["id"] if bench.credentials.access_token else bench.credentials.app_key
    assert {(e.feed, e.object_id, e.account) for e in found} == {("purchases", numbers[0], account)}
    assert len({e.key for e in found}) == len(found)
    with pytest.raises(BadSignature):
        dialect(bench).events(sent[-1].headers, sent[-1].body, replace(keys, app_secret="another"))
    with pytest.raises(BadSignature):
        dialect(bench).events(sent[-1].headers, sent[-1].body + b" ", keys)
    assert bench.world.companies[bench.key].accepted(200, dialect(bench).receipt()[0])


def test_the_card_is_honest(bench: Bench) -> None:
    card, supplier = bench.connector.card, api(bench)
    assert card.api is not None
    _, line = shelf(bench)[0]
    probes: dict[Capability, Callable[[], object]] = {
        Capability.PLACE: lambda: supplier.place(wanted(bench)),
        Capability.FIND: lambda: supplier.find(REFERENCE),
        Capability.PAY: lambda: supplier.pay(("1",), 100, "k"),
        Capability.CANCEL: lambda: supplier.cancel("1", "不要了"),
        Capability.ASK_REFUND: lambda: supplier.ask_refund("1", 100, "不要了", "k"),
        Capability.OFFERS: lambda: supplier.offer(line.offer_id),
    }
    for capability, probe in probes.items():
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
    terms = dialect(bench).terms
    assert terms.source
    assert terms.findable is (Capability.FIND in card.capabilities)
    assert terms.payment is (Capability.PAY in card.capabilities)
    assert {a.key for a in card.api.addresses} <= set(bench.credentials.urls)
    assert all(limit.source for limit in card.api.limits)
