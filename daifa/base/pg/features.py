"""What this database is said to support."""

from __future__ import annotations

from django.db.backends.postgresql.features import DatabaseFeatures as PostgresFeatures


class DatabaseFeatures(PostgresFeatures):
    """PostgreSQL, less one shortcut that Django gets wrong for composite keys."""

    # count() after annotate() groups by the second key column only and is refused by the server.
    allows_group_by_select_index = False
