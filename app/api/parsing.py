"""Reading a body: JSON and nothing else; no NaN, no endless nesting, no half surrogates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.requests import Request

from app.api.problems import Malformed

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from starlette.responses import Response


class _JsonRequest(Request):
    """A request whose body was read and is JSON."""

    content: Any

    async def json(self) -> Any:
        return self.content


async def _read(request: Request) -> _JsonRequest:
    """Raises Malformed: NaN, numbers beyond a double, more than 1,024 levels are no JSON here."""
    strict = _JsonRequest(request.scope, request.receive)
    try:
        strict.content = orjson.loads(await strict.body())
    except orjson.JSONDecodeError:
        raise Malformed from None
    return strict


class JsonRoute(APIRoute):
    """A route whose body, if it has one, must be declared and written as JSON."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()
        if self.body_field is None:
            return handle

        async def handle_json(request: Request) -> Response:
            if not _is_json(request.headers.get("content-type", "")):
                raise HTTPException(415)
            return await handle(await _read(request))

        return handle_json


def _is_json(content_type: str) -> bool:
    kind = content_type.partition(";")[0].strip().lower()
    return kind == "application/json" or (
        kind.startswith("application/") and kind.endswith("+json")
    )
