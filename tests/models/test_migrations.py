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


def with_a_device(database: Database) -> None:
    """A database of the version before 0007: a real session with a monitor, a simulated one."""
    migrate(database.url)
    command.downgrade(alembic_of(database), "0006")
    for key, simulated in ((1, False), (2, True)):
        add_patient(database, key, f"P-{key}", simulated=simulated)
        add_session(database, key, f"Room {key}", simulated=simulated)
        add_attachment(database, key, f"mon-{key}")


def add_patient(database: Database, key: int, code: str, *, simulated: bool) -> None:
    database.ask(
        "INSERT INTO patient (key, id, code, initials, created_at, actor, digest, simulated)"
        " VALUES (?, ?, ?, 'T.P.', 1, '{}', ?, ?)",
        [key, f"patient-{key}", code, b"digest", simulated],
    )


def add_session(
    database: Database, key: int, station: str, *, simulated: bool, patient: int | None = None
) -> None:
    database.ask(
        "INSERT INTO infusion_session (key, id, patient_key, station, protocol, simulated, clock,"
        " phase, phase_since, active, seq, recorded_at, head, created_at, digest)"
        " VALUES (?, ?, ?, ?, 'ketamine_adult', ?, 'wall', 'infusing', 1, ?, 1, 1, ?, 1, ?)",
        [key, f"session-{key}", patient or key, station, simulated, True, b"head", b"digest"],
    )


def add_attachment(database: Database, session: int, device: str, **more: bool) -> None:
    columns, values = ["device", "session_key", "at", *more], [device, session, 1, *more.values()]
    marks = ", ".join("?" for _ in values)
    database.ask(f"INSERT INTO attachment ({', '.join(columns)}) VALUES ({marks})", values)


def attached(database: Database) -> list[tuple[str, int]]:
    return database.ask("SELECT device, session_key FROM attachment ORDER BY session_key")


def test_what_is_simulated_is_apart_from_0007_on_and_one_with_the_rest_before(
    database: Database,
) -> None:
    with_a_device(database)
    migrate(database.url)
    assert attached(database) == [("mon-1", 1), ("mon-2", 2)]
    kinds = database.ask("SELECT simulated FROM attachment ORDER BY session_key")
    assert [bool(simulated) for (simulated,) in kinds] == [False, True]
    add_patient(database, 3, "P-1", simulated=True)
    add_session(database, 3, "Room 3", simulated=True)
    add_attachment(database, 3, "mon-1", simulated=True)
    add_session(database, 4, "Room 1", simulated=True, patient=1)
    with pytest.raises(ValueError, match="end the simulated sessions first"):
        command.downgrade(alembic_of(database), "0006")
    assert len(attached(database)) == 3, "nothing was changed"
    database.ask("UPDATE infusion_session SET active = ? WHERE key = 4", [False])
    command.downgrade(alembic_of(database), "0006")
    assert attached(database) == [("mon-1", 1), ("mon-2", 2)], "the real one keeps the name"
    codes = database.ask("SELECT code FROM patient ORDER BY key")
    assert codes == [("P-1",), ("P-2",), ("P-1-3",)]
    migrate(database.url)
    command.check(alembic_of(database))
    assert attached(database) == [("mon-1", 1), ("mon-2", 2)]


def add_alarm(database: Database, session: int, id: str, *priorities: str) -> None:
    """An alarm with these priorities, one after the other."""
    for seq, priority in enumerate(priorities, start=1):
        data = f'{{"alarm":{{"id":"{id}","priority":"{priority}"}}}}'
        database.ask(
            "INSERT INTO event (session_key, seq, kind, at, recorded_at, actor, data, hash)"
            " SELECT ?, count(*) + 1, ?, 1, 1, '{}', ?, ? FROM event WHERE session_key = ?",
            [session, "alarm.raised" if seq == 1 else "alarm.changed", data, b"hash", session],
        )
    database.ask(
        "INSERT INTO alarm (id, session_key, condition, priority, state, raised_at, seq, data)"
        " VALUES (?, ?, 'limit', ?, 'active', 1, 1, '{}')",
        [id, session, priorities[-1]],
    )


def test_0008_counts_the_alarms_that_were_ever_high(database: Database) -> None:
    migrate(database.url)
    command.downgrade(alembic_of(database), "0007")
    for key in (1, 2):
        add_patient(database, key, f"P-{key}", simulated=False)
        add_session(database, key, f"Room {key}", simulated=False)
    add_alarm(database, 1, "fell", "medium", "high", "low")
    add_alarm(database, 1, "high", "high")
    add_alarm(database, 1, "never", "medium", "low")
    add_alarm(database, 2, "calm", "low")
    migrate(database.url)
    alarms = database.ask("SELECT id, high FROM alarm ORDER BY id")
    assert [(id, bool(high)) for id, high in alarms] == [
        ("calm", False),
        ("fell", True),
        ("high", True),
        ("never", False),
    ]
    rows = "SELECT high_alarms, signed_seq, patient_code FROM infusion_session ORDER BY key"
    assert database.ask(rows) == [(2, None, "P-1"), (0, None, "P-2")]
    command.downgrade(alembic_of(database), "0007")
    assert "high" not in columns_of(database, "alarm")
    migrate(database.url)
    command.check(alembic_of(database))
    assert [high for high, *_ in database.ask(rows)] == [2, 0]


def columns_of(database: Database, table: str) -> set[str]:
    engine = connect(database.url, read_only=True)
    try:
        return {column["name"] for column in inspect(engine).get_columns(table)}
    finally:
        engine.dispose()
