"""Annotations on a session's timeline."""

from typing import Annotated

from fastapi import Body, Path
from starlette.responses import Response

from app.access.roles import Permission
from app.api.actor import CurrentActor
from app.api.answers import answer, recorded
from app.api.context import CurrentStore
from app.api.needs import needs
from app.api.rewriting import fitting
from app.api.routes.common import SessionId, api_router
from app.api.schemas.annotations import (
    AnnotationIn,
    AnnotationList,
    AnnotationOut,
    CorrectAnnotationIn,
    VoidAnnotationIn,
)
from app.api.schemas.kinds import Uuid
from app.services import annotations

router = api_router("annotations")

AnnotationId = Annotated[Uuid, Path(alias="annotation_id")]
ANNOTATIONS = "/sessions/{session_id}/annotations"


@router.post(
    ANNOTATIONS,
    status_code=201,
    response_model=AnnotationOut,
    responses={200: {"model": AnnotationOut, "description": "It was recorded before"}},
    openapi_extra=needs(Permission.ANNOTATE),
)
async def annotate(
    store: CurrentStore,
    actor: CurrentActor,
    session_id: SessionId,
    body: Annotated[AnnotationIn, Body()],
) -> Response:
    return recorded(await annotations.annotate(store, actor, session_id, body.to_command()))


@router.get(
    ANNOTATIONS,
    response_model=AnnotationList,
    openapi_extra=needs(Permission.READ_SESSION, logged="session.viewed"),
)
async def session_annotations(store: CurrentStore, session_id: SessionId) -> Response:
    return answer(await annotations.session_annotations(store, session_id))


@router.post(
    f"{ANNOTATIONS}/{{annotation_id}}/void",
    response_model=AnnotationOut,
    openapi_extra=needs(Permission.ANNOTATE),
)
async def void_annotation(
    store: CurrentStore,
    actor: CurrentActor,
    session_id: SessionId,
    annotation_id: AnnotationId,
    body: VoidAnnotationIn,
) -> Response:
    command = body.to_command(annotation_id)
    return answer(await annotations.void_annotation(store, actor, session_id, command))


@router.post(
    f"{ANNOTATIONS}/{{annotation_id}}/correct",
    response_model=AnnotationOut,
    openapi_extra=needs(Permission.ANNOTATE),
)
async def correct_annotation(
    store: CurrentStore,
    actor: CurrentActor,
    session_id: SessionId,
    annotation_id: AnnotationId,
    body: CorrectAnnotationIn,
) -> Response:
    command = body.to_command(annotation_id)
    said = await annotations.correct_annotation(store, actor, session_id, command, fitting)
    return answer(said)
