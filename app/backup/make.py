"""A database becomes an archive, beside a server that runs: one transaction that sees one moment.

The file appears under its name only when all of it is on disk and has been restored, for a trial,
into a database of its own.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from contextlib import contextmanager, suppress
from typing import IO, TYPE_CHECKING, Final

from sqlalchemy import select, text
from sqlalchemy.exc import SQLAlchemyError

from app import __version__
from app.backup.archive import Manifest, Writer, opened
from app.backup.errors import CannotBackUp
from app.backup.restore import restore
from app.backup.rows import NOT_DATA, columns_of, count_of, lines_of, tables_of
from app.clock import now_ms
from app.models import access_log
from app.models.database import connect
from app.models.log_key import fits, mark_of
from app.monitoring.times import iso

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Connection, Table

    from app.backup.rows import Begin, Content, Told
    from app.models.chain import Chain

OWNER_ONLY: Final = 0o600


def back_up(url: str, path: Path, chain: Chain, begin: Begin) -> Manifest:
    """Raises CannotBackUp; there is then no new file of that name."""
    if path.exists():
        raise CannotBackUp(f"There is already a file {path}: it was left as it is.")
    part = path.with_name(f"{path.name}.part")
    trial = path.with_name(f"{path.name}.trial")
    with _alone(part) as file:
        shutil.rmtree(trial, ignore_errors=True)  # of one that was killed
        try:
            manifest = _write(url, file, chain, begin)
            file.flush()
            os.fsync(file.fileno())
            _try(part, trial, chain, begin("comparing", 2 * manifest.rows))
            _publish(part, path)
        except OSError as error:
            raise CannotBackUp(
                f"The backup could not be written: {error.strerror}. There is no new backup; the"
                " database is as it was."
            ) from error
        finally:
            shutil.rmtree(trial, ignore_errors=True)
            part.unlink(missing_ok=True)
    return manifest


@contextmanager
def _alone(part: Path) -> Iterator[IO[bytes]]:
    """What another backup under this name has left is overwritten, unless it still runs."""
    try:
        descriptor = os.open(part, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, OWNER_ONLY)
    except OSError as error:
        raise CannotBackUp(f"{part} cannot be written: {error.strerror}.") from error
    file = os.fdopen(descriptor, "r+b")
    try:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotBackUp(f"Another backup is being written to {part}.") from None
        part.chmod(OWNER_ONLY)
        file.truncate()
        yield file
    finally:
        with suppress(OSError):  # what a full disk did not take has been told already
            file.close()


def _write(url: str, file: IO[bytes], chain: Chain, begin: Begin) -> Manifest:
    engine = connect(url, read_only=True, pool_size=1)
    try:
        with engine.connect() as db, db.begin():
            return _write_all(db, file, chain, begin)
    except SQLAlchemyError as error:
        raise CannotBackUp(
            f"The database cannot be read ({type(error).__name__}). There is no new backup. Look at"
            " DATABASE_URL and INFUSION_DATA_DIR, or run `infusion-monitor migrate` first."
        ) from error
    finally:
        engine.dispose()


def _write_all(db: Connection, file: IO[bytes], chain: Chain, begin: Begin) -> Manifest:
    if not fits(db, chain):
        raise CannotBackUp(
            "The log key is not the one of this database, so nobody could trust the archive. There"
            " is no new backup. Set INFUSION_LOG_KEY, or its file in INFUSION_DATA_DIR."
        )
    tables = tables_of(db)
    told = begin("backing up", sum(count_of(db, table) for table in tables.values()))
    with Writer(file) as writer:
        contents = {
            name: writer.table(name, lines_of(db, table), told) for name, table in tables.items()
        }
        manifest = _manifest(db, tables, contents, chain)
        writer.finish(manifest, chain)
    return manifest


def _manifest(
    db: Connection, tables: dict[str, Table], contents: dict[str, Content], chain: Chain
) -> Manifest:
    revision = db.execute(text(f"SELECT version_num FROM {NOT_DATA}")).scalar_one()
    meta = tables["meta"].c
    facts = {row.name: row.value for row in db.execute(select(meta.name, meta.value))}
    end = access_log.read_kept(facts.get(access_log.NAME), chain.derived(access_log.LABEL))
    return Manifest(
        app_version=__version__,
        revision=revision,
        epoch=facts.get("epoch", ""),
        made_at=iso(now_ms()),
        log_key=mark_of(chain),
        access_log_end="unknown" if end is None else str(end),
        sessions=contents["infusion_session"].rows,
        columns={name: columns_of(table) for name, table in tables.items()},
        contents=contents,
    )


def _try(part: Path, trial: Path, chain: Chain, told: Told) -> None:
    """Restores the archive into a database that nobody keeps; raises CannotBackUp if it does not
    become what it was made from.
    """
    trial.mkdir(mode=0o700)
    with opened(part, chain) as archive:
        restore(archive, f"sqlite:///{(trial / 'trial.db').as_posix()}", told)


def _publish(part: Path, path: Path) -> None:
    """Under its own name, and never over another file."""
    try:
        _name(part, path)
    except FileExistsError:
        raise CannotBackUp(f"There is already a file {path}: it was left as it is.") from None
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _name(part: Path, path: Path) -> None:
    """Raises FileExistsError. A file system without hard links (exFAT, some network shares) takes
    the name first, with an empty file, and puts the archive in its place.
    """
    try:
        os.link(part, path)
    except FileExistsError:
        raise
    except OSError:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, OWNER_ONLY))
        try:
            part.replace(path)
        except OSError:
            path.unlink()
            raise
