"""Patients."""

from typing import Annotated

from fastapi import Query
from starlette.requests import Request
from starlette.responses import Response

from app.access.roles import Permission
from app.api.actor import CurrentActor, CurrentCaller
from app.api.answers import answer, recorded
from app.api.context import CurrentStore
from app.api.needs import needs
from app.api.routes.common import PatientId, api_router
from app.api.schemas.patients import (
    PatientIn,
    PatientList,
    PatientOut,
    PatientQuery,
    PatientSearchIn,
    PatientView,
)
from app.api.seen import found
from app.services import patients

router = api_router("patients")


@router.post(
    "/patients",
    status_code=201,
    response_model=PatientOut,
    openapi_extra=needs(Permission.WRITE_PATIENT),
)
async def create_patient(store: CurrentStore, actor: CurrentActor, body: PatientIn) -> Response:
    return recorded(await patients.create_patient(store, actor, body.to_command()))


@router.get(
    "/patients",
    response_model=PatientList,
    openapi_extra=needs(Permission.READ_PATIENT, logged="patients.searched"),
)
async def find_patients(
    request: Request,
    store: CurrentStore,
    caller: CurrentCaller,
    query: Annotated[PatientQuery, Query()],
) -> Response:
    return found(request, await patients.find_patients(store, caller, **dict(query)))


@router.post(
    "/patients/search",
    response_model=PatientList,
    openapi_extra=needs(Permission.READ_PATIENT, logged="patients.searched"),
)
async def search_patients(
    request: Request, store: CurrentStore, caller: CurrentCaller, body: PatientSearchIn
) -> Response:
    return found(request, await patients.find_patients(store, caller, **dict(body)))


@router.get(
    "/patients/{patient_id}",
    response_model=PatientView,
    openapi_extra=needs(Permission.READ_PATIENT, logged="patient.viewed"),
)
async def patient(store: CurrentStore, caller: CurrentCaller, patient_id: PatientId) -> Response:
    return answer(await patients.patient(store, caller, patient_id))
