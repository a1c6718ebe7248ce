"""The planner's statistics when much is written at once, in the transaction that writes it.

A table of many companies is analysed by the server only when a good part of it has changed. To a company that is not
in the statistics yet the planner ascribes next to no rows, and chooses plans that read all its rows again for each.
"""

from __future__ import annotations

from django.db import connection

# Less is no big file; a day of a small shop never comes to it.
BIG = 500
FIRST, AGAIN = 1000, 4
# What this process wrote in big pieces, and how much of it makes the next telling worth its second.
_written: dict[tuple[int, str], tuple[int, int]] = {}


def wrote(tenant_id: int, table: str, rows: int) -> None:
    """Note that so many rows were inserted by one statement; has the table analysed when the planner must be told.

    It holds a lock until the transaction ends that stops nothing but another analysis, which passes the table over.
    """
    if rows < BIG:
        return
    total, due = _written.get((tenant_id, table), (0, FIRST))
    total += rows
    if total >= due:
        with connection.cursor() as cursor:
            cursor.execute("SELECT has_table_privilege(%s, 'MAINTAIN')", [table])
            # Not where it would reach for every node of a distributed database in the middle of a transaction.
            if cursor.fetchone() == (True,):
                cursor.execute(f"ANALYZE (SKIP_LOCKED) {connection.ops.quote_name(table)}")
        due = total * AGAIN
    _written[tenant_id, table] = (total, due)
