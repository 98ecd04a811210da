"""The file beside the database that keeps where the logs of sessions under way end.

Whoever can write the database alone does not reach it, and whoever has not the log's key cannot
write one that holds. It is replaced whole, and is on disk before it takes the place of the one
before: a torn file would look like somebody's hand.
"""

from __future__ import annotations

import fcntl
import hmac
import os
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import orjson

from app.models.access_check import Anchor
from app.models.chain import GENESIS
from app.models.private import FILE_MODE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from app.models.chain import Chain

FILE: Final = "ends"
LABEL: Final = b"the key of the file of ends"
_NEW: Final = f"{FILE}.new"
_LOCK: Final = f"{FILE}.lock"

Why = Literal["before", "changed"]
"""Of another database or of this one before it was restored; changed by another hand."""


class EndsChanged(Exception):
    """The file is there and is not as it was written; the message says how."""


@dataclass(frozen=True, slots=True)
class Kept:
    """The ends by session, and the life of the database that they are of (`ends.life`)."""

    life: bytes
    ends: dict[str, Anchor]


def read(folder: Path, key: Chain) -> Kept | None:
    """None: there is none. Raises EndsChanged. `key` is the one derived for LABEL."""
    try:
        text = (folder / FILE).read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise EndsChanged(f"the file cannot be read ({type(error).__name__})") from error
    mark, _, body = text.partition(b"\n")
    if not hmac.compare_digest(mark, _mark(body, key)):
        raise EndsChanged("the file was changed by another hand")
    said = orjson.loads(body)
    ends = {id: Anchor(seq, bytes.fromhex(hash)) for id, (seq, hash) in said["ends"].items()}
    return Kept(bytes.fromhex(said["life"]), ends)


def write(folder: Path, key: Chain, kept: Kept) -> None:
    """By whoever is `alone`. Raises OSError; the one before is then still there."""
    ends = {id: (end.seq, end.hash.hex()) for id, end in kept.ends.items()}
    body = orjson.dumps({"life": kept.life.hex(), "ends": ends}, option=orjson.OPT_SORT_KEYS)
    new = folder / _NEW
    descriptor = os.open(new, os.O_CREAT | os.O_TRUNC | os.O_WRONLY | os.O_CLOEXEC, FILE_MODE)
    with os.fdopen(descriptor, "wb") as file:
        file.write(_mark(body, key) + b"\n" + body)
        file.flush()
        os.fsync(file.fileno())
    new.replace(folder / FILE)


def set_aside(folder: Path, why: Why, moment: int) -> Path | None:
    """Keeps it under another name, which it answers; None if there is none. Raises OSError."""
    aside = folder / f"{FILE}.{why}-{moment}"
    try:
        (folder / FILE).replace(aside)
    except FileNotFoundError:
        return None
    return aside


def changed_ones(folder: Path) -> list[Path]:
    """Files that were set aside because they had been changed."""
    return sorted(folder.glob(f"{FILE}.changed-*"))


@contextmanager
def alone(folder: Path) -> Iterator[bool]:
    """False: another process is at it, and does the same."""
    with ExitStack() as held:
        mine = True
        try:
            descriptor = os.open(folder / _LOCK, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, FILE_MODE)
            held.callback(os.close, descriptor)
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            mine = False
        except OSError:  # where this one cannot lock it nobody can: all see the same ends
            pass
        yield mine


def _mark(body: bytes, key: Chain) -> bytes:
    return key.next(GENESIS, body).hex().encode()
