"""A person writes the seller's memo and flag on orders: to the platform where its shop can be told, else kept here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from daifa.areas.accounts.services import connections
from daifa.areas.accounts.types import ConnectionView
from daifa.areas.mailroom.services import outbox
from daifa.areas.mailroom.services.outbox import Want
from daifa.areas.orders.services import memos, standing
from daifa.base import audit
from daifa.base.actor import Actor
from daifa.connectors import registry
from daifa.flows import advance, outbox_run
from daifa.flows.order_deeds import Done, LeftOrder
from daifa.flows.steps import write_memo
from daifa.kit.errors import Invalid
from daifa.ports.card import Capability
from daifa.reads import memo_facts
from daifa.reads.memo_facts import MemoHome

# Of a memo that stays here.
LONGEST = 200
# More would have to wait in a job, and what people write about buyers is not left lying there.
MOST_ORDERS = 2_000


def write(*, by: Actor, order_ids: Sequence[UUID], text: str | None, flag: str = "") -> Done:
    """Write memo (None leaves it, "" clears it) and flag ("" leaves it) on these orders. Raises Invalid.

    What a platform does not take (too long, no such flag) is left, each with its reason.
    """
    said = None if text is None else " ".join(text.split())
    if said is None and not flag:
        raise Invalid("nothing_to_write", "请写备注，或选一面旗。", fields={"text": "还没有内容"})
    if len(order_ids) > MOST_ORDERS:
        raise Invalid("too_many_orders", f"一次最多写 {MOST_ORDERS} 单的备注，请分几次选。")
    homes = memo_facts.homes(order_ids)
    lines = {
        shop: held
        for shop, held in connections.of_shops({h.shop_id for h in homes}).items()
        if Capability.MEMO in registry.connector(held.platform).card.capabilities
    }
    left: list[LeftOrder] = []
    fit: list[MemoHome] = []
    for home in homes:
        why = _refusal(lines.get(home.shop_id), said, flag)
        if why:
            left.append(LeftOrder(home.order_id, home.number, why))
        else:
            fit.append(home)
    told = [h for h in fit if h.shop_id in lines]
    here = [h for h in fit if h.shop_id not in lines]
    _to_platform(by, told, lines, said, flag)
    memos.write(by=by, order_ids=[h.order_id for h in here], text=said, flag=flag, here=True)
    advance.settle([h.order_id for h in fit])
    message = _message(len(told), len(here), len(left))
    if fit:
        audit.record(by, "order.memo", f"写卖家备注：{message}", kind="order")
    return Done(message, left=tuple(left))


def _refusal(held: ConnectionView | None, text: str | None, flag: str) -> str:
    terms = registry.connector(held.platform).card.memo if held else None
    longest = terms.longest if terms else LONGEST
    if text is not None and len(text) > longest:
        return f"备注最多 {longest} 个字，现在 {len(text)} 个"
    if flag and terms and flag not in terms.flags:
        return f"这个平台没有{flag}旗，可用：{'、'.join(terms.flags)}"
    return ""


def _to_platform(
    by: Actor, homes: Sequence[MemoHome], lines: Mapping[UUID, ConnectionView], text: str | None, flag: str
) -> None:
    """Note what the platform is to be told, in place of what was noted before and not told yet."""
    ids = [h.order_id for h in homes]
    standing.lock(ids)
    known = [r for r in outbox.of_subject(ids) if r.kind == write_memo.KIND]
    untold = {r.subject_id for r in known if r.state not in ("confirmed", "void")}
    numbers = memos.write(by=by, order_ids=ids, text=text, flag=flag, here=False, untold=untold)
    outbox.void([r.key for r in known], write_memo.OVERTAKEN)
    outbox.want(
        [
            Want(
                key=f"{write_memo.KIND}:{h.order_id}:{numbers[h.order_id]}", kind=write_memo.KIND,
                connection_id=lines[h.shop_id].id, subject_id=h.order_id, order_id=h.order_id, reference=h.number,
                data={"n": numbers[h.order_id]}, by=by.key,
            )
            for h in homes
        ]
    )  # fmt: skip
    outbox_run.queue(sorted({lines[h.shop_id].id for h in homes}))


def _message(told: int, here: int, left: int) -> str:
    parts = [
        *([f"{told} 单正在写回平台"] if told else []),
        *([f"{here} 单的店铺没有接口，只记在本系统，平台上没有"] if here else []),
        *([f"{left} 单没有写"] if left else []),
    ]
    return "，".join(parts) or "没有订单"
