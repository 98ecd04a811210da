"""An export of a range and how far it is, kept as a file, so that every process that serves the
same folder can tell of it.
"""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, Literal

import msgspec

from app.models.private import private_dir
from app.monitoring.times import iso

if TYPE_CHECKING:
    from pathlib import Path

State = Literal["waiting", "running", "done", "failed", "cancelled"]
UNFINISHED: Final = ("waiting", "running")
MODE: Final = 0o600


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """`ends_at`: when the file goes. Moments in milliseconds; `who` asked for it."""

    id: str
    who: str
    state: State
    since: int
    until: int
    formats: list[str]
    simulated: bool
    zone: str
    created_at: int
    touched_at: int
    done: int = 0
    total: int
    ends_at: int | None = None
    size: int | None = None
    detail: str | None = None

    @property
    def asked(self) -> tuple[Any, ...]:
        """What makes two requests the same one."""
        return self.since, self.until, tuple(self.formats), self.simulated, self.zone

    @property
    def is_open(self) -> bool:
        return self.state in UNFINISHED

    def told(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "state": self.state,
            "from": iso(self.since),
            "to": iso(self.until),
            "formats": self.formats,
            "simulated": self.simulated,
            "zone": self.zone,
            "done": self.done,
            "total": self.total,
            "created_at": iso(self.created_at),
            "ends_at": None if self.ends_at is None else iso(self.ends_at),
            "size": self.size,
            "detail": self.detail,
        }


class Folder:
    """The jobs and their files. Ids are UUIDs in their one spelling, so no name leads out of it."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def archive(self, id: str) -> Path:
        return self._path / f"{id}.zip"

    def write(self, job: Job) -> None:
        """Whole or not at all."""
        private_dir(self._path)
        draft = self._path / f"{job.id}.draft"
        with os.fdopen(os.open(draft, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, MODE), "wb") as file:
            file.write(msgspec.json.encode(job))
        draft.replace(self._path / f"{job.id}.json")

    def empty_archive(self, id: str) -> Path:
        """A new file that only our own user may read."""
        path = self.archive(id)
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, MODE))
        return path

    def read(self, id: str) -> Job | None:
        with suppress(FileNotFoundError, msgspec.MsgspecError):
            return msgspec.json.decode((self._path / f"{id}.json").read_bytes(), type=Job)
        return None

    def all(self) -> list[Job]:
        if not self._path.is_dir():
            return []
        found = (self.read(path.stem) for path in self._path.glob("*.json"))
        return [job for job in found if job is not None]

    def remove_archive(self, id: str) -> None:
        self.archive(id).unlink(missing_ok=True)

    def remove(self, id: str) -> None:
        for ending in ("zip", "json", "draft"):
            (self._path / f"{id}.{ending}").unlink(missing_ok=True)

    def remove_older(self, before_s: float) -> None:
        """What lies there since then, also what no job tells of."""
        if self._path.is_dir():
            for path in self._path.iterdir():
                with suppress(FileNotFoundError):  # another process clears, too
                    if path.is_file() and path.stat().st_mtime < before_s:
                        path.unlink()
