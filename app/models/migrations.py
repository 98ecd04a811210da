"""From one version of the schema to another. Only what does that imports this: alembic takes long
to load, and most starts find the newest version.
"""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from app.models.database import migrations_dir


def upgrade(url: str, revision: str) -> None:
    """Up to a version; `head` is the newest."""
    command.upgrade(_alembic(url), revision)


def downgrade(url: str) -> None:
    """Takes every table away, and what is in it."""
    command.downgrade(_alembic(url), "base")


def knows(revision: str) -> bool:
    """Whether this program has that version of the schema."""
    scripts = ScriptDirectory(str(migrations_dir()))
    return revision in {script.revision for script in scripts.walk_revisions()}


def _alembic(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(migrations_dir()))
    config.attributes["url"] = url
    return config
