"""The clinic's board and that of simulated sessions: one screen may watch both, and what shows only
the second is no screen of the clinic's.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from starlette.testclient import TestClient

from app.feed.hub import Hub
from app.feed.rights import Audience
from app.main import create_app
from app.settings import Settings
from tests.api.clinic import BASE_URL, LIVE_URL, Clinic
from tests.feed.fakes import EPOCH, OTHER, WARD, Browser, FakeAlarms, FakeCaller, FakeLog, settle
from tests.support.as_clinic import AS_SENT, AsClinic
from tests.support.people import WALL, Credentials, provision

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.feed.conftest import Connect

CLINIC, TRAINING = Audience(simulated=False), Audience(simulated=True)
WATCH: dict[str, Any] = {"op": "watch", "board": True}
SIMULATED: dict[str, Any] = {**WATCH, "simulated": True}
ROOM = "Room 1"


def rows(browser: Browser) -> list[tuple[str, bool, list[str]]]:
    """Of each board frame: its kind, whose board it is, and which sessions are in it."""
    return [
        (frame["kind"], frame["simulated"], [row["id"] for row in frame["sessions"]])
        for frame in browser.frames
        if frame["kind"] in ("board", "board_delta")
    ]


@pytest.fixture
def nurse() -> FakeCaller:
    return FakeCaller(CLINIC, TRAINING)


async def test_one_screen_watches_both_and_each_has_its_own(
    hub: Hub, log: FakeLog, connect: Connect, nurse: FakeCaller
) -> None:
    log.commit(WARD)
    log.commit(OTHER)
    browser = connect(nurse)
    browser.say(**WATCH)
    browser.say(**SIMULATED)
    await settle()
    assert rows(browser) == [("board", False, [WARD]), ("board", True, [OTHER])]
    hub.publish([log.commit(OTHER), log.commit(WARD)])
    await settle()
    assert rows(browser)[2:] == [("board_delta", False, [WARD]), ("board_delta", True, [OTHER])]
    browser.say(op="unwatch", board=True, simulated=True)
    await settle()
    hub.publish([log.commit(OTHER), log.commit(WARD)])
    await settle()
    assert rows(browser)[4:] == [("board_delta", False, [WARD])]
    assert nurse.watched[-1] == (TRAINING, False)


async def test_who_was_behind_gets_what_it_missed_of_both(
    hub: Hub, log: FakeLog, connect: Connect, nurse: FakeCaller
) -> None:
    log.commit(WARD)
    log.commit(OTHER)
    browser = connect(nurse)
    browser.say(**WATCH)
    browser.say(**SIMULATED)
    await settle()
    browser.reading.clear()
    for _ in range(3):
        hub.publish([log.commit(WARD)])
        hub.publish([log.commit(OTHER)])
        await settle()
    browser.reading.set()
    await settle()
    last = {simulated: ids for _, simulated, ids in rows(browser)}
    assert last == {False: [WARD], True: [OTHER]}
    seqs = [row["seq"] for frame in browser.frames for row in frame.get("sessions", [])]
    assert seqs[-2:] == [4, 4]


async def test_a_screen_that_shows_simulated_sessions_only_is_none_of_the_clinics(
    hub: Hub, log: FakeLog, alarms: FakeAlarms, connect: Connect, nurse: FakeCaller
) -> None:
    log.commit(WARD)
    log.commit(OTHER)
    browser = connect(nurse)
    browser.say(**SIMULATED)
    browser.say(op="watch", session=OTHER)
    browser.say(op="status", sound="proven")
    for session in (WARD, OTHER):
        browser.say(op="shown", session=session, alarm=session, rev=1)
    await settle()
    assert alarms.confirmed == [(OTHER, OTHER, 1)], "it sounded what it shows"
    assert hub.screens() == {"live": 0, "sound_proven": 0, "quiet": 0}
    browser.say(**WATCH)
    browser.say(op="shown", session=WARD, alarm=WARD, rev=1)
    await settle()
    assert alarms.confirmed == [(OTHER, OTHER, 1), (WARD, WARD, 1)]
    assert hub.screens() == {"live": 1, "sound_proven": 1, "quiet": 0}


async def test_a_simulator_is_no_screen_of_the_clinics_whatever_it_asks_for(
    hub: Hub, log: FakeLog, connect: Connect
) -> None:
    log.commit(WARD)
    simulator = connect(FakeCaller(TRAINING, TRAINING))
    simulator.say(op="status", sound="proven")
    await settle()
    assert hub.screens() == {"live": 0, "sound_proven": 0, "quiet": 0}
    simulator.say(op="watch", session=WARD)  # before it is known whose it is
    assert hub.screens()["sound_proven"] == 0


async def test_a_session_page_of_a_patient_is_a_screen_of_the_clinics(
    hub: Hub, log: FakeLog, alarms: FakeAlarms, connect: Connect, nurse: FakeCaller
) -> None:
    log.commit(WARD)
    browser = connect(nurse)
    browser.say(**SIMULATED)
    browser.say(op="watch", session=WARD)
    browser.say(op="status", sound="proven")
    browser.say(op="shown", session=WARD, alarm=WARD, rev=1)
    await settle()
    assert alarms.confirmed == [(WARD, WARD, 1)]
    assert hub.screens()["sound_proven"] == 1


async def test_where_people_are_trained_every_screen_counts() -> None:
    hub = Hub(EPOCH, training=True)
    assert hub.of_clinic(_watching_simulated())


def _watching_simulated() -> Any:
    class Training:
        for_training = True

    return Training()


@pytest.fixture(scope="module", params=[False, True], ids=["clinic", "training"])
def server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[TestClient, Credentials, bool]]:
    folder = tmp_path_factory.mktemp("boards")
    credentials = provision(None, folder)
    settings = Settings(data_dir=folder, database_url="", training=request.param)
    with TestClient(create_app(settings), base_url=BASE_URL) as client:
        client.auth = AsClinic(credentials)
        yield client, credentials, request.param


@pytest.fixture(scope="module")
def rooms(server: tuple[TestClient, Credentials, bool]) -> dict[str, str]:
    """A real session and a simulated one at one station, both with a high alarm."""
    clinic = Clinic(server[0])
    made = {
        kind: str(clinic.infusing(station=ROOM, simulated=kind == "simulated")["id"])
        for kind in ("real", "simulated")
    }
    for id in made.values():
        assert clinic.read(id, values={"spo2": 82}).json()["alarms"]
    return made


@contextmanager
def screen(server: tuple[TestClient, Credentials, bool], role: str) -> Iterator[Any]:
    headers = server[1].headers(role)
    with server[0].websocket_connect(LIVE_URL, headers=headers, auth=AS_SENT) as socket:
        yield socket


def next_of(socket: Any, *kinds: str) -> dict[str, Any]:
    while True:
        frame: dict[str, Any] = socket.receive_json()
        if frame["kind"] in kinds:
            return frame


@pytest.mark.parametrize("role", ["nurse", "administrator", "viewer", WALL, "simulator"])
def test_each_board_is_what_the_server_is_for(
    server: tuple[TestClient, Credentials, bool], rooms: dict[str, str], role: str
) -> None:
    client, credentials, training = server
    headers = credentials.headers(role)
    plain = set(rooms.values()) if training else {rooms["real"]}
    plain = {rooms["simulated"]} if role == "simulator" else plain
    refused = role in ("viewer", WALL) and not training
    with screen(server, role) as socket:
        assert next_of(socket, "hello")["training"] is training
        for message, query, expected in (
            (WATCH, {}, plain),
            (SIMULATED, {"simulated": "true"}, {rooms["simulated"]}),
        ):
            answer = client.get("/api/board", params=query, headers=headers, auth=AS_SENT)
            socket.send_json(message)
            frame = next_of(socket, "board", "refused")
            if query and refused:
                assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
                assert frame["code"] == "not_allowed"
            else:
                assert {row["id"] for row in frame["sessions"]} == expected
                assert {row["id"] for row in answer.json()["items"]} == expected
                assert frame["simulated"] is (bool(query) or role == "simulator")
    me = client.get("/api/auth/me", headers=credentials.headers("nurse"), auth=AS_SENT)
    assert me.json()["training"] is training


def test_the_clinics_figures_never_count_simulated_sessions(
    server: tuple[TestClient, Credentials, bool], rooms: dict[str, str]
) -> None:
    client, credentials, _ = server
    headers = credentials.headers("nurse")
    for query, kind in (({}, "real"), ({"simulated": "true"}, "simulated")):
        load = client.get("/api/alarm-load", params=query, headers=headers, auth=AS_SENT).json()
        assert [one["session_id"] for one in load["sessions"]] == [rooms[kind]]


def test_a_demo_is_a_server_for_training(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("demo")
    settings = Settings(data_dir=folder, database_url="")
    with TestClient(create_app(settings, demo=True), base_url=BASE_URL) as client:
        assert client.app.state.context.hub.training  # type: ignore[attr-defined]  # an App's
