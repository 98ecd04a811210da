"""The clinic whose board is measured: every room infuses, and every room's monitor sends."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from bench.clinic import BASELINE, Api

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOMS: Final = 24  # what a 1920x1080 station screen has to hold
CUFF_EVERY: Final = 60  # readings of a room between two pressures: a board has to draw those too
PHASES: Final = ("checked_in", "baseline", "ready", "infusing")
LOW_SPO2: Final = 90  # below the warning line, above the critical one: it stands and is announced
ALARMED: Final = 6  # of so many rooms one stands in alarm, as on a bad day
PAST_S: Final = 900  # what the small trends show: beyond it a board that stays open holds no more
NAMES: Final = ("A.K.", "B.L.", "C.M.", "D.N.", "E.P.", "F.R.")


@dataclass(frozen=True, slots=True)
class Room:
    number: int
    session: str

    @property
    def station(self) -> str:
        return station(self.number)

    @property
    def alarmed(self) -> bool:
        return self.number % ALARMED == 1


def station(number: int) -> str:
    return f"Room {number}"


def reading(room: Room, count: int) -> dict[str, Any]:
    """The `count`th of a room: five vital signs, each of which changes as a patient's do."""
    values: dict[str, float] = {
        "hr": 68 + (7 * room.number + count) % 9,
        "spo2": LOW_SPO2 if room.alarmed else 96 + (room.number + count // 3) % 4,
        "rr": 13 + (room.number + count // 4) % 5,
        "etco2": 36 + (room.number + count // 2) % 5,
        "temp": 36.5 + (room.number + count // 10) % 5 / 10,
    }
    if count % CUFF_EVERY == room.number:
        values |= {"sbp": 116 + (room.number + count) % 16, "dbp": 72 + room.number % 10}
    return {"device": f"mon-{room.number}", "interval_s": 1, "values": values}


def remember(api: Api, rooms: list[Room], seconds: int) -> None:
    """What every monitor has sent in the seconds before now: one reading in each, at its time."""
    for room in rooms:
        now = datetime.now(UTC)
        past = [
            reading(room, -ago) | {"taken_at": (now - timedelta(seconds=ago)).isoformat()}
            for ago in range(seconds, 0, -1)
        ]
        if past:
            api.post(f"/api/sessions/{room.session}/readings", {"readings": past})


def admit(api: Api, rooms: int) -> list[Room]:
    return [_admit(api, number) for number in range(1, rooms + 1)]


def _admit(api: Api, number: int) -> Room:
    initials = NAMES[number % len(NAMES)]
    patient = api.post("/api/patients", {"code": f"SIM-{number:03}", "initials": initials})
    order = {
        "patient_id": patient["id"],
        "station": station(number),
        "protocol": "ketamine_adult",
        "weight_kg": 70,
        "dose_mg_per_kg": 0.5,
        "planned_minutes": 40,
    }
    session: str = api.post("/api/sessions", order)["id"]
    place = f"/api/sessions/{session}"
    for to in PHASES:
        if to == "ready":
            api.post(f"{place}/readings", {"values": BASELINE})
        api.post(f"{place}/phase", {"to": to})
    room = Room(number, session)
    if room.alarmed:  # typed, so that it stands at once; the monitor's go on with it
        api.post(f"{place}/readings", {"values": {"spo2": LOW_SPO2}})
    return room


class Monitors:
    """One POST a room and second, spread over the second, by the clock: none is left out."""

    def __init__(self, port: int, token: str, rooms: list[Room]) -> None:
        self._port, self._token, self._rooms = port, token, rooms
        self._ending = threading.Event()
        self._failed: Exception | None = None
        self.ended = threading.Event()
        """No more is sent: it was told to end, or was refused."""
        self.sent = 0
        self.latest_s = 0.0
        """How much later than meant the worst one was sent: a busy machine is seen by it."""

    @contextmanager
    def running(self) -> Iterator[None]:
        thread = threading.Thread(target=self._send, name="monitors")
        thread.start()
        try:
            yield
        finally:
            self._ending.set()
            thread.join()
        if self._failed is not None:
            raise self._failed

    def _send(self) -> None:
        began, number = time.monotonic(), 0
        try:
            with Api(self._port, self._token) as api:
                while not self._ending.is_set():
                    due = began + number / len(self._rooms)
                    if self._ending.wait(max(0.0, due - time.monotonic())):
                        return
                    self.latest_s = max(self.latest_s, time.monotonic() - due)
                    count, which = divmod(number, len(self._rooms))
                    room = self._rooms[which]
                    api.post(f"/api/sessions/{room.session}/readings", reading(room, count))
                    number += 1
                    self.sent = number
        except Exception as error:  # told to who waits for the end of `running`
            self._failed = error
        finally:
            self.ended.set()
