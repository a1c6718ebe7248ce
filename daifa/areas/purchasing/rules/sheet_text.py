"""A sending as text to paste into a chat."""

from __future__ import annotations

from daifa.areas.purchasing.rules.dispatch_view import DispatchOrder, DispatchView, courier_words
from daifa.areas.purchasing.rules.sheet_rendering import HANDOVER, RESEND, full_address, goods_of
from daifa.ports.shop import RecipientState


def render_text(view: DispatchView) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The text, and the orders left out of it with the reason (a masked recipient that is not handed over)."""
    sent = [o for o in view.orders if o.handover or o.recipient.state is RecipientState.PLAIN]
    left = tuple(
        (o.number, "收件人是脱敏或缺失的，不能写给供应商。请先补全收件人，或改为厂家代打。")
        for o in view.orders
        if o not in sent
    )
    pieces = sum(o.pieces for o in sent)
    version = f"，第 {view.version} 版" if view.version > 1 else ""
    lines = [f"{view.supplier}，{view.on:%m-%d} 代发 {len(sent)} 单 {pieces} 件{version}（{view.merchant}）"]
    for n, order in enumerate(sent, start=1):
        lines += _order(n, order)
    lines.append("发货后请回：单号 快递 运单号，一单一行。")
    return "\n".join(lines), left


def _order(n: int, order: DispatchOrder) -> list[str]:
    mark = RESEND if order.resend else ""
    number = "，".join(order.order_numbers) if order.handover and order.order_numbers else ""
    said = [f"{n}. {mark}{order.number}{f'（平台单号 {number}）' if number else ''}"]
    said += [
        f"   {goods_of(line)}{f'（货号 {line.supplier_code}）' if line.supplier_code else ''}" for line in order.lines
    ]
    if order.addressed:
        to = order.recipient
        said.append(f"   {to.name} {to.phone} {full_address(to)}")
    else:
        said.append(f"   {HANDOVER}")
    if order.change:
        said.append(f"   变更：{order.change}")
    notes = [order.note, courier_words(order.courier)]
    if any(notes):
        said.append(f"   备注：{'；'.join(x for x in notes if x)}")
    return said
