"""The vocabulary of imported files: what was guessed of a sheet, and what its rows become.

Fields that a column can mean are in ``sheet_fields``. Money in fen, moments in UTC, ids as text, rows 1-based.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date, datetime
from enum import StrEnum

from daifa.kit.values import dataclass
from daifa.ports.shop import OrderState, Recipient, RefundState, ShopOrder, ShopRefund, WaitReason


class ImportKind(StrEnum):
    """What a file is about."""

    ORDERS = "orders"
    REFUNDS = "refunds"
    RECIPIENTS = "recipients"
    GOODS = "goods"
    SUPPLIERS = "suppliers"
    PRICES = "prices"
    LINKS = "links"
    TRACKING = "tracking"
    SHIP_TEMPLATE = "ship_template"

    @property
    def label(self) -> str:
        """How a person calls it."""
        return _KIND_LABELS[self]


_KIND_LABELS = {
    ImportKind.ORDERS: "订单",
    ImportKind.REFUNDS: "售后退款",
    ImportKind.RECIPIENTS: "收件人",
    ImportKind.GOODS: "商品",
    ImportKind.SUPPLIERS: "供应商",
    ImportKind.PRICES: "供应商报价",
    ImportKind.LINKS: "供货关系",
    ImportKind.TRACKING: "快递单号",
    ImportKind.SHIP_TEMPLATE: "批量发货模板",
}


class FieldType(StrEnum):
    """How the cells of a column are read."""

    TEXT = "text"
    ID = "id"
    CODE = "code"
    MONEY = "money"
    QUANTITY = "quantity"
    NUMBER = "number"
    TIME = "time"
    PHONE = "phone"
    STATUS = "status"
    YES_NO = "yes_no"


@dataclass(frozen=True, slots=True)
class Field:
    """One thing a column can mean.

    ``adds_up``: several columns may map to it and are summed (money). ``each``: several may, and each says its own.
    """

    key: str
    label: str
    type: FieldType
    meaning: str
    kinds: frozenset[ImportKind]
    adds_up: bool = False
    each: bool = False

    @property
    def shared(self) -> bool:
        """Whether a person may give it to several columns of one file."""
        return self.adds_up or self.each


class Grain(StrEnum):
    """What one row of an order file is."""

    ORDER = "order"
    LINE = "line"
    UNKNOWN = "unknown"


class LinesIn(StrEnum):
    """Where an order report's lines are: in its rows, in another file, or the file is nothing but lines."""

    HERE = "here"
    ELSEWHERE = "elsewhere"
    ONLY = "only"


CERTAIN = 0.95
LIKELY = 0.75


def confidence_word(confidence: float) -> str:
    """确定 / 较可能 / 请确认."""
    return "确定" if confidence >= CERTAIN else "较可能" if confidence >= LIKELY else "请确认"


@dataclass(frozen=True, slots=True)
class ColumnGuess:
    """What one column (0-based ``index``) is believed to mean; ``field`` None keeps it as an extra column.

    ``asked``: below the bar, a person must choose before its values are used. ``why`` is a Chinese sentence.
    """

    index: int
    column: str
    field: str | None
    confidence: float
    asked: bool
    samples: tuple[str, ...] = ()
    why: str = ""

    @property
    def word(self) -> str:
        """The confidence as a word."""
        return confidence_word(self.confidence)


@dataclass(frozen=True, slots=True)
class SheetGuess:
    """What one sheet is believed to be. ``header_row`` is 1-based, 0 when no header was found.

    ``platform`` '' = no platform (generic). ``profile`` is the key of the connector's ExportProfile.
    ``as_of`` is the stamp of name or title; None lets parsing take the latest time inside (data.md §4).
    """

    file: str
    sheet: str
    kind: ImportKind | None
    platform: str
    profile: str
    label: str
    header_row: int
    columns: tuple[ColumnGuess, ...]
    grain: Grain = Grain.UNKNOWN
    shop_hint: str = ""
    as_of: datetime | None = None
    as_of_source: str = ""
    as_of_day_only: bool = False
    confidence: float = 0.0
    hidden: bool = False
    chosen: bool = True
    template: str = ""
    unit_price_is_unit: bool | None = None
    notes: tuple[str, ...] = ()
    # What a person said of status words nobody knew: (field, header_key of the word) -> the key of its meaning.
    words: Mapping[tuple[str, str], str] = field(default_factory=dict)

    @property
    def asked(self) -> tuple[ColumnGuess, ...]:
        """The columns a person must look at."""
        return tuple(c for c in self.columns if c.asked)

    @property
    def ready(self) -> bool:
        """Whether it can be imported without a question."""
        return self.kind is not None and self.header_row > 0 and not self.asked

    @property
    def verdict(self) -> str:
        """The one sentence of the file's card."""
        if self.kind is None or not self.header_row:
            return "认不出这张表，请选择类型和表头行"
        if self.asked:
            return f"请确认 {len(self.asked)} 列"
        return "可直接导入"

    def field_columns(self) -> dict[str, list[int]]:
        """Field key -> column indexes, without the columns that are still asked."""
        found: dict[str, list[int]] = {}
        for c in self.columns:
            if c.field and not c.asked:
                found.setdefault(c.field, []).append(c.index)
        return found


@dataclass(frozen=True, slots=True)
class RowError:
    """Why one row (1-based in the sheet) was refused: column header, what it said, reason, what to do."""

    row: int
    column: str
    value: str
    reason: str
    fix: str


@dataclass(frozen=True, slots=True)
class StateMeaning:
    """What a platform's status word means in our words."""

    state: OrderState
    waits: tuple[WaitReason, ...] = ()
    refund: RefundState | None = None


@dataclass(frozen=True, slots=True)
class ShipTemplate:
    """What is known of a platform's batch-shipping file: its columns in order, each with our field key or ''.

    ``courier_by``: "name" or "code"; the table itself is the merchant's editable one. ``row_limit`` 0 = unknown.
    """

    columns: tuple[tuple[str, str], ...]
    courier_by: str = "name"
    row_limit: int = 0
    line_level: bool = False
    file_type: str = "xlsx"
    verified: bool = False
    source: str = ""


@dataclass(frozen=True, slots=True)
class ExportProfile:
    """One export file of one platform: exact headers (normalised, see ``header_key``) and what they mean.

    ``columns``: header -> field key ('' = known, kept as extra). ``signature``: headers that must all be there.
    ``listing_key``: field keys. Unknown status words become row errors, never guesses. ``state_suffixes``: words that
    follow a status after a comma. ``ordered_on_from_no``: expression with year, month, day groups for an order number
    that holds its day. ``item_separator``: how several items share one cell ('' = they do not). ``file_words`` in a
    file's name tell the platform; so do ``file_leads``, which belong to the shop's name unless they begin it.
    """

    key: str
    platform: str
    kind: ImportKind
    label: str
    columns: Mapping[str, str]
    signature: frozenset[str]
    grain: Grain = Grain.LINE
    lines_in: LinesIn = LinesIn.HERE
    states: Mapping[str, StateMeaning] = field(default_factory=dict)
    refund_states: Mapping[str, RefundState] = field(default_factory=dict)
    listing_key: tuple[str, ...] = ("sku_no", "merchant_code", "item_no", "spec")
    unit_price_is_unit: bool = True
    borne_adds_to_receivable: bool = True
    state_suffixes: Mapping[str, RefundState] = field(default_factory=dict)
    ordered_on_from_no: str = ""
    item_separator: str = ""
    ship_template: ShipTemplate | None = None
    as_of_titles: tuple[str, ...] = ("导出时间", "下载时间", "生成时间")
    verified: bool = False
    source: str = ""
    file_words: tuple[str, ...] = ()
    file_leads: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GoodsRow:
    """One of our SKUs as the merchant lists it; ``tiers`` are its supplier's prices as (from pieces, fen)."""

    row: int
    sku_code: str
    product_code: str = ""
    title: str = ""
    spec: str = ""
    cost_fen: int | None = None
    price_fen: int | None = None
    barcode: str = ""
    weight_g: int | None = None
    supplier: str = ""
    category: str = ""
    image_url: str = ""
    tiers: tuple[tuple[int, int], ...] = ()
    extra: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class SupplierRow:
    """One supplier as the merchant lists it."""

    row: int
    name: str
    code: str = ""
    contact: str = ""
    phone: str = ""
    wechat: str = ""
    address: str = ""
    note: str = ""
    extra: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class PriceRow:
    """One price of one supplier for one of our SKUs from ``min_qty`` pieces on; further ``tiers`` as (pieces, fen)."""

    row: int
    supplier: str
    sku_code: str
    supplier_code: str = ""
    title: str = ""
    spec: str = ""
    min_qty: int = 1
    price_fen: int = 0
    tiers: tuple[tuple[int, int], ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    freight_fen: int | None = None
    freight_text: str = ""
    lead_hours: int | None = None
    regions_not_served: tuple[str, ...] = ()
    stock: int | None = None
    extra: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class LinkRow:
    """Which listing SKU of a shop, or which supplier's article, is which of our SKUs; ``tiers`` as of a price row."""

    row: int
    sku_code: str
    supplier: str = ""
    supplier_code: str = ""
    shop_name: str = ""
    item_no: str = ""
    sku_no: str = ""
    spec: str = ""
    title: str = ""
    quantity: int = 1
    min_qty: int = 1
    price_fen: int | None = None
    tiers: tuple[tuple[int, int], ...] = ()
    extra: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class RecipientRow:
    """A recipient to be joined to an order by its number."""

    row: int
    order_no: str
    recipient: Recipient


@dataclass(frozen=True, slots=True)
class TrackingRow:
    """One parcel number as a supplier tells it, with whatever names its order."""

    row: int
    tracking_no: str
    courier: str = ""
    our_number: str = ""
    order_no: str = ""
    line_no: str = ""
    name: str = ""
    phone: str = ""
    address: str = ""
    title: str = ""
    spec: str = ""
    quantity: int | None = None
    note: str = ""


type Record = GoodsRow | SupplierRow | PriceRow | LinkRow | RecipientRow | TrackingRow


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over the distinct orders of a file, in fen; None where the file has no such column."""

    amount_fen: int | None = None
    paid_fen: int | None = None
    receivable_fen: int | None = None
    refunded_fen: int | None = None


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a sheet's rows became. ``rows`` counts data rows; ``dropped`` names rows left out on purpose.

    ``held_back``: (row, row in error of the same order): an order enters whole or not at all.
    ``unknown_words``: (field, status word, rows) that a person must say the meaning of.
    """

    orders: tuple[ShopOrder, ...] = ()
    refunds: tuple[ShopRefund, ...] = ()
    records: tuple[Record, ...] = ()
    errors: tuple[RowError, ...] = ()
    totals: Totals = field(default_factory=Totals)
    rows: int = 0
    lines: int = 0
    dropped: tuple[tuple[int, str], ...] = ()
    held_back: tuple[tuple[int, int], ...] = ()
    unknown_words: tuple[tuple[str, str, int], ...] = ()
    as_of: datetime | None = None
    first_at: datetime | None = None
    last_at: datetime | None = None
    above: str = ""  # what stands over the header
