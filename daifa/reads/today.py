"""今日: what must be done now, what goes wrong if not, and what was earned; each number opens its list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from uuid import UUID

from daifa.areas.orders.types import HOLDS, REFUND_ENDS, WARN_ONLY, HoldKind
from daifa.base import bulk
from daifa.base.actor import Actor
from daifa.kit import clock
from daifa.kit.values import dataclass
from daifa.reads import at_suppliers, recent_deeds, scope, sending_board, supplier_day, telling, tracking_desk
from daifa.reads.order_filters import DUE_WITHIN_HOUR, EARNING, MOVING, OPEN_DEADLINE, SOLD, WAITS_FOR_BUYER
from daifa.reads.ship_facts import ANY_GONE
from daifa.reads.supplier_day import SupplierDay

BY_DIAL = "按店铺设置自动派单"
BUYER_ANSWERS = "买家回复"


@dataclass(frozen=True, slots=True)
class Station:
    """One of the five stations: how much waits there, what to say of it. ``done``: today's orders have passed it."""

    key: str
    count: int
    done: bool
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wait:
    """Orders that stand until something happens elsewhere, and what."""

    what: str
    orders: int


@dataclass(frozen=True, slots=True)
class NextDeadline:
    """The nearest deadline: when, how many orders share its hour, what they cost if missed (fen)."""

    by: datetime
    orders: int
    at_risk_fen: int


@dataclass(frozen=True, slots=True)
class Stations:
    """The day line, and what a guide through the day tells apart within it.

    ``late``: orders whose deadline went by and that still have not left.
    ``fed``: orders of today are here, by a file or from the platform. ``importing``: files on their way in;
    ``returns``: waiting files that are suppliers' answers, which belong to the numbers, not to the day's beginning: no
    part of the import's count. ``doubtful``: suppliers' words about numbers that a person must look at, beside the
    orders of the numbers' station. ``unmatched`` of the holds, ``unsent`` (what the sending screen says) of the
    dispatch, ``to_download`` (a file can be made) and ``shipped_there`` (the platform has it as shipped by another
    number, so that a person says the number need not go) of the upload, whose rest are made files and uploads by API
    that stopped.
    Not counted at the stations, because nothing can be done today: ``unconfirmed`` (uploaded, not yet seen at the
    platform), ``no_parcel`` (nothing of it is sent, only the platform's 无需物流发货 ends it), and ``waiting`` for
    somebody else; ``held`` are those of them that stand in the tab 异常.
    """

    stations: tuple[Station, ...]
    deadline: NextDeadline | None
    late: int
    fed: bool
    importing: int
    returns: int
    doubtful: int
    unmatched: int
    unsent: int
    unconfirmed: int
    no_parcel: int
    to_download: int
    shipped_there: int
    waiting: tuple[Wait, ...]
    held: tuple[Wait, ...]


@dataclass(frozen=True, slots=True)
class DayMoney:
    """One business day: orders paid and not cancelled, sales (buyer paid), refunds.

    ``margin_fen`` of all whose margin is known: what a cancelled order has cost is lost all the same.
    """

    day: date
    orders: int
    sales_fen: int
    refunds_fen: int
    margin_fen: int
    kept_fen: int
    margin_missing: int


@dataclass(frozen=True, slots=True)
class ShopLine:
    """One shop today."""

    id: UUID
    platform: str
    name: str
    orders: int
    sales_fen: int
    margin_fen: int | None
    waiting: int
    unconfirmed: int
    exported_as_of: datetime | None


@dataclass(frozen=True, slots=True)
class Today:
    """The home screen. ``risk_fen`` is what today's missed deadlines would cost, by the rules of the platforms."""

    risk_fen: int
    risk_orders: int
    late_orders: int
    days: tuple[DayMoney, ...]
    holds: Mapping[str, int]
    shops: tuple[ShopLine, ...]
    suppliers: SupplierDay
    deeds: tuple[recent_deeds.Deed, ...]


def stations(actor: Actor) -> Stations:
    """The five stations with live counts and the nearest deadline."""
    mine, params = scope.orders(actor)
    tabs = {
        str(tab): (int(n), int(urgent))
        for tab, n, urgent in bulk.select_named(
            "SELECT o.tab, count(*), count(*) FILTER (WHERE o.due_by < %(soon)s) FROM orders_order o"
            f" WHERE o.tenant_id = {{tenant}} AND o.tab = ANY(%(tabs)s::text[]){mine} GROUP BY o.tab",
            {"tabs": list(MOVING), "soon": clock.now() + timedelta(hours=2), **params},
        )
    }
    files, importing, returns = _files(actor)
    doubtful = tracking_desk.doubtful(actor)
    trouble, urgent = (sum(tabs.get(t, (0, 0))[i] for t in ("match", "hold")) for i in (0, 1))
    dispatch, supplier = (tabs.get(t, (0, 0)) for t in ("dispatch", "supplier"))
    going = at_suppliers.by_itself(mine, params)
    unsent = _at_step("send", mine, params)
    to_send = sending_board.waiting_orders(actor)
    by_dial = _at_step("route", mine, params)
    route = dispatch[0] - by_dial
    held = _waiting_holds(mine, params)
    telling_params = {**params, **telling.params()}
    told = _telling(mine, telling_params)
    waiting = held + Counter({REFUND_ENDS: told["refunding"], telling.REST_COMES: told["rest"], BY_DIAL: by_dial})
    to_do = trouble - held.total()
    to_tell = told["ready"] + told["shipped_there"] + told["upload"] + told["stopped"]
    fed = _fed(mine, params)
    itself = [(what, going[step]) for step, what in at_suppliers.BY_ITSELF.items()]
    owed = max(supplier[0] - unsent - going["tracking"], 0)
    counted = (
        ("import", files, (f"{files} 个文件待导入",) if files else ()),
        ("holds", to_do, _hold_notes(urgent, held.total())),
        ("dispatch", route + to_send, _dispatch_notes(route, to_send)),
        ("tracking", owed, (*_answer_notes(returns, doubtful), *at_suppliers.notes(actor))),
        ("upload", to_tell, _upload_notes(mine, telling_params, told["going"])),
    )
    return Stations(
        stations=tuple(
            Station(key, n, fed and n == 0 and not (key == "tracking" and returns + doubtful), notes)
            for key, n, notes in counted
        ),
        deadline=_deadline(mine, params),
        late=_late(mine, params),
        fed=fed,
        importing=importing,
        returns=returns,
        doubtful=doubtful,
        unmatched=tabs.get("match", (0, 0))[0],
        unsent=to_send,
        unconfirmed=told["confirm"],
        no_parcel=told["no_parcel"],
        to_download=told["ready"],
        shipped_there=told["shipped_there"],
        waiting=tuple(Wait(what, n) for what, n in (*waiting.items(), *itself) if n),
        held=tuple(Wait(what, n) for what, n in held.items()),
    )


def waits_for(kinds: str) -> str:
    """What an order held by these kinds (comma between) waits for; "" where a person can do something about one."""
    stops = [k for k in map(HoldKind, kinds.split(",")) if k not in WARN_ONLY] if kinds else []
    return HOLDS[stops[0]].waits_for if stops and all(HOLDS[k].waits_for for k in stops) else ""


def _waiting_holds(mine: str, params: dict[str, object]) -> Counter[str]:
    # What other hands have shipped is held for a person to withdraw, whatever else stands on it.
    found = bulk.select_named(
        f"SELECT o.hold_kinds, {WAITS_FOR_BUYER}, count(*)::int FROM orders_order o WHERE o.tenant_id = {{tenant}}"
        f" AND o.tab = 'hold' AND o.step = 'hold' AND o.state <> ALL(%(gone)s::text[]){mine} GROUP BY 1, 2",
        {"gone": ANY_GONE, **params},
    )
    waits = Counter[str]()
    for kinds, asked, n in found:
        if what := BUYER_ANSWERS if asked else waits_for(str(kinds)):
            waits[what] += n
    return waits


def _telling(mine: str, params: dict[str, object]) -> Counter[str]:
    """Orders of the last station by what their number waits for; of those in no file, what keeps them out.

    ``going``: the machine tells it; ``rest``: other goods of it have no number yet; ``stopped``: it does not go on
    by itself.
    """
    found = bulk.select_named(
        f"SELECT CASE WHEN o.step NOT IN ('report', 'upload') THEN o.step WHEN {telling.REFUNDING} THEN 'refunding'"
        f" WHEN {telling.GOES} THEN 'going' WHEN o.step = 'upload' THEN 'upload'"
        " WHEN o.state = ANY(%(gone)s::text[]) AND o.shop_id <> ALL(%(adding)s::uuid[]) THEN 'shipped_there'"
        f" WHEN {telling.REST} THEN 'rest' WHEN o.shop_id = ANY(%(by_api)s::uuid[]) THEN 'stopped'"
        " ELSE 'ready' END, count(*)::int"
        f" FROM orders_order o WHERE o.tenant_id = {{tenant}} AND o.tab = 'report'{mine} GROUP BY 1",
        params,
    )
    return Counter({str(what): n for what, n in found})


def _hold_notes(urgent: int, waiting: int) -> tuple[str, ...]:
    notes = [f"{urgent} 单 2 小时内超时"] if urgent else []
    return (*notes, f"另有 {waiting} 单在等，现在不用处理") if waiting else tuple(notes)


def _fed(mine: str, params: dict[str, object]) -> bool:
    today = clock.business_day(clock.now())
    [(fed,)] = bulk.select_named(
        "SELECT EXISTS (SELECT 1 FROM mailroom_import i WHERE i.tenant_id = {tenant} AND i.kind = 'orders'"
        " AND i.state = 'done' AND i.finished_at >= %(since)s)"
        f" OR EXISTS (SELECT 1 FROM orders_order o WHERE o.tenant_id = {{tenant}} AND o.day = %(today)s{mine})",
        {"since": clock.day_start(today), "today": today, **params},
    )
    return bool(fed)


def _files(actor: Actor) -> tuple[int, int, int]:
    """Files that wait to be imported but for those with numbers, those being imported, and those with numbers."""
    [(waiting, going, returns)] = bulk.select_named(
        "SELECT count(*) FILTER (WHERE state IN ('reading', 'password', 'waiting')),"
        " count(*) FILTER (WHERE state IN ('queued', 'running')),"
        " count(*) FILTER (WHERE state IN ('password', 'waiting') AND kind = 'tracking')"
        " FROM mailroom_import WHERE tenant_id = {tenant}"
        " AND state IN ('reading', 'password', 'waiting', 'queued', 'running')"
        " AND (%(all)s OR started_by = %(me)s OR shop_id = ANY(%(shops)s::uuid[]))",
        {"all": actor.everywhere, "me": actor.key, "shops": sorted(actor.shops or ())},
    )
    return int(waiting) - int(returns), int(going), int(returns)


def _at_step(step: str, mine: str, params: dict[str, object]) -> int:
    [(n,)] = bulk.select_named(
        f"SELECT count(*) FROM orders_order o WHERE o.tenant_id = {{tenant}} AND o.step = %(step)s{mine}",
        {"step": step, **params},
    )
    return int(n)


def _answer_notes(returns: int, doubtful: int) -> tuple[str, ...]:
    notes = [f"{returns} 个回单文件待导入"] if returns else []
    return (*notes, f"{doubtful} 条单号要您看一下") if doubtful else tuple(notes)


def _dispatch_notes(waiting: int, unsent: int) -> tuple[str, ...]:
    notes = [f"{waiting} 单待派"] if waiting else []
    return (*notes, f"{unsent} 单已派、待发给供应商") if unsent else tuple(notes)


def _upload_notes(mine: str, params: dict[str, object], going: int) -> tuple[str, ...]:
    found = bulk.select_named(
        "SELECT s.name, count(*) FROM orders_order o"
        " JOIN accounts_shop s ON s.tenant_id = {tenant} AND s.id = o.shop_id"
        f" WHERE o.tenant_id = {{tenant}} AND {telling.BY_PERSON}{mine}"
        " GROUP BY s.name ORDER BY 2 DESC, 1 LIMIT 3",
        params,
    )
    notes = tuple(f"{name} {n}" for name, n in found)
    return (f"另有 {going} 单自动上传，不用处理", *notes) if going else notes


def _deadline(mine: str, params: dict[str, object]) -> NextDeadline | None:
    named = {"moving": list(MOVING), "now": clock.now(), **params}
    [(first,)] = bulk.select_named(
        f"SELECT min(o.due_by) FROM orders_order o WHERE o.tenant_id = {{tenant}} AND {OPEN_DEADLINE}"
        f" AND o.due_by >= %(now)s{mine}",
        named,
    )
    if first is None:
        return None
    [(orders, risk)] = bulk.select_named(
        "SELECT count(*), coalesce(sum(o.risk_fen), 0) FROM orders_order o WHERE o.tenant_id = {tenant}"
        f" AND {OPEN_DEADLINE} AND {DUE_WITHIN_HOUR}{mine}",
        {**named, "due_hour": first},
    )
    return NextDeadline(first, int(orders), int(risk))


def _late(mine: str, params: dict[str, object]) -> int:
    [(n,)] = bulk.select_named(
        f"SELECT count(*) FROM orders_order o WHERE o.tenant_id = {{tenant}} AND {OPEN_DEADLINE}"
        f" AND o.due_by < %(now)s{mine}",
        {"moving": list(MOVING), "now": clock.now(), **params},
    )
    return int(n)


def today(actor: Actor) -> Today:
    """Everything of the home screen."""
    mine, params = scope.orders(actor)
    now = clock.now()
    end = clock.day_start(clock.business_day(now) + timedelta(days=1))
    [(risk, orders, late)] = bulk.select_named(
        "SELECT coalesce(sum(o.risk_fen), 0), count(*), count(*) FILTER (WHERE o.due_by < %(now)s) FROM orders_order o"
        f" WHERE o.tenant_id = {{tenant}} AND {OPEN_DEADLINE} AND o.due_by < %(end)s{mine}",
        {"moving": list(MOVING), "now": now, "end": end, **params},
    )
    return Today(
        risk_fen=int(risk),
        risk_orders=int(orders),
        late_orders=int(late),
        days=_days(clock.business_day(now), mine, params),
        holds=_holds(mine, params),
        shops=_shops(clock.business_day(now), actor),
        suppliers=supplier_day.of_day(clock.business_day(now), now, actor),
        deeds=recent_deeds.newest(actor),
    )


def _days(last: date, mine: str, params: dict[str, object]) -> tuple[DayMoney, ...]:
    found = {
        day: DayMoney(day, int(n), int(sales), int(refunds), int(margin), int(kept), int(missing))
        for day, n, sales, refunds, margin, kept, missing in bulk.select_named(
            f"SELECT o.day, count(*) FILTER (WHERE {SOLD}), coalesce(sum(o.paid_fen) FILTER (WHERE {SOLD}), 0),"
            f" coalesce(sum(o.refunded_fen) FILTER (WHERE {SOLD}), 0), coalesce(sum(o.margin_fen), 0),"
            " coalesce(sum(coalesce(o.receivable_fen, o.paid_fen) - coalesce(o.refunded_fen, 0))"
            f" FILTER (WHERE o.margin_fen IS NOT NULL AND {SOLD}), 0),"
            " count(*) FILTER (WHERE o.margin_fen IS NULL) FROM orders_order o"
            " WHERE o.tenant_id = {tenant} AND o.day >= %(first)s AND o.day <= %(last)s"
            f" AND {EARNING}{mine} GROUP BY o.day",
            {"first": last - timedelta(days=6), "last": last, **params},
        )
    }
    days = [last - timedelta(days=n) for n in range(6, -1, -1)]
    return tuple(found.get(d, DayMoney(d, 0, 0, 0, 0, 0, 0)) for d in days)


def _holds(mine: str, params: dict[str, object]) -> dict[str, int]:
    found = bulk.select_named(
        "SELECT h.kind, count(DISTINCT h.order_id) FROM orders_hold h"
        " JOIN orders_order o ON o.tenant_id = {tenant} AND o.id = h.order_id"
        f" WHERE h.tenant_id = {{tenant}} AND h.state = 'open'{mine} GROUP BY h.kind ORDER BY 2 DESC",
        params,
    )
    return {str(kind): int(n) for kind, n in found}


def _shops(day: date, actor: Actor) -> tuple[ShopLine, ...]:
    mine, params = scope.orders(actor)
    own, more = scope.of_shop(actor, "s.id")
    found = bulk.select_named(
        f"WITH t AS (SELECT o.shop_id, count(*) FILTER (WHERE o.day = %(day)s AND {SOLD}) AS orders,"
        f" coalesce(sum(o.paid_fen) FILTER (WHERE o.day = %(day)s AND {SOLD}), 0) AS sales,"
        f" sum(o.margin_fen) FILTER (WHERE o.day = %(day)s AND {EARNING}) AS margin,"
        " count(*) FILTER (WHERE o.tab = ANY(%(tabs)s::text[])) AS waiting,"
        " count(*) FILTER (WHERE o.step = 'confirm') AS unconfirmed"
        " FROM orders_order o WHERE o.tenant_id = {tenant}"
        f" AND (o.day = %(day)s OR o.tab = ANY(%(tabs)s::text[])){mine} GROUP BY o.shop_id)"
        " SELECT s.id, s.platform, s.name, coalesce(t.orders, 0), coalesce(t.sales, 0), t.margin,"
        " coalesce(t.waiting, 0), coalesce(t.unconfirmed, 0), s.exported_as_of"
        " FROM accounts_shop s LEFT JOIN t ON t.shop_id = s.id"
        f" WHERE s.tenant_id = {{tenant}} AND s.active{own} ORDER BY coalesce(t.orders, 0) DESC, s.name",
        {"day": day, "tabs": list(MOVING), **params, **more},
    )
    return tuple(ShopLine(*r) for r in found)
