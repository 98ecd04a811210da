"""A monitor in memory that speaks what the scripts need of the API, and fails when told to."""

from __future__ import annotations

import json
from typing import Any

import httpx2

from app.simulator.client import Api, Retry

Json = dict[str, Any]
ZERO_MEANS_OFF = frozenset(("hr", "spo2", "rr"))


class FakeMonitor:
    """Keeps what it is sent; `failures` are answered first, one a request."""

    def __init__(self) -> None:
        self.patients: dict[str, Json] = {}
        self.sessions: dict[str, Json] = {}
        self.readings: dict[str, list[Json]] = {}
        self._by_id: dict[tuple[str, str], Json] = {}
        self.requests: list[tuple[str, str, Json]] = []
        self.failures: list[httpx2.Response | Exception] = []
        self.lost_answers = 0  # so many requests are carried out, then their answer is lost
        self.slept: list[float] = []
        self.gate_closed_for: set[str] = set()

    def api(self, **more: Any) -> Api:
        async def sleep(seconds: float) -> None:
            self.slept.append(seconds)

        more = {"retry": Retry(), **more}
        return Api("http://fake", transport=httpx2.MockTransport(self._handle), sleep=sleep, **more)

    def posted(self, ending: str) -> list[Json]:
        return [body for method, path, body in self.requests if path.endswith(ending) and body]

    def sent_ids(self, session_id: str) -> list[str]:
        return [reading["id"] for reading in self.readings[session_id]]

    def forget(self, session_id: str, count: int) -> None:
        """As if the last readings had never arrived."""
        for reading in self.readings[session_id][-count:]:
            del self._by_id[session_id, reading["id"]]
        del self.readings[session_id][-count:]

    def _handle(self, request: httpx2.Request) -> httpx2.Response:
        body = json.loads(request.content) if request.content else {}
        self.requests.append((request.method, request.url.path, body))
        if self.failures:
            failure = self.failures.pop(0)
            if isinstance(failure, Exception):
                raise failure
            return failure
        answer = self._answer(request, body)
        if self.lost_answers:
            self.lost_answers -= 1
            raise httpx2.ReadError("the connection broke after the commit", request=request)
        return answer

    def _answer(self, request: httpx2.Request, body: Json) -> httpx2.Response:
        match (request.method, request.url.path.strip("/").split("/")[1:]):
            case ("GET", ["patients"]):
                wanted = request.url.params["q"]
                return _list([p for p in self.patients.values() if wanted in p["code"]])
            case ("GET", ["patients", patient_id]):
                return _ok(self.patients[patient_id])
            case ("POST", ["patients"]):
                if any(patient["code"] == body["code"] for patient in self.patients.values()):
                    return problem(409, "patient_code_taken")
                self.patients[body["id"]] = body
                return _ok(body)
            case ("GET", ["sessions"]):
                return _list([s for s in self.sessions.values() if s["active"]])
            case ("POST", ["sessions"]):
                return self._new_session(body)
            case ("GET", ["sessions", session_id]):
                return _ok(self.sessions[session_id])
            case ("GET", ["sessions", _, "alarms" | "events"]):
                return _list([])
            case ("PUT", ["sessions", session_id, "devices", _]):
                return _ok(self.sessions[session_id])
            case ("POST", ["sessions", session_id, "phase"]):
                return self._phase(session_id, body)
            case ("POST", ["sessions", session_id, "clock"]):
                session = self.sessions[session_id]
                if body.get("live"):
                    session["clock"] = "wall"
                return _ok(session)
            case ("POST", ["sessions", session_id, "readings"]):
                items = [self._reading(session_id, reading) for reading in body["readings"]]
                return _ok({"items": items})
        return problem(404, "not_found")

    def _new_session(self, body: Json) -> httpx2.Response:
        patient = self.patients[body["patient_id"]]
        held = [
            s for s in self.sessions.values() if s["active"] and s["station"] == body["station"]
        ]
        if held:
            return problem(409, "station_occupied")
        ref = {"id": body["patient_id"], "code": patient["code"], "initials": patient["initials"]}
        session = {**body, "patient": ref, "phase": "scheduled", "phases": [], "active": True}
        session["values"] = {}
        self.sessions[body["id"]] = session
        self.readings[body["id"]] = []
        return _ok(session)

    def _phase(self, session_id: str, body: Json) -> httpx2.Response:
        session = self.sessions[session_id]
        if body["to"] in self.gate_closed_for and not body.get("override_reason"):
            return problem(409, "gate_failed", missing=["unacknowledged_high"])
        session["phase"] = body["to"]
        session["phases"].append({"phase": body["to"], "at": body.get("at"), "reason": None})
        session["active"] = body["to"] not in ("discharged", "cancelled", "transferred")
        return _ok(session)

    def _reading(self, session_id: str, reading: Json) -> Json:
        known = self._by_id.get((session_id, reading["id"]))
        if known is not None:
            assert known == reading
            return {"status": 200, "reading": {**reading, "rejected": [], "alarms": []}}
        values = {k: v for k, v in reading["values"].items() if v is not None}
        rejected = [
            {"vital": vital, "value": 0, "code": "no_signal"}
            for vital, value in values.items()
            if vital in ZERO_MEANS_OFF and value == 0
        ]
        if len(rejected) == len(values):
            errors = [{"loc": [r["vital"]], "code": r["code"], "msg": ""} for r in rejected]
            return {"status": 422, "problem": {"code": "no_usable_values", "errors": errors}}
        self._by_id[session_id, reading["id"]] = reading
        self.readings[session_id].append(reading)
        return {"status": 201, "reading": {**reading, "rejected": rejected, "alarms": []}}


def problem(status: int, code: str, **more: Any) -> httpx2.Response:
    headers = {"Retry-After": "3"} if status == 503 else {}
    body = {"status": status, "code": code, "detail": f"{code}, as told", **more}
    return httpx2.Response(status, json=body, headers=headers)


def _ok(body: Json) -> httpx2.Response:
    return httpx2.Response(200, json=body)


def _list(items: list[Json]) -> httpx2.Response:
    return _ok({"items": items, "next_cursor": None})
