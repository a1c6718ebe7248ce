"""Values of orders that others may hold: holds, what raises them, and the facts that screening looks at.

Money is integer fen, moments are aware UTC, reasons are Chinese sentences without personal data.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from daifa.kit.money import Fen
from daifa.kit.states import LifeCycle
from daifa.kit.values import dataclass
from daifa.ports.shop import OrderState, RecipientState, RefundState, WaitReason


class HoldKind(StrEnum):
    """Why a thing waits; several may stand on one order. The order here is the order of reading."""

    NUMBER_CONFLICT = "number_conflict"
    LINES_MISSING = "lines_missing"
    UNMATCHED = "unmatched"
    REFUND_APPLIED = "refund_applied"
    ADDRESS_WISH = "address_wish"
    NOT_TO_SHIP_YET = "not_to_ship_yet"
    RECIPIENT_ABSENT = "recipient_absent"
    RECIPIENT_MASKED = "recipient_masked"
    ADDRESS_INCOMPLETE = "address_incomplete"
    ADDRESS_CONTRADICTORY = "address_contradictory"
    REGION_NOT_SERVED = "region_not_served"
    TRANSIT_ADDRESS = "transit_address"
    BLOCKED = "blocked"
    NOTE_ASKS = "note_asks"
    COURIER_DEMANDED = "courier_demanded"
    DUPLICATE = "duplicate"
    UNUSUAL = "unusual"
    NO_SUPPLY = "no_supply"
    MARGIN_LOW = "margin_low"
    RULE = "rule"
    MANUAL = "manual"
    OVERDUE = "overdue"
    DEADLINE_NEAR = "deadline_near"


# The platform's word only moves on: every state may be skipped, what is cancelled stays so.
ORDER = LifeCycle(
    name="平台订单",
    start=OrderState.UNPAID.value,
    table={s.value: tuple(t.value for t in OrderState if t.rank > s.rank) for s in OrderState},
    labels={
        "unpaid": "待付款", "paid": "待发货", "part_shipped": "部分发货", "shipped": "已发货", "finished": "已完成",
        "cancelled": "已取消",
    },
)  # fmt: skip
HOLD = LifeCycle(
    name="异常",
    start="open",
    # A person's word may be taken back.
    table={"open": ("closed", "cleared"), "closed": (), "cleared": ("open",)},
    labels={"open": "未处理", "closed": "已解除", "cleared": "已放行"},
)
WISH = LifeCycle(
    name="改地址申请",
    start="open",
    table={"open": ("agreed", "refused", "settled", "moot"), "agreed": (), "refused": (), "settled": (), "moot": ()},
    labels={
        "open": "等答复", "agreed": "已同意", "refused": "已拒绝", "settled": "平台上已有结果", "moot": "不用答复了",
    },
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class HoldInfo:
    """How a kind is called on a chip, whether it stops the purchase, who may clear it, and its one-press remedy.

    ``clearable`` is false where a person's word cannot replace the missing fact: only the remedy closes it. ``stays``
    says why it must not be shipped now: a word over many orders passes such a kind only where it is named.
    ``waits_for``: what ends it where no person here can do anything about it today.
    """

    label: str
    remedy: str
    blocks: bool = True
    permission: str = "orders.edit"
    clearable: bool = True
    stays: str = ""
    waits_for: str = ""


REFUND_ENDS = "退款有结果"
HOLDS: Mapping[HoldKind, HoldInfo] = {
    HoldKind.NUMBER_CONFLICT: HoldInfo("单号冲突", "choose_shop", stays="先认定是哪家店的单"),
    HoldKind.LINES_MISSING: HoldInfo("缺商品明细", "import_lines", clearable=False),
    HoldKind.UNMATCHED: HoldInfo("待匹配", "match", clearable=False),
    HoldKind.REFUND_APPLIED: HoldInfo("退款申请中", "see_refund", stays="退款有结果前不能发", waits_for=REFUND_ENDS),
    HoldKind.ADDRESS_WISH: HoldInfo("买家要改地址", "answer_wish", clearable=False),
    HoldKind.NOT_TO_SHIP_YET: HoldInfo(
        "暂不可发货", "wait", stays="平台还不让发（审核、预售、未成团），到时自动放行", waits_for="平台允许发货"
    ),
    HoldKind.RECIPIENT_ABSENT: HoldInfo("缺收件人", "add_recipient", clearable=False),
    HoldKind.RECIPIENT_MASKED: HoldInfo("收件人脱敏", "add_recipient", clearable=False),
    HoldKind.ADDRESS_INCOMPLETE: HoldInfo("地址不完整", "fix_address", stays="先补地址，不然寄不到"),
    HoldKind.ADDRESS_CONTRADICTORY: HoldInfo("地址矛盾", "fix_address", stays="先改地址，不然会寄错"),
    HoldKind.REGION_NOT_SERVED: HoldInfo("地区不送达", "add_supply", permission="purchasing.edit", clearable=False),
    HoldKind.TRANSIT_ADDRESS: HoldInfo("集运/转运地址", "check_address"),
    HoldKind.BLOCKED: HoldInfo("黑名单", "see_blocklist", permission="rules.edit", stays="黑名单里的人要单独决定"),
    HoldKind.NOTE_ASKS: HoldInfo("留言备注有要求", "read_note"),
    HoldKind.COURIER_DEMANDED: HoldInfo("指定快递", "choose_supplier"),
    HoldKind.DUPLICATE: HoldInfo("疑似重复", "see_duplicate"),
    HoldKind.UNUSUAL: HoldInfo("金额/数量异常", "approve", permission="purchasing.edit"),
    HoldKind.NO_SUPPLY: HoldInfo("没有货源", "add_supply", permission="purchasing.edit", clearable=False),
    HoldKind.MARGIN_LOW: HoldInfo("毛利过低", "approve", permission="purchasing.edit"),
    HoldKind.RULE: HoldInfo("规则挂起", "approve"),
    HoldKind.MANUAL: HoldInfo("人工挂起", "approve"),
    HoldKind.OVERDUE: HoldInfo("已超时", "dispatch_now", blocks=False),
    HoldKind.DEADLINE_NEAR: HoldInfo("临近超时", "dispatch_now", blocks=False),
}
REMEDIES: Mapping[str, str] = {
    "choose_shop": "是本店的",
    "import_lines": "导入商品明细",
    "match": "去匹配",
    "see_refund": "看退款",
    "answer_wish": "答复买家",
    "wait": "到期自动放行",
    "add_recipient": "补收件人",
    "fix_address": "改地址",
    "choose_supplier": "放行并选供应商",
    "check_address": "核对地址",
    "see_blocklist": "看黑名单",
    "read_note": "看留言备注",
    "see_duplicate": "对比两单",
    "approve": "放行",
    "add_supply": "加货源",
    "dispatch_now": "优先派单",
}


def blocks(kind: HoldKind, warn_only: frozenset[HoldKind] | None = None) -> bool:
    """Whether a hold of this kind stops the purchase; ``warn_only`` overrides the built-in table."""
    return HOLDS[kind].blocks if warn_only is None else kind not in warn_only


WARN_ONLY = frozenset(kind for kind, info in HOLDS.items() if not info.blocks)


@dataclass(frozen=True, slots=True)
class HoldFinding:
    """One reason found now. ``fingerprint`` stands for the facts judged, never for the moment of judging."""

    kind: HoldKind
    line_id: UUID | None
    reason: str
    fingerprint: str
    remedy: str
    blocks: bool = True


@dataclass(frozen=True, slots=True)
class ScreenLine:
    """One line as screening sees it. ``matched`` also for 不发货 lines, whose ``ships`` is false."""

    line_id: UUID
    title: str
    quantity: int
    matched: bool = True
    ships: bool = True
    unit_price_fen: Fen | None = None
    refund: RefundState = RefundState.NONE
    listing_key: str = ""


@dataclass(frozen=True, slots=True)
class Habit:
    """What a shop's orders usually are: medians and median absolute deviations over ``orders`` of them."""

    orders: int = 0
    amount_median_fen: Fen = 0
    amount_mad_fen: Fen = 0
    quantity_median: int = 0
    quantity_mad: int = 0


@dataclass(frozen=True, slots=True)
class Twin:
    """Another living order with the same recipient and the same goods; ``at`` is its payment (or order) time."""

    number: str
    at: datetime


@dataclass(frozen=True, slots=True)
class BlockHit:
    """An entry of the blocklist that this order's recipient hits: what hit (``phone``, ``name``, ``person``), why."""

    kind: str
    reason: str


@dataclass(frozen=True, slots=True)
class RuleHold:
    """What an operator's rule wants held, and the numbers because of which; made by the rule engine."""

    rule_id: UUID
    name: str
    text: str
    fingerprint: str
    approval: bool = False
    because: str = ""


@dataclass(frozen=True, slots=True)
class ScreenFacts:
    """Everything that screening looks at of one order, filled for many orders at once.

    ``note``/``memo``/``address`` are opened only for this and go nowhere else; None means that they could not be
    opened. ``person_print`` is the keyed hash of the recipient in hex. ``recipient_path`` is the order's own or the
    shop's: ``file``, ``handover``, ``wait``. ``address_problems`` are (``incomplete`` | ``contradictory`` | other,
    sentence without personal data). ``sent`` says that nothing is left to buy or to send to a supplier, ``gone`` that
    all of it is shipped and the platform told of it, or tells itself: no deadline can be missed any more.
    ``at`` is the payment time, else the order time.
    ``cipher_goes``: everything can be had from suppliers whose platform decrypts the recipient itself; ``hands_over``:
    from factories bound to the shop, which read the recipient on its platform.
    ``margin_fen`` None means unknown, never zero. ``wish``: the buyer's open wish to move, its id and where to.
    """

    order_id: UUID
    state: OrderState
    now: datetime
    refund: RefundState = RefundState.NONE
    cash_on_delivery: bool = False
    waits: tuple[WaitReason, ...] = ()
    ship_not_before: datetime | None = None
    due_by: datetime | None = None
    at: datetime | None = None
    sent: bool = False
    gone: bool = False
    lines: tuple[ScreenLine, ...] = ()
    lines_missing: bool = False
    recipient_state: RecipientState = RecipientState.PLAIN
    recipient_path: str = "file"
    cipher_goes: bool = False
    hands_over: bool = False
    person_print: str = ""
    province: str = ""
    city: str = ""
    district: str = ""
    address_problems: tuple[tuple[str, str], ...] = ()
    address: str | None = None
    consolidation: str = ""
    courier_demand: str = ""
    note: str | None = None
    memo: str | None = None
    paid_fen: Fen | None = None
    refunded_fen: Fen | None = None
    refund_refs: tuple[str, ...] = ()
    margin_fen: Fen | None = None
    twins: tuple[Twin, ...] = ()
    block_hits: tuple[BlockHit, ...] = ()
    habit: Habit = field(default_factory=Habit)
    unsupplied: tuple[str, ...] = ()
    unable: tuple[tuple[str, str], ...] = ()
    region_not_served: tuple[str, ...] = ()
    rule_holds: tuple[RuleHold, ...] = ()
    conflict_shop: str = ""
    wish: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class ScreenSettings:
    """What an owner sets about screening. ``fingerprint_key`` keeps prints of notes from being guessed.

    ``unusual_times``: how many times the usual spread above the median is far outside the habit;
    ``unusual_orders``: how many orders a shop needs before it has a habit.
    """

    duplicate_hours: int = 48
    margin_floor_fen: Fen = 0
    deadline_near_hours: int = 4
    unusual_times: int = 12
    unusual_orders: int = 30
    warn_only: frozenset[HoldKind] = WARN_ONLY
    fingerprint_key: bytes = b""


@dataclass(frozen=True, slots=True)
class OpenHold:
    """A hold that stands now. ``raised_by`` is ``screen`` for derived ones, else the person who raised it."""

    id: UUID
    kind: HoldKind
    line_id: UUID | None
    fingerprint: str
    reason: str = ""
    raised_by: str = "screen"


@dataclass(frozen=True, slots=True)
class Clearance:
    """A person's word about a hold of these facts."""

    kind: HoldKind
    line_id: UUID | None
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Settled:
    """What is to be done with the holds of one order: open, change (same hold, new facts), close, or leave."""

    to_open: tuple[HoldFinding, ...] = ()
    to_change: tuple[tuple[OpenHold, HoldFinding], ...] = ()
    to_close: tuple[OpenHold, ...] = ()
    kept: tuple[OpenHold, ...] = ()


# --- operators' rules --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RuleFacts:
    """What an operator's rule may look at of one order; None means unknown, and no condition holds of the unknown.

    ``suppliers`` are those that are to supply it (assigned, else first by routing), empty while nobody knows; so are
    SKU codes of unmatched orders. Notes are opened only for this.
    """

    order_id: UUID
    number: str = ""
    platform: str = ""
    shop_id: UUID | None = None
    province: str = ""
    city: str = ""
    amount_fen: Fen | None = None
    paid_fen: Fen | None = None
    receivable_fen: Fen | None = None
    margin_fen: Fen | None = None
    quantity: int = 0
    sku_codes: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    note: str | None = None
    memo: str | None = None
    flag: str = ""
    paid_at: datetime | None = None
    suppliers: tuple[UUID, ...] = ()
    tags: tuple[str, ...] = ()
    cash_on_delivery: bool = False
    refund: RefundState = RefundState.NONE


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A stored rule; ``definition`` is a validated document."""

    id: UUID
    name: str
    position: int
    enabled: bool
    definition: Mapping[str, object]
    version: int = 1


@dataclass(frozen=True, slots=True)
class RuleOutcome:
    """What the rules together want of one order. ``reasons`` has one sentence per rule that held.

    Where several rules say one thing (priority, flag, supplier), the first in their order is heard.
    """

    holds: tuple[RuleHold, ...] = ()
    tags: tuple[str, ...] = ()
    priority: int | None = None
    flag: str | None = None
    supplier_id: UUID | None = None
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RuleReplay:
    """What one rule alone would have done to past orders. ``amount_fen`` adds what buyers paid, where it is known."""

    rule_id: UUID
    name: str
    looked: int
    orders: tuple[UUID, ...]
    amount_fen: Fen
    amounts_missing: int
    text: str
