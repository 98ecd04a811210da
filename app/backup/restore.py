"""An archive becomes a database: all of it, compared with what was written, or nothing.

The schema is made as it was, the rows are put in and compared in one transaction, and then the
schema is brought up. The database gets a new epoch, so that no screen takes its numbers for those
of the one before, and every sign-in is ended. Every token is revoked, unless it is said that they
stay: one that was revoked after the backup was made would hold again. Users and passwords are those
of the backup.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import uuid_utils
from sqlalchemy import insert, select, text, update
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from app.backup.errors import CannotBackUp, Damaged
from app.backup.rows import columns_of, content_of, count_of, rows_of, tables_of
from app.clock import now_ms
from app.models import ends_file
from app.models.access_log import Entry, stamped, write
from app.models.database import connect, is_sqlite, migrate
from app.models.dialect import Postgresql, Sqlite
from app.models.migrations import downgrade, knows

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Connection, Engine, Table

    from app.backup.archive import Reader
    from app.backup.rows import Row, Told
    from app.models.chain import Chain
    from app.models.sign_ins import EndedWhy
    from app.monitoring.commands import Actor

OWNER_ONLY: Final = 0o600
ENDED_WHY: Final[EndedWhy] = "restored"


@dataclass(frozen=True, slots=True)
class Revoked:
    """A token that held in the backup."""

    token_id: str
    name: str
    prefix: str


def restore(
    archive: Reader, url: str, told: Told, *, keep_tokens: bool = False
) -> Sequence[Revoked]:
    """The archive's rows are in the empty database at `url`, under the archive's own schema; the
    tokens that were revoked in the same transaction.

    Raises CannotBackUp; the database has then no rows.
    """
    manifest = archive.manifest
    if not knows(manifest.revision):
        raise CannotBackUp(
            f"The archive was made by a newer version ({manifest.app_version}). Nothing was"
            " restored. Restore it with that version."
        )
    _empty(url)
    migrate(url, manifest.revision)
    if is_sqlite(url):
        Path(make_url(url).database or "").chmod(OWNER_ONLY)
    engine = connect(url, pool_size=1)
    try:
        with engine.begin() as db:
            tables = tables_of(db)
            _fits(archive, tables)
            for name, table in tables.items():
                _fill(db, table, rows_of(archive.lines(name), table), told)
            for name, table in tables.items():
                if content_of(db, table, told) != manifest.contents[name]:
                    raise CannotBackUp(
                        f"Table {name} is not in the database as it is in the archive."
                        " Nothing was restored. Look at the disk and at the database's own log."
                    )
            if not is_sqlite(url):
                _set_sequences(db, tables)
            _begin_anew(db, tables)
            return () if keep_tokens else _revoke_all(db, tables)
    except ValueError as error:
        raise Damaged(str(error)) from error
    finally:
        engine.dispose()


def finish(
    url: str, chain: Chain, actor: Actor, said: dict[str, Any], revoked: Sequence[Revoked] = ()
) -> None:
    """The schema is the newest, and the access log says that the database was restored, and which
    tokens were revoked.
    """
    migrate(url)
    engine = connect(url, pool_size=1)
    try:
        told = [Entry("token.revoked", actor, data=asdict(token)) for token in revoked]
        note(engine, chain, Entry("backup.restored", actor, data=said), *told)
    finally:
        engine.dispose()


def set_ends_aside(folder: Path) -> Path | None:
    """What was kept apart of the database before says nothing of this one; its new name. Where it
    stays, its life tells it apart.
    """
    try:
        return ends_file.set_aside(folder, "before", now_ms())
    except OSError:
        return None


def note(engine: Engine, chain: Chain, *entries: Entry) -> None:
    """Writes entries, beside a server that runs."""
    now = now_ms()
    dialect = Postgresql() if engine.dialect.name == "postgresql" else Sqlite()
    with engine.begin() as db, closing(db.connection.cursor()) as cursor:
        write(cursor, dialect.sql, chain, [stamped(entry, now) for entry in entries], now)


def _empty(url: str) -> None:
    """No table is left, and none had rows; raises CannotBackUp otherwise."""
    engine = connect(url, read_only=True, pool_size=1)
    try:
        with engine.connect() as db, db.begin():
            tables = tables_of(db)
            full = [name for name in tables if name != "meta" and count_of(db, tables[name])]
    except SQLAlchemyError as error:
        raise CannotBackUp(
            f"The database cannot be read ({type(error).__name__}). Nothing was restored. Look at"
            " DATABASE_URL and INFUSION_DATA_DIR."
        ) from error
    finally:
        engine.dispose()
    if full:
        raise CannotBackUp(
            f"The database is not empty: {', '.join(sorted(full))} hold rows. Nothing was changed."
            " Restore into an empty database: move the old file away, or create a new database."
        )
    if tables:
        downgrade(url)


def _fits(archive: Reader, tables: dict[str, Table]) -> None:
    said = archive.manifest.columns
    made = {name: columns_of(table) for name, table in tables.items()}
    if said != made or said.keys() != archive.manifest.contents.keys():
        differ = {name for name in said.keys() | made.keys() if said.get(name) != made.get(name)}
        raise Damaged(f"its tables are not those of its version: {', '.join(sorted(differ))}")


def _fill(db: Connection, table: Table, batches: Iterator[list[Row]], told: Told) -> None:
    names = ", ".join(f'"{name}"' for name in columns_of(table))
    with closing(db.connection.cursor()) as cursor:
        if db.dialect.name == "postgresql":
            with cursor.copy(f'COPY "{table.name}" ({names}) FROM STDIN') as copy:
                for batch in batches:
                    for row in batch:
                        copy.write_row(row)
                    told(len(batch))
            return
        marks = ", ".join("?" for _ in columns_of(table))
        for batch in batches:
            cursor.executemany(f'INSERT INTO "{table.name}" ({names}) VALUES ({marks})', batch)
            told(len(batch))


def _set_sequences(db: Connection, tables: dict[str, Table]) -> None:
    """The next row gets a number that none has."""
    for table in tables.values():
        for column in table.primary_key.columns:
            sequence = db.execute(
                select(text("pg_get_serial_sequence(:table, :column)")),
                {"table": f'"{table.name}"', "column": column.name},
            ).scalar()
            if sequence is not None:
                last = f'SELECT coalesce(max("{column.name}"), 0) + 1 FROM "{table.name}"'
                db.execute(text(f"SELECT setval('{sequence}', ({last}), false)"))


def _begin_anew(db: Connection, tables: dict[str, Table]) -> None:
    meta = tables["meta"]
    db.execute(meta.delete().where(meta.c.name == "epoch"))
    db.execute(insert(meta).values(name="epoch", value=str(uuid_utils.uuid7())))
    sign_in = tables.get("sign_in")
    if sign_in is not None:
        db.execute(
            update(sign_in)
            .where(sign_in.c.ended_at.is_(None))
            .values(ended_at=now_ms(), ended_why=ENDED_WHY)
        )


def _revoke_all(db: Connection, tables: dict[str, Table]) -> list[Revoked]:
    """Also of users' own tokens, and links that nobody has used."""
    token = tables.get("token")
    if token is None:  # of a version in which nobody signed in
        return []
    c = token.c
    held = db.execute(
        select(c.id, c.name, c.prefix).where(c.revoked_at.is_(None)).order_by(c.key)
    ).all()
    db.execute(
        update(token)
        .where(c.revoked_at.is_(None))
        .values(revoked_at=now_ms(), link_hash=None, link_expires_at=None)
    )
    return [Revoked(*row) for row in held]
