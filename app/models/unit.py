"""The unit of work: sessions locked and loaded, steps staged, everything written and committed at
once.

A submission works on an `Item`. What it stages becomes visible to the submissions after it when it
ends well, and is dropped when it raises: nothing was written yet.
"""

from __future__ import annotations

from contextlib import ExitStack, closing
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from app.errors import UnknownSession
from app.models import access_log
from app.models.access_check import SIGNED
from app.models.codec import encode_state, event_text, state_at
from app.models.committed import CommittedSession
from app.models.item import Item
from app.models.notices import FORGET_MS, Noted, NoticeBook, NoticeKey, notice_row
from app.models.projections import head_row, session_row
from app.models.staged import NEVER_STORED, Change, Held, Row, Staged
from app.monitoring.in_force import limits_of
from app.monitoring.state import ENGINE_VERSION
from app.monitoring.view import board_row

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from app.models.access_log import Stamped
    from app.models.chain import Chain
    from app.models.dialect import Dialect
    from app.models.watch import Gap
    from app.monitoring.state import State

__all__ = ["Item", "Unit"]

NOT_HELD: Final = -1  # the seq of no session
STATE_EVERY: Final = 32  # readings between two writes of a state: a millisecond to step again


class Unit:
    """One transaction of the scribe; `now` is the same wall time, in milliseconds, for all that it
    records.
    """

    def __init__(
        self,
        connection: Any,
        cursor: Any,
        dialect: Dialect,
        chain: Chain,
        now: int,
        cache: Mapping[str, Held],
        *,
        gap: Gap | None,
        book: NoticeBook,
        calling: bool,
        training: bool,
    ) -> None:
        self.cursor = cursor
        self.sql = dialect.sql
        self.now = now
        self.gap = gap
        self.calling = calling
        self.training = training
        self._connection = connection
        self._dialect = dialect
        self._book = book
        self._due: dict[NoticeKey, Noted] = {}
        self._chain = chain
        self._cache = cache
        self._staged = Staged()
        self._loaded: dict[str, Held] = {}
        self._known: dict[tuple[int, str], tuple[bytes, int] | None] = {}
        self._stored: dict[int, Row] = {}  # states by session key
        self.last_entry: access_log.End | None = None
        """Of the access log: it is in there if and only if this transaction is."""

    def begin(
        self,
        session_ids: Sequence[str],
        stations: Sequence[tuple[str, bool]] = (),
        ids: Sequence[tuple[str, str]] = (),
    ) -> None:
        """Begins the transaction, locks the sessions, and those at the stations (each simulated or
        not), in order of their ids, and asks which of the client ids are known: at once, where the
        database is far.
        """
        wanted = set(session_ids)
        with ExitStack() as opened:
            known = self._another(opened) if ids else None
            behind = self._another(opened) if self._dialect.is_server else None
            with self._dialect.pipeline(self._connection):
                self._dialect.begin(self.cursor)
                if stations:
                    places = self._dialect.pairs(stations)
                    self.cursor.execute(self.sql.ids_at_stations, places)
                    wanted |= {id for (id,) in self.cursor.fetchall()}
                if wanted:
                    self.cursor.execute(self.sql.lock_by_id, self._dialect.listed(sorted(wanted)))
                if known is not None:
                    self._ask_known(known, ids)
                if wanted and behind is not None:
                    self._ask_behind(behind, wanted)
            rows = self.cursor.fetchall() if wanted else []
            if known is not None:
                self._known |= {(key, id): (digest, seq) for key, id, digest, seq in known}
            if wanted and behind is not None:
                self._stored = {row[0]: row[1:] for row in behind}
        for row in rows:
            self._load(row)

    def _another(self, opened: ExitStack) -> Any:
        """A cursor beside the first: answers of a pipeline wait in the cursor that asked."""
        return opened.enter_context(closing(self._connection.cursor()))

    def _ask_behind(self, cursor: Any, ids: Iterable[str]) -> None:
        """The states of sessions that another process has gone on with, under their locks."""
        held = [(id, self._cache[id].state.seq if id in self._cache else NOT_HELD) for id in ids]
        cursor.execute(self.sql.states_behind, self._dialect.pairs(held))

    def _ask_known(self, cursor: Any, ids: Sequence[tuple[str, str]]) -> None:
        """Of the sessions held from before: only their keys are known yet. Others are asked one by
        one.
        """
        cache = self._cache
        places = [(cache[session].key, id) for session, id in ids if session in cache]
        self._known = dict.fromkeys(places)
        cursor.execute(self.sql.known_ids, self._dialect.pairs(places))

    def _lock(self, session_id: str) -> None:
        self.cursor.execute(self.sql.lock_by_id, self._dialect.listed([session_id]))
        for row in self.cursor.fetchall():
            self._load(row)

    def _load(self, row: Row) -> None:
        """A cached state is used only if it is the row's."""
        key, id, seq, recorded_at, head = row
        held = self._cache.get(id)
        if held is None or held.state.seq != seq or held.head != bytes(head):
            state, stored_seq = self._state_of(key, id, seq)
            if state.seq != seq:  # whatever was written now would not fit the log
                raise RuntimeError(
                    f"the log of session {id} ends at {seq}, its inputs at {state.seq}"
                )
            held = Held(key, state, limits_of(state), bytes(head), recorded_at, stored_seq)
        self._staged.held[id] = self._loaded[id] = held

    def _state_of(self, key: int, id: str, seq: int) -> tuple[State, int]:
        stored = self._stored.get(key)
        if stored is None:
            stored = self.cursor.execute(self.sql.state_of, (key,)).fetchone()

        def log_after(after: int) -> list[bytes]:
            rows = self.cursor.execute(self.sql.log_after, (key, after)).fetchall()
            return [event_text(id, *row) for row in rows]

        state, stored_seq = state_at(stored, seq, log_after)
        return state, NEVER_STORED if stored_seq is None else stored_seq

    def item(self) -> Item:
        return Item(self, self._chain)

    def held(self, session_id: str) -> Held:
        """The session as the submissions so far have left it; raises UnknownSession."""
        if session_id not in self._staged.held:  # another process may just have begun it
            self._lock(session_id)
        try:
            return self._staged.held[session_id]
        except KeyError:
            raise UnknownSession("There is no session with this id.") from None

    def known(self, place: tuple[int, str]) -> tuple[bytes, int] | None:
        """Digest and seq under which a session, by its key, has recorded a client's id."""
        if (found := self._staged.known.get(place)) is not None:
            return found
        if place not in self._known:
            self._known[place] = self.cursor.execute(self.sql.known, (*place, *place)).fetchone()
        return self._known[place]

    def alarm_row(self, alarm_id: str) -> Row | None:
        return self._staged.alarms.get(alarm_id)

    @property
    def last_event(self) -> tuple[int, int, bytes] | None:
        """Session key, seq and hash of an event that is in the log if and only if this
        transaction is.
        """
        if not self._staged.events:
            return None
        row = self._staged.events[-1]
        return row[0], row[1], row[7]

    def judged(self, key: int, seq: int) -> Any:
        row = next((r for r in self._staged.readings if r[:2] == (key, seq)), None)
        return row[6] if row else self.cursor.execute(self.sql.judged_at, (key, seq)).fetchone()[0]

    @property
    def corrections(self) -> Sequence[Change]:
        return self._staged.corrections

    def standing(self, key: int, seq: int) -> tuple[bool, Any, int]:
        """Whether a reading was voided, its values and when it was taken, but for corrections still
        staged.
        """
        row = next((r for r in self._staged.readings if r[:2] == (key, seq)), None)
        if row:
            return False, row[5], row[3]
        found: tuple[bool, Any, int] = self.cursor.execute(self.sql.standing, (key, seq)).fetchone()
        return found

    def event_row(self, key: int, seq: int) -> Row:
        for row in reversed(self._staged.events):
            if row[1] == seq and row[0] == key:
                return row[2:7]
        found: Row = self.cursor.execute(self.sql.event_at, (key, seq)).fetchone()
        return found

    def seen(self, session_id: str) -> bool:
        return session_id in self._staged.seen

    def takes(self, key: NoticeKey) -> bool:
        return self._book.takes(key, self.now)

    def accept(self, item: Item) -> None:
        """What the submission staged now stands in this transaction; attachments are written at
        once, for a submission after it may ask whose a device is.
        """
        self._staged.add(item.staged)
        for query, row in item.staged.attachments:
            self.cursor.execute(query, row)

    def commit(self) -> None:
        """Writes everything staged and commits it: at once, where the database is far."""
        with self._dialect.pipeline(self._connection):
            self._write()
            self._connection.commit()

    def _write(self) -> None:
        staged, cursor, sql = self._staged, self.cursor, self.sql
        for query, rows in ((sql.add_event, staged.events), (sql.add_reading, staged.readings)):
            if rows:
                self._dialect.write(cursor, query, rows)
        for query, rows in (
            (sql.set_alarm, list(staged.alarms.values())),
            (sql.add_command, staged.commands),
            (sql.add_delivery, staged.deliveries),
        ):
            if rows:
                cursor.executemany(query, rows)
        for query, row in (*staged.corrections, *staged.listed):
            cursor.execute(query, row)
        self._due = self._book.due(staged.notices, self.now)
        for key, noted in sorted(self._due.items()):  # in one order in every process
            cursor.execute(sql.set_notice, notice_row(key, noted))
            cursor.execute(sql.forget_notices, (self.now - FORGET_MS,))
        self._write_sessions()
        entries = [*staged.entries, *self._ends()]
        if entries:  # last: the end of the access log is everybody's
            self.last_entry = access_log.write(cursor, sql, self._chain, entries, self.now)

    def _ends(self) -> Iterator[Stamped]:
        """Where the logs of closed sessions now end, as entries of the access log: what is cut off
        them is found from now on. A signature notes it itself.
        """
        staged = self._staged
        signed = {entry.session_id for entry in staged.entries if entry.kind == SIGNED}
        for id in sorted(staged.texts.keys() - signed):
            held = staged.held[id]
            if held.state.closed_at is not None and staged.texts[id]:
                data = {"seq": held.state.seq, "hash": held.head.hex()}
                entry = access_log.Entry("session.ended", None, session_id=id, data=data)
                yield access_log.stamped(entry, self.now)

    def _write_sessions(self) -> None:
        heads: list[Row] = []
        whole: list[Row] = []
        states: list[Row] = []
        held_now = self._staged.held
        for id in self._staged.texts.keys() | self._staged.silent:
            held = held_now[id]
            if self._only_on(held):
                heads.append(head_row(held))
            else:
                whole.append(session_row(held))
            if self._state_is_due(held):
                state = held.state
                states.append((state.seq, ENGINE_VERSION, encode_state(state), held.key))
                held_now[id] = held.stored()
        if whole:
            self.cursor.executemany(self.sql.set_session, whole)
        for query, rows in ((self.sql.set_head, heads), (self.sql.set_state, states)):
            if rows:
                self._dialect.write(self.cursor, query, rows)

    def _only_on(self, held: Held) -> bool:
        """True if its log has only grown: nothing by which sessions are found has changed, so that
        no index need be touched.
        """
        before = self._loaded.get(held.id)
        if before is None:
            return False
        was, now = before.state, held.state
        return (
            was.next_due_at == now.next_due_at
            and was.phase == now.phase
            and was.phase_since == now.phase_since
            and was.closed_at == now.closed_at
            and was.clock == now.clock
        )

    def _state_is_due(self, held: Held) -> bool:
        """A state that only readings have changed is made again from them, some at a time. Not for
        another process, nor on a driven clock, whose time lists tell.
        """
        id, state = held.id, held.state
        if self._dialect.is_server or state.clock == "driven":
            return True
        if id in self._staged.loud or id in self._staged.silent:
            return True
        return state.seq - held.stored_seq >= STATE_EVERY

    def committed(self) -> tuple[list[CommittedSession], dict[str, Held]]:
        """What the commit brought to each session, and their states for the cache."""
        staged = self._staged
        if self.gap is not None:
            self.gap.seen.update(staged.seen)
        if staged.notices or self._due:
            self._book.settle(staged.notices, self._due, self.now)
        batch = [
            CommittedSession(
                session_id=id,
                seq=staged.held[id].state.seq,
                events=tuple(texts),
                board_row=partial(board_row, staged.held[id].state),
                urgent=id in staged.loud,
            )
            for id, texts in staged.texts.items()
            if texts
        ]
        return batch, staged.held
