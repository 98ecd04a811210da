"""An index of the events that are no readings: a long session has few of them, among thousands.

A reading is not in it, so that it costs nothing to take one in.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

INDEX = "ix_event_not_reading"
NOT_READING = sa.text("kind <> 'reading.recorded'")


def upgrade() -> None:
    op.create_index(
        INDEX,
        "event",
        ["session_key", "seq"],
        unique=False,
        sqlite_where=NOT_READING,
        postgresql_where=NOT_READING,
    )


def downgrade() -> None:
    op.drop_index(INDEX, "event")
