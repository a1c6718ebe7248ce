"""What is sent to a supplier before it takes a form: orders, goods, recipients; and the form of its sheet."""

from __future__ import annotations

from dataclasses import field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from daifa.kit.money import Fen
from daifa.kit.values import dataclass
from daifa.ports.shop import Recipient, RecipientState


@dataclass(frozen=True, slots=True)
class DispatchLine:
    """Goods of one purchase line. ``supplier_code`` is the supplier's own article number."""

    title: str
    spec: str
    quantity: int
    supplier_code: str = ""
    our_code: str = ""
    unit_price: Decimal | None = None
    amount_fen: Fen | None = None


@dataclass(frozen=True, slots=True)
class DispatchOrder:
    """One purchase order in a sending. ``handover``: it leaves by platform number through the platform's own 代打,
    nobody needs an address. ``change`` says what changed since the last version."""

    number: str
    lines: tuple[DispatchLine, ...]
    order_numbers: tuple[str, ...] = ()
    shop: str = ""
    platform: str = ""
    recipient: Recipient = field(default_factory=Recipient)
    handover: bool = False
    ordered_at: datetime | None = None
    paid_at: datetime | None = None
    due_by: datetime | None = None
    note: str = ""
    buyer_note: str = ""
    courier: str = ""
    resend: bool = False
    change: str = ""

    @property
    def addressed(self) -> bool:
        """Whether the recipient may be written down: plain, and not handed over by number."""
        return not self.handover and self.recipient.state is RecipientState.PLAIN

    @property
    def pieces(self) -> int:
        """Pieces of all lines."""
        return sum(line.quantity for line in self.lines)


@dataclass(frozen=True, slots=True)
class DispatchView:
    """One sending to one supplier: its day (Beijing), its version, its orders."""

    supplier: str
    merchant: str
    on: date
    orders: tuple[DispatchOrder, ...]
    version: int = 1


class SheetGrain(StrEnum):
    """What one row of a supplier's sheet is."""

    ITEM = "item"
    ORDER = "order"


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """One column: the supplier's header, which of our values it takes ('' = none), or a fixed text.

    ``confidence`` 0..1 and ``why`` (Chinese) say how it was learned.
    """

    header: str
    value: str = ""
    fixed: str = ""
    confidence: float = 1.0
    why: str = ""


@dataclass(frozen=True, slots=True)
class SheetFormat:
    """How one supplier wants its sheet.

    ``titles`` stand above the header and may hold {date}, {orders}, {pieces}, {merchant}. ``first_row_only``: of an
    order with several rows, only the first carries what belongs to the order. ``glue`` joins several items in a cell.
    """

    columns: tuple[SheetColumn, ...]
    grain: SheetGrain = SheetGrain.ITEM
    titles: tuple[tuple[str, ...], ...] = ()
    date_form: str = "%Y-%m-%d"
    first_row_only: bool = False
    totals: bool = False
    glue: str = "；"
    file_type: str = "xlsx"
    sheet: str = "代发单"
    encoding: str = "utf-8-sig"

    @property
    def counts_pieces(self) -> bool:
        """Whether some column says how many pieces of each thing to send."""
        return any(c.value in {"quantity", "goods_text"} for c in self.columns)


@dataclass(frozen=True, slots=True)
class LearnedFormat:
    """What a sample says: the format, the columns to look at (0-based), remarks in Chinese, where the header was."""

    form: SheetFormat
    header_row: int
    asked: tuple[int, ...]
    notes: tuple[str, ...]


type SheetCell = str | int | Decimal


@dataclass(frozen=True, slots=True)
class RenderedSheet:
    """A sheet ready to be written, and the orders that could not go into it: (number, reason)."""

    name: str
    titles: tuple[tuple[str, ...], ...]
    header: tuple[str, ...]
    rows: tuple[tuple[SheetCell, ...], ...]
    left_out: tuple[tuple[str, str], ...] = ()


# Every value a column can take, with its label on the screen.
VALUES: dict[str, str] = {
    "number": "单号（我方采购单号；厂家代打的订单写平台单号）",
    "our_number": "我方采购单号",
    "order_no": "平台订单号",
    "index": "序号",
    "date": "发单日期",
    "ordered_at": "下单时间",
    "paid_at": "付款时间",
    "due_by": "最晚发货时间",
    "shop": "店铺",
    "platform": "平台",
    "merchant": "我方名称（分销商）",
    "supplier": "供应商名称",
    "name": "收件人",
    "phone": "电话",
    "province": "省",
    "city": "市",
    "district": "区县",
    "address_detail": "详细地址（不含省市区）",
    "address": "完整地址",
    "recipient_text": "姓名电话地址写在一格",
    "title": "商品名称",
    "spec": "规格",
    "title_spec": "商品名称+规格",
    "goods_text": "商品+规格×数量写在一格",
    "supplier_code": "供应商货号",
    "our_code": "我方编码",
    "quantity": "数量",
    "unit_price": "单价",
    "amount": "金额",
    "note": "备注",
    "buyer_note": "买家留言",
    "courier": "指定快递",
    "resend": "重发标记",
    "blank": "留空给供应商填",
}


def courier_words(demand: str) -> str:
    """What a supplier is told of the buyer's wish for a courier, or against one; "" for none."""
    return f"快递要求：{demand}" if demand else ""


ORDER_VALUES = frozenset(VALUES) - {
    "title", "spec", "title_spec", "goods_text", "supplier_code", "our_code", "quantity", "unit_price", "amount",
}  # fmt: skip
PERSONAL = frozenset({"name", "phone", "province", "city", "district", "address_detail", "address", "recipient_text"})
GOODS = frozenset({"title", "title_spec", "goods_text", "supplier_code", "our_code"})
NUMBERS = frozenset({"number", "our_number", "order_no"})
