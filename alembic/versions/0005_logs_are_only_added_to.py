"""The event log and the access log are only added to: the database itself refuses to change or
remove a row of them.

It guards against mistakes and against whoever has the program's statements but not its rights; who
may drop a trigger is found out by the chains. A later migration that makes one of these tables anew
(SQLite's way to change a column) must make its triggers anew too.

SQLite fires no delete trigger for a row that REPLACE takes away. In the access log a trigger of its
own refuses that; in `event` it would cost 2.5 us a row, a third of what writing one costs, so an
event that was replaced is found by its session's chain.
"""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TABLES = ("event", "access_log")
REFUSED = "is only added to: nothing in it is changed or removed"


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in TABLES:
            for what in ("update", "delete"):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{what} BEFORE {what.upper()} ON {table}"
                    f" BEGIN SELECT RAISE(ABORT, '{table} {REFUSED}'); END"
                )
        op.execute(
            "CREATE TRIGGER access_log_no_replace BEFORE INSERT ON access_log"
            " WHEN EXISTS (SELECT 1 FROM access_log WHERE seq = NEW.seq)"
            f" BEGIN SELECT RAISE(ABORT, 'access_log {REFUSED}'); END"
        )
        return
    op.execute(
        "CREATE FUNCTION only_added_to() RETURNS trigger LANGUAGE plpgsql AS $$"
        f" BEGIN RAISE EXCEPTION '% {REFUSED}', TG_TABLE_NAME USING ERRCODE = '42501'; END $$"
    )
    for table in TABLES:
        op.execute(
            f"CREATE TRIGGER {table}_only_added_to BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION only_added_to()"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in TABLES:
            for what in ("update", "delete"):
                op.execute(f"DROP TRIGGER {table}_no_{what}")
        op.execute("DROP TRIGGER IF EXISTS access_log_no_replace")
        return
    for table in TABLES:
        op.execute(f"DROP TRIGGER {table}_only_added_to ON {table}")
    op.execute("DROP FUNCTION only_added_to()")
