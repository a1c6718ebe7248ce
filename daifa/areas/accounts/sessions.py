"""The session store: a database session that knows its user, address and browser, so that it can be listed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from daifa.kit import clock

TOUCH = timedelta(minutes=1)


class SessionStore(DatabaseStore):
    """Database-backed sessions in ``accounts.UserSession``. A deleted row is a closed session at the next request."""

    _row: Any = None

    @classmethod
    def get_model_class(cls) -> Any:
        """The table of sessions."""
        from daifa.areas.accounts.models import UserSession

        return UserSession

    def _get_session_from_db(self) -> Any:
        self._row = super()._get_session_from_db()  # type: ignore[misc]  # not in the stubs
        return self._row

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        """A row with the user and where they signed in from."""
        row: Any = super().create_model_instance(data)
        number = data.get(SESSION_KEY)
        row.user_id = int(number) if number else None
        row.address = str(data.get("address", ""))
        row.agent = str(data.get("agent", ""))[:300]
        row.started_at = row.seen_at = clock.now()
        return row

    def save(self, must_create: bool = False) -> None:
        """Insert, or change what a session holds without touching when it began. Raises UpdateError when revoked."""
        if must_create or self.session_key is None:
            super().save(must_create=must_create)
            return
        row = self.create_model_instance(self._get_session(no_load=False))  # type: ignore[attr-defined]  # not in the stubs
        hit = self.get_model_class().objects.filter(session_key=row.session_key).update(
            session_data=row.session_data, expire_date=row.expire_date, user_id=row.user_id,
            address=row.address, agent=row.agent,
        )  # fmt: skip
        if not hit:
            raise UpdateError

    def touch(self, address: str) -> None:
        """Remember that the session was used just now, from where; at most once a minute."""
        row, now = self._row, clock.now()
        if row is not None and now - row.seen_at > TOUCH:
            row.seen_at = now
            self.get_model_class().objects.filter(session_key=row.session_key).update(seen_at=now, address=address)
