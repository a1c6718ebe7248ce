"""The tests' ground: a throw-away database made by the owner, tests as the bound role, a fresh tenant for each."""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from hypothesis import HealthCheck, settings

if "DATABASE_URL" not in os.environ:
    # Side by side (pytest -n) each has a server of its own.
    _worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    _given = os.environ.get("DAIFA_TEST_HOME")
    _home = Path(_given, _worker) if _given else Path(tempfile.mkdtemp(prefix=f"daifa-test-{_worker}"))
    os.environ["DAIFA_HOME"] = str(_home)
else:
    os.environ.setdefault("DAIFA_HOME", tempfile.mkdtemp(prefix="daifa-test-"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "daifa.entry.settings")
_numbers = itertools.count(1000)
# How long an example takes says who else uses the machine; speed is measured by benchmarks.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


def _move_settings() -> None:
    """Point the settings at the throw-away home: pytest-django reads them before it reads this file."""
    from django.conf import settings as django

    from daifa.entry import postgres

    home = os.environ["DAIFA_HOME"]
    if not django.configured or home == django.DAIFA_HOME:
        return
    django.DAIFA_HOME = home
    if "DATABASE_URL" not in os.environ:
        for database in django.DATABASES.values():
            database["HOST"] = str(postgres.socket_folder(Path(home)))


_move_settings()


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """Start the throw-away server before anybody asks for a database."""
    if "DATABASE_URL" not in os.environ:
        from daifa.entry import postgres

        home = Path(os.environ["DAIFA_HOME"])
        postgres.start(home)
        # So that the owner may end the product's sessions when it drops a test database.
        with psycopg.connect(host=str(postgres.socket_folder(home)), user="postgres", dbname="postgres") as link:
            link.execute(f"GRANT {postgres.APP} TO {postgres.OWNER}")


@pytest.fixture(scope="session", autouse=True)
def every_connection_is_guarded() -> None:
    """Whatever connection a test opens, in whatever thread: its statements name their tenant."""
    from django.db.backends.signals import connection_created

    from tests.guard import watch

    connection_created.connect(watch)


@pytest.fixture(scope="session")
def django_db_setup(django_db_modify_db_settings: None, django_db_blocker: object) -> Iterator[None]:
    """Make and migrate the test database as the owner; tests then run as the bound role."""
    from django.conf import settings
    from django.db import connections
    from django.test.utils import setup_databases, teardown_databases

    with django_db_blocker.unblock():  # type: ignore[attr-defined]  # pytest-django's blocker
        made = setup_databases(0, interactive=False, aliases={"default": None, "owner": None}, serialized_aliases=[])
        assert str(connections["default"].settings_dict["NAME"]).startswith("test_")
        if "DATABASE_URL" not in os.environ:
            from daifa.entry import postgres

            home = Path(os.environ["DAIFA_HOME"])
            assert connections["default"].settings_dict["HOST"] == str(postgres.socket_folder(home))
        assert settings.DATABASES["default"]["USER"] == connections["default"].settings_dict["USER"]
    yield
    with django_db_blocker.unblock():  # type: ignore[attr-defined]  # pytest-django's blocker
        for alias in ("default", "owner"):
            connections[alias].close()
            if close_pool := getattr(connections[alias], "close_pool", None):
                close_pool()
        if "DATABASE_URL" in os.environ:
            teardown_databases(made, verbosity=0)
            return
        from daifa.entry import postgres

        # The server was made for these tests: it goes as a whole.
        postgres.stop(Path(os.environ["DAIFA_HOME"]))
        shutil.rmtree(os.environ["DAIFA_HOME"], ignore_errors=True)


@pytest.fixture
def tenant_number(transactional_db: None) -> int:
    """A tenant nobody has used, with row security between it and all others; nothing needs flushing."""
    return next(_numbers)


@pytest.fixture
def in_tenant(tenant_number: int) -> Iterator[int]:
    """Inside one transaction of a fresh tenant."""
    from daifa.base.tenancy import tenant

    with tenant(tenant_number):
        yield tenant_number
