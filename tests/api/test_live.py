"""The live feed of the whole server: every frame is one of the protocol's."""

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient, WebSocketTestSession

from app.api.schemas.live import Frame
from tests.api.clinic import LIVE_URL, NOBODY, Clinic, fits


class Watcher:
    def __init__(self, socket: WebSocketTestSession) -> None:
        self.socket = socket
        self.hello = self.next("hello")

    def say(self, **message: Any) -> None:
        self.socket.send_json(message)

    def next(self, kind: str) -> dict[str, Any]:
        """The next frame of this kind; every frame on the way is held against the models."""
        while True:
            frame: dict[str, Any] = self.socket.receive_json()
            fits(Frame, frame)
            if frame["kind"] == kind:
                return frame


@pytest.fixture
def watcher(client: TestClient) -> Iterator[Watcher]:
    with client.websocket_connect(LIVE_URL) as socket:
        yield Watcher(socket)


def test_a_reading_is_on_the_screen_a_moment_after_its_answer(
    clinic: Clinic, watcher: Watcher
) -> None:
    session = clinic.session()
    watcher.say(op="watch", session=session["id"])
    snapshot = watcher.next("snapshot")
    assert snapshot["state"] == clinic.state(session["id"])
    recorded = clinic.read(session["id"], values={"hr": 82}).json()
    [event] = watcher.next("events")["events"]
    assert (event["kind"], event["seq"]) == ("reading.recorded", recorded["seq"])
    assert event["data"]["values"] == {"hr": 82}


def test_an_alarm_comes_with_the_reading_that_raised_it(clinic: Clinic, watcher: Watcher) -> None:
    session = clinic.infusing()
    watcher.say(op="watch", session=session["id"])
    watcher.next("snapshot")
    clinic.read(session["id"], values={"spo2": 84})
    events = watcher.next("events")["events"]
    told = [event["kind"] for event in events]
    assert told == ["reading.recorded", "alarm.raised", "stop_prompt.raised"]


def test_a_screen_that_comes_back_gets_what_it_missed(
    client: TestClient, clinic: Clinic, watcher: Watcher
) -> None:
    session = clinic.session()
    for hr in (80, 81, 82):
        clinic.read(session["id"], values={"hr": hr})
    epoch = watcher.hello["epoch"]
    watcher.say(op="watch", session=session["id"], after=2, epoch=epoch)
    assert [event["seq"] for event in watcher.next("events")["events"]] == [3, 4]
    watcher.say(op="watch", session=session["id"], after=2, epoch="before the restore")
    assert watcher.next("snapshot")["seq"] == 4


def row_of(watcher: Watcher, session_id: str) -> dict[str, Any]:
    """As the next delta that has it tells it; other sessions' alarms go on meanwhile."""
    while True:
        for row in watcher.next("board_delta")["sessions"]:
            if row["id"] == session_id:
                return dict(row)


def test_the_board_shows_a_session_from_its_first_moment_to_its_last(
    clinic: Clinic, watcher: Watcher
) -> None:
    watcher.say(op="watch", board=True)
    watcher.next("board")
    session = clinic.session()
    assert row_of(watcher, session["id"])["active"]
    clinic.phase(session["id"], "cancelled")
    assert not row_of(watcher, session["id"])["active"]


def test_no_name_is_ever_on_the_wire(clinic: Clinic, watcher: Watcher) -> None:
    patient = clinic.patient(name="Quillfeather")
    watcher.say(op="watch", board=True)
    watcher.next("board")
    session = clinic.session(patient_id=patient["id"])
    assert "Quillfeather" not in str(watcher.next("board_delta"))
    watcher.say(op="watch", session=session["id"])
    assert "Quillfeather" not in str(watcher.next("snapshot"))


def test_what_may_not_be_watched_is_refused(watcher: Watcher) -> None:
    watcher.say(op="watch", session=NOBODY)
    assert watcher.next("refused")["code"] == "unknown_session"
    watcher.say(op="acknowledge")
    assert watcher.next("refused")["code"] == "invalid_request"
