"""What the tests of backups share: a clinic that is worth keeping, and the same by the library and
by the command line.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import typer
from typer.testing import CliRunner

from app.backup.archive import opened
from app.backup.commands import register
from app.backup.make import back_up
from app.backup.restore import finish, restore
from app.backup.rows import content_of, tables_of
from app.models.chain import Chain, load_key
from app.models.database import connect
from app.models.store import KEY_FILE
from tests.audit.book import CLINICIAN, write_some
from tests.models.ward import infusing, record
from tests.support.people import provision

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pytest
    from typer.testing import Result

    from app.backup.archive import Manifest
    from app.backup.rows import Content
    from app.models.store import Store
    from tests.models.databases import Database

KEPT_APART = {"meta", "access_log", "sign_in", "token"}  # a restore says that it was one


def begin(_what: str, _many: int) -> Any:
    return lambda _done: None


def chain_of(database: Database) -> Chain:
    return Chain(load_key(database.data_dir / KEY_FILE, None))


async def a_clinic(database: Database, store: Store) -> list[str]:
    """Two sessions with readings, people who are signed in, and some entries of the access log."""
    provision(database.url, database.data_dir)
    sessions = [await infusing(store) for _ in range(2)]
    for session_id in sessions:
        for hr in (70, 71.5, 130, 131, 132):
            await record(store, session_id, hr=hr)
    await write_some(store, 3)
    return sessions


def archive_of(database: Database, file: Path) -> Manifest:
    return back_up(database.url, file, chain_of(database), begin)


def restored(file: Path, target: Database, source: Database, *, keep_tokens: bool = False) -> None:
    """With the key brought along, as whoever restores must."""
    (target.data_dir / KEY_FILE).write_text((source.data_dir / KEY_FILE).read_text())
    chain = chain_of(target)
    with opened(file, chain) as archive:
        revoked = restore(archive, target.url, lambda _: None, keep_tokens=keep_tokens)
    finish(target.url, chain, CLINICIAN, {"made_at": archive.manifest.made_at}, revoked)


def contents(database: Database) -> dict[str, Content]:
    engine = connect(database.url, read_only=True)
    try:
        with engine.connect() as db, db.begin():
            tables = tables_of(db)
            return {name: content_of(db, tables[name], lambda _: None) for name in tables}
    finally:
        engine.dispose()


def without_traces(said: dict[str, Content]) -> dict[str, Content]:
    return {name: content for name, content in said.items() if name not in KEPT_APART}


_app = typer.Typer()
register(_app)


@contextmanager
def as_set(monkeypatch: pytest.MonkeyPatch, database: Database) -> Iterator[None]:
    """The command line finds this database."""
    with monkeypatch.context() as context:
        context.setenv("INFUSION_DATA_DIR", str(database.data_dir))
        context.setenv("DATABASE_URL", database.url)
        yield


def run(monkeypatch: pytest.MonkeyPatch, database: Database, *args: str) -> Result:
    with as_set(monkeypatch, database):
        return CliRunner().invoke(_app, args, catch_exceptions=False)
