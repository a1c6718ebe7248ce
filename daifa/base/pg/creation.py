"""Test databases: made by the owner, dropped even when somebody is still connected; on Citus on every node."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import OperationalError
from django.db.backends.postgresql.creation import DatabaseCreation as PostgresCreation
from psycopg import sql

from daifa.base.pg import movers

# Few, because every table of every test database has that many; a production server has 32.
TEST_SHARDS = 4


class DatabaseCreation(PostgresCreation):
    """Drops with FORCE, because pools and workers may hold connections.

    ``TEST`` of the owner's connection may name Citus: ``CITUS_WORKERS`` (host and port of each) and ``ADMIN_URL``
    (a superuser, who alone may make the extension). Then the same tests run on a distributed database.
    """

    def _destroy_test_db(self, test_database_name: str, verbosity: int) -> None:
        drop = f"DROP DATABASE IF EXISTS {self.connection.ops.quote_name(test_database_name)}"
        if self._workers():
            self._drop_everywhere(test_database_name)
            return
        with self._nodb_cursor() as cursor:
            if verbosity > 1:
                self.log(f"Dropping {test_database_name}")
            try:
                # Without FORCE the server itself waits for its autovacuum, which the owner may not terminate.
                cursor.execute(drop)
            except OperationalError:
                cursor.execute(f"{drop} WITH (FORCE)")

    def _execute_create_test_db(self, cursor: Any, parameters: dict[str, str], keepdb: bool = False) -> None:
        name = self._get_test_db_name()
        if not keepdb and self._workers():
            self._drop_everywhere(name)
        elif not keepdb:
            cursor.execute(f"DROP DATABASE IF EXISTS {parameters['dbname']} WITH (FORCE)")
        super()._execute_create_test_db(cursor, parameters, keepdb)
        if self._workers():
            self._spread(name)

    def _workers(self) -> list[tuple[str, int]]:
        return list(self.connection.settings_dict["TEST"].get("CITUS_WORKERS") or [])

    def _coordinator(self) -> tuple[str, int]:
        told = psycopg.conninfo.conninfo_to_dict(self.connection.settings_dict["TEST"]["ADMIN_URL"])
        return str(told.get("host", "localhost")), int(told.get("port") or 5432)

    @contextmanager
    def _superuser(self, node: tuple[str, int], database: str) -> Iterator[psycopg.Connection[Any]]:
        url = self.connection.settings_dict["TEST"]["ADMIN_URL"]
        with psycopg.connect(url, host=node[0], port=node[1], dbname=database, autocommit=True) as link:
            yield link

    def _drop_everywhere(self, name: str) -> None:
        # The coordinator first: its sessions hold those on the workers.
        for node in (self._coordinator(), *self._workers()):
            with self._superuser(node, "postgres") as link:
                link.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def _spread(self, name: str) -> None:
        """Make the (still empty) database the coordinator of the workers."""
        database, owner = sql.Identifier(name), sql.Identifier(self.connection.settings_dict["USER"])
        for node in self._workers():
            with self._superuser(node, "postgres") as link:
                link.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(database, owner))
            with self._superuser(node, name) as link:
                link.execute("CREATE EXTENSION citus")
        with self._superuser(self._coordinator(), name) as link:
            link.execute("CREATE EXTENSION citus")
            link.execute(movers.REVOKE)
            # Without it SET LOCAL app.tenant does not reach the workers, and row security hides every row.
            for setting, value in (("citus.propagate_set_commands", "local"), ("citus.shard_count", str(TEST_SHARDS))):
                link.execute(sql.SQL("ALTER DATABASE {} SET {} = {}").format(database, sql.SQL(setting), value))
            link.execute("SELECT citus_set_coordinator_host(%s, %s)", self._coordinator())
            for node in self._workers():
                link.execute("SELECT citus_add_node(%s, %s)", node)
