"""Which of Douyin's delivery companies a courier of ours is: by name in the live list, else by code.

The list is read live (order.logisticsCompanyList) and trusted for ten minutes per application and shop.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from daifa.connectors.shops.douyin.api_mapping import text
from daifa.connectors.shops.douyin.api_words import COMPANIES
from daifa.connectors.shops.douyin.client import Client
from daifa.ports.errors import Refused
from daifa.ports.transport import Credentials

TRUSTED = timedelta(minutes=10)
_NOISE = re.compile(r"快递|速运|速递|包裹|物流|\s|\(.*?\)|（.*?）")
_known: dict[tuple[str, str, str], tuple[datetime, list[tuple[str, str]]]] = {}


def code_of(client: Client, credentials: Credentials, courier: str, name: str, now: datetime) -> str:
    """Douyin's company code. Raises Refused when the list has no such company."""
    key = (credentials.urls["gateway"], credentials.app_key, credentials.account)
    read_at, rows = _known.get(key, (None, []))
    if read_at is None or not timedelta(0) <= now - read_at < TRUSTED:
        rows = names(client.companies())
        _known[key] = (now, rows)
    if found := match(rows, courier, name):
        return found
    raise Refused(
        f"抖店的快递公司里没有“{name or courier}”", code="no-company", fix="请换成抖店可用的快递公司后重新上传"
    )


def forget(credentials: Credentials) -> None:
    """Read the list again next time: a company turned out to be off."""
    _known.pop((credentials.urls["gateway"], credentials.app_key, credentials.account), None)


def names(rows: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """(name, code) of the live list."""
    return [(text(r.get("name")), text(r.get("code"))) for r in rows if text(r.get("code"))]


def match(rows: Sequence[tuple[str, str]], courier: str, name: str) -> str:
    """By the same name; by our code's known codes; by the one name that is the same but for 快递, 速运, 速递 …"""
    for theirs, code in rows:
        if theirs == name:
            return code
    there = {code for _, code in rows}
    for code in COMPANIES.get(courier, ()):
        if code in there:
            return code
    short = _NOISE.sub("", name)
    found = {code for theirs, code in rows if short and _NOISE.sub("", theirs) == short}
    return found.pop() if len(found) == 1 else ""
