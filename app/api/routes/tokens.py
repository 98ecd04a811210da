"""Tokens of programs, and wall screens."""

from typing import Annotated

from fastapi import Path, Query
from starlette.responses import Response

from app.access import tokens
from app.access.roles import Permission
from app.access.tokens import NewToken
from app.api.actor import CurrentCaller
from app.api.answers import answer, recorded
from app.api.context import CurrentContext, CurrentStore
from app.api.needs import needs
from app.api.routes.common import api_router
from app.api.schemas.common import Page
from app.api.schemas.kinds import Uuid
from app.api.schemas.tokens import NewTokenOut, TokenIn, TokenList, TokenOut

router = api_router("tokens")

TokenId = Annotated[Uuid, Path(alias="token_id")]
NEEDS = needs(Permission.MANAGE_TOKENS)


@router.post("/tokens", status_code=201, response_model=NewTokenOut, openapi_extra=NEEDS)
async def create_token(context: CurrentContext, caller: CurrentCaller, body: TokenIn) -> Response:
    """The secret is in this answer only; a wall screen gets a link, which holds once for 15 min."""
    new = NewToken(
        body.name,
        body.role,
        body.user_id,
        body.station,
        body.session_id,
        body.expires_in_days,
        body.id,
    )
    return recorded(await tokens.create(context.store, context.access, caller, new))


@router.get("/tokens", response_model=TokenList, openapi_extra=NEEDS)
async def list_tokens(store: CurrentStore, query: Annotated[Page, Query()]) -> Response:
    """The newest first."""
    return answer(await tokens.listed(store, **dict(query)))


@router.get("/tokens/{token_id}", response_model=TokenOut, openapi_extra=NEEDS)
async def token(store: CurrentStore, token_id: TokenId) -> Response:
    return answer(await tokens.token(store, token_id))


@router.delete("/tokens/{token_id}", status_code=204, openapi_extra=NEEDS)
async def revoke_token(
    context: CurrentContext, caller: CurrentCaller, token_id: TokenId
) -> Response:
    """Whatever was opened with it ends."""
    await tokens.revoke(context.store, context.access, caller, token_id)
    return Response(status_code=204)


@router.post("/tokens/{token_id}/link", response_model=NewTokenOut, openapi_extra=NEEDS)
async def new_link(store: CurrentStore, caller: CurrentCaller, token_id: TokenId) -> Response:
    """A new link for a wall screen; one made before holds no more."""
    return answer(await tokens.new_link(store, caller, token_id))
