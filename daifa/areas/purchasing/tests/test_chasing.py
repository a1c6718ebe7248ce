"""What is pasted to a supplier who owes numbers."""

from __future__ import annotations

from daifa.areas.purchasing.rules.chasing import OwedPurchase, chase_text
from daifa.kit import clock

NOW = clock.beijing(2026, 11, 30, 12)


def test_the_text_names_what_is_owed_and_until_when() -> None:
    late = OwedPurchase("P1-恒达-001", ("6901",), (("陶瓷杯 白色", 2),), clock.beijing(2026, 11, 30, 9))
    soon = OwedPurchase("P1-恒达-002", ("6902", "6903"), (("毛巾", 1), ("地垫", 1)), clock.beijing(2026, 12, 1, 9))
    open_end = OwedPurchase("P1-恒达-003", ("6904",), (("碗", 1),), None)
    assert chase_text("恒达百货", [late, soon, open_end], NOW).splitlines() == [
        "恒达百货，下面 3 单还没有快递单号，其中 1 单已经超时，麻烦尽快发货并回单号：",
        "1. P1-恒达-001（平台单号 6901）",
        "   陶瓷杯 白色×2",
        "   已超时，最晚 11-30 09:00 发出",
        "2. P1-恒达-002（平台单号 6902，6903）",
        "   毛巾×1",
        "   地垫×1",
        "   最晚 12-01 09:00 发出",
        "3. P1-恒达-003（平台单号 6904）",
        "   碗×1",
        "发货后请回：单号 快递 运单号，一单一行。",
    ]
    assert chase_text("恒达百货", [], NOW) == ""
