"""The database wrapper that ``ENGINE = "daifa.base.pg"`` names."""

from __future__ import annotations

from django.db.backends.postgresql.base import DatabaseWrapper as PostgresWrapper

from daifa.base.pg.creation import DatabaseCreation
from daifa.base.pg.features import DatabaseFeatures
from daifa.base.pg.operations import DatabaseOperations
from daifa.base.pg.schema import SchemaEditor


class DatabaseWrapper(PostgresWrapper):
    """Django's PostgreSQL wrapper with our schema editor, compiler and features."""

    SchemaEditorClass = SchemaEditor
    features_class = DatabaseFeatures
    ops_class = DatabaseOperations
    creation_class = DatabaseCreation
