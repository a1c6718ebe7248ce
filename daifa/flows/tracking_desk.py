"""What a person says of suppliers' numbers: pasted chat text, yes or no to a doubtful one, a number typed by hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from daifa.areas.logistics.rules.answering import without_number
from daifa.areas.logistics.rules.chat import parse_tracking_text
from daifa.areas.logistics.rules.couriers import courier_name, courier_table, recognise_courier
from daifa.areas.logistics.rules.match_index import PurchaseIndex
from daifa.areas.logistics.rules.tracking_numbers import check_number
from daifa.areas.logistics.services import claims as kept
from daifa.areas.logistics.services import parcels
from daifa.areas.logistics.services.claims import ClaimView, NewClaim
from daifa.areas.logistics.types import Content, Matched, OpenPurchase, TrackingClaim
from daifa.areas.mailroom.services import files, tasks
from daifa.base.actor import Actor
from daifa.flows import renumbering, tracking
from daifa.flows.tracking import KNOWN_DAYS, Known, Outcome
from daifa.kit import clock
from daifa.kit.errors import Conflict, Invalid, NotFound
from daifa.kit.values import dataclass
from daifa.reads import open_purchases, order_desk
from daifa.reads.open_purchases import Bought
from daifa.reads.tracking_desk import PASTED, claims_of

MOST_TEXT = 200_000


@dataclass(frozen=True, slots=True)
class Word:
    """A person's word on one number: which purchase, perhaps another number or courier (code), whether the box is
    shared with other orders, and whether they looked at what speaks against it (``sure``)."""

    purchase_id: UUID | None = None
    tracking_no: str = ""
    courier: str = ""
    shared: bool = False
    sure: bool = False


@dataclass(frozen=True, slots=True)
class Settled:
    """What a person's word did: a sentence, and the token for 撤销 ('' when it cannot be taken back)."""

    message: str
    undo: str = ""


def paste(text: str, *, by: Actor, supplier_id: UUID | None = None, name: str = "") -> tuple[UUID, Outcome]:
    """Chat text as a supplier wrote it: kept sealed, laid on the open purchases; the task and what became of it.

    Raises Invalid when there is nothing in it that looks like a tracking number.
    """
    if not text.strip():
        raise Invalid("nothing_pasted", "没有内容。请把供应商发来的单号粘贴进来。")
    if len(text) > MOST_TEXT:
        raise Invalid("text_too_long", f"一次最多粘贴 {MOST_TEXT // 10_000} 万字，请分几次粘贴。")
    at = clock.now().astimezone(clock.BEIJING)
    numberless: tuple[str, ...] = ()

    def said(known: Known) -> Sequence[TrackingClaim]:
        nonlocal numberless
        found = parse_tracking_text(text, own_numbers=known.own, order_numbers=known.orders)
        numberless = without_number(text, found, known.own)
        return found

    task_id, outcome = lay(
        said,
        by=by,
        supplier_id=supplier_id,
        name=name or f"{PASTED}{at:%m%d-%H%M%S}.txt",
        data=text.encode(),
    )
    return task_id, replace(outcome, numberless=numberless)


def lay(
    said: Callable[[Known], Sequence[TrackingClaim]],
    *,
    by: Actor,
    supplier_id: UUID | None,
    name: str,
    data: bytes,
    refused: Sequence[NewClaim] = (),
) -> tuple[UUID, Outcome]:
    """Claims of one text or file: it is kept sealed, the task and what became of it.

    Raises Invalid for none, NotAllowed for a supplier outside the scope.
    """
    if supplier_id is not None:
        by.need_supplier(supplier_id)
    stored = files.store(by=by, data=data, name=name, purpose="import")
    task = tasks.start(by=by, kind="tracking", title=f"登记单号：{stored.name}", file_id=stored.id)
    tasks.begin(task.id)
    outcome = tracking.take(
        said, by=by, supplier_id=supplier_id, task_id=task.id, file_id=stored.id, refused=refused,
        presumed=tracking.presume(name),
    )  # fmt: skip
    if not outcome.fates and not refused:
        raise Invalid("no_numbers", "这段文字里没有找到快递单号。请粘贴供应商发来的“收件人 + 快递 + 单号”。")
    result = {
        "succeeded": outcome.parcels,
        "failed": outcome.unusable,
        "doubtful": outcome.doubtful,
        "unchanged": outcome.repeated,
        "message": outcome.message,
        "undo": outcome.undo,
    }
    tasks.finish(task.id, result=result, link="/tracking")
    return task.id, outcome


def accept(claim_id: UUID, word: Word, *, by: Actor) -> Settled:
    """A person's yes to a doubtful claim, perhaps with a correction. Raises NotFound, Invalid, Conflict."""
    claim = _mine(claim_id, by)
    only = claim.suggestions[0] if len(claim.suggestions) == 1 else None
    purchase_id = word.purchase_id or (only.purchase_id if only else None)
    if purchase_id is None:
        raise Invalid("which_purchase", "请先选择这个单号是哪张采购单的。")
    mine = next((s for s in claim.suggestions if s.purchase_id == purchase_id), None)
    number = word.tracking_no or (mine.tracking_no if mine else claim.tracking_no)
    courier = word.courier or (mine.courier if mine and not word.tracking_no else "")
    said = replace(
        word, purchase_id=purchase_id, tracking_no=number, courier=courier, sure=word.sure or mine is not None
    )
    done = _register(said, mine.contents if mine else (), claim.reason, by, claim=claim)
    kept.decide(claim_id, "accepted", by=by.key)
    return done


def _mine(claim_id: UUID, by: Actor) -> ClaimView:
    """A claim that is this person's to decide, locked. Raises NotFound."""
    claim = kept.get(claim_id, lock=True)
    if not claims_of(by, [claim]):
        raise NotFound("no_such_claim", "没有这条回单，可能已被处理。请刷新。")
    return claim


def register(word: Word, *, by: Actor) -> Settled:
    """A number typed by hand for one purchase. Raises NotFound, Invalid, Conflict."""
    return _register(word, (), "人工登记", by)


def _register(
    word: Word, contents: Sequence[Content], reason: str, by: Actor, *, claim: ClaimView | None = None
) -> Settled:
    parcels.one_at_a_time()
    purchase, bought = _purchase(word.purchase_id)
    by.need_supplier(purchase.supplier_id)
    order_desk.in_scope(sorted({line.order_id for line in bought.lines.values()}), by)
    number, courier = _checked(word, purchase)
    if not word.sure and (against := _against(purchase, number, claim)):
        raise Conflict("not_sure", f"{against}。核对无误要登记的，请勾选“已核对”。")
    back = not purchase.left and number in purchase.former
    if parcels.live_numbers([number]) and not word.shared and not back:
        raise Conflict(
            "number_taken",
            f"单号 {number} 已经用在另一个包裹上。如果是合在一箱发的，请点“是合箱”，或在改正时勾选“合箱”。",
        )
    asked = [(claim.id, claim.state)] if claim else []
    if not purchase.left:
        return _renumber(purchase, number, courier, by, asked)
    left = {line.line_id: line.left for line in purchase.lines}
    fits = bool(contents) and all(c.quantity <= left.get(c.line_id, 0) for c in contents)
    inside = tuple(contents) if fits else tuple(Content(i, n) for i, n in left.items() if n)
    why = f"{by.name}确认登记到 {purchase.shown}（{reason.rstrip('。')}）。"
    row, file_id = (claim.row, claim.file_id) if claim else (0, None)
    matched = Matched((row,) if row else (), purchase.purchase_id, number, courier, inside, why)
    recorded = tracking.put([matched], bought.lines, by=by, shared=word.shared, file_id=file_id)
    said = f"已登记：{purchase.shown} {courier_name(courier)} {number}。"
    return Settled(said, tracking.offer_undo(recorded, by=by, claims=asked))


def _disagreement(said: Sequence[TrackingClaim], purchase: OpenPurchase) -> str:
    index = PurchaseIndex([purchase], tracking.key_of, None)
    return next((why for c in said if (why := index.disagreement(c, purchase))), "")


def _against(purchase: OpenPurchase, number: str, claim: ClaimView | None) -> str:
    """What a person who names a purchase may have overlooked; "" for nothing."""
    if claim and (why := _disagreement(kept.words(claim.id), purchase)):
        return why
    if not purchase.left:
        return (
            f"{purchase.shown} 已经全部发货（{'、'.join(purchase.tracking_numbers)}），登记会用 {number} 代替原来的单号"
        )
    return ""


def _purchase(purchase_id: UUID | None) -> tuple[OpenPurchase, Bought]:
    if purchase_id is None:
        raise Invalid("which_purchase", "请先选择这个单号是哪张采购单的。")
    since = clock.now() - timedelta(days=KNOWN_DAYS * 8)
    bought = open_purchases.load(since=since, purchase_ids=[purchase_id])
    if not bought.purchases:
        raise NotFound("no_such_purchase", "没有这张采购单，或它太旧了。请刷新后再试。")
    return bought.purchases[0], bought


def _checked(word: Word, purchase: OpenPurchase) -> tuple[str, str]:
    check = check_number(word.tracking_no, order_numbers=frozenset(purchase.order_numbers))
    if not check.ok:
        raise Invalid("bad_number", f"{check.problem}。")
    if word.courier:
        if word.courier not in courier_table():
            raise Invalid("no_such_courier", f"没有“{word.courier}”这家快递，请重新选择。")
        return check.number, word.courier
    found = recognise_courier("", check.number)
    if not found.code:
        raise Invalid("courier_missing", f"从单号 {check.number} 认不出快递公司，请选择快递。")
    return check.number, found.code


def _renumber(
    purchase: OpenPurchase, number: str, courier: str, by: Actor, asked: Sequence[tuple[UUID, str]]
) -> Settled:
    """All pieces are shipped: the person says that the box goes by another number."""
    ids = parcels.of_numbers(purchase.tracking_numbers)
    if len(ids) != 1:
        raise Conflict("which_parcel", f"{purchase.shown} 有 {len(ids)} 个包裹，请先撤销写错的那个，再登记新单号。")
    token = renumbering.renumber(ids[0], number, courier, by=by, shown=purchase.shown, claims=asked)
    return Settled(f"{purchase.shown} 的单号已换成 {number}，会重新上传平台。", token)


def dismiss(claim_ids: Sequence[UUID], *, by: Actor) -> Settled:
    """Doubtful or unusable claims that a person sets aside. Raises NotFound, Conflict."""
    before = [(i, _mine(i, by).state) for i in claim_ids]
    for claim_id, _ in before:
        kept.decide(claim_id, "dismissed", by=by.key)
    token = tracking.offer_undo([], by=by, claims=before, title=f"忽略 {len(before)} 条回单")
    return Settled(f"已忽略 {len(before)} 条。", token)
