"""What a file's name tells: a platform's own words come from its files' profiles."""

from __future__ import annotations

from dataclasses import replace

import pytest

from daifa.areas.mailroom.rules.hints import platform_hint, shop_hint
from daifa.connectors import registry

P = registry.profiles()


@pytest.mark.parametrize(
    ("name", "platform"),
    [
        ("拼多多7月.xlsx", "pdd"),
        ("家居-京东-订单.csv", "jd"),
        ("KuaiShou_1.csv", "kuaishou"),
        ("jd.csv", ""),
        ("订单.csv", ""),
    ],
)
def test_the_platform_in_the_file_name(name: str, platform: str) -> None:
    assert platform_hint(name, P) == platform


def test_what_names_a_platform_in_a_file_name_is_the_platforms_own_word() -> None:
    new = replace(P[0], platform="new", file_words=("每日优选", "meiri"), file_leads=("每日",))
    name = "每日优选订单_好物每日店_20260815.csv"
    assert (platform_hint(name, P), platform_hint(name, [*P, new])) == ("", "new")
    assert shop_hint("每日优选旗舰店订单.csv", P) == "每日优选旗舰店"
    assert shop_hint(name, [*P, new]) == "好物每日店"
