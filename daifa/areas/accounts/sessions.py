"""The session store: a database session that knows its user, address and browser, so that it can be listed."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore


class SessionStore(DatabaseStore):
    """Database-backed sessions in ``accounts.UserSession``."""

    @classmethod
    def get_model_class(cls) -> Any:
        """The table of sessions."""
        from daifa.areas.accounts.models import UserSession

        return UserSession

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        """A row with the user and where they signed in from."""
        row: Any = super().create_model_instance(data)
        number = data.get(SESSION_KEY)
        row.user_id = int(number) if number else None
        row.address = str(data.get("address", ""))
        row.agent = str(data.get("agent", ""))[:300]
        return row
