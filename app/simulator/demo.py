"""The demonstration clinic: rooms at different moments of their visits, then on in real time.

`python -m app.simulator.demo --url URL`. It survives restarts of the server, and goes on with the
sessions it finds when it is itself started again.
"""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from app.clock import now_ms
from app.simulator import clinic, wire
from app.simulator.admission import (
    Newcomer,
    birth_date,
    enrol,
    initials,
    open_session,
    profile_note,
    read_profile_note,
)
from app.simulator.client import Api, Json, Refused, Retry, SimulatorError
from app.simulator.pace import Stop, run_stoppable
from app.simulator.profiles import PROFILES, Profile
from app.simulator.room import Room

if TYPE_CHECKING:
    from app.simulator.visit import Visit

CODE_PREFIX = "SIM-"
FOLLOW_EVERY_S = 5  # how soon a phase set by a person on the screen is followed
OCCUPIED_S = 30.0  # before looking again at a room that somebody else uses
TROUBLE_S = 5.0  # after a refusal, before the next try
PATIENCE = Retry(first_s=0.2, most_s=2.0, patience_s=None)  # a restarting server is back in seconds
CHUNK_S = 600  # fast-forward in pieces of ten minutes, so that all rooms fill alike


class Demo:
    """Rooms 1 to n, each with a life of its own."""

    def __init__(self, api: Api, *, rooms: int, seed: int, stop: Stop, console: Console) -> None:
        self._api = api
        self._rooms = rooms
        self._seed = seed
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
                its_own = found.get(_station(number))
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
        stations = {_station(number) for number in range(1, self._rooms + 1)}
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
        if found is None and not opening:  # others are at work: this room waits for its next
            await self._stop.sleep(clinic.empty_for_s(f"{self._seed}:{number}"))
        while not self._stop.wanted:
            try:
                if found is not None:
                    room, found = await self._resume(number, found), None
                elif room is None:
                    room = await self._admit(number, opening=opening)
                opening = False
                await self._play(number, room)
                if room.over:
                    empty_s = clinic.empty_for_s(f"{self._seed}:{room.session_id}")
                    room = None
                    await self._stop.sleep(empty_s)
            except Refused as refused:
                occupied = refused.code == "station_occupied"
                if not occupied:
                    self._say(f"{_station(number)}: {refused}")
                room = None
                await self._stop.sleep(OCCUPIED_S if occupied else TROUBLE_S)
                found = (await self._found()).get(_station(number))
            except SimulatorError as error:
                self._say(f"{_station(number)}: {error}")
                await self._stop.sleep(TROUBLE_S)

    async def _admit(self, number: int, *, opening: bool) -> Room:
        """A new patient: at the opening one who came some time ago, later one who comes in now."""
        code, seed = await self._next_code(number)
        begun_s = 0
        profile: Profile = clinic.next_profile(seed)
        sample_s = clinic.LIVE_SAMPLE_S
        if opening:
            wanted = clinic.opening(number)
            profile = PROFILES[wanted.profile]
            begun_s = clinic.second_of(wanted, seed, number)
            sample_s = clinic.HISTORY_SAMPLE_S
        visit = clinic.make_visit(profile, seed, number, sample_s=sample_s)
        who = Newcomer(
            code=code,
            initials=initials(number),
            birth_date=birth_date(number),
            name=f"Simulated patient {code.removeprefix(CODE_PREFIX)}",
            weight_kg=visit.patient.traits.weight_kg,
            indication=profile_note(profile.name, seed),
        )
        patient = await enrol(self._api, who)
        start_ms = (now_ms() // 1_000 - begun_s) * 1_000
        session = await open_session(
            self._api,
            patient,
            station=_station(number),
            weight_kg=who.weight_kg,
            start_ms=start_ms,
            driven=opening,
        )
        return self._room(number, visit, session["id"], start_ms, driven=opening)

    async def _resume(self, number: int, found: Json) -> Room:
        """Who was here when this script last ran: relived from the phases, fed from there on."""
        state = await self._api.session(found["id"])
        patient = await self._api.get(f"/api/patients/{state['patient']['id']}")
        note = read_profile_note(patient.get("indication"))
        name, seed = note or ("normal", str(state["id"]))
        driven = state["clock"] == "driven"
        entered = [(wire.ms_of(entry["at"]), str(entry["phase"])) for entry in state["phases"]]
        entered = [(at, phase) for at, phase in entered if phase != "scheduled"]
        now = now_ms() // 1_000 * 1_000
        start_ms = entered[0][0] // 1_000 * 1_000 if entered else now
        times = [value["taken_at"] for value in state["values"].values()]
        heard = [wire.ms_of(taken_at) for taken_at in times if taken_at]
        last_ms = max([at for at, _ in entered] + heard, default=start_ms - 1_000)
        history = [((at - start_ms) // 1_000, phase) for at, phase in entered]
        visit = clinic.revive(
            PROFILES.get(name, PROFILES["normal"]),
            seed,
            number,
            history,
            min(last_ms, now) // 1_000 - start_ms // 1_000,
        )
        return self._room(number, visit, str(state["id"]), start_ms, driven=driven)

    def _room(
        self, number: int, visit: Visit, session_id: str, start_ms: int, *, driven: bool
    ) -> Room:
        return Room(
            self._api,
            visit,
            name=_station(number),
            session_id=session_id,
            start_ms=start_ms,
            driven=driven,
        )

    async def _play(self, number: int, room: Room) -> None:
        """Fast-forward to real time if it lags, hand the clock over, then a second every second."""
        if room.driven:
            while not room.over and room.visit.t < _due(room) and not self._stop.wanted:
                await room.run_to(min(_due(room), room.visit.t + CHUNK_S))
            if not room.over and not self._stop.wanted:
                await room.go_live()
        room.visit.sample_s = clinic.LIVE_SAMPLE_S
        followed = room.visit.t
        errors = room.tally.error_count
        while not room.over and not self._stop.wanted:
            # Rooms speak one after the other within the second, as monitors would.
            past = now_ms() % 1_000 / 1_000
            await self._stop.sleep((number / (self._rooms + 1) - past) % 1.0 + 0.01)
            await room.run_to(_due(room))
            if room.visit.t - followed >= FOLLOW_EVERY_S and not room.over:
                followed = room.visit.t
                await room.follow()
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
        visit_number = max(taken, default=0) + 1
        seed = clinic.patient_seed(self._seed, number, visit_number)
        return f"{prefix}{visit_number:02d}", seed

    def _say(self, text: str) -> None:
        self._console.print(f"simulated clinic: {text}", markup=False, highlight=False)


def _station(number: int) -> str:
    return f"Room {number}"


def _due(room: Room) -> int:
    """The second of the visit that real time has reached."""
    return (now_ms() - room.start_ms) // 1_000


async def demo_clinic(
    url: str,
    *,
    rooms: int = 8,
    seed: int = clinic.SEED,
    token: str | None = None,
    parent: int | None = None,
) -> None:
    """Feed a clinic of `rooms` rooms until interrupted."""
    console = Console(stderr=True)

    async def main(stop: Stop) -> None:
        async with Api(url, token=token, retry=PATIENCE, sleep=stop.between_tries) as api:
            demo = Demo(api, rooms=rooms, seed=seed, stop=stop, console=console)
            await demo.run(parent=parent)

    await run_stoppable(main)


def command(
    url: Annotated[str, typer.Option(help="Address of the monitor")] = "http://127.0.0.1:8000",
    rooms: Annotated[int, typer.Option(min=1, max=64)] = 8,
    seed: Annotated[int, typer.Option()] = clinic.SEED,
    token: Annotated[str | None, typer.Option(envvar="INFUSION_TOKEN")] = None,
    parent: Annotated[
        int | None, typer.Option(help="End when this process, which started this one, ends")
    ] = None,
) -> None:
    """Feed a clinic of simulated patients until interrupted."""
    asyncio.run(demo_clinic(url, rooms=rooms, seed=seed, token=token, parent=parent))


if __name__ == "__main__":
    typer.run(command)
