"""The documents that screens, devices and scripts are written from."""

import re
from pathlib import Path
from typing import Any, get_args

import pytest
from starlette.testclient import TestClient

from app.api.schemas.catalogue import ProtocolList, VitalList
from app.api.schemas.common import Flag, Phase
from app.monitoring.limits import FLAGS
from app.monitoring.phases import PHASES
from app.monitoring.vitals import VITALS
from tests.api.clinic import conforms

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture(scope="module")
def openapi(client: TestClient) -> dict[str, Any]:
    return dict(client.get("/api/openapi.json").json())


@pytest.fixture(scope="module")
def asyncapi(client: TestClient) -> dict[str, Any]:
    return dict(client.get("/api/asyncapi.json").json())


def references(node: Any) -> set[str]:
    if isinstance(node, dict):
        own = {node["$ref"]} if isinstance(node.get("$ref"), str) else set()
        return own.union(*(references(value) for value in node.values()))
    if isinstance(node, list):
        return set().union(*(references(value) for value in node))
    return set()


def resolve(document: Any, reference: str) -> Any:
    for part in reference.removeprefix("#/").split("/"):
        document = document[part]
    return document


def test_every_call_is_documented_and_every_documented_call_exists(openapi: dict[str, Any]) -> None:
    calls = {
        f"{method.upper()} {re.sub(r'{[^}]*}', '{}', path)}"
        for path, methods in openapi["paths"].items()
        for method in methods
    }
    assert calls == {
        "POST /api/patients",
        "GET /api/patients",
        "GET /api/patients/{}",
        "POST /api/sessions",
        "GET /api/sessions",
        "GET /api/sessions/{}",
        "POST /api/sessions/{}/phase",
        "POST /api/sessions/{}/clock",
        "POST /api/sessions/{}/readings",
        "POST /api/readings",
        "GET /api/sessions/{}/alarms",
        "POST /api/sessions/{}/alarms/{}/acknowledge",
        "POST /api/sessions/{}/alarms/{}/end",
        "POST /api/sessions/{}/audio-pause",
        "DELETE /api/sessions/{}/audio-pause",
        "POST /api/sessions/{}/audio-off",
        "DELETE /api/sessions/{}/audio-off",
        "POST /api/sessions/{}/alarm-off",
        "DELETE /api/sessions/{}/alarm-off",
        "POST /api/sessions/{}/standby",
        "DELETE /api/sessions/{}/standby",
        "PUT /api/sessions/{}/devices/{}",
        "DELETE /api/sessions/{}/devices/{}",
        "PUT /api/sessions/{}/responsible",
        "POST /api/sessions/{}/help",
        "DELETE /api/sessions/{}/help",
        "GET /api/sessions/{}/limits",
        "PUT /api/sessions/{}/limits",
        "POST /api/sessions/{}/readings/{}/void",
        "POST /api/sessions/{}/readings/{}/amend",
        "POST /api/sessions/{}/readings/{}/move",
        "GET /api/alarm-load",
        "POST /api/what-if",
        "GET /api/notices",
        "POST /api/notices/{}/dismiss",
        "GET /api/sessions/{}/events",
        "GET /api/sessions/{}/timeline",
        "GET /api/board",
        "GET /api/vitals",
        "GET /api/protocols",
        "GET /livez",
        "GET /readyz",
    }
    text = (DOCS / "protocol.md").read_text()
    for call in calls:
        address = call.split()[1].replace("{}", "{")
        assert address.split("{")[0].rstrip("/") in text, f"{call} is not in docs/protocol.md"


def test_every_reference_leads_somewhere(openapi: dict[str, Any], asyncapi: dict[str, Any]) -> None:
    for document in (openapi, asyncapi):
        for reference in references(document):
            assert resolve(document, reference)


def test_every_call_of_the_api_answers_errors_with_problems(openapi: dict[str, Any]) -> None:
    for path, methods in openapi["paths"].items():
        for method, operation in methods.items():
            if path.startswith("/api/"):
                content = operation["responses"]["4XX"]["content"]
                assert list(content) == ["application/problem+json"], f"{method} {path}"
                assert "422" not in operation["responses"]


def test_names_are_those_of_the_models(openapi: dict[str, Any]) -> None:
    names = set(openapi["components"]["schemas"])
    assert {"StateOut", "BoardRow", "ReadingOut", "AlarmOut", "Problem", "Frame"} <= names
    assert not [name for name in names if "-" in name or "__" in name]


def test_events_and_frames_are_told_apart_by_kind(openapi: dict[str, Any]) -> None:
    schemas = openapi["components"]["schemas"]
    events = schemas["EventList"]["properties"]["items"]["items"]["discriminator"]
    assert events["propertyName"] == "kind"
    assert "reading.recorded" in events["mapping"]
    assert set(schemas["Frame"]["discriminator"]["mapping"]) == {
        "hello",
        "board",
        "board_delta",
        "snapshot",
        "events",
        "heartbeat",
        "clinic",
        "refused",
    }
    for name, schema in schemas.items():
        if "kind" in schema.get("properties", {}):
            assert "kind" in schema["required"], name


def test_every_vital_sign_can_be_sent(openapi: dict[str, Any]) -> None:
    assert set(openapi["components"]["schemas"]["ValuesIn"]["properties"]) == set(VITALS)


def test_words_are_those_of_the_engine() -> None:
    assert get_args(Phase) == PHASES
    assert set(get_args(Flag)) == set(FLAGS.values())


def test_the_feed_is_described(asyncapi: dict[str, Any]) -> None:
    assert asyncapi["asyncapi"] == "3.0.0"
    assert asyncapi["channels"]["live"]["address"] == "/api/live"
    schemas = asyncapi["components"]["schemas"]
    assert set(asyncapi["channels"]["live"]["messages"]) == {"frame", "watcherMessage"}
    assert {"Frame", "WatcherMessage", "StateOut"} <= set(schemas)


def test_streaming_ingest_is_described(asyncapi: dict[str, Any]) -> None:
    channel = asyncapi["channels"]["ingest"]
    assert channel["address"] == "/api/ingest"
    assert set(channel["messages"]) == {"readings", "acknowledgement"}
    schemas = asyncapi["components"]["schemas"]
    assert set(schemas["IngestMessage"]["properties"]) == {"n", "readings", "sent_at"}
    assert set(schemas["IngestAnswer"]["properties"]) == {"ack", "refused"}
    assert "RefusedReading" in schemas


def test_the_registry_and_the_presets_are_what_the_documents_say(client: TestClient) -> None:
    vitals = conforms(VitalList, client.get("/api/vitals"))
    assert [vital["code"] for vital in vitals["items"]] == list(VITALS)
    protocols = conforms(ProtocolList, client.get("/api/protocols"))
    assert protocols["items"][0]["code"] == "ketamine_adult"


def test_the_server_says_that_it_lives_and_is_ready(client: TestClient) -> None:
    assert client.get("/livez").json() == {"alive": True}
    assert client.get("/readyz").json()["reasons"] == []
