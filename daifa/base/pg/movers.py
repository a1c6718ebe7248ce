"""Citus' functions that copy a table's rows to another place: only who stands above row security may run them.

They work as the role that calls them. The owner of our tables is bound by FORCE ROW LEVEL SECURITY and reads no row, so
Citus 14.0.1 copies nothing, reports success and drops the old shard: the company is gone (seen 2026-11-28).
"""

from __future__ import annotations

MOVERS = (
    "alter_distributed_table",
    "alter_table_set_access_method",
    "citus_copy_shard_placement",
    "citus_drain_node",
    "citus_move_shard_placement",
    "citus_rebalance_start",
    "citus_split_shard_by_split_points",
    "isolate_tenant_to_new_shard",
    "master_copy_shard_placement",
    "master_drain_node",
    "master_move_shard_placement",
    "rebalance_table_shards",
    "replicate_table_shards",
    "undistribute_table",
)
_NAMES = ", ".join(f"'{name}'" for name in MOVERS)
# For a superuser, in each database that has the extension.
REVOKE = (
    "DO $$ DECLARE f regprocedure; BEGIN FOR f IN SELECT p.oid FROM pg_proc p JOIN pg_depend d ON d.objid = p.oid"
    " AND d.deptype = 'e' JOIN pg_extension e ON e.oid = d.refobjid AND e.extname = 'citus'"
    f" WHERE p.proname IN ({_NAMES}) LOOP EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', f);"
    " END LOOP; END $$"
)
# Which of them the current role may run.
HELD = (
    "SELECT DISTINCT p.proname::text FROM pg_proc p JOIN pg_depend d ON d.objid = p.oid AND d.deptype = 'e'"
    " JOIN pg_extension e ON e.oid = d.refobjid AND e.extname = 'citus'"
    f" WHERE p.proname IN ({_NAMES}) AND has_function_privilege(p.oid, 'EXECUTE') ORDER BY 1"
)
