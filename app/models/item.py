"""What one submission sees and stages: sessions under their locks, known ids, steps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from app.errors import IdConflict, SimulatedMismatch
from app.models.chain import GENESIS, Chain
from app.models.codec import actor_text, canonical, event_text
from app.models.notices import Noted, NoticeKey
from app.models.projections import (
    CALLS,
    alarm_row,
    amended,
    attachment,
    delivery_row,
    reading_row,
    voided,
)
from app.models.staged import RAISED, Held, Row, Staged, StagedReading
from app.monitoring.commands import SYSTEM, Resume
from app.monitoring.engine import Input, moment, step
from app.monitoring.in_force import limits_of, still_drawn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.models.sql import Statements
    from app.models.unit import Unit
    from app.models.watch import Gap
    from app.monitoring.commands import Actor
    from app.monitoring.state import Event, Step


class Item:
    """One submission's view of the transaction; dropped whole when its work raises."""

    __slots__ = ("_chain", "_unit", "staged")

    def __init__(self, unit: Unit, chain: Chain) -> None:
        self._unit = unit
        self._chain = chain
        self.staged = Staged()

    @property
    def now(self) -> int:
        return self._unit.now

    @property
    def training(self) -> bool:
        """Whether simulated sessions are as real ones here."""
        return self._unit.training

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
        place = (held.key, id)
        found = self.staged.known.get(place) or self._unit.known(place)
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
        kind, at, recorded_at, actor, data = self._event_row(held, seq)
        text = event_text(held.id, seq, kind, at, recorded_at, actor, data)
        decoded: dict[str, Any] = orjson.loads(text)
        return decoded

    def standing(self, held: Held, seq: int) -> tuple[dict[str, float], int] | None:
        """The values of a recorded reading as they were corrected, and when it was taken; None if
        it was voided.
        """
        place = (held.key, seq)
        for corrections in (self.staged.corrections, self._unit.corrections):
            for query, change in reversed(corrections):
                if change[-2:] == place:
                    voided = query == self.sql.void_reading
                    return None if voided else (orjson.loads(change[0]), change[2])
        row = next((r for r in self.staged.readings if r[:2] == place), None)
        found = (False, row[5], row[3]) if row else self._unit.standing(held.key, seq)
        voided, values, taken_at = found
        if voided:
            return None
        # PostgreSQL's driver reads JSON itself.
        return orjson.loads(values) if isinstance(values, str) else values, taken_at

    def logged(self, held: Held, seq: int) -> tuple[int, str, str]:
        """When an event of the session was recorded, by whom, and what it says, as canonical
        JSON.
        """
        _, _, recorded_at, actor, data = self._event_row(held, seq)
        return recorded_at, actor, data

    def _event_row(self, held: Held, seq: int) -> Row:
        for row in reversed(self.staged.events):
            if row[1] == seq and row[0] == held.key:
                return row[2:7]
        return self._unit.event_row(held.key, seq)

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
        nothing. This is where simulators and devices are kept to their own: all that changes a
        session comes by.
        """
        if actor.role == "simulator" and not held.state.order.simulated:
            raise SimulatedMismatch("Nothing was stored: a simulator has simulated sessions only.")
        if actor.role == "device" and held.state.order.simulated:
            raise SimulatedMismatch("Nothing was stored: this session is simulated.")
        unit, staged = self._unit, self.staged
        state, limits = held.state, held.limits
        said: tuple[Event, ...] = ()
        gap = unit.gap
        if gap is not None and held.id not in gap.seen and self._misses(gap, held):
            woken = self._resume(gap, held)
            state, said = woken.state, woken.events
            limits = limits if still_drawn(held.state, state) else limits_of(state)
        made = step(state, command, limits, moment(state, command, unit.now), actor)
        events = (*said, *made.events) if said else made.events
        if not events:
            if made.next_due_at == state.next_due_at:
                return held, made
            staged.silent.add(held.id)  # or the sweep would ask again and again
        limits = limits if still_drawn(state, made.state) else limits_of(made.state)
        recorded_at = max(unit.now, held.recorded_at) if events else held.recorded_at
        head = self._stage_events(held.key, held.id, held.head, events, recorded_at, reading)
        after = Held(held.key, made.state, limits, head, recorded_at, held.stored_seq)
        staged.held[held.id] = after
        if gap is not None:
            staged.seen.add(held.id)
        if unit.calling and (unit.training or not state.order.simulated):
            calls = (event for event in events if event.kind in CALLS)
            staged.deliveries += [
                delivery_row(held.key, made.state, event, unit.now) for event in calls
            ]
        return after, made

    def _misses(self, gap: Gap, held: Held) -> bool:
        known = held.id in self.staged.seen or self._unit.seen(held.id)
        return not known and gap.concerns(held.state)

    def _resume(self, gap: Gap, held: Held) -> Step:
        """The session learns of the gap at the same moment, before what comes next."""
        self.staged.loud.add(held.id)
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
            seq, kind, at = event.seq, event.kind, event.at
            actor, data = actor_text(event.actor), canonical(event.data).decode()
            text = event_text(session_id, seq, kind, at, recorded_at, actor, data)
            head = self._chain.next(head, text)
            staged.events.append((key, seq, kind, at, recorded_at, actor, data, head))
            texts.append(text)
            if kind == "reading.recorded":
                if reading is not None:
                    raised = [e.seq for e in events if e.kind in RAISED and e.seq > seq]
                    staged.readings.append(reading_row(key, event, reading, raised))
                    staged.known[key, reading.id] = (reading.digest, seq)
                continue
            staged.loud.add(session_id)
            if kind.startswith("alarm."):
                self._stage_alarm(key, event)
            else:
                self._stage_change(key, event)
        return head

    def _stage_alarm(self, key: int, event: Event) -> None:
        id = event.data["alarm"]["id"]
        before = self.staged.alarms.get(id) or self._unit.alarm_row(id)
        was_high = before is not None and before[-1]
        row = alarm_row(key, event, was_high=was_high)
        if row[-1] and not was_high:
            self.staged.listed.append((self.sql.count_high, (key, key)))
        self.staged.alarms[id] = row

    def _stage_change(self, key: int, event: Event) -> None:
        if event.kind == "reading.voided":
            self.staged.corrections.append(voided(self.sql, key, event))
        elif event.kind == "reading.amended":
            raised = self._raised_with(key, event.data["seq"])
            self.staged.corrections.append(amended(self.sql, key, event, raised))
        elif event.kind == "record.signed":
            self.staged.listed.append((self.sql.set_signed, (event.seq, key)))
        elif (change := attachment(self.sql, key, event)) is not None:
            self.staged.attachments.append(change)
