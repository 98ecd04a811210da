"""Patients."""

from typing import Annotated

from fastapi import Query
from starlette.responses import Response

from app.api.actor import CurrentActor
from app.api.answers import answer, recorded
from app.api.context import CurrentStore
from app.api.routes.common import PatientId, api_router
from app.api.schemas.patients import PatientIn, PatientList, PatientOut, PatientQuery
from app.services import patients

router = api_router("patients")


@router.post("/patients", status_code=201, response_model=PatientOut)
async def create_patient(store: CurrentStore, actor: CurrentActor, body: PatientIn) -> Response:
    return recorded(await patients.create_patient(store, actor, body.to_command()))


@router.get("/patients", response_model=PatientList)
async def find_patients(store: CurrentStore, query: Annotated[PatientQuery, Query()]) -> Response:
    return answer(await patients.find_patients(store, **dict(query)))


@router.get("/patients/{patient_id}", response_model=PatientOut)
async def patient(store: CurrentStore, patient_id: PatientId) -> Response:
    return answer(await patients.patient(store, patient_id))
