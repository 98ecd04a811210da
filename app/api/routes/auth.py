"""Signing in and out, and who is at a screen."""

from typing import Annotated

from fastapi import Path
from starlette.requests import Request
from starlette.responses import Response

from app.access.access import Given
from app.access.caller import Caller
from app.access.roles import Permission
from app.access.sign_ins import Begun, Login
from app.api.actor import CurrentCaller, client_of
from app.api.answers import answer
from app.api.context import CurrentContext, current
from app.api.cookies import clear_cookie, set_cookie
from app.api.needs import given, needs
from app.api.routes.common import api_router
from app.api.schemas.auth import (
    DemoIn,
    GrantIn,
    GrantOut,
    LinkIn,
    LoginIn,
    MeOut,
    PasswordIn,
    PeopleOut,
    PinIn,
    Proof,
    SignInsOut,
    WelcomeOut,
)
from app.api.schemas.kinds import Uuid
from app.errors import NotSignedIn
from app.models.credentials import SignInRecord

router = api_router("auth")

OwnSignInId = Annotated[Uuid, Path(alias="sign_in_id")]


async def _had(request: Request) -> str | None:
    """The sign-in that this browser has; an unknown one is none."""
    asked = given(request)
    if not asked.cookie:
        return None
    try:
        record = await current(request).access.record(Given(None, asked.cookie, None, "GET", ""))
    except NotSignedIn:
        return None
    return record.id if isinstance(record, SignInRecord) else None


async def _me(request: Request, caller: Caller) -> Response:
    return answer(await current(request).signing.screens.me(caller))


async def _signed_in(request: Request, begun: Begun) -> Response:
    context = current(request)
    caller = await context.access.caller(Given(None, begun.secret, None, "GET", ""))
    return set_cookie(await _me(request, caller), request, begun)


@router.get("/auth/welcome", response_model=WelcomeOut, openapi_extra=needs(Permission.PUBLIC))
async def welcome(context: CurrentContext) -> Response:
    """Is this a demo; can anybody sign in yet."""
    return answer(await context.signing.sign_ins.welcome())


@router.post("/auth/login", response_model=MeOut, openapi_extra=needs(Permission.PUBLIC))
async def login(request: Request, context: CurrentContext, body: LoginIn) -> Response:
    """Sets the cookie; the sign-in that this browser had ends."""
    had = await _had(request)
    asked = Login(**dict(body))
    return await _signed_in(
        request, await context.signing.sign_ins.login(asked, client_of(request), had)
    )


@router.post("/auth/demo", response_model=MeOut, openapi_extra=needs(Permission.PUBLIC))
async def demo(request: Request, context: CurrentContext, body: DemoIn) -> Response:
    """Without a password, where the server is a demo."""
    had = await _had(request)
    begun = await context.signing.sign_ins.demo_login(body.role, client_of(request), had)
    return await _signed_in(request, begun)


@router.post("/auth/link", response_model=MeOut, openapi_extra=needs(Permission.PUBLIC))
async def link(request: Request, context: CurrentContext, body: LinkIn) -> Response:
    """A wall screen signs in by its one-time link."""
    had = await _had(request)
    secret = body.link.rpartition("#")[2]  # some paste the whole address
    begun = await context.signing.sign_ins.link(secret, client_of(request), had)
    return await _signed_in(request, begun)


@router.get("/auth/me", response_model=MeOut, openapi_extra=needs(Permission.OWN_SCREEN))
async def me(request: Request, caller: CurrentCaller) -> Response:
    return await _me(request, caller)


@router.post("/auth/logout", status_code=204, openapi_extra=needs(Permission.LEAVE_SCREEN))
async def logout(request: Request, context: CurrentContext, caller: CurrentCaller) -> Response:
    await context.signing.sign_ins.logout(caller)
    return clear_cookie(Response(status_code=204), request)


@router.post("/auth/active", response_model=MeOut, openapi_extra=needs(Permission.OWN_SCREEN))
async def active(request: Request, context: CurrentContext, caller: CurrentCaller) -> Response:
    """Somebody is at this screen."""
    context.access.use(caller)
    return await _me(request, caller)


@router.post("/auth/lock", response_model=MeOut, openapi_extra=needs(Permission.OWN_SCREEN))
async def lock(request: Request, context: CurrentContext, caller: CurrentCaller) -> Response:
    return await _me(request, await context.signing.screens.lock(caller))


@router.post("/auth/unlock", response_model=MeOut, openapi_extra=needs(Permission.OWN_SCREEN))
async def unlock(
    request: Request, context: CurrentContext, caller: CurrentCaller, body: Proof
) -> Response:
    """One's own sign-in, not a shared one."""
    screens = context.signing.screens
    return await _me(request, await screens.unlock(caller, client_of(request), **dict(body)))


@router.get("/auth/people", response_model=PeopleOut, openapi_extra=needs(Permission.OWN_SCREEN))
async def people(context: CurrentContext, caller: CurrentCaller) -> Response:
    """Who has a PIN."""
    return answer(await context.signing.screens.people(caller))


@router.post("/auth/grant", response_model=GrantOut, openapi_extra=needs(Permission.OWN_SCREEN))
async def grant(
    request: Request, context: CurrentContext, caller: CurrentCaller, body: GrantIn
) -> Response:
    """For one operation on a locked or shared screen, sent back with it as `Infusion-Grant`."""
    return answer(await context.signing.screens.grant(caller, client_of(request), **dict(body)))


@router.post("/auth/password", status_code=204, openapi_extra=needs(Permission.OWN_ACCOUNT))
async def password(
    request: Request, context: CurrentContext, caller: CurrentCaller, body: PasswordIn
) -> Response:
    """This person's other sign-ins end; this one gets another cookie."""
    account = context.signing.own_account
    begun = await account.change_password(caller, client_of(request), **dict(body))
    response = Response(status_code=204)
    return response if begun is None else set_cookie(response, request, begun)


@router.post("/auth/pin", status_code=204, openapi_extra=needs(Permission.OWN_ACCOUNT))
async def pin(
    request: Request, context: CurrentContext, caller: CurrentCaller, body: PinIn
) -> Response:
    await context.signing.own_account.set_pin(caller, client_of(request), **dict(body))
    return Response(status_code=204)


@router.get(
    "/auth/sign-ins", response_model=SignInsOut, openapi_extra=needs(Permission.OWN_ACCOUNT)
)
async def sign_ins(context: CurrentContext, caller: CurrentCaller) -> Response:
    """One's own that hold."""
    return answer(await context.signing.sign_ins.listed(caller))


@router.delete(
    "/auth/sign-ins/{sign_in_id}", status_code=204, openapi_extra=needs(Permission.OWN_ACCOUNT)
)
async def end_sign_in(
    context: CurrentContext, caller: CurrentCaller, sign_in_id: OwnSignInId
) -> Response:
    await context.signing.sign_ins.end(caller, sign_in_id)
    return Response(status_code=204)
