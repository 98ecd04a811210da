"""A session's record made from its log, and from nothing else: what is signed and verified is the
log, and the tables beside it are only made from it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app import __version__
from app.monitoring.state import ENGINE_VERSION
from app.review.record.alarms import Alarms
from app.review.record.course import Course, doses, infused_s, ordered_mg
from app.review.record.log import head_of, read
from app.review.record.model import PatientIs, Record
from app.review.record.notes import Notes
from app.review.record.readings import Readings
from app.review.record.summary import summary_of
from app.review.record.summary.whole import Known
from app.review.record.told import Telling

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

    from app.review.record.log import Head, Logged


def record_of(db: Connection, session_id: str, *, until: int | None = None) -> Record:
    """As far as event `until`, or as far as the log goes; raises UnknownSession."""
    head = head_of(db, session_id, until)
    return record_from(session_id, head, read(db, head))


def record_from(session_id: str, head: Head, events: Iterable[Logged]) -> Record:
    """Of the events up to `head`, from wherever they come."""
    heard = _Heard()
    for event in events:
        heard.hear(event)
    heard.course.end()
    return _record(session_id, head, heard)


class _Heard:
    """Each of these follows the log for its own part of the record."""

    def __init__(self) -> None:
        self.course = Course()
        self.readings = Readings()
        self.alarms = Alarms()
        self.notes = Notes()
        self.telling = Telling()

    def hear(self, event: Logged) -> None:
        self.readings.hear(event)
        self.telling.hear(event)
        self.alarms.hear(event)
        if event.said is None:  # most are readings, and these two hear nothing in them
            self.course.hear(event)
            self.notes.hear(event)


def _record(session_id: str, head: Head, heard: _Heard) -> Record:
    course, state = heard.course, heard.course.state
    kept = list(heard.readings.kept.values())
    last_at = _last_at(heard)
    given = doses(state, last_at)
    infused = infused_s(state, last_at)
    alarms, annotations = heard.alarms.told(), heard.notes.told()
    ordered = ordered_mg(state)
    mg_given = None if ordered is None else (given[-1].mg if given else 0.0)
    signatures = heard.notes.signatures
    known = Known(
        course=course,
        readings=heard.readings.standing(),
        all_readings=kept,
        lost_signals=heard.readings.lost,
        annotations=annotations,
        alarms=alarms,
        signed=bool(signatures),
        last_at=last_at,
        infused_s=infused,
        mg_given=mg_given,
    )
    patient = state["patient"]
    return Record(
        session_id=session_id,
        seq=head.seq,
        hash=head.hash,
        software=__version__,
        engine=ENGINE_VERSION,
        patient=PatientIs(
            patient["id"], patient["code"], patient["initials"], patient["birth_year"]
        ),
        station=state["station"],
        protocol=state["protocol"],
        protocol_version=state["protocol_version"],
        simulated=state["simulated"],
        clock=state["clock"],
        weight_kg=state["weight_kg"],
        dose_mg_per_kg=state["dose_mg_per_kg"],
        planned_minutes=state["planned_minutes"],
        created_at=state["created_at"],
        t0=course.t0(),
        now=_now(heard),
        ended_at=course.ended_at,
        last_at=last_at,
        phase=state["phase"],
        phases=course.phases(),
        infused_s=infused,
        mg_ordered=ordered,
        mg_given=mg_given,
        doses=given,
        baseline=state["baseline"],
        readings=heard.readings.told(),
        lost_signals=heard.readings.lost,
        annotations=annotations,
        alarms=alarms,
        limits=course.limits,
        gaps=course.gaps,
        events=heard.telling.told,
        summary=summary_of(known),
        signatures=signatures,
        changed_since_signed=head.seq - signatures[-1].seq if signatures else 0,
    )


def _last_at(heard: _Heard) -> str:
    """Its close; of a session that goes on the last that was heard of it."""
    ended = heard.course.ended_at
    if ended is not None:
        return ended
    return max(heard.course.now, heard.readings.last_at())


def _now(heard: _Heard) -> str | None:
    """The present of a driven session: readings move it, and nothing else that is not folded."""
    state = heard.course.state
    if state["clock"] != "driven" or state["now"] is None:
        return None
    return max(str(state["now"]), heard.course.now, heard.readings.last_at())
