"""A simulated bed at the real server: a steady patient, a line with faults, and an account of what
became of every message.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any, Final, Literal
from uuid import NAMESPACE_OID, uuid5

import orjson
from pydantic import TypeAdapter
from starlette.testclient import TestClient

from app.clock import now_ms
from app.models.codec import canonical
from app.models.store import Store
from app.models.watch import GAP_MS
from app.monitoring.fold import fold
from app.monitoring.rebuild import restep
from app.monitoring.times import iso, parse_iso
from app.services.sweep import sweep
from app.services.watch import mark_alive
from app.simulator.faults import Fault, Line
from app.simulator.message import Delivery, Message

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pytest

Json = dict[str, Any]

STEADY: Final = {"hr": 74, "spo2": 98, "rr": 14, "etco2": 37}
BASELINE: Final = {"hr": 74, "spo2": 98, "sbp": 124, "dbp": 76, "rr": 14, "sedation": 5}
EVERY_S: Final = 5  # a stream's value is fresh for three of them
CUFF_S: Final = 300
STEP_S: Final = 5  # of the wall clock: below what the server takes for a gap in its watch
SEED: Final = "7"
STORED: Final = frozenset({200, 201})
SECOND_NS: Final = 1_000_000_000
MS_NS: Final = 1_000_000
HOURS_AGO_MS: Final = 3 * 3_600_000

assert STEP_S * 1_000 < GAP_MS
_FAULT: TypeAdapter[Fault] = TypeAdapter(Fault)
_numbers = count(1)


def fault(kind: str, **fields: Any) -> Fault:
    """As a scenario file writes it."""
    return _FAULT.validate_python({"kind": kind, **fields})


class Machine:
    """The clocks of this machine: from now on they go on as a test says, and no machine is slow."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._wall = time.time_ns() // SECOND_NS * SECOND_NS
        self._running = time.monotonic_ns()
        monkeypatch.setattr("app.clock._ahead_ns", self._wall - self._running)
        monkeypatch.setattr(time, "time_ns", lambda: self._wall)
        monkeypatch.setattr(time, "monotonic_ns", lambda: self._running)

    def run(self, ms: int) -> None:
        self._wall += ms * MS_NS
        self._running += ms * MS_NS


@dataclass(frozen=True)
class Ward:
    """The server, and the clock on its wall."""

    client: TestClient
    store: Store
    machine: Machine

    def pass_until(self, moment: int) -> None:
        """Time passes; the server sweeps all the while, so that nothing is a gap in its watch."""
        while (now := now_ms()) < moment:
            self.machine.run(min(moment - now, STEP_S * 1_000))
            self._call(mark_alive)
            self._call(sweep)

    def _call(self, do: Any) -> None:
        assert self.client.portal is not None
        self.client.portal.call(do, self.store)


@dataclass
class Bed:
    """One session with an infusion under way since second 0, and its one monitor."""

    ward: Ward
    faults: Sequence[Fault]
    clock: Literal["driven", "wall"] = "driven"
    beds: Sequence[Bed] = ()
    """The rooms of the run, for a device that is carried."""
    every_s: int = EVERY_S
    t: int = -1
    answers: dict[str, list[tuple[int, str]]] = field(default_factory=lambda: defaultdict(list))
    """Of each reading by its id: the status and code (or "") of each time that it was sent."""
    said: dict[str, Json] = field(default_factory=dict)
    """What was sent, by id."""

    def __post_init__(self) -> None:
        number = next(_numbers)
        self.device = f"sim-{number:02}"
        self.station = f"Fault {number}"
        self.line = Line(self.faults, SEED)
        driven = self.clock == "driven"
        self.start_ms = (now_ms() - HOURS_AGO_MS if driven else now_ms()) // 1_000 * 1_000
        patient = self._made("/api/patients", code=f"SIM-F-{number}", initials="SF")
        order = {
            "patient_id": patient["id"],
            "station": self.station,
            "protocol": "ketamine_adult",
            "weight_kg": 70,
            "dose_mg_per_kg": 0.5,
            "planned_minutes": 40,
            "simulated": True,
            "clock": self.clock,
        }
        self.id = self._made("/api/sessions", **order)["id"]
        at = {"at": iso(self.start_ms)} if driven else {}
        self.phase("checked_in", **at)
        self.phase("baseline", **at)
        taken = {"taken_at": iso(self.start_ms)} if driven else {}
        self.type(BASELINE, **taken)
        self.phase("ready", **at)
        self.phase("infusing", **at)

    @property
    def url(self) -> str:
        return f"/api/sessions/{self.id}"

    @property
    def now(self) -> int:
        """The bed's own second, by the right clock."""
        return self.start_ms + self.t * 1_000

    def phase(self, to: str, **more: Any) -> None:
        response = self.ward.client.post(f"{self.url}/phase", json={"to": to, **more})
        assert response.status_code == 200, response.text

    def type(self, values: Mapping[str, float], **more: Any) -> None:
        """A nurse charts a set that is in order."""
        body = {"source": "manual", "values": values, **more}
        response = self.ward.client.post(f"{self.url}/readings", json=body)
        assert response.status_code == 201, response.text

    def play(self, until_s: int, **values: float | None) -> Bed:
        """All that happens up to a second, the patient being steady but for `values`."""
        while self.t < until_s:
            self.t += 1
            messages = self._measured(values)
            deliveries = self.line.pass_on(self.t, self.t / 60, messages)
            if self.t == until_s or self._needs_the_time(deliveries):
                self._pass_time()
            for delivery in deliveries:
                self.deliver(delivery)
        return self

    def finish(self) -> Bed:
        for delivery in self.line.flush(self.t):
            self.deliver(delivery)
        return self

    def charts(self, **values: float) -> None:
        """The nurse of this bed types a set now; it goes down the line as everything does."""
        typed = Message(f"typed:{self.t}", self.t * 1_000, "manual", None, None, values)
        for delivery in self.line.pass_on(self.t, self.t / 60, [typed]):
            self.deliver(delivery)

    def deliver(self, delivery: Delivery) -> None:
        """As a transport does: repeated with the same ids, and again after a lost answer."""
        bed = self if delivery.to_room is None else self.beds[delivery.to_room]
        readings = [self._written(message) for message in delivery.messages]
        if bed is not self:  # from another room a device knows no session, but its place
            readings = [{**reading, "station": bed.station} for reading in readings]
        for _ in range(delivery.times + delivery.answer_lost):
            self._post("/api/readings" if bed is not self else f"{self.url}/readings", readings)

    def state(self) -> Json:
        return dict(self.ward.client.get(self.url).json())

    def value(self, vital: str) -> Json:
        return dict(self.state()["values"][vital])

    def log(self) -> list[Json]:
        items: list[Json] = []
        while True:
            after = items[-1]["seq"] if items else 0
            path = f"{self.url}/events?after={after}&limit=1000"
            page = self.ward.client.get(path).json()["items"]
            if not page:
                return items
            items += page

    def readings(self) -> list[Json]:
        """What the log holds of the bed's monitor, in the order in which it came."""
        return [
            event["data"] | {"recorded_at": event["recorded_at"]}
            for event in self.log()
            if event["kind"] == "reading.recorded" and event["data"]["source"] == "device"
        ]

    def raised(self, condition: str | None = None) -> list[Json]:
        """Every alarm as it was first raised."""
        alarms = [e["data"]["alarm"] for e in self.log() if e["kind"] == "alarm.raised"]
        return [a for a in alarms if condition in (None, a["condition"])]

    def after_s(self, moment: str) -> float:
        """The bed's second of a moment of an answer."""
        return (parse_iso(moment) - self.start_ms) / 1_000

    def standing(self, condition: str) -> list[Json]:
        alarms = self.state()["alarms"].values()
        return [alarm for alarm in alarms if alarm["condition"] == condition]

    def codes(self) -> list[str]:
        """How each sending of each reading was answered: `created`, `known`, or a code."""
        said = {201: "created", 200: "known"}
        return [said.get(status, code) for all_ in self.answers.values() for status, code in all_]

    def account(self) -> list[Json]:
        """The readings in the log, once every message is accounted for: in the log once, with each
        of its numbers kept or rejected, or refused with a reason each time that it was sent.
        """
        logged: dict[str, Json] = {}
        for bed in (self, *self.beds):
            for reading in bed.readings():
                assert reading["id"] not in logged, "a double"
                logged[reading["id"]] = reading
        for id, answers in self.answers.items():
            statuses = [status for status, _ in answers]
            assert all(status < 500 for status in statuses), answers
            if id in logged:
                assert statuses.count(201) == 1, answers
                assert set(statuses) <= STORED, answers
                _has_each_number(self.said[id], logged[id])
            elif self.said[id]["source"] == "device":
                assert all(status >= 400 and code for status, code in answers), answers
        self._holds_the_laws()
        return self.readings()

    def _holds_the_laws(self) -> None:
        """The log alone makes the state, and its inputs stepped again make the log."""
        log, folded = self.log(), None
        for event in log:
            folded = fold(folded, event)
        assert folded == self.state()
        _, made = restep(log)
        said = [(e["kind"], e["at"], e["data"]) for e in log]
        assert [(e.kind, iso(e.at), orjson.loads(canonical(e.data))) for e in made] == said

    def _measured(self, changed: Mapping[str, float | None]) -> list[Message]:
        now_s, sent = self.t, []
        if now_s % self.every_s == 0:
            stream = {**STEADY, **{k: v for k, v in changed.items() if k in STEADY}}
            sent.append(self._message("stream", self.every_s, stream))
        if now_s % CUFF_S == 0:
            systolic = 124 + now_s // CUFF_S  # a cuff never measures the same twice
            cuff: dict[str, float | None] = {"sbp": systolic, "dbp": 76, "map": 92}
            sent.append(self._message("cuff", CUFF_S, cuff))
        return sent

    def _message(self, what: str, every_s: int, values: Mapping[str, float | None]) -> Message:
        key = f"{what}:{self.t}"
        return Message(key, self.t * 1_000, "device", self.device, every_s, values)

    def _needs_the_time(self, deliveries: Sequence[Delivery]) -> bool:
        """What is measured now tells a driven clock the time by itself."""
        if self.clock == "wall":
            return bool(deliveries)
        taken = [message.taken_ms for one in deliveries for message in one.messages]
        return any(taken_ms != self.t * 1_000 for taken_ms in taken)

    def _pass_time(self) -> None:
        if self.clock == "wall":
            self.ward.pass_until(self.now)
            return
        response = self.ward.client.post(f"{self.url}/clock", json={"at": iso(self.now)})
        assert response.status_code == 200, response.text

    def _written(self, message: Message) -> Json:
        sent_ms = message.sent_ms
        return {
            "id": str(uuid5(NAMESPACE_OID, f"{self.id}:{message.key}")),
            "taken_at": iso(self.start_ms + message.taken_ms),
            "source": message.source,
            "device": message.device,
            "interval_s": message.interval_s,
            "sent_at": None if sent_ms is None else iso(self.start_ms + sent_ms),
            "values": message.values,
        }

    def _post(self, path: str, readings: list[Json]) -> None:
        response = self.ward.client.post(path, json={"readings": readings})
        assert response.status_code == 200, response.text
        items = response.json()["items"]
        assert len(items) == len(readings)
        for reading, item in zip(readings, items, strict=True):
            self.said[reading["id"]] = reading
            problem = item.get("problem") or {}
            assert not problem or problem["detail"]
            self.answers[reading["id"]].append((item["status"], problem.get("code", "")))

    def _made(self, path: str, **body: Any) -> Json:
        response = self.ward.client.post(path, json=body)
        assert response.status_code == 201, response.text
        return dict(response.json())


def _has_each_number(sent: Json, kept: Json) -> None:
    measured = {vital: value for vital, value in sent["values"].items() if value is not None}
    rejected = {r["vital"]: r["value"] for r in kept["rejected"]}
    values = {v: x for v, x in kept["values"].items() if v not in kept["derived"]}
    assert values | rejected == measured, kept
    assert values.keys().isdisjoint(rejected)
