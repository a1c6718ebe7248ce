"""To the supplier: what goes out is exactly what was bought; sent once; again only on purpose and marked."""

from __future__ import annotations

import io
import zipfile
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from daifa.areas.accounts.services import applications, connections
from daifa.areas.accounts.services.connections import Home
from daifa.areas.mailroom.services import files as stored
from daifa.areas.purchasing.models import Supplier
from daifa.areas.purchasing.services import amendments, dispatches, purchases, suppliers
from daifa.base import bulk
from daifa.base.actor import SYSTEM
from daifa.base.tenancy import tenant
from daifa.flows import dispatching, sending, sending_views, sheet_samples
from daifa.kit.errors import Conflict, Invalid
from daifa.kit.tabular import Table, read_file, write_xlsx
from daifa.ports.transport import Granted
from daifa.reads import sending_board, today
from tests.flows.test_dispatching import TWO, ready


def _cells(data: bytes, name: str) -> list[list[object]]:
    return [list(row) for row in read_file(data, name)[0].rows]


def _channel(name: str, channel: str) -> UUID:
    [found] = [s for s in suppliers.list_suppliers() if s.name == name]
    suppliers.change(by=SYSTEM, supplier_id=found.id, version=found.version, channel=channel)
    return found.id


def test_everything_goes_out_as_one_zip(tenant_number: int) -> None:
    ready(tenant_number, *TWO)
    with tenant(tenant_number):
        dispatching.dispatch(by=SYSTEM)
        done = sending.send(by=SYSTEM)
        assert done.message == "2 家供应商的 2 单 2 件已备好，请转发给他们"
        assert done.zip_id is not None
        archive = zipfile.ZipFile(io.BytesIO(stored.content(done.zip_id)))
        assert sorted(n.partition("-")[0] for n in archive.namelist()) == ["义乌优选", "恒达百货"]
        [name] = [n for n in archive.namelist() if n.startswith("恒达")]
        rows = _cells(archive.read(name), name)
        said = " ".join(str(c) for row in rows for c in row)
        assert "王小明" in said
        assert "17012345678" in said
        assert "6901" in said
        assert "6902" not in said
        assert bulk.select("SELECT DISTINCT state FROM purchasing_purchaseorder WHERE tenant_id = {tenant}") == [
            ("sent",)
        ]
        assert bulk.select("SELECT DISTINCT step FROM orders_order WHERE tenant_id = {tenant}") == [("tracking",)]
        facts = bulk.select("SELECT text FROM orders_history WHERE tenant_id = {tenant} AND kind = 'sent'")
        assert len(facts) == 2
        assert not any("王小明" in t for (t,) in facts)


def test_sending_again_finds_nothing_and_downloading_again_is_free(tenant_number: int) -> None:
    ready(tenant_number, TWO[0])
    with tenant(tenant_number):
        dispatching.dispatch(by=SYSTEM)
        [sent] = sending.send(by=SYSTEM).sent
        with pytest.raises(Invalid, match="没有待发送的采购单"):
            sending.send(by=SYSTEM)
        before = dispatches.get(sent.dispatch_id)
        first = sending.content(by=SYSTEM, dispatch_id=sent.dispatch_id)
        assert sending.content(by=SYSTEM, dispatch_id=sent.dispatch_id) == first
        assert dispatches.get(sent.dispatch_id) == before
        assert bulk.select("SELECT count(*) FROM purchasing_dispatch WHERE tenant_id = {tenant}") == [(1,)]


def test_sent_is_the_first_taking_not_the_making(tenant_number: int) -> None:
    ready(tenant_number, TWO[0])
    with tenant(tenant_number):
        dispatching.dispatch(by=SYSTEM)
        [(supplier, ids)] = dispatches.drafts().items()
        made, _ = sending.prepare(by=SYSTEM, supplier_id=supplier, purchase_ids=ids)
        assert made is not None
        assert dispatches.get(made.dispatch_id).state == "ready"
        assert bulk.select("SELECT state, sent_at FROM purchasing_purchaseorder WHERE tenant_id = {tenant}") == [
            ("draft", None)
        ]
        sending.take(by=SYSTEM, dispatch_id=made.dispatch_id)
        assert dispatches.get(made.dispatch_id).state == "sent"
        [(state, at)] = bulk.select("SELECT state, sent_at FROM purchasing_purchaseorder WHERE tenant_id = {tenant}")
        assert state == "sent"
        assert at is not None


def test_again_only_on_purpose_and_every_row_says_so(tenant_number: int) -> None:
    ready(tenant_number, TWO[0])
    with tenant(tenant_number):
        dispatching.dispatch(by=SYSTEM)
        [sent] = sending.send(by=SYSTEM).sent
        again = sending.resend(by=SYSTEM, dispatch_id=sent.dispatch_id)
        assert (again.run, again.version) == (sent.run, 2)
        data, name = sending.content(by=SYSTEM, dispatch_id=again.dispatch_id)
        assert "重发" in name
        body = _cells(data, name)[2:]
        assert len(body) == 1
        assert any("【重发】" in str(c) for c in body[0])
        first, name = sending.content(by=SYSTEM, dispatch_id=sent.dispatch_id)
        assert not any("重发" in str(c) for row in _cells(first, name) for c in row)


def test_the_database_refuses_a_line_in_two_sendings_without_the_mark(tenant_number: int) -> None:
    ready(tenant_number, TWO[0])
    with tenant(tenant_number):
        dispatching.dispatch(by=SYSTEM)
        [sent] = sending.send(by=SYSTEM).sent
        ids = dispatches.purchases_of(sent.dispatch_id)
        with pytest.raises(IntegrityError, match="dispatch_line_live"), transaction.atomic():
            dispatches.create(
                supplier_id=sent.supplier_id, run="x-1", version=1, channel="sheet", purchase_ids=ids, file_id=None
            )


def test_undo_before_sending_withdraws_what_was_made(tenant_number: int) -> None:
    ready(tenant_number, TWO[0])
    with tenant(tenant_number):
        done = dispatching.dispatch(by=SYSTEM)
        [(supplier, ids)] = dispatches.drafts().items()
        made, _ = sending.prepare(by=SYSTEM, supplier_id=supplier, purchase_ids=ids)
        assert made is not None
        assert done.undo
        dispatching.withdraw(by=SYSTEM, purchase_ids=ids, why="撤销")
        with pytest.raises(Conflict, match="已经撤回"):
            sending.take(by=SYSTEM, dispatch_id=made.dispatch_id)


def _force_step(step: str) -> None:
    bulk.select("UPDATE orders_order SET step = %s WHERE tenant_id = {tenant} RETURNING id", [step])


def test_a_masked_recipient_never_reaches_a_supplier(tenant_number: int) -> None:
    ready(tenant_number, {"主订单编号": "6905", "收件人": "王*", "收件人手机号": "170****5678"})
    with tenant(tenant_number):
        _force_step("dispatch")
        dispatching.dispatch(by=SYSTEM)
        with pytest.raises(Invalid, match="订单 6905：收件人是脱敏的"):
            sending.send(by=SYSTEM)
        # Even where nothing else stops it, the sheet itself refuses.
        _force_step("send")
        with pytest.raises(Invalid, match="收件人是脱敏或缺失的，不能写给供应商"):
            sending.send(by=SYSTEM)
        states = bulk.select("SELECT state FROM purchasing_purchaseorder WHERE tenant_id = {tenant}")
        assert states == [("draft",)]


def test_text_for_a_chat_holds_the_order(tenant_number: int) -> None:
    ready(tenant_number, TWO[0])
    with tenant(tenant_number):
        _channel("恒达百货", "text")
        dispatching.dispatch(by=SYSTEM)
        [sent] = sending.send(by=SYSTEM).sent
        data, name = sending.content(by=SYSTEM, dispatch_id=sent.dispatch_id)
        assert name.endswith(".txt")
        assert "王小明 17012345678" in data.decode()


def test_a_link_is_made_for_who_works_by_link(tenant_number: int) -> None:
    ready(tenant_number, TWO[0])
    with tenant(tenant_number):
        _channel("恒达百货", "link")
        dispatching.dispatch(by=SYSTEM)
        [sent] = sending.send(by=SYSTEM).sent
        assert sent.channel == "link"
        assert len(sent.link) >= 30


SAMPLE = Table(
    "发货",
    ("收货人姓名", "联系电话", "收货地址", "货品", "件数", "客户单号"),
    [("张三", "13800001111", "浙江省金华市义乌市稠城街道测试路1号", "陶瓷花瓶 白色", 1, "P1")],
    (("今日发货表",),),
)


def test_a_learned_sheet_is_used_for_the_next_sending(tenant_number: int) -> None:
    ready(tenant_number, TWO[0])
    with tenant(tenant_number):
        dispatching.dispatch(by=SYSTEM)
        [(supplier, _)] = dispatches.drafts().items()
        data = write_xlsx([SAMPLE])
        seen = sheet_samples.learn(by=SYSTEM, supplier_id=supplier, name="样表.xlsx", data=data)
        assert not seen.saved
        assert suppliers.sheet_format(supplier) == {}
        assert not any("17012345678" in c for row in seen.rows for c in row)
        version = suppliers.get(supplier).version
        kept = sheet_samples.learn(by=SYSTEM, supplier_id=supplier, name="样表.xlsx", data=data, save_at=version)
        assert kept.saved
        [sent] = sending.send(by=SYSTEM).sent
        content, name = sending.content(by=SYSTEM, dispatch_id=sent.dispatch_id)
        rows = _cells(content, name)
        assert rows[1][:6] == list(SAMPLE.header)
        assert (rows[2][0], rows[2][1], rows[2][4]) == ("王小明", "17012345678", 1)


def test_a_sheet_without_a_count_is_not_kept(tenant_number: int) -> None:
    ready(tenant_number, TWO[0])
    with tenant(tenant_number):
        supplier = suppliers.list_suppliers()[0]
        header = tuple("包装" if h == "件数" else h for h in SAMPLE.header)
        data = write_xlsx([Table("发货", header, SAMPLE.rows)])
        with pytest.raises(Invalid, match="没有一列写数量"):
            sheet_samples.learn(
                by=SYSTEM, supplier_id=supplier.id, name="样表.xlsx", data=data, save_at=supplier.version
            )
        assert suppliers.sheet_format(supplier.id) == {}


def test_changes_are_numbered_without_gaps_and_the_database_holds_the_chain(tenant_number: int) -> None:
    ready(tenant_number, TWO[0])
    with tenant(tenant_number):
        dispatching.dispatch(by=SYSTEM)
        [(_, [purchase])] = dispatches.drafts().items()
        with pytest.raises(Conflict, match="还没有发出"):
            amendments.create(by=SYSTEM, purchase_id=purchase, kind="address", text="改地址")
        sending.send(by=SYSTEM)
        made = [
            amendments.create(by=SYSTEM, purchase_id=purchase, kind="quantity", text=f"改为 {n} 件") for n in (2, 3)
        ]
        assert [a.n for a in made] == [1, 2]
        for n, before in ((3, None), (2, made[1].id), (4, made[0].id)):
            with pytest.raises(IntegrityError), transaction.atomic():
                _amendment(purchase, n, before)


def _amendment(purchase: UUID, n: int, before: UUID | None) -> None:
    from daifa.areas.purchasing.models import Amendment

    Amendment.objects.create(purchase_id=purchase, n=n, before_id=before, kind="quantity", text="跳号")


def test_an_amendment_travels_with_the_resend_and_is_then_told(tenant_number: int) -> None:
    ready(tenant_number, TWO[0])
    with tenant(tenant_number):
        dispatching.dispatch(by=SYSTEM)
        [sent] = sending.send(by=SYSTEM).sent
        [purchase] = dispatches.purchases_of(sent.dispatch_id)
        amendments.create(by=SYSTEM, purchase_id=purchase, kind="address", text="收件地址已改")
        [change] = sending_board.changes(SYSTEM)
        assert (change.state, change.text) == ("created", "收件地址已改")
        again = sending.resend(by=SYSTEM, dispatch_id=sent.dispatch_id)
        data, name = sending.content(by=SYSTEM, dispatch_id=again.dispatch_id)
        assert any("【收件地址已改】" in str(c) for row in _cells(data, name) for c in row)
        [change] = sending_board.changes(SYSTEM)
        assert change.state == "sent"


def test_what_is_placed_by_api_is_no_card_and_an_old_sheet_of_theirs_still_goes_out_again(tenant_number: int) -> None:
    ready(tenant_number, *TWO)
    with tenant(tenant_number):
        dispatching.dispatch(by=SYSTEM)
        first, second = sending_board.waiting(SYSTEM)
        [sheet] = sending.send(by=SYSTEM, supplier_ids=[first.supplier_id]).sent
        keys = applications.save(by=SYSTEM, platform="alibaba1688", app_key="55", secrets={"app_secret": "s"}, urls={})
        granted = Granted("token", "", None, None, "b2b-1", "采购账号")
        line = connections.connect(by=SYSTEM, application_id=keys.id, home=Home(), granted=granted)
        Supplier.objects.update(channel="api", connection=line.id)
        assert sending_board.waiting(SYSTEM) == [], f"{second.name} is placed by itself"
        again = sending.resend(by=SYSTEM, dispatch_id=sheet.dispatch_id)
        assert (again.channel, again.version) == ("sheet", 2)


def test_the_board_counts_what_waits_and_what_went_out(tenant_number: int) -> None:
    ready(tenant_number, *TWO)
    with tenant(tenant_number):
        dispatching.dispatch(by=SYSTEM)
        cards = sending_board.waiting(SYSTEM)
        assert sorted((c.name, c.orders, c.pieces, c.goods_fen) for c in cards) == [
            ("义乌优选", 1, 1, 500),
            ("恒达百货", 1, 1, 1120),
        ]
        [done] = [s for s in sending.send(by=SYSTEM).sent if s.supplier == "恒达百货"]
        assert sending_board.waiting(SYSTEM) == []
        [line] = bulk.select(
            "SELECT l.id FROM purchasing_purchaseline l JOIN purchasing_purchaseorder p"
            " ON p.tenant_id = {tenant} AND p.id = l.purchase_id WHERE l.tenant_id = {tenant} AND p.supplier_id = %s",
            [done.supplier_id],
        )
        purchases.answer_lines([(line[0], "accepted", "")])
        rows = {r.supplier: (r.lines, r.accepted, r.refused) for r in sending_board.sent(SYSTEM)}
        assert rows == {"恒达百货": (1, 1, 0), "义乌优选": (1, 0, 0)}


def test_what_stops_with_its_order_is_no_work_to_send_and_says_where_it_waits(tenant_number: int) -> None:
    ready(tenant_number, *TWO)
    with tenant(tenant_number):
        dispatching.dispatch(by=SYSTEM)
        assert (sending_board.waiting_orders(SYSTEM), today.stations(SYSTEM).unsent) == (2, 2)
        [(order,)] = bulk.select(
            "UPDATE orders_order SET step = 'hold', tab = 'hold', step_reason = '下单停下了' WHERE tenant_id = {tenant}"
            " AND external_id = '6901' RETURNING id"
        )
        assert (sending_board.waiting_orders(SYSTEM), today.stations(SYSTEM).unsent) == (1, 1)
        assert [(c.orders, c.purchases) for c in sending_board.waiting(SYSTEM)] == [(1, 1)]
        [stays] = sending_views.staying(SYSTEM)
        assert (stays.order_id, stays.order, stays.reason) == (order, "6901", "订单 6901：下单停下了")
        done = sending.send(by=SYSTEM)
        assert done.stays == (stays,)
        line = {s.key: s for s in today.stations(SYSTEM).stations}
        assert (line["dispatch"].count, line["dispatch"].done) == (0, True)
        assert sending_board.waiting_orders(SYSTEM) == 0
        assert sending_views.staying(SYSTEM) == [stays]


def test_an_order_of_two_suppliers_goes_out_as_one_order(tenant_number: int) -> None:
    two = [{**one, "主订单编号": "6905", "收件人": "孙七", "子订单编号": str(i)} for i, one in enumerate(TWO)]
    ready(tenant_number, *two, prices=(("恒达百货", "HP-001", "11.20"), ("义乌优选", "HP-002", "5.00")))
    with tenant(tenant_number):
        dispatching.dispatch(by=SYSTEM)
        done = sending.send(by=SYSTEM)
        assert [s.orders for s in done.sent] == [1, 1]
        assert "的 1 单 2 件" in done.message
