"""The way to the server: patient with outages, exact about ids, plain about refusals."""

from __future__ import annotations

import asyncio
import contextlib

import httpx2
import pytest

from app.simulator.client import Api, Refused, Retry, SimulatorError, Unreachable
from tests.simulator.fake_monitor import FakeMonitor, problem

PATIENT = {"code": "SIM-1-01", "initials": "SA"}


async def test_an_outage_is_waited_out_with_the_same_id() -> None:
    monitor = FakeMonitor()
    monitor.failures = [httpx2.ConnectError("refused"), httpx2.ReadTimeout("slow")]
    waits: list[str | None] = []
    async with monitor.api(on_wait=waits.append) as api:
        await api.post("/api/patients", PATIENT)
    bodies = monitor.posted("/patients")
    assert len(bodies) == 3
    assert bodies[0] == bodies[1] == bodies[2]
    assert bodies[0]["id"]
    assert monitor.slept == [0.2, 0.4]
    assert waits == ["no answer (ConnectError)", "no answer (ReadTimeout)", None]


async def test_a_busy_server_is_given_the_time_it_asks_for() -> None:
    monitor = FakeMonitor()
    monitor.failures = [problem(503, "busy"), problem(503, "busy")]
    async with monitor.api() as api:
        await api.post("/api/patients", PATIENT)
    assert monitor.slept == [3.0, 3.0]


async def test_patience_ends_with_a_sentence() -> None:
    monitor = FakeMonitor()
    monitor.failures = [httpx2.ConnectError("refused")] * 100
    async with monitor.api(retry=Retry(patience_s=10.0)) as api:
        with pytest.raises(Unreachable, match="is it running"):
            await api.get("/api/sessions")
    assert sum(monitor.slept) <= 10.0


async def test_a_first_contact_that_nobody_answers_ends_soon(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("app.simulator.client.monotonic_s", lambda: 0.0)  # no try takes any time
    monitor = FakeMonitor()
    monitor.failures = [httpx2.ConnectError("refused")] * 100
    async with monitor.api(retry=Retry(contact_s=10.0)) as api:
        with pytest.raises(Unreachable, match=r"at http://fake: start it with `infusion-monitor"):
            await api.get("/api/sessions")
    assert 3.0 < sum(monitor.slept) <= 10.0


async def test_a_first_contact_that_hangs_ends_soon() -> None:
    async def hang(_: httpx2.Request) -> httpx2.Response:
        await asyncio.Event().wait()
        raise AssertionError

    retry = Retry(contact_s=0.05)
    async with Api("http://fake", transport=httpx2.MockTransport(hang), retry=retry) as api:
        with pytest.raises(Unreachable, match="no monitor answers"):
            await api.get("/api/sessions")


@pytest.mark.parametrize("first", [problem(503, "starting"), problem(404, "not_found")])
async def test_after_any_first_answer_the_patience_is_the_long_one(
    first: httpx2.Response,
) -> None:
    monitor = FakeMonitor()
    monitor.failures = [first]
    async with monitor.api(retry=Retry(contact_s=10.0)) as api:
        with contextlib.suppress(Refused):
            await api.everything("/api/sessions", active="true")
        monitor.slept.clear()
        monitor.failures = [httpx2.ConnectError("refused")] * 100
        with pytest.raises(Unreachable, match="is it running"):
            await api.get("/api/sessions")
    assert 50.0 < sum(monitor.slept) <= 60.0


async def test_a_refusal_tells_the_fields_and_is_not_repeated() -> None:
    monitor = FakeMonitor()
    errors = [{"loc": ["values", "hr"], "code": "implausible", "msg": "HR must be 20 to 300"}]
    monitor.failures = [problem(422, "invalid_request", errors=errors)]
    async with monitor.api() as api:
        with pytest.raises(Refused, match=r"values\.hr: HR must be 20 to 300") as caught:
            await api.post("/api/patients", PATIENT)
    assert caught.value.code == "invalid_request"
    assert len(monitor.requests) == 1


async def test_another_kind_of_server_is_recognised() -> None:
    monitor = FakeMonitor()
    monitor.failures = [httpx2.Response(200, text="<html>"), httpx2.Response(404, text="nothing")]
    async with monitor.api() as api:
        with pytest.raises(SimulatorError, match="does not speak"):
            await api.get("/api/sessions")
        with pytest.raises(Refused, match="http_404"):
            await api.get("/api/sessions")


async def test_the_token_is_sent() -> None:
    seen: list[str | None] = []

    def handle(request: httpx2.Request) -> httpx2.Response:
        seen.append(request.headers.get("Authorization"))
        return httpx2.Response(200, json={"items": [], "next_cursor": None})

    monitor = FakeMonitor()
    monitor._handle = handle  # type: ignore[method-assign]  # a smaller server for this one test
    async with monitor.api(token="abc") as api:
        await api.everything("/api/sessions", active="true")
    assert seen == ["Bearer abc"]


async def test_large_lists_of_readings_go_in_batches_and_in_order() -> None:
    monitor = FakeMonitor()
    monitor.readings["s"] = []
    readings = [{"id": f"{n}", "values": {"hr": 70}} for n in range(450)]
    async with monitor.api() as api:
        items = await api.readings("s", readings)
    assert [len(body["readings"]) for body in monitor.posted("/readings")] == [200, 200, 50]
    assert monitor.sent_ids("s") == [f"{n}" for n in range(450)]
    assert all(item["status"] == 201 for item in items)


async def test_one_reading_of_a_batch_that_was_not_stored_is_sent_again() -> None:
    monitor = FakeMonitor()
    monitor.readings["s"] = []
    not_now = {"status": 503, "problem": {"code": "storage_unavailable"}}
    monitor.failures = [httpx2.Response(200, json={"items": [not_now]})]
    async with monitor.api() as api:
        items = await api.readings("s", [{"id": "1", "values": {"hr": 70}}])
    assert [item["status"] for item in items] == [201]
    assert monitor.sent_ids("s") == ["1"]
