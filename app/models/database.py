"""Opening the database: SQLite in WAL mode by default, PostgreSQL by its address; migrations and
the epoch.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import orjson
import uuid_utils
from sqlalchemy import Engine, create_engine, event, insert, inspect, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import IntegrityError

from app.models.private import private_file
from app.models.tables import meta

if TYPE_CHECKING:
    import sqlite3

BUSY_TIMEOUT_S: Final = 5  # another writer's transaction is over long before
VERSION_TABLE: Final = "alembic_version"  # alembic's own name for it
CHECKPOINT_PAGES: Final = 16_000  # 64 MB of log between checkpoints: fewer stalls under load
CONNECT_TIMEOUT_S: Final = 5  # a PostgreSQL that does not answer is gone
SILENT_S: Final = 10  # a connection on which nothing is acknowledged any more is given up
READER_POSTGRESQL: Final = "-c default_transaction_read_only=on"
WRITER_POSTGRESQL: Final = (  # waits for locks as SQLite does; answered means on disk, always
    f"-c lock_timeout={BUSY_TIMEOUT_S}s -c synchronous_commit=on"
)


def normalise(url: str) -> str:
    """The address with the driver this project uses: `postgresql://` means psycopg 3."""
    for scheme in ("postgres://", "postgresql://"):
        if url.startswith(scheme):
            return "postgresql+psycopg://" + url.removeprefix(scheme)
    return url


def is_sqlite(url: str) -> bool:
    return make_url(url).get_backend_name() == "sqlite"


def connect(url: str, *, read_only: bool = False, pool_size: int = 4) -> Engine:
    """An engine for the scribe, or with `read_only` for the reader, whose queries of one
    transaction see one moment.
    """
    if not is_sqlite(url):
        return create_engine(
            url,
            pool_size=pool_size,
            json_deserializer=orjson.loads,
            hide_parameters=True,
            pool_pre_ping=True,
            isolation_level="REPEATABLE READ" if read_only else "READ COMMITTED",
            connect_args={
                "connect_timeout": CONNECT_TIMEOUT_S,
                "options": READER_POSTGRESQL if read_only else WRITER_POSTGRESQL,
                "keepalives_idle": SILENT_S,
                "tcp_user_timeout": SILENT_S * 1000,
            },
        )
    database = make_url(url).database
    if database:
        private_file(Path(database))
    engine = create_engine(
        url,
        pool_size=pool_size,
        json_deserializer=orjson.loads,  # a timeline reads thousands of values
        hide_parameters=True,  # of errors: they are about patients
        connect_args={"timeout": BUSY_TIMEOUT_S, "check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # transactions begin where the code says so
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            f"busy_timeout={BUSY_TIMEOUT_S * 1000}",
            "foreign_keys=ON",
            f"wal_autocheckpoint={CHECKPOINT_PAGES}",
            f"query_only={'ON' if read_only else 'OFF'}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    return engine


def migrations_dir() -> Path:
    """Beside the package in a source tree, inside it when installed."""
    package = Path(__file__).resolve().parent.parent
    installed = package / "_migrations"
    return installed if installed.is_dir() else package.parent / "alembic"


def migrate(url: str, revision: str | None = None) -> None:
    """Brings the schema up to a version, the newest by default; running it again does nothing."""
    if revision is None and _is_newest(url):
        return
    from app.models import migrations  # loads alembic: longer than all else that opens a database

    migrations.upgrade(url, revision or "head")


def newest_version() -> str:
    """Of those this program knows; the files of the migrations are named after theirs."""
    files = (migrations_dir() / "versions").glob("[0-9]*_*.py")
    return max(file.name.partition("_")[0] for file in files)


def _is_newest(url: str) -> bool:
    engine = connect(url, pool_size=1)
    try:
        with engine.connect() as db:
            if not inspect(db).has_table(VERSION_TABLE):
                return False
            found = db.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalars().all()
            return found == [newest_version()]
    finally:
        engine.dispose()


def epoch(engine: Engine) -> str:
    """The database's epoch, made at the first call: a feed number from another epoch means nothing
    here.
    """
    query = select(meta.c.value).where(meta.c.name == "epoch")
    try:
        with engine.begin() as db:
            found = db.execute(query).scalar()
            if found is None:
                found = str(uuid_utils.uuid7())
                db.execute(insert(meta).values(name="epoch", value=found))
    except IntegrityError:  # another process started at the same moment and was first
        with engine.begin() as db:
            found = db.execute(query).scalar_one()
    return str(found)
