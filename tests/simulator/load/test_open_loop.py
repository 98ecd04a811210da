"""The load waits for no answer, loses nothing it can send again, and tells what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from app.simulator.client import Refused, SimulatorError
from app.simulator.pace import Stop
from tests.simulator.load.sinks import acknowledge, options, post_sink, sent, stream_sink

if TYPE_CHECKING:
    from websockets.asyncio.server import ServerConnection

    from tests.simulator.load.sinks import PostSink, StreamSink

Json = dict[str, Any]
DUE = 60  # 20 rooms, ten times a second, for 0.3 s


async def test_a_stream_is_acknowledged_and_every_reading_came_once() -> None:
    async def take(_: StreamSink, socket: ServerConnection, message: Json) -> None:
        await acknowledge(socket, message["n"])

    async with stream_sink(take) as sink:
        outcome = await sent(sink.port, options("ws"))
    tally = outcome.tally
    assert (tally.due, tally.sent, tally.acknowledged, tally.resent) == (DUE, DUE, DUE, 0)
    assert len(sink.readings) == len(sink.ids) == DUE
    assert sink.tokens == {"Bearer secret"}
    assert outcome.whole
    assert len({reading["session_id"] for reading in sink.readings}) == 20
    by_room: dict[str, list[str]] = {}
    for reading in sink.readings:
        by_room.setdefault(reading["session_id"], []).append(reading["taken_at"])
    assert all(times == sorted(times) for times in by_room.values())


async def test_a_server_that_answers_nothing_until_the_end_is_charged_for_all_of_it() -> None:
    """If the load waited for answers this would never end; if it counted from the sending of each,
    the oldest would look as quick as the newest.
    """

    async def take(sink: StreamSink, socket: ServerConnection, message: Json) -> None:
        sink.unanswered.append((socket, message["n"]))
        if len(sink.readings) == DUE:
            for waiting, n in sink.unanswered:
                await acknowledge(waiting, n)

    async with stream_sink(take) as sink:
        outcome = await sent(sink.port, options("ws"))
    assert outcome.whole
    longest, middle = outcome.tally.quantile(1.0), outcome.tally.quantile(0.5)
    assert longest is not None
    assert middle is not None
    assert longest > 0.27
    assert 0.1 < middle <= longest


async def test_what_is_never_answered_is_counted_and_slower_than_all() -> None:
    came: list[ServerConnection] = []

    async def take(_: StreamSink, socket: ServerConnection, message: Json) -> None:
        came.append(socket)
        if socket is came[0]:  # one of two, each of which carries half of the rooms
            await acknowledge(socket, message["n"])

    async with stream_sink(take) as sink:
        outcome = await sent(sink.port, options("ws", connections=2, drain_s=0.5))
    tally = outcome.tally
    assert tally.sent == DUE
    assert tally.acknowledged == DUE // 2
    assert tally.acknowledged + tally.unanswered == DUE
    told = outcome.as_json()
    assert told["latency_ms"]["p99"] is None
    assert not outcome.whole
    assert any("have no answer" in sentence for sentence in outcome.remarks())


async def test_a_stream_that_breaks_sends_the_same_again() -> None:
    broke: list[int] = []

    async def take(sink: StreamSink, socket: ServerConnection, message: Json) -> None:
        if not broke and len(sink.readings) > DUE // 3:
            broke.append(len(message["readings"]))
            socket.transport.abort()
            return
        await acknowledge(socket, message["n"])

    async with stream_sink(take) as sink:
        outcome = await sent(sink.port, options("ws"))
    tally = outcome.tally
    assert outcome.whole
    assert tally.broken == 1
    assert tally.resent >= broke[0]
    assert len(sink.ids) == DUE
    assert len(sink.readings) - DUE <= tally.resent


async def test_refusals_of_a_stream_are_told_by_code_and_not_now_is_sent_again() -> None:
    seen: set[str] = set()

    async def take(_: StreamSink, socket: ServerConnection, message: Json) -> None:
        refused = []
        for index, reading in enumerate(message["readings"]):
            problem = {"n": message["n"], "index": index, "id": reading["id"]}
            if reading["device"] == "load-mon-3":
                refused.append(problem | {"code": "session_closed", "status": 409})
            elif reading["device"] == "load-mon-4" and reading["id"] not in seen:
                seen.add(reading["id"])
                refused.append(problem | {"code": "storage_unavailable", "status": 503})
        await acknowledge(socket, message["n"], *refused)

    async with stream_sink(take) as sink:
        tally = (await sent(sink.port, options("ws"))).tally
    assert tally.refused == {"session_closed": 3}
    assert tally.busy == {"storage_unavailable": 3}
    assert (tally.acknowledged, tally.resent, tally.open) == (DUE - 3, 3, 0)


async def test_a_stream_whose_token_has_ended_says_what_to_do() -> None:
    async def take(_: StreamSink, socket: ServerConnection, message: Json) -> None:
        await socket.close(4401)

    async with stream_sink(take) as sink:
        with pytest.raises(BaseExceptionGroup) as told:
            await sent(sink.port, options("ws", connections=1))
    assert told.group_contains(Refused, match="token create NAME --role simulator")


async def test_posts_go_to_the_sessions_themselves() -> None:
    def answer(_: PostSink, reading: Json) -> tuple[int, Json]:
        assert "session_id" not in reading
        return 201, {}

    async with post_sink(answer) as sink:
        outcome = await sent(sink.port, options("http"))
    assert outcome.whole
    assert len(sink.readings) == outcome.tally.sent == DUE
    assert len(sink.paths) == 20
    assert all(path.startswith("/api/sessions/00000000-") for path in sink.paths)


async def test_posts_that_find_it_busy_or_gone_go_out_again_with_the_same_id() -> None:
    fates: dict[str, int] = {}

    def answer(_: PostSink, reading: Json) -> tuple[int, Json] | None:
        tried = fates[reading["id"]] = fates.get(reading["id"], 0) + 1
        if reading["device"] == "load-mon-2" and tried == 1:
            return 503, {"code": "busy", "status": 503}
        if reading["device"] == "load-mon-5" and tried == 1:
            return None
        if reading["device"] == "load-mon-6":
            return 422, {"code": "no_usable_values", "status": 422}
        return 200, {}

    async with post_sink(answer) as sink:
        tally = (await sent(sink.port, options("http", connections=8))).tally
    assert tally.busy == {"busy": 3}
    assert tally.refused == {"no_usable_values": 3}
    assert tally.broken == 3
    assert tally.acknowledged == DUE - 3
    assert tally.resent == 6
    assert len(fates) == DUE


async def test_posts_end_where_answers_cannot_be_told_apart_or_no_token_is_known() -> None:
    async with post_sink(lambda *_: (401, {"code": "not_signed_in", "status": 401})) as sink:
        with pytest.raises(Refused, match="token create"):
            await sent(sink.port, options("http"))


async def test_a_load_that_is_stopped_tells_of_what_was_due_so_far() -> None:
    stop = Stop()

    async def take(sink: StreamSink, socket: ServerConnection, message: Json) -> None:
        await acknowledge(socket, message["n"])
        if len(sink.readings) >= 40:
            stop.ask()

    async with stream_sink(take) as sink:
        outcome = await sent(sink.port, options("ws", minutes=60.0), stop)
    assert outcome.stopped
    assert outcome.whole
    assert 40 <= outcome.tally.due < 5_000


async def test_nobody_there_is_told_and_not_waited_for_for_ever() -> None:
    async with post_sink(lambda *_: (201, {})) as sink:
        port = sink.port
    with pytest.raises(SimulatorError, match="did not take 2 connections"):
        await sent(port, options("http", connected_s=0.2))
