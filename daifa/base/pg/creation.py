"""Test databases: made by the owner, dropped even when somebody is still connected."""

from __future__ import annotations

from typing import Any

from django.db import OperationalError
from django.db.backends.postgresql.creation import DatabaseCreation as PostgresCreation


class DatabaseCreation(PostgresCreation):
    """Drops with FORCE, because pools and workers may hold connections."""

    def _destroy_test_db(self, test_database_name: str, verbosity: int) -> None:
        drop = f"DROP DATABASE IF EXISTS {self.connection.ops.quote_name(test_database_name)}"
        with self._nodb_cursor() as cursor:
            if verbosity > 1:
                self.log(f"Dropping {test_database_name}")
            try:
                # Without FORCE the server itself waits for its autovacuum, which the owner may not terminate.
                cursor.execute(drop)
            except OperationalError:
                cursor.execute(f"{drop} WITH (FORCE)")

    def _execute_create_test_db(self, cursor: Any, parameters: dict[str, str], keepdb: bool = False) -> None:
        if not keepdb:
            cursor.execute(f"DROP DATABASE IF EXISTS {parameters['dbname']} WITH (FORCE)")
        super()._execute_create_test_db(cursor, parameters, keepdb)
