"""1688's offers on the screen: read by a pasted link, linked many at once, compared and thawed when they changed."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from daifa.areas.purchasing.models import SupplyLink
from daifa.areas.purchasing.services import offers, suppliers
from daifa.base import bulk
from daifa.base.actor import SYSTEM
from daifa.base.tenancy import tenant
from daifa.flows import dispatching, offer_links, offer_watch
from daifa.kit import clock
from daifa.kit.ids import uuid7
from daifa.ports.errors import NotThere, Unavailable
from daifa.reads import buy_facts, offer_desk
from tests.browser import Company
from tests.flows.joined import Joined, joined
from tests.flows.test_dispatching import TWO, ready

SELLER, OTHER = "S01", "S02"


@pytest.fixture
def world(transactional_db: None) -> Iterator[Joined]:
    with joined() as made:
        made.buy_account()
        made.supplier(SELLER, "恒达")
        yield made


def read(world: Joined, supplier: str, text: str) -> dict[str, Any]:
    """Paste, let the worker read, and look at what the task says."""
    owner = world.company.owner
    asked = owner.post(f"/suppliers/{supplier}/offers/read", {"text": text})
    offer_links.read_asked.function(
        tenant_id=world.number, task_id=asked["task_id"], supplier_id=supplier, ref=asked["ref"]
    )
    task: dict[str, Any] = owner.get(f"/tasks/{asked['task_id']}")
    return {**task, "ref": asked["ref"]}


def linked(world: Joined) -> tuple[str, list[Any], str, list[str]]:
    """Two SKUs of ours at two options of one page: supplier, options, offer number, SKUs."""
    supplier = world.suppliers[SELLER]
    ref, options = world.page_of(SELLER)
    skus = [world.sku(f"OUR-{n}") for n in range(2)]
    assert read(world, supplier, ref)["state"] == "done"
    pairs = [{"sku_id": s, "spec_id": world.spec(o)} for s, o in zip(skus, options, strict=False)]
    answer = world.company.owner.post(f"/suppliers/{supplier}/offers/link", {"ref": ref, "items": pairs})
    assert [r["ok"] for r in answer["items"]] == [True, True]
    return supplier, options, ref, skus


def test_what_was_read_and_is_nobodys_yet_is_offered_for_linking(world: Joined) -> None:
    supplier = world.suppliers[SELLER]
    ref, options = world.page_of(SELLER)
    sku = world.sku("OUR-9")
    owner = world.company.owner
    assert owner.get(f"/suppliers/{supplier}/offers/free?codes=OUR-9")["items"] == []
    read(world, supplier, ref)
    [free] = owner.get(f"/suppliers/{supplier}/offers/free?codes=OUR-9,NONE")["items"]
    assert free["ref"] == ref
    pairs = [{"sku_id": world.sku(f"OUR-{n}"), "spec_id": world.spec(o)} for n, o in enumerate(options)]
    owner.post(f"/suppliers/{supplier}/offers/link", {"ref": ref, "items": pairs[:1]})
    assert [f["ref"] for f in owner.get(f"/suppliers/{supplier}/offers/free")["items"]] == [ref], "one is left"
    owner.post(
        f"/suppliers/{supplier}/offers/link", {"ref": ref, "items": [*pairs[1:-1], {**pairs[-1], "sku_id": sku}]}
    )
    assert owner.get(f"/suppliers/{supplier}/offers/free")["items"] == []


def reread(world: Joined, supplier: str, ref: str) -> None:
    offer_watch.read(world.number, UUID(supplier), ref)


def test_a_pasted_link_is_read_and_suggestions_follow_the_sellers_code(world: Joined) -> None:
    supplier, owner = world.suppliers[SELLER], world.company.owner
    ref, options = world.page_of(SELLER)
    sku = world.sku(options[0].their_code)
    done = read(world, supplier, f"https://detail.1688.com/offer/{ref}.html?spm=a26352")
    assert (done["state"], done["ref"]) == ("done", ref)
    opened = owner.get(f"/suppliers/{supplier}/offer?ref={ref}")
    assert len(opened["options"]) == len(options)
    assert opened["image_url"].startswith("https://")
    assert opened["options"][0]["image_url"].startswith("https://")
    first = next(o for o in opened["options"] if o["spec_id"] == world.spec(options[0]))
    assert (first["price_fen"], first["stock"]) == (options[0].tiers[0][1], options[0].says)
    assert (first["guess"]["sku"]["id"], first["guess"]["sure"]) == (sku, True)
    _, viewer = world.company.hire("viewer")
    hidden = viewer.get(f"/suppliers/{supplier}/offer?ref={ref}")
    assert {o["price_fen"] for o in hidden["options"]} == {None}


def test_many_are_linked_at_once_each_with_its_result(world: Joined) -> None:
    supplier, owner = world.suppliers[SELLER], world.company.owner
    ref, options = world.page_of(SELLER)
    one, two = world.sku("OUR-1"), world.sku("OUR-2")
    read(world, supplier, ref)
    pairs = [
        {"sku_id": one, "spec_id": world.spec(options[0])},
        {"sku_id": two, "spec_id": "no-such-option"},
        {"sku_id": one, "spec_id": world.spec(options[1])},
        {"sku_id": str(UUID(int=7)), "spec_id": world.spec(options[1])},
    ]
    answer = owner.post(f"/suppliers/{supplier}/offers/link", {"ref": ref, "items": pairs})
    assert [r["ok"] for r in answer["items"]] == [True, False, False, False]
    assert "没有这个规格" in answer["items"][1]["message"]
    assert "选了两次" in answer["items"][2]["message"]
    [row] = owner.get(f"/suppliers/{supplier}/offers")["items"]
    assert (row["ref"], row["skus"], row["state"], row["frozen"]) == (ref, 1, "ok", 0)
    # The first link tells whom the platform calls the supplier.
    assert owner.get(f"/suppliers/{supplier}")["account"] == row["seller"] != ""


def _kept_out(world: Joined, skus: Sequence[str]) -> list[str]:
    """What routing says of each SKU's linked offer."""
    with tenant(world.number):
        found = offers.load([UUID(s) for s in skus], today=clock.business_day(clock.now()))
        return [next(o.out for o in found[UUID(s)] if o.offer_ref) for s in skus]


def test_a_changed_option_freezes_and_is_thawed_by_a_person(world: Joined) -> None:
    supplier, options, ref, skus = linked(world)
    owner, before = world.company.owner, options[0].spec
    world.change(options[0], spec=f"{before}（新版）")
    reread(world, supplier, ref)
    board = owner.get(f"/suppliers/{supplier}/offers?frozen=true")
    assert ([r["state"] for r in board["items"]], board["frozen"]) == (["frozen"], 1)
    opened = owner.get(f"/suppliers/{supplier}/offer?ref={ref}")
    [frozen] = [x for x in opened["links"] if x["frozen"]]
    now = next(o for o in opened["options"] if o["spec_id"] == frozen["spec_id"])
    assert (frozen["sku"]["id"], frozen["gone"]) == (skus[0], False)
    assert "新版" not in frozen["was"]["words"]
    assert "新版" in now["words"]
    other = next(x for x in opened["links"] if not x["frozen"])
    assert _kept_out(world, skus) == ["供应商改了这个规格，核对后才会再派给它", *[""] * (len(skus) - 1)]
    path = f"/suppliers/{supplier}/offers/thaw"
    assert owner.refused("POST", path, {"ref": ref, "link_ids": [other["id"]]}) == (404, "not_frozen")
    owner.post(path, {"ref": ref, "link_ids": [frozen["id"]]})
    assert _kept_out(world, skus) == [""] * len(skus)
    assert owner.get(f"/suppliers/{supplier}/offers?frozen=true")["items"] == []
    reread(world, supplier, ref)
    assert owner.get(f"/suppliers/{supplier}/offers?frozen=true")["items"] == []
    with tenant(world.number):
        [(data,)] = bulk.select(
            "SELECT data::json FROM base_auditentry WHERE tenant_id = {tenant} AND verb = 'offer.thaw'"
        )
    assert ["新版" in words for words in data["option"]] == [False, True]


def test_an_option_that_is_gone_is_replaced(world: Joined) -> None:
    supplier, options, ref, skus = linked(world)
    owner = world.company.owner
    for option in options:
        world.change(option, on_sale=False, extra={**option.extra, "status": "expired"})
    reread(world, supplier, ref)
    links = owner.get(f"/suppliers/{supplier}/offer?ref={ref}")["links"]
    assert [x["gone"] for x in links] == [True, True]
    thaw = {"ref": ref, "link_ids": [links[0]["id"]]}
    assert owner.refused("POST", f"/suppliers/{supplier}/offers/thaw", thaw) == (409, "option_gone")
    again = {"ref": ref, "items": [{"sku_id": skus[0], "spec_id": world.spec(options[1])}]}
    answer = owner.post(f"/suppliers/{supplier}/offers/link", again)
    assert "已经下架" in answer["items"][0]["message"]
    for option in options:
        world.change(option, on_sale=True)
    reread(world, supplier, ref)
    assert owner.post(f"/suppliers/{supplier}/offers/link", again)["items"][0]["ok"]
    row = next(x for x in owner.get(f"/suppliers/{supplier}/offer?ref={ref}")["links"] if x["sku"]["id"] == skus[0])
    assert row["spec_id"] == world.spec(options[1])


def test_the_preview_says_what_will_go_by_api_and_what_a_person_sends(world: Joined) -> None:
    ready(world.number, *TWO, {"主订单编号": "6903", "收件人": "赵六", "收件人手机号": "17012348888"})
    with tenant(world.number):
        bulk.select(
            "UPDATE purchasing_supplier SET channel = 'api', connection_id = %s WHERE tenant_id = {tenant}"
            " AND name = '恒达百货' RETURNING id",
            [world.connection],
        )
        bulk.select(
            "UPDATE orders_order SET recipient_path = 'handover' WHERE tenant_id = {tenant} AND external_id = '6903'"
            " RETURNING id"
        )
        groups = {g.name: g for g in dispatching.board(by=SYSTEM).groups}
        assert {n: (g.purchases, g.by_api) for n, g in groups.items()} == {"恒达百货": (2, 1), "义乌优选": (1, 0)}
        assert groups["恒达百货"].warnings["unlinked"] == 1
        dispatching.dispatch(by=SYSTEM)
        by_api = bulk.select("SELECT subject_id FROM mailroom_outbox WHERE tenant_id = {tenant} AND kind = 'buy'")
        assert len(by_api) == 1, "what the preview counts is what is placed"


def test_what_waits_to_be_ordered_is_ordered_by_the_new_link(world: Joined) -> None:
    ready(world.number, TWO[0])
    with tenant(world.number):
        dispatching.dispatch(by=SYSTEM)
        [(supplier, sku)] = bulk.select(
            "SELECT supplier_id, sku_id FROM purchasing_assignment WHERE tenant_id = {tenant} AND live"
        )
        row = suppliers.get(supplier)
        suppliers.change(
            by=SYSTEM, supplier_id=supplier, version=row.version, channel="api", connection_id=world.connection
        )
    ref, options = world.page_of(SELLER)
    assert read(world, str(supplier), ref)["state"] == "done"
    pair = {"sku_id": str(sku), "spec_id": world.spec(options[0])}
    world.company.owner.post(f"/suppliers/{supplier}/offers/link", {"ref": ref, "items": [pair]})
    with tenant(world.number):
        [(purchase,)] = bulk.select("SELECT id FROM purchasing_purchaseorder WHERE tenant_id = {tenant}")
        [bought] = buy_facts.load([purchase])
    assert [(x.offer_ref, x.spec_ref) for x in bought.lines] == [(ref, world.spec(options[0]))]


def test_what_cannot_be_read_says_what_to_do(world: Joined) -> None:
    supplier, owner = world.suppliers[SELLER], world.company.owner
    path = f"/suppliers/{supplier}/offers/read"
    assert owner.refused("POST", path, {"text": "https://shop.1688.com/"}) == (422, "no_offer_number")
    missing = read(world, supplier, "600000000001")
    assert (missing["state"], "请核对链接" in missing["message"]) == ("failed", True)
    linked(world)
    theirs, _ = world.page_of(OTHER)
    foreign = read(world, supplier, theirs)
    assert (foreign["state"], "不是 恒达" in foreign["message"]) == ("failed", True)
    assert owner.refused("GET", f"/suppliers/{supplier}/offer?ref={theirs}") == (404, "offer_not_read")
    owner.post(f"/connections/{world.connection}/state", {"state": "paused"})
    assert owner.refused("POST", path, {"text": theirs}) == (409, "not_connected")
    assert "授权" in owner.get(f"/suppliers/{supplier}/offers")["problem"]


def test_without_an_authorisation_it_says_where_to_get_one(transactional_db: None) -> None:
    owner = Company().owner
    made = owner.post("/suppliers", {"name": "表格供应商"})
    board = owner.get(f"/suppliers/{made['id']}/offers")
    assert (board["items"], "授权" in board["problem"]) == ([], True)
    assert owner.refused("POST", f"/suppliers/{made['id']}/offers/read", {"text": "600000000001"})[0] == 409


def test_a_page_that_is_no_more_supplies_nothing_and_the_watch_reads_only_what_was_read_before(
    world: Joined, monkeypatch: pytest.MonkeyPatch
) -> None:
    supplier, _, ref, skus = linked(world)
    with tenant(world.number):
        known = SupplyLink.objects.filter(offer_ref=ref).first()
        assert known is not None
        # A link known from a file names a page that no API has.
        SupplyLink.objects.create(
            supplier_id=known.supplier_id, sku_id=known.sku_id, offer_ref="from-a-file", valid_from=known.valid_from,
            tiers=known.tiers,
        )  # fmt: skip
    asked: list[str] = []

    def not_there(_number: int, _supplier: UUID, offer_id: str) -> None:
        asked.append(offer_id)
        raise NotThere("没有这个货源")

    monkeypatch.setattr(offer_watch, "read", not_there)
    with clock.frozen(clock.now() + timedelta(days=1)):
        offer_watch.watch.function(tenant_id=world.number)
    assert asked == [ref]
    monkeypatch.undo()
    board = world.company.owner.get(f"/suppliers/{supplier}/offers?frozen=true")
    assert [r["state"] for r in board["items"]] == ["frozen"]
    with tenant(world.number):
        stocks = bulk.select(
            "SELECT stock FROM purchasing_supplylink WHERE tenant_id = {tenant} AND offer_ref = %s AND live", [ref]
        )
    assert stocks == [(0,)] * len(skus)
    reread(world, supplier, ref)
    assert world.company.owner.get(f"/suppliers/{supplier}/offers?frozen=true")["items"] == []


def test_the_watch_reads_several_pages_at_once_and_one_that_fails_stops_no_other(
    tenant_number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    pairs = [(uuid7(), str(n)) for n in range(4)]
    monkeypatch.setattr(offer_desk, "to_watch", lambda now, every: pairs)
    together, seen = threading.Barrier(2, timeout=20), list[str]()

    def slow(tenant_id: int, supplier_id: UUID, offer_id: str) -> list[UUID]:
        together.wait()
        seen.append(offer_id)
        if offer_id == "1":
            raise Unavailable("连不上")
        return []

    monkeypatch.setattr(offer_watch, "read", slow)
    offer_watch.watch.function(tenant_id=tenant_number)
    assert sorted(seen) == ["0", "1", "2", "3"]
