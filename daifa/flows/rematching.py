"""已匹配: a person takes back or changes what listing SKUs were taken for; dispatched orders stay as they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from daifa.areas.catalog.services import goods, mappings
from daifa.areas.catalog.services.mappings import NewMapping
from daifa.areas.orders.services import demands, standing
from daifa.base import audit
from daifa.base.actor import Actor
from daifa.flows import advance, undo
from daifa.kit.errors import Conflict, Invalid
from daifa.kit.values import dataclass
from daifa.reads import matched_desk
from daifa.reads.matched_desk import Matched
from daifa.reads.touched import Touched

VERB = "rematch"


@dataclass(frozen=True, slots=True)
class Done:
    """What was done, as a sentence; how many orders go on anew, how many stay, the way back."""

    message: str
    orders: int
    stay: int
    undo: str


def cancel(*, by: Actor, mapping_ids: Sequence[UUID]) -> Done:
    """These listing SKUs mean nothing any more: their open orders wait for a person, also where the code would match.

    Raises Invalid (empty), NotFound for one that is gone or out of scope.
    """
    if not mapping_ids:
        raise Invalid("nothing_chosen", "请先选要取消的匹配。")
    rows = matched_desk.chosen(mapping_ids, by)
    lines, orders, stay = _loosen(rows)
    mappings.forget([r.id for r in rows], cancelled=True)
    demands.thaw(lines)
    advance.advance(orders)
    said = f"已取消 {len(rows)} 个匹配" + _counted(orders, "回到待匹配", stay)
    one = rows[0].id if len(rows) == 1 else None
    audit.record(
        by,
        "mapping.cancel",
        f"取消匹配 {_title(rows)}{_counted(orders, '重新匹配', stay)}",
        kind="mapping",
        object_id=one,
    )
    token = undo.offer(
        by=by, verb=VERB, title=f"取消匹配 {_title(rows)}", count=len(orders),
        data={"before": [_entry(r.id, r) for r in rows], "after": []},
    )  # fmt: skip
    return Done(said, len(orders), stay, token)


def change(*, by: Actor, mapping_id: UUID, parts: Sequence[tuple[UUID, int]], ships: bool = True) -> Done:
    """This listing SKU means something else from now on, for its open orders too.

    Raises Invalid (empty, twice the same SKU, unknown SKU), NotFound, Conflict when nothing would change.
    """
    row = matched_desk.one(mapping_id, by)
    wanted = tuple(parts) if ships else ()
    before = {(p.sku_id, p.quantity) for p in row.parts}
    if row.ships == ships and before == set(wanted):
        raise Conflict("same_mapping", "和现在的匹配一样，没有要改的。")
    skus = {s for s, _ in wanted}
    if skus - {s.id for s in goods.views(sorted(skus)) if s.active}:
        raise Invalid("no_such_sku", "选的规格不在商品库里，或已停用。请换一个。")
    lines, orders, stay = _loosen([row])
    reason = f"{by.name}改" if ships else f"{by.name}标为不发货"
    made = mappings.remember(
        by=by,
        mappings=[
            NewMapping(row.shop_id, row.listing_key, ships, wanted, "person", row.title, row.spec, reason),
        ],
    )
    demands.thaw(lines)
    advance.advance(orders)
    told = f"改匹配 {_title([row])}：{_words(row)} → {_new_words(wanted)}"
    audit.record(by, "mapping.change", told, kind="mapping", object_id=row.id)
    token = undo.offer(
        by=by, verb=VERB, title=f"改匹配 {_title([row])}", count=len(orders),
        data={"before": [_entry(row.id, row)], "after": [_entry(made[row.shop_id, row.listing_key].id, row)]},
    )  # fmt: skip
    return Done("已改匹配" + _counted(orders, "按新的匹配", stay), len(orders), stay, token)


def _entry(mapping_id: UUID, row: Matched) -> list[str]:
    return [str(mapping_id), str(row.shop_id), row.listing_key]


def _entries(data: Mapping[str, object], name: str) -> list[tuple[UUID, tuple[UUID, str]]]:
    stored = data[name]
    assert isinstance(stored, list)
    return [(UUID(i), (UUID(shop), key)) for i, shop, key in stored]


def _take_back(data: Mapping[str, object], by: Actor) -> str:
    """What these listing SKUs were taken for holds again; what somebody decided of one since stays."""
    before, after = _entries(data, "before"), _entries(data, "after")
    ids = [i for i, _ in after]
    standing.lock(matched_desk.open_lines(ids)[1])
    lines, orders, stay = matched_desk.open_lines(ids)
    undone = mappings.forget(ids)
    back = set(mappings.revive([i for i, _ in before])) if len(undone) == len(after) else set()
    if not back:
        raise Conflict("matched_since", "后来又匹配过或改过，不能撤销。请在“已匹配”里直接改。")
    demands.thaw(lines)
    orders = sorted({*orders, *demands.unmatched_of_listings([key for i, key in before if i in back])})
    advance.advance(orders)
    kept = f"，{len(before) - len(back)} 个后来又匹配过，保持现在的" if len(back) < len(before) else ""
    return f"已恢复 {len(back)} 个匹配{kept}" + _counted(orders, "按原来的匹配", stay)


def _touches(data: Mapping[str, object]) -> Touched:
    return Touched(shops=[shop for _, (shop, _) in _entries(data, "before")])


undo.register(VERB, "orders.edit", _take_back, _touches)


def _loosen(rows: Sequence[Matched]) -> tuple[list[UUID], list[UUID], int]:
    """Lines and orders to be matched anew, locked and looked at once more."""
    chosen = [r.id for r in rows]
    standing.lock(matched_desk.open_lines(chosen)[1])
    return matched_desk.open_lines(chosen)


def _counted(orders: Sequence[UUID], what: str, stay: int) -> str:
    said = f"，{len(orders)} 单{what}" if orders else ""
    return said + (f"，{stay} 单已派单或已发货，不变" if stay else "")


def _title(rows: Sequence[Matched]) -> str:
    name = f"“{rows[0].title} {rows[0].spec}”".replace(" ”", "”")
    return name if len(rows) == 1 else f"{name} 等 {len(rows)} 个规格"


def _words(row: Matched) -> str:
    return "、".join(f"{p.code}×{p.quantity}" for p in row.parts) or "不发货"


def _new_words(parts: Sequence[tuple[UUID, int]]) -> str:
    codes = {v.id: v.code for v in goods.views([s for s, _ in parts])}
    return "、".join(f"{codes[s]}×{n}" for s, n in parts) or "不发货"
