"""Numbers come back from suppliers: what is beyond doubt is recorded at once, the rest waits for a person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from datetime import timedelta
from uuid import UUID

from daifa.areas.accounts.services import settings
from daifa.areas.logistics.rules.claims import claims_of, phone_tail, plain_person, plain_phone
from daifa.areas.logistics.rules.couriers import courier_name
from daifa.areas.logistics.rules.matching import match_tracking
from daifa.areas.logistics.rules.tracking_numbers import check_number, clean_number
from daifa.areas.logistics.services import claims as kept
from daifa.areas.logistics.services import parcels
from daifa.areas.logistics.services.claims import NewClaim
from daifa.areas.logistics.services.parcels import InBox, NewParcel, Piece
from daifa.areas.logistics.types import (
    Content,
    LiveNumber,
    Matched,
    MatchSettings,
    OwnNumbers,
    Presumed,
    TrackingClaim,
    TrackingMatch,
    Unusable,
    UnusableKind,
)
from daifa.areas.mailroom.services import imports, tasks
from daifa.areas.mailroom.types import ImportView
from daifa.areas.orders.services import history, standing
from daifa.areas.orders.services.history import Fact
from daifa.areas.purchasing.rules.numbers import spans_among
from daifa.areas.purchasing.services import purchases, returning, suppliers
from daifa.base import vault
from daifa.base.actor import Actor
from daifa.base.tenancy import tenant
from daifa.flows import advance, undo
from daifa.flows.reading import Said
from daifa.kit import clock
from daifa.kit.errors import Conflict
from daifa.kit.values import dataclass
from daifa.ports.sheet import Parsed, RowError, TrackingRow
from daifa.reads import open_purchases
from daifa.reads.open_purchases import Bought, BoughtLine
from daifa.reads.touched import Touched

RECORD = "tracking.record"
KNOWN_DAYS = 45
BATCH = 2000
_NORMAL: Mapping[str, Callable[[str], str]] = {"name": plain_person, "phone": plain_phone, "tail": phone_tail}

type Fate = tuple[int, str, UUID | None, str, str, str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of claims: parcels recorded, claims kept for a person, rows already known; ``undo`` is the token.

    ``wrong`` are those that cannot be used, ``numberless`` the lines of a text that name an order and no number.
    """

    recorded: tuple[InBox, ...] = ()
    doubtful: int = 0
    unusable: int = 0
    repeated: int = 0
    undo: str = ""
    fates: tuple[Fate, ...] = field(default=(), repr=False)
    wrong: tuple[Unusable, ...] = field(default=(), repr=False)
    numberless: tuple[str, ...] = field(default=(), repr=False)

    @property
    def parcels(self) -> int:
        """How many parcels were recorded."""
        return len({p.parcel_id for p in self.recorded})

    @property
    def message(self) -> str:
        """One sentence for the person, counted by tracking numbers."""
        return _piles(self.parcels, self.doubtful, self.unusable, self.repeated)


def _piles(matched: int, doubtful: int, unusable: int, repeated: int) -> str:
    said = f"✔ 对上了 {matched} · ? 请看一下 {doubtful} · ✖ 不能用 {unusable}"
    return said + (f" · 已登记过 {repeated}" if repeated else "")


def key_of(kind: str, value: str) -> bytes:
    """The keyed hash under which orders carry a name, phone or tail."""
    return vault.search_hash(kind, _NORMAL[kind](value))


def record_tracking(tenant_id: int, row: ImportView, parsed: Parsed) -> dict[str, object]:
    """A supplier's tracking file: every row in one of three piles; the same file again changes nothing.

    Counted by rows, each under one word (the worst of its numbers), so that they add up to the file's.
    """
    rows = [r for r in parsed.records if isinstance(r, TrackingRow)]
    by = Actor(key=row.started_by or "system", name="导入")
    with tenant(tenant_id):
        if row.task_id:
            tasks.progress(row.task_id, 0, len(rows), f"正在对 {len(rows)} 个单号")
        name = str(row.guess.get("name") or row.file_name)
        refused = unreadable(name, parsed)
        outcome = take(
            lambda known: claims_of(rows, own_numbers=known.own), by=by, supplier_id=_whose(row), task_id=row.task_id,
            file_id=row.file_id, refused=refused, presumed=presume(name, parsed.above),
        )  # fmt: skip
        imports.record_rows(row.id, outcome.fates)
        of = imports.outcomes(row.id)
    unreadable_rows = len({e.row for e in parsed.errors})
    new, doubtful, repeated = (of.get(word, 0) for word in ("new", "doubtful", "unchanged"))
    unusable = of.get("rejected", 0) + unreadable_rows
    untold = parsed.rows - len(rows) - unreadable_rows
    said = _piles(new, doubtful, unusable, repeated) + (f" · 还没有单号 {untold}" if untold else "")
    return {
        "new": new,
        "unchanged": repeated,
        "doubtful": doubtful,
        "unusable": unusable,
        "untold": untold,
        "undo": outcome.undo,
        "message": f"{said}（共 {parsed.rows} 行）",
    }


def _whose(row: ImportView) -> UUID | None:
    """The supplier that a person named for this file; None when nobody did."""
    said = row.guess.get("said")
    name = Said.of(said).supplier if isinstance(said, Mapping) else ""
    return next((i for i, known in suppliers.names().items() if known == name), None)


def presume(name: str, above: str = "") -> Presumed | None:
    """Whose file it probably is: by its name, or else by what stands over its table."""
    for said, text in (("按文件名", name), ("按表头上方的字", above)):
        if found := suppliers.named_in(text):
            return Presumed(found[0], f"{said}认定是 {found[1]} 发的")
    return None


def unreadable(name: str, parsed: Parsed) -> list[NewClaim]:
    """Rows that could not even be read (a number that Excel rounded) are on the unusable pile like any other."""
    first: dict[int, RowError] = {}
    for error in parsed.errors:
        first.setdefault(error.row, error)
    return [
        NewClaim(
            (TrackingClaim(e.row, e.value, title=f"{name} 第 {e.row} 行"),),
            "unusable",
            (UnusableKind.PRECISION if check_number(e.value).kind == "precision" else UnusableKind.NO_NUMBER).value,
            f"{e.reason}。{e.fix}",
        )
        for e in first.values()
    ]


@dataclass(frozen=True, slots=True)
class Known:
    """The numbers a claim may be about: the platforms' order numbers, and how ours are found in a text."""

    orders: frozenset[str]
    own: OwnNumbers


def _known(bought: Bought) -> Known:
    """Ours also by short name and counter, among the purchases that still wait for a number."""
    waiting = [p.shown for p in bought.purchases if p.left and not p.dead]
    return Known(frozenset(n for p in bought.purchases for n in p.order_numbers), spans_among(waiting))


def take(
    said: Callable[[Known], Sequence[TrackingClaim]],
    *,
    by: Actor,
    supplier_id: UUID | None = None,
    task_id: UUID | None = None,
    file_id: UUID | None = None,
    refused: Sequence[NewClaim] = (),
    presumed: Presumed | None = None,
) -> Outcome:
    """Lay claims on the open purchases in the caller's transaction: record, keep, or pass over what is known.

    ``said`` makes the claims from the known numbers; ``supplier_id`` is whose words they are, when that is known,
    ``presumed`` when only a name tells; ``refused`` are claims that nobody could read. Nobody else records numbers of
    the company meanwhile.
    """
    parcels.one_at_a_time()
    now = clock.now()
    bought = open_purchases.load(since=now - timedelta(days=KNOWN_DAYS))
    found = said(_known(bought))
    piles = _match(found, bought, supplier_id, presumed)
    recorded = put(piles.matched, bought.lines, by=by, file_id=file_id)
    repeated = [u for u in piles.unusable if u.kind is UnusableKind.REPEATED]
    wrong = [u for u in piles.unusable if u.kind is not UnusableKind.REPEATED]
    waiting = [NewClaim(d.claims, "doubtful", d.kind.value, d.reason, d.suggestions) for d in piles.doubtful]
    waiting += [NewClaim(u.claims, "unusable", u.kind.value, u.reason) for u in wrong]
    waiting += refused
    whose = supplier_id or (presumed.supplier_id if presumed else None)
    kept.keep(waiting, supplier_id=whose, task_id=task_id, file_id=file_id)
    return Outcome(
        recorded=tuple(recorded),
        doubtful=len(piles.doubtful),
        unusable=len(wrong) + len(refused),
        repeated=len(repeated),
        undo=offer_undo(recorded, by=by),
        fates=tuple(_fates(piles, recorded, bought.lines)),
        wrong=tuple(wrong),
    )


def _match(
    found: Sequence[TrackingClaim], bought: Bought, supplier_id: UUID | None, presumed: Presumed | None
) -> TrackingMatch:
    now = clock.now()
    days = settings.number("tracking_window_days")
    numbers = sorted({clean_number(c.tracking_no) for c in found} - {""})
    parcels.close_old(numbers, days=days, now=now)
    owners: dict[str, list[tuple[UUID, str]]] = defaultdict(list)
    for p in bought.purchases:
        for number in (*p.tracking_numbers, *p.former):
            owners[number].append((p.purchase_id, p.shown))
    live = [
        LiveNumber(
            n.number,
            tuple(i for i, _ in owners[n.number]),
            "、".join(shown for _, shown in owners[n.number]) or "较早的采购单",
            n.since,
            n.delivered_at,
        )
        for n in parcels.live_numbers(numbers)
    ]
    senders = {p.supplier_id for p in bought.purchases}
    usual = open_purchases.usual_couriers(senders, since=now - timedelta(days=KNOWN_DAYS))
    return match_tracking(
        found, bought.purchases, live, MatchSettings(days, usual), now, supplier_id=supplier_id, presumed=presumed,
        key_of=key_of,
    )  # fmt: skip


def put(
    matched: Sequence[Matched],
    lines: Mapping[UUID, BoughtLine],
    *,
    by: Actor,
    shared: bool = False,
    file_id: UUID | None = None,
) -> list[InBox]:
    """Record parcels for purchase lines: contents, counts, reports, history, standing move together or not at all."""
    if not matched:
        return []
    order_ids = sorted({lines[c.line_id].order_id for m in matched for c in m.contents})
    standing.lock(order_ids)
    drafts = sorted({m.purchase_id for m in matched if any(lines[c.line_id].draft for c in m.contents)})
    purchases.mark_sent(drafts)
    recorded = parcels.record([_parcel(m, lines, by, shared, file_id) for m in matched])
    purchases.ship_lines([(p.assignment_id, p.quantity) for p in recorded])
    history.write([f for m in matched for f in _facts(m, lines, by, file_id)])
    advance.settle(order_ids)
    return recorded


def _parcel(m: Matched, lines: Mapping[UUID, BoughtLine], by: Actor, shared: bool, file_id: UUID | None) -> NewParcel:
    return NewParcel(
        tracking_number=m.tracking_no,
        courier=m.courier,
        supplier_id=lines[m.contents[0].line_id].supplier_id,
        pieces=tuple(_piece(c, lines[c.line_id]) for c in m.contents),
        reason=m.reason,
        by=by.key,
        shared=shared,
        file_id=file_id,
        row=m.rows[0] if m.rows else None,
    )


def _piece(content: Content, line: BoughtLine) -> Piece:
    return Piece(line.order_id, line.shop_id, line.assignment_id, content.quantity, tells=not line.handover)


def _facts(m: Matched, lines: Mapping[UUID, BoughtLine], by: Actor, file_id: UUID | None) -> list[Fact]:
    pieces: dict[UUID, int] = defaultdict(int)
    for c in m.contents:
        pieces[lines[c.line_id].order_id] += c.quantity
    return [
        Fact(
            order_id,
            "tracking",
            f"登记快递 {courier_name(m.courier)} {m.tracking_no}（{n} 件）：{m.reason}",
            by=by.key,
            by_name=by.name,
            file_id=file_id,
            row=m.rows[0] if m.rows else None,
        )
        for order_id, n in sorted(pieces.items())
    ]


def _fates(piles: TrackingMatch, recorded: Sequence[InBox], lines: Mapping[UUID, BoughtLine]) -> list[Fate]:
    """One word per row; the worst comes first, because the first word on a row stays."""
    homes = {(p.order_id, p.assignment_id): p.parcel_id for p in recorded}
    fates: list[Fate] = []
    for u in piles.unusable:
        if u.kind is not UnusableKind.REPEATED:
            fates += [
                (c.row, "rejected", None, "快递单号", u.reason, "在“回填单号”里修正，或改好后再导。") for c in u.claims
            ]
    for d in piles.doubtful:
        fates += [(c.row, "doubtful", None, "快递单号", d.reason, "到“回填单号”里确认。") for c in d.claims]
    for m in piles.matched:
        first = lines[m.contents[0].line_id]
        home = homes.get((first.order_id, first.assignment_id))
        fates += [(row, "new", home, "", "", "") for row in m.rows]
    for u in piles.unusable:
        if u.kind is UnusableKind.REPEATED:
            fates += [(c.row, "unchanged", None, "", u.reason, "") for c in u.claims]
    return fates


def offer_undo(
    recorded: Sequence[InBox], *, by: Actor, claims: Sequence[tuple[UUID, str]] = (), title: str = ""
) -> str:
    """The way back from recorded parcels (and from the claims they settled); '' when nothing was done."""
    if not recorded and not claims:
        return ""
    count = len({p.parcel_id for p in recorded})
    data = {
        "pieces": [[str(p.parcel_id), str(p.order_id), str(p.assignment_id), p.quantity] for p in recorded],
        "claims": [[str(i), state] for i, state in claims],
    }
    orders = len({p.order_id for p in recorded})
    return undo.offer(by=by, verb=RECORD, title=title or f"登记 {count} 个快递单号", count=orders, data=data)


def _take_back(data: Mapping[str, object], by: Actor) -> str:
    """Take recorded parcels back while no downloaded ship file holds them. Raises Conflict."""
    rows = data.get("pieces")
    decided = data.get("claims")
    assert isinstance(rows, list)
    assert isinstance(decided, list)
    pieces = [InBox(UUID(p), UUID(o), UUID(a), int(n)) for p, o, a, n in rows]
    order_ids = sorted({p.order_id for p in pieces})
    parcels.one_at_a_time()
    standing.lock(order_ids)
    out = parcels.take_back(pieces) if pieces else []
    if len(out) != len(pieces):
        raise Conflict("already_changed", "有的包裹后来又改过，不能整批撤销。请逐个处理。")
    if out:
        returning.unship_lines([(p.assignment_id, p.quantity) for p in out])
        history.write([Fact(i, "tracking", "撤销了快递单号的登记", by=by.key, by_name=by.name) for i in order_ids])
        advance.settle(order_ids)
    for claim_id, state in decided:
        kept.reopen(UUID(claim_id), str(state))
    count = len({p.parcel_id for p in out})
    return f"已撤销 {count} 个快递单号的登记。" if count else "已放回待处理。"


def _touches(data: Mapping[str, object]) -> Touched:
    rows, decided = data.get("pieces"), data.get("claims")
    assert isinstance(rows, list)
    assert isinstance(decided, list)
    return Touched(assignments=[UUID(a) for _, _, a, _ in rows], claims=[kept.get(UUID(i)) for i, _ in decided])


undo.register(RECORD, "logistics.edit", _take_back, _touches)
