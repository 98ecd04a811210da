"""The pure engine: `step(state, input, limits, now)` says what one input does to one session.

No clock, no I/O; frozen values in and out. Before the input it does all that was due at or before
`now`, in due order, each with its due moment as `at`, so that the sweeper's jitter is invisible.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, assert_never

from app.monitoring import (
    alarms,
    controls,
    corrections,
    device_changes,
    endings,
    intake,
    limit_changes,
    phase_changes,
    phase_corrections,
    phases,
    stop_prompts,
    watch,
)
from app.monitoring.annotations import Writing, write
from app.monitoring.calm import calm_step
from app.monitoring.commands import (
    Acknowledge,
    Actor,
    Annotate,
    AnswerStopPrompt,
    AttachDevice,
    BeginStandby,
    CallHelp,
    ChangeLimits,
    ChangePhase,
    ConfirmShown,
    CorrectPhase,
    CreateSession,
    DetachDevice,
    EndAlarm,
    EndHelp,
    EndStandby,
    MoveClock,
    PauseAudio,
    Resume,
    ResumeAudio,
    RewriteAnnotation,
    SetResponsible,
    SignRecord,
    SwitchOff,
    SwitchOn,
    TakeBackPhase,
    VoidAnnotation,
)
from app.monitoring.corrections import Correct
from app.monitoring.errors import (
    ClockNotBegun,
    FieldError,
    InvalidRequest,
    NotDriven,
    SessionClosed,
)
from app.monitoring.in_force import still_drawn
from app.monitoring.limits import Drawn
from app.monitoring.readings import LostSignals, Reading
from app.monitoring.signing import sign
from app.monitoring.state import Event, Order, Patient, PhaseSpan, State, Step
from app.monitoring.times import iso
from app.monitoring.view import public, public_phases
from app.monitoring.work import Work

if TYPE_CHECKING:
    from app.monitoring.in_force import Limits
    from app.monitoring.protocols import Protocol

MAX_DUE: Final = 10_000  # moments done in one step; more would mean that a rule never rests


@dataclass(frozen=True, slots=True)
class Tick:
    """Time has passed; with nothing due it does nothing."""


Control = (
    EndAlarm
    | AnswerStopPrompt
    | ChangeLimits
    | PauseAudio
    | ResumeAudio
    | SwitchOff
    | SwitchOn
    | BeginStandby
    | EndStandby
    | AttachDevice
    | DetachDevice
    | SetResponsible
    | CallHelp
    | EndHelp
    | CorrectPhase
    | TakeBackPhase
)
"""What people do about a session that is under way."""

Timed = PauseAudio | SwitchOff | BeginStandby | CallHelp | CorrectPhase | TakeBackPhase
"""What lasts from now on, or is held against it: a driven session must know the time for it."""

Still = Tick | ConfirmShown | Writing | SignRecord
"""What no alarm depends on by itself."""

Input = (
    Reading
    | LostSignals
    | ChangePhase
    | Acknowledge
    | ConfirmShown
    | MoveClock
    | Control
    | Writing
    | Correct
    | SignRecord
    | Resume
    | Tick
)


def create(
    command: CreateSession,
    patient: Patient,
    protocol: Protocol,
    *,
    id: str,
    now: int,
    actor: Actor,
    calls_people: bool = True,
) -> Step:
    """The first state of a session and its first event, `session.created`, which also says if
    nobody shall be called to it: that is for good, wherever it is stepped again.
    """
    wall = command.clock == "wall"
    order = Order(
        id=id,
        patient=patient,
        station=command.station,
        protocol=protocol.code,
        protocol_version=protocol.version,
        simulated=command.simulated,
        weight_kg=command.weight_kg,
        dose_mg_per_kg=command.dose_mg_per_kg,
        planned_minutes=command.planned_minutes,
        starts_at=command.starts_at,
        created_at=now,
        calls_people=calls_people,
    )
    since = now if wall or command.starts_at is None else command.starts_at
    state = State(
        order=order,
        seq=1,
        now=now if wall else command.starts_at or 0,
        clock=command.clock,
        phase=phases.SCHEDULED,
        phase_since=since,
        phases=(PhaseSpan(phases.SCHEDULED, since, None, now if wall else 0),),
        infused_ms=0,
        infusing_since=None,
        closed_at=None,
        baseline=None,
        given={},
        schedule={},
        schedule_since=since,
        annotations={},
        samples={},
        newest={},
        lost={},
        out={},
        rested={},
        rechecks={},
        offline={},
        missed={},
        devices={},
        moved={},
        limits_version=1,
        to_review=(),
        responsible=None,
        audio_pause=None,
        audio_off={},
        alarm_off={},
        standby=None,
        help=None,
        held={},
        planned_end_passed_at=None,
        resumed_at=None,
        watch_since=0,
        alarms={},
        recent={},
        not_taken={},
        stop_prompts={},
        stop_answers={},
        next_due_at=None,
    )
    said = {} if calls_people else {"calls_people": False}
    data = {"state": public(state), **said}
    return Step(state, (Event(1, "session.created", since, actor, data),))


def moment(state: State, command: Input, wall_now: int) -> int:
    """The session's own `now` for an input: the wall clock, or the greatest time that its feed has
    sent.
    """
    if state.clock == "wall" or (isinstance(command, MoveClock) and command.live):
        return max(state.now, wall_now)
    match command:
        case Reading() | LostSignals():
            return max(state.now, command.taken_at)
        case ChangePhase() | MoveClock():
            return state.now if command.at is None else max(state.now, command.at)
        case _:
            return state.now


def step(state: State, command: Input, limits: Limits, now: int, actor: Actor) -> Step:
    """What the input does at the session's time `now`; raises DomainError with nothing done.

    A tick with nothing due answers the same state and no events. `next_due_at` is never too late;
    it may be early, for a calm value does not move it.
    """
    if isinstance(command, Reading):
        calm = calm_step(state, command, limits, now, actor)
        if calm is not None:
            return calm
    return long_step(state, command, limits, now, actor)


def long_step(state: State, command: Input, limits: Limits, now: int, actor: Actor) -> Step:
    """What `step` promises, whatever the input; a calm reading comes here only in the laws."""
    due = state.next_due_at
    if isinstance(command, Tick) and (due is None or due > now):
        return Step(state, ())
    if isinstance(command, LostSignals) and state.closed_at is not None:
        return Step(state, ())
    work = Work(state, limits)
    gap_since = _gap_since(state, command)
    if gap_since is not None:
        due = _do_what_was_due(work, due, min(gap_since, now))
        watch.excuse_the_gap(work, now)
    begins = _begins(work, command) and now > 0
    if not begins:  # before anybody has told the time nothing can be due
        due = _do_what_was_due(work, due, now)
    else:
        _begin_clock(work, now)
    moved = now > state.now
    work.now = max(work.now, now)
    _do(work, command, actor, moved=moved)
    if not work.events and not work.touched and work.now == state.now:
        return Step(state, ())
    if work.touched or due is None:
        due = alarms.judge(work, work.now)
    if not still_drawn(state, work):
        work.drawn = (*work.drawn, Drawn(work.now, work.baseline, work.moved))
    return Step(work.freeze(due), tuple(work.events))


def _gap_since(state: State, command: Input) -> int | None:
    """Since when nobody watched until now; None if there is no such gap."""
    if isinstance(command, Resume) and state.clock == "wall":
        return command.since
    if isinstance(command, MoveClock) and command.live and state.clock == "driven":
        return state.now
    return None


def _do_what_was_due(work: Work, due: int | None, now: int) -> int | None:
    done = 0
    while due is not None and due <= now:
        work.now = max(work.now, due)
        due = alarms.judge(work, due)
        done += 1
        if done > MAX_DUE:
            raise RuntimeError("a rule is due again and again at the same moment")
    return due


def _do(work: Work, command: Input, actor: Actor, *, moved: bool) -> None:
    if isinstance(command, Reading):
        intake.record(work, command, actor)
        return
    if isinstance(command, LostSignals):
        intake.lose(work, command, actor, moved=moved)
        return
    work.touched = not isinstance(command, Still)
    match command:
        case ChangePhase():
            phase_changes.change_phase(work, command, actor)
        case Acknowledge():
            alarms.acknowledge(work, command, actor, work.now)
        case ConfirmShown():
            alarms.confirm_shown(work, command, actor, work.now)
        case MoveClock():
            _move_clock(work, command, actor)
        case Correct():
            corrections.correct(work, command, actor)
        case Resume():
            watch.resume(work, command, actor)
        case SignRecord():
            sign(work, command, actor)
        case Annotate() | VoidAnnotation() | RewriteAnnotation():
            write(work, command, actor)
        case Tick():
            pass
        case _:
            if work.closed_at is not None:
                raise SessionClosed("Nothing was changed: this session is closed.")
            if isinstance(command, Timed) and work.now == 0:
                raise ClockNotBegun("Nothing was done: nobody has told this session the time yet.")
            _control(work, command, actor)


def _control(work: Work, command: Control, actor: Actor) -> None:
    match command:
        case EndAlarm():
            endings.end_alarm(work, command, actor)
        case AnswerStopPrompt():
            stop_prompts.answer(work, command, actor)
        case ChangeLimits():
            limit_changes.change_limits(work, command, actor)
        case PauseAudio():
            controls.pause_audio(work, command, actor)
        case ResumeAudio():
            controls.resume_audio(work, actor)
        case SwitchOff():
            controls.switch_off(work, command, actor)
        case SwitchOn():
            controls.switch_on(work, command, actor)
        case BeginStandby():
            controls.begin_standby(work, command, actor)
        case EndStandby():
            controls.end_standby(work, actor)
        case AttachDevice():
            device_changes.attach(work, command, actor)
        case DetachDevice():
            device_changes.detach(work, command, actor)
        case SetResponsible():
            controls.set_responsible(work, command, actor)
        case CallHelp():
            controls.call_help(work, command, actor)
        case EndHelp():
            controls.end_help(work, command, actor)
        case CorrectPhase():
            phase_corrections.correct_phase(work, command, actor)
        case TakeBackPhase():
            phase_corrections.take_back(work, command, actor)
        case _:
            assert_never(command)


def _begins(work: Work, command: Input) -> bool:
    """True if nothing has told a driven session the time before."""
    live = isinstance(command, MoveClock) and command.live
    return work.clock == "driven" and work.now == 0 and not live


def _begin_clock(work: Work, now: int) -> None:
    """The first time that a driven session's feed has sent: what came before it came then."""
    work.phases = tuple(PhaseSpan(span.phase, now, span.reason, now) for span in work.phases)
    work.phase_since = work.schedule_since = now
    if work.infusing_since is not None:
        work.infusing_since = now
    since = work.infusing_since
    data = {
        "now": iso(now),
        "phases": public_phases(work.phases),
        "phase_since": iso(now),
        "schedule_since": iso(now),
        "infusing_since": None if since is None else iso(since),
    }
    work.record("clock.began", now, data)
    work.touched = True


def _move_clock(work: Work, command: MoveClock, actor: Actor) -> None:
    if work.clock != "driven":
        raise NotDriven("Only a simulated session on a driven clock can be moved in time.")
    if command.live:
        work.clock = "wall"
    elif command.at is None:
        raise InvalidRequest(
            "Give `at` or `live`.", errors=[FieldError(("at",), "required", "Required.")]
        )
    now = None if work.clock == "wall" else iso(work.now)
    work.record("clock.moved", work.now, {"clock": work.clock, "now": now}, actor)
    if command.live:
        watch.go_live(work)
