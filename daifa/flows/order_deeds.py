"""What people do to many orders at once, each with its sentence, its history, and its way back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from daifa.areas.orders.services import holds, marks
from daifa.areas.orders.types import HOLDS, HoldKind
from daifa.base import audit
from daifa.base.actor import Actor
from daifa.flows import advance, undo
from daifa.kit.errors import Conflict
from daifa.kit.values import dataclass
from daifa.reads import order_bonds
from daifa.reads.touched import Touched


@dataclass(frozen=True, slots=True)
class LeftOrder:
    """An order that a deed left as it was, and why."""

    order_id: UUID
    number: str
    reason: str


@dataclass(frozen=True, slots=True)
class Done:
    """What was done, as a sentence, the token that takes it back ("" when nothing does), and what was left."""

    message: str
    undo: str = ""
    left: tuple[LeftOrder, ...] = ()


def all_left(order_ids: Sequence[UUID], reason: str) -> list[LeftOrder]:
    """These orders, left for one reason."""
    return [LeftOrder(i, number, reason) for i, number in order_bonds.numbers(order_ids).items()]


@dataclass(frozen=True, slots=True)
class KindOfHold:
    """How many orders of a batch one kind of hold stands on; ``why`` it stays, "" where it passes."""

    kind: str
    label: str
    orders: int
    why: str = ""


@dataclass(frozen=True, slots=True)
class Release:
    """What a word over many orders lets pass, and what it leaves."""

    hold_ids: tuple[UUID, ...]
    passes: tuple[KindOfHold, ...]
    stays: tuple[KindOfHold, ...]


def release_of(*, by: Actor, order_ids: Sequence[UUID], kinds: Sequence[str] = ()) -> Release:
    """What would pass: of ``kinds`` what a word can clear; of none named, what need not wait for something else."""
    ids: list[UUID] = []
    orders: dict[HoldKind, set[UUID]] = {}
    for hold_id, order, name in order_bonds.open_holds(order_ids, kinds):
        kind = HoldKind(name)
        # A reminder stops nothing: letting it pass would only hide the clock.
        if not HOLDS[kind].blocks and not kinds:
            continue
        orders.setdefault(kind, set()).add(order)
        if not _why_stays(by, kind, named=bool(kinds)):
            ids.append(hold_id)
    seen = [
        KindOfHold(kind.value, HOLDS[kind].label, len(orders[kind]), _why_stays(by, kind, named=bool(kinds)))
        for kind in HoldKind
        if kind in orders
    ]
    return Release(tuple(ids), tuple(k for k in seen if not k.why), tuple(k for k in seen if k.why))


def _why_stays(by: Actor, kind: HoldKind, *, named: bool) -> str:
    info = HOLDS[kind]
    if not info.clearable:
        return "要先处理，不能直接放行"
    if not by.may(info.permission):
        return "没有放行它的权限"
    return "" if named else info.stays


def clear_holds(
    *, by: Actor, order_ids: Sequence[UUID] = (), kinds: Sequence[str] = (), hold_ids: Sequence[UUID] = (), why: str
) -> Done:
    """A person lets holds pass: named ones, or those of these orders (of these kinds). Raises Invalid, Conflict.

    What must not be shipped now passes only by its own hold or where its kind is named.
    """
    wanted, told = list(hold_ids), ""
    if not wanted:
        release = release_of(by=by, order_ids=order_ids, kinds=kinds)
        wanted, told = list(release.hold_ids), _told(release)
        if not wanted:
            raise Conflict("nothing_to_clear", f"选中的订单里没有可以直接放行的异常{told}。请按每个异常的提示先处理。")
    cleared = holds.clear(by=by, hold_ids=wanted, why=why)
    advance.settle(cleared.orders)
    stay = f"，{len(cleared.refused)} 个不能直接放行" if cleared.refused else ""
    said = f"放行了 {len(cleared.hold_ids)} 个异常（{len(cleared.orders)} 单）{_where(cleared.orders)}{stay}{told}"
    audit.record(by, "hold.clear", said, kind="order", reason=why)
    token = undo.offer(
        by=by, verb="hold.clear", title=f"放行 {len(cleared.hold_ids)} 个异常", count=len(cleared.hold_ids),
        data={"holds": [str(i) for i in cleared.hold_ids]},
    )  # fmt: skip
    return Done(said, token, _still_held(order_ids, kinds))


def _still_held(order_ids: Sequence[UUID], kinds: Sequence[str]) -> tuple[LeftOrder, ...]:
    """Which of these orders a word did not free, and of what: each kind says what to do first."""
    why: dict[UUID, list[str]] = {}
    for order, kind, reason in order_bonds.held(order_ids, kinds):
        info = HOLDS[HoldKind(kind)]
        if info.blocks:
            why.setdefault(order, []).append(f"{info.label}：{reason or '要先处理'}")
    known = order_bonds.numbers(list(why))
    return tuple(LeftOrder(i, number, "；".join(why[i])) for i, number in known.items())


def _told(release: Release) -> str:
    passes = "、".join(f"{k.label} {k.orders} 单" for k in release.passes)
    stays = "、".join(f"{k.label} {k.orders} 单（{k.why}）" for k in release.stays)
    return (f"；放行：{passes}" if passes else "") + (f"；没有放行：{stays}" if stays else "")


def _where(order_ids: Sequence[UUID]) -> str:
    """Where orders stand now, as far as it is news."""
    tabs = order_bonds.steps_of(order_ids)
    ready, held = tabs.get("dispatch", 0), tabs.get("hold", 0) + tabs.get("match", 0)
    if ready and held:
        return f"，{ready} 单已可派单，{held} 单还有别的事"
    return "，都可以派单了" if ready else (f"，{held} 单还有别的异常" if held else "")


def _unclear(data: Mapping[str, object], by: Actor) -> str:
    ids = [UUID(str(i)) for i in _listed(data, "holds")]
    if numbers := order_bonds.bought(order_bonds.orders_of_holds(ids)):
        raise Conflict("dispatched", f"{_named(list(numbers.values()))} 已经派单，不能撤销放行。请先撤销派单。")
    back = holds.unclear(by=by, hold_ids=ids)
    advance.settle(back.orders)
    return f"已撤销放行，{len(back.orders)} 单重新挂起"


def hold(*, by: Actor, order_ids: Sequence[UUID], why: str) -> Done:
    """Stop orders by hand until a person lets them pass. Raises Invalid."""
    fresh = holds.hold(by=by, order_ids=order_ids, why=why)
    advance.settle(fresh)
    known = len(order_ids) - len(fresh)
    said = f"挂起了 {len(fresh)} 单" + (f"，{known} 单本来就挂着" if known else "")
    audit.record(by, "hold.raise", said, kind="order", reason=why)
    return Done(said)


def tag(*, by: Actor, order_ids: Sequence[UUID], add: Sequence[str], remove: Sequence[str]) -> Done:
    """Add and remove tags. Raises Invalid."""
    before = marks.tag(by=by, order_ids=order_ids, add=add, remove=remove)
    return _marked(by, "tags", before, "改了 {n} 单的标签")


def remark(*, by: Actor, order_ids: Sequence[UUID], text: str) -> Done:
    """Write our own remark. Raises Invalid."""
    return _marked(by, "remark", marks.remark(by=by, order_ids=order_ids, text=text), "改了 {n} 单的备注")


def priority(*, by: Actor, order_ids: Sequence[UUID], urgent: bool) -> Done:
    """Mark as urgent, or as usual again."""
    said = "{n} 单标为加急" if urgent else "{n} 单取消加急"
    return _marked(by, "priority", marks.priority(by=by, order_ids=order_ids, urgent=urgent), said)


def asked(*, by: Actor, order_ids: Sequence[UUID], on: bool) -> Done:
    """The buyer was asked: these held orders wait for the answer, until something new is found of them; or not any
    more."""
    said = "{n} 单等买家回复，有变化或临近超时会再提醒" if on else "{n} 单不再等买家回复"
    return _marked(by, "asked", marks.asked(by=by, order_ids=order_ids, on=on), said)


def path(*, by: Actor, order_ids: Sequence[UUID], value: str) -> Done:
    """Which way the recipient takes for these orders; they are screened again. Raises Invalid, Conflict.

    Dispatched ones stay as they are; Conflict when all are.
    """
    bought = order_bonds.bought(order_ids)
    if bought and len(bought) == len(set(order_ids)):
        named = _named(list(bought.values()))
        raise Conflict("dispatched", f"{named} 已经派单，不能改收件人的处理方式。请先撤销派单。")
    before = marks.path(by=by, order_ids=[i for i in order_ids if i not in bought], value=value)
    advance.settle(list(before))
    done = _marked(by, "recipient_path", before, f"{{n}} 单改为“{marks.PATHS[value]}”")
    left = tuple(LeftOrder(i, n, "已经派单，请先撤销派单") for i, n in bought.items())
    said = f"{done.message}，{len(left)} 单没有改" if left else done.message
    return Done(said, done.undo, left)


def _marked(by: Actor, column: str, before: Mapping[UUID, str], said: str) -> Done:
    if not before:
        return Done("没有变化，本来就是这样")
    text = said.format(n=len(before))
    audit.record(by, f"order.{column}", text, kind="order")
    data = {"column": column, "values": {str(i): v for i, v in before.items()}}
    return Done(text, undo.offer(by=by, verb="order.mark", title=text, count=len(before), data=data))


def _unmark(data: Mapping[str, object], by: Actor) -> str:
    values = data["values"]
    assert isinstance(values, Mapping)
    column, stored = str(data["column"]), {UUID(str(i)): str(v) for i, v in values.items()}
    if column == "recipient_path" and (numbers := order_bonds.bought(list(stored))):
        raise Conflict("dispatched", f"{_named(list(numbers.values()))} 已经派单，不能撤销。请先撤销派单。")
    marks.restore(by=by, column=column, values=stored)
    if column == "recipient_path":
        advance.settle(list(stored))
    return f"已恢复 {len(stored)} 单"


def _listed(data: Mapping[str, object], name: str) -> Sequence[object]:
    found = data[name]
    assert isinstance(found, Sequence)
    return found


def _named(numbers: Sequence[str]) -> str:
    first = "、".join(numbers[:3])
    return f"订单 {first} 等 {len(numbers)} 单" if len(numbers) > 3 else f"订单 {first}"


def _held_ones(data: Mapping[str, object]) -> Touched:
    return Touched(orders=order_bonds.orders_of_holds([UUID(str(i)) for i in _listed(data, "holds")]))


def _marked_ones(data: Mapping[str, object]) -> Touched:
    values = data["values"]
    assert isinstance(values, Mapping)
    return Touched(orders=[UUID(str(i)) for i in values])


undo.register("hold.clear", "orders.edit", _unclear, _held_ones)
undo.register("order.mark", "orders.edit", _unmark, _marked_ones)
