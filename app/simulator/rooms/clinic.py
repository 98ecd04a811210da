"""The simulator as a library: rooms of one's own, played from a program."""

from __future__ import annotations

from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

from rich.console import Console

from app.clock import now_ms
from app.simulator.client import Api, SimulatorError
from app.simulator.pace import Pace, Stop
from app.simulator.rooms.arrival import admit, make_visit, transport_of
from app.simulator.rooms.programme import Booking, code_of, monitor_at, room_seed
from app.simulator.rooms.run import SLACK_S, Options, simulate
from app.simulator.rooms.tally import Tally, total
from app.simulator.scenario import ClinicScenario, Scenario, find

if TYPE_CHECKING:
    from app.simulator.rooms.room import Room
    from app.simulator.rooms.transport import Way


class Stay:
    """A simulated patient in a room: `play` moves the visit on and returns what came of it."""

    def __init__(self, room: Room, stop: Stop) -> None:
        self.room = room
        self._stop = stop

    @property
    def session_id(self) -> str:
        return self.room.session_id

    @property
    def phase(self) -> str:
        return self.room.visit.phase

    @property
    def over(self) -> bool:
        return self.room.over

    async def play(self, *, minutes: float | None = None, speed: float | None = None) -> Tally:
        """So many more minutes of the visit, else to its end; `speed` of None: as fast as it goes.
        The session's clock then stands still until it is played on.
        """
        room = self.room
        begun_s = max(room.visit.t, 0)
        until_s = None if minutes is None else begun_s + round(minutes * 60)
        pace = Pace(speed, self._stop, from_s=begun_s)
        second = float(begun_s)
        while not room.over and not self._stop.wanted and (until_s is None or second < until_s):
            second = pace.due(second)
            await room.run_to(int(second if until_s is None else min(second, until_s)))
            await pace.tick()
        return room.tally


class Clinic:
    """`async with Clinic(url, token) as clinic`: simulated patients in a monitor that runs."""

    def __init__(self, url: str, token: str | None = None, *, transport: Way = "http") -> None:
        self._api = Api(url, token=token)
        self._way = transport
        self._stop = Stop()
        self._closing = AsyncExitStack()
        self._rooms = 0

    async def __aenter__(self) -> Clinic:
        await self._closing.enter_async_context(self._api)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._closing.aclose()

    async def admit(
        self,
        scenario: Scenario | str,
        *,
        station: str | None = None,
        seed: int = 1,
        nurse: bool | None = None,
    ) -> Stay:
        """A patient of this scenario (a built-in one's name, or a file's path), in a session on a
        driven clock that begins as long ago as the visit lasts. The same scenario and seed give
        the same readings in any room.
        """
        chosen = scenario if isinstance(scenario, Scenario) else find(scenario)
        if not isinstance(chosen, Scenario):
            raise SimulatorError(f"{chosen.name} is a whole clinic: play it with `clinic.play`")
        self._rooms += 1
        number = self._rooms
        of_patient = room_seed(seed, 1)
        patient = Booking(chosen, of_patient, code_of(f"L{seed}-{number}", chosen), 0)
        place = station or f"Sim {number}"
        visit = make_visit(patient, monitor_at(place), nurse=nurse)
        room = await admit(
            self._api,
            transport_of(self._api, self._way),
            patient,
            visit,
            number=number,
            station=place,
            begin_ms=(now_ms() // 1_000 - visit.length_s - SLACK_S) * 1_000,
            driven=True,
        )
        self._closing.push_async_callback(room.aclose)
        return Stay(room, self._stop)

    async def play(
        self,
        *scenarios: str | Scenario | ClinicScenario,
        rooms: int | None = None,
        speed: float | None = None,
        seed: int | None = None,
        minutes: float | None = None,
        nurse: bool | None = None,
    ) -> Tally:
        """What the command `simulate` does, quietly; returns what came of all rooms together."""
        options = Options(
            scenarios=scenarios,
            rooms=rooms,
            speed=speed,
            seed=seed,
            duration_min=minutes,
            nurse=nurse,
            way=self._way,
        )
        done: list[Room] = []
        await simulate(self._api, options, Console(quiet=True), self._stop, done)
        return total([room.tally for room in done])
