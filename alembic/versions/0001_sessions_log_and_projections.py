"""Patients, sessions, their event log and its projections."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "meta",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_meta")),
        comment="one row a fact about this database: `epoch`, new on create and on restore",
    )
    op.create_table(
        "patient",
        sa.Column(
            "key",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("initials", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=True),
        sa.Column("birth_date", sa.String(length=10), nullable=True),
        sa.Column("sex", sa.String(length=16), nullable=True),
        sa.Column("weight_kg", sa.Float(precision=53), nullable=True),
        sa.Column("indication", sa.Text(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_patient")),
    )
    with op.batch_alter_table("patient", schema=None) as batch_op:
        batch_op.create_index("uq_patient_code", ["code"], unique=True)
        batch_op.create_index("uq_patient_id", ["id"], unique=True)

    op.create_table(
        "infusion_session",
        sa.Column(
            "key",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column(
            "patient_key", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("station", sa.String(length=64), nullable=False),
        sa.Column("protocol", sa.String(length=64), nullable=False),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.Column("clock", sa.String(length=8), nullable=False),
        sa.Column("phase", sa.String(length=32), nullable=False),
        sa.Column("phase_since", sa.BigInteger(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column(
            "recorded_at",
            sa.BigInteger(),
            nullable=False,
            comment="of the last event; never goes back",
        ),
        sa.Column(
            "next_due_at",
            sa.BigInteger(),
            nullable=True,
            comment="when the engine must be asked again",
        ),
        sa.Column("head", sa.LargeBinary(), nullable=False, comment="hash of the last event"),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "clock = 'wall' OR simulated", name=op.f("ck_infusion_session_driven_is_simulated")
        ),
        sa.CheckConstraint("clock IN ('wall', 'driven')", name=op.f("ck_infusion_session_clock")),
        sa.ForeignKeyConstraint(
            ["patient_key"], ["patient.key"], name=op.f("fk_infusion_session_patient_key_patient")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_infusion_session")),
    )
    with op.batch_alter_table("infusion_session", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_infusion_session_created_at"), ["created_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_infusion_session_next_due_at"), ["next_due_at"], unique=False
        )
        batch_op.create_index("uq_infusion_session_id", ["id"], unique=True)
        batch_op.create_index(
            "uq_infusion_session_patient_active",
            ["patient_key"],
            unique=True,
            sqlite_where=sa.text("active"),
            postgresql_where=sa.text("active"),
        )
        batch_op.create_index(
            "uq_infusion_session_station_active",
            ["station"],
            unique=True,
            sqlite_where=sa.text("active"),
            postgresql_where=sa.text("active"),
        )

    op.create_table(
        "alarm",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column(
            "session_key", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("condition", sa.String(length=40), nullable=False),
        sa.Column("priority", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("raised_at", sa.BigInteger(), nullable=False),
        sa.Column("cleared_at", sa.BigInteger(), nullable=True),
        sa.Column(
            "seq", sa.BigInteger(), nullable=False, comment="of the event that made this row"
        ),
        sa.Column("data", sa.Text(), nullable=False, comment="the alarm as JSON"),
        sa.ForeignKeyConstraint(
            ["session_key"],
            ["infusion_session.key"],
            name=op.f("fk_alarm_session_key_infusion_session"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alarm")),
    )
    with op.batch_alter_table("alarm", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_alarm_session_key_raised_at"), ["session_key", "raised_at"], unique=False
        )

    op.create_table(
        "command",
        sa.Column(
            "session_key", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_key"],
            ["infusion_session.key"],
            name=op.f("fk_command_session_key_infusion_session"),
        ),
        sa.PrimaryKeyConstraint("session_key", "id", name=op.f("pk_command")),
        comment="client ids of what was recorded other than readings",
    )
    op.create_table(
        "event",
        sa.Column(
            "key",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column(
            "session_key", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False, comment="canonical JSON"),
        sa.Column("data", sa.Text(), nullable=False, comment="canonical JSON"),
        sa.Column(
            "hash",
            sa.LargeBinary(),
            nullable=False,
            comment="HMAC over the previous hash and the row",
        ),
        sa.ForeignKeyConstraint(
            ["session_key"],
            ["infusion_session.key"],
            name=op.f("fk_event_session_key_infusion_session"),
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_event")),
    )
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.create_index("uq_event_session_key_seq", ["session_key", "seq"], unique=True)

    op.create_table(
        "reading",
        sa.Column(
            "key",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column(
            "session_key", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("taken_at", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.String(length=8), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column(
            "judged", sa.JSON(), nullable=False, comment="flags and late as judged when it came"
        ),
        sa.Column("digest", sa.LargeBinary(), nullable=False, comment="of the content as sent"),
        sa.ForeignKeyConstraint(
            ["session_key"],
            ["infusion_session.key"],
            name=op.f("fk_reading_session_key_infusion_session"),
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_reading")),
    )
    with op.batch_alter_table("reading", schema=None) as batch_op:
        batch_op.create_index("uq_reading_session_key_id", ["session_key", "id"], unique=True)
        batch_op.create_index("uq_reading_session_key_seq", ["session_key", "seq"], unique=True)

    op.create_table(
        "session_state",
        sa.Column(
            "session_key", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, comment="of the engine that made it"),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_key"],
            ["infusion_session.key"],
            name=op.f("fk_session_state_session_key_infusion_session"),
        ),
        sa.PrimaryKeyConstraint("session_key", name=op.f("pk_session_state")),
    )


def downgrade() -> None:
    op.drop_table("session_state")
    with op.batch_alter_table("reading", schema=None) as batch_op:
        batch_op.drop_index("uq_reading_session_key_seq")
        batch_op.drop_index("uq_reading_session_key_id")

    op.drop_table("reading")
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.drop_index("uq_event_session_key_seq")

    op.drop_table("event")
    op.drop_table("command")
    with op.batch_alter_table("alarm", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_alarm_session_key_raised_at"))

    op.drop_table("alarm")
    with op.batch_alter_table("infusion_session", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_infusion_session_station_active",
            sqlite_where=sa.text("active"),
            postgresql_where=sa.text("active"),
        )
        batch_op.drop_index(
            "uq_infusion_session_patient_active",
            sqlite_where=sa.text("active"),
            postgresql_where=sa.text("active"),
        )
        batch_op.drop_index("uq_infusion_session_id")
        batch_op.drop_index(batch_op.f("ix_infusion_session_next_due_at"))
        batch_op.drop_index(batch_op.f("ix_infusion_session_created_at"))

    op.drop_table("infusion_session")
    with op.batch_alter_table("patient", schema=None) as batch_op:
        batch_op.drop_index("uq_patient_id")
        batch_op.drop_index("uq_patient_code")

    op.drop_table("patient")
    op.drop_table("meta")
