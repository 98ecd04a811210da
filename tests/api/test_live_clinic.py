"""What the whole clinic is told over the live feed, and what a screen confirms."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.api.schemas.notices import NoticeList, NoticeOut
from tests.api.clinic import LIVE_URL, NOBODY, Clinic, conforms, refused
from tests.api.test_live import Watcher


@contextmanager
def watching(client: TestClient) -> Iterator[Watcher]:
    with client.websocket_connect(LIVE_URL) as socket:
        yield Watcher(socket)


def told(watcher: Watcher, **screens: int) -> dict[str, Any]:
    """The frame that says so."""
    while True:
        frame = watcher.next("clinic")
        if frame["screens"] | screens == frame["screens"]:
            return frame


def test_screens_are_counted_as_they_come_tell_their_sound_and_go(client: TestClient) -> None:
    with watching(client) as first:
        told(first, live=1, sound_proven=0)
        with watching(client) as second:
            second.say(op="status", sound="proven")
            told(first, live=2, sound_proven=1)
            told(second, live=2, sound_proven=1)
            second.say(op="status", sound="quiet")
            told(first, live=2, sound_proven=0, quiet=1)
        told(first, live=1, quiet=0)


def test_a_device_that_sends_and_is_attached_nowhere_is_told_until_somebody_dismisses_it(
    client: TestClient, clinic: Clinic
) -> None:
    with watching(client) as watcher:
        reading = {"device": "mon-lost", "values": {"hr": 80}}
        answer = client.post("/api/readings", json={"readings": [reading]})
        assert answer.json()["items"][0]["status"] == 404
        [notice] = told_of(watcher, "mon-lost")
        assert notice["text"] == "mon-lost sends and is attached to no session"
        listed = conforms(NoticeList, client.get("/api/notices"))["items"]
        assert notice in listed
        path = f"/api/notices/{notice['id']}/dismiss"
        assert conforms(NoticeOut, client.post(path)) == notice
        while any(n["device"] == "mon-lost" for n in watcher.next("clinic")["notices"]):
            pass
    assert notice not in client.get("/api/notices").json()["items"]


def told_of(watcher: Watcher, device: str) -> list[dict[str, Any]]:
    while True:
        found = [n for n in watcher.next("clinic")["notices"] if n["device"] == device]
        if found:
            return found


def test_a_device_that_is_refused_is_told_with_the_reason(
    client: TestClient, clinic: Clinic
) -> None:
    session = clinic.session(station="Room 12")
    with watching(client) as watcher:
        clinic.read(session["id"], device="mon-dark", values={"hr": 900})
        [notice] = told_of(watcher, "mon-dark")
    assert notice["kind"] == "device_refused"
    assert notice["station"] == "Room 12"
    assert notice["text"] == "mon-dark was refused once: 422 no usable values"


def test_a_notice_that_there_is_not_is_named(client: TestClient) -> None:
    refused(client.post(f"/api/notices/{NOBODY}/dismiss"), 404, "unknown_notice")
    refused(client.post("/api/notices/room-3/dismiss"), 422, "invalid_request")
    refused(client.get("/api/notices?limit=0"), 422, "invalid_request")


def events_until(watcher: Watcher, kind: str) -> list[dict[str, Any]]:
    events: list[dict[str, Any]] = []
    while kind not in [event["kind"] for event in events]:
        events += watcher.next("events")["events"]
    return events


@pytest.mark.parametrize("sound", ["proven", "unproven"])
def test_an_alarm_is_confirmed_by_a_screen_that_can_be_heard(
    client: TestClient, clinic: Clinic, sound: str
) -> None:
    session = clinic.infusing()
    [alarm] = clinic.read(session["id"], values={"spo2": 84}).json()["alarms"]
    with watching(client) as watcher:
        watcher.say(op="watch", session=session["id"])
        watcher.next("snapshot")
        watcher.say(op="status", sound=sound)
        for _ in range(2):
            watcher.say(op="shown", session=session["id"], alarm=alarm["id"], rev=alarm["rev"])
        watcher.say(op="shown", session=session["id"], alarm=NOBODY, rev=1)
        if sound == "proven":
            event = events_until(watcher, "alarm.sounded")[-1]
            assert event["data"]["alarm"]["shown_rev"] == alarm["rev"]
        clinic.read(session["id"], values={"hr": 80})
        told = [event["kind"] for event in events_until(watcher, "reading.recorded")]
        assert "alarm.sounded" not in told  # it was confirmed once, or not at all
    shown_rev = clinic.state(session["id"])["alarms"][alarm["id"]]["shown_rev"]
    assert shown_rev == (alarm["rev"] if sound == "proven" else 0)


def test_a_confirmation_that_is_none_is_refused(client: TestClient) -> None:
    with watching(client) as watcher:
        watcher.say(op="shown", session=NOBODY, alarm=NOBODY, rev=-1)
        assert watcher.next("refused")["code"] == "invalid_request"
