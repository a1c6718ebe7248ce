"""The database wrapper that ``ENGINE = "daifa.base.pg"`` names."""

from __future__ import annotations

from typing import ClassVar

from django.db.backends.postgresql.base import DatabaseWrapper as PostgresWrapper

from daifa.base.pg.creation import DatabaseCreation
from daifa.base.pg.features import DatabaseFeatures
from daifa.base.pg.operations import DatabaseOperations
from daifa.base.pg.schema import SchemaEditor


class DatabaseWrapper(PostgresWrapper):
    """Django's PostgreSQL wrapper with our schema editor, compiler and features."""

    SchemaEditorClass: ClassVar[type] = SchemaEditor
    features_class: ClassVar[type] = DatabaseFeatures
    ops_class: ClassVar[type] = DatabaseOperations
    creation_class: ClassVar[type] = DatabaseCreation
