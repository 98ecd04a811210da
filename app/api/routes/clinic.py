"""The clinic over a period: figures and a table."""

from typing import Annotated

from fastapi import Depends, Query
from starlette.responses import Response

from app.access.roles import Permission
from app.api.actor import CurrentCaller
from app.api.answers import JSON
from app.api.context import CurrentStore
from app.api.needs import needs
from app.api.routes.common import api_router
from app.api.schemas.clinic import ClinicOut, ClinicQuery
from app.review.clinic import Period, clinic, clinic_table
from app.services.visible import check_sees_clinic

router = api_router("review")


def _period(caller: CurrentCaller, query: Annotated[ClinicQuery, Query()]) -> Period:
    """Of a simulator it is always the simulated clinic's."""
    check_sees_clinic(caller)
    return query.period(simulated=query.simulated or caller.simulated_only)


AskedPeriod = Annotated[Period, Depends(_period)]


@router.get(
    "/clinic",
    response_model=ClinicOut,
    openapi_extra=needs(Permission.REVIEW, logged="reviewed"),
)
async def clinic_view(store: CurrentStore, period: AskedPeriod) -> Response:
    return Response(await clinic(store, period), media_type=JSON)


@router.get(
    "/clinic.csv",
    response_class=Response,
    responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}}},
    openapi_extra=needs(Permission.REVIEW, logged="reviewed"),
)
async def clinic_csv(store: CurrentStore, period: AskedPeriod) -> Response:
    headers = {"Content-Disposition": 'attachment; filename="clinic.csv"'}
    return Response(await clinic_table(store, period), media_type="text/csv", headers=headers)
