"""What the address of the order desk says, as a filter: the same words for screens, deeds and command line."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from daifa.areas.orders.models import TABS
from daifa.base.actor import Actor
from daifa.kit.errors import Invalid
from daifa.kit.values import dataclass
from daifa.reads import order_desk
from daifa.reads.order_filters import COUNTED, OrderFilter

MOST_NUMBERS = 500
MOST_ORDERS = 100_000
_TEXTS = ("text", "flag", "tag", "note", "person")
_LISTS = ("platform", "step", "hold", "stopped", "province", "refund", "recipient")
_LABELS = {
    "shop": "店铺",
    "supplier": "供应商",
    "imported": "导入",
    "paid_from": "付款日期",
    "paid_to": "付款日期",
    "counted": "计入",
    "due_hour": "截止",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A filter with the tab and the sort that the list shows."""

    filter: OrderFilter
    tab: str
    sort: str


def asked(said: Mapping[str, str]) -> Asked:
    """Read a query (name → text, lists joined by commas). Raises Invalid naming what cannot be read."""
    given = {k: v.strip() for k, v in said.items() if v and v.strip()}
    tab = given.get("tab", "all")
    if tab not in ("all", *TABS):
        raise Invalid("unknown_tab", f"没有“{tab}”这个分类。")
    numbers = _list(given.get("numbers", ""))
    if len(numbers) > MOST_NUMBERS:
        raise Invalid("too_many_numbers", f"一次最多查 {MOST_NUMBERS} 个单号，现在有 {len(numbers)} 个。请分几次查。")
    made = OrderFilter(
        numbers=numbers,
        shop=[_uuid(given, "shop", v) for v in _list(given.get("shop", ""))],
        supplier=[_uuid(given, "supplier", v) for v in _list(given.get("supplier", ""))],
        imported=_uuid(given, "imported", given["imported"]) if "imported" in given else None,
        outcome=given.get("outcome", ""),
        paid_from=_day(given, "paid_from"),
        paid_to=_day(given, "paid_to"),
        paid_min_fen=_fen(given, "paid_min_fen"),
        paid_max_fen=_fen(given, "paid_max_fen"),
        losing=_yes(given, "losing"),
        late=_yes(given, "late"),
        urgent=_yes(given, "urgent"),
        unfinished=_yes(given, "unfinished"),
        due_today=_yes(given, "due_today"),
        due_hour=_moment(given, "due_hour"),
        to_tell=_yes(given, "to_tell"),
        counted=_counted(given),
        platform=_list(given.get("platform", "")),
        step=_list(given.get("step", "")),
        hold=_list(given.get("hold", "")),
        stopped=_list(given.get("stopped", "")),
        province=_list(given.get("province", "")),
        refund=_list(given.get("refund", "")),
        recipient=_list(given.get("recipient", "")),
        text=given.get("text", ""),
        flag=given.get("flag", ""),
        tag=given.get("tag", ""),
        note=given.get("note", ""),
        person=given.get("person", ""),
    )
    return Asked(made, tab, given.get("sort", ""))


def _list(text: str) -> list[str]:
    return list(dict.fromkeys(v.strip() for v in text.split(",") if v.strip()))


def _uuid(given: Mapping[str, str], name: str, text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise _unreadable(name) from error


def _day(given: Mapping[str, str], name: str) -> date | None:
    try:
        return date.fromisoformat(given[name]) if name in given else None
    except ValueError as error:
        raise _unreadable(name) from error


def _moment(given: Mapping[str, str], name: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(given[name]) if name in given else None
    except ValueError as error:
        raise _unreadable(name) from error
    if found is not None and found.tzinfo is None:
        raise _unreadable(name)
    return found


def _fen(given: Mapping[str, str], name: str) -> int | None:
    try:
        return int(given[name]) if name in given else None
    except ValueError as error:
        raise _unreadable(name) from error


def _counted(given: Mapping[str, str]) -> str:
    if (name := given.get("counted", "")) and name not in COUNTED:
        raise _unreadable("counted")
    return name


def _yes(given: Mapping[str, str], name: str) -> bool:
    return given.get(name, "") in ("1", "yes", "true")


def _unreadable(name: str) -> Invalid:
    return Invalid("bad_filter", f"筛选条件“{_LABELS.get(name, name)}”看不懂，请重新选择。", fields={name: "看不懂"})


@dataclass(frozen=True, slots=True)
class Target:
    """Which orders a deed is for: named, or everything a filter finds except some."""

    ids: tuple[UUID, ...] = ()
    filter: Mapping[str, str] | None = None
    leave: tuple[UUID, ...] = ()


def orders_of(target: Target, actor: Actor) -> list[UUID]:
    """The orders of a target within the person's scope, nearest deadline first. Raises Invalid when there is none."""
    if target.filter is None:
        found = order_desk.in_scope(target.ids, actor)
    else:
        wanted = asked(target.filter)
        left = set(target.leave)
        every = order_desk.ids(wanted.filter, actor, tab=wanted.tab, limit=MOST_ORDERS)
        found = [i for i in every if i not in left]
    if not found:
        raise Invalid("nothing_chosen", "没有选中订单。请先勾选，或换一个筛选条件。")
    return found
