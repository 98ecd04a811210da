"""Signatures under a session's record."""

from typing import Annotated

from fastapi import Body
from starlette.responses import Response

from app.access.roles import Permission
from app.api.actor import CurrentCaller, CurrentClient
from app.api.answers import answer, recorded
from app.api.context import CurrentContext, CurrentStore
from app.api.needs import needs
from app.api.routes.common import SessionId, api_router
from app.api.schemas.signatures import AddendumIn, SignatureList, SignatureOut, SignIn
from app.services import signatures

router = api_router("signatures")

SIGNED_BEFORE = {"model": SignatureOut, "description": "It was signed before under this id"}


@router.post(
    "/sessions/{session_id}/sign",
    status_code=201,
    response_model=SignatureOut,
    responses={200: SIGNED_BEFORE},
    openapi_extra=needs(Permission.SIGN_RECORD),
)
async def sign(
    context: CurrentContext,
    caller: CurrentCaller,
    client: CurrentClient,
    session_id: SessionId,
    body: Annotated[SignIn, Body()],
) -> Response:
    """By a clinician, with the password again; of a closed session, once."""
    own, asked = context.signing.own_account, body.to_asked()
    return recorded(
        await signatures.sign(context.store, own, caller, client, session_id, asked, body.password)
    )


@router.post(
    "/sessions/{session_id}/addenda",
    status_code=201,
    response_model=SignatureOut,
    responses={200: SIGNED_BEFORE},
    openapi_extra=needs(Permission.ADD_ADDENDUM),
)
async def add_addendum(
    context: CurrentContext,
    caller: CurrentCaller,
    client: CurrentClient,
    session_id: SessionId,
    body: Annotated[AddendumIn, Body()],
) -> Response:
    """What is said later, with a signature of its own."""
    own, asked = context.signing.own_account, body.to_asked()
    return recorded(
        await signatures.sign(context.store, own, caller, client, session_id, asked, body.password)
    )


@router.get(
    "/sessions/{session_id}/signatures",
    response_model=SignatureList,
    openapi_extra=needs(Permission.READ_SESSION, logged="session.viewed"),
)
async def session_signatures(store: CurrentStore, session_id: SessionId) -> Response:
    """Each of them, and whether it still holds: the whole log is looked at."""
    return answer(await signatures.session_signatures(store, session_id))
