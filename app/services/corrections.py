"""Corrections of readings: voided, amended, moved to the session they belong to.

What the session would know had the reading been right is observed by stepping its log again, beside
the scribe; in the scribe what came meanwhile is stepped too, and the engine grafts it onto what was
said.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import Connection, select

from app.errors import SimulatedMismatch
from app.models import queries
from app.models.codec import digest, number
from app.models.logged import logged
from app.models.staged import StagedReading
from app.models.tables import reading
from app.monitoring.commands import AmendReading, MoveReading, VoidReading
from app.monitoring.corrections import (
    Correct,
    Correction,
    Kind,
    amended_reading,
    corrections_in,
    refuse_time,
)
from app.monitoring.errors import (
    AlreadyCorrected,
    DomainError,
    FieldError,
    InvalidRequest,
    NoUsableValues,
    UnknownReading,
)
from app.monitoring.inputs import reading_of
from app.monitoring.readings import MovedFrom
from app.monitoring.rebuild import CORRECTIONS, Replay
from app.monitoring.times import iso, parse_iso
from app.monitoring.view import public
from app.services.ids import new_id

if TYPE_CHECKING:
    from app.models.staged import Held
    from app.models.store import Store
    from app.models.unit import Item
    from app.monitoring.commands import Actor

Command = VoidReading | AmendReading | MoveReading


@dataclass(frozen=True, slots=True)
class Observed:
    """The course with the correction in it, as far as event `until`; `was` is the reading's data
    before it.
    """

    seq: int
    kind: Kind
    was: Mapping[str, Any]
    replay: Replay
    until: int


async def correct(store: Store, actor: Actor, session_id: str, command: Command) -> dict[str, Any]:
    """The state of the session after it, or as it now is if the command's id is known.

    Raises UnknownSession, UnknownReading, AlreadyCorrected, IdConflict, InvalidRequest and
    NoUsableValues; of a move also what recording the reading in the other session raises.
    """
    command = _tidy(command)
    sessions = [session_id]
    if isinstance(command, MoveReading):
        if command.session_id == session_id:
            message = "The reading is in this session already."
            raise InvalidRequest(
                message, errors=[FieldError(("session_id",), "same_session", message)]
            )
        sessions.append(command.session_id)
    done: dict[str, Any] | None = None
    while done is None:  # again only if another correction came between looking and writing
        look = partial(_observe, session_id=session_id, command=command)
        observed = await store.reader.apart(look)  # it steps the whole session again
        run = partial(
            _correct, actor=actor, session_id=session_id, command=command, observed=observed
        )
        done = await store.scribe.submit(run, sessions=sessions)
    return done


def _tidy(command: Command) -> Command:
    """Numbers in their one spelling."""
    if not isinstance(command, AmendReading):
        return command
    values = {v: None if x is None else number(x) for v, x in sorted(command.values.items())}
    return replace(command, values=values)


def _observe(db: Connection, *, session_id: str, command: Command) -> Observed | DomainError:
    """A refusal is answered, not raised: a known id comes before it."""
    key = queries.session_key(db, session_id)
    query = select(reading.c.seq).where(reading.c.session_key == key)
    seq = db.execute(query.where(reading.c.id == command.reading_id)).scalar()
    if seq is None:
        return UnknownReading("There is no reading with this id in this session.")
    earlier = [event for _, event in logged(db, key, session_id, CORRECTIONS)]
    corrections = corrections_in(earlier)
    if seq in corrections and corrections[seq].reading is None:
        return AlreadyCorrected("Nothing was changed: this reading was voided or moved before.")
    said = orjson.loads(queries.events(db, session_id, after=seq - 1, limit=1)[0])["data"]
    for event in earlier:
        if event["data"]["seq"] == seq:
            said = event["data"]["reading"]
    try:
        correction = _correction(command, said)
    except DomainError as refusal:
        return refusal
    replay, until = Replay({**corrections, seq: correction}), 0
    for _, event in logged(db, key, session_id):
        replay.feed(event)
        until = event["seq"]
    try:
        _refuse_time(replay, seq, command)
    except DomainError as refusal:
        return refusal
    return Observed(seq, correction.kind, said, replay, until)


def _refuse_time(replay: Replay, seq: int, command: Command) -> None:
    """A time that is as it first was has nothing against it."""
    if isinstance(command, AmendReading) and command.taken_at is not None:
        recorded_at = replay.recorded.get(seq)
        if recorded_at is not None:
            refuse_time(replay.state, command.taken_at, recorded_at)


def _correction(command: Command, said: Mapping[str, Any]) -> Correction:
    match command:
        case VoidReading():
            return Correction("voided")
        case MoveReading():
            return Correction("moved")
        case AmendReading():
            return Correction("amended", amended_reading(said, command.values, command.taken_at))


def _correct(
    item: Item,
    *,
    actor: Actor,
    session_id: str,
    command: Command,
    observed: Observed | DomainError,
) -> dict[str, Any] | None:
    """None if it must be observed anew."""
    held = item.held(session_id)
    content = asdict(command)
    id = content.pop("id")
    if content.get("taken_at", 0) is None:
        del content["taken_at"]  # as it always was, for ids known from before
    sent = digest([type(command).__name__, content])
    if item.known(held, id, sent) is not None:
        return public(held.state)
    if isinstance(observed, DomainError):
        raise observed
    replay = _until_now(item, held, observed)
    if replay is None:
        return None
    held, _ = item.step(held, _input(command, observed, replay), actor)
    if isinstance(command, MoveReading):
        _record_there(item, held, command, observed, actor)
    item.know(held, id, sent)
    return public(held.state)


def _until_now(item: Item, held: Held, observed: Observed) -> Replay | None:
    """The course until this correction; None if another came first. The work may be run again, so
    what was observed is left as it is.
    """
    replay = copy(observed.replay)
    for seq in range(observed.until + 1, held.state.seq + 1):
        event = item.event(held, seq)
        if event["kind"] in CORRECTIONS:
            return None
        replay.feed(event)
    recorded_at = iso(max(item.now, held.recorded_at))
    replay.feed({"kind": "reading.voided", "recorded_at": recorded_at})  # itself tells the time
    replay.finish()
    return replay


def _input(command: Command, observed: Observed, replay: Replay) -> Correct:
    amends = observed.kind == "amended"
    return Correct(
        seq=observed.seq,
        reading_id=command.reading_id,
        kind=observed.kind,
        reason=command.reason,
        observed=replay.state,
        was=observed.was["values"] if amends else {},
        was_taken_at=parse_iso(observed.was["taken_at"]) if amends else 0,
        judged=replay.judged[observed.seq] if amends else None,
        moved_to=command.session_id if isinstance(command, MoveReading) else None,
    )


def _record_there(
    item: Item, here: Held, command: MoveReading, observed: Observed, by: Actor
) -> None:
    """As a reading of its own, with the time that it had, by the person who says whose it is: the
    device that took it is not this session's, and its silence is none here.
    """
    there = item.held(command.session_id)
    if there.state.order.simulated is not here.state.order.simulated:
        message = (
            "A simulated reading cannot be a real patient's, nor a real one a simulated one's."
        )
        if by.role == "simulator":
            raise SimulatedMismatch(f"Nothing was moved. {message}")
        raise InvalidRequest(
            message, errors=[FieldError(("session_id",), "simulated_mismatch", message)]
        )
    was = reading_of(observed.was)
    if not (was.values or was.not_taken):
        raise NoUsableValues(
            "Nothing was moved: the reading holds only values of this session's devices. Void it."
        )
    moved = replace(
        was,
        id=new_id(),
        source="manual",
        device=None,
        interval_s=None,
        weak=(),
        cuff_inflating=False,
        rejected=(),
        charted=(),  # they are the devices' of the session that it was typed into
        after_close=True,  # whose it is may be found out at any time
        moved_from=MovedFrom(here.id, command.reading_id, was.source, was.device, command.reason),
    )
    sent = digest(["moved", here.id, command.reading_id])
    item.step(there, moved, by, reading=StagedReading(moved.id, sent))
