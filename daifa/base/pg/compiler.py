"""SQL compilers: every bulk INSERT returns something, so that a distributed database does not turn it into COPY."""

from __future__ import annotations

from typing import Any

from django.db.models.sql.compiler import (
    SQLAggregateCompiler,
    SQLCompiler,
    SQLDeleteCompiler,
    SQLUpdateCompiler,
)
from django.db.models.sql.compiler import SQLInsertCompiler as DjangoInsertCompiler

from daifa.base.fields import TenantKey

__all__ = [
    "SQLAggregateCompiler",
    "SQLCompiler",
    "SQLDeleteCompiler",
    "SQLInsertCompiler",
    "SQLUpdateCompiler",
]


class SQLInsertCompiler(DjangoInsertCompiler):
    """Appends RETURNING to a plain bulk INSERT into a tenant table (COPY is refused under row security)."""

    def as_sql(self) -> Any:
        """The statements with their parameters."""
        statements = super().as_sql()
        tenant_table = any(isinstance(f, TenantKey) for f in self.query.get_meta().local_fields)
        if not tenant_table or self.returning_fields:
            return statements
        return [
            (sql if " RETURNING " in sql or " ON CONFLICT " in sql else f"{sql} RETURNING tenant_id", params)
            for sql, params in statements
        ]
