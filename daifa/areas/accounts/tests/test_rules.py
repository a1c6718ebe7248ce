"""One-time codes as the standard has them; rights that nobody may give away."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daifa.areas.accounts import rules
from daifa.areas.accounts.types import BUILTIN_ROLES, GROUPS
from daifa.base.permissions import PERMISSIONS

# RFC 6238 appendix B gives eight digits of the secret "12345678901234567890"; six digits are their tail.
RFC = [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (2000000000, "279037")]
SECRET = b"12345678901234567890"


@pytest.mark.parametrize(("second", "code"), RFC)
def test_codes_of_the_standard_open(second: int, code: str) -> None:
    at = datetime.fromtimestamp(second, UTC)
    assert rules.accepted_step(SECRET, code, at, 0) == second // 30
    assert rules.accepted_step(SECRET, code, at + timedelta(seconds=30), 0) == second // 30
    assert rules.accepted_step(SECRET, code, at + timedelta(seconds=90), 0) is None
    assert rules.accepted_step(SECRET, code, at, second // 30) is None, "a used code opens again"


@settings(max_examples=30)
@given(st.text(max_size=8))
def test_other_text_is_no_code(text: str) -> None:
    at = datetime.fromtimestamp(59, UTC)
    if text not in {"287082", "755224", "359152"}:
        assert rules.accepted_step(SECRET, text, at, 0) is None


def test_recovery_codes_are_typed_by_people() -> None:
    codes = rules.new_recovery_codes()
    assert len(set(codes)) == rules.RECOVERY_CODES
    assert rules.recovery_hash(7, codes[0]) == rules.recovery_hash(7, f" {codes[0].lower().replace('-', ' ')} ")
    assert rules.recovery_hash(7, codes[0]) != rules.recovery_hash(8, codes[0])


def test_the_address_for_the_authenticator_names_login_and_issuer() -> None:
    uri = rules.provisioning_uri(SECRET, "张三@店", "代发")
    assert uri.startswith("otpauth://totp/%E4%BB%A3%E5%8F%91:%E5%BC%A0%E4%B8%89%40%E5%BA%97?")
    assert "secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ" in uri


def test_rights_that_are_not_held_cannot_be_given() -> None:
    assert rules.not_held({"*"}, ["*", "audit.view"]) == []
    assert rules.not_held({"orders.view"}, ["orders.view", "orders.open"]) == ["orders.open"]
    assert rules.not_held(set(PERMISSIONS), ["*"]) == ["*"]


def test_every_permission_stands_in_one_group_and_roles_name_known_ones() -> None:
    grouped = [p for keys in GROUPS.values() for p in keys]
    assert sorted(grouped) == sorted(PERMISSIONS)
    assert {p for _, held in BUILTIN_ROLES.values() for p in held} <= {*PERMISSIONS, "*"}


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64) AppleWebKit/537.36 Chrome/130 Safari/537.36 Edg/130", "Edge · Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17) AppleWebKit Mobile MicroMessenger/8.0", "微信 · iPhone"),
        ("curl/8", "未知设备"),
    ],
)
def test_a_browser_is_named_as_people_do(agent: str, said: str) -> None:
    assert rules.device(agent) == said
