"""The cookie of a sign-in: kept from scripts and from other sites, on TLS also from plain http."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.api.needs import COOKIE, COOKIE_ON_TLS, SECURE

if TYPE_CHECKING:
    from starlette.requests import HTTPConnection
    from starlette.responses import Response

    from app.access.sign_ins import Begun

LONGEST_S: Final = 400 * 24 * 3_600  # what browsers keep at most; the server decides when it ends


def set_cookie(response: Response, connection: HTTPConnection, begun: Begun) -> Response:
    """A station's and a wall screen's outlive the browser, anybody else's end with it."""
    tls = connection.scope["scheme"] in SECURE
    response.set_cookie(
        COOKIE_ON_TLS if tls else COOKIE,
        begun.secret,
        max_age=LONGEST_S if begun.standing else None,
        path="/",
        secure=tls,
        httponly=True,
        samesite="strict",
    )
    return response


def clear_cookie(response: Response, connection: HTTPConnection) -> Response:
    tls = connection.scope["scheme"] in SECURE
    name = COOKIE_ON_TLS if tls else COOKIE
    response.delete_cookie(name, path="/", secure=tls, httponly=True, samesite="strict")
    return response
