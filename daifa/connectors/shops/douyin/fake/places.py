"""National codes of places, as Douyin sends them. Below the province they are invented, but always the same."""

from __future__ import annotations

import hashlib
from typing import Any

from daifa.ports.books import Receiver

_PROVINCES = {
    "北京": "11", "天津": "12", "河北": "13", "山西": "14", "内蒙古": "15", "辽宁": "21", "吉林": "22",
    "黑龙江": "23", "上海": "31", "江苏": "32", "浙江": "33", "安徽": "34", "福建": "35", "江西": "36", "山东": "37",
    "河南": "41", "湖北": "42", "湖南": "43", "广东": "44", "广西": "45", "海南": "46", "重庆": "50", "四川": "51",
    "贵州": "52", "云南": "53", "西藏": "54", "陕西": "61", "甘肃": "62", "青海": "63", "宁夏": "64", "新疆": "65",
}  # fmt: skip


def _code(name: str, most: int) -> int:
    return int(hashlib.sha256(name.encode()).hexdigest()[:8], 16) % most + 1


def places(to: Receiver, province_digits: int = 2) -> dict[str, Any]:
    """``{province, city, town, street}``, each with id and name."""
    province = next((c for n, c in _PROVINCES.items() if to.province.startswith(n)), "99")
    city = f"{province}{_code(to.province + to.city, 20):02d}00"
    town = f"{city[:4]}{_code(to.city + to.district, 98):02d}"
    street = f"{town}{_code(to.district + to.street, 998):03d}" if to.street else ""
    return {
        "province": {"id": province.ljust(province_digits, "0"), "name": to.province},
        "city": {"id": city, "name": to.city},
        "town": {"id": town, "name": to.district},
        "street": {"id": street, "name": to.street},
    }
