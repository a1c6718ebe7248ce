"""Which path a recipient takes, by example; every path not taken says whether it is open and why."""

from __future__ import annotations

from typing import Any

import pytest

from daifa.flows.recipient_paths import LABELS, Path, RecipientFacts, ways_of
from daifa.ports.shop import RecipientState

CIPHER, PLAIN, MASKED = RecipientState.CIPHER, RecipientState.PLAIN, RecipientState.MASKED

CASES: list[tuple[dict[str, Any], Path, str, dict[Path, str]]] = [
    ({"state": CIPHER, "carriers": True, "goes": True}, Path.HANDED_ON, "由它解密", {Path.DECRYPTED: "open"}),
    (
        {"state": CIPHER, "carriers": True, "cannot_open": "这家店没有接口授权，不能解密"},
        Path.PERSON,
        "收件人是平台加密的",
        {Path.HANDED_ON: "有的商品没有能接加密单的供应商", Path.DECRYPTED: "没有接口授权", Path.HANDOVER: "open"},
    ),
    ({"state": CIPHER}, Path.PERSON, "平台加密的", {Path.HANDED_ON: "现在没有这样的授权", Path.DECRYPTED: "open"}),
    ({"state": PLAIN}, Path.AS_GIVEN, "是明文", {Path.HANDED_ON: "没有可以转交的", Path.DECRYPTED: "不用解密"}),
    ({"state": PLAIN, "opened": True}, Path.DECRYPTED, "封存保存", {Path.HANDED_ON: "没有可以转交的"}),
    ({"state": CIPHER, "goes": True, "handover": True}, Path.HANDOVER, "不碰收件人", {Path.AS_GIVEN: "没有给明文"}),
    (
        {"state": CIPHER, "no_factory": "", "factory_first": True, "carriers": True, "goes": True},
        Path.FACTORY,
        "我们不碰",
        {Path.HANDED_ON: "open", Path.HANDOVER: "open"},
    ),
    ({"state": MASKED, "no_factory": "", "factory_first": True}, Path.FACTORY, "绑定的厂家", {Path.PERSON: "open"}),
    ({"state": CIPHER, "goes": True, "no_factory": ""}, Path.HANDED_ON, "由它解密", {Path.FACTORY: "open"}),
    (
        {"state": CIPHER, "no_factory": "绑定的厂家没有“茶杯”"},
        Path.PERSON,
        "平台加密的",
        {Path.FACTORY: "没有“茶杯”", Path.HANDOVER: "open"},
    ),
    (
        {"state": MASKED, "handover": True},
        Path.HANDOVER,
        "在平台后台交给厂家",
        {Path.FACTORY: "没有绑定厂家"},
    ),
    (
        {"state": CIPHER, "no_factory": "", "factory_first": True, "bought": True},
        Path.FACTORY,
        "绑定的厂家",
        {Path.HANDED_ON: "已经派单"},
    ),
    ({"state": MASKED}, Path.PERSON, "脱敏", {Path.DECRYPTED: "不用解密", Path.AS_GIVEN: "没有给明文"}),
    ({"state": CIPHER, "goes": True, "bought": True}, Path.HANDED_ON, "我们不看", {Path.DECRYPTED: "已经派单"}),
]


@pytest.mark.parametrize(("facts", "taken", "why", "others"), CASES)
def test_each_path_by_example(facts: dict[str, Any], taken: Path, why: str, others: dict[Path, str]) -> None:
    found = ways_of(RecipientFacts(**facts))
    assert (found.taken, why in found.why) == (taken, True)
    assert {o.path for o in found.others} | {found.taken} == set(Path) == set(LABELS)
    assert all(o.why for o in found.others)
    told = {o.path: o for o in found.others}
    for path, said in others.items():
        assert told[path].open is (said == "open")
        assert said == "open" or said in told[path].why
