"""The unit of work: sessions locked and loaded, steps staged, everything written and committed at
once.

A submission works on an `Item`. What it stages becomes visible to the submissions after it when it
ends well, and is dropped when it raises: nothing was written yet.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

import orjson

from app.errors import IdConflict, UnknownSession
from app.models.chain import GENESIS, Chain
from app.models.codec import (
    actor_text,
    canonical,
    encode_state,
    event_text,
    rebuilt_state,
    usable_state,
)
from app.models.committed import CommittedSession
from app.models.notices import FORGET_MS, Noted, NoticeBook, NoticeKey, notice_row
from app.models.projections import (
    CALLS,
    alarm_row,
    amended,
    attachment,
    delivery_row,
    reading_row,
    session_row,
    voided,
)
from app.models.staged import RAISED, Held, Row, Staged, StagedReading
from app.monitoring.commands import SYSTEM, Resume
from app.monitoring.engine import Input, moment, step
from app.monitoring.in_force import limits_of, still_drawn
from app.monitoring.state import ENGINE_VERSION, Event, State, Step
from app.monitoring.view import board_row

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from app.models.sql import Statements
    from app.models.watch import Gap
    from app.monitoring.commands import Actor


class Unit:
    """One transaction of the scribe; `now` is the same wall time, in milliseconds, for all that it
    records.
    """

    def __init__(
        self,
        cursor: Any,
        sql: Statements,
        chain: Chain,
        now: int,
        cache: Mapping[str, Held],
        *,
        for_update: bool,
        gap: Gap | None,
        book: NoticeBook,
        calling: bool,
    ) -> None:
        self.cursor = cursor
        self.sql = sql
        self.now = now
        self.gap = gap
        self.calling = calling
        self._book = book
        self._due: dict[NoticeKey, Noted] = {}
        self._chain = chain
        self._cache = cache
        self._lock_clause = " FOR UPDATE" if for_update else ""
        self._staged = Staged()

    def lock(self, session_ids: Iterable[str]) -> None:
        """Locks the sessions in order of their ids and loads them; a cached state is used only if
        it is the row's.
        """
        wanted = sorted({id for id in session_ids if id not in self._staged.held})
        for start in range(0, len(wanted), LOCK_CHUNK):
            chunk = wanted[start : start + LOCK_CHUNK]
            query = self.sql.lock_by_id.format(
                marks=", ".join([self.sql.mark] * len(chunk)),
                lock=self._lock_clause,
            )
            for row in self.cursor.execute(query, chunk).fetchall():
                self._load(row, self._cache.get(row[1]))

    def _load(self, row: Row, cached: Held | None) -> None:
        key, id, seq, recorded_at, head = row
        if cached is not None and cached.state.seq == seq and cached.head == bytes(head):
            self._staged.held[id] = cached
            return
        stored = self.cursor.execute(self.sql.state_of, (key,)).fetchone()
        state = usable_state(stored, seq) or self._rebuilt_state(key, id)
        if state.seq != seq:  # whatever was written now would not fit the log
            raise RuntimeError(f"the log of session {id} ends at {seq}, its inputs at {state.seq}")
        self._staged.held[id] = Held(key, state, limits_of(state), bytes(head), recorded_at)

    def _rebuilt_state(self, key: int, id: str) -> State:
        rows = self.cursor.execute(self.sql.log_of, (key,)).fetchall()
        return rebuilt_state(event_text(id, *row) for row in rows)

    def item(self) -> Item:
        return Item(self, self._chain)

    def held(self, session_id: str) -> Held:
        """The session as the submissions so far have left it; raises UnknownSession."""
        if session_id not in self._staged.held:  # another process may just have begun it
            self.lock([session_id])
        try:
            return self._staged.held[session_id]
        except KeyError:
            raise UnknownSession("There is no session with this id.") from None

    def known(self, key: int, id: str) -> tuple[bytes, int] | None:
        return self._staged.known.get((key, id))

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

    def event_row(self, key: int, seq: int) -> Row | None:
        for row in self._staged.events:
            if row[0] == key and row[1] == seq:
                return (row[2], row[3], row[4], row[5], row[6])
        found: Row | None = self.cursor.execute(self.sql.event_at, (key, seq)).fetchone()
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

    def write(self) -> None:
        """Writes everything staged; the caller commits."""
        staged = self._staged
        for query, rows in (
            (self.sql.add_event, staged.events),
            (self.sql.add_reading, staged.readings),
            (self.sql.set_alarm, list(staged.alarms.values())),
            (self.sql.add_command, staged.commands),
            (self.sql.add_delivery, staged.deliveries),
        ):
            if rows:
                self.cursor.executemany(query, rows)
        for query, row in staged.corrections:
            self.cursor.execute(query, row)
        self._due = self._book.due(staged.notices, self.now)
        for key, noted in self._due.items():
            self.cursor.execute(self.sql.set_notice, notice_row(key, noted))
            self.cursor.execute(self.sql.forget_notices, (self.now - FORGET_MS,))
        written = staged.texts.keys() | staged.silent
        changed = [held for id, held in staged.held.items() if id in written]
        if not changed:
            return
        self.cursor.executemany(self.sql.set_session, [session_row(held) for held in changed])
        self.cursor.executemany(
            self.sql.set_state,
            [
                (held.state.seq, ENGINE_VERSION, encode_state(held.state), held.key)
                for held in changed
            ],
        )

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
            )
            for id, texts in staged.texts.items()
            if texts
        ]
        return batch, staged.held


LOCK_CHUNK: Final = 500  # values in one IN list; SQLite takes 32,766, older ones 999


class Item:
    """What one submission sees and stages."""

    def __init__(self, unit: Unit, chain: Chain) -> None:
        self._unit = unit
        self._chain = chain
        self.staged = Staged()

    @property
    def now(self) -> int:
        return self._unit.now

    @property
    def cursor(self) -> Any:
        return self._unit.cursor

    @property
    def sql(self) -> Statements:
        return self._unit.sql

    def held(self, session_id: str) -> Held:
        """The session as it now is; raises UnknownSession."""
        return self.staged.held.get(session_id) or self._unit.held(session_id)

    def known(self, held: Held, id: str | None, digest: bytes) -> int | None:
        """The seq under which this id was recorded with the same content; None if the id is new;
        raises IdConflict.
        """
        if id is None:
            return None
        found = self.staged.known.get((held.key, id)) or self._unit.known(held.key, id)
        if found is None:
            place = (held.key, id, held.key, id)
            found = self.cursor.execute(self.sql.known, place).fetchone()
        if found is None:
            return None
        if bytes(found[0]) != digest:
            raise IdConflict(
                "Nothing was stored: this id was used for other content."
                " Send new content under a new id."
            )
        return int(found[1])

    def alarm_row(self, alarm_id: str) -> Row | None:
        """The alarm's JSON as staged in this transaction, in a row of one."""
        row = self.staged.alarms.get(alarm_id) or self._unit.alarm_row(alarm_id)
        return None if row is None else (row[8],)

    def event(self, held: Held, seq: int) -> dict[str, Any]:
        """A recorded event of the session."""
        row = next((r[2:7] for r in self.staged.events if r[0] == held.key and r[1] == seq), None)
        kind, at, recorded_at, actor, data = row or self._unit.event_row(held.key, seq) or ()
        text = event_text(held.id, seq, kind, at, recorded_at, actor, data)
        decoded: dict[str, Any] = orjson.loads(text)
        return decoded

    def raised_with(self, held: Held, seq: int) -> list[int]:
        """The seqs of the alarms that were raised or changed by a recorded reading."""
        return self._raised_with(held.key, seq)

    def _raised_with(self, key: int, seq: int) -> list[int]:
        row = next((r for r in self.staged.readings if r[:2] == (key, seq)), None)
        judged = row[6] if row else self._unit.judged(key, seq)
        if isinstance(judged, str):  # PostgreSQL's driver reads JSON itself
            judged = orjson.loads(judged)
        return list(judged["raised"])

    def step(
        self,
        held: Held,
        command: Input,
        actor: Actor,
        *,
        reading: StagedReading | None = None,
    ) -> tuple[Held, Step]:
        """Steps the session and stages what came of it; raises DomainError and has then staged
        nothing.
        """
        state, limits = held.state, held.limits
        said: tuple[Event, ...] = ()
        gap = self._unit.gap
        if gap is not None and held.id not in gap.seen and self._misses(gap, held):
            woken = self._resume(gap, held)
            state, said = woken.state, woken.events
            limits = limits if still_drawn(held.state, state) else limits_of(state)
        made = step(state, command, limits, moment(state, command, self.now), actor)
        events = (*said, *made.events)
        if not events:
            if made.next_due_at == state.next_due_at:
                return held, made
            self.staged.silent.add(held.id)  # or the sweep would ask again and again
        limits = limits if still_drawn(state, made.state) else limits_of(made.state)
        recorded_at = max(self.now, held.recorded_at) if events else held.recorded_at
        head = self._stage_events(held.key, held.id, held.head, events, recorded_at, reading)
        after = Held(held.key, made.state, limits, head, recorded_at)
        self.staged.held[held.id] = after
        if gap is not None:
            self.staged.seen.add(held.id)
        if self._unit.calling and not state.order.simulated:
            calls = (event for event in events if event.kind in CALLS)
            self.staged.deliveries += [
                delivery_row(held.key, made.state, event, self.now) for event in calls
            ]
        return after, made

    def _misses(self, gap: Gap, held: Held) -> bool:
        known = held.id in self.staged.seen or self._unit.seen(held.id)
        return not known and gap.concerns(held.state)

    def _resume(self, gap: Gap, held: Held) -> Step:
        """The session learns of the gap at the same moment, before what comes next."""
        since = max(gap.since, held.recorded_at)  # what was said after the last mark was watched
        now = moment(held.state, Resume(since), self.now)
        return step(held.state, Resume(min(since, now)), held.limits, now, SYSTEM)

    def note(self, key: NoticeKey, text: str, at: int) -> None:
        """Counts what the whole clinic should know; now and then it is written."""
        if self._unit.takes(key):
            noted = Noted(text, at, at)
            self.staged.notices[key] = noted.after(self.staged.notices.get(key))

    def open(self, key: int, made: Step) -> Held:
        """Stages a session that was just inserted."""
        id = made.state.order.id
        head = self._stage_events(key, id, GENESIS, made.events, self.now, None)
        held = Held(key, made.state, limits_of(made.state), head, self.now)
        self.staged.held[id] = held
        self.staged.seen.add(id)
        return held

    def know(self, held: Held, id: str | None, digest: bytes) -> None:
        """Remembers a client's id with the event that it led to."""
        if id is not None:
            self.staged.commands.append((held.key, id, digest, held.state.seq))
            self.staged.known[held.key, id] = (digest, held.state.seq)

    def _stage_events(
        self,
        key: int,
        session_id: str,
        head: bytes,
        events: Sequence[Event],
        recorded_at: int,
        reading: StagedReading | None,
    ) -> bytes:
        staged, texts = self.staged, self.staged.texts.setdefault(session_id, [])
        for event in events:
            actor, data = actor_text(event.actor), canonical(event.data).decode()
            text = event_text(session_id, event.seq, event.kind, event.at, recorded_at, actor, data)
            head = self._chain.next(head, text)
            staged.events.append(
                (key, event.seq, event.kind, event.at, recorded_at, actor, data, head)
            )
            texts.append(text)
            if event.kind == "reading.recorded":
                if reading is not None:
                    raised = [e.seq for e in events if e.kind in RAISED and e.seq > event.seq]
                    staged.readings.append(reading_row(key, event, reading, raised))
                    staged.known[key, reading.id] = (reading.digest, event.seq)
            elif event.kind.startswith("alarm."):
                staged.alarms[event.data["alarm"]["id"]] = alarm_row(key, event)
            else:
                self._stage_change(key, event)
        return head

    def _stage_change(self, key: int, event: Event) -> None:
        if event.kind == "reading.voided":
            self.staged.corrections.append(voided(self.sql, key, event))
        elif event.kind == "reading.amended":
            raised = self._raised_with(key, event.data["seq"])
            self.staged.corrections.append(amended(self.sql, key, event, raised))
        elif (change := attachment(self.sql, key, event)) is not None:
            self.staged.attachments.append(change)
