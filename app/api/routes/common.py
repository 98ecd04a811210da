"""What the routes share: a router whose errors are declared, and the ids in addresses."""

from typing import Annotated

from fastapi import APIRouter, Path

from app.api.parsing import JsonRoute
from app.api.schemas.common import problem_responses
from app.api.schemas.kinds import Code, Uuid

SessionId = Annotated[Uuid, Path(alias="session_id")]
PatientId = Annotated[Uuid, Path(alias="patient_id")]
DeviceName = Annotated[Code, Path(alias="device")]
AlarmId = Annotated[Uuid, Path(alias="alarm_id")]


def api_router(tag: str) -> APIRouter:
    return APIRouter(
        prefix="/api",
        tags=[tag],
        route_class=JsonRoute,
        responses=problem_responses("4XX", "5XX"),
        redirect_slashes=False,
    )
