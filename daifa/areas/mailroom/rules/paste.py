"""A pasted block of recipients: one order a line, number and name and phone and address in any order."""

from __future__ import annotations

import re

from daifa.areas.mailroom.rules.recipients import from_text
from daifa.ports.sheet import Parsed, RecipientRow, Record, RowError
from daifa.ports.shop import RecipientState

# An order number: long, mostly digits, and no mobile phone.
_NUMBER = re.compile(r"(?<![\w-])(?!1[3-9]\d{9}(?![\w-]))(\d{6}-\d{15}|[A-Za-z]{0,4}\d[\dA-Za-z-]{9,28})(?![\w-])")
_LABEL = re.compile(r"(平台)?(订单编号|订单号|单号)\s*[:：]?\s*")
_FIX = "请写成“单号 姓名 电话 地址”，一行一单。"


def paste_recipients(text: str) -> Parsed:
    """Recipients by order number out of a pasted text; lines that cannot be read are errors with their line number."""
    records: list[Record] = []
    errors: list[RowError] = []
    rows = 0
    for row, raw in enumerate(text.splitlines(), 1):
        line = _LABEL.sub(" ", raw).strip()
        if not line:
            continue
        rows += 1
        found = _NUMBER.search(line)
        if not found:
            errors.append(RowError(row, "单号", raw.strip()[:60], f"第 {row} 行找不到订单号", _FIX))
            continue
        person = from_text(f"{line[: found.start()]} {line[found.end() :]}")
        if person.state == RecipientState.ABSENT:
            errors.append(RowError(row, "收件人", raw.strip()[:60], f"第 {row} 行只有单号，没有收件人", _FIX))
            continue
        records.append(RecipientRow(row, found[1], person))
    return Parsed(records=tuple(records), errors=tuple(errors), rows=rows)
