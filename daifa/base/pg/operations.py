"""SQL pieces: keys are checked at once, because worker nodes do not hear SET CONSTRAINTS."""

from __future__ import annotations

from django.db.backends.postgresql.operations import DatabaseOperations as PostgresOperations


class DatabaseOperations(PostgresOperations):
    """PostgreSQL operations with immediate constraints and our INSERT compiler."""

    compiler_module = "daifa.base.pg.compiler"

    def deferrable_sql(self) -> str:
        """Foreign keys are immediate: parents are written first."""
        return ""
