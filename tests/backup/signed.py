"""A session that was closed, signed and added to, in a store; and hands that reach into its log."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from app.access.by import By
from app.backup.kept import kept_apart
from app.backup.verify import verify
from app.models.database import connect
from app.models.signatures import signatures_of
from app.monitoring.commands import Actor
from app.services.signatures import Asked, put_under
from tests.backup.places import begin, chain_of
from tests.models.ward import infusing, move_to, record

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.backup.heads import Head
    from app.backup.verify import Verdict
    from app.models.store import Store
    from tests.models.databases import Database

DOCTOR: Final = Actor("person", "0193a000-clara", "Clara Clinician", "clinician")
NURSE: Final = Actor("person", "0193a000-nora", "Nora Nurse", "nurse")
KEY: Final = "(SELECT key FROM infusion_session WHERE id = ?)"
COLUMNS: Final = "key, session_key, seq, kind, at, recorded_at, actor, data, hash"
TABLES_OF_A_SESSION: Final = (
    *("command", "delivery", "attachment", "alarm", "reading", "session_state", "event"),
)


@dataclass(frozen=True)
class Signed:
    """`seq` is of the signature, which covers all before it; `last` of the addendum."""

    session_id: str
    seq: int
    last: int
    signature: str
    addendum: str


async def put(store: Store, session_id: str, actor: Actor, kind: Any, **fields: Any) -> Any:
    asked = Asked(
        **{"kind": kind, "meaning": "reviewed", "text": None, "seq": None, "id": None, **fields}
    )
    run = partial(put_under, by=By(actor, "sign_in:tests"), session_id=session_id, asked=asked)
    made, _ = await store.scribe.submit(run, sessions=[session_id])
    return made


async def closed(store: Store, **fields: Any) -> str:
    session_id = await infusing(store, **fields)
    for hr in (70, 131, 72):
        await record(store, session_id, hr=hr)
    await move_to(store, session_id, "stopped", "transferred", reason="Unwell")
    return session_id


async def signed(store: Store) -> Signed:
    session_id = await closed(store)
    first = await put(store, session_id, DOCTOR, "signature")
    second = await put(store, session_id, NURSE, "addendum", text="Felt well at home.")
    return Signed(
        session_id,
        first["seq"],
        second["seq"],
        f"the signature of {DOCTOR.name} of {first['at']} (event {first['seq']})",
        f"the addendum of {NURSE.name} of {second['at']} (event {second['seq']})",
    )


def broken(database: Database, *, of: str | None = None, heads: Sequence[Head] = ()) -> list[str]:
    """What `verify` names."""
    return _verified(database, of, heads).broken


def remarks(database: Database) -> list[str]:
    """What `verify` says beside."""
    return _verified(database).remarks


def _verified(database: Database, of: str | None = None, heads: Sequence[Head] = ()) -> Verdict:
    chain = chain_of(database)
    apart = kept_apart(database.data_dir, chain)
    engine = connect(database.url, read_only=True)
    try:
        return verify(engine, chain, begin, session_id=of, heads=heads, apart=apart)
    finally:
        engine.dispose()


def holding(database: Database, session_id: str) -> list[bool]:
    """Of each signature that is known."""
    engine = connect(database.url, read_only=True)
    try:
        with engine.connect() as db, db.begin():
            found = signatures_of(db, chain_of(database), session_id)
            return [one.holds for one in found.items]
    finally:
        engine.dispose()


def set_at(database: Database, one: Signed, seq: int, column: str, value: Any) -> None:
    """One column of one event, by hand."""
    database.forge(
        f"UPDATE event SET {column} = ? WHERE session_key = {KEY} AND seq = ?",
        [value, one.session_id, seq],
    )


def column(database: Database, one: Signed, seq: int, name: str) -> Any:
    ((value,),) = database.ask(
        f"SELECT {name} FROM event WHERE session_key = {KEY} AND seq = ?", [one.session_id, seq]
    )
    return value


def rows_of(database: Database, one: Signed) -> list[Any]:
    return database.ask(f"SELECT {COLUMNS} FROM event WHERE session_key = {KEY}", [one.session_id])


def put_back(database: Database, one: Signed, rows: list[Any]) -> None:
    """As if nobody had been there."""
    cut_from(database, one, 0)
    marks = ", ".join("?" for _ in COLUMNS.split(","))
    connection = database.second_hand()
    statement = f"INSERT INTO event ({COLUMNS}) VALUES ({marks})"
    try:
        statement = statement if database.is_sqlite else statement.replace("?", "%s")
        connection.cursor().executemany(statement, rows)
    finally:
        connection.close()


def cut_from(database: Database, one: Signed, seq: int) -> None:
    database.forge(
        f"DELETE FROM event WHERE session_key = {KEY} AND seq >= ?", [one.session_id, seq]
    )


def rewrite_end(database: Database, one: Signed, last: int) -> None:
    """The session's row says that its log ends there, so that its own chain holds."""
    head = column(database, one, last, "hash")
    database.ask(
        "UPDATE infusion_session SET seq = ?, head = ? WHERE id = ?", [last, head, one.session_id]
    )


def remove_session(database: Database, one: Signed) -> None:
    remove_session_of(database, one.session_id)


def remove_session_of(database: Database, session_id: str) -> None:
    for table in TABLES_OF_A_SESSION:
        database.forge(f"DELETE FROM {table} WHERE session_key = {KEY}", [session_id])
    database.ask("DELETE FROM infusion_session WHERE id = ?", [session_id])
