"""Who saw what: a good answer of a route that says so leaves an entry in the access log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from app.access.log import entry_of
from app.api.answers import answer
from app.api.context import current
from app.api.needs import caller_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request
    from starlette.responses import Response

    from app.models.access_log import Kind

FOUND: Final = "found"


def found(request: Request, page: Mapping[str, Any]) -> Response:
    """A page of a list that was searched; the entry says how many were found, not what for."""
    request.scope[FOUND] = {"found": len(page["items"])}
    return answer(page)


def note_seen(request: Request, kind: Kind, response: Response) -> None:
    """Cheap: it is written with others within a second."""
    if response.status_code >= 400:
        return
    places = request.path_params
    entry = entry_of(
        caller_of(request),
        kind,
        session_id=places.get("session_id"),
        patient_id=places.get("patient_id"),
        **request.scope.get(FOUND, {}),
    )
    current(request).access_log.note(entry)
