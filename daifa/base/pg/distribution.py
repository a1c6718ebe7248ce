"""Turn a migrated database, empty or filled, into a distributed one.

Tenant tables go over the workers by ``tenant_id``, shared tables become a copy on every node, the rest stays on the
coordinator. What a table becomes is read from its model, as the schema editor does for new ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.apps import apps
from django.db import connections, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import DatabaseError

from daifa.base.pg import movers
from daifa.base.pg.schema import app_role, is_shared, is_tenant
from daifa.kit.errors import AppError, Conflict, Invalid
from daifa.kit.values import dataclass

DISTRIBUTED, REFERENCE, LOCAL = "distributed", "reference", "local"
# Longer waits would queue the product behind us.
LOCK_SECONDS = 5
_KEYS = (
    "SELECT f.relname, c.conname, pg_get_constraintdef(c.oid), t.relname FROM pg_constraint c"
    " JOIN pg_class f ON f.oid = c.conrelid JOIN pg_class t ON t.oid = c.confrelid"
    " WHERE c.contype = 'f' AND c.connamespace = 'public'::regnamespace AND c.conparentid = 0 ORDER BY 1, 2"
)
# partmethod 'h' is by hash of a column, 'n' without; of those repmodel 't' is a copy on every node, others stay local.
_THERE = (
    "SELECT c.relname, p.partmethod::text, p.repmodel::text, column_to_column_name(p.logicalrelid, p.partkey)"
    " FROM pg_dist_partition p JOIN pg_class c ON c.oid = p.logicalrelid"
)
_HEARS = (
    "SELECT EXISTS (SELECT 1 FROM pg_db_role_setting s, unnest(s.setconfig) AS c WHERE c = %s"
    " AND s.setrole IN (0, (SELECT oid FROM pg_roles WHERE rolname = %s))"
    " AND s.setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database())))"
)
_PROPAGATE = "citus.propagate_set_commands"


@dataclass(frozen=True, slots=True)
class Key:
    """A foreign key as the database tells it."""

    table: str
    name: str
    definition: str
    target: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done: which tables become what, which keys are dropped first and added again at the end.

    ``beside`` is a table whose companies' rows the new ones must lie with, "default" for the first.
    """

    references: tuple[str, ...]
    distributed: tuple[str, ...]
    keys: tuple[Key, ...]
    beside: str = "default"

    @property
    def tables(self) -> tuple[tuple[str, str], ...]:
        """(table, what it becomes), in order: what is pointed at from everywhere comes first."""
        return (*((t, REFERENCE) for t in self.references), *((t, DISTRIBUTED) for t in self.distributed))


@dataclass(frozen=True, slots=True)
class Moved:
    """One table and how many rows it took along."""

    table: str
    kind: str
    rows: int


@dataclass(frozen=True, slots=True)
class Survey:
    """The server as it is, and what is to be done there."""

    plan: Plan
    workers: tuple[str, ...]
    shards: int
    hears: bool
    sessions: int


def kinds(models: Iterable[Any]) -> dict[str, str]:
    """Table → what it becomes; tables that stay on the coordinator are left out."""
    found = {}
    for model in models:
        if is_tenant(model):
            found[model._meta.db_table] = DISTRIBUTED
        elif is_shared(model):
            found[model._meta.db_table] = REFERENCE
    return found


def plan(wanted: Mapping[str, str], there: Mapping[str, str], keys: Iterable[Key]) -> Plan:
    """What turns ``there`` into ``wanted``. Raises Conflict for a table that was made something else."""
    wrong = sorted(t for t, kind in wanted.items() if there.get(t, LOCAL) not in (LOCAL, kind))
    if wrong:
        raise Conflict("wrong_kind", f"这些表已按别的方式分布，不能自动更改：{'、'.join(wrong[:5])}。")
    todo = {t: kind for t, kind in wanted.items() if there.get(t, LOCAL) != kind}
    lying = sorted(t for t, kind in wanted.items() if kind == DISTRIBUTED and t not in todo)
    return Plan(
        references=tuple(sorted(t for t, kind in todo.items() if kind == REFERENCE)),
        distributed=tuple(sorted(t for t, kind in todo.items() if kind == DISTRIBUTED)),
        keys=tuple(k for k in keys if k.table in todo or k.target in todo),
        beside=lying[0] if lying else "default",
    )


def survey() -> Survey:
    """Look at the owner's database. Raises Conflict or Invalid with what is missing; changes nothing."""
    with connections["owner"].cursor() as cursor:
        _refuse_without_citus(cursor)
        _refuse_unmigrated()
        wanted = kinds(apps.get_models())
        _refuse_stranger(cursor, sorted(wanted))
        _refuse_movers(cursor)
        workers = _workers(cursor)
        cursor.execute(_THERE)
        there = {table: _kind(*how) for table, *how in cursor.fetchall()}
        cursor.execute(_KEYS)
        made = plan(wanted, there, [Key(*row) for row in cursor.fetchall()])
        cursor.execute(_HEARS, [f"{_PROPAGATE}=local", app_role()])
        hears = bool(cursor.fetchone()[0])
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND usename = %s", [app_role()]
        )
        sessions = int(cursor.fetchone()[0])
        cursor.execute("SHOW citus.shard_count")
        return Survey(made, workers, int(cursor.fetchone()[0]), hears, sessions)


def _kind(method: str, model: str, column: str | None) -> str:
    if method == "h":
        return DISTRIBUTED if column == "tenant_id" else f"by {column}"
    return REFERENCE if model == "t" else LOCAL


def _refuse_without_citus(cursor: Any) -> None:
    cursor.execute("SELECT 1 FROM pg_extension WHERE extname = 'citus'")
    if cursor.fetchone():
        return
    cursor.execute("SELECT 1 FROM pg_available_extensions WHERE name = 'citus'")
    if cursor.fetchone():
        raise Conflict(
            "citus_not_enabled",
            "服务器装了 Citus，但这个数据库没有启用：请管理员在每个节点的这个数据库里执行 CREATE EXTENSION citus。",
        )
    raise Conflict("no_citus", "这个数据库服务器没有 Citus，不能分布。单台服务器不用分布；需要多台时见 docs/scale.md。")


def _refuse_unmigrated() -> None:
    executor = MigrationExecutor(connections["owner"])
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        raise Conflict(
            "not_migrated", f"表结构不是最新的（差 {len(missing)} 步）。请先用这个版本运行一次 ./start，停下后再分布。"
        )
    # Its tables would be left behind, pointing from the coordinator into the workers.
    unknown = sorted(f"{app}.{name}" for app, name in _applied(executor) - set(executor.loader.disk_migrations))
    if unknown:
        raise Conflict("newer_schema", f"表结构是别的版本建的（{'、'.join(unknown[:3])}）。请用那个版本分布。")


def _applied(executor: MigrationExecutor) -> set[tuple[str, str]]:
    ours = {app.label for app in apps.get_app_configs()}
    return {(app, name) for app, name in executor.loader.applied_migrations if app in ours}


def _refuse_stranger(cursor: Any, tables: list[str]) -> None:
    cursor.execute(
        "SELECT current_user::text, array_agg(DISTINCT pg_get_userbyid(relowner)::text) FROM pg_class"
        " WHERE relname = ANY(%s) AND relnamespace = 'public'::regnamespace",
        [tables],
    )
    me, owners = cursor.fetchone()
    if owners != [me]:
        raise Invalid(
            "not_the_owner",
            f"DATABASE_OWNER_URL 的角色是 {me}，表的主人是 {'、'.join(owners or [])}。请用表的主人运行。",
        )


def _refuse_movers(cursor: Any) -> None:
    cursor.execute(movers.HELD)
    if held := [name for (name,) in cursor.fetchall()]:
        raise Conflict(
            "owner_may_move",
            f"表的主人能执行 {held[0]} 等 {len(held)} 个搬动数据的函数；它受行级安全约束，"
            "由它搬动会丢掉整家公司的数据。请管理员先按 docs/scale.md 收回这些权限。",
        )


def _workers(cursor: Any) -> tuple[str, ...]:
    cursor.execute("SELECT nodename || ':' || nodeport, groupid = 0, isactive FROM pg_dist_node ORDER BY 1")
    nodes = cursor.fetchall()
    found = tuple(name for name, coordinator, active in nodes if active and not coordinator)
    if not found:
        raise Conflict(
            "no_workers", "还没有登记工作节点：请管理员在协调节点上执行 SELECT citus_add_node('主机', 端口)。"
        )
    if not any(coordinator for _, coordinator, _ in nodes):
        raise Conflict(
            "no_coordinator",
            "协调节点自己还没有登记：请管理员在上面执行 SELECT citus_set_coordinator_host('主机', 端口)。",
        )
    # Connects as we do, so that a missing role, database or permission is told here and not half-way.
    cursor.execute(
        "SELECT nodename || ':' || nodeport, success, result FROM run_command_on_workers(%s)",
        ["SELECT count(*) FROM pg_roles WHERE rolname = " + _literal(app_role())],
    )
    for name, success, result in cursor.fetchall():
        if not success:
            raise Conflict("worker_unreachable", f"协调节点连不上工作节点 {name}：{result}")
        if result != "1":
            raise Conflict(
                "role_missing", f"工作节点 {name} 上没有角色 {app_role()}：请管理员在每个节点建立同样的角色。"
            )
    return found


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def run(tell: Callable[[Moved], None]) -> tuple[Survey, list[Moved]]:
    """Do what the survey says, in one transaction: all of it, or nothing. ``tell`` hears of each table when it is done.

    Raises Conflict when the product still runs or a table is in use, AppError with what the server said otherwise.
    """
    found = survey()
    if found.plan.tables and found.sessions:
        raise Conflict(
            "product_running", f"产品还在运行（{found.sessions} 个连接）。请先停下产品和全部后台任务，再分布。"
        )
    try:
        with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
            return found, _carry_out(cursor, found, tell)
    except DatabaseError as error:
        said, code = str(error).strip().splitlines()[0], getattr(error.__cause__, "sqlstate", "")
        if code == "53200":
            raise Conflict(
                "too_many_locks",
                "服务器的锁不够用，已全部撤回：请把每个节点的 max_locks_per_transaction 调大（例如 256），重启后再试。",
            ) from error
        if code == "55P03":
            raise Conflict(
                "table_in_use", f"有程序正在使用这些表，{LOCK_SECONDS} 秒内没有等到。什么都没有改变。"
            ) from error
        raise AppError("not_distributed", f"没有分布成，已全部撤回，什么都没有改变。数据库说：{said}") from error


def _carry_out(cursor: Any, found: Survey, tell: Callable[[Moved], None]) -> list[Moved]:
    quote = connections["owner"].ops.quote_name
    cursor.execute(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'")
    if not found.hears:
        _let_settings_travel(cursor)
    todo = found.plan
    if todo.tables:
        # One connection for each worker: shards that reference tables see must not be touched from several.
        cursor.execute("SET LOCAL citus.multi_shard_modify_mode = 'sequential'")
    # All locks at once, before anything is moved.
    for table, _ in todo.tables:
        cursor.execute(f"LOCK TABLE {quote(table)} IN ACCESS EXCLUSIVE MODE")
    for key in todo.keys:
        cursor.execute(f"ALTER TABLE {quote(key.table)} DROP CONSTRAINT {quote(key.name)}")
    moved = []
    for table, kind in todo.tables:
        moved.append(_move(cursor, table, kind, todo.beside))
        tell(moved[-1])
    for key in todo.keys:
        cursor.execute(f"ALTER TABLE {quote(key.table)} ADD CONSTRAINT {quote(key.name)} {key.definition}")
    return moved


def _let_settings_travel(cursor: Any) -> None:
    # Without it SET LOCAL app.tenant stays on the coordinator, and row security on the workers hides every row.
    cursor.execute("SELECT current_database()")
    database = connections["owner"].ops.quote_name(cursor.fetchone()[0])
    cursor.execute("SET LOCAL citus.enable_ddl_propagation = off")
    cursor.execute(f"ALTER DATABASE {database} SET {_PROPAGATE} = 'local'")
    cursor.execute("SET LOCAL citus.enable_ddl_propagation = on")


def _move(cursor: Any, table: str, kind: str, beside: str) -> Moved:
    name = connections["owner"].ops.quote_name(table)
    literal = _literal(name)
    if kind == DISTRIBUTED:
        # The owner is bound by FORCE too: it would count no rows, and Citus may not copy them.
        cursor.execute(f"ALTER TABLE {name} NO FORCE ROW LEVEL SECURITY")
    before = _count(cursor, name)
    if kind == DISTRIBUTED:
        by = _literal(beside)
        cursor.execute(f"SELECT create_distributed_table({literal}, 'tenant_id', colocate_with => {by})")
    else:
        cursor.execute(f"SELECT create_reference_table({literal})")
    after = _count(cursor, name)
    if before != after:
        raise Conflict("rows_differ", f"{table} 分布前有 {before} 行，分布后有 {after} 行，已全部撤回。")
    # The rows are on the workers; the old copy would only take room. It goes while no key points at the table.
    cursor.execute(f"SELECT truncate_local_data_after_distributing_table({literal})")
    if kind == DISTRIBUTED:
        cursor.execute(f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY")
    return Moved(table, kind, after)


def _count(cursor: Any, name: str) -> int:
    cursor.execute(f"SELECT count(*) FROM {name}")
    return int(cursor.fetchone()[0])
