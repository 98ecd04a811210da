"""One serving process per SQLite file: a second one would not hear of the first's commits. On
PostgreSQL processes do, and any number may serve (see `app.feed.relay`).
"""

from __future__ import annotations

import fcntl
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from app.models.private import private_dir, private_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LOCK_FILE: Final = "serve.lock"


class AlreadyServed(Exception):
    """Another process serves this data directory."""


@contextmanager
def only_server(data_dir: Path) -> Iterator[None]:
    """Held while serving; the system lets go of it when the process ends, however it ends."""
    private_dir(data_dir)
    private_file(data_dir / LOCK_FILE)
    with (data_dir / LOCK_FILE).open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyServed(
                f"Another process serves {data_dir} already: stop it, or set INFUSION_DATA_DIR."
            ) from None
        yield
