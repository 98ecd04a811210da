"""Records as files to hand on: of one session, and of all that began in a range."""

from typing import Annotated

from fastapi import Depends, Path, Query
from starlette.responses import Response

from app.access.roles import Permission
from app.api import exporting
from app.api.actor import CurrentCaller
from app.api.answers import answer
from app.api.context import CurrentContext
from app.api.needs import needs
from app.api.routes.common import SessionId, api_router
from app.api.schemas.exports import ExportIn, ExportList, ExportOut, ReportQuery
from app.api.schemas.kinds import Uuid
from app.services.visible import check_sees_clinic

router = api_router("exports")

ExportId = Annotated[Uuid, Path(alias="export_id")]
ReportOf = Annotated[ReportQuery, Query()]


def _asker(caller: CurrentCaller) -> str:
    """Whose exports of ranges these are; a person's are not for their token of one place."""
    check_sees_clinic(caller)
    return caller.actor.id


Asker = Annotated[str, Depends(_asker)]
TEXT = {"schema": {"type": "string"}}
BINARY = {"schema": {"type": "string", "format": "binary"}}


@router.get(
    "/sessions/{session_id}/report.pdf",
    response_class=Response,
    responses={200: {"content": {"application/pdf": BINARY}}},
    openapi_extra=needs(Permission.EXPORT_RECORD),
)
async def report_pdf(
    context: CurrentContext, caller: CurrentCaller, session_id: SessionId, query: ReportOf
) -> Response:
    return await exporting.session_file(context, caller, session_id, "report.pdf", query.zone)


@router.get(
    "/sessions/{session_id}/report.html",
    response_class=Response,
    responses={200: {"content": {"text/html": TEXT}}},
    openapi_extra=needs(Permission.EXPORT_RECORD),
)
async def report_html(
    context: CurrentContext, caller: CurrentCaller, session_id: SessionId, query: ReportOf
) -> Response:
    return await exporting.session_file(context, caller, session_id, "report.html", query.zone)


@router.get(
    "/sessions/{session_id}/readings.csv",
    response_class=Response,
    responses={200: {"content": {"text/csv": TEXT}}},
    openapi_extra=needs(Permission.EXPORT_RECORD),
)
async def readings_csv(
    context: CurrentContext, caller: CurrentCaller, session_id: SessionId
) -> Response:
    return await exporting.session_file(context, caller, session_id, "readings.csv", "UTC")


@router.get(
    "/sessions/{session_id}/events.csv",
    response_class=Response,
    responses={200: {"content": {"text/csv": TEXT}}},
    openapi_extra=needs(Permission.EXPORT_RECORD),
)
async def events_csv(
    context: CurrentContext, caller: CurrentCaller, session_id: SessionId
) -> Response:
    return await exporting.session_file(context, caller, session_id, "events.csv", "UTC")


@router.post(
    "/exports",
    status_code=202,
    response_model=ExportOut,
    openapi_extra=needs(Permission.EXPORT_RECORD),
)
async def begin_export(context: CurrentContext, caller: CurrentCaller, body: ExportIn) -> Response:
    told, created = await exporting.begin_range(context, caller, body)
    return answer(told, 202 if created else 200)


@router.get("/exports", response_model=ExportList, openapi_extra=needs(Permission.EXPORT_RECORD))
async def exports(context: CurrentContext, who: Asker) -> Response:
    """One's own, the newest first."""
    items = [job.told() for job in context.exports.of(who)]
    return answer({"items": items, "next_cursor": None})


@router.get(
    "/exports/{export_id}", response_model=ExportOut, openapi_extra=needs(Permission.EXPORT_RECORD)
)
async def one_export(context: CurrentContext, who: Asker, export_id: ExportId) -> Response:
    return answer(context.exports.one(export_id, who).told())


@router.delete(
    "/exports/{export_id}", response_model=ExportOut, openapi_extra=needs(Permission.EXPORT_RECORD)
)
async def cancel_export(context: CurrentContext, who: Asker, export_id: ExportId) -> Response:
    """It is given up, and its file is gone."""
    job = await context.exports.cancel(export_id, who)
    return answer(job.told())


@router.get(
    "/exports/{export_id}/file",
    response_class=Response,
    responses={200: {"content": {"application/zip": BINARY}}},
    openapi_extra=needs(Permission.EXPORT_RECORD),
)
async def export_file(
    context: CurrentContext, caller: CurrentCaller, export_id: ExportId
) -> Response:
    return await exporting.range_file(context, caller, export_id)
