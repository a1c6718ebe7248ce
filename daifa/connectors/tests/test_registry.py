"""Every connector found is whole, and its profiles speak our fields."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path

import pytest

from daifa.connectors import registry
from daifa.kit.tabular.headers import header_key
from daifa.ports.card import Capability, ConnectorKind
from daifa.ports.sheet import ExportProfile, ImportKind
from daifa.ports.sheet_fields import FIELDS, REQUIRED, fields_of

PROFILES = registry.profiles()
HERE = Path(registry.__file__).parent


def test_the_companies_are_found() -> None:
    folders = {f"{p.parent.parent.name}/{p.parent.name}" for p in HERE.glob("*/*/card.py")}
    assert {f"{c.kind}s/{c.key}" for c in registry.cards()} == folders
    shops = registry.cards(ConnectorKind.SHOP)
    assert {"taobao", "pdd", "douyin", "jd", "kuaishou", "generic"} <= {c.key for c in shops}
    badges = [c.badge for c in shops]
    assert len(badges) == len({*badges}), "a badge tells the platform"


@pytest.mark.parametrize("card", registry.cards(), ids=lambda c: c.key)
def test_cards_are_honest(card: object) -> None:
    connector = registry.connector(card.key)  # type: ignore[attr-defined]
    kinds = {p.kind for p in connector.profiles}
    offered = {
        Capability.ORDER_FILES: ImportKind.ORDERS in kinds,
        Capability.SHIP_FILES: ImportKind.SHIP_TEMPLATE in kinds,
    }
    for capability, there in offered.items():
        assert (capability in connector.card.capabilities) == there
    assert re.fullmatch(r"#[0-9a-f]{6}", connector.card.hue)
    assert all(p.platform in (connector.card.key, "") for p in connector.profiles)


@pytest.mark.parametrize("profile", PROFILES, ids=lambda p: p.key)
def test_profiles_use_fields_that_exist(profile: ExportProfile) -> None:
    allowed = {f.key for f in fields_of(profile.kind)}
    assert {f for f in profile.columns.values() if f} <= allowed
    if profile.columns and profile.kind in REQUIRED:
        have = set(profile.columns.values())
        for choice in REQUIRED[profile.kind]:
            assert have & set(choice), choice
    if not any(s.startswith("__") for s in profile.signature):
        assert {header_key(s) for s in profile.signature} <= {header_key(c) for c in profile.columns}
    if "state" in profile.columns.values():
        assert profile.states
    if "refund_state" in profile.columns.values():
        assert profile.refund_states
    assert profile.source or profile.verified
    if profile.kind == ImportKind.SHIP_TEMPLATE:
        assert profile.ship_template is not None


def test_no_two_exports_share_a_signature() -> None:
    marks = [(p.key, frozenset(map(header_key, p.signature))) for p in PROFILES if "__never__" not in p.signature]
    for (one, a), (other, b) in combinations(marks, 2):
        assert a != b, (one, other)


def test_every_field_has_a_label_of_its_own_within_a_kind() -> None:
    for kind in ImportKind:
        labels = [f.label for f in fields_of(kind)]
        assert len(labels) == len(set(labels)), kind
    assert all(key == f.key for key, f in FIELDS.items())


@pytest.mark.parametrize(
    ("said", "key"),
    [("抖店", "douyin"), ("抖音小店", "douyin"), ("天猫", "taobao"), ("PDD", "pdd"), ("alibaba1688", ""), ("没有", "")],
)
def test_a_shop_platform_goes_by_what_people_call_it(said: str, key: str) -> None:
    assert registry.shop_platform(said) == key
