"""Routes of accounts: the entrance, one's own account, members and roles, tokens, shops and settings."""

from __future__ import annotations

from daifa.areas.accounts import api
from daifa.base.web import collect

router = collect(api)
