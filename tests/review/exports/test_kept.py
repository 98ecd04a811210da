"""What is kept of an export, and for how long."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from app.models.database import connect
from app.review.exports.errors import ExportNotReady
from app.review.exports.job import Folder, Job
from app.review.exports.jobs import KEPT_MS, Exports
from tests.review.exports.courses import simulated
from tests.review.exports.played import chain_of, stored

if TYPE_CHECKING:
    from pathlib import Path

    from app.models.store import Store
    from app.review.exports.archive import Added
    from tests.models.databases import Database, OpenStore

NOW = 1_800_000_000_000
ONE = "01930000-0000-7000-8000-000000000001"
OTHER = "01930000-0000-7000-8000-000000000002"
JOB = Job(
    id=ONE,
    who="anna",
    state="done",
    since=0,
    until=1,
    formats=["events.csv"],
    simulated=False,
    zone="UTC",
    created_at=NOW,
    touched_at=NOW,
    total=1,
)


def kept(path: Path, *jobs: Job) -> Folder:
    folder = Folder(path)
    for job in jobs:
        folder.write(job)
        folder.empty_archive(job.id)
        for file in path.glob(f"{job.id}.*"):
            os.utime(file, (job.touched_at / 1_000, job.touched_at / 1_000))
    return folder


def files(path: Path) -> list[str]:
    return sorted(file.name for file in path.iterdir())


def test_an_export_goes_with_its_file_after_its_hour(
    sqlite: Database, open_store: OpenStore, tmp_path: Path
) -> None:
    path = tmp_path / "exports"
    old = replace(JOB, id=OTHER, touched_at=NOW - KEPT_MS - 1)
    kept(path, JOB, old)
    (path / "stray.zip").write_bytes(b"")
    os.utime(path / "stray.zip", (1, 1))
    store: Store = open_store(sqlite)
    Exports(store, path).clear(NOW - KEPT_MS)
    assert files(path) == [f"{ONE}.json", f"{ONE}.zip"]


def test_what_is_no_job_is_told_of_to_nobody(tmp_path: Path) -> None:
    folder = kept(tmp_path / "exports", JOB)
    (tmp_path / "exports" / f"{OTHER}.json").write_text("{half")
    assert [job.id for job in folder.all()] == [ONE]
    assert folder.read(OTHER) is None
    assert Folder(tmp_path / "nowhere").all() == []


def test_jobs_are_read_as_they_were_written(tmp_path: Path) -> None:
    folder = kept(tmp_path / "exports", JOB)
    assert folder.read(ONE) == JOB
    later = replace(JOB, state="failed", detail="no room")
    folder.write(later)
    assert folder.read(ONE) == later
    folder.remove(ONE)
    assert files(tmp_path / "exports") == []


async def test_an_export_that_another_process_cancels_is_given_up(
    sqlite: Database, open_store: OpenStore, tmp_path: Path
) -> None:
    path = tmp_path / "exports"
    store = open_store(sqlite)
    ids = [session_in(sqlite, number) for number in range(3)]
    exports, other = Exports(store, path), Exports(store, path)
    added: list[str] = []

    def on_added(job: Job, one: Added) -> None:
        added.append(one.session_id)
        Folder(path).write(replace(job, state="cancelled"))

    asked = replace(JOB, state="waiting", since=0, until=NOW * 2, simulated=True)
    job, created = await exports.ask(asked, on_added)
    assert (job.total, created) == (3, True)
    assert (await exports.ask(asked, on_added))[1] is False
    await exports.settled()
    assert other.one(job.id, "anna").state == "cancelled"
    assert added == ids[:1]
    assert not (path / f"{job.id}.zip").exists()


async def test_an_export_whose_process_fails_says_so(
    sqlite: Database, open_store: OpenStore, tmp_path: Path
) -> None:
    store = open_store(sqlite)
    damaged = session_in(sqlite, 1)
    sqlite.forge("UPDATE event SET data = '{}' WHERE seq = 1")
    exports = Exports(store, tmp_path / "exports")
    asked = replace(JOB, state="waiting", since=0, until=NOW * 2, simulated=True)
    job, _ = await exports.ask(asked, lambda _job, _one: None)
    await exports.settled()
    told = exports.one(job.id, "anna")
    assert told.state == "failed"
    assert f"Session {damaged} could not be made" in str(told.detail)
    with pytest.raises(ExportNotReady):
        exports.file(job.id, "anna")


def session_in(database: Database, number: int) -> str:
    """A short one in this database, each later than the last."""
    engine = connect(database.url)
    bed = simulated(number, until_s=180, sample_s=60)
    id = f"01930000-0000-7000-8000-{number:012d}"
    with engine.begin() as db:
        stored(db, chain_of(database), bed.log, id)
    engine.dispose()
    return id
