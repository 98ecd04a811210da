"""The documents that screens, devices and scripts are written from."""

from pathlib import Path
from typing import Any, get_args

import pytest
from starlette.testclient import TestClient

from app.api.schemas.catalogue import ProtocolList, VitalList
from app.api.schemas.common import Flag, Phase
from app.monitoring.limits import FLAGS
from app.monitoring.phases import PHASES
from app.monitoring.vitals import VITALS
from tests.access.operations import OPERATIONS
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
        f"{method.upper()} {path}"
        for path, methods in openapi["paths"].items()
        for method in methods
    }
    assert calls == {operation.name for operation in OPERATIONS}
    text = (DOCS / "protocol.md").read_text()
    for call in calls:
        address = call.split()[1].split("{")[0].rstrip("/")
        last = address.rsplit("/", 1)[1]  # of several in one row, `/unlock` or `.../unlock`
        assert address in text or f"/{last}`" in text, f"{call} is not in docs/protocol.md"


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
    said = {"watchBoard", "watchSession", "unwatchBoard", "unwatchSession", "status", "shown"}
    assert set(asyncapi["channels"]["live"]["messages"]) == {"frame", *said}
    named = asyncapi["components"]["messages"].values()
    assert {message["payload"]["$ref"].rpartition("/")[2] for message in named} <= set(schemas)
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
