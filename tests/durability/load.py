"""Those who use a server that is being killed: senders that resend, and a watcher that resumes."""

from __future__ import annotations

import asyncio
from itertools import count
from typing import TYPE_CHECKING, Any

import httpx2
import orjson
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from app.monitoring.fold import fold
from app.services.ids import new_id
from tests.support.as_clinic import AsClinic
from tests.support.people import ANYWHERE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.support.server import Server

BASELINE = {"hr": 74, "spo2": 98, "sbp": 124, "dbp": 76, "rr": 14, "sedation": 5}
COURSE = (98, 97, 97, 96, 97, 98, 84, 82, 81, 83, 96, 97)
TYPED = ({"sbp": 214, "dbp": 128}, {"sbp": 126, "dbp": 80})  # raises an alarm, and ends it
PAUSE_S = 0.02  # between attempts while the server is away


class Clinic:
    """A client of the public API and nothing else.

    `acknowledged` is what the server has promised to keep.
    """

    def __init__(self, server: Server) -> None:
        self.server = server
        self.http = httpx2.AsyncClient(auth=AsClinic(), base_url=server.url, timeout=10)
        self.acknowledged: dict[str, dict[str, dict[str, Any]]] = {}
        self._refused = asyncio.Event()
        self._changed = asyncio.Condition()

    async def get(self, path: str, **query: Any) -> Any:
        answer = await self.http.get(path, params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def post(self, path: str, body: Any) -> Any:
        """Until it is answered: sends the same again after a broken connection and after a 503."""
        while True:
            try:
                answer = await self.http.post(path, json=body)
            except httpx2.TransportError:
                await asyncio.sleep(PAUSE_S)
                continue
            if answer.status_code == 503:
                self._refused.set()
                await asyncio.sleep(PAUSE_S)
                continue
            assert answer.status_code in (200, 201), answer.text
            return answer.json()

    async def admit(self, room: str) -> str:
        """A session in which the infusion runs."""
        person = {"id": new_id(), "code": f"SIM {room}", "initials": "S.P."}
        patient = await self.post("/api/patients", person)
        order = {"id": new_id(), "patient_id": patient["id"], "station": room,
                 "protocol": "ketamine_adult", "weight_kg": 70, "dose_mg_per_kg": 0.5,
                 "planned_minutes": 40}  # fmt: skip
        session = await self.post("/api/sessions", order)
        path = f"/api/sessions/{session['id']}"
        self.acknowledged[session["id"]] = {}
        for to in ("checked_in", "baseline", "ready", "infusing"):
            if to == "ready":
                await self.send(session["id"], {"id": new_id(), "values": BASELINE})
            await self.post(f"{path}/phase", {"id": new_id(), "to": to})
        return str(session["id"])

    async def send(self, session_id: str, *readings: dict[str, Any]) -> None:
        path = f"/api/sessions/{session_id}/readings"
        if len(readings) == 1:
            answers = [await self.post(path, readings[0])]
        else:
            listed = await self.post(path, {"readings": readings})
            answers = [item["reading"] for item in listed["items"]]
        async with self._changed:
            for reading, answer in zip(readings, answers, strict=True):
                assert answer["id"] == reading["id"]
                self.acknowledged[session_id][reading["id"]] = answer
            self._changed.notify_all()

    async def stream(self, session_id: str, device: str, at_once: int) -> None:
        """Sends readings one after the other, singly or in lists, and now and then types one.

        Until cancelled.
        """
        for number in count():
            if number % 5 == 0:
                await self.send(session_id, {"id": new_id(), "values": TYPED[number % 2]})
            await self.send(session_id, *(
                {"id": new_id(), "device": device, "interval_s": 1,
                 "values": {"spo2": COURSE[(number + n) % len(COURSE)], "hr": 70 + n}}
                for n in range(at_once)
            ))  # fmt: skip

    @property
    def promised(self) -> int:
        return sum(len(of_session) for of_session in self.acknowledged.values())

    async def more(self, many: int) -> None:
        """Returns when so many more readings are acknowledged."""
        wanted = self.promised + many
        async with self._changed:
            await self._changed.wait_for(lambda: self.promised >= wanted)

    async def refusal(self) -> None:
        """Returns when the server has said for the first time that it cannot store."""
        await self._refused.wait()

    async def ready(self) -> None:
        """Returns when /readyz says so."""
        while (answer := await self.http.get("/readyz")).status_code != 200:  # noqa: ASYNC110  # nothing tells
            await asyncio.sleep(PAUSE_S)
        assert answer.json()["reasons"] == []

    async def log(self, session_id: str) -> list[dict[str, Any]]:
        events: list[dict[str, Any]] = []
        while True:
            path = f"/api/sessions/{session_id}/events"
            page = (await self.get(path, after=len(events), limit=1_000))["items"]
            events += page
            if not page:
                return events


class Watcher:
    """A dashboard: folds what the feed sends, resumes after breaks, minds gaps and doubles."""

    def __init__(self, server: Server, session_ids: list[str]) -> None:
        self._server = server
        self._sessions = session_ids
        self.states: dict[str, dict[str, Any]] = {}
        self.beat: dict[str, Any] = {}
        self.snapshots = self.connections = 0
        self._epoch: str | None = None
        self._changed = asyncio.Condition()

    async def watch(self) -> None:
        """Until cancelled."""
        while True:
            async for frame in self._frames():
                self._take(frame)
                async with self._changed:
                    self._changed.notify_all()
            await asyncio.sleep(PAUSE_S)

    async def has_seen(self, session_id: str, seq: int) -> None:
        async with self._changed:
            await self._changed.wait_for(
                lambda: session_id in self.states and self.states[session_id]["seq"] >= seq
            )

    async def has_heard(self, **said: Any) -> None:
        """Returns with the first heartbeat from now on that says so."""
        self.beat = {}
        async with self._changed:
            await self._changed.wait_for(lambda: self.beat | said == self.beat)

    async def _frames(self) -> AsyncIterator[dict[str, Any]]:
        try:
            url, who = self._server.live_url, ANYWHERE.headers("clinician")
            async with connect(url, proxy=None, max_size=None, additional_headers=who) as socket:
                self.connections += 1
                hello = orjson.loads(await socket.recv())
                assert hello["kind"] == "hello"
                assert self._epoch in (None, hello["epoch"])  # the same database all along
                self._epoch = hello["epoch"]
                for id in self._sessions:
                    held = self.states.get(id)
                    after = {"after": held["seq"], "epoch": self._epoch} if held else {}
                    ask = {"op": "watch", "session": id, **after}
                    await socket.send(orjson.dumps(ask).decode())
                async for text in socket:
                    yield orjson.loads(text)
        except (OSError, ConnectionClosed, InvalidHandshake, EOFError):
            return

    def _take(self, frame: dict[str, Any]) -> None:
        match frame["kind"]:
            case "snapshot":
                self.snapshots += 1
                self.states[frame["session"]] = frame["state"]
            case "events":
                for event in frame["events"]:
                    held = self.states[frame["session"]]
                    assert event["seq"] == held["seq"] + 1, "a gap or a double"
                    self.states[frame["session"]] = fold(held, event)
            case "heartbeat":
                self.beat = frame
            case kind:
                assert kind == "clinic", frame
