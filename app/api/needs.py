"""What each operation needs: named with the route, written into the OpenAPI document, and asked
before anything of the request is read.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from pydantic_core import PydanticCustomError

from app.access.access import Given
from app.access.roles import Permission
from app.access.standing import name_of, refusal, whose
from app.api.context import current
from app.api.schemas.kinds import check_uuid
from app.errors import NotAllowed, NotBound, NotSignedIn, SimulatedMismatch
from app.models.access_log import Entry

if TYPE_CHECKING:
    from starlette.requests import HTTPConnection

    from app.access.caller import Caller
    from app.models.access_log import Kind
    from app.monitoring.commands import Actor
    from app.monitoring.errors import DomainError

NEEDS: Final = "x-needs"
LOGGED: Final = "x-access-logged"
COOKIE: Final = "infusion_sign_in"
COOKIE_ON_TLS: Final = f"__Host-{COOKIE}"
GRANT: Final = "infusion-grant"
REFUSED: Final = "refused"
ASKED_BY: Final = "asked_by"
BEARER: Final = b"bearer "
SECURE: Final = frozenset({"https", "wss"})
_AUTHORIZATION: Final = b"authorization"
_COOKIE: Final = b"cookie"
_GRANT: Final = GRANT.encode()


def needs(permission: Permission, *, logged: Kind | None = None) -> dict[str, Any]:
    """For a route's `openapi_extra`; `logged` is the kind of entry that a good answer leaves in the
    access log.
    """
    extra: dict[str, Any] = {NEEDS: permission.value}
    if logged is not None:
        extra[LOGGED] = logged
    if permission is not Permission.PUBLIC:
        extra["security"] = [{"sign_in": []}, {"token": []}]
    return extra


def needed(extra: dict[str, Any] | None) -> Permission:
    """Raises TypeError: a route that names no permission is a mistake in the code."""
    if extra is None or NEEDS not in extra:
        raise TypeError("a route of the API names the permission that it needs")
    return Permission(extra[NEEDS])


def given(connection: HTTPConnection) -> Given:
    """Credentials as they came; nothing of them is believed yet. It runs for each reading, so that
    the headers are gone through once.
    """
    scope = connection.scope
    bearer = cookie = grant = None
    cookies = authorized = False
    for name, value in scope["headers"]:
        if name == _AUTHORIZATION and not authorized:
            authorized = True
            if value[: len(BEARER)].lower() == BEARER:
                bearer = value[len(BEARER) :].decode("latin-1")
        elif name == _COOKIE:
            cookies = True
        elif name == _GRANT and grant is None:
            grant = value.decode("latin-1")
    if cookies and not bearer:
        cookie = connection.cookies.get(COOKIE_ON_TLS if scope["scheme"] in SECURE else COOKIE)
    if scope["type"] != "http":
        grant = None  # a socket outlives it
    return Given(bearer, cookie, grant, scope.get("method", "GET"), scope["path"])


async def admit(connection: HTTPConnection, permission: Permission) -> Caller | None:
    """Who asks, kept in the scope as `caller`; None where anybody may. Who may not is counted and
    noted.

    Raises NotSignedIn, TooManyAttempts, NotAllowed, Locked, PasswordChangeNeeded, NotBound,
    SimulatedMismatch.
    """
    scope = connection.scope
    if permission is Permission.PUBLIC:
        scope["caller"] = None
        return None
    try:
        if (refused := scope.pop(REFUSED, None)) is not None:
            raise refused
        return await look(connection, permission)
    except NotSignedIn:
        presented = given(connection)
        _note_ended(connection, presented, permission)
        current(connection).rates.failed(scope, presented.bearer or presented.cookie)
        raise
    except (NotAllowed, NotBound, SimulatedMismatch) as refused:
        _note_refused(connection, scope[ASKED_BY], permission, refused)
        raise


async def look(connection: HTTPConnection, permission: Permission) -> Caller:
    """As `admit` of a permission that is not everybody's, but nothing is counted or noted. What it
    raises may be left in the scope as `REFUSED` for whoever admits after all.
    """
    context, scope = current(connection), connection.scope
    presented = given(connection)
    context.rates.check(presented.bearer or presented.cookie)
    caller = scope[ASKED_BY] = await context.access.caller(presented)
    if (refused := refusal(caller, permission)) is not None:
        raise refused
    session_id = _id(connection.path_params.get("session_id"))  # spelt as the route will read it
    if session_id is not None:
        await context.access.confine(caller, session_id)
    scope["caller"] = caller
    return caller


def _note_refused(
    connection: HTTPConnection, caller: Caller, permission: Permission, refused: DomainError
) -> None:
    """Somebody known asked for what is not theirs; one who must unlock first did not."""
    _note(connection, caller.actor, caller.credential, permission, refused)


def _note_ended(connection: HTTPConnection, presented: Given, permission: Permission) -> None:
    """With a credential that held once: of somebody who left, or a device that was taken away."""
    record = current(connection).access.kept(presented)
    if record is not None:
        _note(connection, whose(record), name_of(record), permission, NotSignedIn())


def _note(
    connection: HTTPConnection,
    actor: Actor,
    credential: str,
    permission: Permission,
    refused: DomainError,
) -> None:
    route = getattr(connection.scope.get("route"), "path", None)
    method = connection.scope.get("method", "GET")
    asked = connection.path_params
    data = {
        "operation": f"{method} {route}" if route else permission.value,
        "status": refused.status,
        "code": refused.code,
    }
    session_id, patient_id = _id(asked.get("session_id")), _id(asked.get("patient_id"))
    entry = Entry("refused", actor, credential, session_id, patient_id, data)
    current(connection).access_log.note(entry)


def _id(asked: str | None) -> str | None:
    """An id as it came in an address, if it is one."""
    with suppress(PydanticCustomError):
        return None if asked is None else check_uuid(asked)
    return None


def close_code(refused: DomainError) -> int:
    """What a socket is closed with that may not be there; 1012 sends it back in a moment."""
    return {401: 4401, 403: 4403}.get(refused.status, 1012)


def caller_of(connection: HTTPConnection) -> Caller:
    """Who was admitted; raises NotSignedIn on an operation that anybody may ask for."""
    caller: Caller | None = connection.scope.get("caller")
    if caller is None:
        raise NotSignedIn("Nothing was done. Sign in, or send a token.")
    return caller
