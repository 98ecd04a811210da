"""Whatever is asked, by the OpenAPI document or against it, the server answers and never fails."""

from collections.abc import Iterator
from dataclasses import dataclass
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

CHECKS = [
    checks.not_a_server_error,
    openapi_checks.status_code_conformance,
    openapi_checks.content_type_conformance,
    openapi_checks.response_schema_conformance,
]


@dataclass(frozen=True)
class Documented:
    schema: BaseSchema
    known: dict[str, str]
    """Ids of a real session and a real patient, so that requests reach something."""


@pytest.fixture(scope="module")
def documented(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Documented]:
    folder = tmp_path_factory.mktemp("fuzz")
    app = create_app(Settings(data_dir=folder, database_url="", allowed_hosts=("testserver",)))
    with TestClient(app, base_url=BASE_URL) as client:
        session = Clinic(client).infusing(simulated=True, clock="driven")
        known = {"session_id": session["id"], "patient_id": session["patient"]["id"]}
        yield Documented(schemathesis.openapi.from_asgi("/api/openapi.json", app), known)


def calls() -> list[Any]:
    """Every call, with good requests; and with bad ones where a request can be bad."""
    paths = create_app(Settings()).openapi()["paths"]
    return [
        pytest.param(path, method, mode, id=f"{method} {path} {mode.value}")
        for path, methods in paths.items()
        for method, operation in methods.items()
        for mode in GenerationMode
        if mode is GenerationMode.POSITIVE or operation.keys() & {"parameters", "requestBody"}
    ]


@pytest.mark.parametrize(("path", "method", "mode"), calls())
def test_no_request_makes_the_server_fail(
    documented: Documented, path: str, method: str, mode: GenerationMode
) -> None:
    operation = documented.schema[path][method.upper()]

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=20,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def ask(case: schemathesis.Case[Any]) -> None:
        if mode is GenerationMode.POSITIVE:
            for name in case.path_parameters.keys() & documented.known.keys():
                case.path_parameters[name] = documented.known[name]
        case.call_and_validate(checks=CHECKS)

    ask()
