"""Sessions to measure with, admitted and walked to the infusion over the API.

python -m bench.clinic         a `Clinic` as JSON on standard input; answers the ids
"""

from __future__ import annotations

import http.client
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Final, Self

import msgspec
import orjson
import uuid_utils

BASELINE: Final = {"hr": 74, "spo2": 98, "sbp": 124, "dbp": 78, "rr": 15, "sedation": 5}
AT_ONCE: Final = 8  # admitted side by side: what commits together is quicker


@dataclass(frozen=True, slots=True)
class Clinic:
    """So many are admitted; or those named leave."""

    port: int
    sessions: int = 0
    leaving: list[str] = field(default_factory=list)
    token: str = ""


class Refused(Exception):
    """The server did not take what every clinic sends."""


class Api:
    """A keep-alive connection of each thread, all closed with it."""

    def __init__(self, port: int, token: str = "") -> None:
        self._port = port
        self._headers = {"content-type": "application/json"}
        if token:
            self._headers["authorization"] = f"Bearer {token}"
        self._own = threading.local()
        self._opened: list[http.client.HTTPConnection] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for connection in self._opened:
            connection.close()

    def post(self, path: str, body: Any) -> Any:
        return self._ask("POST", path, orjson.dumps(body))

    def get(self, path: str) -> Any:
        return orjson.loads(self.read(path))

    def read(self, path: str) -> bytes:
        return self._answer("GET", path, None)

    def _ask(self, method: str, path: str, body: bytes | None) -> Any:
        return orjson.loads(self._answer(method, path, body))

    def _answer(self, method: str, path: str, body: bytes | None) -> bytes:
        connection = getattr(self._own, "connection", None)
        if connection is None:
            connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
            self._own.connection = connection
            self._opened.append(connection)
        connection.request(method, path, body, self._headers)
        answer = connection.getresponse()
        content: bytes = answer.read()
        if answer.status not in (http.HTTPStatus.OK, http.HTTPStatus.CREATED):
            raise Refused(f"{method} {path}: {answer.status} {content[:500]!r}")
        return content


def admit(port: int, count: int, token: str) -> list[str]:
    """The ids of `count` sessions in which the infusion runs, each with a baseline."""
    with Api(port, token) as api, ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(lambda number: _admit(api, number), range(count)))


def _admit(api: Api, number: int) -> str:
    tag = uuid_utils.uuid7().hex[-8:]
    patient = api.post("/api/patients", {"code": f"B-{number}-{tag}", "initials": "B.P."})
    order = {
        "patient_id": patient["id"],
        "station": f"Bench {number}-{tag}",
        "protocol": "ketamine_adult",
        "weight_kg": 70,
        "dose_mg_per_kg": 0.5,
        "planned_minutes": 40,
    }
    session: str = api.post("/api/sessions", order)["id"]
    place = f"/api/sessions/{session}"
    for to in ("checked_in", "baseline", "ready", "infusing"):
        if to == "ready":
            api.post(f"{place}/readings", {"values": BASELINE})
        api.post(f"{place}/phase", {"to": to})
    return session


def let_go(port: int, sessions: list[str], token: str) -> None:
    """They are watched no more: in a database that is used again they would cost and be alarmed."""
    said = {"to": "transferred", "reason": "measured", "override_reason": "measured"}
    with Api(port, token) as api, ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(lambda id: api.post(f"/api/sessions/{id}/phase", said), sessions))


def names(count: int) -> list[str]:
    """Sessions of a reference, which asks for no admission."""
    return [str(uuid_utils.uuid7()) for _ in range(count)]


def main() -> None:
    wanted = msgspec.json.decode(sys.stdin.readline(), type=Clinic)
    let_go(wanted.port, wanted.leaving, wanted.token)
    print(msgspec.json.encode(admit(wanted.port, wanted.sessions, wanted.token)).decode())


if __name__ == "__main__":
    main()
