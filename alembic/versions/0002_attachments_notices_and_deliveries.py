"""Where devices are attached, what the clinic is told, calls that go out, and readings voided."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("reading", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "voided",
                sa.Boolean(),
                server_default=sa.false(),
                nullable=False,
                comment="or moved",
            )
        )

    op.create_index(op.f("ix_alarm_raised_at"), "alarm", ["raised_at"], unique=False)

    op.create_table(
        "attachment",
        sa.Column("device", sa.String(length=200), nullable=False),
        sa.Column("session_key", KEY, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_key"],
            ["infusion_session.key"],
            name=op.f("fk_attachment_session_key_infusion_session"),
        ),
        sa.PrimaryKeyConstraint("device", name=op.f("pk_attachment")),
        comment="which session's each device is; none of a closed session",
    )
    op.create_index(op.f("ix_attachment_session_key"), "attachment", ["session_key"], unique=False)

    op.create_table(
        "notice",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("device", sa.String(length=200), nullable=False, comment="empty: of no device"),
        sa.Column("station", sa.String(length=200), nullable=False, comment="empty: of no station"),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column(
            "text", sa.Text(), nullable=False, comment="what is wrong, without who and how often"
        ),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("dismissed_at", sa.BigInteger(), nullable=True),
        sa.Column("dismissed_by", sa.Text(), nullable=True, comment="canonical JSON"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        comment="what the whole clinic should know",
    )
    op.create_index("uq_notice_kind", "notice", ["kind", "device", "station", "code"], unique=True)
    op.create_index(op.f("ix_notice_last_at"), "notice", ["last_at"], unique=False)

    op.create_table(
        "delivery",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("session_key", KEY, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False, comment="of the event that is told"),
        sa.Column("body", sa.Text(), nullable=False, comment="as it is signed and sent"),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column(
            "next_at",
            sa.BigInteger(),
            nullable=True,
            comment="when it is tried; null: not any more",
        ),
        sa.Column("failed_at", sa.BigInteger(), nullable=True, comment="when it failed first"),
        sa.Column("delivered_at", sa.BigInteger(), nullable=True),
        sa.Column("gave_up_at", sa.BigInteger(), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["session_key"],
            ["infusion_session.key"],
            name=op.f("fk_delivery_session_key_infusion_session"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        comment="calls that go out by webhook, written with the event that they tell of",
    )
    op.create_index(op.f("ix_delivery_next_at"), "delivery", ["next_at"], unique=False)


def downgrade() -> None:
    op.drop_table("delivery")
    op.drop_table("notice")
    op.drop_table("attachment")
    op.drop_index(op.f("ix_alarm_raised_at"), "alarm")
    with op.batch_alter_table("reading", schema=None) as batch_op:
        batch_op.drop_column("voided")
