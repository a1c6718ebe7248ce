"""The schema editor: a TenantKey in a model brings row security, grants, composite keys and, on Citus, distribution."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db.backends.ddl_references import Columns, IndexName, Statement, Table
from django.db.backends.postgresql.schema import DatabaseSchemaEditor

from daifa.base.fields import TenantForeignKey, TenantKey

POLICY = "tenant_id = nullif(current_setting('app.tenant', true), '')::int"
SQL_FK = (
    "ALTER TABLE %(table)s ADD CONSTRAINT %(name)s FOREIGN KEY (%(column)s) REFERENCES %(to_table)s (%(to_column)s)"
)


def is_tenant(model: Any) -> bool:
    """Whether the model (also a historical one of a migration) is a tenant's table."""
    return any(isinstance(f, TenantKey) for f in model._meta.local_fields)


def is_append_only(model: Any) -> bool:
    """Whether rows of the model may never change."""
    return any(base.__name__ == "AppendOnly" for base in model.__mro__)


def is_shared(model: Any) -> bool:
    """Whether the model is a reference table."""
    return any(base.__name__ == "Shared" for base in model.__mro__)


def app_role() -> str:
    """The role the product works as: bound by row security, owner of nothing."""
    return str(settings.DATABASES["default"]["USER"])


class SchemaEditor(DatabaseSchemaEditor):
    """Emits the tenancy of a table together with the table."""

    def __enter__(self) -> SchemaEditor:
        super().__enter__()
        self.citus = not self.collect_sql and self._has_citus()
        if self.citus and self.atomic_migration:
            super().execute("SET LOCAL citus.multi_shard_modify_mode = 'sequential'", None)
        return self

    def _has_citus(self) -> bool:
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_extension WHERE extname = 'citus'")
            return cursor.fetchone() is not None

    def execute(self, sql: Any, params: Any = ()) -> None:
        """Run one statement; on Citus only statements about distributed tables travel to the workers."""
        text = str(sql)
        if getattr(self, "citus", False) and self.atomic_migration:
            travels = any(f'"{t}"' in text for t in self._spread()) or text.startswith("GRANT")
            super().execute(f"SET LOCAL citus.enable_ddl_propagation = {'on' if travels else 'off'}", None)
        super().execute(sql, params)

    def _spread(self) -> set[str]:
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT logicalrelid::regclass::text FROM pg_dist_partition")
            return {name.strip('"') for (name,) in cursor.fetchall()}

    def create_model(self, model: Any) -> None:
        """Create the table, then its distribution, row security, grants and composite keys."""
        super().create_model(model)
        table = self.quote_name(model._meta.db_table)
        if is_tenant(model):
            self._distribute(model._meta.db_table, "'tenant_id', colocate_with => 'default'")
            for what in ("ENABLE", "FORCE"):
                self.execute(f"ALTER TABLE {table} {what} ROW LEVEL SECURITY", None)
            self.execute(f"CREATE POLICY tenant ON {table} USING ({POLICY}) WITH CHECK ({POLICY})", None)
            for field in model._meta.local_fields:
                self._defer_key(model, field)
        elif getattr(self, "citus", False) and is_shared(model):
            super().execute(f"SELECT create_reference_table('{table}')", None)
        # Default privileges (for the job queue's plain SQL) may have given more than this table allows.
        role, allowed = self.quote_name(app_role()), "SELECT, INSERT, UPDATE, DELETE"
        self.execute(f"REVOKE ALL ON {table} FROM {role}", None)
        self.execute(f"GRANT {'SELECT, INSERT' if is_append_only(model) else allowed} ON {table} TO {role}", None)
        if is_tenant(model) and not getattr(self, "citus", False):
            self.maintain(model._meta.db_table)

    def maintain(self, table: str) -> None:
        """Let the product have a table analysed after much was written to it (``base/statistics``)."""
        self.execute(f"GRANT MAINTAIN ON {self.quote_name(table)} TO {self.quote_name(app_role())}", None)

    def _distribute(self, table: str, how: str) -> None:
        if getattr(self, "citus", False):
            super().execute(f"SELECT create_distributed_table('{self.quote_name(table)}', {how})", None)

    def add_field(self, model: Any, field: Any) -> None:
        """Add a column, and the composite key when it points inside the tenant."""
        super().add_field(model, field)
        self._defer_key(model, field)

    def _defer_key(self, model: Any, field: Any) -> None:
        if not isinstance(field, TenantForeignKey):
            return
        mine, theirs = model._meta.db_table, field.remote_field.model._meta.db_table
        name = IndexName(mine, [field.column], "_tenant_fk", self._key_name)
        self.deferred_sql.append(
            Statement(
                SQL_FK,
                table=Table(mine, self.quote_name),
                name=name,
                column=Columns(mine, ["tenant_id", field.column], self.quote_name),
                to_table=Table(theirs, self.quote_name),
                to_column=Columns(theirs, ["tenant_id", "id"], self.quote_name),
            )
        )

    def _key_name(self, table: str, columns: Iterable[str], suffix: str = "") -> str:
        name = self._create_index_name(table, list(columns), suffix=suffix)
        return self.quote_name(name)

    def _field_indexes_sql(self, model: Any, field: Any) -> list[Any]:
        if not isinstance(field, TenantForeignKey):
            return list(super()._field_indexes_sql(model, field))
        if not field.db_index:
            return []
        fields = [model._meta.get_field("tenant_id"), field]
        return [self._create_index_sql(model, fields=fields)]

    def _alter_field(self, model: Any, *args: Any, **kw: Any) -> None:
        # The owner is bound by FORCE too: filling in a default before NOT NULL would touch no row.
        table = self.quote_name(model._meta.db_table)
        if not is_tenant(model):
            super()._alter_field(model, *args, **kw)
            return
        self.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY", None)
        super()._alter_field(model, *args, **kw)
        self.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY", None)
