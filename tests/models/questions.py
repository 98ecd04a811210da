"""What a process that reads apart is asked in tests; it imports this file, so it is a small one."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import text

from app.errors import UnknownSession
from app.monitoring.errors import FieldError, InvalidRequest

if TYPE_CHECKING:
    from sqlalchemy import Connection

PIPE: Final = "HELD_UP_BY"


def sessions(db: Connection) -> int:
    return int(db.execute(text("SELECT count(*) FROM infusion_session")).scalar_one())


def said(_: Connection, answer: Any) -> Any:
    return answer


def written(db: Connection) -> None:
    db.execute(text("DELETE FROM reading"))


def refused(_: Connection) -> None:
    errors = [FieldError(("values", "hr"), "implausible", "HR must be between 20 and 300 /min")]
    raise InvalidRequest("Nothing was stored.", errors=errors, missing=["hr"])


def unknown(_: Connection) -> None:
    raise UnknownSession


def failing(_: Connection) -> None:
    raise ZeroDivisionError("Anna Smith, 12 March")


def held_up(_: Connection, pipe: str) -> None:
    """Until what opened the pipe to write closes it."""
    Path(pipe).read_bytes()


def held_up_by_its_surroundings(db: Connection, *_: Any) -> None:
    """The same, where the question names no pipe."""
    held_up(db, os.environ[PIPE])


def about(_: Connection) -> dict[str, Any]:
    """What this process has and is."""
    return {
        "pid": os.getpid(),
        "nice": os.getpriority(os.PRIO_PROCESS, 0),
        "open": [_target(entry) for entry in Path("/proc/self/fd").iterdir()],
        "main": "pytest" in sys.modules,
    }


def _target(entry: Path) -> str:
    try:
        return str(entry.readlink())
    except FileNotFoundError:  # what listed the folder
        return ""


def ended(_: Connection) -> None:
    os._exit(1)
