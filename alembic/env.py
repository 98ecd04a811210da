"""Runs the migrations on the address that the caller gives, or on DATABASE_URL from the command
line of alembic.
"""

from __future__ import annotations

import os

from alembic import context

from app.models.database import connect, normalise
from app.models.tables import metadata

url = context.config.attributes.get("url") or normalise(os.environ["DATABASE_URL"])
engine = connect(url)
try:
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=metadata,
            render_as_batch=connection.dialect.name == "sqlite",
            transactional_ddl=True,
            compare_type=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()
finally:
    engine.dispose()
