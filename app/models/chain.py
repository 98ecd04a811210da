"""The keyed hash chain of a session's log: a changed, missing or added row no longer fits its
neighbours.

The key lives outside the database: whoever can write the database alone cannot make a chain that
holds.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import tempfile
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Connection, select

from app.errors import UnknownSession
from app.models.codec import event_text
from app.models.private import private_dir
from app.models.tables import event, infusion_session

if TYPE_CHECKING:
    from collections.abc import Sequence

KEY_BYTES: Final = 32
GENESIS: Final = bytes(32)  # the "previous hash" of a session's first event
EVENTS_AT_A_TIME: Final = (
    1_000  # a session may have a hundred thousand; they need not all be in memory
)
_BLOCK: Final = 64  # SHA-256's block, to which HMAC pads its key


class Chain:
    """HMAC-SHA256 with both pads kept, which halves its cost."""

    def __init__(self, key: bytes) -> None:
        if len(key) < KEY_BYTES:
            raise ValueError(f"the log key must have at least {KEY_BYTES} bytes")
        block = (hashlib.sha256(key).digest() if len(key) > _BLOCK else key).ljust(_BLOCK, b"\0")
        self._inner = hashlib.sha256(bytes(b ^ 0x36 for b in block))
        self._outer = hashlib.sha256(bytes(b ^ 0x5C for b in block))
        self._derived: dict[bytes, Chain] = {}
        self._key = key

    def __reduce__(self) -> tuple[type[Chain], tuple[bytes]]:
        """For the process that reads apart: the pads themselves cannot be sent."""
        return Chain, (self._key,)

    def derived(self, label: bytes) -> Chain:
        """A chain with a key of its own, made of this one's and the label: rows of one are worth
        nothing in the other.
        """
        if label not in self._derived:
            self._derived[label] = Chain(self.next(GENESIS, label))
        return self._derived[label]

    def next(self, previous: bytes, row: bytes) -> bytes:
        """The hash of a row that follows the row with hash `previous`."""
        inner = self._inner.copy()
        inner.update(previous)
        inner.update(row)
        outer = self._outer.copy()
        outer.update(inner.digest())
        return outer.digest()


@dataclass(slots=True)
class Walked:
    """A session's log as it was found; `seq` is where its row says that it ends."""

    key: int
    seq: int
    broken: int | None = None
    """The first event that is changed, missing or out of place; None if the whole log holds."""
    found: list[Any] = field(default_factory=list)
    """The events of the kind that was asked for, also those that do not hold."""


def first_broken(db: Connection, chain: Chain, session_id: str) -> int | None:
    """As `walk` says; raises UnknownSession."""
    return walk(db, chain, session_id).broken


def walk(db: Connection, chain: Chain, session_id: str, *, kind: str | None = None) -> Walked:
    """Goes through the log; the session's row says where it ends. Raises UnknownSession."""
    session = infusion_session.c
    row = db.execute(
        select(session.key, session.seq, session.head).where(session.id == session_id)
    ).one_or_none()
    if row is None:
        raise UnknownSession("There is no session with this id.")
    walked = Walked(row.key, int(row.seq))
    log = event.c
    query = (
        select(log.seq, log.kind, log.at, log.recorded_at, log.actor, log.data, log.hash)
        .where(log.session_key == row.key)
        .order_by(log.seq)
        .execution_options(yield_per=EVENTS_AT_A_TIME)
    )
    expected, head = 1, GENESIS
    with db.execute(query) as events:
        for one in events:
            if kind is not None and one.kind == kind:
                walked.found.append(one)
            if walked.broken is not None:
                continue
            next_head = _follows(chain, head, session_id, one)
            if one.seq != expected or next_head is None:
                walked.broken = expected
                if kind is None:
                    return walked
                continue
            head, expected = next_head, expected + 1
    if walked.broken is None:
        walked.broken = _end_broken(walked.seq, bytes(row.head), expected - 1, head)
    return walked


def _follows(chain: Chain, head: bytes, session_id: str, row: Sequence[Any]) -> bytes | None:
    """The event's hash; None if it is another than it should be, or nothing that was ever written
    here.
    """
    *columns, hash = row
    try:
        made = chain.next(head, event_text(session_id, *columns))
        return made if hmac.compare_digest(made, bytes(hash)) else None
    except (TypeError, ValueError, OverflowError, AttributeError):
        return None


def _end_broken(said: int, said_head: bytes, found: int, head: bytes) -> int | None:
    if found != said:
        return min(found, said) + 1
    return None if hmac.compare_digest(head, said_head) else said


def load_key(path: Path, secret: str | None) -> bytes:
    """The key from the environment (`secret`, hexadecimal), else from its file, which is made at
    the first start.
    """
    if secret:
        return bytes.fromhex(secret)
    if not path.exists():
        _make_key(path)
    return bytes.fromhex(path.read_text().strip())


def _make_key(path: Path) -> None:
    """Whole or not at all, on disk before it is used; of two processes that start at once the first
    one's stands.
    """
    private_dir(path.parent)
    descriptor, name = tempfile.mkstemp(prefix=path.name, dir=path.parent)  # 0600
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(name, path)
    finally:
        Path(name).unlink()
