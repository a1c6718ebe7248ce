"""Douyin's own table of delivery companies, and the shapes of their numbers."""

from __future__ import annotations

import re

from daifa.kit.values import dataclass


@dataclass(frozen=True, slots=True)
class Company:
    """One row; ``ours`` is the code that the world's couriers use."""

    id: int
    name: str
    code: str
    ours: str
    shape: str


COMPANIES = (
    Company(12, "顺丰速运", "shunfeng", "SF", r"SF\d{12,15}"),
    Company(9, "韵达快递", "yunda", "YUNDA", r"[34]\d{12,14}"),
    Company(7, "圆通快递", "yuantong", "YTO", r"YT\d{12,15}"),
    Company(15, "中通快递", "zhongtong", "ZTO", r"7\d{11,13}"),
    Company(8, "申通快递", "shentong", "STO", r"77\d{10,14}"),
    Company(1440, "极兔速递", "jtexpress", "JTSD", r"JT\d{12,15}"),
    Company(17, "邮政快递包裹", "youzhengguonei", "POSTB", r"9[6-9]\d{9,11}"),
    Company(35, "德邦快递", "debangkuaidi", "DBKD", r"DPK\d{10,14}"),
    Company(16, "EMS", "ems", "EMS", r"1\d{12}|E[A-Z]\d{9}CN"),
)
BY_CODE = {c.code: c for c in COMPANIES}
_BY_OURS = {c.ours: c.code for c in COMPANIES}


def code_of(ours: str) -> str:
    """Douyin's code for one of the world's couriers."""
    return _BY_OURS.get(ours, ours)


def name_of(code: str) -> str:
    """The name people read."""
    return BY_CODE[code].name if code in BY_CODE else code


def fits(company: Company, number: str) -> bool:
    """Whether a number can be this company's."""
    return re.fullmatch(company.shape, number) is not None
