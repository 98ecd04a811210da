"""Who watches one session, or the board, and the readings that those who join share."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import orjson

from app.feed import frames
from app.feed.protocol import BoardPlace, Row, Rows, SessionPlace, Tail
from app.feed.shared import Shared

if TYPE_CHECKING:
    from app.feed.history import History
    from app.feed.rights import Audience
    from app.feed.watcher import Watcher

CHUNK = 500  # events a frame of history: a few hundred kilobytes
KEEP_S = 1.0  # a board that was read is good for so long, with what changed since


class Piece(NamedTuple):
    """Consecutive events of a log, as one frame."""

    last: int
    frame: str


class Snapshot(NamedTuple):
    seq: int
    frame: str


class SessionChannel:
    """One session that somebody watches. It lives as long as that, so that its tail has all that
    was published since any reading began.
    """

    def __init__(self, session_id: str) -> None:
        self.session_id = session_id
        self.tail = Tail(session_id)
        self.places: dict[Watcher, SessionPlace] = {}
        self._heads: Shared[int] = Shared()
        self._pieces: Shared[Piece | None] = Shared()
        self._snapshots: Shared[Snapshot] = Shared()
        self._snapshot: Snapshot | None = None

    def tell(self) -> None:
        """What was published, to all who can take it."""
        for watcher, place in tuple(self.places.items()):
            if watcher.ready:
                watcher.advance(place)
        self.tail.trim()

    async def head(self, history: History) -> int:
        """The seq of the last event, asked of the log by one of those who join."""

        async def read() -> int:
            return await history.head(self.session_id)

        return await self._heads.get(None, read)

    async def snapshot(self, history: History) -> Snapshot:
        """The state as it is; read again once something newer was published."""
        kept = self._snapshot
        if kept is not None and kept.seq >= self.tail.last:
            return kept

        async def read() -> Snapshot:
            state = await history.state(self.session_id)
            frame = frames.snapshot(self.session_id, state)
            self._snapshot = Snapshot(state["seq"], frame)
            return self._snapshot

        return await self._snapshots.get(None, read)

    async def piece(self, history: History, after: int) -> Piece | None:
        """The events after this seq, as many as a frame holds; None if the log has none."""

        async def read() -> Piece | None:
            texts = await history.events(self.session_id, after, CHUNK)
            if not texts:
                return None
            return Piece(after + len(texts), frames.events(self.session_id, texts))

        return await self._pieces.get(after, read)


class _Read(NamedTuple):
    """The board as the database had it when `version` was the last."""

    begun: float
    version: int
    rows: dict[str, Row]


class BoardChannel:
    """The board as one audience sees it: who watches it, and its rows."""

    def __init__(self, audience: Audience) -> None:
        self.rows = Rows(audience)
        self.places: dict[Watcher, BoardPlace] = {}
        self._reads: Shared[_Read] = Shared()
        self._last: _Read | None = None
        self._made: tuple[_Read, int, str] | None = None

    def tell(self) -> None:
        """What changed, to all who can take it."""
        self.rows.close()
        for watcher, place in tuple(self.places.items()):
            if watcher.ready:
                watcher.advance(place)

    async def board(self, history: History, now: float) -> tuple[int, str]:
        """The whole board and its version: read from the database at most once in `KEEP_S`, with
        what changed since laid over it.
        """
        read = self._last
        if read is None or now - read.begun > KEEP_S:
            read = await self._reads.get(None, lambda: self._read(history, now))
        while read.version < self.rows.floor:  # what changed since is not all held any more
            read = await self._reads.get(None, lambda: self._read(history, now))
        return self.rows.version, self._frame(read)

    async def _read(self, history: History, now: float) -> _Read:
        version, shown = self.rows.version, self.rows.audience.shown
        rows = {
            row["id"]: Row(row["seq"], 0, None, orjson.dumps(row), row["active"])
            for whole in await history.board(self.rows.audience.simulated)
            if (row := shown(whole)) is not None
        }
        self._last = _Read(now, version, rows)
        return self._last

    def _frame(self, read: _Read) -> str:
        made = self._made
        if made is None or made[0] is not read or made[1] != self.rows.changes:
            simulated = self.rows.audience.simulated is True
            frame = frames.board(self.rows.over(read.rows), simulated=simulated)
            made = self._made = (read, self.rows.changes, frame)
        return made[2]
