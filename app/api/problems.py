"""Errors as problems (RFC 9457). What was sent is never shown again: it may be about a patient."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import orjson
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Match

from app.api.context import current
from app.api.needs import caller_of
from app.api.recording import unreadable
from app.api.schemas.annotations import KIND_TAGS
from app.api.schemas.readings import TAGS
from app.monitoring.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from fastapi import FastAPI
    from starlette.requests import Request

MEDIA_TYPE: Final = "application/problem+json"
RETRY_AFTER_S: Final = 1  # a full lane drains in well under a second
METHODS: Final = ("DELETE", "GET", "HEAD", "PATCH", "POST", "PUT")
MAX_ERRORS: Final = 50  # fields named in one problem; a body can be wrong in thousands of places
OF_VITALS: Final = (["values"], ["limits"], ["baseline"])  # whose fields are vital signs
CHOICES: Final = TAGS | KIND_TAGS
MAX_NAME: Final = 64  # characters of a field's name that are shown

_HTTP: Final[Mapping[int, tuple[str, str, str]]] = {
    400: ("bad_request", "The request is not valid", "The server could not read the request."),
    403: ("foreign_origin", "The request comes from another site", ""),
    404: ("not_found", "There is nothing here", "Check the address."),
    405: ("method_not_allowed", "This method is not allowed here", "See the Allow header."),
    408: (
        "too_slow",
        "The request came too slowly",
        "Nothing was stored. Send the same again; if that fails too, look at the network.",
    ),
    413: ("body_too_large", "The body is too large", "Nothing was stored. Send it in parts."),
    415: ("unsupported_media_type", "The body is not JSON", "Send application/json."),
    421: ("unknown_host", "The request is addressed to another host", ""),
    431: ("headers_too_large", "The headers are too large", "Nothing was stored. Send fewer."),
    500: (
        "internal_error",
        "Something went wrong in the server",
        "It was logged. Whether it was stored is not known: send the same again, with the same id.",
    ),
}

_SENTENCES: Final[Mapping[str, tuple[str, str]]] = {
    "missing": ("missing", "Must be given"),
    "extra_forbidden": ("unknown_field", "There is no such field"),
    "bool_type": ("not_a_boolean", "Must be true or false"),
    "int_type": ("not_an_integer", "Must be a whole number"),
    "int_from_float": ("not_an_integer", "Must be a whole number"),
    "list_type": ("not_a_list", "Must be a list"),
    "model_type": ("not_an_object", "Must be an object"),
    "model_attributes_type": ("not_an_object", "Must be an object"),
    "dict_type": ("not_an_object", "Must be an object"),
    "too_long": ("too_many", "Has too many items"),
}


class Malformed(Exception):
    """The body is not JSON."""


def problem(
    status: int,
    code: str,
    title: str,
    detail: str,
    errors: Sequence[Mapping[str, Any]] = (),
    **extra: Any,
) -> dict[str, Any]:
    return {
        **extra,
        "type": f"urn:infusion-monitor:problem:{code}",
        "title": title,
        "status": status,
        "code": code,
        "detail": detail,
        "errors": list(errors),
    }


def http_problem(status: int, detail: str | None = None) -> dict[str, Any]:
    code, title, usual = _HTTP.get(status, _HTTP[400 if status < 500 else 500])
    return problem(status, code, title, detail or usual)


def domain_problem(error: DomainError) -> dict[str, Any]:
    errors = [{"loc": list(e.loc), "code": e.code, "msg": e.msg} for e in error.errors]
    return problem(error.status, error.code, error.title, error.detail, errors, **error.extra)


def invalid_problem(errors: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The problem of fields that were refused, from pydantic's list of them."""
    return problem(
        422,
        "invalid_request",
        "The request is not valid",
        "Nothing was stored. Correct the fields listed and send again.",
        [_field(error) for _, error in zip(range(MAX_ERRORS), errors, strict=False)],
    )


def answer(content: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Response:
    status = content["status"]
    headers = dict(headers or {})
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    if "retry_after_s" in content:
        headers["Retry-After"] = str(content["retry_after_s"])
    elif status == 503:
        headers["Retry-After"] = str(RETRY_AFTER_S)
    return Response(orjson.dumps(content), status, headers, MEDIA_TYPE)


def _field(error: Mapping[str, Any]) -> dict[str, Any]:
    loc = [part[:MAX_NAME] if isinstance(part, str) else part for part in error["loc"]]
    kind = error["type"]
    code, msg = _SENTENCES.get(kind, (kind, error["msg"]))
    if kind == "extra_forbidden" and loc[:-1] in OF_VITALS:
        code, msg = "unknown_vital", "There is no such vital sign"
    elif kind in ("literal_error", "enum"):
        expected = error["ctx"]["expected"]
        code, msg = "not_allowed", "Must be " + ("true" if expected == "True" else expected)
    elif kind == "unknown_kind":  # none of the models of a body that is one of several
        loc.append("kind")
    elif kind in ("greater_than_equal", "less_than_equal"):
        code, msg = "out_of_range", error["msg"].replace("Input should", "Must")
    return {"loc": loc, "code": code, "msg": msg}


def _request_errors(errors: Iterable[Mapping[str, Any]]) -> Iterable[Mapping[str, Any]]:
    """Without the names of the parts of a request: a field is called as the sender calls it."""
    for error in errors:
        loc = tuple(error["loc"])[1:]
        yield {**error, "loc": loc[1:] if loc and loc[0] in CHOICES else loc}


async def _on_domain_error(_: Request, error: Exception) -> Response:
    assert isinstance(error, DomainError)
    return answer(domain_problem(error))


async def _on_invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    if request.url.path.endswith("/readings"):
        await unreadable(current(request), caller_of(request), [error.body])
    return answer(invalid_problem(_request_errors(error.errors())))


async def _on_malformed(_: Request, error: Exception) -> Response:
    detail = "Nothing was stored. The body cannot be read as JSON."
    return answer(problem(400, "malformed_json", "The body is not JSON", detail))


async def _on_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    headers = dict(error.headers or {})
    if error.status_code == 405:
        headers["Allow"] = ", ".join(sorted(_methods(request)))
    return answer(http_problem(error.status_code), headers)


def _methods(request: Request) -> set[str]:
    """All methods of this address: several routes may share it."""
    scopes = [{**request.scope, "method": method} for method in METHODS]
    return {
        scope["method"]
        for scope in scopes
        for route in request.app.routes
        if route.matches(scope)[0] is Match.FULL
    }


def install(app: FastAPI) -> None:
    app.add_exception_handler(DomainError, _on_domain_error)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(Malformed, _on_malformed)
    app.add_exception_handler(HTTPException, _on_http)
