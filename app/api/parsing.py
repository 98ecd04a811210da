"""Routes that ask who it is before they read a body; and bodies: JSON and nothing else, no NaN, no
endless nesting, no half surrogates.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

import orjson
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.requests import Request

from app.api.needs import LOGGED, admit, needed
from app.api.problems import Malformed
from app.api.seen import note_seen

if TYPE_CHECKING:
    from starlette.responses import Response

    from app.models.access_log import Kind


class _JsonRequest(Request):
    """A request whose body is read before FastAPI asks for it."""

    content: Any

    async def json(self) -> Any:
        return self.content

    async def parse(self) -> None:
        """Raises Malformed: NaN, numbers beyond a double, more than 1,024 levels are no
        JSON here.
        """
        try:
            self.content = orjson.loads(await self.body())
        except orjson.JSONDecodeError:
            raise Malformed from None


Handler = Callable[[Request], Coroutine[Any, Any, "Response"]]


class JsonRoute(APIRoute):
    """A route that names the permission it needs, which is asked first of all. Its body, if it has
    one, must be declared and written as JSON; one that may be left out may be empty.
    """

    def get_route_handler(self) -> Handler:
        permission = needed(self.openapi_extra)
        logged: Kind | None = (self.openapi_extra or {}).get(LOGGED)
        handle = self._reading_json()

        async def handle_admitted(request: Request) -> Response:
            await admit(request, permission)
            response = await handle(request)
            if logged is not None:
                note_seen(request, logged, response)
            return response

        return handle_admitted

    def _reading_json(self) -> Handler:
        handle = super().get_route_handler()
        if self.body_field is None:
            return handle
        needed = self.body_field.field_info.is_required()

        async def handle_json(request: Request) -> Response:
            strict = _JsonRequest(request.scope, request.receive)
            if needed or await strict.body():
                if not is_json(strict.headers.get("content-type", "")):
                    raise HTTPException(415)
                await strict.parse()
            return await handle(strict)

        return handle_json


def is_json(content_type: str) -> bool:
    kind = content_type.partition(";")[0].strip().lower()
    return kind == "application/json" or (
        kind.startswith("application/") and kind.endswith("+json")
    )
