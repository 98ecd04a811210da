"""Users: who may sign in, and as what."""

from typing import Annotated

from fastapi import Path, Query
from starlette.responses import Response

from app.access import users
from app.access.roles import Permission
from app.access.users import NewUser, UserChange
from app.api.actor import CurrentCaller
from app.api.answers import answer, recorded
from app.api.context import CurrentContext, CurrentStore
from app.api.needs import needs
from app.api.routes.common import api_router
from app.api.schemas.auth import SignInsOut
from app.api.schemas.common import Page
from app.api.schemas.kinds import Uuid
from app.api.schemas.users import NewUserOut, UserChangeIn, UserIn, UserList, UserOut

router = api_router("users")

UserId = Annotated[Uuid, Path(alias="user_id")]
SignInId = Annotated[Uuid, Path(alias="sign_in_id")]
NEEDS = needs(Permission.MANAGE_USERS)


@router.post("/users", status_code=201, response_model=NewUserOut, openapi_extra=NEEDS)
async def create_user(context: CurrentContext, caller: CurrentCaller, body: UserIn) -> Response:
    new = NewUser(body.name, body.display_name, body.role, body.id)
    desk = users.Desk(context.store, context.access, context.signing.hashing)
    return recorded(await users.create(desk, caller, new, body.password))


@router.get("/users", response_model=UserList, openapi_extra=NEEDS)
async def list_users(store: CurrentStore, query: Annotated[Page, Query()]) -> Response:
    """In order of making."""
    return answer(await users.listed(store, **dict(query)))


@router.get("/users/{user_id}", response_model=UserOut, openapi_extra=NEEDS)
async def user(store: CurrentStore, user_id: UserId) -> Response:
    return answer(await users.user(store, user_id))


@router.patch("/users/{user_id}", response_model=UserOut, openapi_extra=NEEDS)
async def change_user(
    context: CurrentContext, caller: CurrentCaller, user_id: UserId, body: UserChangeIn
) -> Response:
    """Another role, and `active: false`, end the user's own sign-ins."""
    change = UserChange(**dict(body))
    return answer(await users.change(context.store, context.access, caller, user_id, change))


@router.post("/users/{user_id}/reset", response_model=NewUserOut, openapi_extra=NEEDS)
async def reset(context: CurrentContext, caller: CurrentCaller, user_id: UserId) -> Response:
    """A new password, shown once; the PIN is gone, and the user's own sign-ins end."""
    desk = users.Desk(context.store, context.access, context.signing.hashing)
    return answer(await users.reset(desk, caller, user_id))


@router.post("/users/{user_id}/unlock", response_model=UserOut, openapi_extra=NEEDS)
async def unlock(context: CurrentContext, caller: CurrentCaller, user_id: UserId) -> Response:
    """Lifts the lockout after wrong passwords."""
    return answer(await users.unlock(context.store, context.access, caller, user_id))


@router.get("/users/{user_id}/sign-ins", response_model=SignInsOut, openapi_extra=NEEDS)
async def sign_ins(store: CurrentStore, caller: CurrentCaller, user_id: UserId) -> Response:
    return answer(await users.sign_ins(store, caller, user_id))


@router.delete("/users/{user_id}/sign-ins/{sign_in_id}", status_code=204, openapi_extra=NEEDS)
async def end_sign_in(
    context: CurrentContext, caller: CurrentCaller, user_id: UserId, sign_in_id: SignInId
) -> Response:
    await users.end_sign_in(context.store, context.access, caller, user_id, sign_in_id)
    return Response(status_code=204)
