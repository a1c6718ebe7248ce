"""The buyer wants another colour: one order's line is supplied by another SKU, all other orders as matched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from daifa.areas.catalog.services import goods
from daifa.areas.orders.services import demands, history, standing
from daifa.areas.orders.services.demands import Meaning
from daifa.areas.orders.services.history import Fact
from daifa.base import audit
from daifa.base.actor import Actor
from daifa.flows import advance, undo
from daifa.flows.order_deeds import Done
from daifa.kit.errors import Conflict, Invalid
from daifa.reads import order_desk, order_lines
from daifa.reads.touched import Touched

VERB = "order.swap"
BOUGHT = "这一行已经派单，不能换。请先撤销派单（已经发给供应商的先取消采购），再来换。"


def swap(*, by: Actor, order_id: UUID, line_id: UUID, parts: Sequence[tuple[UUID, int]], why: str) -> Done:
    """Supply one line of one order by other goods: (SKU, pieces for each piece of the line).

    Raises NotFound, NotAllowed, Invalid for no such SKU or no reason, Conflict for what is dispatched.
    """
    row = order_desk.one(order_id, by)
    said = " ".join(why.split())
    if not said:
        raise Invalid("why_missing", "请写一句为什么换，比如“买家要灰色”。", fields={"why": "请写原因"})
    skus = {s.id: s for s in goods.views(sorted({i for i, _ in parts})) if s.active}
    if not parts or len(skus) < len({i for i, _ in parts}):
        raise Invalid("no_such_sku", "请选要换成的商品规格；停用的不能选。", fields={"parts": "请选商品规格"})
    standing.lock([order_id])
    before = order_lines.meaning(order_id, line_id)
    _mean(Meaning(line_id, None, True, tuple(parts)))
    words = "、".join(f"{skus[i].code} {skus[i].title} {skus[i].spec}".strip() + f" ×{n}" for i, n in parts)
    text = f"只这一单：“{before.title} {before.spec}”换成 {words}（{said}）"
    history.write([Fact(order_id, "matched", text, by=by.key, by_name=by.name)])
    audit.record(by, VERB, f"订单 {row.number} {text}", kind="order", object_id=order_id, reason=said)
    advance.advance([order_id])
    token = undo.offer(
        by=by, verb=VERB, title=f"订单 {row.number} 换规格", count=1,
        data={
            "order": str(order_id), "line": str(line_id), "mapping": str(before.mapping_id or ""),
            "ships": before.ships, "matched": before.matched, "parts": [[str(i), n] for i, n in before.parts],
        },
    )  # fmt: skip
    return Done(f"这一单换成了 {words}，其他订单不变", token)


def _mean(meaning: Meaning) -> None:
    """Say anew what a line means. Raises Conflict when something of it is dispatched."""
    if not demands.thaw([meaning.line_id]):
        raise Conflict("dispatched", BOUGHT)
    demands.freeze([meaning])


def _take_back(data: Mapping[str, object], by: Actor) -> str:
    """As it was before. Raises Conflict when it is dispatched meanwhile."""
    order_id, line_id = UUID(str(data["order"])), UUID(str(data["line"]))
    parts = data["parts"]
    assert isinstance(parts, list)
    standing.lock([order_id])
    mapping = UUID(str(data["mapping"])) if data["mapping"] else None
    if data["matched"]:
        _mean(Meaning(line_id, mapping, bool(data["ships"]), tuple((UUID(i), int(n)) for i, n in parts)))
    elif not demands.thaw([line_id]):
        raise Conflict("dispatched", BOUGHT)
    history.write([Fact(order_id, "matched", "撤销了换规格，按原来的匹配", by=by.key, by_name=by.name)])
    advance.advance([order_id])
    return "已恢复原来的商品规格"


undo.register(VERB, "orders.edit", _take_back, lambda data: Touched(orders=[UUID(str(data["order"]))]))
