"""Those who send: readings with ids, sent again until they are acknowledged, and a nurse."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

import httpx2
import orjson
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from app.services.ids import new_id
from tests.support.as_clinic import AsClinic
from tests.support.people import ANYWHERE

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator, Sequence

    from tests.chaos.places import Place, Places

Json = dict[str, Any]

PAUSE_S = 0.05  # before the same is sent again: a server that is starting needs longer than this
READINGS = "/readings"
TIMEOUT_S = 30  # longer than any stall that a test makes
BASELINE = {"hr": 74, "spo2": 98, "sbp": 124, "dbp": 76, "rr": 14, "sedation": 5}
TYPED = ({"sbp": 214, "dbp": 128}, {"sbp": 126, "dbp": 80})  # raises an alarm, and ends it
CALM, LOW = (96, 97, 98), (81, 82, 84)
IN_FLIGHT = 4  # messages on a stream before the sender waits for one to be acknowledged
DRIVEN_STEP_S = 5  # of a driven session's time between two readings: delays pass in a few of them


@dataclass
class Ledger:
    """What was sent, and what the server has promised to keep: the values of each id."""

    sent: dict[str, dict[str, Json]] = field(default_factory=dict)
    promised: dict[str, dict[str, Json | None]] = field(default_factory=dict)
    """By session and id: the answer, or None where the promise was a stream's."""
    seen: list[tuple[str, str]] = field(default_factory=list)
    """Session and alarm of each acknowledgement by a person that was answered with success."""
    many: int = 0
    refusals: list[Json] = field(default_factory=list)
    """The problems of status 503 that senders of readings were answered."""
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    def opened(self, session_id: str) -> None:
        self.sent[session_id] = {}
        self.promised[session_id] = {}

    def sends(self, session_id: str, reading: Json) -> None:
        self.sent[session_id][reading["id"]] = reading

    async def keep(self, promises: Sequence[tuple[str, str, Json | None]]) -> None:
        for session_id, id, answer in promises:
            self.many += id not in self.promised[session_id]
            self.promised[session_id][id] = answer
        async with self._changed:
            self._changed.notify_all()

    async def refused(self, problem: Json) -> None:
        self.refusals.append(problem)
        async with self._changed:
            self._changed.notify_all()

    async def more(self, many: int) -> None:
        """Returns when so many more readings are acknowledged."""
        wanted = self.many + many
        async with self._changed:
            await self._changed.wait_for(lambda: self.many >= wanted)

    async def refusal(self, code: str, happened: str) -> Json:
        """The first refusal from now on with this code that tells of this: of a COMMIT that got no
        answer the same code says that the outcome is not known.
        """
        seen = len(self.refusals)

        def tells(problem: Json) -> bool:
            return problem["code"] == code and happened in problem["detail"]

        def found() -> Json | None:
            return next(filter(tells, self.refusals[seen:]), None)

        async with self._changed:
            problem: Json | None = await self._changed.wait_for(found)
        assert problem is not None
        return problem


class Sender:
    """One client of the API; what is not answered is sent again, to whichever server is there."""

    def __init__(self, places: Places, ledger: Ledger, rng: random.Random) -> None:
        self.places = places
        self.ledger = ledger
        self.rng = rng
        self._http = httpx2.AsyncClient(auth=AsClinic(), timeout=TIMEOUT_S)

    async def close(self) -> None:
        await self._http.aclose()

    async def ask(
        self, method: str, path: str, body: Any = None, *, also: tuple[int, ...] = (), **query: Any
    ) -> Any:
        """The answer, or None if it was one of the statuses in `also`."""
        while True:
            place = await self.places.any_up(self.rng)
            url = f"{place.server.url}{path}"
            try:
                answer = await self._http.request(method, url, json=body, params=query)
            except httpx2.TransportError:
                await asyncio.sleep(PAUSE_S)
                continue
            if answer.status_code == 503:
                assert int(answer.headers["retry-after"]) > 0
                if path.endswith(READINGS):  # whoever only reads is told in other words
                    await self.ledger.refused(answer.json())
                await asyncio.sleep(PAUSE_S)
                continue
            if answer.status_code in also:
                return None
            assert answer.status_code in (200, 201), f"{method} {path}: {answer.text}"
            return answer.json()

    async def post(self, path: str, body: Any) -> Any:
        return await self.ask("POST", path, body)

    async def get(self, path: str, **query: Any) -> Any:
        return await self.ask("GET", path, **query)

    async def admit(self, room: str, **order: Any) -> str:
        """A session in which the infusion runs; its id."""
        person = {"id": new_id(), "code": f"SIM {room}", "initials": "S.P."}
        patient = await self.post("/api/patients", person)
        wanted = {"id": new_id(), "patient_id": patient["id"], "station": room,
                  "protocol": "ketamine_adult", "weight_kg": 70, "dose_mg_per_kg": 0.5,
                  "planned_minutes": 40, **order}  # fmt: skip
        session = str((await self.post("/api/sessions", wanted))["id"])
        self.ledger.opened(session)
        path = f"/api/sessions/{session}/phase"
        for to in ("checked_in", "baseline", "ready", "infusing"):
            if to == "ready" and not order:
                await self.send(session, {"id": new_id(), "values": BASELINE})
            reason = {"override_reason": "a test"} if order else {}
            await self.post(path, {"id": new_id(), "to": to, **reason})
        return session

    async def send(self, session_id: str, *readings: Json) -> None:
        """One by itself, several as a list; returns when all are acknowledged."""
        path = f"/api/sessions/{session_id}{READINGS}"
        for reading in readings:
            self.ledger.sends(session_id, reading)
        waiting = {reading["id"]: reading for reading in readings}
        while waiting:
            if len(waiting) == 1:
                (reading,) = waiting.values()
                answers = [await self.post(path, reading)]
            else:
                listed = await self.post(path, {"readings": list(waiting.values())})
                problems = [i["problem"] for i in listed["items"] if "problem" in i]
                assert {p["status"] for p in problems} <= {503}, problems
                answers = [i["reading"] for i in listed["items"] if "reading" in i]
            await self.ledger.keep([(session_id, a["id"], a) for a in answers])
            for answer in answers:
                del waiting[answer["id"]]

    async def stream(self, session_id: str, device: str, at_once: int, pace_s: float) -> None:
        """A monitor's values, singly or in lists, until cancelled."""
        for spo2 in self._course():
            await self.send(session_id, *(self._reading(device, spo2) for _ in range(at_once)))
            await asyncio.sleep(pace_s)

    async def type_in(self, session_id: str, pace_s: float) -> None:
        """A nurse's pressures, of which every other raises an alarm, until cancelled."""
        for number in count():
            await self.send(session_id, {"id": new_id(), "values": TYPED[number % 2]})
            await asyncio.sleep(pace_s)

    async def see(self, session_id: str, pace_s: float) -> None:
        """Acknowledges what stands unseen, until cancelled."""
        while True:
            path = f"/api/sessions/{session_id}/alarms"
            listed = await self.get(path, standing="true", limit=200)
            for alarm in listed["items"]:
                if alarm["state"] in ("active", "latched"):
                    seen = {"id": new_id(), "rev": alarm["rev"]}
                    where = f"{path}/{alarm['id']}/acknowledge"
                    # over, or seen by another, before this one was told
                    if await self.ask("POST", where, seen, also=(404, 409)) is not None:
                        self.ledger.seen.append((session_id, alarm["id"]))
            await asyncio.sleep(pace_s)

    async def drive(self, session_id: str, course: Sequence[Json], pace_s: float) -> None:
        """A recording's readings, in their order, until they are at an end."""
        at = 0
        while at < len(course):
            many = self.rng.randint(1, 4)
            await self.send(session_id, *course[at : at + many])
            at += many
            await asyncio.sleep(pace_s)

    def _course(self) -> Iterator[int]:
        while True:
            yield from self.rng.choices(CALM, k=self.rng.randint(3, 9))
            yield from self.rng.choices(LOW, k=self.rng.randint(1, 6))

    def _reading(self, device: str, spo2: int) -> Json:
        values = {"spo2": spo2, "hr": self.rng.randint(66, 82)}
        return {"id": new_id(), "device": device, "interval_s": 1, "values": values}


class Stream:
    """One device that speaks `WS /api/ingest`: what was not acknowledged goes out again."""

    def __init__(self, sender: Sender, session_id: str, device: str) -> None:
        self._sender = sender
        self._session = session_id
        self._device = device
        self._n = 0
        self._waiting: deque[tuple[int, list[Json]]] = deque()
        self.connections = self.acknowledged = 0

    async def send_forever(self, pace_s: float) -> None:
        """Until cancelled."""
        while True:
            place = await self._sender.places.any_up(self._sender.rng)
            try:
                await self._speak(place, pace_s)
            except (OSError, ConnectionClosed, InvalidHandshake, EOFError):
                await asyncio.sleep(PAUSE_S)

    async def _speak(self, place: Place, pace_s: float) -> None:
        url = f"ws://127.0.0.1:{place.server.port}/api/ingest"
        who = ANYWHERE.headers("device")
        async with connect(
            url, proxy=None, compression=None, close_timeout=1, additional_headers=who
        ) as socket:
            self.connections += 1
            for n, readings in self._waiting:
                await socket.send(self._message(n, readings))
            while True:
                if len(self._waiting) < IN_FLIGHT:
                    await socket.send(self._next())
                    await asyncio.sleep(pace_s)
                    continue
                await self._take(orjson.loads(await socket.recv()))

    def _next(self) -> str:
        course = self._sender._course()
        made = [self._sender._reading(self._device, next(course)) for _ in range(3)]
        readings = [{**reading, "session_id": self._session} for reading in made]
        for reading in made:
            self._sender.ledger.sends(self._session, reading)
        self._n += 1
        self._waiting.append((self._n, readings))
        return self._message(self._n, readings)

    def _message(self, n: int, readings: list[Json]) -> str:
        return orjson.dumps({"n": n, "readings": readings}).decode()

    async def _take(self, frame: Json) -> None:
        assert frame["refused"] == [], frame  # a database that is away closes the socket instead
        kept = []
        while self._waiting and self._waiting[0][0] <= frame["ack"]:
            _, readings = self._waiting.popleft()
            kept += [(self._session, reading["id"], None) for reading in readings]
            self.acknowledged += 1
        await self._sender.ledger.keep(kept)


def recording(rng: random.Random, many: int) -> list[Json]:
    """A driven session's readings: the same again from the same seed but for their ids, and times
    that delays of alarms pass in.
    """
    start = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=6)
    readings: list[Json] = []
    spo2 = 97
    for number in range(many):
        if rng.random() < 0.2:
            spo2 = rng.choice((*CALM, *LOW))
        at = start + timedelta(seconds=DRIVEN_STEP_S * number)
        values = {"spo2": spo2, "hr": rng.randint(66, 82)}
        if number % 12 == 0:
            values |= TYPED[number // 12 % 2]
        readings.append({"id": new_id(), "taken_at": at.isoformat(), "device": "mon-driven",
                         "interval_s": DRIVEN_STEP_S, "values": values})  # fmt: skip
    return readings
