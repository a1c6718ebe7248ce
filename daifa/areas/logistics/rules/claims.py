"""A row of a supplier's return sheet as claims, and the plain forms under which people and numbers are compared."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from daifa.areas.logistics.rules.chat import no_own_numbers
from daifa.areas.logistics.rules.tracking_numbers import split_numbers
from daifa.areas.logistics.types import OwnNumbers, TrackingClaim
from daifa.ports.sheet import TrackingRow

_TITLES = re.compile(r"(先生|女士|小姐|老师|收)$")
_CARRIED = re.compile(r"([\u4e00-\u9fff]{2,8}|[A-Za-z&]{2,5}(?=[\s:：,，]))[\s:：,，]*([A-Za-z0-9][A-Za-z0-9\-]{7,})")


def plain_person(name: str) -> str:
    """A name as it is compared: no blanks, half-width; empty when it is masked (李*)."""
    plain = re.sub(r"[\s.·]", "", unicodedata.normalize("NFKC", name))
    if not plain or "*" in plain or "＊" in name:
        return ""
    return _TITLES.sub("", plain) if len(plain) > 3 else plain


def masked_person(name: str) -> str:
    """What a masked name still shows, as ``罗*``; empty when it is not masked or hides its first character."""
    shown = re.match(r"([\u4e00-\u9fffA-Z])\*", unicodedata.normalize("NFKC", name).strip().upper())
    return f"{shown[1]}*" if shown else ""


def plain_phone(phone: str) -> str:
    """A mobile's eleven digits, or a landline's digits; empty when masked. An extension is left out."""
    text = unicodedata.normalize("NFKC", phone)
    if "*" in text:
        return ""
    digits = re.sub(r"\D", "", re.split(r"(?<=\d{7})[-转]\d{1,6}$", text.strip())[0])
    digits = digits[2:] if len(digits) == 13 and digits.startswith("86") else digits
    return digits if len(digits) >= 7 else ""


def phone_tail(phone: str) -> str:
    """The last four digits, also of a masked phone (138****1234) or of a cell that holds only them."""
    text = re.split(r"(?<=\d{7})[-转]\d{1,6}$", unicodedata.normalize("NFKC", phone).strip())[0]
    match = re.search(r"(\d{4})\D*$", text)
    return match[1] if match else ""


def plain_own(number: str) -> str:
    """Our own or a platform's number as it is compared: capitals and digits without separators."""
    return re.sub(r"[\s\-—_'`\"]", "", unicodedata.normalize("NFKC", number)).upper()


def claims_of(rows: Iterable[TrackingRow], *, own_numbers: OwnNumbers = no_own_numbers) -> list[TrackingClaim]:
    """Claims of a sheet's rows; a cell with several numbers gives several claims without quantity.

    Our number is also found where suppliers leave it: in the order number column or in the remark.
    """
    found = []
    for row in rows:
        ours, order_no = _numbers(row, own_numbers)
        courier, tracking_no = _carried(row)
        numbers = split_numbers(tracking_no)
        name = plain_person(row.name) or masked_person(row.name)
        found += [
            TrackingClaim(
                row=row.row,
                tracking_no=number,
                courier=courier,
                our_number=ours,
                order_no=order_no,
                line_no=row.line_no,
                names=(name,) if name else (),
                names_sure=True,
                phone=plain_phone(row.phone),
                phone_tail=phone_tail(row.phone),
                quantity=row.quantity if len(numbers) == 1 else None,
                title=row.title,
                spec=row.spec,
                note=row.note,
                said=row.tracking_no,
            )
            for number in numbers
        ]
    return found


def _carried(row: TrackingRow) -> tuple[str, str]:
    """Courier and number of a row; some suppliers write both into the number's cell (``中通 7312…``)."""
    if not row.courier and (both := _CARRIED.fullmatch(row.tracking_no.strip())):
        return both[1], both[2]
    return row.courier, row.tracking_no


def _numbers(row: TrackingRow, own_numbers: OwnNumbers) -> tuple[str, str]:
    def ours_in(text: str) -> str:
        spans = own_numbers(unicodedata.normalize("NFKC", text)) if text else []
        return spans[0][2] if len({s[2] for s in spans}) == 1 else ""

    ours, order_no = row.our_number, row.order_no
    if ours and not ours_in(ours) and not order_no:
        # Their 订单号 column was taken for ours: the index will tell which it is.
        order_no = ours
    if not ours and ours_in(order_no):
        return ours_in(order_no), ""
    return ours_in(ours) or ours or ours_in(row.note), order_no
