"""The tables of the code and those of the migrations are the same, on both databases."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import inspect

from app.models.database import connect, migrate, migrations_dir, newest_version
from app.models.tables import metadata

if TYPE_CHECKING:
    from tests.models.databases import Database


@pytest.fixture
def database(empty_database: Database) -> Database:
    return empty_database


def tables_of(database: Database) -> set[str]:
    engine = connect(database.url, read_only=True)
    try:
        return set(inspect(engine).get_table_names())
    finally:
        engine.dispose()


def alembic_of(database: Database) -> Config:
    config = Config()
    config.set_main_option("script_location", str(migrations_dir()))
    config.attributes["url"] = database.url
    return config


def test_the_migrations_make_the_tables_of_the_code(database: Database) -> None:
    migrate(database.url)
    assert tables_of(database) == {*metadata.tables, "alembic_version"}
    command.check(alembic_of(database))  # raises on any difference


def test_migrating_again_changes_nothing(database: Database) -> None:
    migrate(database.url)
    database.ask("INSERT INTO meta (name, value) VALUES ('epoch', 'kept')")
    migrate(database.url)
    assert database.ask("SELECT value FROM meta") == [("kept",)]


def test_the_newest_version_is_alembics() -> None:
    assert newest_version() == ScriptDirectory(str(migrations_dir())).get_current_head()


def test_a_database_of_a_newer_program_is_refused(database: Database) -> None:
    migrate(database.url)
    database.ask("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(CommandError):
        migrate(database.url)


def indexes_of(database: Database, table: str) -> set[str | None]:
    engine = connect(database.url, read_only=True)
    try:
        return {index["name"] for index in inspect(engine).get_indexes(table)}
    finally:
        engine.dispose()


def test_a_database_of_the_version_before_is_brought_up(database: Database) -> None:
    migrate(database.url)
    command.downgrade(alembic_of(database), "0002")
    assert "ix_event_not_reading" not in indexes_of(database, "event")
    database.ask("INSERT INTO meta (name, value) VALUES ('epoch', 'kept')")
    migrate(database.url)
    assert "ix_event_not_reading" in indexes_of(database, "event")
    assert database.ask("SELECT value FROM meta") == [("kept",)]


def test_the_way_down_leaves_nothing_and_leads_up_again(database: Database) -> None:
    migrate(database.url)
    command.downgrade(alembic_of(database), "base")
    assert tables_of(database) == {"alembic_version"}
    migrate(database.url)
    assert tables_of(database) == {*metadata.tables, "alembic_version"}
