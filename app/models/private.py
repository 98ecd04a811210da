"""Files that only the program's own user may read, whatever the umask it was started with."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

FOLDER_MODE: Final = 0o700
FILE_MODE: Final = 0o600
BESIDE: Final = ("-wal", "-shm")  # SQLite makes these with the mode of the file itself


def private_dir(path: Path) -> None:
    """Makes the folder, and those above it that are missing; one that is there stays as it is."""
    if path.is_dir():
        return
    private_dir(path.parent)
    with suppress(FileExistsError):
        path.mkdir(FOLDER_MODE)
        path.chmod(FOLDER_MODE)  # the umask may have taken more away


def private_file(path: Path) -> None:
    """Makes the file, or takes it from others' eyes if it is there, and SQLite's beside it.

    One that is there is not opened: POSIX ends all locks of a process on a file with any closing of
    it, SQLite's among them, and the next program to leave the database deletes its log.
    """
    private_dir(path.parent)
    if not path.exists():
        os.close(os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, FILE_MODE))
    for file in (path, *(path.with_name(path.name + end) for end in BESIDE)):
        with suppress(FileNotFoundError):
            file.chmod(FILE_MODE)
