"""What a rule's condition may ask: fields, operators, and how a value is read, compared and shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from uuid import UUID

from daifa.areas.orders.types import RuleFacts
from daifa.kit.clock import BEIJING
from daifa.kit.money import format_yuan
from daifa.kit.values import dataclass
from daifa.ports.shop import RefundState

type Value = str | int | bool | tuple[str, ...] | tuple[int, int]


class Kind(StrEnum):
    """What a field is, which decides its operators and values."""

    CHOICE = "choice"
    PLACE = "place"
    MONEY = "money"
    PERCENT = "percent"
    NUMBER = "number"
    HOUR = "hour"
    TEXT = "text"
    SET = "set"
    YES = "yes"


OPERATORS: Mapping[str, str] = {
    "lt": "<",
    "le": "≤",
    "gt": ">",
    "ge": "≥",
    "is": "=",
    "is_not": "≠",
    "in": "属于",
    "not_in": "不属于",
    "contains": "包含",
    "not_contains": "不包含",
    "has": "含有",
    "has_not": "不含",
    "between": "在",
}
_ORDERED = ("lt", "le", "gt", "ge", "is", "is_not")
_CHOSEN = ("is", "is_not", "in", "not_in")
OPS_OF: Mapping[Kind, tuple[str, ...]] = {
    Kind.CHOICE: _CHOSEN,
    Kind.PLACE: _CHOSEN,
    Kind.MONEY: _ORDERED,
    Kind.PERCENT: _ORDERED,
    Kind.NUMBER: _ORDERED,
    Kind.HOUR: ("between",),
    Kind.TEXT: ("contains", "not_contains"),
    Kind.SET: ("has", "has_not"),
    Kind.YES: ("is",),
}


@dataclass(frozen=True, slots=True)
class Field:
    """One field: Chinese label, kind, and how it is read from the facts (None or empty place: unknown).

    ``names`` says where ids get their names from; ``personal`` text never leaves the rule.
    """

    label: str
    kind: Kind
    read: Callable[[RuleFacts], object]
    names: str = ""
    personal: bool = False


def _percent(facts: RuleFacts) -> Decimal | None:
    if facts.margin_fen is None or not facts.receivable_fen or facts.receivable_fen < 0:
        return None
    return Decimal(facts.margin_fen) * 100 / Decimal(facts.receivable_fen)


FIELDS: Mapping[str, Field] = {
    "platform": Field("平台", Kind.CHOICE, lambda f: f.platform or None, "platforms"),
    "shop": Field("店铺", Kind.CHOICE, lambda f: str(f.shop_id) if f.shop_id else None, "shops"),
    "province": Field("省份", Kind.PLACE, lambda f: f.province or None),
    "city": Field("城市", Kind.PLACE, lambda f: f.city or None),
    "amount_fen": Field("商品金额", Kind.MONEY, lambda f: f.amount_fen),
    "paid_fen": Field("实付", Kind.MONEY, lambda f: f.paid_fen),
    "margin_fen": Field("毛利", Kind.MONEY, lambda f: f.margin_fen),
    "margin_percent": Field("毛利率", Kind.PERCENT, _percent),
    "quantity": Field("件数", Kind.NUMBER, lambda f: f.quantity),
    "sku_code": Field("规格编码", Kind.SET, lambda f: f.sku_codes or None),
    "title": Field("商品标题", Kind.TEXT, lambda f: f.titles or None),
    "note": Field("买家留言", Kind.TEXT, lambda f: None if f.note is None else (f.note,), personal=True),
    "memo": Field("卖家备注", Kind.TEXT, lambda f: None if f.memo is None else (f.memo,), personal=True),
    "flag": Field("旗帜", Kind.CHOICE, lambda f: f.flag),
    "hour": Field("付款钟点", Kind.HOUR, lambda f: f.paid_at.astimezone(BEIJING).hour if f.paid_at else None),
    "supplier": Field("供应商", Kind.SET, lambda f: tuple(map(str, f.suppliers)) or None, "suppliers"),
    "tags": Field("标签", Kind.SET, lambda f: f.tags),
    "is_cod": Field("货到付款", Kind.YES, lambda f: f.cash_on_delivery),
    "refund": Field("售后", Kind.CHOICE, lambda f: f.refund.value, "refunds"),
}
REFUND_NAMES: Mapping[str, str] = {
    RefundState.NONE.value: "无售后",
    RefundState.APPLIED.value: "退款申请中",
    RefundState.WITHDRAWN.value: "退款已撤销",
    RefundState.PARTLY.value: "部分退款",
    RefundState.FULL.value: "全额退款",
}


class BadValue(ValueError):
    """The value does not fit the field; the message says what is wanted."""


def read_value(key: str, op: str, value: object) -> Value:
    """A document's value as the field wants it: fen and pieces as int, per cents as decimal text, sets as tuples.

    Raises BadValue.
    """
    field = FIELDS[key]
    if field.kind is Kind.YES:
        if not isinstance(value, bool):
            raise BadValue("请选“是”或“否”")
        return value
    if field.kind is Kind.HOUR:
        return _hours(value)
    if field.kind in (Kind.MONEY, Kind.NUMBER):
        if isinstance(value, bool) or not isinstance(value, int):
            raise BadValue("请填整数" if field.kind is Kind.NUMBER else "请填金额")
        return value
    if field.kind is Kind.PERCENT:
        return _decimal(value)
    if op in ("in", "not_in") or field.kind in (Kind.SET, Kind.TEXT):
        return _texts(field, value)
    if isinstance(value, str) and len(value) <= 100 and (value.strip() or key == "flag"):
        return _known(field, value.strip())
    raise BadValue("请选一个值")


def _known(field: Field, value: str) -> str:
    if field.names in ("shops", "suppliers"):
        try:
            return str(UUID(value))
        except ValueError as error:
            raise BadValue("没有这个店铺" if field.names == "shops" else "没有这个供应商") from error
    if field.names == "refunds" and value not in REFUND_NAMES:
        raise BadValue("没有这种售后状态")
    return value


def _texts(field: Field, value: object) -> tuple[str, ...]:
    given: Sequence[object] = [value] if isinstance(value, str) else value if isinstance(value, (list, tuple)) else []
    texts = [t.strip() for t in given if isinstance(t, str) and t.strip()]
    if not texts or len(texts) != len(given) or len(texts) > 200 or any(len(t) > 100 for t in texts):
        raise BadValue("请填 1 到 200 个词，每个不超过 100 字")
    return tuple(dict.fromkeys(_known(field, t) for t in texts))


def _hours(value: object) -> tuple[int, int]:
    if isinstance(value, (list, tuple)) and len(value) == 2:
        start, end = value
        if all(isinstance(h, int) and not isinstance(h, bool) for h in value) and 0 <= start <= 23 and 0 <= end <= 24:
            if start == end:
                raise BadValue("两个钟点不能相同")
            return (start, end)
    raise BadValue("请填两个钟点，如 22 到 6")


def _decimal(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, (int, str, float)):
        raise BadValue("请填百分数，如 12.5")
    try:
        number = Decimal(str(value).strip().removesuffix("%").strip())
    except InvalidOperation as error:
        raise BadValue("请填百分数，如 12.5") from error
    if not number.is_finite() or abs(number) > 100_000:
        raise BadValue("百分数太大")
    return format(number.normalize(), "f")


def holds_of(key: str, op: str, value: Value, facts: RuleFacts) -> bool:
    """Whether a condition is true of an order; never of what is unknown, whichever way it is asked."""
    field = FIELDS[key]
    fact = field.read(facts)
    if fact is None:
        return False
    if field.kind is Kind.HOUR:
        start, end = _pair(value)
        hour = int(str(fact))
        return start <= hour < end if start < end else hour >= start or hour < end
    if field.kind in (Kind.MONEY, Kind.NUMBER, Kind.PERCENT):
        return _compare(op, Decimal(str(fact)), Decimal(str(value)))
    if field.kind is Kind.YES:
        return fact is value
    words = value if isinstance(value, tuple) else (value,)
    many = fact if isinstance(fact, tuple) else (fact,)
    found = any(_meets(field.kind, str(m), str(w)) for m in many for w in words)
    return found is not (op in ("is_not", "not_in", "not_contains", "has_not"))


def _pair(value: Value) -> tuple[int, int]:
    assert isinstance(value, tuple)
    return int(value[0]), int(value[1])


def _compare(op: str, fact: Decimal, value: Decimal) -> bool:
    match op:
        case "lt":
            return fact < value
        case "le":
            return fact <= value
        case "gt":
            return fact > value
        case "ge":
            return fact >= value
        case "is":
            return fact == value
        case _:
            return fact != value


def _meets(kind: Kind, fact: str, word: str) -> bool:
    if kind is Kind.PLACE:
        # 浙江 and 浙江省 are the same place to whoever writes a rule.
        return fact.startswith(word) or word.startswith(fact)
    if kind is Kind.TEXT:
        return word.casefold() in fact.casefold()
    if kind is Kind.SET:
        return fact.casefold() == word.casefold()
    return fact == word


@dataclass(frozen=True, slots=True)
class Names:
    """What ids are called on screen; an id without a name is shown as 已删除."""

    platforms: Mapping[str, str]
    shops: Mapping[str, str]
    suppliers: Mapping[str, str]

    def of(self, source: str, key: str) -> str:
        """The name of an id, or the text itself where names are not needed."""
        match source:
            case "shops":
                return self.shops.get(key, "已删除的店铺")
            case "suppliers":
                return self.suppliers.get(key, "已删除的供应商")
            case "platforms":
                return self.platforms.get(key, key)
            case "refunds":
                return REFUND_NAMES.get(key, key)
        return key


def yuan(fen: int) -> str:
    """¥1 for whole yuan, else ¥1.50."""
    return format_yuan(fen).removesuffix(".00")


def shown(key: str, op: str, value: Value, names: Names) -> str:
    """A condition as a person says it: ``毛利 < ¥1``."""
    field = FIELDS[key]
    if field.kind is Kind.HOUR:
        start, end = _pair(value)
        return f"{field.label}在 {start} 点到{'次日 ' if start >= end else ' '}{end} 点之间"
    if field.kind is Kind.YES:
        return field.label if value else f"不是{field.label}"
    if field.kind is Kind.MONEY:
        text = yuan(int(str(value)))
    elif field.kind is Kind.PERCENT:
        text = f"{value}%"
    elif isinstance(value, tuple):
        text = "、".join(names.of(field.names, str(v)) for v in value)
    else:
        text = names.of(field.names, str(value)) or "无"
    return f"{field.label} {OPERATORS[op]} {text}"


def fact_shown(key: str, facts: RuleFacts) -> str:
    """What an order has there, for reasons: numbers and places; nothing for ids and texts."""
    field = FIELDS[key]
    fact = field.read(facts)
    if fact is None:
        return ""
    match field.kind:
        case Kind.MONEY:
            return f"{field.label} {format_yuan(int(str(fact)))}"
        case Kind.PERCENT:
            return f"{field.label} {Decimal(str(fact)):.1f}%"
        case Kind.NUMBER | Kind.PLACE:
            return f"{field.label} {fact}"
        case Kind.HOUR:
            return f"{field.label} {fact} 点"
        case Kind.YES:
            return field.label if fact else ""
    return ""
