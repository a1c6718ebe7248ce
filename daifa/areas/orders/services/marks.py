"""What people write on orders: tags, a remark, urgency, and which way the recipient takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from daifa.areas.orders.models import Order
from daifa.areas.orders.services import history, standing
from daifa.areas.orders.services.history import Fact
from daifa.base import bulk
from daifa.base.actor import Actor
from daifa.kit.errors import Invalid

LONGEST_TAG, MOST_TAGS, LONGEST_REMARK = 12, 8, 200
PATHS: Mapping[str, str] = {
    "": "跟随店铺设置",
    "file": "用文件或粘贴补收件人",
    "handover": "厂家代打，供应商在平台后台取单",
    "wait": "先等着",
}


def tag(*, by: Actor, order_ids: Sequence[UUID], add: Sequence[str], remove: Sequence[str]) -> dict[UUID, str]:
    """Add and remove tags; returns the tags before of every order that changed. Raises Invalid."""
    fresh, gone = [_tag(t) for t in add], {t.strip() for t in remove}
    if not fresh and not gone:
        raise Invalid("no_tag", "请写一个标签。", fields={"add": "请写一个标签"})
    changes, before, facts = [], {}, []
    for i, text in _locked(order_ids, "tags"):
        old = [t for t in str(text).split(",") if t]
        new = list(dict.fromkeys([*(t for t in old if t not in gone), *fresh]))
        if new == old:
            continue
        if len(new) > MOST_TAGS:
            raise Invalid("too_many_tags", f"一个订单最多 {MOST_TAGS} 个标签，请先去掉不用的。")
        before[i] = str(text)
        changes.append((i, ",".join(new)))
        facts.append(_said(i, "tagged", f"标签改为：{'、'.join(new) or '无'}", by))
    bulk.update(Order, ("tags",), changes)
    history.write(facts)
    return before


def _tag(text: str) -> str:
    said = " ".join(text.split())
    if not said or "," in said or "，" in said or len(said) > LONGEST_TAG:
        raise Invalid("bad_tag", f"标签要 1 到 {LONGEST_TAG} 个字，不能有逗号。", fields={"add": "标签不合要求"})
    return said


def remark(*, by: Actor, order_ids: Sequence[UUID], text: str) -> dict[UUID, str]:
    """Write our own remark ("" removes it); returns the remarks before of every order that changed. Raises Invalid."""
    said = " ".join(text.split())
    if len(said) > LONGEST_REMARK:
        raise Invalid("remark_long", f"备注最多 {LONGEST_REMARK} 个字。", fields={"text": "太长了"})
    return _set("remark", dict.fromkeys(order_ids, said), by, "remarked", f"内部备注：{said or '清空'}")


def path(*, by: Actor, order_ids: Sequence[UUID], value: str) -> dict[UUID, str]:
    """Which way the recipient takes for these orders ("" follows the shop). Raises Invalid."""
    if value not in PATHS:
        raise Invalid("unknown_path", "没有这种收件人处理方式。")
    return _set("recipient_path", dict.fromkeys(order_ids, value), by, "path", f"收件人处理方式：{PATHS[value]}")


def priority(*, by: Actor, order_ids: Sequence[UUID], urgent: bool) -> dict[UUID, str]:
    """Mark orders as urgent, or as usual again; returns what they were."""
    wanted = {i: int(urgent) for i in order_ids}
    return _set("priority", wanted, by, "priority", "标为加急" if urgent else "取消加急")


def asked(*, by: Actor, order_ids: Sequence[UUID], on: bool) -> dict[UUID, str]:
    """Say of held orders that the buyer was asked, or that nobody waits for an answer; returns what stood before."""
    held = dict(Order.objects.filter(id__in=list(order_ids)).values_list("id", "hold_kinds"))
    wanted = {i: kinds if on else "" for i, kinds in held.items() if kinds or not on}
    return _set("asked", wanted, by, "asked", "已联系买家，等回复" if on else "不再等买家回复")


def restore(*, by: Actor, column: str, values: Mapping[UUID, str]) -> None:
    """Put tags, remarks, paths, urgency or the wait for the buyer back as they were (undo)."""
    wanted: dict[UUID, str | int] = {i: int(v) if column == "priority" else v for i, v in values.items()}
    _set(column, wanted, by, "undone", "撤销标记，恢复原样")


def _set(column: str, wanted: Mapping[UUID, str | int], by: Actor, kind: str, text: str) -> dict[UUID, str]:
    before = {i: v for i, v in _locked(list(wanted), column) if v != wanted[i]}
    bulk.update(Order, (column,), [(i, wanted[i]) for i in before])
    history.write([_said(i, kind, text, by) for i in before])
    return {i: str(v) for i, v in before.items()}


def _locked(order_ids: Sequence[UUID], column: str) -> list[tuple[UUID, object]]:
    standing.lock(order_ids)
    return list(Order.objects.filter(id__in=list(order_ids)).order_by("id").values_list("id", column))


def _said(order_id: UUID, kind: str, text: str, by: Actor) -> Fact:
    return Fact(order_id, kind, text, by=by.key, by_name=by.name)
