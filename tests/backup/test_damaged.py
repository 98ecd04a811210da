"""An archive that is not what was written is refused in words, and nothing of it is stored."""

# ruff: noqa: ASYNC240  # nothing else goes on in these tests while a file is read
from __future__ import annotations

import errno
import os
import resource
import signal
import stat
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING

import orjson
import pytest

from app.backup.archive import opened
from app.backup.errors import CannotBackUp, Damaged
from app.models.store import KEY_FILE
from tests.backup.places import a_clinic, archive_of, chain_of, contents, restored, without_traces
from tests.models.databases import Database
from tests.support.server import REPO, program_env

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from app.models.store import Store
    from tests.models.databases import OpenStore

PATIENTS = "tables/patient.jsonl"


@pytest.fixture
async def archive(sqlite: Database, open_store: OpenStore, tmp_path: Path) -> Path:
    await a_clinic(sqlite, open_store(sqlite))
    file = tmp_path / "clinic.zip"
    archive_of(sqlite, file)
    return file


@pytest.fixture
def empty(tmp_path: Path) -> Database:
    folder = tmp_path / "empty"
    folder.mkdir()
    return Database(f"sqlite:///{folder / 'ward.db'}", folder)


def no_links(*_args: object) -> None:
    raise PermissionError(errno.EPERM, "Operation not permitted")


async def test_a_file_system_without_hard_links_takes_a_backup(
    sqlite: Database, open_store: OpenStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await a_clinic(sqlite, open_store(sqlite))
    file, folder = tmp_path / "out" / "clinic.zip", tmp_path / "out"
    folder.mkdir()
    with monkeypatch.context() as context:
        context.setattr(os, "link", no_links)
        manifest = archive_of(sqlite, file)
    assert [path.name for path in folder.iterdir()] == ["clinic.zip"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with opened(file, chain_of(sqlite)) as archive:
        assert archive.manifest == manifest


async def test_a_file_that_came_meanwhile_is_left_alone_without_hard_links_too(
    sqlite: Database, open_store: OpenStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await a_clinic(sqlite, open_store(sqlite))
    file = tmp_path / "clinic.zip"

    def comes(*_args: object) -> None:
        file.write_text("another")
        no_links()

    with monkeypatch.context() as context:
        context.setattr(os, "link", comes)
        with pytest.raises(CannotBackUp, match="There is already a file"):
            archive_of(sqlite, file)
    assert file.read_text() == "another"


def holds_nothing(database: Database) -> bool:
    return all(content.rows == 0 for content in contents(database).values())


def rewritten(file: Path, change: Callable[[str, bytes], bytes | None]) -> None:
    """As somebody would who knows how archives are made, but not the key."""
    with zipfile.ZipFile(file) as old:
        members = {name: change(name, old.read(name)) for name in old.namelist()}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in members.items():
            if content is not None:
                new.writestr(name, content)


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 0.999])
async def test_an_archive_that_ends_early(
    archive: Path, sqlite: Database, empty: Database, share: float
) -> None:
    whole = archive.read_bytes()
    archive.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(Damaged, match="Nothing of it was restored"):
        restored(archive, empty, sqlite)
    assert holds_nothing(empty)


async def test_no_changed_byte_goes_unseen(archive: Path, sqlite: Database, tmp_path: Path) -> None:
    """Or it is one that nobody reads, as the time in a header: then all is as it was."""
    whole, before = archive.read_bytes(), without_traces(contents(sqlite))
    refused = 0
    for number, place in enumerate(range(40, len(whole), len(whole) // 12)):
        archive.write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        folder = tmp_path / str(number)
        folder.mkdir()
        target = Database(f"sqlite:///{folder / 'ward.db'}", folder)
        try:
            restored(archive, target, sqlite)
        except CannotBackUp:
            refused += 1
            assert holds_nothing(target)
        else:
            assert without_traces(contents(target)) == before
    assert refused >= 8


async def test_a_row_that_was_rewritten(archive: Path, sqlite: Database, empty: Database) -> None:
    rewritten(archive, lambda n, c: c.replace(b"T.P.", b"X.X.") if n == PATIENTS else c)
    with pytest.raises(Damaged, match="table patient is not as it was written"):
        restored(archive, empty, sqlite)
    assert holds_nothing(empty)


async def test_a_row_that_was_taken_out(archive: Path, sqlite: Database, empty: Database) -> None:
    rewritten(archive, lambda n, c: c[c.index(b"\n") + 1 :] if n.endswith("meta.jsonl") else c)
    with pytest.raises(Damaged, match="table meta"):
        restored(archive, empty, sqlite)
    assert holds_nothing(empty)


async def test_a_table_that_is_missing(archive: Path, sqlite: Database, empty: Database) -> None:
    rewritten(archive, lambda name, content: None if name == PATIENTS else content)
    with pytest.raises(Damaged, match="table patient cannot be read"):
        restored(archive, empty, sqlite)
    assert holds_nothing(empty)


async def test_a_line_that_is_no_row(archive: Path, sqlite: Database, empty: Database) -> None:
    rewritten(archive, lambda n, c: b"{}\n" + c if n == PATIENTS else c)
    with pytest.raises(Damaged):
        restored(archive, empty, sqlite)
    assert holds_nothing(empty)


async def test_contents_that_were_made_up(archive: Path, sqlite: Database, empty: Database) -> None:
    def forged(name: str, content: bytes) -> bytes:
        return content.replace(b'"rows": 2', b'"rows": 3') if name == "manifest.json" else content

    rewritten(archive, forged)
    with pytest.raises(Damaged, match="changed after it was signed"):
        restored(archive, empty, sqlite)


async def test_an_archive_without_a_manifest(
    archive: Path, sqlite: Database, empty: Database
) -> None:
    rewritten(archive, lambda name, content: None if name == "manifest.json" else content)
    with pytest.raises(Damaged):
        restored(archive, empty, sqlite)


async def test_another_log_key(archive: Path, sqlite: Database, empty: Database) -> None:
    (sqlite.data_dir / KEY_FILE).write_text("ab" * 32)
    with pytest.raises(CannotBackUp, match="another log key"):
        restored(archive, empty, sqlite)


async def test_an_archive_of_a_version_to_come(
    archive: Path, sqlite: Database, empty: Database
) -> None:
    def later(name: str, content: bytes) -> bytes:
        if name != "manifest.json":
            return content
        return orjson.dumps({"manifest": {"format": 2, "log_key": ""}, "signature": ""})

    rewritten(archive, later)
    with pytest.raises(CannotBackUp, match="has format 2"):
        restored(archive, empty, sqlite)


async def test_a_file_that_is_no_archive(sqlite: Database, empty: Database, tmp_path: Path) -> None:
    (sqlite.data_dir / KEY_FILE).write_text("ab" * 32)
    (tmp_path / "letter.txt").write_text("Dear clinic")
    with pytest.raises(Damaged, match="no archive of this program"):
        restored(tmp_path / "letter.txt", empty, sqlite)
    with pytest.raises(CannotBackUp, match="cannot be read"):
        restored(tmp_path / "nothing", empty, sqlite)


async def test_nothing_is_overwritten(archive: Path, sqlite: Database) -> None:
    before = archive.read_bytes()
    with pytest.raises(CannotBackUp, match="already a file"):
        archive_of(sqlite, archive)
    assert archive.read_bytes() == before
    with pytest.raises(CannotBackUp, match="cannot be written"):
        archive_of(sqlite, archive.parent / "no such folder" / "clinic.zip")


async def test_a_key_that_is_not_the_databases(
    database: Database, store: Store, tmp_path: Path
) -> None:
    await a_clinic(database, store)
    (database.data_dir / KEY_FILE).write_text("ab" * 32)
    with pytest.raises(CannotBackUp, match="log key is not the one of this database"):
        archive_of(database, tmp_path / "clinic.zip")
    assert list(tmp_path.glob("clinic*")) == []


async def test_the_archive_is_its_owners_alone(archive: Path) -> None:
    assert archive.stat().st_mode & 0o777 == 0o600
    assert [file.name for file in archive.parent.glob("clinic.zip*")] == ["clinic.zip"]


async def test_on_a_full_disk_there_is_no_archive(
    sqlite: Database, open_store: OpenStore, tmp_path: Path
) -> None:
    await a_clinic(sqlite, open_store(sqlite))
    done = _command(sqlite, tmp_path / "clinic.zip", most_bytes=4_096)
    assert done.returncode == 2
    assert b"could not be written" in done.stderr
    assert b"Traceback" not in done.stderr
    assert list(tmp_path.glob("clinic*")) == []


async def test_one_that_was_killed_leaves_no_archive_and_the_next_is_whole(
    sqlite: Database, open_store: OpenStore, tmp_path: Path
) -> None:
    await a_clinic(sqlite, open_store(sqlite))
    file = tmp_path / "clinic.zip"
    done = _command(sqlite, file, most_bytes=4_096, ending=True)
    assert done.returncode == -signal.SIGXFSZ
    assert [left.name for left in tmp_path.glob("clinic*")] == ["clinic.zip.part"]
    archive_of(sqlite, file)
    assert [left.name for left in tmp_path.glob("clinic*")] == ["clinic.zip"]


def _command(
    database: Database, file: Path, *, most_bytes: int, ending: bool = False
) -> subprocess.CompletedProcess[bytes]:
    """`infusion-monitor backup` where no file may grow beyond a size: told of it, or ended by it,
    in the middle of writing.
    """

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))

    # Python itself ignores the signal, so that a write fails; ended by it, nothing is tidied up.
    then = "signal.SIG_DFL" if ending else "signal.SIG_IGN"
    code = f"import signal; signal.signal(signal.SIGXFSZ, {then}); from app.cli import main; main()"
    return subprocess.run(
        (sys.executable, "-c", code, "backup", str(file)),
        cwd=REPO,
        env={**os.environ, **program_env(database.data_dir, database_url=database.url)},
        capture_output=True,
        preexec_fn=limited,
        check=False,
    )
