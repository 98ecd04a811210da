"""Whatever is asked by whomever, by the OpenAPI document or against it, the server answers, never
fails, and tells nothing of a patient to who may not know it. Its tests are in two files, which are
run side by side.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import cycle
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode, checks
from schemathesis.schemas import BaseSchema
from schemathesis.specs.openapi import checks as openapi_checks
from starlette.testclient import TestClient

from app.main import create_app
from app.settings import Settings
from tests.api.clinic import BASE_URL, Clinic
from tests.support.as_clinic import AsClinic
from tests.support.people import PEOPLE, PROGRAMS, WALL, provision

CHECKS = [
    checks.not_a_server_error,
    openapi_checks.status_code_conformance,
    openapi_checks.content_type_conformance,
    openapi_checks.response_schema_conformance,
]
EXAMPLES = 3  # of each call, each asked by everybody: some 40 s in all
NOBODY = "nobody"
EVERYBODY = (*PEOPLE, *PROGRAMS, WALL, NOBODY)
BLIND = {"administrator", "viewer", "device", "simulator", WALL, NOBODY}
"""Who may know nothing of the patient below; a simulator sees simulated sessions only."""
MARKS = {
    "name": "Zquillfeather",
    "initials": "Zq.F.",
    "code": "ZQ-774-1931",
    "birth_date": "1931-07-19",
}
NOTE = "Zqnote of a nurse"
SESSIONS = "/api/sessions"
EMERGENCY = "/api/auth/emergency"  # would let the administrator read what the marks stand for


@dataclass(frozen=True)
class Documented:
    schema: BaseSchema
    known: Iterator[dict[str, str]]
    """Ids of a real session and of a simulated one in turn, so that requests reach something."""
    headers: dict[str, dict[str, str]]


@pytest.fixture(scope="module")
def documented(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Documented]:
    folder = tmp_path_factory.mktemp("fuzz")
    who = provision(None, folder)
    app = create_app(Settings(data_dir=folder, database_url="", allowed_hosts=("testserver",)))
    with TestClient(app, base_url=BASE_URL) as client:
        client.auth = AsClinic(who, "simulator")
        simulated = Clinic(client).infusing(simulated=True, clock="driven")
        client.auth = AsClinic(who)
        clinic = Clinic(client)
        real = clinic.infusing(patient_id=clinic.patient(**MARKS)["id"])
        spoken = {"note": NOTE}
        assert client.post(f"/api/sessions/{real['id']}/help", json=spoken).is_success
        assert MARKS["name"] in client.get(f"/api/patients/{real['patient']['id']}").text
        assert NOTE in client.get(f"/api/sessions/{real['id']}").text
        as_administrator = who.headers("administrator")
        user = {"name": "whoever", "display_name": "Whoever", "role": "nurse"}
        made = client.post("/api/users", json=user, headers=as_administrator)
        token = {"name": "whatever", "role": "device"}
        given_out = client.post("/api/tokens", json=token, headers=as_administrator)
        theirs = {"user_id": made.json()["id"], "token_id": given_out.json()["id"]}
        known = [
            {"session_id": session["id"], "patient_id": session["patient"]["id"], **theirs}
            for session in (real, simulated)
        ]
        headers = {role: {} if role == NOBODY else who.headers(role) for role in EVERYBODY}
        schema = schemathesis.openapi.from_asgi("/api/openapi.json", app)
        yield Documented(schema, cycle(known), headers)


def calls(*, sessions: bool) -> list[Any]:
    """Every call of sessions, or every other; with good requests, and with bad ones where a request
    can be bad.
    """
    return [
        pytest.param(path, method, mode, id=f"{method} {path} {mode.value}")
        for path, methods in _paths().items()
        if path.startswith(SESSIONS) is sessions
        for method, operation in methods.items()
        for mode in GenerationMode
        if mode is GenerationMode.POSITIVE or operation.keys() & {"parameters", "requestBody"}
    ]


@cache
def _paths() -> dict[str, Any]:
    paths: dict[str, Any] = create_app(Settings()).openapi()["paths"]
    return paths


def nothing_fails_or_tells_too_much(
    documented: Documented, path: str, method: str, mode: GenerationMode
) -> None:
    operation = documented.schema[path][method.upper()]

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def ask(case: schemathesis.Case[Any]) -> None:
        if mode is GenerationMode.POSITIVE:
            known = next(documented.known)
            for name in case.path_parameters.keys() & known.keys():
                case.path_parameters[name] = known[name]
        for role, headers in documented.headers.items():
            if role == "administrator" and path == EMERGENCY:
                continue
            response = case.call_and_validate(checks=CHECKS, headers=headers)
            if role in BLIND:
                told = f"{response.headers} {response.text}"
                seen = [mark for mark in (*MARKS.values(), NOTE) if mark in told]
                assert not seen, f"{role} was told {seen}"

    ask()
