"""The demonstration clinic: the morning of scenarios/morning.toml, then on in real time for ever.

`python -m app.simulator.demo --url URL`. It survives restarts of the server, and goes on with the
sessions it finds when it is itself started again.
"""

from __future__ import annotations

import asyncio
import os
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from app.clock import now_ms
from app.simulator.admission import end
from app.simulator.client import Api, Json, Refused, Retry, SimulatorError
from app.simulator.pace import Stop, run_stoppable
from app.simulator.rooms.arrival import (
    NotOfAScenario,
    admit,
    make_visit,
    resume,
    transport_of,
)
from app.simulator.rooms.programme import (
    CODE_PREFIX,
    MINUTE_S,
    USUAL_SEED,
    Booking,
    room_seed,
)
from app.simulator.scenario import ClinicScenario, find

if TYPE_CHECKING:
    from app.simulator.rooms.room import Room
    from app.simulator.scenario import Scenario

MORNING = "morning"
ROOMS = 8
HISTORY_SAMPLE_S = 5  # what lies in the past is sampled this often: less load, the same curves
LIVE_SAMPLE_S = 1
CHUNK_S = 10 * MINUTE_S  # the past in pieces, so that all rooms fill alike
OCCUPIED_S = 30.0  # before looking again at a room that somebody else uses
TROUBLE_S = 5.0  # after a refusal, before the next try
PATIENCE = Retry(first_s=0.2, most_s=2.0, patience_s=None)  # a restarting server is back in seconds


class Demo:
    """Rooms 1 to n of a clinic, each with a life of its own."""

    def __init__(
        self, api: Api, clinic: ClinicScenario, *, rooms: int, stop: Stop, console: Console
    ) -> None:
        self._api = api
        self._clinic = clinic
        self._rooms = rooms
        self._stop = stop
        self._console = console

    async def run(self, *, parent: int | None) -> None:
        """Until stopped or until the process `parent` is no longer the one that started this."""
        async with asyncio.TaskGroup() as group:
            if parent is not None:
                group.create_task(self._watch(parent, asyncio.current_task()))
            found = await self._found()
            self._say(f"{self._rooms} rooms, {len(found)} of them with sessions to go on with")
            for number in range(1, self._rooms + 1):
                its_own = found.get(self._station(number))
                group.create_task(self._live(number, its_own, opening=not found))

    async def _watch(self, parent: int, rooms: asyncio.Task[None] | None) -> None:
        """Ends what waits for a server that will not come back, too."""
        while not self._stop.wanted:
            if os.getppid() != parent:
                self._stop.ask()
                if rooms is not None:
                    rooms.cancel()
            await self._stop.sleep(1.0)

    async def _found(self) -> dict[str, Json]:
        """Active simulated sessions in these rooms, by station."""
        stations = {self._station(number) for number in range(1, self._rooms + 1)}
        sessions = await self._api.everything("/api/sessions", active="true")
        return {
            str(session["station"]): session
            for session in sessions
            if session["station"] in stations
            and session["simulated"]
            and str(session["patient"]["code"]).startswith(CODE_PREFIX)
        }

    async def _live(self, number: int, found: Json | None, *, opening: bool) -> None:
        """One room for ever: who is there already, else the opening, then the next and the next."""
        room: Room | None = None
        here = opening  # whether who comes next has been here for a while
        while not self._stop.wanted:
            try:
                if found is not None:
                    room, found = await self._resume(number, found), None
                elif room is None:
                    room = await self._admit(number, opening=here)
                here = False
                if room is not None:
                    await self._play(number, room)
                    if room.over:
                        await room.aclose()
                        room = None
            except Refused as refused:
                occupied = refused.code == "station_occupied"
                if not occupied:
                    self._say(f"{self._station(number)}: {refused}")
                room = None
                await self._stop.sleep(OCCUPIED_S if occupied else TROUBLE_S)
                found = (await self._found()).get(self._station(number))
            except SimulatorError as error:
                self._say(f"{self._station(number)}: {error}")
                await self._stop.sleep(TROUBLE_S)

    async def _admit(self, number: int, *, opening: bool) -> Room | None:
        """Who was here as the morning began, else who comes next, once the room has stood empty."""
        place = (number - 1) % len(self._clinic.rooms)
        code, seed = await self._next_code(number)
        first = self._clinic.first(place) if opening else None
        if first is not None:
            patient = Booking(first, seed, code, round(self._clinic.rooms[place].at_min * MINUTE_S))
        else:
            coming = self._clinic.coming(place, seed)
            if coming is None:
                await self._stop.sleep(OCCUPIED_S)
                return None
            await self._stop.sleep(coming.gap_s)
            if self._stop.wanted:
                return None
            patient = Booking(coming.scenario, seed, code, 0)
        visit = make_visit(patient, device(number), nurse=True)
        if patient.checks_in_s < 0:
            visit.sample_s = HISTORY_SAMPLE_S
        return await admit(
            self._api,
            transport_of(self._api, "http"),
            patient,
            visit,
            number=number,
            station=self._station(number),
            begin_ms=now_ms() // 1_000 * 1_000,
            driven=patient.checks_in_s < 0,
        )

    async def _resume(self, number: int, found: Json) -> Room | None:
        """Who was here when this script last ran: relived from the log, and gone on with."""
        try:
            return await resume(
                self._api,
                transport_of(self._api, "http"),
                str(found["id"]),
                partial(self._scenario_of, number, str(found["patient"]["code"])),
                device=device(number),
                nurse=True,
                sample_s=LIVE_SAMPLE_S,
            )
        except NotOfAScenario as error:  # of an earlier version of these scripts
            self._say(f"{error}: this session ends, the next patient comes")
            await end(self._api, found)
            return None

    def _scenario_of(self, number: int, code: str, name: str) -> Scenario:
        place = (number - 1) % len(self._clinic.rooms)
        first = self._clinic.first(place)
        if first is not None and first.name == name and code == _code(number, 1):
            return first
        known = self._clinic.scenarios.get(name)
        return known if known is not None else self._clinic.scenarios["normal"]

    async def _play(self, number: int, room: Room) -> None:
        """Fast-forward to real time if it lags, hand the clock over, then a second every second."""
        if room.driven:
            while not room.over and room.visit.t < _due(room) and not self._stop.wanted:
                await room.run_to(min(_due(room), room.visit.t + CHUNK_S))
            if not room.over and not self._stop.wanted:
                await room.go_live()
        room.visit.sample_s = LIVE_SAMPLE_S
        errors = room.tally.error_count
        while not room.over and not self._stop.wanted:
            # Rooms speak one after the other within the second, as monitors would.
            past = now_ms() % 1_000 / 1_000
            await self._stop.sleep((number / (self._rooms + 1) - past) % 1.0 + 0.01)
            await room.run_to(_due(room))
            if room.tally.error_count > errors:
                errors = room.tally.error_count
                self._say(f"{room.name}: {room.tally.errors[-1]}")

    async def _next_code(self, number: int) -> tuple[str, str]:
        """The first code of this room that no patient has yet, and its seed."""
        prefix = f"{CODE_PREFIX}{number}-"
        patients = await self._api.everything("/api/patients", q=prefix)
        taken = [
            int(rest)
            for code in (str(patient["code"]) for patient in patients)
            if code.startswith(prefix) and (rest := code.removeprefix(prefix)).isdecimal()
        ]
        nth = max(taken, default=0) + 1
        seed = USUAL_SEED if self._clinic.seed is None else self._clinic.seed
        return _code(number, nth), f"{room_seed(seed, number)}-{nth}"

    def _station(self, number: int) -> str:
        return f"Room {number}"

    def _say(self, text: str) -> None:
        self._console.print(f"simulated clinic: {text}", markup=False, highlight=False)


def _code(number: int, nth: int) -> str:
    return f"{CODE_PREFIX}{number}-{nth:02d}"


def device(number: int) -> str:
    return f"mon-{number:02d}"


def _due(room: Room) -> int:
    """The second of the visit that real time has reached."""
    return (now_ms() - room.start_ms) // 1_000


def morning(seed: int | None = None) -> ClinicScenario:
    """The morning, or with another seed another one like it."""
    found = find(MORNING)
    if not isinstance(found, ClinicScenario):
        raise SimulatorError(f"{MORNING} is not a clinic's scenario")
    return found if seed is None else found.model_copy(update={"seed": seed})


async def demo_clinic(
    url: str,
    *,
    rooms: int = ROOMS,
    seed: int | None = None,
    token: str | None = None,
    parent: int | None = None,
) -> None:
    """Feed a clinic of `rooms` rooms until interrupted."""
    console = Console(stderr=True)

    async def main(stop: Stop) -> None:
        async with Api(url, token=token, retry=PATIENCE, sleep=stop.between_tries) as api:
            demo = Demo(api, morning(seed), rooms=rooms, stop=stop, console=console)
            await demo.run(parent=parent)

    await run_stoppable(main)


def command(
    url: Annotated[str, typer.Option(help="Address of the monitor")] = "http://127.0.0.1:8000",
    rooms: Annotated[int, typer.Option(min=1, max=64)] = ROOMS,
    seed: Annotated[int | None, typer.Option(help="Another morning like it")] = None,
    token: Annotated[str | None, typer.Option(envvar="INFUSION_TOKEN")] = None,
    parent: Annotated[
        int | None, typer.Option(help="End when this process, which started this one, ends")
    ] = None,
) -> None:
    """Feed a clinic of simulated patients until interrupted."""
    asyncio.run(demo_clinic(url, rooms=rooms, seed=seed, token=token, parent=parent))


if __name__ == "__main__":
    typer.run(command)
