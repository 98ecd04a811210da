"""Several simulated sessions at once, on a driven clock, at any pace."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.clock import now_ms
from app.simulator.admission import (
    Newcomer,
    birth_date,
    enrol,
    initials,
    open_session,
    profile_note,
    vacate,
)
from app.simulator.client import Api, SimulatorError
from app.simulator.display import Display
from app.simulator.pace import Pace, Stop
from app.simulator.profiles import PROFILES, Profile
from app.simulator.room import Room, Tally
from app.simulator.visit import MINUTE_S, Visit, draw_plan

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

CODE_PREFIX = "SIM-"
STAGGER_S = 4 * MINUTE_S  # rooms do not start all at once
USUAL_CAST = ("normal", "hypertension", "desaturation", "normal", "probe_off", "tachycardia")


@dataclass(frozen=True, slots=True)
class Options:
    rooms: int = 4
    speed: float | None = 1.0
    seed: int = 1
    duration_min: float | None = None  # None: until everybody has gone home
    profiles: tuple[str, ...] = ()
    cuff_s: int = 5 * MINUTE_S
    station: str = "Sim"


def cast(options: Options) -> list[Profile]:
    """The profile of each room: the named ones in turn, else a usual mixture."""
    names = options.profiles or USUAL_CAST
    unknown = [name for name in names if name not in PROFILES]
    if unknown:
        known = ", ".join(sorted(PROFILES))
        raise SimulatorError(f"no profile {', '.join(unknown)}; there are {known}")
    return [PROFILES[names[index % len(names)]] for index in range(options.rooms)]


def visits(options: Options) -> list[tuple[int, Visit]]:
    """Each room's visit, with the second of the run at which its patient checks in."""
    planned: list[tuple[int, Visit]] = []
    for index, profile in enumerate(cast(options)):
        seed = room_seed(options.seed, index + 1)
        plan = draw_plan(seed, f"mon-{index + 1:02d}", cuff_s=options.cuff_s)
        planned.append((index * STAGGER_S, Visit(plan, profile, seed)))
    return planned


def room_seed(seed: int, room: int) -> str:
    return f"{seed}-{room}"


async def simulate(
    api: Api, options: Options, console: Console, stop: Stop, rooms: list[Room]
) -> None:
    """Play all rooms to the end, to the duration given, or until stopped; fills `rooms`."""
    planned = visits(options)
    length_s = max(after_s + visit.plan.length_s for after_s, visit in planned)
    if options.duration_min is not None:
        length_s = min(length_s, round(options.duration_min * MINUTE_S))
    # Nothing may ever lie ahead of real time, so the run begins as long ago as it lasts.
    begin_ms = (now_ms() // 1_000 - length_s) * 1_000
    admitted = [
        (after_s, await _admit(api, options, index + 1, visit, begin_ms + after_s * 1_000))
        for index, (after_s, visit) in enumerate(planned)
        if after_s < length_s
    ]
    rooms.extend(room for _, room in admitted)
    pace = Pace(options.speed, stop)
    with Display(console) as display:
        api.on_wait = display.waiting
        async with asyncio.TaskGroup() as group:
            for after_s, room in admitted:
                group.create_task(_play(room, after_s, length_s, pace, display, stop))
    await asyncio.gather(*(_count_alarms(api, room) for _, room in admitted))


async def _admit(api: Api, options: Options, number: int, visit: Visit, start_ms: int) -> Room:
    station = f"{options.station} {number}"
    seed = room_seed(options.seed, number)
    who = Newcomer(
        code=f"{CODE_PREFIX}S{seed}",
        initials=initials(number),
        birth_date=birth_date(number),
        name=f"Simulated patient {number}",
        weight_kg=visit.patient.traits.weight_kg,
        indication=profile_note(visit.patient.profile.name, seed),
    )
    await vacate(api, station, prefix=CODE_PREFIX, code=who.code)
    patient = await enrol(api, who)
    session = await open_session(
        api, patient, station=station, weight_kg=who.weight_kg, start_ms=start_ms
    )
    return Room(api, visit, name=station, session_id=session["id"], start_ms=start_ms, driven=True)


async def _play(
    room: Room, after_s: int, length_s: int, pace: Pace, display: Display, stop: Stop
) -> None:
    line = display.add(f"{room.name} {room.visit.patient.profile.name}", length_s - after_s)
    done_s = 0.0
    while not stop.wanted and not room.over and done_s < length_s:
        done_s = min(pace.due(done_s), length_s)
        await room.run_to(int(done_s) - after_s)
        display.show(line, max(room.visit.t, 0), room.visit.phase, room.tally)
        await pace.tick()
    if room.visit.over:
        display.show(line, length_s - after_s, room.visit.phase, room.tally)


async def _count_alarms(api: Api, room: Room) -> None:
    """Alarms that time raised, not a reading, are known only to the server."""
    if not room.gone:
        alarms = await api.everything(f"/api/sessions/{room.session_id}/alarms")
        room.tally.alarms.update(str(alarm["id"]) for alarm in alarms)


def total(tallies: Sequence[Tally]) -> Tally:
    """All rooms together."""
    whole = Tally()
    for tally in tallies:
        whole.sent += tally.sent
        whole.acknowledged += tally.acknowledged
        whole.refused += tally.refused
        whole.error_count += tally.error_count
        whole.alarms |= tally.alarms
        whole.rejected.update(tally.rejected)
        whole.errors.extend(tally.errors)
    return whole
