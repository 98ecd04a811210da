"""Simulated sessions have stations, patients' codes, active patients and devices of their own: they
take none of the clinic's.

On the way down the two are one again. What only the simulated ones had stays as it is; where both
have the same, the real one keeps it: a simulated patient's code gets an end of its own, a simulated
device is attached no longer. Two sessions that are under way at one station, or of one patient,
cannot be made one: end the simulated ones first.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ACTIVE = sa.text("active")
CODE = 64  # characters of a patient's code
ROOM = CODE - 21  # what is left of it before a dash and a key of 64 bits


def upgrade() -> None:
    op.drop_index("uq_patient_code", table_name="patient")
    op.create_index("uq_patient_code", "patient", ["code", "simulated"], unique=True)
    _say_of_simulated("by a simulator, or so said")
    _index_active("station", "simulated")
    _index_active("patient_key", "simulated")
    _attachments(
        sa.Column("simulated", sa.Boolean(), nullable=False, comment="as its session is"),
        key=["device", "simulated"],
        comment="which session's each device is, real or simulated; none of a closed session",
        rows="INSERT INTO attachment (device, simulated, session_key, at)"
        " SELECT a.device, s.simulated, a.session_key, a.at"
        " FROM attached a JOIN infusion_session s ON s.key = a.session_key",
    )


def downgrade() -> None:
    _refuse_two_at_once()
    op.execute(
        f"UPDATE patient SET code = substr(code, 1, {ROOM}) || '-' || key"
        " WHERE simulated AND code IN (SELECT code FROM patient WHERE NOT simulated)"
    )
    op.drop_index("uq_patient_code", table_name="patient")
    op.create_index("uq_patient_code", "patient", ["code"], unique=True)
    _say_of_simulated("by a simulator")
    _index_active("station")
    _index_active("patient_key")
    _attachments(
        key=["device"],
        comment="which session's each device is; none of a closed session",
        rows="INSERT INTO attachment (device, session_key, at)"
        " SELECT device, session_key, at FROM attached WHERE NOT simulated"
        " OR device NOT IN (SELECT device FROM attached WHERE NOT simulated)",
    )


def _say_of_simulated(comment: str) -> None:
    """SQLite keeps no comments."""
    if op.get_bind().dialect.name != "sqlite":
        op.execute(f"COMMENT ON COLUMN patient.simulated IS '{comment}'")


def _index_active(*columns: str) -> None:
    what = columns[0].removesuffix("_key")
    name = f"uq_infusion_session_{what}_active"
    op.drop_index(name, table_name="infusion_session")
    op.create_index(
        name,
        "infusion_session",
        list(columns),
        unique=True,
        sqlite_where=ACTIVE,
        postgresql_where=ACTIVE,
    )


def _attachments(*more: sa.Column[bool], key: list[str], comment: str, rows: str) -> None:
    """Made anew, with the rows of the table before, which is called `attached` meanwhile: what is
    its primary key changes.
    """
    op.drop_index(op.f("ix_attachment_session_key"), table_name="attachment")
    op.rename_table("attachment", "attached")
    if op.get_bind().dialect.name != "sqlite":  # names are the whole database's
        op.execute("ALTER TABLE attached DROP CONSTRAINT pk_attachment")
        op.execute(
            "ALTER TABLE attached DROP CONSTRAINT fk_attachment_session_key_infusion_session"
        )
    op.create_table(
        "attachment",
        sa.Column("device", sa.String(length=200), nullable=False),
        *more,
        sa.Column("session_key", KEY, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_key"],
            ["infusion_session.key"],
            name=op.f("fk_attachment_session_key_infusion_session"),
        ),
        sa.PrimaryKeyConstraint(*key, name=op.f("pk_attachment")),
        comment=comment,
    )
    op.execute(rows)
    op.drop_table("attached")
    op.create_index(op.f("ix_attachment_session_key"), "attachment", ["session_key"], unique=False)


def _refuse_two_at_once() -> None:
    """Before anything is changed; raises ValueError."""
    for column in ("station", "patient_key"):
        twice = op.get_bind().execute(
            sa.text(
                f"SELECT 1 FROM infusion_session WHERE active GROUP BY {column} HAVING count(*) > 1"
            )
        )
        if twice.first() is not None:
            raise ValueError(
                "A simulated session and a real one are under way at one station, or of one"
                " patient. Nothing was changed; end the simulated sessions first."
            )
