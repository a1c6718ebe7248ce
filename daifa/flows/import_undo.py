"""Taking an import back: the orders that came with it go, unless something hangs on them; updated ones stay."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from daifa.areas.accounts.services import shops
from daifa.areas.mailroom.services import imports, tasks
from daifa.areas.mailroom.types import ImportView
from daifa.areas.orders.services import taking_out
from daifa.base import audit
from daifa.base.actor import Actor
from daifa.flows import undo
from daifa.kit.errors import Conflict
from daifa.reads import order_bonds
from daifa.reads.touched import Touched

VERB = "import"


def offer(row: ImportView, new: int) -> str:
    """The way back of an order import that made orders; "" for any other."""
    if row.kind != "orders" or not new:
        return ""
    name = tasks.get(row.task_id).started_by_name if row.task_id else ""
    by = Actor(key=row.started_by, name=name)
    title = f"导入 {row.guess.get('name') or row.file_name}"
    return undo.offer(by=by, verb=VERB, title=title, count=new, data={"import": str(row.id)})


def _take_back(data: Mapping[str, object], by: Actor) -> str:
    row = imports.get(UUID(str(data["import"])), lock=True)
    if row.state not in {"done", "cancelled", "failed"}:
        raise Conflict("import_running", "这次导入还在进行，请等它结束后再撤销。")
    came = taking_out.made_by(row.id, imports.objects_of(row.id, "new"))
    stay = order_bonds.tied(came) | taking_out.touched_since(came, row.id)
    if came and len(stay) == len(came):
        raise Conflict("all_tied", f"这次导入新增的 {len(came)} 单都已经派单、有售后或被改过，不能撤销。")
    gone = [i for i in came if i not in stay]
    name = str(row.guess.get("name") or row.file_name)
    taking_out.take_out(gone, by=by, text=f"撤销导入 {name}，订单已拿出")
    left = f"，{len(stay)} 单已经派单、有售后或被改过，留下了" if stay else ""
    updated = f"，更新过的 {n} 单保持现在的样子" if (n := row.counts.get("updated")) else ""
    said = f"已撤销导入，拿出了 {len(gone)} 单{left}{updated}"
    if row.shop_id is not None and (told := row.counts.get("as_of")):
        before = imports.newest_export(row.shop_id, without=row.id)
        shops.export_undone(row.shop_id, datetime.fromisoformat(str(told)), before)
    imports.undone(row.id, said)
    audit.record(by, "import.undo", said, kind="import", object_id=row.id)
    return said


def _touches(data: Mapping[str, object]) -> Touched:
    row = imports.get(UUID(str(data["import"])))
    return Touched(shops=[row.shop_id] if row.shop_id else [], orders=imports.objects_of(row.id, "new"))


undo.register(VERB, "imports.run", _take_back, _touches)
