"""`daifa distribute` on a real Citus: a filled company on one server, spread, moved between nodes, still whole."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from django.conf import settings
from psycopg import sql

from daifa.base.pg import movers
from daifa.entry import postgres
from daifa.kit.values import dataclass
from tests.flows import files

NAME = "test_daifa_distribute"
PASSWORD = "daifa-demo-2026"  # the demo's, no secret
CITUS: dict[str, Any] = settings.DATABASES["owner"]["TEST"]
needs_citus = pytest.mark.skipif(not CITUS.get("CITUS_WORKERS"), reason="needs CITUS_WORKERS")


@dataclass(frozen=True, slots=True)
class Server:
    """A database of its own on the coordinator, and the command line pointed at it."""

    home: Path
    back: Path
    coordinator: tuple[str, int]
    workers: list[tuple[str, int]]
    urls: dict[str, str] = field(default_factory=dict)

    def run(self, *argv: str, stdin: str = "", **more: str) -> tuple[int, Any]:
        """Exit code and the JSON that was printed; ``more`` settings."""
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-m", "daifa.entry.cli", "--json", *argv],
            env={**os.environ, "DAIFA_HOME": str(self.home), **self.urls, **more},
            input=stdin, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.stdout, done.stderr
        return done.returncode, json.loads(done.stdout)

    def refusal(self, *argv: str, **more: str) -> str:
        """The code of the refusal."""
        code, told = self.run(*argv, **more)
        assert (code, told.get("refused")) == (1, True), told
        return str(told["code"])

    def superuser(self, node: tuple[str, int], statement: str, *values: object, database: str = NAME) -> Any:
        """Run one statement as the operator and give the first value."""
        with psycopg.connect(CITUS["ADMIN_URL"], host=node[0], port=node[1], dbname=database, autocommit=True) as link:
            done = link.execute(statement.encode(), values or None)
            row = done.fetchone() if done.description else None
            return row[0] if row else None

    def drop(self) -> None:
        """Remove the database from every node."""
        for node in (self.coordinator, *self.workers):
            self.superuser(node, f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)", database="postgres")

    def rows(self) -> dict[str, tuple[int, str]]:
        """Table → rows and a digest of them, as somebody whom row security does not bind."""
        found = {}
        with psycopg.connect(CITUS["ADMIN_URL"], dbname=NAME) as link:
            link.execute("SET timezone = 'UTC'")
            named = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
            for (table,) in link.execute(named).fetchall():
                count = "SELECT count(*), coalesce(sum(hashtext(t::text)::bigint), 0)::text FROM {} AS t"
                found[table] = link.execute(sql.SQL(count).format(sql.Identifier(table))).fetchone()
        return found  # type: ignore[return-value]  # an aggregate always answers


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A company with two orders on the coordinator, as one plain server."""
    told = psycopg.conninfo.conninfo_to_dict(CITUS["ADMIN_URL"])
    urls = {
        name: urlsplit(os.environ[name])._replace(path=f"/{NAME}").geturl()
        for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_ADMIN_URL")
    }
    made = Server(
        tmp_path / "home",
        tmp_path / "back",
        (str(told["host"]), int(told.get("port") or 5432)),
        CITUS["CITUS_WORKERS"],
        urls,
    )
    made.drop()
    owner = settings.DATABASES["owner"]["USER"]
    try:
        for node in (made.coordinator, *made.workers):
            made.superuser(node, f"CREATE DATABASE {NAME} OWNER {owner}", database="postgres")
        company = ("init", "--company-name", "试", "--owner", "boss", "--password-stdin")
        assert made.run(*company, stdin=PASSWORD + "\n")[0] == 0
        orders = tmp_path / "订单.csv"
        orders.write_bytes(files.douyin({"主订单编号": "6900000000000000001"}, {"主订单编号": "6900000000000000002"}))
        assert made.run("import", str(orders), "--new-shop", "douyin:一店")[0] == 0
        yield made
    finally:
        made.drop()


@pytest.mark.slow
@needs_citus
def test_a_filled_database_is_spread_and_a_company_moves(server: Server) -> None:
    before, orders = server.rows(), server.run("orders")[1]
    here = server.coordinator
    assert server.refusal("distribute") == "citus_not_enabled"
    for node in (here, *server.workers):
        server.superuser(node, "CREATE EXTENSION citus")
    assert server.refusal("distribute") == "owner_may_move"
    server.superuser(here, movers.REVOKE)
    assert server.refusal("distribute", "--check") == "no_workers"
    server.superuser(here, "SELECT citus_set_coordinator_host(%s, %s)", *here)
    for node in server.workers:
        server.superuser(here, "SELECT citus_add_node(%s, %s)", *node)
    assert server.refusal("distribute", DATABASE_OWNER_URL=server.urls["DATABASE_URL"]) == "not_the_owner"
    with psycopg.connect(server.urls["DATABASE_URL"]):
        assert server.refusal("distribute") == "product_running"

    code, planned = server.run("distribute", "--check")
    assert (code, planned["done"], server.rows()) == (0, False, before)
    code, told = server.run("distribute")
    assert (code, told["done"]) == (0, True)
    assert [t["table"] for t in told["tables"]] == [t["table"] for t in planned["tables"]]
    assert {t["table"]: t["rows"] for t in told["tables"]}["orders_order"] == 2
    assert (server.rows(), server.run("orders")[1]) == (before, orders)
    assert server.run("distribute")[1]["done"] is False, "twice is once"
    _move(server)
    assert (server.rows(), server.run("orders")[1]) == (before, orders)
    _take_back(server, orders)


def _move(server: Server) -> None:
    """As docs/scale.md says, by the operator; the owner may not."""
    here = server.coordinator
    isolate = "SELECT isolate_tenant_to_new_shard('orders_order', 1, 'CASCADE', shard_transfer_mode := 'block_writes')"
    with (
        psycopg.connect(server.urls["DATABASE_OWNER_URL"]) as link,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        link.execute(isolate)
    shard = server.superuser(here, isolate)
    if len(server.workers) < 2:
        return
    held = server.superuser(here, "SELECT nodeport FROM citus_shards WHERE shardid = %s", shard)
    source, target = sorted(server.workers[:2], key=lambda node: node[1] != held)
    moving = "SELECT citus_move_shard_placement(%s, %s, %s, %s, %s, 'block_writes')"
    server.superuser(here, moving, shard, *source, *target)
    assert server.superuser(here, "SELECT nodeport FROM citus_shards WHERE shardid = %s", shard) == target[1]


def _take_back(server: Server, orders: object) -> None:
    """A backup of the distributed database is one of a plain server."""
    target = server.back / "copy"
    code, told = server.run("backup", str(target))
    assert code == 0
    alone = {"DAIFA_HOME": str(server.back / "home"), "DATABASE_URL": "", "CITUS_WORKERS": ""}
    try:
        assert server.run("restore", str(target), **alone)[1]["rows"] == told["rows"]
        assert server.run("orders", **alone)[1] == orders
    finally:
        postgres.stop(server.back / "home")


@pytest.mark.skipif(bool(os.environ.get("DATABASE_URL")), reason="about the embedded server")
def test_the_embedded_server_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    from daifa.entry import cli

    with pytest.raises(SystemExit) as ended:
        cli.main(["distribute", "--json"])
    assert ended.value.code == 1
    assert json.loads(capsys.readouterr().out)["code"] == "embedded"
