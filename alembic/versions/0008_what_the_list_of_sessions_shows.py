"""A session's row says what the list of sessions asks of each: how many of its alarms were ever
high, and the last signature under its record.

Both are filled from what is there: an alarm was high if an event of the log says so.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "alarm",
        sa.Column(
            "high",
            sa.Boolean(),
            server_default=sa.false(),
            nullable=False,
            comment="has ever been",
        ),
    )
    op.add_column(
        "infusion_session",
        sa.Column(
            "high_alarms",
            sa.Integer(),
            server_default=sa.text("0"),
            nullable=False,
            comment="alarms that were ever high",
        ),
    )
    op.add_column(
        "infusion_session",
        sa.Column("signed_seq", sa.BigInteger(), comment="of the last signature or addendum"),
    )
    op.add_column(
        "infusion_session",
        sa.Column(
            "patient_code",
            sa.String(length=64),
            server_default="",
            nullable=False,
            comment="the patient's, for lists in its order",
        ),
    )
    op.create_index(
        op.f("ix_infusion_session_patient_key"), "infusion_session", ["patient_key"], unique=False
    )
    _fill()


def downgrade() -> None:
    op.drop_index(op.f("ix_infusion_session_patient_key"), table_name="infusion_session")
    op.drop_column("infusion_session", "patient_code")
    op.drop_column("infusion_session", "signed_seq")
    op.drop_column("infusion_session", "high_alarms")
    op.drop_column("alarm", "high")


def _fill() -> None:
    """No session was signed before."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    told = "json_extract(data, '$.alarm.{}')" if sqlite else "data::json -> 'alarm' ->> '{}'"
    op.execute(
        "UPDATE alarm SET high = true WHERE id IN"
        f" (SELECT {told.format('id')} FROM event"
        f" WHERE kind LIKE 'alarm.%' AND {told.format('priority')} = 'high')"
    )
    op.execute(
        "UPDATE infusion_session SET high_alarms ="
        " (SELECT count(*) FROM alarm WHERE session_key = infusion_session.key AND high)"
    )
    op.execute(
        "UPDATE infusion_session SET patient_code ="
        " (SELECT code FROM patient WHERE key = infusion_session.patient_key)"
    )
