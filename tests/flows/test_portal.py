"""The supplier's link: only their own lines, only while it is open, and what they answer counts at once."""

from __future__ import annotations

import io
from datetime import timedelta
from uuid import uuid4

import openpyxl
import pytest

from daifa.areas.purchasing.services import amendments
from daifa.base import bulk
from daifa.base.actor import SYSTEM, Actor
from daifa.base.tenancy import tenant
from daifa.flows import dispatching, portal, recalling, sending, supplier_links
from daifa.kit import clock
from daifa.kit.errors import Conflict, Invalid, NotAllowed, NotFound, TooMany
from tests.flows.test_dispatching import TWO, ready
from tests.flows.test_sending import _channel


def _open(number: int) -> str:
    """A day sent, 恒达百货 by link; returns the token."""
    ready(number, *TWO)
    with tenant(number):
        _channel("恒达百货", "link")
        dispatching.dispatch(by=SYSTEM)
        [sent] = [s for s in sending.send(by=SYSTEM).sent if s.link]
        return sent.link


def test_a_supplier_sees_their_own_lines_and_whom_to_send_them_to(tenant_number: int) -> None:
    token = _open(tenant_number)
    with portal.visit(token, "10.0.0.1") as who:
        seen = portal.today(who)
    assert [(x.order_number, x.unit_fen, x.state) for x in seen.lines] == [("6901", 1120, "open")]
    [to] = seen.to
    assert (to.name, to.phone) == ("王小明", "17012345678")
    with tenant(tenant_number):
        [(opens, opened)] = bulk.select(
            "SELECT opens, opened_at FROM purchasing_supplieraccess WHERE tenant_id = {tenant}"
        )
        assert opens == 1
        assert opened is not None


def test_accepting_all_moves_the_purchase(tenant_number: int) -> None:
    token = _open(tenant_number)
    with portal.visit(token, "10.0.0.1") as who:
        assert portal.answer(who, line_ids=None, answer="accepted", words="") == 1
        assert portal.answer(who, line_ids=None, answer="accepted", words="") == 0
    with tenant(tenant_number):
        states = bulk.select("SELECT state FROM purchasing_purchaseorder WHERE tenant_id = {tenant} ORDER BY state")
        assert states == [("accepted",), ("sent",)]


def test_out_of_stock_frees_the_pieces_for_another(tenant_number: int) -> None:
    token = _open(tenant_number)
    with portal.visit(token, "10.0.0.1") as who:
        [line] = portal.today(who).lines
        with pytest.raises(Invalid, match="为什么不能接"):
            portal.answer(who, line_ids=[line.id], answer="refused", words="")
        portal.answer(who, line_ids=[line.id], answer="out_of_stock", words="卖完了")
    with tenant(tenant_number):
        [group] = dispatching.board(by=SYSTEM).groups
        assert group.name == "义乌优选"


def test_anothers_line_is_not_there(tenant_number: int) -> None:
    token = _open(tenant_number)
    with tenant(tenant_number):
        [(other,)] = bulk.select(
            "SELECT l.id FROM purchasing_purchaseline l JOIN purchasing_purchaseorder p ON p.tenant_id = {tenant}"
            " AND p.id = l.purchase_id JOIN purchasing_supplier s ON s.tenant_id = {tenant} AND s.id = p.supplier_id"
            " WHERE l.tenant_id = {tenant} AND s.name = '义乌优选'"
        )
    with portal.visit(token, "10.0.0.1") as who, pytest.raises(NotFound):
        portal.answer(who, line_ids=[other], answer="accepted", words="")


def test_an_expired_a_revoked_and_an_unknown_link_answer_alike(tenant_number: int) -> None:
    token = _open(tenant_number)
    said = []
    with (
        clock.frozen(clock.now() + timedelta(days=4)),
        pytest.raises(NotFound) as late,
        portal.visit(token, "10.0.0.2"),
    ):
        pass
    said.append(late.value.message_zh)
    with tenant(tenant_number):
        [(supplier,)] = bulk.select("SELECT supplier_id FROM purchasing_supplieraccess WHERE tenant_id = {tenant}")
        assert supplier_links.revoke(by=SYSTEM, supplier_id=supplier) == 1
    for wrong in (token, token[:-1] + "x", ""):
        with pytest.raises(NotFound) as refused, portal.visit(wrong, "10.0.0.2"):
            pass
        said.append(refused.value.message_zh)
    assert len(set(said)) == 1


def test_a_new_link_after_revoking_is_another_one(tenant_number: int) -> None:
    token = _open(tenant_number)
    with tenant(tenant_number):
        [(supplier,)] = bulk.select("SELECT supplier_id FROM purchasing_supplieraccess WHERE tenant_id = {tenant}")
        assert supplier_links.ensure(by=SYSTEM, supplier_id=supplier).token == token
        supplier_links.revoke(by=SYSTEM, supplier_id=supplier)
        assert supplier_links.ensure(by=SYSTEM, supplier_id=supplier).token != token


def test_a_link_copied_again_is_the_same_one_and_is_in_the_log(tenant_number: int) -> None:
    token = _open(tenant_number)
    with tenant(tenant_number):
        [(supplier,)] = bulk.select("SELECT supplier_id FROM purchasing_supplieraccess WHERE tenant_id = {tenant}")
        [(batch,)] = bulk.select(
            "SELECT id FROM purchasing_dispatch WHERE tenant_id = {tenant} AND channel = 'link' AND state = 'sent'"
        )
        assert supplier_links.hand_out(by=SYSTEM, supplier_id=supplier).token == token
        assert sending.resend(by=SYSTEM, dispatch_id=batch).link == token
        log = bulk.select("SELECT summary FROM base_auditentry WHERE tenant_id = {tenant} AND verb = 'purchasing.link'")
        assert sorted(s for (s,) in log) == ["复制 恒达百货 的链接", "生成 恒达百货 的链接"]
        other = Actor(key="x", name="x", suppliers=frozenset())
        with pytest.raises(NotAllowed):
            supplier_links.hand_out(by=other, supplier_id=supplier)


def test_the_token_is_nowhere_in_plain(tenant_number: int) -> None:
    token = _open(tenant_number)
    with tenant(tenant_number):
        rows = bulk.select("SELECT prefix, token_sealed FROM purchasing_supplieraccess WHERE tenant_id = {tenant}")
        doors = bulk.select("SELECT key_hash FROM accounts_door WHERE tenant_id = {tenant}")
    assert all(token.encode() not in bytes(sealed) and prefix != token for prefix, sealed in rows)
    assert all(token not in key for (key,) in doors)


def test_guessing_is_slowed_down(tenant_number: int) -> None:
    for n in range(portal.MISSES):
        with pytest.raises(NotFound), portal.visit(f"guess{n}", f"10.9.{tenant_number % 250}.1"):
            pass
    with pytest.raises(TooMany), portal.visit("guess", f"10.9.{tenant_number % 250}.1"):
        pass


def test_a_typed_number_ships_the_order(tenant_number: int) -> None:
    token = _open(tenant_number)
    with portal.visit(token, "10.0.0.1") as who:
        [line] = portal.today(who).lines
        assert portal.track(who, f"{line.number} 圆通 YT8812345678901") == portal.Handed("✔ 对上了 1", ())
    with portal.visit(token, "10.0.0.1") as who:
        [line] = portal.today(who).lines
        assert (line.state, line.shipped) == ("shipped", 1)


def test_good_lines_are_taken_and_bad_ones_go_back_with_what_to_do(tenant_number: int) -> None:
    token = _open(tenant_number)
    with tenant(tenant_number):
        [(other,)] = bulk.select(
            "SELECT p.number FROM purchasing_purchaseorder p JOIN purchasing_supplier s ON s.tenant_id = {tenant}"
            " AND s.id = p.supplier_id WHERE p.tenant_id = {tenant} AND s.name = '义乌优选'"
        )
    with portal.visit(token, "10.0.0.1") as who:
        [line] = portal.today(who).lines
        wrong = "P261125-恒达-909 圆通 YT8812345678902"
        done = portal.track(
            who, f"今天的\n{line.number} 圆通 YT8812345678901\n{wrong}\n{other} 圆通 12345\n\n钱七\n7.3E+13"
        )
    assert done.message == "✔ 对上了 1 · 要您改 3"
    back = {b.text: b.reason for b in done.back}
    assert back[wrong] == "没有“P261125-恒达-909”这一单。请核对单号是不是抄错。"
    assert "没有看到快递单号" in back[f"{other} 圆通 12345"]
    # Who stands on the line above goes back with the number.
    assert "科学计数" in back["钱七\n7.3E+13"]


def test_the_last_digits_of_a_number_are_enough_on_the_suppliers_own_page(tenant_number: int) -> None:
    token = _open(tenant_number)
    with portal.visit(token, "10.0.0.1") as who:
        [line] = portal.today(who).lines
        done = portal.track(who, f"{line.number[-3:]} 圆通 YT8812345678901")
        assert done == portal.Handed("✔ 对上了 1", ())


def test_the_sheet_filled_in_and_uploaded_ships_the_order(tenant_number: int) -> None:
    token = _open(tenant_number)
    with portal.visit(token, "10.0.0.1") as who:
        data, name = portal.sheet(who)
        book = openpyxl.load_workbook(io.BytesIO(data))
        page = book.active
        at = {str(c.value): c.column for c in page[2]}
        page.cell(3, at["快递公司"], "圆通")
        page.cell(3, at["快递单号"], "YT8812345678901")
        filled = io.BytesIO()
        book.save(filled)
        assert portal.track_file(who, name, filled.getvalue()).startswith("✔ 对上了 1")
        assert portal.track_file(who, name, filled.getvalue()).endswith("已登记过 1")
        with pytest.raises(Invalid, match="哪一列是快递单号"):
            portal.track_file(who, "别的.csv", "甲,乙\n1,2\n".encode())
    with portal.visit(token, "10.0.0.1") as who:
        [line] = portal.today(who).lines
        assert (line.state, line.shipped) == ("shipped", 1)


def test_what_is_asked_back_is_neither_accepted_with_the_rest_nor_in_the_sheet(tenant_number: int) -> None:
    token = _open(tenant_number)
    with portal.visit(token, "10.0.0.1") as who:
        [line] = portal.today(who).lines
    with tenant(tenant_number):
        recalling.recall(by=SYSTEM, purchase_id=line.purchase_id, why="买家不要了")
    with portal.visit(token, "10.0.0.1") as who:
        assert portal.answer(who, line_ids=None, answer="accepted", words="") == 0
        book = openpyxl.load_workbook(io.BytesIO(portal.sheet(who)[0]))
        assert line.order_number not in str([[c.value for c in row] for row in book.active.iter_rows()])
        portal.answer_recall(who, purchase_id=line.purchase_id, agreed=False, words="已打包")
        book = openpyxl.load_workbook(io.BytesIO(portal.sheet(who)[0]))
        assert line.order_number in str([[c.value for c in row] for row in book.active.iter_rows()])


@pytest.mark.parametrize(("taken", "state"), [(True, "acknowledged"), (False, "too_late")])
def test_the_supplier_answers_what_changed_after_sending(tenant_number: int, taken: bool, state: str) -> None:
    token = _open(tenant_number)
    with portal.visit(token, "10.0.0.1") as who:
        [line] = portal.today(who).lines
    with tenant(tenant_number):
        for kind, text in (("quantity", "改成 2 件"), ("spec", "改成黑色")):
            recalling.amend(by=SYSTEM, purchase_id=line.purchase_id, kind=kind, text=text)
    with portal.visit(token, "10.0.0.1") as who:
        assert portal.today(who).lines[0].change == "改成 2 件；改成黑色"
        assert "2 处变更" in portal.answer_changes(who, purchase_id=line.purchase_id, taken=taken, words="")
        assert portal.today(who).lines[0].change == ""
        with pytest.raises(Conflict):
            portal.answer_changes(who, purchase_id=line.purchase_id, taken=taken, words="")
        with pytest.raises(NotFound):
            portal.answer_changes(who, purchase_id=uuid4(), taken=taken, words="")
    with tenant(tenant_number):
        assert {a.state for a in amendments.of_purchases([line.purchase_id])} == {state}
