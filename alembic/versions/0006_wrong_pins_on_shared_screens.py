"""Wrong PINs of people on screens that several use count after a restart and in every process."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "wrong_pin",
        sa.Column("sign_in_key", KEY, autoincrement=False, nullable=False),
        sa.Column("user_key", KEY, autoincrement=False, nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["sign_in_key"], ["sign_in.key"], name=op.f("fk_wrong_pin_sign_in_key_sign_in")
        ),
        sa.ForeignKeyConstraint(
            ["user_key"], ["user_account.key"], name=op.f("fk_wrong_pin_user_key_user_account")
        ),
        sa.PrimaryKeyConstraint("sign_in_key", "user_key", name=op.f("pk_wrong_pin")),
        comment="wrong PINs in a row of people on screens that several use",
    )


def downgrade() -> None:
    op.drop_table("wrong_pin")
