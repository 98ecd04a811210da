"""The short way in answers as the routes do, byte for byte, whatever is sent; and devices that
flood are told so without keeping a nurse from typing.
"""

from __future__ import annotations

import asyncio
import json
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from starlette.testclient import TestClient

from app.api.door import from_a_device
from app.main import create_app
from app.settings import Settings
from tests.api.clinic import BASE_URL, BASELINE, NOBODY, Clinic, new_uuid, refused
from tests.api.test_quick import FIELDS, NUMBERS, VALUES
from tests.support.as_clinic import AS_SENT, AsClinic
from tests.support.people import NURSE, PEOPLE, bearer, provision

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi import FastAPI
    from httpx2 import Response
    from starlette.types import ASGIApp, Message

MAX_BYTES = 4_096
LATER = "2031-01-01T00:00:00Z"  # than any day on which this is run
JSON = {"content-type": "application/json"}
MADE_BY_SERVER = re.compile(rb'"recorded_at":"[^"]*"')
NEW_ID = re.compile(rb'"id":"(?!01930000-)[0-9a-f-]{36}"')


@dataclass(frozen=True)
class Both:
    """Two servers with the same session in each: one with the short way, one without it."""

    short: TestClient
    long: TestClient
    session_id: str


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    apps = []
    for name in ("short", "long"):
        folder = tmp_path_factory.mktemp(name)
        provision(None, folder)
        apps.append(
            create_app(Settings(data_dir=folder, database_url="", max_body_bytes=MAX_BYTES))
        )
    apps[1].door = None
    ids = {"id": new_uuid(), "patient_id": new_uuid()}
    with (
        TestClient(apps[0], base_url=BASE_URL, raise_server_exceptions=False) as short,
        TestClient(apps[1], base_url=BASE_URL, raise_server_exceptions=False) as long,
    ):
        for client in (short, long):
            client.auth = AsClinic(role="simulator")  # both kinds of readings are its to send
            clinic = Clinic(client)
            clinic.patient(id=ids["patient_id"], code="P-1")
            # Its time is the feed's, so that both answer the same whenever they are asked.
            clinic.session(**ids, station="Room 1", simulated=True, clock="driven")
            moved = client.post(f"/api/sessions/{ids['id']}/clock", json={"at": LATER})
            assert moved.status_code == 200
            for to in ("checked_in", "baseline", "ready", "infusing"):
                if to == "ready":
                    clinic.read(ids["id"], values=BASELINE)
                assert clinic.phase(ids["id"], to).status_code == 200
        yield Both(short, long, ids["id"])


def told(response: Response) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
    """All of an answer but for what the server makes anew each time."""
    content = MADE_BY_SERVER.sub(b'"recorded_at":"-"', response.content)
    return response.status_code, response.headers.raw, NEW_ID.sub(b'"id":"-"', content)


def ask(both: Both, path: str, body: bytes, headers: dict[str, str] = JSON) -> Response:
    short = both.short.post(path, content=body, headers=headers)
    long = both.long.post(path, content=body, headers=headers)
    assert told(short) == told(long), body
    return short


GOOD = {"values": {"hr": 80, "spo2": 97}, "device": "mon-01"}
CONTENTS: list[Any] = [
    *({**GOOD, name: value} for name, pool in FIELDS.items() for value in pool),
    *({**GOOD, "values": values} for values in VALUES),
    *({**GOOD, "values": {"hr": number, "spo2": 97}} for number in NUMBERS),
    *({"values": {"hr": number}} for number in NUMBERS),
    {}, [], None, 1, "x", {"readings": None}, {"readings": {}}, {"values": None}, [GOOD],
    {"values": {"hr": 80, "spo2": 0, "sbp": 70, "dbp": 90}, "device": "mon-01"},
    {"values": {"hr": 205, "spo2": 84, "sbp": 214, "dbp": 128}},
    {"values": {"spo2": 0}, "device": "mon-01"}, {"values": {"hr": None}},
]  # fmt: skip
RAW = [
    b"",
    b"{",
    b"nul",
    b"null",
    b"{}{}",
    b'\xef\xbb\xbf{"values":{"hr":80}}',
    b'{"values":{"hr":80}}\n',
    b' {"values":{"hr":80}} ',
    b'{"values":{"hr":NaN}}',
    b'{"values":{"hr":Infinity}}',
    b'{"values":{"hr":1e400}}',
    b'{"values":{"hr":-1e400}}',
    b'{"values":{"hr":1e-400}}',
    b'{"values":{"hr":80,"hr":81}}',
    b'{"values":{"hr":80},"values":{"hr":81}}',
    b'{"values":{"hr":80},"device":"a","device":null}',
    b'{"values":{"hr":080}}',
    b'{"values":{"hr":+80}}',
    b'{"values":{"hr":80.}}',
    b'{"values":{"hr":.8}}',
    b'{"values":{"hr":8e1}}',
    b'{"values":{"hr":8E+1}}',
    b'{"values":{"hr":123456789012345678901234567890}}',
    b'{"values":{"hr":-0}}',
    b'{"values":{"hr":-0.0}}',
    b'{"values":{"hr":9007199254740993}}',
    b'{"values":{"\\u0068r":80}}',
    b'{"v\\u0061lues":{"hr":80}}',
    b'{"values":{"hr":80},"device":"\\ud800"}',
    b'{"values":{"hr":80},"device":"\\u0000"}',
    b'{"values":{"hr":80},"device":"a\nb"}',
    b'{"values":{"hr":80},"device":"\xff"}',
    b'{"values":{"hr":80},"device":"m\xc3\xbc"}',
    b'{"values":{"hr":80},"device":"\\ud83d\\ude00"}',
    b'{"values":{"hr":80},}',
    b"{'values':{'hr':80}}",
    b'{"values":{"hr":80}} // x',
    b"[" * 2_000,
    b'{"values":' * 600,
    b'{"a":' * 400 + b"1" + b"}" * 400,
    b'{"values":{"hr":80}}\x00',
    b'{"values":{"hr":80.0}}',
    b'{"values":{"hr":79.9999999999999999}}',
    b"\x80",
    b'{"readings":[]}',
    b'{"values":{"hr":80},"readings":[]}',
    b'{"readings":[],"readings":null}',
    b'{"values":{"hr":80},"device":"' + b"x" * MAX_BYTES + b'"}',
]


def test_every_body_is_answered_as_the_routes_answer_it(both: Both) -> None:
    one, each = f"/api/sessions/{both.session_id}/readings", "/api/readings"
    seen = set()
    for content in CONTENTS:
        listed = {"readings": [content, {**GOOD, "station": "Room 1"}], "sent_at": None}
        for path, body in ((one, content), (one, {"readings": [content]}), (each, listed)):
            seen.add(ask(both, path, json.dumps(body).encode()).status_code)
    for raw in RAW:
        seen.add(ask(both, one, raw).status_code)
        seen.add(ask(both, each, b'{"readings":[' + raw + b"]}").status_code)
    assert {200, 201, 400, 404, 413, 422} >= seen >= {200, 201, 400, 413, 422}


@pytest.mark.parametrize("role", [*PEOPLE, "device", "nobody"])
def test_everybody_is_answered_as_the_routes_answer_them(both: Both, role: str) -> None:
    one, each = f"/api/sessions/{both.session_id}/readings", "/api/readings"
    who = {} if role == "nobody" else bearer(role)
    by_hand: list[Any] = [{"values": {"hr": 80}}, {**GOOD, "source": "manual"}]
    for content in (*by_hand, GOOD, {}, []):
        for path, body in (
            (one, content),
            (one.replace(both.session_id, NOBODY), content),
            (one, {"readings": [content, content]}),
            (each, {"readings": [content, {**GOOD, "station": "Room 1"}]}),
        ):
            answers = [
                client.post(path, json=body, headers=who, auth=AS_SENT)
                for client in (both.short, both.long)
            ]
            assert told(answers[0]) == told(answers[1]), (path, body)


def test_what_is_known_is_answered_again_and_a_conflict_told(both: Both) -> None:
    path, id = f"/api/sessions/{both.session_id}/readings", new_uuid()
    body = orjson.dumps({"id": id, "values": {"sbp": 214, "dbp": 128}})
    statuses = [ask(both, path, body).status_code for _ in range(3)]
    statuses.append(ask(both, path, orjson.dumps({"id": id, "values": {"hr": 1}})).status_code)
    listed = orjson.dumps({"readings": [orjson.loads(body), {"values": {"hr": 81}, "id": id}]})
    statuses.append(ask(both, path, listed).status_code)
    assert statuses == [201, 200, 200, 409, 200]


@pytest.mark.parametrize(
    "path",
    [
        f"/api/sessions/{NOBODY}/readings",
        "/api/sessions/x/readings",
        "/api/sessions//readings",
        f"/api/sessions/{NOBODY}/readings/",
        f"/api/sessions/{NOBODY.replace('-', '')}/readings",
        f"/api/sessions/{NOBODY}%0A/readings",
        f"/api/sessions/{NOBODY.upper()}/readings?x=1",
        "/api/readings/",
        "/api/readings?x=1",
        "/api//readings",
    ],
)
def test_every_address_is_answered_as_the_routes_answer_it(both: Both, path: str) -> None:
    for body in (GOOD, {"readings": [GOOD]}, {"readings": [GOOD, {**GOOD, "station": "Room 1"}]}):
        ask(both, path, orjson.dumps(body))


@pytest.mark.parametrize(
    "headers",
    [
        {"content-type": ""},
        {"content-type": "text/plain"},
        {"content-type": "application/json; charset=utf-8"},
        {"content-type": "APPLICATION/JSON"},
        {"content-type": " application/json "},
        {"content-type": "application/problem+json"},
        {"content-type": "application/jsonx"},
        {**JSON, "origin": "http://evil.example"},
        {**JSON, "origin": BASE_URL},
        {**JSON, "host": "evil.example"},
        {**JSON, "content-length": "9999999"},
        {**JSON, "transfer-encoding": "chunked"},
    ],
)
def test_every_header_is_answered_as_the_routes_answer_it(
    both: Both, headers: dict[str, str]
) -> None:
    path = f"/api/sessions/{both.session_id}/readings"
    for body in (orjson.dumps(GOOD), b"{", b"x" * (MAX_BYTES + 1)):
        ask(both, path, body, headers)


def test_a_body_in_parts_is_one_body(both: Both) -> None:
    path, body = f"/api/sessions/{both.session_id}/readings", orjson.dumps(GOOD)
    answers = [
        client.post(path, content=iter([body[:9], b"", body[9:]]), headers=JSON)
        for client in (both.short, both.long)
    ]
    assert told(answers[0]) == told(answers[1])
    assert answers[0].status_code == 201
    endless = [
        client.post(path, content=iter([b" " * 1_000] * 9), headers=JSON)
        for client in (both.short, both.long)
    ]
    assert told(endless[0]) == told(endless[1])
    refused(endless[0], 413, "body_too_large")


@pytest.mark.parametrize("begun", [b"", b'{"values":', b'{"values":{"hr":80}}'])
def test_who_goes_while_sending_is_answered_nothing(both: Both, begun: bytes) -> None:
    path = f"/api/sessions/{both.session_id}/readings"
    for client in (both.short, both.long):
        before = client.get(f"/api/sessions/{both.session_id}").json()["seq"]
        assert client.portal is not None
        assert client.portal.call(cut_short, client.app, path, begun) == []
        assert client.get(f"/api/sessions/{both.session_id}").json()["seq"] == before


async def cut_short(app: ASGIApp, path: str, begun: bytes) -> list[Message]:
    """What a sender would hear that goes before all of its body is there."""
    messages: list[Message] = [
        {"type": "http.request", "body": begun, "more_body": True},
        {"type": "http.disconnect"},
    ]
    answered: list[Message] = []

    async def receive() -> Message:
        return messages.pop(0) if messages else {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        answered.append(message)

    headers = [(b"host", b"127.0.0.1:8400"), (b"content-type", b"application/json")]
    headers.append((b"authorization", bearer("simulator")["Authorization"].encode()))
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": path,
        "query_string": b"",
        "headers": headers,
    }
    await app(scope, receive, send)
    return answered


def test_other_methods_go_the_usual_way(both: Both) -> None:
    for method in ("GET", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH"):
        for path in (f"/api/sessions/{both.session_id}/readings", "/api/readings"):
            short, long = (c.request(method, path) for c in (both.short, both.long))
            assert told(short) == told(long)


@pytest.mark.usefixtures("as_nurse")
def test_who_asks_is_who_recorded_it(clinic: Clinic) -> None:
    by = clinic.read(clinic.session()["id"], values={"hr": 80}).json()["recorded_by"]
    assert by == NURSE


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('{"device":"mon-01"}', True),
        ('{"device" : \n"mon-01"}', True),
        ('{"source":"device"}', True),
        ('{"readings":[{"values":{}},{"device":"m"}]}', True),
        ('{"source":"manual"}', False),
        ('{"source" :\t"manual","device":"mon-01"}', False),
        ('{"readings":[{"device":"m"},{"source":"manual"}]}', False),
        ('{"device":null}', False),
        ('{"values":{"hr":80}}', False),
        ('{"station":"\\"device\\":\\"x\\""}', False),
        ("", False),
    ],
)
def test_who_sends_is_seen_before_it_is_read_as_json(body: str, expected: bool) -> None:
    assert from_a_device(body.encode()) is expected


@dataclass
class Flood:
    over: threading.Event  # when set, what waits is written
    drained: Callable[[], Any]  # returns when it was


@pytest.fixture
def flooded(client: TestClient, app: FastAPI) -> Iterator[Flood]:
    """The devices' lane is full until it is over."""
    scribe, go_on, begun = app.state.context.store.scribe, threading.Event(), threading.Event()

    def stand_still(_: object) -> None:
        begun.set()
        go_on.wait()

    assert client.portal is not None
    waiting = [client.portal.start_task_soon(scribe.submit, stand_still)]
    begun.wait()

    async def fill() -> None:
        while scribe.takes("devices"):
            tasks.add(
                asyncio.create_task(scribe.submit(lambda _: None, lane="devices", weight=1_000))
            )
            await asyncio.sleep(0)

    async def drained() -> None:
        await asyncio.gather(*tasks)

    tasks: set[Any] = set()
    client.portal.call(fill)
    yield Flood(go_on, partial(client.portal.call, drained))
    go_on.set()
    for future in waiting:
        future.result()


def test_a_full_lane_refuses_devices_and_no_person(
    client: TestClient, clinic: Clinic, app: FastAPI, request: pytest.FixtureRequest
) -> None:
    session_id = clinic.session()["id"]
    flood: Flood = request.getfixturevalue("flooded")
    path = f"/api/sessions/{session_id}/readings"
    of_devices = [GOOD, {"readings": [GOOD] * 3}, {"source": "device", "values": {"hr": 80}}]
    for content in of_devices:
        busy = client.post(path, json=content)
        refused(busy, 503, "busy")
        assert busy.headers["retry-after"] == "1"
        assert busy.headers["cache-control"] == "no-store"
    broken = client.post(path, content=b'{"device":"mon-01",', headers=JSON | bearer("device"))
    refused(broken, 503, "busy")
    typed = [
        {"values": {"hr": 80}},
        {"values": {"hr": 81}, "source": "manual", "device": "mon-01"},
        {"readings": [{"values": {"hr": 82}}, {**GOOD, "source": "manual"}]},
    ]
    answers: list[Response] = []
    senders = [
        threading.Thread(target=lambda c=content: answers.append(client.post(path, json=c)))
        for content in typed
    ]
    for sender in senders:
        sender.start()
    flood.over.set()
    for sender in senders:
        sender.join()
    assert sorted(answer.status_code for answer in answers) == [200, 201, 201]
    flood.drained()
    assert client.post(path, json=GOOD).status_code == 201  # and the lane takes again
