"""What somebody without a permission is told: its name, never its key."""

from __future__ import annotations

import pytest

from daifa.base.actor import Actor
from daifa.base.permissions import PERMISSIONS
from daifa.kit.errors import NotAllowed


@pytest.mark.parametrize("permission", PERMISSIONS)
def test_a_refusal_names_the_permission_as_the_role_editor_does(permission: str) -> None:
    with pytest.raises(NotAllowed) as refused:
        Actor(key="member:1", name="小王").need(permission)
    assert f"“{PERMISSIONS[permission]}”" in refused.value.message_zh
    assert permission not in refused.value.message_zh
