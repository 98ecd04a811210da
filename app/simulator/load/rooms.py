"""Sessions to send to: simulated, on the wall clock, walked to the infusion, and given back."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final

from app.clock import now_ms
from app.simulator.admission import (
    Newcomer,
    birth_date,
    end,
    enrol,
    initials,
    is_ours,
    not_ours,
    open_session,
)
from app.simulator.client import Refused, SimulatorError
from app.simulator.load.beds import DOSE_MG_PER_KG, PLANNED_MIN

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence

    from app.simulator.body import Patient
    from app.simulator.client import Api

AT_ONCE: Final = 16  # requests side by side: what commits together is quicker
CODE: Final = "SIM-LOAD-"
ENDED: Final = "the simulated load has ended"
STEPS: Final = ("checked_in", "baseline", "ready", "infusing")


def station(room: int) -> str:
    return f"Load {room + 1}"


async def free(api: Api, rooms: int) -> None:
    """What an earlier load has left at these stations ends; anybody else's session is an error."""
    wanted = {station(room) for room in range(rooms)}
    held = [s for s in await api.everything("/api/sessions", active="true")
            if s["station"] in wanted or str(s["patient"]["code"]).startswith(CODE)]  # fmt: skip
    for session in held:
        if not is_ours(session, CODE):
            raise not_ours(session, CODE)
    await _side_by_side(end(api, session) for session in held)


async def admit(
    api: Api,
    bodies: Sequence[Patient],
    sessions: dict[int, str],
    wanted: Callable[[], bool] = lambda: True,
) -> None:
    """Fills `sessions`, by room, as they are opened: whoever is interrupted knows which there are.
    While admitting is no longer `wanted`, no further room is begun.
    """

    async def one(room: int) -> None:
        if wanted():
            await _admit(api, bodies[room], room, sessions)

    await _side_by_side(one(room) for room in range(len(bodies)))


async def _admit(api: Api, body: Patient, room: int, sessions: dict[int, str]) -> None:
    who = Newcomer(
        code=f"{CODE}{room + 1}",
        initials=initials(room + 1),
        birth_date=birth_date(room + 1),
        name=f"Simulated Load {room + 1}",
        weight_kg=body.traits.weight_kg,
        indication="Simulated load",
    )
    patient = await enrol(api, who)
    session = await open_session(
        api,
        patient,
        station=station(room),
        weight_kg=body.traits.weight_kg,
        dose_mg_per_kg=DOSE_MG_PER_KG,
        planned_minutes=PLANNED_MIN,
        start_ms=now_ms(),
        driven=False,
    )
    id = sessions[room] = str(session["id"])
    for to in STEPS:
        if to == "ready":
            baseline = {"values": body.full_set(), "source": "manual"}
            await api.post(f"/api/sessions/{id}/readings", baseline)
        await api.phase(id, {"to": to})


async def let_go(api: Api, sessions: Iterable[str]) -> list[str]:
    """Ends them; answers the ids of those that could not be ended. A server that is gone is waited
    for once, not for each.
    """
    left: list[str] = []
    gone = False

    async def one(id: str) -> None:
        nonlocal gone
        try:
            if not gone:
                return await _leave(api, id)
        except SimulatorError:
            gone = True
        left.append(id)

    await _side_by_side(one(id) for id in sessions)
    return left


async def _leave(api: Api, id: str) -> None:
    """Where admission was interrupted the infusion has not begun; somebody may have been before."""
    for to in ("transferred", "cancelled"):
        try:
            await api.phase(id, {"to": to, "reason": ENDED})
            return
        except Refused as refused:
            if refused.code == "session_closed":
                return
            if refused.code != "illegal_transition":
                raise


async def _side_by_side(works: Iterable[Awaitable[Any]]) -> None:
    """A few at a time; the first that fails ends the others."""
    coming: Iterator[Awaitable[Any]] = iter(works)

    async def worker() -> None:
        for work in coming:
            await work

    async with asyncio.TaskGroup() as tasks:
        for _ in range(AT_ONCE):
            tasks.create_task(worker())
