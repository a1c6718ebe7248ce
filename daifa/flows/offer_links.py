"""货源关联: an offer is read because a person pasted it; our SKUs are linked to its options, several at once.

The reading is a task, because no company is called while a request's transaction is open; the screen waits for it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from functools import partial
from uuid import UUID

from daifa.areas.accounts.services import connections
from daifa.areas.accounts.types import CONNECTION
from daifa.areas.catalog.rules.matching import suggest
from daifa.areas.catalog.services import goods
from daifa.areas.catalog.types import ListingSku, Sureness
from daifa.areas.mailroom.services import tasks
from daifa.areas.mailroom.types import TaskView
from daifa.areas.purchasing.services import linking, suppliers
from daifa.areas.purchasing.services.linking import OfferView
from daifa.areas.purchasing.services.suppliers import SupplierOut
from daifa.base.actor import Actor
from daifa.base.jobs import tenant_task
from daifa.base.tenancy import tenant
from daifa.flows import answered, connect, matching, offer_watch, supply_moved
from daifa.flows.answered import Answer
from daifa.kit import clock
from daifa.kit.errors import AppError, Conflict, Invalid
from daifa.kit.money import Fen
from daifa.kit.values import dataclass
from daifa.ports.errors import LoginExpired, NotThere, RemoteError
from daifa.reads import offer_desk

KIND = "offer"


@dataclass(frozen=True, slots=True)
class Asked:
    """A reading that was begun: its task, and the offer's number as the platform has it."""

    task_id: UUID
    ref: str


@dataclass(frozen=True, slots=True)
class Pair:
    """What a person confirmed: this SKU is this option."""

    sku_id: UUID
    spec_id: str


@dataclass(frozen=True, slots=True)
class Linked:
    """What became of one pair."""

    sku_id: UUID
    spec_id: str
    ok: bool
    message: str


@dataclass(frozen=True, slots=True)
class Guess:
    """Which SKU of ours an option may be, and why; a person confirms."""

    sku_id: UUID
    reason: str
    sure: bool


def standing(supplier: SupplierOut) -> str:
    """Why offers of this supplier cannot be read now; "" when they can."""
    if supplier.connection_id is None:
        told = "先在“授权”里接上采购账号，再把“怎么发单”改成“接口下单”。"
        return f"{supplier.name} 还没有接口授权，读不到平台上的货源。{told}"
    held = connections.get(supplier.connection_id)
    if held.state == "working":
        return ""
    return f"采购账号 {held.account_name or held.account} {CONNECTION.labels[held.state]}，请到“授权”里处理后再读。"


def ask(*, by: Actor, supplier_id: UUID, text: str) -> Asked:
    """Have an offer read now, by its link or number. Raises NotFound, Invalid, Conflict."""
    by.need_supplier(supplier_id)
    row = suppliers.get(supplier_id)
    if problem := standing(row):
        raise Conflict("not_connected", problem)
    assert row.connection_id is not None
    ref = connect.supplier_dialect(connect.platform_of(row.connection_id)).offer_ref(text)
    if not ref:
        raise Invalid(
            "no_offer_number", f"“{text.strip()[:60]}”里没有货源号。请粘贴商品页的链接，或只填链接里的那串数字。",
            fields={"text": "没有认出货源号"},
        )  # fmt: skip
    task = tasks.start(by=by, kind=KIND, title=f"读取货源 {ref}", params={"supplier": str(supplier_id), "ref": ref})
    read_asked.enqueue(task_id=str(task.id), supplier_id=str(supplier_id), ref=ref)
    return Asked(task.id, ref)


@tenant_task("offers.read", queue="outside")
def read_asked(*, tenant_id: int, task_id: str, supplier_id: str, ref: str) -> None:
    """Read the offer that somebody asked for; what came of it stands in the task."""

    def find(_: TaskView) -> Answer:
        touched = offer_watch.read(tenant_id, UUID(supplier_id), ref, asked=True)
        with tenant(tenant_id):
            supply_moved.moved(touched)
        return Answer("已读到")

    link = f"/suppliers?open={supplier_id}"
    answered.carry_out(tenant_id, UUID(task_id), find, told=partial(told, ref), link=link)


def told(ref: str, error: RemoteError | AppError) -> str:
    """Why an offer could not be read, and what to do."""
    if isinstance(error, NotThere):
        return f"平台上没有货源 {ref}（{error.said}）。请核对链接；卖家删掉的要换一个货源。"
    if isinstance(error, LoginExpired):
        return "采购账号的授权已失效。请到“授权”里重新授权，再读一次。"
    return answered.words(error)


def guesses(supplier_id: UUID, offer: OfferView, sought: Collection[UUID] = ()) -> dict[str, Guess]:
    """Which SKU each option may be: by the supplier's article code, else by our code, else by words. By spec id.

    Among those that are as likely, one of the ``sought`` SKUs.
    """
    codes = [str(o.get("code") or "") for o in offer.options]
    known = linking.by_codes(supplier_id, codes)
    index = matching.index()
    found: dict[str, Guess] = {}
    for option, code in zip(offer.options, codes, strict=True):
        spec_id = str(option.get("spec_id") or "")
        if code in known and known[code] in index.by_id:
            found[spec_id] = Guess(known[code], f"报价里的货号 {code} 一致", sure=True)
            continue
        said = [str(v) for _, v in _pairs(option)]
        best = suggest(ListingSku(offer.title, ";".join(said), code), index, sought=sought).suggestions
        singles = [s for s in best if len(s.parts) == 1 and s.parts[0].quantity == 1]
        if singles:
            single = next((s for s in singles if s.sku_id in sought and s.word is singles[0].word), singles[0])
            found[spec_id] = Guess(single.sku_id, single.reason, single.word is Sureness.SURE)
    return found


@dataclass(frozen=True, slots=True)
class Fit:
    """An offer that was read and is not wholly linked; ``code``: which of the wanted SKUs it may be, and why."""

    ref: str
    title: str
    image_url: str
    low_fen: Fen | None
    high_fen: Fen | None
    code: str
    reason: str


def fits(supplier_id: UUID, codes: Sequence[str]) -> list[Fit]:
    """Offers of the supplier that were read and have options of nobody, those that may be one of these SKUs first."""
    wanted = {i: code for code, i in goods.ids_by_code(codes).items()}
    found = []
    for row in offer_desk.free(supplier_id):
        told = guesses(supplier_id, linking.get(supplier_id, row.ref), wanted).values() if wanted else ()
        best = next((g for g in sorted(told, key=lambda g: not g.sure) if g.sku_id in wanted), None)
        code, reason = (wanted[best.sku_id], best.reason) if best else ("", "")
        found.append(Fit(row.ref, row.title, row.image_url, row.low_fen, row.high_fen, code, reason))
    return sorted(found, key=lambda f: f.code == "")


def _pairs(option: Mapping[str, object]) -> Sequence[Sequence[str]]:
    said = option.get("attributes") or ()
    assert isinstance(said, Sequence)
    return said


def link(*, by: Actor, supplier_id: UUID, ref: str, pairs: Sequence[Pair]) -> list[Linked]:
    """Link what a person confirmed, each pair for itself. The first link tells us whom the platform calls the supplier.

    Raises NotFound, Invalid for nothing chosen.
    """
    by.need_supplier(supplier_id)
    supplier = suppliers.get(supplier_id)
    offer = linking.get(supplier_id, ref)
    if not pairs:
        raise Invalid("nothing_chosen", "请先给至少一个规格选好我们的商品。")
    active = {s.id: s for s in goods.views(sorted({p.sku_id for p in pairs})) if s.active}
    today, seen, results = clock.business_day(clock.now()), set[UUID](), []
    for pair in pairs:
        outcome = _one(by, supplier_id, ref, pair, known=pair.sku_id in active, again=pair.sku_id in seen, today=today)
        seen.add(pair.sku_id)
        results.append(outcome)
    done = [r.sku_id for r in results if r.ok]
    if done and not supplier.account and offer.seller:
        suppliers.change(by=by, supplier_id=supplier_id, version=supplier.version, account=offer.seller)
    supply_moved.moved(done)
    return results


def _one(by: Actor, supplier_id: UUID, ref: str, pair: Pair, *, known: bool, again: bool, today: date) -> Linked:
    make = partial(Linked, pair.sku_id, pair.spec_id)
    if not known:
        return make(False, "这个规格不在商品库里，或已停用。请换一个。")
    if again:
        return make(False, "同一个商品在这一批里选了两次，只关联了第一次。")
    try:
        linking.link(
            by=by, supplier_id=supplier_id, sku_id=pair.sku_id, offer_id=ref, spec_id=pair.spec_id, today=today
        )
    except AppError as error:
        return make(False, error.message_zh)
    return make(True, "已关联")


def thaw(*, by: Actor, supplier_id: UUID, ref: str, link_ids: Sequence[UUID]) -> str:
    """A person looked: the frozen options are still what we want. Raises NotFound, Conflict."""
    by.need_supplier(supplier_id)
    touched = linking.thaw(by=by, supplier_id=supplier_id, offer_id=ref, link_ids=link_ids)
    supply_moved.moved(touched)
    return f"{len(touched)} 个规格已解除冻结，等着下单的会继续"


def desk(supplier_id: UUID, *, frozen: bool) -> list[offer_desk.OfferRow]:
    """The supplier's linked offers; with ``frozen`` those that wait for a person."""
    rows = offer_desk.offers(supplier_id)
    return [r for r in rows if r.frozen or not r.on_sale] if frozen else rows
