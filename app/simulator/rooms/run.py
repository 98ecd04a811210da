"""A run of `simulate`: several rooms at once, each patient when it is due, until it is over."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Literal

from app.clock import now_ms
from app.simulator import wire
from app.simulator.admission import is_ours
from app.simulator.client import Api, Json, SimulatorError
from app.simulator.pace import Pace, Stop
from app.simulator.rooms.arrival import admit, make_visit, resume, transport_of
from app.simulator.rooms.programme import (
    CODE_PREFIX,
    MINUTE_S,
    USUAL_CAST,
    USUAL_ROOMS,
    Booking,
    Place,
    programme,
)
from app.simulator.rooms.table import LiveTable
from app.simulator.rooms.transport import Way
from app.simulator.scenario import ClinicScenario, Scenario, find

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from app.simulator.rooms.room import Room

SLACK_S = 30 * MINUTE_S  # how much longer than planned a visit may take: pauses, a late recovery


@dataclass(frozen=True, slots=True)
class Options:
    scenarios: tuple[str | Scenario | ClinicScenario, ...] = ()
    rooms: int | None = None  # None: one a scenario, or as many as a clinic has
    speed: float | None = 1.0
    seed: int | None = None
    duration_min: float | None = None  # None: until everybody has gone home
    nurse: bool | None = None  # None: as the scenarios say
    clock: Literal["driven", "wall"] = "driven"
    way: Way = "http"
    go_on: bool = False
    station: str = "Sim"


def planned(options: Options) -> list[Place]:
    """The rooms of the run; raises SimulatorError for what cannot be played like this."""
    names = options.scenarios or USUAL_CAST
    rooms = options.rooms if options.scenarios else options.rooms or USUAL_ROOMS
    found = [find(name) if isinstance(name, str) else name for name in names]
    places = programme(found, rooms=rooms, seed=options.seed, station=options.station)
    if options.clock == "wall":
        if options.speed != 1.0:
            raise SimulatorError("on the wall clock an hour takes an hour: leave --speed at 1")
        _check_pasts(places)
    else:
        _check_clocks(found)
    return places


def _check_clocks(scenarios: Sequence[Scenario | ClinicScenario]) -> None:
    """A driven session's time is what its feed sends: no clock is wrong there."""
    for scenario in scenarios:
        if isinstance(scenario, ClinicScenario):
            firsts = [scenario.first(index) for index in range(len(scenario.rooms))]
            _check_clocks([first for first in firsts if first is not None])
        elif scenario.needs_wall_clock:
            raise SimulatorError(
                f"{scenario.name}: the clock of a device is wrong in it, which only shows on the"
                " wall clock: give --clock wall (at speed 1)"
            )


def _check_pasts(places: Sequence[Place]) -> None:
    """What lies before the run is played on a driven clock, and only then handed to the wall."""
    for place in places:
        first = place.first
        if first is not None and first.checks_in_s < 0 and first.scenario.needs_wall_clock:
            raise SimulatorError(
                f"{place.station}: {first.scenario.name} has a device whose clock is wrong and"
                " begins before the run, where none can be: give the room an at_min of 0 or more"
            )


async def simulate(
    api: Api, options: Options, console: Console, stop: Stop, rooms: list[Room]
) -> None:
    """Play all rooms to the end, to the duration given, or until stopped; fills `rooms`."""
    run = Run(api, options, planned(options), stop, rooms)
    async with AsyncExitStack() as closing:
        await run.open(closing)
        with LiveTable(console, rooms) as table:
            api.on_wait = table.waiting
            async with asyncio.TaskGroup() as group:
                for place in run.places:
                    group.create_task(run.play(place, table))


class Run:
    """What the rooms of one run share: its beginning, its pace, and who is where."""

    def __init__(
        self, api: Api, options: Options, places: list[Place], stop: Stop, rooms: list[Room]
    ) -> None:
        self.places = places
        self._api = api
        self._options = options
        self._stop = stop
        self._rooms = rooms
        self._wall = options.clock == "wall"
        self._in: dict[int, Room] = {}  # by number of the place, who is there now
        self._left_alone: set[int] = set()  # places that an earlier part of the run is done with
        self._visits = {
            place.number: make_visit(place.first, place.device, nurse=options.nurse)
            for place in places
            if place.first is not None
        }
        self._length_s = self._length()
        self._begin_ms = 0
        self._pace = Pace(options.speed, stop)
        self._from_s = 0.0

    async def open(self, closing: AsyncExitStack) -> None:
        """Every first patient has a session, and the run's second 0 is known."""
        self._closing = closing
        # Nothing of a driven session may lie ahead of real time.
        ago_s = 0 if self._wall else self._length_s
        self._begin_ms = (now_ms() // 1_000 - ago_s) * 1_000
        if self._options.go_on:
            await self._take_up()
        for place in self.places:
            first = place.first
            if place.number in self._in or place.number in self._left_alone:
                continue
            if first is not None and first.due_s < self._length_s:
                await self._admit(place, first)
        if self._wall:
            self._from_s = (now_ms() - self._begin_ms) / 1_000
        self._pace = Pace(self._options.speed, self._stop, from_s=self._from_s)

    async def play(self, place: Place, table: LiveTable) -> None:
        """The patients of one room, one after the other."""
        room, nth = self._in.get(place.number), 1
        if room is None and place.first is not None:
            return  # due only after the end of the run, or gone before it was taken up again
        second = self._from_s
        while True:
            if room is not None:
                second = await self._visit(room, table, second)
            left_s = 0 if room is None else round(second)
            nth += 1
            coming = place.after(left_s, nth) if self._others_come(room) else None
            if coming is None or not await self._wait(coming.due_s):
                return
            second = float(coming.due_s)
            room = await self._admit(place, coming)

    def _others_come(self, left: Room | None) -> bool:
        """Where nobody said how long, a run on a driven clock ends with those who were first."""
        open_end = self._wall or self._options.duration_min is not None
        return open_end and not self._stop.wanted and (left is None or left.over)

    async def _visit(self, room: Room, table: LiveTable, second: float) -> float:
        """Play until the patient leaves or the run is over; returns the run's second."""
        after_s = (room.start_ms - self._begin_ms) // 1_000
        if self._wall and room.driven and after_s < 0:
            await room.run_to((now_ms() - room.start_ms) // 1_000)
            await room.go_live()
        table.moved(room)
        while not self._stop.wanted and not room.over and second < self._length_s:
            second = min(self._pace.due(second), self._length_s)
            # In steps: what a busy machine left behind is told phase by phase, and can be stopped.
            while room.visit.t < int(second) - after_s and not room.over and not self._stop.wanted:
                await room.step_to(int(second) - after_s)
                table.moved(room)
            if not room.over:
                await self._pace.tick()
        return second

    async def _wait(self, second: int) -> bool:
        """Until this second of the run; False if it is over before."""
        if second >= self._length_s:
            return False
        await self._pace.until(second)
        return not self._stop.wanted

    async def _admit(self, place: Place, patient: Booking) -> Room:
        visit = self._visits.pop(place.number, None)
        if visit is None:
            visit = make_visit(patient, place.device, nurse=self._options.nurse)
        room = await admit(
            self._api,
            transport_of(self._api, self._options.way),
            patient,
            visit,
            number=place.number,
            station=place.station,
            begin_ms=self._begin_ms,
            driven=not self._wall or patient.checks_in_s < 0,
            neighbour=self._session_in,
        )
        self._enter(place, room)
        return room

    def _enter(self, place: Place, room: Room) -> None:
        self._closing.push_async_callback(room.aclose)
        self._in[place.number] = room
        self._rooms.append(room)

    def _session_in(self, position: int) -> str | None:
        """The session of the room at this position of the run, counted from 0."""
        room = self._in.get(position + 1)
        return None if room is None else room.session_id

    async def _take_up(self) -> None:
        """Go on with what an earlier run of the same scenarios and seed has left."""
        active = await self._api.everything("/api/sessions", active="true")
        for place in self.places:
            if place.first is None or place.number in self._in:
                continue
            found = _standing(active, place)
            if found is None:
                continue
            if found["patient"]["code"] != place.first.code:
                self._left_alone.add(place.number)
                continue
            late_s = place.first.checks_in_s - place.first.due_s
            room = await resume(
                self._api,
                transport_of(self._api, self._options.way),
                str(found["id"]),
                partial(_always, place.first.scenario),
                device=place.device,
                nurse=self._options.nurse,
                late_s=late_s,
                neighbour=self._session_in,
            )
            self._begin_ms = room.start_ms - place.first.checks_in_s * 1_000
            self._from_s = max(self._from_s, room.visit.t + place.first.checks_in_s)
            self._visits.pop(place.number, None)
            self._enter(place, room)
        if self._in:
            await self._leave_alone_who_left()

    async def _leave_alone_who_left(self) -> None:
        """Who has gone home in the part of the run that was before does not come again."""
        for place in self.places:
            first = place.first
            if first is None or place.number in self._in:
                continue
            began_ms = self._begin_ms + first.due_s * 1_000
            for session in await self._api.everything("/api/sessions", q=first.code):
                if session["patient"]["code"] != first.code or not is_ours(session, CODE_PREFIX):
                    continue
                state = await self._api.session(str(session["id"]))
                if wire.ms_of(state["starts_at"]) == began_ms:
                    self._left_alone.add(place.number)

    def _length(self) -> int:
        if self._options.duration_min is not None:
            return round(self._options.duration_min * MINUTE_S)
        if self._wall and any(place.clinic and place.clinic.next for place in self.places):
            return 2**31  # patients come for ever
        ends = [
            place.first.checks_in_s + self._visits[place.number].length_s
            for place in self.places
            if place.first is not None
        ]
        return max(ends, default=0) + SLACK_S


def _standing(active: Sequence[Json], place: Place) -> Json | None:
    """The active session in this room, of its first patient or of one who came later."""
    for session in active:
        if session["station"] != place.station or not is_ours(session, CODE_PREFIX):
            continue
        code = session["patient"]["code"]
        if place.clinic is None and (place.first is None or code != place.first.code):
            raise SimulatorError(
                f"{place.station}: {code} is there, who is not of this run: nothing was done. Give"
                " the scenarios and the seed of the run that is to go on, or leave --continue away"
            )
        return session
    return None


def _always(scenario: Scenario, _: str) -> Scenario:
    """Whatever the note on the patient says: codes are of one scenario only."""
    return scenario
