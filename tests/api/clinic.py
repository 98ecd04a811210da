"""A small clinic to test with, made by the public API; answers are held against their models."""

from dataclasses import dataclass
from itertools import count
from typing import Any, TypeVar
from uuid import UUID

import orjson
from httpx2 import Response
from pydantic import BaseModel, TypeAdapter
from starlette.testclient import TestClient

from app.api.schemas.common import Problem

Model = TypeVar("Model", bound=BaseModel)

BASE_URL = "http://127.0.0.1:8400"
LIVE_URL = "ws://127.0.0.1:8400/api/live"
BASELINE = {"hr": 74, "spo2": 98, "sbp": 124, "dbp": 76, "rr": 14, "sedation": 5}
NOBODY = "00000000-0000-7000-8000-0000000000ff"

_numbers = count(1)


def new_uuid() -> str:
    """Another id, the same in every run."""
    return str(UUID(int=(0x0193 << 112) | (0x7 << 76) | (0x8 << 60) | next(_numbers)))


def conforms(model: type[Model], response: Response, status: int = 200) -> dict[str, Any]:
    """The answer's content, once it is what the OpenAPI document says."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/json"
    model.model_validate_json(response.content)
    content: dict[str, Any] = orjson.loads(response.content)
    return content


def fits(kind: Any, content: Any) -> None:
    TypeAdapter(kind).validate_json(orjson.dumps(content))


def refused(response: Response, status: int, code: str) -> dict[str, Any]:
    """The problem, once it is a whole one that shows nothing of the code."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = orjson.loads(response.content)
    Problem.model_validate(problem)
    assert problem["code"] == code, problem
    assert problem["status"] == status
    assert problem["type"] == f"urn:infusion-monitor:problem:{code}"
    assert problem["title"]
    assert problem["detail"]
    for trace in ("Traceback", "pydantic", "sqlite", ".py"):
        assert trace not in response.text
    return problem


@dataclass
class Clinic:
    """Makes what a test needs by the public API alone."""

    client: TestClient

    def patient(self, **fields: Any) -> dict[str, Any]:
        body = {"code": f"P-{next(_numbers)}", "initials": "T.P.", **fields}
        response = self.client.post("/api/patients", json=body)
        assert response.status_code == 201, response.text
        return dict(response.json())

    def session(self, **fields: Any) -> dict[str, Any]:
        body = {
            "station": f"Room {next(_numbers)}",
            "protocol": "ketamine_adult",
            "weight_kg": 70,
            "dose_mg_per_kg": 0.5,
            "planned_minutes": 40,
            **fields,
        }
        body.setdefault("patient_id", self.patient()["id"] if "patient_id" not in body else None)
        response = self.client.post("/api/sessions", json=body)
        assert response.status_code == 201, response.text
        return dict(response.json())

    def read(self, session_id: str, **reading: Any) -> Response:
        return self.client.post(f"/api/sessions/{session_id}/readings", json=reading)

    def phase(self, session_id: str, to: str, **fields: Any) -> Response:
        return self.client.post(f"/api/sessions/{session_id}/phase", json={"to": to, **fields})

    def infusing(self, **fields: Any) -> dict[str, Any]:
        """A session that was walked to the infusion."""
        session = self.session(**fields)
        for to in ("checked_in", "baseline"):
            assert self.phase(session["id"], to).status_code == 200
        assert self.read(session["id"], values=BASELINE).status_code == 201
        for to in ("ready", "infusing"):
            response = self.phase(session["id"], to)
            assert response.status_code == 200, response.text
        return dict(response.json())

    def state(self, session_id: str) -> dict[str, Any]:
        return dict(self.client.get(f"/api/sessions/{session_id}").json())
