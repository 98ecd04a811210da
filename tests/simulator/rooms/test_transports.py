"""Both ways from a device to the monitor, asked for the same things."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from app.clock import now_ms
from app.simulator import wire
from app.simulator.admission import Newcomer, enrol, open_session
from app.simulator.client import Api, Refused
from app.simulator.rooms.arrival import transport_of
from tests.support.people import ANYWHERE

if TYPE_CHECKING:
    from app.simulator.rooms.transport import Way
    from tests.support.server import Server

WAYS = pytest.mark.parametrize("way", ["http", "ws"])
BEGAN_MS = now_ms() - 3_600_000


async def session(api: Api) -> str:
    number = len(await api.everything("/api/sessions")) + 1
    who = Newcomer(f"SIM-T{number}", "ST", "1960-01-01", "Simulated patient", 70.0, "a test")
    patient = await enrol(api, who)
    opened = await open_session(
        api, patient, station=f"Sim {number}", weight_kg=70.0, start_ms=BEGAN_MS
    )
    session_id = str(opened["id"])
    for phase in ("checked_in", "baseline"):
        await api.phase(session_id, {"to": phase, "at": wire.iso(BEGAN_MS)})
    return session_id


def reading(session_id: str, second: int, **values: float) -> dict[str, Any]:
    return {
        "id": wire.made_id(session_id, "reading", second),
        "taken_at": wire.iso(BEGAN_MS + second * 1_000),
        "source": "device",
        "device": "mon-01",
        "interval_s": 1,
        "values": values or {"hr": 70 + second % 10},
    }


async def stored(api: Api, session_id: str) -> list[str]:
    events = await api.events(session_id, 0)
    return [event["data"]["id"] for event in events if event["kind"] == "reading.recorded"]


@WAYS
async def test_each_reading_has_its_answer_and_a_repeat_is_stored_once(api: Api, way: Way) -> None:
    session_id = await session(api)
    line = transport_of(api, way)
    sent = [reading(session_id, second) for second in range(450)]  # more than one batch
    sent[7]["values"] = {"hr": "many"}
    sent[230] = reading(session_id, 230, spo2=0)
    for _ in range(2):
        answers = await line.send(session_id, sent)
        assert [index for index, it in enumerate(answers) if it["status"] > 201] == [7, 230]
        assert answers[7]["problem"]["errors"][0]["loc"] == ["values", "hr"]
        assert answers[230]["problem"]["code"] == "no_usable_values"
    await line.aclose()
    assert await stored(api, session_id) == [
        it["id"] for index, it in enumerate(sent) if index not in (7, 230)
    ]


@WAYS
async def test_an_answer_that_nobody_hears_loses_and_doubles_nothing(api: Api, way: Way) -> None:
    session_id = await session(api)
    line = transport_of(api, way)
    for second in range(30):
        answers = await line.send(session_id, [reading(session_id, second)], lost=True)
        assert answers[0]["status"] in (200, 201)
    await line.aclose()
    kept = await stored(api, session_id)
    assert kept == [wire.made_id(session_id, "reading", second) for second in range(30)]


@WAYS
async def test_a_killed_server_is_waited_for(server: Server, api: Api, way: Way) -> None:
    session_id = await session(api)
    line = transport_of(api, way)
    waited: list[str | None] = []
    api.on_wait = waited.append

    async def send() -> None:
        for second in range(300):
            (answer,) = await line.send(session_id, [reading(session_id, second)])
            assert answer["status"] in (200, 201)
            if second == 100:
                server.kill()
                restarted.append(asyncio.create_task(asyncio.to_thread(server.start)))

    restarted: list[asyncio.Task[None]] = []
    await send()
    await restarted[0]
    await line.aclose()
    assert any(waited), "it was never away"
    assert waited[-1] is None
    assert len(set(await stored(api, session_id))) == 300


@WAYS
async def test_a_session_that_is_closed_refuses_each_reading(api: Api, way: Way) -> None:
    session_id = await session(api)
    await api.phase(session_id, {"to": "cancelled", "reason": "a test"})
    line = transport_of(api, way)
    answers = await line.send(session_id, [reading(session_id, s) for s in (1, 2)])
    await line.aclose()
    assert [it["problem"]["code"] for it in answers] == ["session_closed"] * 2


@WAYS
async def test_who_may_send_nothing_is_told_so(server: Server, api: Api, way: Way) -> None:
    session_id = await session(api)
    for token, status in (("nobody.knows-this", 401), (ANYWHERE.token("auditor"), 403)):
        async with Api(server.url, token=token) as stranger:
            line = transport_of(stranger, way)
            with pytest.raises(Refused) as refused:
                await line.send(session_id, [reading(session_id, 1)])
            await line.aclose()
        assert refused.value.status == status
        assert "infusion-monitor token create" in str(refused.value)
