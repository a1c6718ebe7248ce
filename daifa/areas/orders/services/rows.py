"""Between the flat values of the merge rule and the columns of the tables; sealing happens here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from uuid import UUID

from daifa.areas.orders.models import Line
from daifa.areas.orders.rules.readings import OWN_MEMO, Value, Values, split_key
from daifa.base import bulk, vault
from daifa.kit import clock
from daifa.kit.geo import parse_address
from daifa.kit.masking import mask_name, mask_phone
from daifa.kit.values import dataclass

PERSON = "order.person"
PLAIN = (
    "state", "refund", "waits", "ordered_at", "paid_at", "ship_by", "ship_not_before", "shipped_at", "finished_at",
    "cash_on_delivery", "amount_fen", "freight_fen", "paid_fen", "receivable_fen", "refunded_fen", "commission_fen",
    "platform_fee_fen", "insurance_fen", "flag", "courier_demand", "consolidation", "lines_missing", "parcels",
    "promoted",
)  # fmt: skip
DERIVED = (
    "recipient_state", "province", "city", "district", "has_note", "has_memo", "person_hash", "quantity", "title",
    "day", "recipient_masked",
)  # fmt: skip
ORDER_COLUMNS = (*PLAIN, *DERIVED)
TEXT = frozenset({"waits", "flag", "courier_demand", "consolidation", "parcels"})
LINE_COLUMNS = (
    "line_key", "external_id", "n", "listing_key", "item_id", "sku_id", "title", "spec", "merchant_code", "image_url",
    "quantity", "unit_price_fen", "amount_fen", "paid_fen", "receivable_fen", "refunded_fen", "state", "refund",
    "is_gift", "gone",
)  # fmt: skip
LINE_TEXT = frozenset(
    {"external_id", "listing_key", "item_id", "sku_id", "title", "spec", "merchant_code", "image_url", "state"}
)
# What stands in a column where nothing was said, or nothing but an empty word.
_UNSAID: Values = {**dict.fromkeys(TEXT, ""), "refund": "none", "cash_on_delivery": False, "lines_missing": False}
_UNSAID_OF_LINE: Values = {**dict.fromkeys(LINE_TEXT, ""), "refund": "none", "is_gift": False, "n": 0}
_PLAIN = tuple((name, _UNSAID.get(name)) for name in PLAIN)
_OF_LINE = tuple((name, _UNSAID_OF_LINE.get(name)) for name in LINE_COLUMNS[1:])
PERSON_COLUMNS = ("sealed", "key_id", "phone_hash", "tail_hash", "name_hash", "person_hash")
_PERSON_KEYS = ("p:recipient", "p:cipher", "p:platform", "p:buyer_nick", "p:buyer_note", "p:seller_memo", OWN_MEMO)

type Lines = Sequence[tuple[str, Mapping[str, Value]]]


@dataclass(frozen=True, slots=True)
class StoredPerson:
    """The opened sealed part of one order."""

    id: UUID
    values: Values


@dataclass(frozen=True, slots=True)
class StoredLine:
    """One stored line."""

    id: UUID
    values: Values


def order_values(values: Mapping[str, Value], lines: Lines) -> tuple[object, ...]:
    """The columns ORDER_COLUMNS of merged values, which are those of these lines (``lines_of``) too."""
    recipient = values.get("p:recipient")
    where = recipient if isinstance(recipient, dict) else {}
    return (
        *_filled(values, _PLAIN),
        where.get("state", "absent"),
        *place_of(where)[0],
        bool(values.get("p:buyer_note")),
        bool(values.get("p:seller_memo") or values.get(OWN_MEMO)),
        _person_hash(where),
        sum(int(str(v.get("quantity") or 0)) for _, v in lines),
        str(lines[0][1].get("title") or "") if lines else "",
        _day(values.get("paid_at") or values.get("ordered_at")),
        _masked(where),
    )


def _filled(values: Mapping[str, Value], columns: Sequence[tuple[str, Value]]) -> list[Value]:
    get = values.get
    return [get(name) if unsaid is None else get(name) or unsaid for name, unsaid in columns]


def place_of(where: Mapping[str, str]) -> tuple[tuple[str, str, str], tuple[str, ...]]:
    """Province, city and district of a recipient by today's names, and the sentences of what had to be repaired."""
    if not where:
        return ("", "", ""), ()
    return _place(*(where.get(k, "") for k in ("province", "city", "district", "street", "address")))


@lru_cache(maxsize=8192)
def _place(
    province: str, city: str, district: str, street: str, address: str
) -> tuple[tuple[str, str, str], tuple[str, ...]]:
    found = parse_address(province=province, city=city, district=district, street=street, detail=address)
    return (found.province or province, found.city or city, found.district or district), found.repairs


def _masked(where: Mapping[str, str]) -> str:
    if where.get("state") == "plain":
        return f"{mask_name(where.get('name', ''))} {mask_phone(where.get('phone', ''))}".strip()
    if where.get("state") == "masked":
        return f"{where.get('name', '')} {where.get('phone', '')}".strip()
    if where.get("state") == "cipher":
        # A file may hold the ciphertext itself, which tells a person nothing.
        return " ".join(t for t in (where.get("name", ""), where.get("phone", "")) if "*" in t)
    return ""


def _day(moment: Value) -> date | None:
    return clock.business_day(moment) if isinstance(moment, datetime) else None


def lines_of(values: Mapping[str, Value]) -> Lines:
    """The values of each line under its key, in the order of the platform."""
    found: dict[str, dict[str, Value]] = defaultdict(dict)
    for name, value in values.items():
        if name.startswith("l:"):
            key, column = split_key(name)
            found[key][column] = value
    if len(found) == 1:
        return list(found.items())
    return sorted(found.items(), key=lambda item: (int(str(item[1].get("n") or 0)), item[0]))


def line_values(lines: Lines) -> list[tuple[object, ...]]:
    """The columns LINE_COLUMNS of each line that has a quantity (a refund alone does not make a line)."""
    return [(key, *_filled(line, _OF_LINE)) for key, line in lines if line.get("quantity")]


def person_values(order_id: UUID, values: Mapping[str, Value]) -> tuple[object, ...]:
    """The columns PERSON_COLUMNS: sealed document and the keyed hashes that find it (plain values only)."""
    document = {k[2:]: values[k] for k in _PERSON_KEYS if values.get(k) is not None}
    recipient = values.get("p:recipient")
    where = recipient if isinstance(recipient, dict) else {}
    phone, name, person = hashes_of(where)
    digits = _digits(where.get("phone", "")) if where.get("state") == "plain" else ""
    return (
        vault.seal_json(document, f"{PERSON}:{order_id}"),
        vault.current_key(),
        phone,
        vault.search_hash("tail", digits[-4:] if len(digits) >= 7 else ""),
        name,
        person,
    )


def hashes_of(where: Mapping[str, str]) -> tuple[bytes, bytes, bytes]:
    """The keyed hashes of a recipient's phone, name and person; of a plain one only."""
    plain = where.get("state") == "plain"
    phone = vault.search_hash("phone", _digits(where.get("phone", "")) if plain else "")
    return phone, vault.search_hash("name", where.get("name", "").strip() if plain else ""), _person_hash(where)


def _person_hash(where: Mapping[str, str]) -> bytes:
    if where.get("state") != "plain":
        return b""
    # The same street and number stand in many towns; by today's names, so that an old district's name is no other.
    parts = (where.get("name", ""), _digits(where.get("phone", "")), *place_of(where)[0], where.get("address", ""))
    return vault.search_hash("person", "|".join("".join(p.split()) for p in parts))


def _digits(phone: str) -> str:
    return "".join(c for c in phone.partition("-")[0] if c.isdigit())[-11:]


def load_persons(order_ids: Sequence[object]) -> dict[UUID, StoredPerson]:
    """The opened sealed parts of orders."""
    found = bulk.select(
        "SELECT id, order_id, sealed FROM orders_orderperson WHERE tenant_id = {tenant} AND order_id = ANY(%s::uuid[])",
        [list(order_ids)],
    )
    out = {}
    for i, order_id, sealed in found:
        opened = vault.unseal_json(bytes(sealed), f"{PERSON}:{order_id}") if sealed else {}
        values: Values = {}
        for k, v in opened.items():
            values[f"p:{k}"] = {str(a): str(b) for a, b in v.items()} if isinstance(v, dict) else str(v)
        out[order_id] = StoredPerson(i, values)
    return out


def load_lines(order_ids: Sequence[object]) -> dict[UUID, dict[str, StoredLine]]:
    """The stored lines of orders by their key."""
    out: dict[UUID, dict[str, StoredLine]] = defaultdict(dict)
    for row in Line.objects.filter(order_id__in=list(order_ids)).values("id", "order_id", *LINE_COLUMNS):
        key = str(row["line_key"])
        values: Values = {}
        for name in LINE_COLUMNS[1:]:
            value = row[name]
            if (
                value is None
                or value == ""
                or (name == "refund" and value == "none")
                or (name == "is_gift" and not value)
            ):
                continue
            values[name] = value
        values.setdefault("n", 0)
        out[row["order_id"]][key] = StoredLine(row["id"], values)
    return out


def values_of(row: Mapping[str, object], person: StoredPerson | None, lines: Mapping[str, StoredLine]) -> Values:
    """The flat values of a stored order, as the merge rule knows them."""
    values: Values = {}
    for name in PLAIN:
        value = row[name]
        if (
            value is None
            or (name in TEXT and name != "waits" and value == "")
            or (name == "refund" and value == "none")
        ):
            continue
        if name == "cash_on_delivery" and not value:
            continue
        assert isinstance(value, (str, int, bool, datetime))
        values[name] = value
    if person is not None:
        values |= person.values
    for key, line in lines.items():
        for name, value in line.values.items():
            values[f"l:{key}:{name}"] = value
    return values
