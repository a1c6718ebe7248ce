"""A shop's orders in our words, whether they came by API or by file. Money in fen, moments in UTC, ids as text."""

from __future__ import annotations

from dataclasses import field
from datetime import datetime
from enum import StrEnum

from daifa.kit.values import dataclass


class OrderState(StrEnum):
    """What the platform says of an order or a line; ``rank`` orders the way forward."""

    UNPAID = "unpaid"
    PAID = "paid"
    PART_SHIPPED = "part_shipped"
    SHIPPED = "shipped"
    FINISHED = "finished"
    CANCELLED = "cancelled"

    @property
    def rank(self) -> int:
        """Position along the life cycle; cancelled is absorbing and therefore last."""
        return list(OrderState).index(self)


# Shipped whole at its platform; over: nothing ships any more, for whatever reason.
GONE = frozenset({OrderState.SHIPPED, OrderState.FINISHED})
OVER = GONE | {OrderState.CANCELLED}


class RefundState(StrEnum):
    """What became of the buyer's wish to get money back."""

    NONE = "none"
    APPLIED = "applied"
    WITHDRAWN = "withdrawn"
    PARTLY = "partly"
    FULL = "full"


class WaitReason(StrEnum):
    """Why a paid order must not be shipped yet, by the platform's own word."""

    UNDER_REVIEW = "under_review"
    GROUP_PENDING = "group_pending"
    PRESALE = "presale"
    RESERVED = "reserved"
    RISK = "risk"


class RecipientState(StrEnum):
    """Four different things a file or an API may give us of the person who receives."""

    ABSENT = "absent"
    MASKED = "masked"
    CIPHER = "cipher"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who receives, and where; which of the four states it is in as a whole. Whoever prints it sees the region only.

    Of a ciphertext (CIPHER) the texts are the masked ones that people may see; the ciphers stand beside it.
    """

    state: RecipientState = RecipientState.ABSENT
    name: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    province: str = ""
    city: str = ""
    district: str = ""
    street: str = field(default="", repr=False)
    address: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class SealedRecipient:
    """A receiver's ciphertexts as the platform gave them: handed on or opened by it, never compared with each other.

    ``key``: the platform's own mark of the receiver (equal key, same receiver), "" where it has none.
    """

    name: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    address: str = field(default="", repr=False)
    key: str = ""


@dataclass(frozen=True, slots=True)
class ShopLine:
    """One line of a platform order.

    ``line_key`` is the platform's sub-order number, or the stable key the connector defines where there is none
    (item + spec + ordinal). ``listing_key`` names the listing SKU inside the shop (what a mapping remembers).
    """

    line_key: str
    listing_key: str
    title: str
    quantity: int
    external_id: str = ""
    item_id: str = ""
    sku_id: str = ""
    spec: str = ""
    merchant_code: str = ""
    unit_price_fen: int | None = None
    amount_fen: int | None = None
    paid_fen: int | None = None
    receivable_fen: int | None = None
    refunded_fen: int | None = None
    state: OrderState | None = None
    refund: RefundState | None = None
    is_gift: bool = False
    image_url: str = ""
    # Pieces that left, by the platform's word on its parcels; None where it says nothing of pieces.
    gone: int | None = None


@dataclass(frozen=True, slots=True)
class ShopOrder:
    """One platform order with its lines; None means "this source does not say", never zero.

    ``promoted``: somebody's promotion sold it (达人, 团长), who is paid a share.
    """

    platform: str
    external_id: str
    state: OrderState
    refund: RefundState | None = None
    waits: tuple[WaitReason, ...] = ()
    shop_name: str = ""
    shop_external_id: str = ""
    as_of: datetime | None = None
    ordered_at: datetime | None = None
    paid_at: datetime | None = None
    ship_by: datetime | None = None
    ship_not_before: datetime | None = None
    shipped_at: datetime | None = None
    finished_at: datetime | None = None
    cash_on_delivery: bool = False
    amount_fen: int | None = None
    freight_fen: int | None = None
    paid_fen: int | None = None
    receivable_fen: int | None = None
    refunded_fen: int | None = None
    commission_fen: int | None = None
    platform_fee_fen: int | None = None
    insurance_fen: int | None = None
    promoted: bool | None = None
    buyer_nick: str = ""
    buyer_note: str | None = None
    seller_memo: str | None = None
    flag: str | None = None
    courier_demand: str = ""
    consolidation: str = ""
    recipient: Recipient = field(default_factory=Recipient)
    cipher: SealedRecipient | None = None
    parcels: tuple[tuple[str, str], ...] = ()
    lines: tuple[ShopLine, ...] = ()
    lines_missing: bool = False
    extra: tuple[tuple[str, str], ...] = ()
    rows: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class AddressWish:
    """Where a buyer wants an order to go instead. ``answer_by``: then the platform answers by itself."""

    order_external_id: str
    recipient: Recipient
    cipher: SealedRecipient | None = None
    asked_at: datetime | None = None
    answer_by: datetime | None = None


@dataclass(frozen=True, slots=True)
class ShopRefund:
    """One refund or after-sale case as a platform's export or API tells it."""

    platform: str
    external_id: str
    order_external_id: str
    state: RefundState
    line_external_id: str = ""
    amount_fen: int | None = None
    needs_return: bool | None = None
    reason: str = ""
    platform_state: str = ""
    applied_at: datetime | None = None
    finished_at: datetime | None = None
    return_courier: str = ""
    return_tracking: str = ""
    # Until then the merchant may answer; then the platform answers by itself.
    answer_by: datetime | None = None
    rows: tuple[int, ...] = ()
