"""What a person must be told of: from the facts of the status page to alarms, each with its one thing to do.

Pure. An alarm's ``facts`` say what it is about: somebody who knows is left alone until they change.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from daifa.kit.values import dataclass

_WORK = {True: "订单和发货回传", False: "采购下单、付款和取单号"}


class Level(StrEnum):
    """How bad it is: something has stopped, or somebody should look."""

    STOPPED = "bad"
    LOOK = "warn"


@dataclass(frozen=True, slots=True)
class Terms:
    """From when on somebody is told (settings of the company)."""

    silent: timedelta = timedelta(minutes=15)
    token: timedelta = timedelta(days=3)
    unknown: timedelta = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Line:
    """A connection; ``version`` moves with its state.

    ``ok_at``, ``error_at``, ``open_until`` are real time, the ends of tokens the world's. ``prolongs``: its token is
    renewed by itself, ``ahead`` of its end. ``sells``: a shop's; otherwise we buy through it.
    """

    id: str
    name: str
    state: str
    reason: str = ""
    version: int = 1
    ok_at: datetime | None = None
    error_at: datetime | None = None
    open_until: datetime | None = None
    expires_at: datetime | None = None
    refresh_expires_at: datetime | None = None
    prolongs: bool = True
    ahead: timedelta = timedelta(minutes=50)
    sells: bool = True


@dataclass(frozen=True, slots=True)
class Differs:
    """The last comparison of order numbers of a connection."""

    connection: str
    left: tuple[str, ...] = ()
    strange: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that alarms are made from; of deeds, parked things, orders and tasks the ids.

    ``doubtful``: with the real time of the call.
    """

    now: datetime
    wall: datetime
    lines: Sequence[Line] = ()
    waiting: Sequence[str] = ()
    doubtful: Sequence[tuple[str, datetime]] = ()
    parked: Sequence[str] = ()
    differs: Sequence[Differs] = ()
    unrouted: Sequence[str] = ()
    wishes: Sequence[str] = ()
    still: Sequence[str] = ()
    overdue: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Alarm:
    """One thing to be told. ``screen`` and ``query``: where its one action is; ``action`` what that is called."""

    key: str
    kind: str
    level: Level
    title: str
    todo: str
    action: str
    screen: str
    facts: str
    query: tuple[tuple[str, str], ...] = ()


def alarms(facts: Facts, terms: Terms) -> list[Alarm]:
    """Every alarm, what has stopped first. Of one connection only its worst trouble is told."""
    names = {x.id: x.name for x in facts.lines}
    found = [a for x in facts.lines if (a := _of_line(x, facts, terms)) is not None]
    found += _of_deeds(facts, terms)
    found += [_of_numbers(d, names[d.connection]) for d in facts.differs if d.connection in names and _differs(d)]
    if facts.unrouted:
        n = len(facts.unrouted)
        found.append(
            Alarm(
                "unrouted", "unrouted", Level.LOOK, f"自动派单剩下 {n} 单派不出去", "看每单的原因，选供应商或补报价",
                "去派单", "dispatch", mark(facts.unrouted),
            )
        )  # fmt: skip
    if facts.wishes:
        n = len(facts.wishes)
        found.append(
            Alarm(
                "wishes", "wishes", Level.LOOK, f"{n} 单的买家要改地址，等您答复", "看新地址和派到哪一步，同意或拒绝",
                "去答复", "orders", mark(facts.wishes), (("tab", "all"), ("hold", "address_wish")),
            )
        )  # fmt: skip
    if facts.overdue:
        n = len(facts.overdue)
        found.append(
            Alarm(
                "overdue", "overdue", Level.LOOK, f"{n} 单已超时，还没有发货",
                "看每单停在哪一步：催供应商，或尽快回填单号、上传平台", "看这些单", "orders",
                mark(facts.overdue), (("tab", "all"), ("late", "1"), ("sort", "due")),
            )
        )  # fmt: skip
    if facts.still:
        n = len(facts.still)
        found.append(
            Alarm(
                "still", "still", Level.LOOK, f"{n} 个任务很久没有进展", "看是哪一个：可以再等等，或取消后重做",
                "去看任务", "tasks", mark(facts.still),
            )
        )  # fmt: skip
    return sorted(found, key=lambda a: (a.level is not Level.STOPPED, a.key))


def stops(sells: Iterable[bool]) -> str:
    """What stands still while such connections are gone: shops' (True), those that we buy through (False)."""
    gone = set(sells)
    said = "、".join(words for kind, words in _WORK.items() if kind in gone)
    return f"{said}已停" if said else ""


def mark(facts: Iterable[str]) -> str:
    """Facts as a short text that is the same for the same facts, in whatever order."""
    return hashlib.blake2b("\n".join(sorted(facts)).encode(), digest_size=9).hexdigest()


def _of_line(x: Line, facts: Facts, terms: Terms) -> Alarm | None:
    if x.state in {"expired", "revoked"}:
        return _line(
            x, "lost", Level.STOPPED, f"{x.name}的授权失效，{stops([x.sells])}",
            f"{x.reason or '授权不可用'}。点“重新授权”，用原来的账号", "去授权",
            f"{x.state} {x.version}",
        )  # fmt: skip
    if x.state != "working":
        return None
    if x.open_until is not None and x.open_until > facts.wall:
        return _line(
            x, "breaker", Level.STOPPED, f"{x.name}连续出错，暂停调用",
            "系统会自动再试。一直不好就看调用记录里的错误，或问平台", "看记录",
            _last(x),
        )  # fmt: skip
    since = x.ok_at or x.error_at
    if since is not None and facts.wall - since > terms.silent:
        minutes = int((facts.wall - since).total_seconds() // 60)
        return _line(
            x, "silent", Level.STOPPED, f"{x.name}已经 {_long(minutes)}没有一次成功",
            "看拉取记录里最近的错误；都没有就检查后台任务是否在跑", "看记录", _last(x),
        )  # fmt: skip
    return _token(x, facts, terms)


def _last(x: Line) -> str:
    """The last success: another one, another story."""
    return x.ok_at.isoformat() if x.ok_at else "never"


def _token(x: Line, facts: Facts, terms: Terms) -> Alarm | None:
    """An authorisation near its end: a token that is renewed by itself only when that plainly did not work."""
    renewed = x.prolongs or x.refresh_expires_at is not None
    ends = (
        (x.expires_at, x.ahead / 2 if renewed else terms.token, renewed),
        (x.refresh_expires_at, terms.token, False),
    )
    for end, before, late in ends:
        if end is None or end - facts.now > before:
            continue
        minutes = max(int((end - facts.now).total_seconds() // 60), 0)
        todo = "自动续期没有成功，请点“重新授权”" if late else "到期前请点“重新授权”，用原来的账号"
        return _line(x, "token", Level.LOOK, f"{x.name}的授权还剩 {_long(minutes)}", todo, "去授权", end.isoformat())
    return None


def _long(minutes: int) -> str:
    if minutes < 120:
        return f"{minutes} 分钟"
    return f"{minutes // 60} 小时" if minutes < 2880 else f"{minutes // 1440} 天"


def _line(x: Line, kind: str, level: Level, title: str, todo: str, action: str, facts: str) -> Alarm:
    query = (("open", x.id),) if action == "看记录" else ()
    return Alarm(f"{kind}:{x.id}", kind, level, title, todo, action, "connections", facts, query)


def _of_deeds(facts: Facts, terms: Terms) -> list[Alarm]:
    """Deeds outside that wait for a person or stay unknown, and what arrived and cannot be read."""
    old = [i for i, called in facts.doubtful if facts.wall - called > terms.unknown]
    told = (
        ("person", Level.STOPPED, facts.waiting, "件对外动作等您决定", "看每件的原因，选一个答复", "去决定"),
        (
            "unknown", Level.LOOK, old, "件的结果一直没有查清",
            "系统还在按编号查，查清之前不会再做一次；急的到对方后台核对", "去看",
        ),
        ("parked", Level.LOOK, facts.parked, "条来件读不懂，已搁置", "看原因，再点“重新处理”；别的单不受影响", "去看"),
    )  # fmt: skip
    return [
        Alarm(kind, kind, level, f"{len(ids)} {words}", todo, action, "status", mark(ids))
        for kind, level, ids, words, todo, action in told
        if ids
    ]


def _differs(d: Differs) -> bool:
    return bool(d.left or d.strange)


def _of_numbers(d: Differs, name: str) -> Alarm:
    parts = [
        *([f"平台有 {len(d.left)} 单我们没有收到"] if d.left else []),
        *([f"我们有 {len(d.strange)} 单平台不认识"] if d.strange else []),
    ]
    return Alarm(
        f"differs:{d.connection}", "differs", Level.LOOK, f"{name}：{'，'.join(parts)}",
        "看是哪些单号，到平台后台核对，或点“读一单”", "看单号", "connections",
        mark([*(f"-{n}" for n in d.left), *(f"+{n}" for n in d.strange)]), (("open", d.connection),),
    )  # fmt: skip
